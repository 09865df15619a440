# SPDX-License-Identifier: Apache-2.0
"""peercert as a client of real servers. Whatever it prints for a server, Python's ssl module is
asked about the same server, and has to say the same."""

import json
import os
import pathlib
import signal
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from support import clients, pki, servers
from support.clients import peercert, python_answer
from support.servers import NginxServer, OpenSSLServer, PythonServer

SERVERS = [PythonServer, OpenSSLServer] + ([NginxServer] if servers.has_nginx() else [])
VERSIONS = ("1.2", "1.3")
KEYS = ("rsa", "p256", "ed25519")


def as_json(peercert: dict) -> dict:
    """The dict as JSON has it: tuples as arrays, bytes as an object."""
    return json.loads(json.dumps(peercert, default=lambda octets: {"hex": octets.hex().upper()}))


class ClientTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pki = pki.shared()

    def options(self, *, verify="required", identity=None, servername=None, version=None,
                cafile=None):
        """The command line that means the same as these arguments of python_answer()."""
        options = ["--verify", verify]
        if cafile:
            options += ["--cafile", cafile]
        if identity:
            options += ["--cert", identity.chain, "--key", identity.key]
        if servername:
            options += ["--servername", servername]
        if version:
            options += ["--min-version", version, "--max-version", version]
        return options

    def assert_agrees(self, server, **settings):
        """peercert prints what Python's client gets: the dict, the DER. Gives Python's answer."""
        settings = {"cafile": self.pki.cafile, **settings}
        expected = python_answer(server.host, server.port, **settings)
        arguments = [server.target, *self.options(**settings)]
        run = peercert(*arguments, "--format", "python")
        self.assertEqual((run.status, run.stderr), (0, ""))
        self.assertEqual(run.text, f"{expected.peercert!r}\n")
        run = peercert("get", *arguments, "--format", "der")
        self.assertEqual((run.status, run.stderr), (0, ""))
        self.assertEqual(run.stdout, expected.der)
        return expected


class Servers(ClientTest):
    def test_every_server_version_and_key(self):
        for make in SERVERS:
            for version in VERSIONS:
                for key in KEYS:
                    with self.subTest(server=make.__name__, version=version, key=key), \
                            make(self.pki.server(key), version=version) as server:
                        answer = self.assert_agrees(server)
                        self.assertEqual(answer.der, self.pki.server(key).der)

    def test_the_client_chooses_the_version(self):
        with PythonServer(self.pki.server()) as server:
            for version in VERSIONS:
                with self.subTest(version=version):
                    self.assert_agrees(server, version=version)

    def test_rich_certificate(self):
        identity = pki.rich_leaf(self.pki)
        for make in SERVERS:
            with self.subTest(server=make.__name__), make(identity) as server:
                answer = self.assert_agrees(server)
                self.assertEqual(len(answer.peercert), 10)
                run = peercert(server.target, "--cafile", self.pki.cafile, "--format", "json")
                self.assertEqual(json.loads(run.text)["peercert"], as_json(answer.peercert))

    def test_ipv6(self):
        if not servers.has_ipv6():
            self.skipTest("this machine has no [::1]")
        for make in SERVERS:
            with self.subTest(server=make.__name__), \
                    make(self.pki.server(), host="::1") as server:
                self.assert_agrees(server)

    def test_names_and_urls_as_target(self):
        with PythonServer(self.pki.server()) as server:
            expected = python_answer("127.0.0.1", server.port, cafile=self.pki.cafile)
            for target in (f"localhost:{server.port}", f"https://localhost:{server.port}/a/b?c"):
                run = peercert(target, "--cafile", self.pki.cafile, "--format", "python")
                self.assertEqual((run.status, run.text), (0, f"{expected.peercert!r}\n"), run)

    def test_several_targets_have_a_line_each(self):
        with PythonServer(self.pki.server("rsa")) as one, \
                OpenSSLServer(self.pki.server("p256")) as other:
            run = peercert(one.target, other.target, "--cafile", self.pki.cafile,
                           "--format", "python")
            expected = [python_answer(each.host, each.port, cafile=self.pki.cafile).peercert
                        for each in (one, other)]
        self.assertEqual((run.status, run.text), (0, "".join(f"{e!r}\n" for e in expected)))

    def test_servername_selects_the_certificate(self):
        for make in {PythonServer, SERVERS[-1]}:
            other = self.pki.issue("sni", alt_names=[pki.der.dns(b"other.example.test")])
            with self.subTest(server=make.__name__), \
                    make(self.pki.server(), sni={"other.example.test": other}) as server:
                answer = self.assert_agrees(server, servername="other.example.test")
                self.assertEqual(answer.der, other.der)
                answer = self.assert_agrees(server, servername=pki.HOST)
                self.assertEqual(answer.der, self.pki.server().der)


