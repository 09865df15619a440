# SPDX-License-Identifier: Apache-2.0
"""Peers and files that peercert must not accept: each has its own clear error and exit status,
never a crash, never a raw control character, and never a wait beyond the deadline."""

import dataclasses
import hashlib
import json
import re
import socket
import ssl
import unicodedata
import unittest

from support import der, hostile, pki
from support.clients import peercert, python_answer
from support.servers import PythonServer, RawServer, server_context, target

NOT_VERIFIED, USAGE, NO_CONNECTION, TLS_FAILED, NOT_A_CERTIFICATE = 1, 2, 3, 4, 5


def is_raw_control(character: str) -> bool:
    """Whether it could do something to a terminal, or to the order of what is read there."""
    if character == "\n":
        return False
    return unicodedata.category(character) in ("Cc", "Zl", "Zp") or unicodedata.bidirectional(
        character) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


class RefusalTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pki = pki.shared()

    def assert_clean(self, run, output="text"):
        """No raw control characters. JSON is for programs: what RFC 8259 wants escaped is."""
        shown = "" if output == "json" else run.text
        self.assertEqual(sorted(filter(is_raw_control, set(shown + run.stderr))), [], run)
        if output == "json":
            self.assertIsNone(re.search(r"[\0-\x09\x0b-\x1f]", run.text), run)

    def assert_refused(self, status, message, *arguments, **options):
        """One run: this exit status, one error that matches, nothing on standard output."""
        run = peercert(*arguments, "--format", "python", **options)
        self.assertEqual(run.status, status, run)
        self.assertRegex(run.stderr, rf"\Apeercert: .*{message}")
        self.assertEqual(run.text, "")
        self.assert_clean(run)


