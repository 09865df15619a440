# SPDX-License-Identifier: Apache-2.0
"""`peercert verify`: what is valid, what is not and why, which file is not what it should be."""

import json
import pathlib
import tempfile
import unittest

import jsonschema

from support import der, pki
from support.clients import SOURCE, peercert

VALID, INVALID, UNDECODABLE = 0, 1, 5
SCHEMA = SOURCE / "docs/schemas/peercert.verify-1.json"


def validator():
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    resolver = jsonschema.RefResolver(base_uri=SCHEMA.resolve().as_uri(), referrer=schema)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


class VerifyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pki = pki.shared()
        cls.server, cls.client = cls.issue("server"), cls.pki.client()
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.schema = validator()

    @classmethod
    def issue(cls, label, **settings):
        """A leaf whose commonName is among its names."""
        return cls.pki.issue(label, subject=der.common_name(pki.HOST), **settings)

    def write(self, name, octets):
        path = self.folder / name
        path.write_bytes(octets)
        return path

    def verify(self, leaf, *options, stdin=b"", cafile=None):
        """The exit status, the record, and what stands on standard error."""
        run = peercert("verify", leaf, "--cafile", cafile or self.pki.cafile, "--format", "json",
                       *options, stdin=stdin)
        record = json.loads(run.text)
        self.assertEqual([error.message for error in self.schema.iter_errors(record)], [], record)
        return run.status, record, run.stderr

    def assert_valid(self, leaf, *options, **settings):
        status, record, complaint = self.verify(leaf, *options, **settings)
        self.assertEqual((status, record["status"], complaint), (VALID, "valid", ""), record)
        return record

    def assert_invalid(self, code, leaf, *options, **settings):
        status, record, complaint = self.verify(leaf, *options, **settings)
        self.assertEqual((status, record["status"]), (INVALID, "invalid"), record)
        self.assertIn(code, [problem["code"] for problem in record["problems"]])
        self.assertIn(record["problems"][0]["message"], complaint)
        return record


class Valid(VerifyTest):
    def test_chains_in_one_file_or_several(self):
        record = self.assert_valid(self.server.chain)
        self.assertEqual(len(record["path"]), 3)
        self.assertEqual(record["path"][0]["subject"], f"CN={pki.HOST}")
        self.assert_valid(self.server.certificate, "--untrusted",
                          self.pki.intermediate.certificate)
        both = self.write("both.der", self.pki.root.der + self.pki.intermediate.der)
        self.assert_valid(self.server.certificate, cafile=both)
        self.assert_valid("-", stdin=self.server.der + self.pki.intermediate.der)

    def test_profiles_and_purposes(self):
        self.assert_valid(self.server.chain, "--profile", "openssl")
        self.assert_valid(self.client.chain, "--purpose", "client")
        self.assert_invalid("invalid-purpose", self.client.chain)

    def test_names(self):
        for option, name in (("--hostname", pki.HOST), ("--ip", "127.0.0.1"), ("--ip", "::1")):
            record = self.assert_valid(self.server.chain, option, name)
            self.assertEqual(record[option[2:]], name)
        self.assert_valid(self.client.chain, "--purpose", "client", "--email",
                          "someone@example.test")

    def test_an_international_name(self):
        a_label = "xn--bcher-kva.example"
        leaf = self.pki.issue("idn", subject=der.common_name(a_label),
                              alt_names=(der.dns(a_label.encode()),))
        record = self.assert_valid(leaf.chain, "--hostname", "bücher.example")
        self.assertEqual(record["hostname"], a_label)

    def test_text(self):
        run = peercert("verify", self.server.chain, "--cafile", self.pki.cafile, "--hostname",
                       pki.HOST)
        self.assertEqual((run.status, run.stderr), (VALID, ""))
        self.assertIn(f"valid for {pki.HOST}", run.text)
        self.assertIn("CN=peercert test root", run.text)