class VerifyModes(ClientTest):
    def test_none_gives_the_empty_dict_whatever_the_certificate(self):
        expired = self.pki.issue("expired", not_after=pki.NOW - pki.DAY / 2)
        self_signed = self.pki.issue("self-signed", self_signed=True)
        for identity in (self.pki.server(), expired, self_signed):
            with self.subTest(identity=identity.certificate.stem), \
                    PythonServer(identity) as server:
                for cafile in (self.pki.cafile, None):
                    answer = self.assert_agrees(server, verify="none", cafile=cafile)
                    self.assertEqual((answer.peercert, answer.der), ({}, identity.der))

    def test_optional_verifies_as_required_does(self):
        with PythonServer(self.pki.server()) as server:
            self.assert_agrees(server, verify="optional")
            with self.assertRaises(ssl.SSLCertVerificationError):
                python_answer(server.host, server.port, verify="optional")
            run = peercert(server.target, "--verify", "optional", "--format", "python")
            self.assertEqual((run.status, run.text), (1, ""))

    def test_self_signed_certificate_as_its_own_anchor(self):
        identity = self.pki.issue("self-signed", self_signed=True)
        with PythonServer(identity) as server:
            self.assert_agrees(server, cafile=identity.certificate)

    def test_intermediate_alone_as_anchor(self):
        with PythonServer(self.pki.server()) as server:
            self.assert_agrees(server, cafile=self.pki.intermediate.certificate)


class ClientCertificates(ClientTest):
    def assert_agrees_or_both_fail(self, server, **settings):
        """As assert_agrees(); but where Python's handshake fails, peercert's has to (status 4)."""
        try:
            python_answer(server.host, server.port, cafile=self.pki.cafile, **settings)
        except ssl.SSLError:
            run = peercert(server.target, *self.options(cafile=self.pki.cafile, **settings),
                           "--format", "python")
            self.assertEqual((run.status, run.text), (4, ""), run)
            return False
        self.assert_agrees(server, **settings)
        return True

    def test_every_server_and_verify_mode(self):
        for make in SERVERS:
            for version in VERSIONS:
                for verify in ("none", "optional", "required"):
                    for identity in (None, self.pki.client()):
                        self.check(make, version, verify, identity)

    def check(self, make, version, verify, identity):
        server = make(self.pki.server(), version=version, verify=verify, cafile=self.pki.cafile)
        with self.subTest(server=make.__name__, version=version, verify=verify,
                          given=identity is not None), server:
            connected = self.assert_agrees_or_both_fail(server, identity=identity)
            # In TLS 1.3 the client is done before the server has seen that there is no certificate;
            # nginx answers in HTTP.
            refused = version == "1.2" and verify == "required" and identity is None
            self.assertEqual(connected, not refused or make is NginxServer)

    def test_the_server_sees_the_certificate_that_python_shows_it(self):
        for version in VERSIONS:
            for key in KEYS:
                with self.subTest(version=version, key=key), \
                        PythonServer(self.pki.server(), version=version, verify="required",
                                     cafile=self.pki.cafile) as server:
                    self.assert_agrees(server, identity=self.pki.client(key))
                self.assertEqual(len(server.peers), 3)
                python, *peercerts = server.peers
                self.assertEqual(peercerts, [python, python])
                self.assertEqual(python["subject"][0][0][1], f"peercert test client-{key}")

    def test_key_in_the_same_file_and_encrypted_key(self):
        client, folder = self.pki.client(), self.pki.folder
        both, password = folder / "both.pem", folder / "password"
        both.write_text(client.chain.read_text() + client.key.read_text())
        password.write_text(pki.PASSWORD + "\n")
        with PythonServer(self.pki.server(), version="1.2", verify="required",
                          cafile=self.pki.cafile) as server:
            arguments = (server.target, "--cafile", self.pki.cafile, "--format", "python", "--cert")
            run = peercert(*arguments, both)
            self.assertEqual((run.status, run.stderr), (0, ""))
            run = peercert(*arguments, client.chain, "--key", self.pki.encrypted_key("p256"),
                           "--password-file", password)
            self.assertEqual((run.status, run.stderr), (0, ""))


