# SPDX-License-Identifier: Apache-2.0
"""Sizes that keep a file readable. Functions are measured by clang-tidy."""

import os
import pathlib
import subprocess
import unittest

SOURCE = pathlib.Path(os.environ["PEERCERT_SOURCE"])
CODE = {".cpp", ".hpp", ".py", ".cmake", ".sh", ""}
LINES = {"include": 250, "examples": 39}  # at most; others 500
SPDX = "SPDX-License-Identifier: Apache-2.0"


def tracked_files():
    """What git lists, so that nobody's editor backups count; without git, what is there."""
    command = ["git", "-C", SOURCE, "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if listed.returncode == 0:
        return [SOURCE / name for name in listed.stdout.splitlines() if (SOURCE / name).is_file()]
    folders = ("include", "src", "tools", "examples", "fuzz", "tests", "scripts", "cmake", ".ci")
    return [file for folder in folders for file in (SOURCE / folder).rglob("*") if file.is_file()]


def is_code(file):
    folder = file.relative_to(SOURCE).parts[0]
    if file.suffix == "":
        return folder in ("scripts", ".ci")
    return file.suffix in CODE


def budget(file):
    return LINES.get(file.relative_to(SOURCE).parts[0], 500)


class BudgetsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = [file for file in tracked_files() if is_code(file)]

    def test_files(self):
        self.assertGreater(len(self.files), 50)
        for file in self.files:
            lines = file.read_text().split("\n")
            with self.subTest(file.relative_to(SOURCE)):
                self.assertLessEqual(len(lines), budget(file) + 1, "too many lines")
                long_lines = [n for n, line in enumerate(lines, 1) if len(line) > 100]
                self.assertEqual(long_lines, [], "lines over 100 columns")

    def test_licence(self):
        for file in self.files:
            if file.suffix in (".cpp", ".hpp", ".py", ""):
                with self.subTest(file.relative_to(SOURCE)):
                    self.assertIn(SPDX, "\n".join(file.read_text().split("\n")[:2]))

    def test_headers_are_included_once(self):
        for file in self.files:
            if file.suffix == ".hpp":
                with self.subTest(file.relative_to(SOURCE)):
                    self.assertIn("\n#pragma once\n", file.read_text())


if __name__ == "__main__":
    unittest.main()
