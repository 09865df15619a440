# SPDX-License-Identifier: Apache-2.0
"""STARTTLS with the servers that Debian packages: what is not installed is skipped."""

import hashlib
import subprocess
import unittest

from support import clients, pki
from support.servers import PATIENCE
from support.start_tls_servers import SERVERS


def ask(protocol: str, server) -> str:
    """What the program prints: the SHA-256 of the certificate, or why there is none."""
    command = [clients.built("PEERCERT_START_TLS_CLIENT"), protocol, server.host,
               str(server.ports[protocol]), pki.HOST]
    done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False, text=True)
    return (done.stdout + done.stderr).strip()


class StartTlsTest(unittest.TestCase):
    def check(self, kind):
        if reason := kind.why_not():
            self.skipTest(reason)
        identity = pki.shared().server()
        with kind(identity) as server:
            for protocol in kind.protocols:
                with self.subTest(protocol):
                    self.assertEqual(ask(protocol, server),
                                     hashlib.sha256(identity.der).hexdigest(), server.output())


def _add_tests():
    for kind in SERVERS:
        setattr(StartTlsTest, f"test_{kind.__name__.lower()}", lambda self, k=kind: self.check(k))


_add_tests()

if __name__ == "__main__":
    unittest.main()
