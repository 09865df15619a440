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
# Of these every answer is right to the byte; of the others the differences are counted.
EXACT = ("local-cpython-test", "zmap+zlint", "x509-limbo-generated")
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

    def test_exact_sources(self):
        for source in EXACT:
            with self.subTest(source=source):
                self.assertTrue(self.sources[source])
                different = list(differences(self.sources[source]))
                print(f"{source}: {len(self.sources[source])}, {len(different)} differ")
                self.assertEqual(different[:3], [], f"{len(different)} differ")

    def test_other_sources_are_decoded_or_refused(self):
        for source in sorted(set(self.sources) - set(EXACT)):
            with self.subTest(source=source):
                different = list(differences(self.sources[source]))
                print(f"{source}: {len(self.sources[source])}, {len(different)} differ",
                      *(name for name, *_ in different[:5]))


if __name__ == "__main__":
    unittest.main()
