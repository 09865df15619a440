# SPDX-License-Identifier: Apache-2.0
"""The tests of Python's ssl module and ours: every test that is named is there.

tests/python_tests.tsv has a line for each test of CPython 3.13's test_ssl that concerns
certificates, pre-shared keys, verification, host names, chains, sessions, SNI, MemoryBIO,
post-handshake authentication or closing: its name, and the tests of ours that mirror it, or
behind "-: " why none does. tests/parity/connection_divergences.json says where a connection
differs from Python's on purpose, and names the test that shows it."""

import csv
import json
import os
import pathlib
import re
import unittest

SOURCE = pathlib.Path(os.environ["PEERCERT_SOURCE"])


def tests_of(path):
    """The names of the tests in a file: Suite.Name for gtest, the function for unittest."""
    text = (SOURCE / path).read_text()
    if path.endswith(".py"):
        return set(re.findall(r"^    def (test_\w+)\(self\)", text, re.MULTILINE))
    return {f"{suite}.{name}" for suite, name in
            re.findall(r"^TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\)", text, re.MULTILINE)}


def missing(named):
    """Those of "file: test, test" that are not there."""
    path, _, names = named.partition(": ")
    return set(names.split(", ")) - tests_of(path)


class PythonTestsTest(unittest.TestCase):
    def setUp(self):
        with open(SOURCE / "tests/python_tests.tsv", newline="") as file:
            self.rows = list(csv.DictReader(file, delimiter="\t"))
        ledger = SOURCE / "tests/parity/connection_divergences.json"
        self.divergences = json.loads(ledger.read_text())

    def test_every_test_of_ours_is_there(self):
        self.assertGreater(len(self.rows), 90)
        for row in self.rows:
            with self.subTest(row["python"]):
                if row["ours"].startswith("-: "):
                    self.assertGreater(len(row["ours"]), 10, "a reason")
                else:
                    self.assertEqual(missing(row["ours"]), set())

    def test_no_test_of_pythons_is_there_twice(self):
        names = [row["python"] for row in self.rows]
        self.assertEqual(len(names), len(set(names)))

    def test_every_divergence_is_shown(self):
        for entry in self.divergences:
            with self.subTest(entry["id"]):
                self.assertEqual(set(entry), {"id", "python", "peercert", "reason", "test"})
                self.assertEqual(missing(entry["test"]), set())

    def test_a_missing_test_is_seen(self):
        self.assertEqual(missing("src/ssl/idna_test.cpp: Idna.IsNotThere"), {"Idna.IsNotThere"})


if __name__ == "__main__":
    unittest.main()
