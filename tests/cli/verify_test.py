# SPDX-License-Identifier: Apache-2.0
"""`peercert verify`: what is valid, what is not and why, which file is not what it should be."""

import ctypes.util
import itertools
import json
import pathlib
import ssl
import subprocess
import tempfile
import unittest

import jsonschema

from support import der, pki
from support.clients import SOURCE, client_context, peercert
from support.servers import PythonServer

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
        self.assert_valid(self.server.chain, "--max-depth", 255)
        self.assert_valid(self.server.chain, "--max-depth", 1)
        self.assertEqual(self.verify(self.server.chain, "--max-depth", 0)[0], INVALID)

    def test_a_rule_of_the_profile(self):
        leaf = self.issue("negative", serial=-7)
        self.assert_valid(leaf.chain, "--profile", "openssl")
        self.assert_invalid("serial-not-positive", leaf.chain)

    def test_a_rule_for_issuers(self):
        leaf = self.pki.issue("internal", subject=der.common_name("Print server"))
        self.assert_valid(leaf.chain, "--profile", "openssl")
        self.assert_valid(leaf.chain)
        record = self.assert_invalid("cn-not-in-san", leaf.chain, "--profile", "cabf")
        self.assertEqual(record["profile"], "cabf")

    @unittest.skipIf(ctypes.util.find_library("psl") is None, "libpsl is not there")
    def test_a_wildcard_over_a_public_suffix(self):
        leaf = self.pki.issue("suffix", alt_names=(der.dns(b"*.co.uk"),))
        self.assert_valid(leaf.chain, "--profile", "openssl")
        self.assert_invalid("san-wildcard-over-public-suffix", leaf.chain)
        leaf = self.pki.issue("domain", alt_names=(der.dns(b"*.example.co.uk"),))
        self.assert_valid(leaf.chain)

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


class Names(VerifyTest):
    """What may be asked for, and what Python's default context says of it."""

    def python_accepts(self, leaf, host):
        client = client_context(cafile=self.pki.cafile)
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(leaf.chain, leaf.key)
        ours = client.wrap_bio(incoming, outgoing, server_hostname=host)
        theirs = server.wrap_bio(outgoing, incoming, server_side=True)
        for side in itertools.cycle((ours, theirs)):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError:
                return False
            if side is ours:
                return True

    def test_any_host_gets_a_verdict(self):
        leaf = self.pki.issue("names", subject=der.common_name("only-cn.example"), alt_names=(
            der.dns(b"my_service"), der.dns(b"*.a.example"), der.dns(b"-b.example"),
            der.ip_address("2001:db8::1")))
        by_common_name = self.pki.issue("cn", subject=der.common_name("only-cn.example"),
                                        alt_names=(der.ip_address("192.0.2.1"),))
        accepted = 0
        for certificate, host in itertools.product(
                (leaf, by_common_name),
                ("my_service", "MY_SERVICE", "b.a.example", "*.a.example", "a_b.a.example",
                 "-b.example", "c.b.a.example", "a.example.", "only-cn.example", "2001:db8::1",
                 "192.0.2.1", "[2001:db8::1]", "fe80::1%lo", "a.example:443", "a b")):
            status, record, _ = self.verify(certificate.chain, "--profile", "openssl",
                                            "--hostname", host)
            expected = self.python_accepts(certificate, host)
            accepted += expected
            self.assertEqual(status, VALID if expected else INVALID, (host, record))
            status, record, _ = self.verify(certificate.chain, "--hostname", host)
            self.assertIn(status, (VALID, INVALID), host)
        self.assertGreater(accepted, 6)

    def test_only_names_count_in_webpki(self):
        leaf = self.pki.issue("cn", subject=der.common_name(pki.HOST),
                              alt_names=(der.ip_address("192.0.2.1"),))
        self.assert_valid(leaf.chain, "--profile", "openssl", "--hostname", pki.HOST)
        self.assert_invalid("hostname-mismatch", leaf.chain, "--hostname", pki.HOST)
        constrained = self.pki.issue(
            "constrained", issuer=self.pki.root, ca=True, extensions=(der.extension(
                "2.5.29.30", der.sequence(der.context(0, der.sequence(der.dns(b"other.test")))),
                critical=True),))
        leaf = self.pki.issue("address", issuer=constrained, subject=der.common_name(pki.HOST),
                              alt_names=(der.ip_address("192.0.2.1"),))
        self.assert_valid(leaf.chain, "--ip", "192.0.2.1")
        self.assert_invalid("permitted-violation", leaf.chain, "--profile", "openssl")

    def test_addresses_and_mailboxes_as_people_write_them(self):
        leaf = self.pki.issue("written", alt_names=(
            der.ip_address("2001:db8::1"), der.ip_address("fe80::1"),
            der.email(b"ann@xn--bcher-kva.example")))
        for option, given, asked in (("--ip", "[2001:db8::1]", "2001:db8::1"),
                                     ("--ip", "fe80::1%eth0", "fe80::1"),
                                     ("--ip", "[fe80::1%eth0]", "fe80::1"),
                                     ("--email", "ann@bücher.example",
                                      "ann@xn--bcher-kva.example")):
            record = self.assert_valid(leaf.chain, option, given)
            self.assertEqual(record[option[2:]], asked)


