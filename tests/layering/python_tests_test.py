# SPDX-License-Identifier: Apache-2.0
"""The tests of Python's ssl module and ours: every test that is named is there.

tests/python_tests.tsv has a line for each test of CPython 3.13's test_ssl that concerns
certificates, pre-shared keys, verification, host names, chains, sessions, SNI, MemoryBIO,
post-handshake authentication or closing: its name, and the tests of ours that mirror it, or
behind "-: " why none does. tests/parity/connection_divergences.json says where a connection
differs from Python's on purpose, and names the test that shows it."""

import csv
import json
import unittest

from support.named_tests import SOURCE, missing


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
        self.assertEqual(missing("src/ssl/net/idna_test.cpp: Idna.IsNotThere"), {"Idna.IsNotThere"})


if __name__ == "__main__":
    unittest.main()