class Examples(ClientTest):
    def run_example(self, name, *arguments):
        example = pathlib.Path(clients.built("PEERCERT_EXAMPLES")) / name
        trust = os.environ | {"SSL_CERT_FILE": str(self.pki.cafile)}
        return subprocess.run([example, *map(str, arguments)], capture_output=True, text=True,
                              check=False, timeout=servers.PATIENCE, env=trust)

    def test_get(self):
        with OpenSSLServer(self.pki.server()) as server:
            run = self.run_example("get", server.host, server.port, self.pki.cafile)
            expected = python_answer(server.host, server.port, cafile=self.pki.cafile)
        self.assertEqual((run.returncode, run.stdout), (0, f"{expected.peercert!r}\n"), run)

    def test_decode_files(self):
        server, root = self.pki.server(), self.pki.root
        with tempfile.TemporaryDirectory() as folder:
            many, missing = pathlib.Path(folder) / "many", pathlib.Path(folder) / "missing"
            many.write_bytes(server.der * 3000 + b"junk" + root.der)
            run = self.run_example("decode_files", many, missing, root.certificate)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        until = {one: ssl._ssl._test_decode_cert(str(one.certificate))["notAfter"]
                 for one in (server, root)}
        self.assertEqual(run.stdout.splitlines(), [
            *(f"{many}#{i}: notAfter {until[server]}" for i in range(1, 3001)),
            f"{many}#3001: not a certificate at byte {3000 * len(server.der)}",
            f"{many}#3002: notAfter {until[root]}",
            f"{missing}: No such file or directory",
            f"{root.certificate}: notAfter {until[root]}"])

    @unittest.skipIf("PEERCERT_TLS_FARM" not in os.environ, "built without PEERCERT_SCAN")
    def test_scan_hosts(self):
        expired = self.pki.issue("expired", not_after=pki.NOW - pki.DAY)
        nobody = servers.target("127.0.0.1", servers.free_port("127.0.0.1"))
        with PythonServer(self.pki.server()) as server, PythonServer(expired) as late:
            run = self.run_example("scan_hosts", server.target, late.target, nobody)
            expected = python_answer(server.host, server.port, cafile=self.pki.cafile)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        good, bad, refused = (line for target in (server.target, late.target, nobody)
                              for line in run.stdout.splitlines() if line.startswith(target))
        self.assertEqual(good, f"{server.target}: verified, "
                               f"notAfter {expected.peercert['notAfter']}")
        self.assertIn(": failed, notAfter ", bad)
        self.assertEqual(refused, f"{nobody}: absent, refused")

    @unittest.skipIf("PEERCERT_TLS_FARM" not in os.environ, "built without PEERCERT_SCAN")
    def test_scan_hosts_tells_what_is_no_target(self):
        run = self.run_example("scan_hosts", "a b")
        self.assertEqual((run.returncode, run.stdout), (2, ""))
        self.assertRegex(run.stderr, r"\Ascan_hosts: that is not a host.*\n\Z")

    @unittest.skipIf("PEERCERT_TLS_FARM" not in os.environ, "built without PEERCERT_SCAN")
    def test_scan_job_goes_on_after_any_end(self):
        # Whoever passes the gate is answered once it is open; until then it holds a scan up.
        is_open = threading.Event()

        def serve(connection):
            if is_open.is_set():
                connection.sendall(b"no TLS")
            else:
                connection.recv(1 << 16)
                is_open.wait(servers.PATIENCE)

        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        targets, output, state = (folder / name for name in ("targets", "out.jsonl", "state"))
        nobody = servers.target("127.0.0.1", servers.free_port("127.0.0.1"))
        gate = self.enterContext(servers.RawServer(serve))
        targets.write_text(f"{nobody}\n" * 50 + "a b\n" + f"{gate.target}\n" + f"{nobody}\n" * 50)
        command = [pathlib.Path(clients.built("PEERCERT_EXAMPLES")) / "scan_job", targets, output,
                   state]

        def start():
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                       text=True)
            self.addCleanup(process.communicate)
            self.addCleanup(process.kill)
            return process

        for begun in output.exists, state.exists:
            killed = start()
            while not begun():
                self.assertIsNone(killed.poll())
                time.sleep(0.01)
            killed.kill()
            self.assertEqual(killed.wait(servers.PATIENCE), -signal.SIGKILL)
        is_open.set()
        finished = start()
        said, told = finished.communicate(timeout=servers.PATIENCE)
        self.assertEqual((finished.returncode, told.count("scan_job: line 51: ")), (0, 1), told)
        self.assertRegex(said, r"\A[1-9]\d* records\n\Z")
        indices = [json.loads(line)["index"] for line in output.read_text().splitlines()]
        self.assertEqual(sorted(indices), [*range(101)])
        self.assertEqual(list(folder.glob("state*")), [])

    @unittest.skipIf("PEERCERT_TLS_FARM" not in os.environ, "built without PEERCERT_SCAN")
    def test_scan_job_ends_by_an_interrupt(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        targets, output, state = (folder / name for name in ("targets", "out.jsonl", "state"))
        os.mkfifo(targets)
        nobody = servers.target("127.0.0.1", servers.free_port("127.0.0.1"))
        command = [pathlib.Path(clients.built("PEERCERT_EXAMPLES")) / "scan_job", targets, output,
                   state]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            with targets.open("w", encoding="ascii") as input_of_it:
                input_of_it.write(f"{nobody}\n")
                input_of_it.flush()
                while not state.exists():
                    self.assertIsNone(process.poll())
                    time.sleep(0.01)
                process.send_signal(signal.SIGINT)
                self.assertEqual(process.wait(servers.PATIENCE), 1)
            self.assertEqual(process.stdout.read(), "1 records, and targets are left\n")
        self.assertEqual(len(output.read_text().splitlines()), 1)
        self.assertTrue(state.exists())


if __name__ == "__main__":
    unittest.main()
