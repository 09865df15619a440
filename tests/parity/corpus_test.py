# SPDX-License-Identifier: Apache-2.0
"""Certificates of many projects with CPython's recorded answers. The corpus is no part of the
source tree: it is used where shared/parity/corpus.jsonl.gz stands beside it."""

import base64
import collections
import gzip
import itertools
import json
import unittest

from support import clients, oracle

CORPUS = clients.SOURCE.resolve().parent / "shared" / "parity" / "corpus.jsonl.gz"
BATCH = 500


def batches(rows):
    rows = iter(rows)
    while batch := list(itertools.islice(rows, BATCH)):
        yield batch


def differences(rows):
    """(id, Python's answer, ours) of each row that differs; None stands for a refusal."""
    for batch in batches(rows):
        ours = oracle.peercert_reprs(base64.b64decode(row["der"]) for row in batch)
        for row, line in zip(batch, ours):
            expected = row["repr"] if row["ok"] else None
            if line != expected:
                yield row["id"], expected, line


class Corpus(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not CORPUS.exists():
            raise unittest.SkipTest(f"no corpus at {CORPUS}")
        cls.sources = collections.defaultdict(list)
        with gzip.open(CORPUS, "rt") as lines:
            for row in map(json.loads, lines):
                cls.sources[row["id"].split("/")[0]].append(row)

    def test_every_answer_is_right_to_the_byte(self):
        for source, rows in sorted(self.sources.items()):
            with self.subTest(source=source):
                different = list(differences(rows))
                print(f"{source}: {len(rows)}, {len(different)} differ")
                self.assertEqual(different[:3], [], f"{len(different)} differ")


if __name__ == "__main__":
    unittest.main()
