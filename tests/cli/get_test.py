# SPDX-License-Identifier: Apache-2.0
"""`peercert get`: formats, verdicts and exit statuses. tests/interop/ has servers of all kinds."""

import hashlib
import json
import re
import socket
import unittest

from support import der, pki
from support.clients import SOURCE, peercert, python_answer
from support.servers import PythonServer, RawServer, server_context, target


def refused_target(test) -> str:
    """A port that is taken and does not listen."""
    sock = socket.socket()
    test.addCleanup(sock.close)
    sock.bind(("127.0.0.1", 0))
    return target(*sock.getsockname())


class GetTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pki = pki.shared()
        cls.good = cls.serve(cls.pki.server())
        cls.expired = cls.serve(cls.pki.issue("expired", not_after=pki.NOW - pki.DAY / 2))

    @classmethod
    def serve(cls, identity, **settings):
        return cls.enterClassContext(PythonServer(identity, **settings))

    def get(self, *arguments, cafile=True):
        trust = ("--cafile", self.pki.cafile) if cafile else ()
        return peercert(*trust, *arguments)

    def record(self, *arguments, **options):
        run = self.get("--format", "json", *arguments, **options)
        self.assertEqual(run.text.count("\n"), 1, run)
        return json.loads(run.text)


class Formats(GetTest):
    def test_python_is_the_dict_of_python(self):
        run = self.get("--format", "python", self.good.target)
        dict_ = python_answer(self.good.host, self.good.port, cafile=self.pki.cafile).peercert
        self.assertEqual((run.status, run.text, run.stderr), (0, f"{dict_!r}\n", ""))

    def test_get_is_what_happens_without_a_command(self):
        for words in (), ("get",):
            run = peercert(*words, "--cafile", self.pki.cafile, "--format", "pem", self.good.target)
            self.assertEqual((run.status, run.text), (0, der.to_pem(self.pki.server().der)))

    def test_json(self):
        record = self.record(self.good.target)
        self.assertEqual(record["schema"], "peercert.get/1")
        self.assertEqual(record["target"], self.good.target)
        self.assertEqual((record["address"], record["port"]), ("127.0.0.1", self.good.port))
        self.assertEqual(record["verdict"], {"status": "verified", "code": 0, "reason": "ok"})
        self.assertEqual(record["protocol"], "TLSv1.3")
        self.assertEqual(record["sha256"], hashlib.sha256(self.pki.server().der).hexdigest())
        python = python_answer(self.good.host, self.good.port, cafile=self.pki.cafile).peercert
        self.assertEqual(record["peercert"], json.loads(json.dumps(python)))
        self.assertEqual(list(record["peercert"]), list(python))

    def test_every_member_of_json_is_documented(self):
        document = (SOURCE / "docs" / "formats.md").read_text()
        documented = set(re.findall(r"^\| `(\w+)`", document, re.MULTILINE))
        good = self.record(self.good.target)
        records = [good, self.record(self.expired.target), self.record(refused_target(self))]
        for record in records:
            for name, value in record.items():
                members = list(value) if name in ("verdict", "chain", "error") else []
                self.assertLessEqual({name, *members}, documented)
        self.assertLessEqual(set(good["chain"]["certificates"][0]), documented)

    def test_text_has_the_verdict_first(self):
        run = self.get(self.good.target)
        self.assertEqual((run.status, run.stderr), (0, ""))
        first, *rows = run.text.splitlines()
        self.assertRegex(first, rf"{re.escape(self.good.target)}  verified as 127\.0\.0\.1$")
        text = "\n".join(rows)
        for what in ("server.example.test", "days left", "peercert test intermediate", "P-256",
                     "TLSv1.3", "TLS_AES_256_GCM_SHA384"):
            self.assertIn(what, text)
        digest = hashlib.sha256(self.pki.server().der).hexdigest()
        self.assertIn(digest, text.replace(":", "").lower())

    def test_pem_and_der(self):
        server, intermediate = self.pki.server().der, self.pki.intermediate.der
        for chain, expected in (
                ((), [server]),
                (("--chain", "sent"), [server, intermediate]),
                (("--chain", "verified"), [server, intermediate, self.pki.root.der])):
            run = self.get("--format", "pem", *chain, self.good.target)
            self.assertEqual(run.text, "".join(map(der.to_pem, expected)))
        self.assertEqual(self.get("--format", "der", self.good.target).stdout, server)

    def test_several_targets_have_a_line_each_and_one_status(self):
        refused = refused_target(self)
        closing = self.enterContext(RawServer(lambda connection: connection.close()))
        for targets, status in (
                ([self.good.target, self.good.target], 0),
                ([refused, self.good.target], 3),
                ([closing.target, refused], 4),
                ([refused, self.expired.target, closing.target], 1)):
            with self.subTest(status=status):
                run = self.get("--format", "json", *targets)
                records = [json.loads(line) for line in run.text.splitlines()]
                self.assertEqual([record["target"] for record in records], targets)
                self.assertEqual(run.status, status, run)


