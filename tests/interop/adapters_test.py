# SPDX-License-Identifier: Apache-2.0
"""The examples for other people's libraries: every client against every server, each with mutual
TLS and the library's own connection. Both ends print what Python's ssl module says there, and on
standard error who the peer is."""

import pathlib
import subprocess
import unittest

from support import clients, pki, servers
from support.servers import ProcessServer, PythonServer

EXAMPLES = pathlib.Path(clients.built("PEERCERT_EXAMPLES"))
CLIENTS = ("asio_client", "beast_client", "curl_client", "httplib_client")
SERVERS = ("asio_server", "beast_server", "httplib_server", "openssl_server")


def built(names):
    """An example is left out where its library is not installed."""
    return [name for name in names if (EXAMPLES / name).exists()]


class ExampleServer(ProcessServer):
    """An example that is a server: it prints its port, and requires certificates of its clients."""

    def __init__(self, name, identity, cafile):
        super().__init__(identity, cafile=cafile, verify="required")
        self.name = name

    def start(self, stack) -> int:
        command = [EXAMPLES / self.name, self.cafile, self.identity.chain, self.identity.key]
        process = self.run(stack, list(map(str, command)))
        return int(self.wait_for(process, lambda: self.output().partition("\n")[0]))


class AdaptersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pki = pki.shared()
        cls.clients = built(CLIENTS)
        if not cls.clients:
            raise unittest.SkipTest("none of the libraries is installed")

    def run_client(self, name, server, *, host="localhost", cafile=None, identity=None):
        command = [EXAMPLES / name, host, server.port, cafile or self.pki.cafile]
        if identity:
            command += [identity.chain, identity.key]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False,
                              timeout=servers.PATIENCE)

    def assert_refused(self, run, reason):
        """The certificate and what is wrong with it, and nothing of the server's."""
        self.assertEqual((run.returncode, run.stdout), (1, ""), run)
        self.assertRegex(run.stderr, rf"\Afailed: CN=peercert test .*: {reason}.*\n\w+_client: .")

    def python_sees(self, identity, **settings):
        """What the two ends of a connection of Python's say of each other: (server's, client's)."""
        with PythonServer(self.pki.server(), verify="required", cafile=self.pki.cafile) as server:
            answer = clients.python_answer("localhost", server.port, cafile=self.pki.cafile,
                                           identity=identity, **settings)
        return answer.peercert, server.peers[0]


class Connected(AdaptersTest):
    def test_every_client_and_server(self):
        client_identity = self.pki.client()
        server_dict, client_dict = self.python_sees(client_identity)
        for server_name in built(SERVERS):
            with ExampleServer(server_name, self.pki.server(), self.pki.cafile) as server:
                for client in self.clients:
                    with self.subTest(client=client, server=server_name):
                        run = self.run_client(client, server, identity=client_identity)
                        self.assertEqual(run.returncode, 0, run)
                        self.assertRegex(run.stderr, r"\Averified: CN=.* names localhost\n\Z")
                        first, *_, last = run.stdout.splitlines()
                        self.assertEqual((first, last), (repr(server_dict), repr(client_dict)))
                self.assertRegex(server.output(), r"\nverified: CN=peercert test client")

    def test_an_address_is_a_name_too(self):
        with PythonServer(self.pki.server()) as server:
            for client in self.clients:
                with self.subTest(client):
                    run = self.run_client(client, server, host="127.0.0.1")
                    self.assertEqual(run.returncode, 0, run)
                    self.assertRegex(run.stderr, r"\Averified: .* names 127\.0\.0\.1\n")

    def test_an_awkward_certificate(self):
        identity = pki.rich_leaf(self.pki)
        with PythonServer(identity) as server:
            expected = clients.python_answer("localhost", server.port, cafile=self.pki.cafile)
            for client in self.clients:
                with self.subTest(client):
                    run = self.run_client(client, server)
                    self.assertEqual(run.stdout.splitlines()[0], repr(expected.peercert), run)


class Refused(AdaptersTest):
    def assert_clients_refuse(self, reason, identity, **settings):
        with PythonServer(identity) as server:
            for client in self.clients:
                with self.subTest(client):
                    self.assert_refused(self.run_client(client, server, **settings), reason)

    def test_another_name(self):
        other = self.pki.issue("other", alt_names=[pki.der.dns(b"other.example.test")])
        self.assert_clients_refuse("hostname mismatch", other)
        self.assert_clients_refuse("IP address mismatch", other, host="127.0.0.1")

    def test_an_unknown_ca(self):
        stranger = self.pki.issue("stranger", self_signed=True)
        self.assert_clients_refuse("self-signed certificate", stranger)
        self.assert_clients_refuse("unable to get local issuer certificate", self.pki.server(),
                                   cafile=stranger.certificate)

    def test_an_expired_certificate(self):
        expired = self.pki.issue("old", not_after=pki.NOW - pki.DAY / 2)
        self.assert_clients_refuse("certificate has expired", expired)

    def test_servers_refuse_clients(self):
        stranger = self.pki.issue("stranger", self_signed=True, purpose="clientAuth")
        expired = self.pki.issue("old", purpose="clientAuth", not_after=pki.NOW - pki.DAY / 2)
        client = self.clients[0]
        for name in built(SERVERS):
            with ExampleServer(name, self.pki.server(), self.pki.cafile) as server:
                for identity in (None, stranger, expired):
                    with self.subTest(server=name, identity=identity and identity.certificate.stem):
                        run = self.run_client(client, server, identity=identity)
                        self.assertNotIn("200 OK", run.stdout)
                # The next one is served all the same.
                run = self.run_client(client, server, identity=self.pki.client())
                self.assertIn("200 OK", run.stdout)
                # httplib tells nobody of connections that fail.
                if name != "httplib_server":
                    for line in ("absent: ", "failed: CN=peercert test stranger: self-signed",
                                 "failed: CN=peercert test old: certificate has expired"):
                        self.assertIn(line, server.output())


if __name__ == "__main__":
    unittest.main()