class NotVerified(RefusalTest):
    """Certificates that are no proof of who the server is."""

    def assert_not_verified(self, identity, code, servername=None):
        """Refused by Python for this reason, and by peercert for the same; text and json show the
        certificate nevertheless."""
        with PythonServer(identity) as server:
            with self.assertRaises(ssl.SSLCertVerificationError) as raised:
                python_answer(server.host, server.port, cafile=self.pki.cafile,
                              servername=servername)
            reason = raised.exception.verify_message
            self.assertEqual(raised.exception.verify_code, code)
            arguments = [server.target, "--cafile", self.pki.cafile]
            if servername:
                arguments += ["--servername", servername]
            self.assert_refused(NOT_VERIFIED, "", *arguments)
            self.check_json(peercert(*arguments, "--format", "json"), code, reason, identity)
            self.check_text(peercert(*arguments), identity)

    def check_json(self, run, code, reason, identity):
        self.assertEqual(run.status, NOT_VERIFIED, run)
        shown = json.loads(run.text)
        self.assertEqual(shown["verdict"], {"status": "failed", "code": code, "reason": reason})
        self.assertEqual(shown["sha256"].lower(), self.fingerprint(identity))
        self.assertIn("notAfter", shown["peercert"])
        self.assert_clean(run, "json")

    def check_text(self, run, identity):
        self.assertEqual(run.status, NOT_VERIFIED, run)
        self.assertIn(self.fingerprint(identity), run.text.lower().replace(":", ""))
        self.assert_clean(run)

    @staticmethod
    def fingerprint(identity):
        return hashlib.sha256(identity.der).hexdigest()

    def test_time(self):
        expired = self.pki.issue("expired", not_after=pki.NOW - pki.DAY / 2)
        future = self.pki.issue("future", not_before=pki.NOW + pki.DAY)
        self.assert_not_verified(expired, 10)
        self.assert_not_verified(future, 9)

    def test_expired_intermediate(self):
        old = self.pki.issue("old-intermediate", ca=True, issuer=self.pki.root,
                             not_after=pki.NOW - pki.DAY / 2)
        self.assert_not_verified(self.pki.issue("below-old", issuer=old), 10)

    def test_issuer(self):
        stranger = self.pki.issue("stranger", ca=True, self_signed=True)
        not_a_ca = self.pki.server()
        self.assert_not_verified(self.pki.issue("self-signed", self_signed=True), 18)
        unknown = self.pki.issue("unknown-authority", issuer=stranger)
        self.assert_not_verified(unknown, 20)
        unknown.chain.write_text(unknown.chain.read_text() + stranger.chain.read_text())
        self.assert_not_verified(unknown, 19)
        self.assert_not_verified(self.pki.issue("below-leaf", issuer=not_a_ca), 79)

    def test_missing_intermediate(self):
        identity = self.pki.issue("lonely")
        identity.chain.write_text(identity.certificate.read_text())
        self.assert_not_verified(identity, 20)

    def test_signature(self):
        genuine = self.pki.issue("tampered")
        forged = genuine.der[:-1] + bytes([genuine.der[-1] ^ 1])
        genuine.chain.write_text(der.to_pem(forged) + self.pki.intermediate.chain.read_text())
        self.assert_not_verified(dataclasses.replace(genuine, der=forged), 7)

    def test_purpose(self):
        self.assert_not_verified(self.pki.issue("wrong-purpose", purpose="clientAuth"), 26)

    def test_host(self):
        identity = self.pki.issue("named", alt_names=[
            der.dns(b"right.example.test"), der.dns(b"*.wild.example.test"),
            der.dns(b"nul.example.test\0.evil.test"), der.ip_address("192.0.2.1")])
        for host in ("wrong.example.test", "example.test", "wild.example.test",
                     "a.b.wild.example.test", "nul.example.test", "x.right.example.test"):
            with self.subTest(host=host):
                self.assert_not_verified(identity, 62, servername=host)
        self.assert_not_verified(identity, 64)
        self.assert_not_verified(identity, 64, servername="192.0.2.2")

    def test_nothing_of_a_hostile_certificate_is_raw_on_the_terminal(self):
        hostile_text = "\x1b]0;owned\x07\x1b[2J\r\b\x9b31m\u202e\u2066\u2028evil\n\0"
        identity = self.pki.issue(
            "hostile", self_signed=True,
            subject=der.name([("commonName", hostile_text)], [("organizationName", hostile_text)]),
            alt_names=[der.dns(hostile_text.encode()), der.uri(hostile_text.encode())],
            extensions=[der.crl_distribution_points(hostile_text.encode())])
        self.assert_not_verified(identity, 18)
        with PythonServer(identity) as server:
            for output in ("text", "json", "python"):
                run = peercert(server.target, "--cafile", identity.certificate,
                               "--no-check-hostname", "--format", output)
                self.assertEqual(run.status, 0, run)
                self.assert_clean(run, output)


