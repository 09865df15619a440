# SPDX-License-Identifier: Apache-2.0
"""peercert's SSLSocket as a server, under Python's ssl, `openssl s_client` and curl as clients.
Each client is also sent to a server of Python's ssl, which has to see the same."""

import dataclasses
import pathlib
import shutil
import ssl
import subprocess
import time
import unittest

from support import clients, pki
from support.servers import PATIENCE, ProcessServer, PythonServer

REQUEST = b"GET / HTTP/1.0\r\n\r\n"


class DictServer(ProcessServer):
    """The program dict_server: `peers` holds its line for each connection so far."""

    def start(self, stack) -> int:
        command = [clients.built("PEERCERT_DICT_SERVER"), self.verify, self.identity.chain,
                   self.identity.key, self.cafile]
        self.process = self.run(stack, list(map(str, command)))
        return int(self.wait_for(self.process, lambda: self.output().partition("\n")[0]))

    @property
    def peers(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"dict_server is gone: {self.output()}")
        return self.output().split("\n")[1:-1]


def line_of(peer) -> str:
    """What dict_server prints, for an entry of PythonServer.peers."""
    if isinstance(peer, ssl.SSLCertVerificationError):
        return f"{peer.reason} {peer.verify_code} {peer.verify_message}"
    return peer.reason if isinstance(peer, ssl.SSLError) else repr(peer)


@dataclasses.dataclass(frozen=True)
class PythonClient:
    cafile: pathlib.Path
    version: str | None = None

    def ask(self, port, identity) -> str:
        context = clients.client_context(cafile=self.cafile, identity=identity,
                                         version=self.version)
        with clients.connected(context, "localhost", port) as tls:
            tls.sendall(REQUEST)
            return b"".join(iter(lambda: tls.recv(4096), b"")).decode()


@dataclasses.dataclass(frozen=True)
class SClient:
    cafile: pathlib.Path
    version: str | None = None

    def ask(self, port, identity) -> str:
        command = ["openssl", "s_client", "-quiet", "-verify_quiet", "-verify_return_error",
                   "-connect", f"localhost:{port}", "-CAfile", self.cafile]
        if self.version:
            command.append({"1.2": "-tls1_2", "1.3": "-tls1_3"}[self.version])
        if identity:
            command += ["-cert", identity.certificate, "-key", identity.key,
                        "-cert_chain", identity.chain]
        return run(command, stdin=REQUEST)


@dataclasses.dataclass(frozen=True)
class Curl:
    cafile: pathlib.Path
    version: str | None = None

    def ask(self, port, identity) -> str:
        command = ["curl", "--silent", "--http1.0", "--include", "--cacert", self.cafile]
        if self.version:
            command += [f"--tlsv{self.version}", "--tls-max", self.version]
        if identity:
            command += ["--cert", identity.chain, "--key", identity.key]
        return run([*command, f"https://localhost:{port}/"])


def run(command, stdin=b"") -> str:
    done = subprocess.run(list(map(str, command)), input=stdin, capture_output=True,
                          timeout=PATIENCE, check=False)
    return done.stdout.decode()


CLIENTS = [PythonClient, SClient] + ([Curl] if shutil.which("curl") else [])


class Server(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pki = pki.shared()
        cls.client_options = [make(cls.pki.cafile, version)
                              for make in CLIENTS for version in ("1.2", "1.3")]

    def servers(self, verify):
        settings = {"verify": verify, "cafile": self.pki.cafile}
        return (DictServer(self.pki.server(), **settings),
                PythonServer(self.pki.server(), **settings))

    def assert_agree(self, verify, identities):
        """Every client with every identity: both servers see the same. Gives the set of lines."""
        seen = set()
        ours, pythons = self.servers(verify)
        with ours, pythons:
            for client in self.client_options:
                for identity in identities:
                    name = identity and identity.certificate.stem
                    with self.subTest(client=client, identity=name, verify=verify):
                        line = self.visit(ours, client, identity)
                        self.assertEqual(line, self.visit(pythons, client, identity))
                        seen.add(line)
        return seen

    def visit(self, server, client, identity):
        """What the server says of one visit; it has told the client the same."""
        before = len(server.peers)
        try:
            response = client.ask(server.port, identity)
        except ssl.SSLError:
            response = ""
        entry = self.peer_after(server, before)
        line = line_of(entry) if isinstance(server, PythonServer) else entry
        told = f"HTTP/1.0 200 OK\r\n\r\n{line}\n"
        self.assertEqual(response, told if line == "None" or line.startswith("{") else "")
        return line

    def peer_after(self, server, before):
        """The entry of `peers` behind so many others; a server may be slower than its client."""
        deadline = time.monotonic() + PATIENCE
        while len(server.peers) == before:
            self.assertLess(time.monotonic(), deadline, "the server has not noticed the client")
            time.sleep(0.005)
        entry, = server.peers[before:]
        return entry

    def test_required(self):
        identities = [self.pki.client(key) for key in ("rsa", "p256", "ed25519")]
        seen = self.assert_agree("required", identities)
        self.assertEqual(len(seen), len(identities))
        seen = self.assert_agree("required", [None])
        self.assertEqual(seen, {"PEER_DID_NOT_RETURN_A_CERTIFICATE"})

    def test_optional(self):
        seen = self.assert_agree("optional", [None, self.pki.client()])
        self.assertEqual(len(seen), 2)
        self.assertIn("None", seen)

    def test_none_asks_for_no_certificate(self):
        self.assertEqual(self.assert_agree("none", [None, self.pki.client()]), {"None"})

    def test_rich_client_certificate(self):
        identity = pki.rich_leaf(self.pki, purpose="clientAuth")
        line, = self.assert_agree("required", [identity])
        self.assertIn(r"\x1b[31mred\x7f\u202e\u2028", line)

    def test_refused_clients(self):
        client = {"purpose": "clientAuth"}
        stranger = self.pki.issue("stranger", ca=True, self_signed=True)
        refused = {
            10: self.pki.issue("expired", not_after=pki.NOW - pki.DAY / 2, **client),
            9: self.pki.issue("future", not_before=pki.NOW + pki.DAY, **client),
            18: self.pki.issue("self-signed", self_signed=True, **client),
            20: self.pki.issue("unknown-authority", issuer=stranger, **client),
            26: self.pki.issue("wrong-purpose", purpose="serverAuth"),
        }
        for code, identity in refused.items():
            line, = self.assert_agree("required", [identity])
            self.assertIn(f"CERTIFICATE_VERIFY_FAILED {code} ", line)
        self.assertEqual(self.assert_agree("optional", [identity]), {line})

    def test_a_client_that_speaks_no_tls_does_no_harm(self):
        ours, _ = self.servers("none")
        with ours:
            for octets in (b"", REQUEST, b"\x16\x03\x01\x02\x00\x01", bytes(4096)):
                before = len(ours.peers)
                with clients.tcp("127.0.0.1", ours.port) as sock:
                    sock.sendall(octets)
                self.assertNotEqual(self.peer_after(ours, before), "None")
            self.assertEqual(self.visit(ours, self.client_options[0], None), "None")


if __name__ == "__main__":
    unittest.main()
