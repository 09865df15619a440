# SPDX-License-Identifier: Apache-2.0
"""Every fault of tests/mutants still fits the source, and the tests that are to find it exist."""

import fnmatch
import os
import pathlib
import re
import unittest

from support import faults

SOURCE = pathlib.Path(os.environ["PEERCERT_SOURCE"])
GTEST = re.compile(r"^(?:TEST|TEST_F|TEST_P|TYPED_TEST)\(\s*(\w+),\s*(\w+)\)", re.MULTILINE)


def gtests():
    """Suite.Name of every test in C++."""
    files = [file for folder in ("src", "tests", "tools")
             for file in (SOURCE / folder).rglob("*_test.cpp")]
    return {f"{suite}.{name}" for file in files for suite, name in GTEST.findall(file.read_text())}


def fault(**changed):
    table = {"number": 7, "name": "area.1", "file": "a.cpp", "old": "a < b", "new": "a <= b",
             "kind": "expression", "meaning": "m", "tests": ("t",)}
    return faults.Fault(**(table | changed))


class MutantsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.faults = faults.load(SOURCE / "tests" / "mutants")

    def test_each_fits_its_file(self):
        self.assertTrue(self.faults)
        for name, here in faults.by_file(self.faults).items():
            text = (SOURCE / name).read_text()
            for each in here:
                with self.subTest(each.name):
                    each.place(text)
            with self.subTest(name):
                self.assertNotEqual(faults.put_in(text, here), text)

    def test_each_names_tests_that_are_there(self):
        known = gtests()
        for each in self.faults:
            for command in each.tests:
                with self.subTest(each.name, command=command):
                    self.assertTrue(self.names_tests(command, known))

    @staticmethod
    def names_tests(command, known):
        program, *arguments = command.split()
        if program == "python3":
            path, *names = arguments
            text = (SOURCE / path).read_text()
            return all(re.search(rf"\b(class|def) {part}\b", text)
                       for name in names for part in name.split("."))
        filters = [each.removeprefix("--gtest_filter=").split("-")[0].split(":")
                   for each in arguments if each.startswith("--gtest_filter=")]
        # Of "Versions/Suite.Name/0" the middle is in the source; * may stand for all of it.
        return all(any(fnmatch.fnmatch(name, f"*{part.split('/', 1)[-1].rsplit('/', 1)[0]}*"
                                       if "/" in part else part) for name in known)
                   for parts in filters for part in parts)

    def test_an_expression_becomes_a_choice(self):
        self.assertEqual(faults.put_in("if (a < b) c();", [fault()]),
                         "if ((::peercert::mutant(7) ? (a <= b) : (a < b))) c();")

    def test_a_statement_becomes_a_choice(self):
        changed = fault(kind="statement", before="if (x) ", old="c();", new="")
        self.assertEqual(faults.put_in("c(); if (x) c();", [changed]),
                         "c(); if (x) { if (::peercert::mutant(7)) {  } else { c(); } }")

    def test_two_faults_of_one_place_are_a_choice_of_three(self):
        self.assertEqual(
            faults.put_in("(a < b)", [fault(), fault(number=8, new="a > b")]),
            "((::peercert::mutant(7) ? (a <= b) : ::peercert::mutant(8) ? (a > b) : (a < b)))")

    def test_what_does_not_fit_is_refused(self):
        for text, wrong in [("a > b", [fault()]), ("a < b, a < b", [fault()]),
                            ("a < b;", [fault(), fault(old="a <")]),
                            ("a < b;", [fault(), fault(kind="statement")])]:
            with self.subTest(text), self.assertRaises(faults.FaultError):
                faults.put_in(text, wrong)


if __name__ == "__main__":
    unittest.main()