class Invalid(VerifyTest):
    def test_names(self):
        for option, name in (("--hostname", "other.example"), ("--ip", "192.0.2.1"),
                             ("--email", "a@b.example")):
            status, record, _ = self.verify(self.server.chain, option, name)
            self.assertEqual((status, len(record["problems"])), (INVALID, 1), record)
            self.assertEqual(record["problems"][0]["depth"], 0)

    def test_no_path(self):
        record = self.assert_invalid("issuer-not-found", self.server.certificate)
        self.assertEqual(len(record["path"]), 1)

    def test_time_to_the_second(self):
        end = int((pki.NOW + 30 * pki.DAY).timestamp())
        self.assert_valid(self.server.chain, "--at-time", end)
        record = self.assert_invalid("expired", self.server.chain, "--at-time", end + 1)
        self.assertEqual({problem["depth"] for problem in record["problems"]}, {0, 1, 2})
        self.assert_invalid("not-yet-valid", self.server.chain, "--at-time", 0)

    def test_depth(self):
        self.assert_valid(self.server.chain, "--max-depth", 1)
        self.assertEqual(self.verify(self.server.chain, "--max-depth", 0)[0], INVALID)

    def test_a_rule_of_the_profile(self):
        leaf = self.issue("negative", serial=-7)
        self.assert_valid(leaf.chain, "--profile", "openssl")
        self.assert_invalid("serial-not-positive", leaf.chain)

    def test_text_names_the_certificate_and_the_reason(self):
        leaf = self.pki.issue("\x1b[31mold", not_after=pki.NOW - pki.DAY / 2)
        run = peercert("verify", leaf.chain, "--cafile", self.pki.cafile, "--profile",
                       "openssl")
        self.assertEqual(run.status, INVALID)
        self.assertRegex(run.text, r"NOT VALID\n  Problem +0  certificate has expired: .*"
                                   r"\(expired, of CN=peercert test .*old\)\n  Path tried")
        self.assertNotIn("\x1b", run.text + run.stderr)

    def test_the_other_issuer_is_tried(self):
        old = self.pki.issue("old", issuer=self.pki.root, ca=True, kind="p256-intermediate",
                             subject=self.pki.intermediate.subject,
                             not_after=pki.NOW - pki.DAY / 2)
        files = ("--untrusted", old.certificate, "--untrusted", self.pki.intermediate.certificate)
        self.assert_valid(self.server.certificate, *files)
        self.assert_invalid("expired", self.server.certificate, *files[:2])


class Revocation(VerifyTest):
    def test_crls(self):
        leaf = self.issue("revoked", serial=0x7777)
        crl = self.pki.crl(self.pki.intermediate)
        text = "Some text\n" + der.to_pem(crl, "X509 CRL")
        for name, octets in (("good.der", crl), ("good.pem", text.encode())):
            self.assert_valid(leaf.chain, "--crl", self.write(name, octets))
        bad = self.write("bad.der", self.pki.crl(self.pki.intermediate, [0x7777]))
        record = self.assert_invalid("revoked", leaf.chain, "--crl", bad)
        self.assertRegex(record["problems"][0]["message"], "since .* GMT")
        other = self.write("other.der", self.pki.crl(self.pki.root))
        self.assert_invalid("crl-not-found", leaf.chain, "--crl", other)
        old = self.pki.crl(self.pki.intermediate, next_update=pki.NOW - pki.DAY / 2)
        self.assert_invalid("crl-has-expired", leaf.chain, "--crl", self.write("old.der", old))


class Undecodable(VerifyTest):
    def test_which_file_and_byte(self):
        good = self.server.der
        broken = self.write("broken.der", good + good[:100])
        pem = self.write("broken.pem", b"text\n-----BEGIN CERTIFICATE-----\nMIIC\n")
        crl = self.write("broken.crl", self.pki.crl(self.pki.root)[:-1])
        empty = self.write("empty", b"")
        leaf, ca = self.server.chain, self.pki.cafile
        for arguments, source, offset in (
                ((broken, "--cafile", ca), broken, len(good)),
                ((leaf, "--cafile", pem), pem, 5),
                ((leaf, "--cafile", ca, "--untrusted", broken), broken, len(good)),
                ((leaf, "--cafile", ca, "--crl", crl), crl, 0),
                ((leaf, "--cafile", ca, "--crl", empty), empty, 0),
                ((empty, "--cafile", ca), empty, None),
                ((leaf, "--cafile", "/nowhere"), "/nowhere", None)):
            run = peercert("verify", "--format", "json", *arguments)
            record = json.loads(run.text)
            self.assertEqual(run.status, UNDECODABLE, run)
            self.assertEqual(list(self.schema.iter_errors(record)), [])
            self.assertEqual(record["error"]["source"], str(source))
            self.assertEqual(record["error"].get("offset"), offset, record)
            self.assertIn(f"peercert: {source}: {record['error']['message']}", run.stderr)
            self.assertEqual(peercert("verify", *arguments).text, "")

    def test_wrong_records_are_refused(self):
        _, record, _ = self.verify(self.server.chain)
        _, bad, _ = self.verify(self.server.certificate)
        for wrong in (record | {"schema": "peercert.get/1"}, record | {"status": "perhaps"},
                      record | {"status": "invalid"}, bad | {"status": "valid"},
                      record | {"path": [{}]}, record | {"at": "now"},
                      bad | {"problems": [{"code": "A"}]},
                      record | {"error": {"source": "a", "message": "b"}}):
            self.assertFalse(self.schema.is_valid(wrong), wrong)


if __name__ == "__main__":
    unittest.main()