class Verdicts(GetTest):
    def test_a_failed_certificate_is_shown_with_the_reason(self):
        run = self.get(self.expired.target)
        self.assertEqual(run.status, 1)
        self.assertRegex(run.text.splitlines()[0], "NOT VERIFIED: certificate has expired")
        self.assertIn("peercert test expired", run.text)
        record = self.record(self.expired.target)
        self.assertEqual(record["verdict"],
                         {"status": "failed", "code": 10, "reason": "certificate has expired"})
        self.assertNotIn("error", record)
        self.assertIn("notAfter", record["peercert"])
        self.assertEqual(len(record["chain"]["certificates"]), 2)

    def test_a_failed_certificate_is_not_for_programs(self):
        for output in "python", "pem", "der":
            run = self.get("--format", output, self.expired.target)
            self.assertEqual((run.status, run.stdout), (1, b""))
            self.assertIn("certificate has expired", run.stderr)

    def test_nothing_but_success_gives_a_verified_chain(self):
        for arguments in ((self.expired.target,), ("--verify", "none", self.good.target)):
            record = self.record("--chain", "verified", *arguments)
            self.assertEqual(record["chain"], {"kind": "verified", "certificates": []})

    def test_verify_none_looks_and_does_not_judge(self):
        for server, found in ((self.good, 0), (self.expired, 10)):
            record = self.record("--verify", "none", server.target)
            self.assertEqual(record["verdict"]["status"], "unverified")
            self.assertEqual(record["verdict"]["code"], found)
            self.assertIn("notAfter", record["peercert"])
            run = self.get("--verify", "none", "--format", "python", server.target)
            self.assertEqual((run.status, run.text), (0, "{}\n"))
            run = self.get("--verify", "none", server.target)
            self.assertIn("not verified (not asked to", run.text)

    def test_optional_verifies_too(self):
        self.assertEqual(self.get("--verify", "optional", self.expired.target).status, 1)
        self.assertEqual(self.get("--verify", "optional", self.good.target).status, 0)

    def test_host_name(self):
        wrong = ("--servername", "wrong.example.test", self.good.target)
        run = self.get(*wrong)
        self.assertEqual(run.status, 1)
        self.assertRegex(run.stderr, r"names server\.example\.test, localhost, .*--servername")
        self.assertEqual(self.record(*wrong)["verdict"]["code"], 62)
        run = self.get("--no-check-hostname", *wrong)
        self.assertEqual(run.status, 0)
        self.assertIn("not whether it names the host", run.text)
        self.assertEqual(self.get("--servername", pki.HOST, self.good.target).status, 0)

    def test_advice(self):
        stranger = self.serve(self.pki.issue("self-signed", self_signed=True))
        self.assertRegex(self.get(stranger.target).stderr, "'peercert test self-signed': --cafile")
        self.assertRegex(self.get(self.expired.target).stderr, "'peercert test expired': expired")
        lonely = self.pki.issue("lonely")
        lonely.chain.write_text(lonely.certificate.read_text())
        self.assertRegex(self.get(self.serve(lonely).target).stderr, "no intermediate certificate")
        plain = self.enterContext(RawServer(lambda sock: sock.sendall(b"220 hello\r\n")))
        self.assertRegex(self.get(plain.target).stderr, "did not answer in TLS")

    def test_a_certificate_that_has_no_dict(self):
        server = self.serve(self.pki.issue("latin", alt_names=[der.dns(b"\xff"),
                                                              der.ip_address("127.0.0.1")]))
        with self.assertRaises(UnicodeDecodeError):
            python_answer(server.host, server.port, cafile=self.pki.cafile)
        run = self.get("--format", "python", server.target)
        self.assertEqual((run.status, run.text), (5, ""))
        record = self.record(server.target)
        self.assertEqual(record["error"]["class"], "undecodable")
        self.assertEqual(record["verdict"]["status"], "verified")
        self.assertNotIn("peercert", record)
        self.assertEqual(self.get(server.target).status, 0)
        self.assertEqual(self.get("--format", "der", server.target).status, 0)

    def test_the_handshake_fails_after_the_certificate_came(self):
        server = self.serve(self.pki.server(), version="1.2", verify="required",
                            cafile=self.pki.cafile)
        run = self.get(server.target)
        self.assertEqual(run.status, 4)
        self.assertRegex(run.text, "HANDSHAKE FAILED")
        self.assertIn("server.example.test", run.text)
        record = self.record(server.target)
        self.assertEqual(record["verdict"]["status"], "unverified")
        self.assertEqual(record["error"]["class"], "tls")


