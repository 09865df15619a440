# SPDX-License-Identifier: Apache-2.0
"""The certificates of make_hard_cases.py beside the decoder of the Python that runs this test."""

import unittest

from parity import make_hard_cases
from support import divergences, oracle


class HardCases(unittest.TestCase):
    def test_python_says_the_same(self):
        cases = make_hard_cases.cases()
        pythons = oracle.python_answers(cases.values())
        refused = sum(isinstance(answer, oracle.Refusal) for answer in pythons)
        print(f"{len(cases)}: {len(cases) - refused} decoded, {refused} refused")
        ours = oracle.peercert_answers(cases.values())
        divergences.check(self, list(
            zip(cases, cases.values(), pythons, ours, strict=True)))


if __name__ == "__main__":
    unittest.main()