class NotTLS(RefusalTest):
    """Servers that do not hold a TLS handshake as it should be."""

    def assert_server_refused(self, serve, status, message, *options):
        with RawServer(serve) as server:
            for verify in ("required", "none"):
                self.assert_refused(status, message, server.target, "--cafile", self.pki.cafile,
                                    "--verify", verify, *options)

    def test_plain_text(self):
        greeting = b"220 mail.example.test ESMTP \x1b[31mready\r\n"
        refusal = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
        for octets in (greeting, refusal):
            with self.subTest(octets=octets):
                self.assert_server_refused(hostile.says(octets), TLS_FAILED, "wrong version number")

    def test_closes(self):
        context = server_context(self.pki.server())
        half = hostile.half_a_handshake(context, then=hostile.closes)
        for serve in (hostile.closes_politely, half):
            self.assert_server_refused(serve, TLS_FAILED, "EOF")

    def test_closes_or_resets(self):
        # What the client sees of a close() with octets unread depends on who is first.
        with RawServer(hostile.closes) as server:
            run = peercert(server.target, "--format", "python")
        self.assertEqual(run.status, TLS_FAILED, run)
        self.assertRegex(run.stderr, r"\Apeercert: .*(EOF|[Rr]eset|Broken pipe)")
        self.assert_server_refused(hostile.resets, TLS_FAILED, "[Rr]eset")

    def test_alerts(self):
        alerts = {hostile.HANDSHAKE_FAILURE: "handshake failure",
                  hostile.PROTOCOL_VERSION: "protocol version",
                  hostile.UNRECOGNIZED_NAME: "unrecognized name"}
        for description, text in alerts.items():
            self.assert_server_refused(hostile.alerts(description), TLS_FAILED, text)

    def test_versions(self):
        for version in (0x0300, 0x0301, 0x0302):
            with self.subTest(version=hex(version)):
                self.assert_server_refused(hostile.says(hostile.server_hello(version)), TLS_FAILED,
                                           "unsupported protocol")
        for version in (0x0305, 0x7F7F):
            with self.subTest(version=hex(version)):
                self.assert_server_refused(hostile.says(hostile.server_hello(version)), TLS_FAILED,
                                           "wrong ssl version|unsupported protocol")

    def test_versions_that_do_not_meet(self):
        with PythonServer(self.pki.server(), version="1.2") as server:
            self.assert_refused(TLS_FAILED, "protocol version", server.target, "--min-version",
                                "1.3", "--cafile", self.pki.cafile)

    def test_malformed_messages(self):
        hello = hostile.server_hello()
        huge = b"\x16\x03\x03\xff\xff" + bytes(0xFFFF)
        messages = {
            "garbage": bytes(range(256)) * 4,
            "a record of the greatest length": huge,
            "a message twice": hello + hello,
            "a message cut inside a record": hello[:-1] + hostile.record(hostile.HANDSHAKE, b""),
            "no certificate": hello + hostile.certificate(),
            "garbage as certificate": hello + hostile.certificate(b"not a certificate"),
            "a certificate with an octet more":
                hello + hostile.certificate(self.pki.server().der + b"\0"),
            "a certificate cut short": hello + hostile.certificate(self.pki.server().der[:-1]),
            "garbage behind the certificate":
                hello + hostile.certificate(self.pki.server().der, b"\x30\x80garbage"),
        }
        for name, octets in messages.items():
            with self.subTest(name):
                self.assert_server_refused(hostile.says(octets), TLS_FAILED, r"\[\w+")

    def test_client_certificate_required(self):
        with PythonServer(self.pki.server(), version="1.2", verify="required",
                          cafile=self.pki.cafile) as server:
            self.assert_refused(TLS_FAILED, "alert", server.target, "--cafile", self.pki.cafile)

    def test_deadline(self):
        context = server_context(self.pki.server())
        serves = {
            "says nothing": hostile.wait_for_the_end,
            "stops within a record": hostile.says(hostile.server_hello()[:7]),
            "stops after a message": hostile.says(hostile.server_hello()),
            "stops in the middle": hostile.half_a_handshake(context, hostile.wait_for_the_end),
            "drips": hostile.drips_for_ever(context, pause=0.05),
        }
        for name, serve in serves.items():
            with self.subTest(name):
                self.assert_server_refused(serve, NO_CONNECTION, "timed out", "--timeout", "0.5")

    def test_one_octet_at_a_time_is_no_reason_to_refuse(self):
        for version in ("1.2", "1.3"):
            context = server_context(self.pki.server(), version=version)
            with RawServer(hostile.octet_by_octet(context)) as server:
                run = peercert(server.target, "--cafile", self.pki.cafile, "--format", "python")
                expected = python_answer(server.host, server.port, cafile=self.pki.cafile)
            self.assertEqual((run.status, run.text), (0, f"{expected.peercert!r}\n"), run)

    def test_one_bad_target_does_not_keep_the_next_from_being_asked(self):
        with RawServer(hostile.closes_politely) as bad, PythonServer(self.pki.server()) as good:
            run = peercert(bad.target, good.target, "--cafile", self.pki.cafile,
                           "--format", "python")
        self.assertEqual((run.status, run.text.count("\n")), (TLS_FAILED, 1), run)
        self.assertIn(bad.target, run.stderr)
        self.assertNotIn(good.target, run.stderr)


