# SPDX-License-Identifier: Apache-2.0
"""What a hostile server costs a scan, in instructions of the program, beside an ordinary one. One
operation of OpenSSL's keeps an event loop busy, and all that have their turn in it wait."""

import os
import pathlib
import random
import struct
import subprocess
import tempfile
import unittest

from support import der, pki
from support.clients import built
from support.servers import PythonServer, RawServer

if "PEERCERT_TLS_FARM" not in os.environ:
    raise unittest.SkipTest("built without PEERCERT_SCAN")

# What is taken may cost this many ordinary handshakes: a DHE group of 4,096 bits, or a hundred
# certificates that are decoded by both library contexts.
MAX_RATIO = 300
# What is refused is refused before it is computed.
MAX_REFUSED_RATIO = 10
PATIENCE = 300  # seconds that valgrind may need

ECDHE_RSA, DHE_RSA = b"\xc0\x2f", b"\x00\x9e"  # with AES-128-GCM-SHA256
X25519_PARAMETERS = b"\x03\x00\x1d\x20" + bytes(31) + b"\x09"  # ECParameters, ECPoint
CERTIFICATE, SERVER_KEY_EXCHANGE, SERVER_HELLO, SERVER_HELLO_DONE = 11, 12, 2, 14
EC_PUBLIC_KEY, PRIME_FIELD = "1.2.840.10045.2.1", "1.2.840.10045.1.1"
# Of 660 bits. Square roots modulo k * 2^e + 1 take e^2 steps (Tonelli and Shanks).
SLOW_PRIME = (939_451 << 640) + 1


def vector(octets: bytes, len_len: int = 2) -> bytes:
    return len(octets).to_bytes(len_len, "big") + octets


def message(kind: int, content: bytes = b"") -> bytes:
    return bytes([kind]) + vector(content, 3)


def records(octets: bytes) -> bytes:
    parts = (octets[at:at + 16384] for at in range(0, len(octets), 16384))
    return b"".join(b"\x16\x03\x03" + vector(part) for part in parts)


def certificate_message(*certificates: bytes) -> bytes:
    return message(CERTIFICATE, vector(b"".join(vector(one, 3) for one in certificates), 3))


def _pairs(octets: bytes, length: bytes):
    """The cipher suites of a ClientHello."""
    return {octets[at:at + 2] for at in range(0, int.from_bytes(length[:2], "big"), 2)}


class Presenter(RawServer):
    """A server of TLS 1.2 that says what it is told to, and whose messages `signed_by` signs."""

    def __init__(self, *certificates, cipher=ECDHE_RSA, parameters=b"", signed_by=None,
                 signature_len=0):
        super().__init__(self._present)
        self._certificates, self._cipher = certificates, cipher
        self._parameters, self._signed_by = parameters, signed_by
        self._signature_len = signature_len  # of one that is wrong, which takes as long to see

    def _present(self, connection):
        hello = connection.recv(65536)
        ciphers_at = 44 + hello[43]  # after the session id
        if self._cipher not in _pairs(hello[ciphers_at + 2:], hello[ciphers_at:]):
            connection.sendall(b"\x15\x03\x03\0\x02\x02\x28")  # handshake_failure
            return
        our_random = os.urandom(32)
        flight = message(SERVER_HELLO, b"\x03\x03" + our_random + b"\0" + self._cipher + b"\0")
        flight += certificate_message(*self._certificates)
        if self._parameters:
            signed = hello[11:43] + our_random + self._parameters
            flight += message(SERVER_KEY_EXCHANGE,
                              self._parameters + b"\x04\x01" + vector(self._sign(signed)))
            flight += message(SERVER_HELLO_DONE)
        connection.sendall(records(flight))
        while connection.recv(65536):
            pass

    def _sign(self, octets):
        if self._signed_by is None:
            return b"\x5a" * self._signature_len
        return subprocess.run(["openssl", "dgst", "-sha256", "-sign", self._signed_by.key],
                              input=octets, capture_output=True, check=True).stdout


def leaf_with_key(public_key: bytes) -> bytes:
    name = der.common_name("leaf")
    return der.certificate(der.tbs_certificate(
        serial=der.integer(1), issuer=name, subject=name, not_before=der.time(pki.NOW),
        not_after=der.time(pki.NOW), public_key=public_key, extensions=()))