class TrustAnchors(VerifyTest):
    """The same files, read by verify, by get, and by openssl or Python."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls.pki.issue("both", subject=der.common_name(pki.HOST), purpose="serverAuth")
        cls.serving = cls.enterClassContext(PythonServer(cls.server))

    def trusted(self, *settings):
        """The root as BEGIN TRUSTED CERTIFICATE."""
        words = [word for setting in settings for word in setting.split("=")]
        path = self.folder / f"{'-'.join(words)}.pem"
        path.write_bytes(pki.openssl("x509", "-in", self.pki.cafile, "-trustout", *words))
        return path

    def openssl_accepts(self, leaf, cafile, purpose):
        run = subprocess.run(
            ["openssl", "verify", "-purpose", f"ssl{purpose}", "-CAfile", cafile, "-untrusted",
             self.pki.intermediate.certificate, leaf.certificate],
            capture_output=True, timeout=60, check=False)
        return run.returncode == 0

    def get(self, cafile):
        run = peercert("get", "--format", "json", "--cafile", cafile, self.serving.target)
        return run, json.loads(run.text).get("verdict", {}).get("status") if run.text else None

    def test_trust_settings(self):
        uses = ("serverAuth", "clientAuth", "emailProtection", "anyExtendedKeyUsage")
        settings = [(f"-add{what}={use}",) for what in ("trust", "reject") for use in uses]
        settings += [("-addtrust=serverAuth", "-addreject=clientAuth"),
                     ("-addtrust=clientAuth", "-addreject=serverAuth")]
        for setting in settings:
            cafile = self.trusted(*setting)
            for leaf, purpose in (self.server, "server"), (self.client, "client"):
                expected = self.openssl_accepts(leaf, cafile, purpose)
                for profile in "openssl", "webpki":
                    status, record, _ = self.verify(
                        leaf.chain, "--purpose", purpose, "--profile", profile, cafile=cafile)
                    codes = [problem["code"] for problem in record["problems"]]
                    self.assertEqual((status, codes), (VALID, []) if expected
                                     else (INVALID, ["anchor-rejected"]), (setting, purpose))
            self.assertEqual(self.get(cafile)[1] == "verified",
                             self.openssl_accepts(self.server, cafile, "server"), setting)

    def test_texts(self):
        root = self.pki.cafile.read_text()
        first, rest = root.split("\n", 1)
        crl = der.to_pem(self.pki.crl(self.pki.root), "X509 CRL")
        texts = {
            "text": "0 text\n" + root + "text\n", "crl": crl + root, "twice": root + root,
            "old": root.replace("CERTIFICATE", "X509 CERTIFICATE"),
            "settings": self.trusted("-addreject=serverAuth").read_text(),
            "carriage": root.replace("\n", "\r\n"), "blank": first + "\n\n" + rest,
            "glued": root.rstrip("\n") + root,
            "key": self.pki.server().key.read_text() + root,
            "other": self.both.certificate.read_text(),
            "cut": root[:200], "none": "text\n", "cut later": root + root[:200],
            "only crl": crl,
        }
        for name, text in texts.items():
            cafile = self.write(f"{name}.pem", text.encode())
            run = peercert("verify", self.server.chain, "--cafile", cafile)
            got, verdict = self.get(cafile)
            if name in ("cut", "none", "cut later"):
                self.assertEqual(run.status, UNDECODABLE, name)
                self.assertNotEqual(got.status, 0, name)
            elif name == "only crl":  # a file without an anchor: Python takes it
                self.assertEqual((run.status, verdict == "verified"), (UNDECODABLE, False))
            else:
                self.assertEqual(run.status == VALID, verdict == "verified", name)
                self.assertEqual(run.status == VALID, name not in ("settings", "other"), name)


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