class NoConnection(RefusalTest):
    def test_refused_port(self):
        # Bound, so that nobody else gets it, and not listening.
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            where = target(*sock.getsockname())
            self.assert_refused(NO_CONNECTION, "[Cc]onnection refused", where)

    def test_name_that_does_not_resolve(self):
        # RFC 6761: there is no such name. Without a network the resolver says so in other words.
        self.assert_refused(NO_CONNECTION, r"does-not-exist\.invalid", "does-not-exist.invalid",
                            "--timeout", "3")

    def test_names_that_cannot_be(self):
        for name in ("a..b", "x" * 64 + ".example.test", "." * 300):
            with self.subTest(name=name):
                run = peercert(f"{name}:1", "--format", "python", "--timeout", "3")
                self.assertIn(run.status, (USAGE, NO_CONNECTION), run)
                self.assertTrue(run.stderr.startswith("peercert: "), run)


class Files(RefusalTest):
    """Files that options and `decode` name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = cls.pki.folder
        cls.certificate = cls.pki.server().certificate.read_text()
        cls.garbage = cls.file("garbage", b"\x00\xff not a certificate \x1b[31m\n" * 9)
        cls.empty = cls.file("empty", b"")
        cls.truncated = cls.file("truncated", cls.certificate[:300].encode())
        cls.not_base64 = cls.file("not-base64", cls.certificate.replace("M", "!").encode())
        cls.not_der = cls.file("not-der", der.to_pem(b"\x30\x03\x02\x01\x05").encode())
        cls.missing = cls.folder / "missing"

    @classmethod
    def file(cls, name, octets):
        path = cls.folder / name
        path.write_bytes(octets)
        return path

    def assert_option_refused(self, culprit, message, *arguments):
        # Port 1 is not asked: the files come first.
        self.assert_refused(USAGE, f"{culprit.name}.*{message}", "127.0.0.1:1", *arguments)

    def test_cafile(self):
        missing = "No such file"
        unusable = {self.missing: missing, self.garbage: "", self.empty: "", self.truncated: "",
                    self.not_base64: "", self.not_der: "", self.folder: ""}
        for path, message in unusable.items():
            with self.subTest(path=path.name):
                self.assert_option_refused(path, message, "--cafile", path)

    def test_cert(self):
        key = self.pki.client().key
        for path in (self.missing, self.garbage, self.empty, self.truncated, self.not_base64,
                     self.not_der, key):
            with self.subTest(path=path.name):
                self.assert_option_refused(path, "", "--cert", path, "--key", key)

    def test_key(self):
        chain = self.pki.client().chain
        for path in (self.missing, self.garbage, self.empty, self.truncated, chain):
            with self.subTest(path=path.name):
                self.assert_option_refused(path, "", "--cert", chain, "--key", path)

    def test_key_that_does_not_match(self):
        other = self.pki.key("p256-other")
        chain = self.pki.client().chain
        self.assert_option_refused(other, "match", "--cert", chain, "--key", other)

    def test_password(self):
        wrong = self.file("wrong-password", b"battery staple\n")
        client = ("--cert", self.pki.client().chain, "--key", self.pki.encrypted_key("p256"))
        key = self.pki.encrypted_key("p256")
        self.assert_option_refused(key, "", *client)
        self.assert_option_refused(key, "", *client, "--password-file", wrong)
        self.assert_option_refused(self.missing, "", *client, "--password-file", self.missing)

    def test_decode(self):
        for path in (self.missing, self.garbage, self.empty, self.truncated, self.not_base64,
                     self.not_der, self.folder):
            for output in ("text", "json", "python", "pem", "der"):
                with self.subTest(path=path.name, format=output):
                    run = peercert("decode", "--format", output, path)
                    self.assertEqual(run.status, NOT_A_CERTIFICATE, run)
                    self.assertIn(path.name, run.text + run.stderr)
                    self.assert_clean(run, output)

    def test_decode_goes_on_behind_what_is_bad(self):
        good = self.file("good", self.certificate.encode())
        run = peercert("decode", "--format", "python", self.truncated, good, self.not_der)
        self.assertEqual(run.status, NOT_A_CERTIFICATE, run)
        first, second, third, end = run.text.split("\n")
        self.assertRegex(first, r"# .*truncated.*: ERROR: .")
        self.assertEqual(second, repr(ssl._ssl._test_decode_cert(str(good))))
        self.assertRegex(third, r"# .*not-der.*: ERROR: .")
        self.assertEqual(end, "")


if __name__ == "__main__":
    unittest.main()
