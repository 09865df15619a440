#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Mutated synthetic certificates beside the decoder of the Python that runs this: the same line, or
refused for the same reason. As a program it takes as many as one has time for:

    PEERCERT=build/release/peercert PYTHONPATH=tests tests/parity/mutation_test.py --count 100000

Mutation NUMBER of a seed is always the same; --first NUMBER --count 1 shows it again.
--rows FILE takes certificates from another .jsonl.gz with base64 under "der".
"""

import argparse
import base64
import collections
import gzip
import json
import multiprocessing
import pathlib
import unittest

from support import clients, divergences, mutation, oracle, tlv

SYNTHETIC = clients.SOURCE / "tests" / "parity" / "synthetic.jsonl.gz"
MAX_SIZE = 8192  # the few larger ones cost more than they show
BATCH = 2000
SEED = 280
COUNT = 2000


def read_certificates(rows=SYNTHETIC) -> list[bytes]:
    with gzip.open(rows, "rt") as lines:
        return [base64.b64decode(json.loads(line)["der"]) for line in lines]


class Mutations:
    """The mutated certificates of a seed, by number."""

    def __init__(self, seed, certificates):
        self.seed = seed
        self.originals = [each for each in certificates if len(each) <= MAX_SIZE]

    def __getitem__(self, number) -> bytes:
        mutator = mutation.Mutator(f"{self.seed}/{number}")
        return mutator.mutate(mutator.dice.choice(self.originals))


def _kind(message: str) -> str:
    kind, sentence = message.split(": ", 1)
    return kind if kind == "UnicodeDecodeError" else sentence


class Comparison:
    """Counts how the answers agree, and keeps the differences that the ledger does not explain."""

    def __init__(self):
        self.counts = collections.Counter()
        self.unexplained = []
        self._ledger = divergences.load()

    def compare(self, mutations, numbers):
        with multiprocessing.Pool() as pool:
            certificates = pool.map(mutations.__getitem__, numbers, chunksize=100)
        pythons = oracle.python_answers(certificates)
        ours = oracle.peercert_answers(certificates)
        for row in zip(numbers, certificates, pythons, ours, strict=True):
            self.counts[self._verdict(*row)] += 1

    def _verdict(self, number, certificate, python, ours) -> str:
        if oracle.agree(python, ours):
            return "decoded" if isinstance(python, str) else _kind(python.message)
        entry = divergences.explanation(certificate, python, ours, self._ledger)
        if entry:
            return f"divergence {entry.id}"
        self.unexplained.append((number, certificate, python, ours))
        return "different"


class MutationTest(unittest.TestCase):
    def test_trees_encode_to_what_was_parsed(self):
        for certificate in read_certificates():
            self.assertEqual(tlv.encode(tlv.parse(certificate)), certificate)

    def test_python_says_the_same(self):
        comparison = Comparison()
        comparison.compare(Mutations(SEED, read_certificates()), range(COUNT))
        print(dict(comparison.counts))
        for number, certificate, python, ours in comparison.unexplained:
            with self.subTest(number=number, der=certificate.hex()):
                self.assertEqual(ours, python)
        # A sample that is nearly all of one kind would show nothing of the other.
        self.assertGreater(comparison.counts["decoded"], COUNT / 5)
        self.assertGreater(comparison.counts["Error decoding PEM-encoded file"], COUNT / 5)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--first", type=int, default=0, metavar="NUMBER")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--rows", type=pathlib.Path, default=SYNTHETIC, metavar="FILE")
    arguments = parser.parse_args()

    comparison = Comparison()
    mutations = Mutations(arguments.seed, read_certificates(arguments.rows))
    numbers = range(arguments.first, arguments.first + arguments.count)
    for start in range(0, len(numbers), BATCH):
        comparison.compare(mutations, numbers[start:start + BATCH])
    for number, certificate, python, ours in comparison.unexplained:
        print(f"{number}: {certificate.hex()}\n  Python:   {python}\n  peercert: {ours}")
    for verdict, count in comparison.counts.most_common():
        print(f"{count:8} {verdict}")
    raise SystemExit(bool(comparison.unexplained))


if __name__ == "__main__":
    main()
