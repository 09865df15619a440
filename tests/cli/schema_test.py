# SPDX-License-Identifier: Apache-2.0
"""docs/schemas: what the program prints fits them, and what it would not print does not."""

import base64
import copy
import gzip
import json
import socket
import unittest

import jsonschema

from support import der, pki
from support.clients import SOURCE, peercert
from support.servers import PythonServer, RawServer, target

SCHEMAS = SOURCE / "docs" / "schemas"
SYNTHETIC = SOURCE / "tests" / "parity" / "synthetic.jsonl.gz"


def validator(name):
    path = SCHEMAS / name
    schema = json.loads(path.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    resolver = jsonschema.RefResolver(base_uri=path.resolve().as_uri(), referrer=schema)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


DECODE, GET = validator("peercert.decode-1.json"), validator("peercert.get-1.json")


def records(run):
    return [json.loads(line) for line in run.text.splitlines()]


class SchemaTest(unittest.TestCase):
    def assert_fits(self, schema, record):
        errors = [f"{error.json_path}: {error.message}" for error in schema.iter_errors(record)]
        self.assertEqual(errors, [], record)

    def assert_refused(self, schema, record, changes):
        """The record is fine, and is not once a member has another value, or None: is away."""
        self.assert_fits(schema, record)
        changed = copy.deepcopy(record)
        for path, value in changes.items():
            *outer, last = path.split("__")
            place = changed
            for name in outer:
                place = place[name]
            if value is None:
                del place[last]
            else:
                place[last] = value
        self.assertFalse(schema.is_valid(changed), changed)


class Decode(SchemaTest):
    def test_every_odd_certificate(self):
        with gzip.open(SYNTHETIC, "rt") as lines:
            pems = [der.to_pem(base64.b64decode(json.loads(line)["der"])) for line in lines]
        run = peercert("decode", "--format", "json", "--details", "--findings",
                       stdin="".join(pems).encode())
        found = records(run)
        self.assertEqual(len(found), len(pems))
        self.assertGreater(sum("error" in record for record in found), 100)
        self.assertGreater(sum("certificate" in record for record in found), 500)
        for record in found:
            self.assert_fits(DECODE, record)

    def test_without_options_and_what_cannot_be_read(self):
        identity = pki.rich_leaf(pki.shared())
        run = peercert("decode", "--format", "json", identity.certificate, "/nowhere")
        decoded, missing = records(run)
        self.assert_fits(DECODE, decoded)
        self.assert_fits(DECODE, missing)
        self.assertNotIn("certificate", decoded)
        bare, = records(peercert("decode", "--format", "json", "--no-fingerprint",
                                 identity.certificate))
        self.assert_fits(DECODE, bare)
        self.assertEqual(bare, {name: decoded[name] for name in ("schema", "source", "peercert")})
        self.assertEqual(set(missing), {"schema", "source", "error"})

    def test_wrong_records_are_refused(self):
        identity = pki.shared().server("rsa")
        record, = records(peercert("decode", "--format", "json", "--details", "--findings",
                                   identity.certificate))
        for changes in ({"schema": "peercert.decode/2"}, {"source": None}, {"sha256": "00"},
                        {"sha256": record["sha256"].upper()}, {"peercert": None},
                        {"peercert": []}, {"peercert__subject": "CN=a"},
                        {"peercert__serialNumber": 5}, {"error": {"message": "and a dict"}},
                        {"spki_pin": "not base64"}, {"sha1": None}, {"certificate": None},
                        {"certificate__extensions": None},
                        {"certificate__subjectPublicKeyInfo__key": {}},
                        {"certificate__subjectPublicKeyInfo__key__modulus": "xyz"},
                        {"certificate__signature": "sha256"},
                        {"certificate__extensions": [{"oid": "1.2.3"}]},
                        {"findings": [{"code": "a"}]}):
            with self.subTest(changes):
                self.assert_refused(DECODE, record, changes)

    def test_objects_may_gain_members(self):
        record, = records(peercert("decode", "--format", "json", "--details",
                                   pki.shared().server().certificate))
        for place in (record, record["peercert"], record["certificate"],
                      record["certificate"]["extensions"][0]):
            place["new"] = 1
        self.assert_fits(DECODE, record)


class Get(SchemaTest):
    @classmethod
    def setUpClass(cls):
        cls.pki = pki.shared()
        cls.good = cls.enterClassContext(PythonServer(cls.pki.server()))
        expired = cls.pki.issue("expired", not_after=pki.NOW - pki.DAY / 2)
        cls.expired = cls.enterClassContext(PythonServer(expired))

    def record(self, *arguments):
        return records(peercert("--cafile", self.pki.cafile, "--format", "json", *arguments))[0]

    def test_every_branch(self):
        latin = self.pki.issue("latin", alt_names=[*pki.SERVER_NAMES, der.dns(b"\xff")])
        undecodable = self.enterContext(PythonServer(latin))
        no_tls = self.enterContext(RawServer(lambda sock: sock.sendall(b"220 not TLS\r\n")))
        taken = self.enterContext(socket.socket())
        taken.bind(("127.0.0.1", 0))
        branches = {
            "verified": (self.good.target,),
            "details": ("--details", self.good.target),
            "verified chain": ("--chain", "verified", self.good.target),
            "unverified": ("--verify", "none", self.good.target),
            "failed": ("--details", self.expired.target),
            "undecodable": ("--details", undecodable.target),
            "tls": (no_tls.target,),
            "connect": (target(*taken.getsockname()),),
            "resolve": ("name.invalid",),
        }
        for name, arguments in branches.items():
            with self.subTest(name):
                record = self.record(*arguments)
                self.assert_fits(GET, record)
                self.assertIn(name.split()[0], json.dumps(record) + " details")
                self.assertEqual("certificate" in record, "--details" in arguments)

    def test_wrong_records_are_refused(self):
        record = self.record("--details", self.good.target)
        for changes in ({"schema": "peercert.decode/1"}, {"target": None}, {"port": "443"},
                        {"verdict__status": "trusted"}, {"verdict": None}, {"address": None},
                        {"chain": None}, {"chain__certificates": [{}]}, {"sha256": None},
                        {"certificate__validity": {}}, {"error": {"class": "tls"}}):
            with self.subTest(changes):
                self.assert_refused(GET, record, changes)

    def test_objects_may_gain_members(self):
        record = self.record(self.good.target)
        for place in (record, record["verdict"], record["chain"],
                      record["chain"]["certificates"][0]):
            place["new"] = 1
        self.assert_fits(GET, record)


if __name__ == "__main__":
    unittest.main()
