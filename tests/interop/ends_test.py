# SPDX-License-Identifier: Apache-2.0
"""Both ends of a connection, each once Python's SSLObject and once peercert's: whoever is at the
other end, an end has to tell the same as Python's with Python's."""

import itertools
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest

from support import clients, der, pki
from support.servers import PATIENCE, TLS_VERSIONS

HOST, OTHER = "server.example.test", "other.example.test"


class PythonEnd(threading.Thread):
    """What tls_end.cpp does, with Python's ssl module."""

    def __init__(self, sock, role, folder, version, words):
        super().__init__(daemon=True)
        self.sock, self.folder, self.version = sock, folder, version
        self.server, self.words, self.told = role == "server", words, []
        hosts = [word.removeprefix("host=") for word in words if word.startswith("host=")]
        self.host = hosts[0] if hosts else HOST
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()

    def tell(self, *words):
        self.told.append(" ".join(map(str, words)))

    def finish(self, call, *arguments):
        while True:
            try:
                return call(*arguments)
            except ssl.SSLWantReadError:
                self.flush()
                octets = self.sock.recv(1000)
                self.incoming.write(octets) if octets else self.incoming.write_eof()
            finally:
                self.flush()

    def flush(self):
        if octets := self.outgoing.read():
            self.sock.sendall(octets)

    def context(self, name):
        purpose = ssl.Purpose.CLIENT_AUTH if self.server else ssl.Purpose.SERVER_AUTH
        context = ssl.create_default_context(purpose, cafile=self.folder / "ca.pem")
        context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
        context.minimum_version = context.maximum_version = TLS_VERSIONS[self.version]
        context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        context.post_handshake_auth = "pha" in self.words
        if self.server and "pha" in self.words:
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def run_once(self, context, session=None):
        options = {"server_side": True} if self.server else {"server_hostname": self.host,
                                                             "session": session}
        end = context.wrap_bio(self.incoming, self.outgoing, **options)
        self.finish(end.do_handshake)
        self.tell("version", end.version())
        self.tell("cipher", end.cipher()[0])
        self.tell("reused", end.session_reused)
        if "binding" in self.words:
            self.tell("binding", end.get_channel_binding().hex())
        self.converse(end)
        session = end.session
        self.finish(end.unwrap)
        return session

    def converse(self, end):
        asks_later = self.server and "pha" in self.words
        self.tell("peer", end.getpeercert())
        if asks_later:
            end.verify_client_post_handshake()
        if self.server:
            self.finish(end.write, b"world")
        self.tell("read", self.finish(end.read, 256).decode())
        if not self.server:
            self.finish(end.write, b"hello")
        if asks_later:
            self.tell("peer", end.getpeercert())

    def choose(self, end, name, _):
        self.tell("name", name)
        if name == OTHER:
            end.context = self.context("other")

    def run(self):
        with self.sock:
            try:
                context = self.context("server" if self.server else "client")
                if self.server and "sni" in self.words:
                    context.sni_callback = self.choose
                session = self.run_once(context)
                if "resume" in self.words:
                    self.run_once(context, None if self.server else session)
            except ssl.SSLError as error:
                self.tell("error", error.reason)

    def result(self):
        self.join(PATIENCE)
        return self.told


class PeercertEnd:
    """The program tls_end."""

    def __init__(self, sock, *arguments):
        self.sock, (role, folder, version, words) = sock, arguments
        self.command = [clients.built("PEERCERT_TLS_END"), role, folder, version, *words]

    def start(self):
        with self.sock:
            self.process = subprocess.Popen(self.command, stdin=self.sock, stdout=self.sock,
                                            stderr=subprocess.PIPE)

    def result(self):
        _, told = self.process.communicate(timeout=PATIENCE)
        return told.decode().splitlines()


def conversation(client, server, *arguments):
    """What the client and the server told."""
    ours, theirs = socket.socketpair()
    for sock in (ours, theirs):
        sock.settimeout(None)
    ends = [client(ours, "client", *arguments), server(theirs, "server", *arguments)]
    for end in ends:
        end.start()
    return tuple(end.result() for end in ends)


class EndsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="peercert-ends-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        authority = pki.shared()
        other = authority.issue("other", alt_names=(der.dns(OTHER.encode()),))
        for name, identity in (("server", authority.server()), ("other", other),
                               ("client", authority.client())):
            shutil.copy(identity.chain, cls.folder / f"{name}.pem")
            shutil.copy(identity.key, cls.folder / f"{name}.key")
        shutil.copy(authority.cafile, cls.folder / "ca.pem")

    def agreed(self, version, *words):
        """What each pair of ends told: the same. Lines of the client, and of the server."""
        expected = conversation(PythonEnd, PythonEnd, self.folder, version, words)
        for ends in itertools.product((PythonEnd, PeercertEnd), repeat=2):
            told = conversation(*ends, self.folder, version, words)
            with self.subTest(ends=[end.__name__ for end in ends], version=version, words=words):
                self.assertEqual(told, expected)
        return expected

    def test_memory_bio(self):
        for version in TLS_VERSIONS:
            client, server = self.agreed(version)
            self.assertIn(f"version TLSv{version}", client)
            self.assertIn("read hello", server)
            self.assertIn("peer None", server)

    def test_sessions(self):
        for version in TLS_VERSIONS:
            client, server = self.agreed(version, "resume")
            for told in client, server:
                reused = [line for line in told if line.startswith("reused")]
                self.assertEqual(reused, ["reused False", "reused True"])

    def test_channel_bindings(self):
        def bindings(told):
            return [line for line in told if line.startswith("binding")]

        for ends in itertools.product((PythonEnd, PeercertEnd), repeat=2):
            client, server = conversation(*ends, self.folder, "1.2", ("binding", "resume"))
            with self.subTest(ends=[end.__name__ for end in ends]):
                self.assertEqual(bindings(client), bindings(server))
                self.assertEqual(len(set(bindings(client))), 2)  # the session was made, and resumed
                for line in bindings(client):
                    self.assertRegex(line, "^binding [0-9a-f]{24}$")

        # In TLS 1.3 tls-unique is not defined: RFC 9266, 1. Python gives octets all the same.
        client, server = conversation(PeercertEnd, PythonEnd, self.folder, "1.3", ("binding",))
        self.assertEqual(bindings(client), ["binding ValueError"])
        self.assertRegex(bindings(server)[0], "^binding [0-9a-f]{96}$")

    def test_server_names(self):
        for version, host in itertools.product(TLS_VERSIONS, (HOST, OTHER, "127.0.0.1")):
            client, server = self.agreed(version, "sni", f"host={host}")
            self.assertIn(f"name {None if host[0].isdigit() else host}", server)
            self.assertTrue(any(host in line for line in client))

    def test_post_handshake_auth(self):
        _, server = self.agreed("1.3", "pha")
        before, after = [line for line in server if line.startswith("peer")]
        self.assertEqual(before, "peer None")
        self.assertIn("someone@example.test", after)

    def test_internationalized_names(self):
        for version in TLS_VERSIONS:
            client, server = self.agreed(version, "sni", "host=könig.example.test")
            self.assertEqual(client, ["error CERTIFICATE_VERIFY_FAILED"])
            self.assertEqual(server[0], "name xn--knig-5qa.example.test")


if __name__ == "__main__":
    unittest.main()
