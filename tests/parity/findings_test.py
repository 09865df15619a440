# SPDX-License-Identifier: Apache-2.0
"""`--findings` and `--strict` over the synthetic certificates, beside a reader of DER in Python."""

import base64
import gzip
import json
import pathlib
import unittest

from support import der, x690
from support.clients import peercert

CORPUS = pathlib.Path(__file__).with_name("synthetic.jsonl.gz")
# What X.690 has against octets, whatever they are meant to be; a list under [n] IMPLICIT is to be
# in the constructed form, which only the grammar tells.
ENCODING = {
    "non_minimal_length", "indefinite_length", "non_minimal_tag", "reserved_tag",
    "malformed_content", "bad_boolean", "bad_integer", "bad_bit_string", "unused_bits_set",
    "bad_null", "bad_oid", "set_not_sorted", "time_not_der"}


def decode(certificates, *options):
    """The records, one for each certificate."""
    pem = "".join(der.to_pem(one) for one in certificates)
    run = peercert("decode", "--format", "json", *options, stdin=pem.encode())
    records = [json.loads(line) for line in run.text.splitlines()]
    assert len(records) == len(certificates)
    return records


class Findings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        rows = [json.loads(line) for line in gzip.open(CORPUS, "rt")]
        octets = {row["id"]: base64.b64decode(row["der"]) for row in rows if row["der"]}
        plain = zip(octets.items(), decode(octets.values()), strict=True)
        cls.accepted = {name: one for (name, one), record in plain if "error" not in record}
        cls.found = cls.by_name("--findings")
        cls.strict = cls.by_name("--strict")

    @classmethod
    def by_name(cls, option):
        return dict(zip(cls.accepted, decode(cls.accepted.values(), option), strict=True))

    def test_offsets_lie_in_the_certificate_and_ascend(self):
        self.assertGreater(len(self.accepted), 300)
        for name, octets in self.accepted.items():
            offsets = [one["offset"] for one in self.found[name]["findings"]]
            with self.subTest(name):
                self.assertEqual(offsets, sorted(offsets))
                self.assertTrue(all(0 <= offset < len(octets) for offset in offsets))
                self.assertTrue(all(one["field"] for one in self.found[name]["findings"]))

    def test_strict_refuses_what_is_not_der(self):
        not_der = [name for name, octets in self.accepted.items() if not x690.is_der(octets)]
        self.assertGreater(len(not_der), 50)
        for name in not_der:
            with self.subTest(name):
                self.assertIn("error", self.strict[name])

    def test_nothing_is_said_against_the_encoding_of_der(self):
        for name, octets in self.accepted.items():
            codes = {one["code"] for one in self.found[name]["findings"]}
            if x690.is_der(octets):
                with self.subTest(name):
                    self.assertFalse(codes & ENCODING)

    def test_strict_refuses_errors_and_nothing_else(self):
        for name in self.accepted:
            severities = {one["severity"] for one in self.found[name]["findings"]}
            with self.subTest(name):
                self.assertEqual("error" in severities, "error" in self.strict[name])


if __name__ == "__main__":
    unittest.main()