class Connection(GetTest):
    def test_versions(self):
        old = self.serve(self.pki.server(), version="1.2")
        self.assertEqual(self.record(old.target)["protocol"], "TLSv1.2")
        record = self.record("--max-version", "1.2", self.good.target)
        self.assertEqual(record["protocol"], "TLSv1.2")
        run = self.get("--min-version", "1.3", old.target)
        self.assertEqual(run.status, 4)
        self.assertIn("--min-version", run.stderr)

    def test_alpn(self):
        context = server_context(self.pki.server())
        context.set_alpn_protocols(["http/1.1", "h2"])
        server = self.enterContext(
            RawServer(lambda sock: context.wrap_socket(sock, server_side=True).close()))
        self.assertEqual(self.record("--alpn", "h2,acme", server.target)["alpn"], "h2")
        self.assertEqual(self.record("--alpn", "h2", "--alpn", "http/1.1", server.target)["alpn"],
                         "http/1.1")
        self.assertNotIn("alpn", self.record(server.target))

    def test_client_certificate(self):
        client = self.pki.client()
        password = self.pki.folder / "password"
        password.write_text(pki.PASSWORD + "\nanother line\n")
        with PythonServer(self.pki.server(), verify="required", cafile=self.pki.cafile) as server:
            for key in (client.key,), (self.pki.encrypted_key("p256"), "--password-file", password):
                run = self.get("--cert", client.chain, "--key", *key, server.target)
                self.assertEqual(run.status, 0, run)
        self.assertEqual([peer["subject"] for peer in server.peers],
                         [((("commonName", "peercert test client-p256"),),)] * 2)

    def test_capath(self):
        folder = self.pki.folder / "hashed"
        folder.mkdir(exist_ok=True)
        name = pki.openssl("x509", "-in", self.pki.cafile, "-noout", "-hash").decode().strip()
        (folder / f"{name}.0").write_bytes(self.pki.cafile.read_bytes())
        self.assertEqual(self.get("--capath", folder, self.good.target, cafile=False).status, 0)

    def test_timeout(self):
        silent = self.enterContext(RawServer(lambda sock: sock.recv(65536) and sock.recv(65536)))
        run = self.get("--format", "json", "--timeout", "0.3", silent.target)
        self.assertEqual(run.status, 3)
        self.assertEqual(json.loads(run.text)["error"]["class"], "timeout")
        self.assertIn("--timeout", run.stderr)


class Targets(GetTest):
    def test_forms(self):
        port = self.good.port
        for form in (f"127.0.0.1:{port}", f"https://127.0.0.1:{port}", f"localhost:{port}",
                     f"HTTPS://user:word@127.0.0.1:{port}/path/?a=b:c#d"):
            self.assertEqual(self.get(form).status, 0, form)

    def test_ports_and_hosts(self):
        host = "does-not-exist.invalid"
        for form, expected in (
                (host, (host, 443)), (f"{host}:8443", (host, 8443)),
                (f"https://{host}/", (host, 443)), (f"https://{host}:444?x", (host, 444)),
                ("[::1]:1", ("::1", 1)), ("[::1%lo]:1", ("::1", 1)), ("[::1]", ("::1", 443)),
                ("::1", ("::1", 443)), ("{}", ("{}", 443))):
            record = self.record("--timeout", "5", form)
            self.assertEqual(record["target"], form)
            self.assertEqual((record["server_hostname"], record["port"]), expected)

    def test_what_is_no_target(self):
        for form in ("", ":443", "host:", "host:0", "host:65536", "host:+1", "host:1x", "[::1",
                     "[::1]x", "[]", "http://host", "ftp://host:1", "https://", "a b", "a\nb",
                     "host/path", "\x1b[2J"):
            run = self.get(self.good.target, form)
            self.assertEqual((run.status, run.text), (2, ""), form)
            self.assertNotIn("\x1b", run.stderr)
            self.assertTrue(run.stderr.startswith("peercert: "), run)


if __name__ == "__main__":
    unittest.main()
