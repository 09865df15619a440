# SPDX-License-Identifier: Apache-2.0
"""Certificates with recorded answers of CPython 3.13 on OpenSSL 3.0.22.

synthetic.jsonl.gz holds a thousand edge cases of our own. A larger corpus, of certificates from
many projects, is no part of the source tree: it is used where shared/parity/corpus.jsonl.gz stands
beside it."""

import base64
import collections
import gzip
import json
import pathlib
import unittest

from support import clients, divergences, oracle

SYNTHETIC = pathlib.Path(__file__).with_name("synthetic.jsonl.gz")
CORPUS = clients.SOURCE.resolve().parent / "shared" / "parity" / "corpus.jsonl.gz"


def read_sources(file):
    """The file's rows by the folder of their names."""
    sources = collections.defaultdict(list)
    with gzip.open(file, "rt") as lines:
        for row in map(json.loads, lines):
            sources[row["id"].split("/")[0]].append(row)
    return sources


def recorded_answer(row):
    if row["ok"]:
        return row["repr"]
    return oracle.refusal(row["error_type"].removeprefix("ssl."), row["error"])


def compare(test, rows):
    certificates = [base64.b64decode(row["der"]) for row in rows]
    names = [row["id"] for row in rows]
    recorded = map(recorded_answer, rows)
    ours = oracle.peercert_answers(certificates)
    divergences.check(test, list(zip(names, certificates, recorded, ours, strict=True)))


class Recorded(unittest.TestCase):
    def test_synthetic_certificates(self):
        rows = read_sources(SYNTHETIC)["synthetic"]
        self.assertEqual(len(rows), 1000)
        compare(self, rows)

    def test_certificates_of_many_projects(self):
        if not CORPUS.exists():
            self.skipTest(f"no corpus at {CORPUS}")
        for source, rows in sorted(read_sources(CORPUS).items()):
            if source != "synthetic":  # these are in the tree
                print(f"{source}: {len(rows)}")
                compare(self, rows)


if __name__ == "__main__":
    unittest.main()