def slow_key() -> bytes:
    """An EC key whose curve the certificate makes up, and whose points are compressed."""
    prime, x, y = SLOW_PRIME, random.randrange(SLOW_PRIME), random.randrange(SLOW_PRIME)
    size = (prime.bit_length() + 7) // 8
    number = lambda value: (value % prime).to_bytes(size, "big")  # noqa: E731
    a = prime - 3
    point = bytes([2 + (y & 1)]) + number(x)
    parameters = der.sequence(
        der.integer(1), der.sequence(der.oid(PRIME_FIELD), der.integer(prime)),
        der.sequence(der.octet_string(number(a)), der.octet_string(number(y * y - x**3 - a * x))),
        der.octet_string(point), der.integer(prime), der.integer(1))
    return der.sequence(der.sequence(der.oid(EC_PUBLIC_KEY), parameters), der.bit_string(point))


def rsa_key(modulus_bits: int, exponent_bits: int) -> bytes:
    key = der.sequence(der.integer((1 << modulus_bits) - 1), der.integer((1 << exponent_bits) - 1))
    algorithm = der.sequence(der.oid("1.2.840.113549.1.1.1"), der.tlv(0x05))
    return der.sequence(algorithm, der.bit_string(key))


def dhe_parameters(bits: int) -> bytes:
    prime = random.getrandbits(bits) | 1 << (bits - 1) | 1
    public = random.getrandbits(bits - 10)
    return (vector(prime.to_bytes((bits + 7) // 8, "big")) + vector(b"\x02") +
            vector(public.to_bytes((bits + 7) // 8, "big")))


def instructions(server) -> int:
    """Of a scan of this one server."""
    with tempfile.TemporaryDirectory() as folder, server:
        targets = pathlib.Path(folder, "targets.txt")
        targets.write_text(f"{server.target}\n")
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", built("PEERCERT"),
             "scan", targets, "--verify", "none", "--quiet", "--threads", "1", "--timeout", "120",
             "--handshake-timeout", "100", "--format", "json"],
            capture_output=True, text=True, timeout=PATIENCE, check=True)
    [line] = [line for line in done.stderr.splitlines() if "Collected" in line]
    return int(line.rsplit(":", 1)[1])


class ScanCostTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        random.seed(1)
        cls.rsa = pki.shared().server("rsa")
        other = RawServer(lambda connection: connection.sendall(b"nonsense\n"))
        cls.empty = instructions(other)
        cls.ordinary = instructions(PythonServer(cls.rsa, version="1.2")) - cls.empty

    def ratio(self, *certificates, **settings):
        """How many ordinary handshakes a handshake costs."""
        return (instructions(Presenter(*certificates, **settings)) - self.empty) / self.ordinary

    def assert_bounded(self, *certificates, **settings):
        self.assertLess(self.ratio(*certificates, **settings), MAX_RATIO)

    def assert_refused(self, *certificates, **settings):
        self.assertLess(self.ratio(*certificates, **settings), MAX_REFUSED_RATIO)

    def test_dhe_group_of_10000_bits(self):
        self.assert_refused(self.rsa.der, cipher=DHE_RSA, signed_by=self.rsa,
                            parameters=dhe_parameters(10_000))

    def test_dhe_group_of_4096_bits(self):
        self.assert_bounded(self.rsa.der, cipher=DHE_RSA, signed_by=self.rsa,
                            parameters=dhe_parameters(4096))

    def test_curves_that_certificates_make_up(self):
        self.assert_refused(*[leaf_with_key(slow_key()) for _ in range(5)])

    def test_rsa_exponent_of_3072_bits(self):
        self.assert_refused(leaf_with_key(rsa_key(3072, 3071)), parameters=X25519_PARAMETERS,
                            signature_len=3072 // 8)

    def test_rsa_key_of_16384_bits(self):
        self.assert_refused(leaf_with_key(rsa_key(16_384, 64)), parameters=X25519_PARAMETERS,
                            signature_len=16_384 // 8)

    def test_thousands_of_certificates(self):
        self.assert_refused(*[os.urandom(4) for _ in range(9000)])
        self.assert_bounded(*[leaf_with_key(der.SOME_PUBLIC_KEY) for _ in range(100)])


if __name__ == "__main__":
    unittest.main()
