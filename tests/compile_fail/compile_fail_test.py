# SPDX-License-Identifier: Apache-2.0
"""Mistakes that have to be compile errors. Each file is compiled as it is, which works, and with
-DMISTAKE, or -DMISTAKE=N for each N that it has, which fails with the words after `// error:`."""

import os
import pathlib
import re
import subprocess
import unittest

SOURCE = pathlib.Path(os.environ["PEERCERT_SOURCE"])
FILES = sorted((SOURCE / "tests/compile_fail").glob("*.cpp"))


def compile_errors(file, *options):
    command = [os.environ["CXX"], "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror",
               "-I", SOURCE / "include", *options, file]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return done.stderr if done.returncode else ""


class CompileFailTest(unittest.TestCase):
    def test_there_are_files(self):
        self.assertTrue(FILES)

    def test_the_good_branch_compiles(self):
        for file in FILES:
            with self.subTest(file.name):
                self.assertEqual(compile_errors(file), "")

    def test_the_mistake_is_refused_for_the_right_reason(self):
        for file in FILES:
            text = file.read_text()
            expected = re.search(r"^// error: (.*)$", text, re.MULTILINE)[1]
            for number in re.findall(r"MISTAKE == (\d+)$", text, re.MULTILINE) or ["1"]:
                with self.subTest(file.name, number=number):
                    errors = re.findall(r"error: .*", compile_errors(file, f"-DMISTAKE={number}"))
                    self.assertEqual(len(errors), 1, errors)
                    self.assertRegex(errors[0], expected)


if __name__ == "__main__":
    unittest.main()
