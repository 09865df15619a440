# SPDX-License-Identifier: Apache-2.0
"""Each promise of SECURITY.md names the tests that hold it, and they are there."""

import re
import unittest

from support.named_tests import SOURCE, missing

PAGE = SOURCE / "SECURITY.md"
NAMED = re.compile(r"`((?:src|tests|fuzz|tools)/\S+: [^`]+|fuzz/\w+\.cpp)`")


def promises(text):
    """The rows of the tables with a column "held by": the promise, and what it names there."""
    rows = []
    for table in re.findall(r"^\|.*\| held by \|\n\|[-| ]+\|\n((?:\|.*\|\n)+)", text, re.MULTILINE):
        for line in table.splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            rows.append((cells[0], NAMED.findall(cells[-1])))
    return rows


class SecurityTest(unittest.TestCase):
    def test_each_promise_names_tests_that_are_there(self):
        rows = promises(PAGE.read_text())
        self.assertGreater(len(rows), 20)
        for promise, named in rows:
            with self.subTest(promise):
                self.assertTrue(named, "it names no test")
                for name in named:
                    self.assertNotIn(": test_*", name, "any test would do")
                    if ": " in name:
                        self.assertEqual(missing(name), set())
                    else:
                        self.assertTrue((SOURCE / name).exists(), name)

    def test_a_promise_without_a_test_is_seen(self):
        page = ("| promise | held by |\n| --- | --- |\n| a | nothing |\n"
                "| b | `src/ssl/net/idna_test.cpp: Idna.*` `fuzz/ber_fuzz.cpp` |\n")
        self.assertEqual(promises(page), [
            ("a", []), ("b", ["src/ssl/net/idna_test.cpp: Idna.*", "fuzz/ber_fuzz.cpp"])])


if __name__ == "__main__":
    unittest.main()
