# SPDX-License-Identifier: Apache-2.0
"""A public key infrastructure for one test run: a root, an intermediate, and whatever leaf a test
asks for. The openssl program makes the keys and the signatures; what is signed is written here, so
that any name, time, purpose or extension can be had. Everything passes OpenSSL's X509_STRICT."""

import atexit
import dataclasses
import datetime
import functools
import hashlib
import itertools
import pathlib
import subprocess
import tempfile

from support import der

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DAY = datetime.timedelta(days=1)
HOST = "server.example.test"
PASSWORD = "correct horse"

_KEY_OPTIONS = {
    "rsa": ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
    "p256": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
    "ed25519": ("-algorithm", "ED25519"),
}
_DIGITAL_SIGNATURE = der.bit_string(b"\x80", unused=7)
_CERT_AND_CRL_SIGN = der.bit_string(b"\x06", unused=1)

# The names that every server of the tests goes by.
SERVER_NAMES = (der.dns(HOST.encode()), der.dns(b"localhost"), der.ip_address("127.0.0.1"),
                der.ip_address("::1"))


def openssl(*arguments, stdin: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *map(str, arguments)], input=stdin, capture_output=True,
                          timeout=60, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr.decode(errors='replace')}")
    return done.stdout


@dataclasses.dataclass(frozen=True)
class Identity:
    """A certificate and its key, as the files that servers and clients load."""
    subject: bytes             # Name, DER
    der: bytes                 # the certificate
    certificate: pathlib.Path  # PEM, this certificate alone
    chain: pathlib.Path        # PEM, leaf first, without the root
    key: pathlib.Path          # PEM
    key_id: bytes              # subjectKeyIdentifier
    self_signed: bool


class Pki:
    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self._serials, self._files = itertools.count(0x1000), itertools.count(1)
        self.root = self.issue("root", ca=True, self_signed=True)
        self.intermediate = self.issue("intermediate", ca=True, issuer=self.root)
        self.cafile = self.root.certificate

    @functools.cache
    def key(self, kind: str) -> pathlib.Path:
        """A private key: one for each kind ("rsa", "p256", "ed25519") and any suffix ("p256-2")."""
        path = self.folder / f"{kind}.key"
        openssl("genpkey", *_KEY_OPTIONS[kind.split("-")[0]], "-out", path)
        return path

    @functools.cache
    def encrypted_key(self, kind: str) -> pathlib.Path:
        """The same key, under PASSWORD."""
        path = self.folder / f"{kind}.encrypted.key"
        openssl("pkey", "-in", self.key(kind), "-aes-256-cbc", "-passout", f"pass:{PASSWORD}",
                "-out", path)
        return path

    @functools.cache
    def public_key(self, kind: str) -> bytes:
        return openssl("pkey", "-in", self.key(kind), "-pubout", "-outform", "DER")

    def server(self, kind: str = "p256") -> Identity:
        """The same one each time, for a kind of key."""
        return self._usual("server", kind)

    def client(self, kind: str = "p256") -> Identity:
        return self._usual("client", kind)

    @functools.cache
    def _usual(self, role: str, kind: str) -> Identity:
        alt_names = SERVER_NAMES if role == "server" else (der.email(b"someone@example.test"),)
        return self.issue(f"{role}-{kind}", kind=kind, purpose=f"{role}Auth", alt_names=alt_names)

    def issue(self, label: str, *, issuer: Identity | None = None, self_signed: bool = False,
              kind: str | None = None, subject: bytes | None = None, alt_names=SERVER_NAMES,
              purpose: str = "serverAuth", not_before=NOW - DAY, not_after=NOW + 30 * DAY,
              ca: bool = False, serial: int | None = None, extensions=()) -> Identity:
        """A certificate of the intermediate's, unless another issuer is given or it is self-signed.
        Self-signed ones have to have a P-256 key, since all signatures are ECDSA."""
        kind = kind or (f"p256-{label}" if ca else "p256")
        issuer = None if self_signed else issuer or self.intermediate
        subject = subject or der.common_name(f"peercert test {label}")
        key_id = hashlib.sha1(self.public_key(kind)).digest()
        profile = _ca_extensions() if ca else _leaf_extensions(alt_names, purpose)
        tbs = der.tbs_certificate(
            serial=der.integer(serial if serial is not None else next(self._serials)),
            issuer=issuer.subject if issuer else subject, subject=subject,
            not_before=der.time(not_before), not_after=der.time(not_after),
            public_key=self.public_key(kind),
            extensions=[*profile, *_key_ids(key_id, issuer.key_id if issuer else key_id),
                        *extensions])
        signing_key = issuer.key if issuer else self.key(kind)
        signature = openssl("dgst", "-sha256", "-sign", signing_key, stdin=tbs)
        return self._write(label, subject, der.certificate(tbs, signature), kind, key_id, issuer)

    def crl(self, issuer: Identity, revoked=(), *, this_update=NOW - DAY,
            next_update=NOW + DAY) -> bytes:
        """A CertificateList in DER; `revoked` are serial numbers. RFC 5280, 5.1."""
        entries = [der.sequence(der.integer(serial), der.time(this_update)) for serial in revoked]
        extensions = der.sequence(_key_ids(b"", issuer.key_id)[1],
                                  der.extension("2.5.29.20", der.integer(1)))
        tbs = der.sequence(der.integer(1), der.SIGNATURE_ALGORITHM, issuer.subject,
                           der.time(this_update), der.time(next_update),
                           *([der.sequence(*entries)] if entries else []),
                           der.context(0, extensions))
        signature = openssl("dgst", "-sha256", "-sign", issuer.key, stdin=tbs)
        return der.certificate(tbs, signature)

    def _write(self, label, subject, certificate, kind, key_id, issuer) -> Identity:
        stem = f"{label}-{next(self._files)}"  # labels may come again
        path, chain = self.folder / f"{stem}.pem", self.folder / f"{stem}.chain.pem"
        path.write_text(der.to_pem(certificate))
        # A self-signed issuer is not sent: whoever verifies has it already.
        sent_above = issuer.chain.read_text() if issuer and not issuer.self_signed else ""
        chain.write_text(path.read_text() + sent_above)
        return Identity(subject, certificate, path, chain, self.key(kind), key_id, issuer is None)


def _ca_extensions():
    return (der.extension("basicConstraints", der.sequence(der.boolean(True)), critical=True),
            der.extension("keyUsage", _CERT_AND_CRL_SIGN, critical=True))


def _leaf_extensions(alt_names, purpose):
    yield der.extension("keyUsage", _DIGITAL_SIGNATURE, critical=True)
    yield der.extension("extKeyUsage", der.sequence(der.oid(purpose)))
    if alt_names:
        yield der.subject_alt_name(*alt_names)


def _key_ids(subject_key_id, authority_key_id):
    authority = der.sequence(der.context_primitive(0, authority_key_id))
    return (der.extension("subjectKeyIdentifier", der.octet_string(subject_key_id)),
            der.extension("authorityKeyIdentifier", authority))


def rich_leaf(pki: Pki, purpose: str = "serverAuth") -> Identity:
    """A certificate whose dict has every key, every kind of string, and awkward characters."""
    subject = der.name(
        [("countryName", der.string(der.PRINTABLE_STRING, "DE"))],
        [("domainComponent", der.string(der.IA5_STRING, "example")),
         ("organizationalUnitName", "two in"), ("organizationalUnitName", "one RDN")],
        [("organizationName", "Grüße, Ελλάδα, 日本 🔑")],
        [("localityName", der.string(der.BMP_STRING, "Łódź — BMP"))],
        [("stateOrProvinceName", der.string(der.UNIVERSAL_STRING, "four octets 𝔘"))],
        [("description", der.string(der.TELETEX_STRING, "Latin-1: é\x80ÿ"))],
        [("description", "it's \"quoted\" \\ and\ttabbed\nand \x1b[31mred\x7f\u202e\u2028")],
        [("serialNumber", der.bit_string(b"\x0a\x1b\xf0", unused=4))],
        [("1.3.6.1.4.1.55555.1.2", "an OID without a name")],
        [("commonName", "embedded\0nul.example.test")],
    )
    alt_names = SERVER_NAMES + (
        der.dns(b"nul\0.example.test"), der.dns(b"*.wild.example.test"), der.dns(b""),
        der.email("jürgen@example.test".encode()), der.uri(b"https://example.test/?q='\"\\"),
        der.directory_name(der.name([("organizationName", "a directory name")])),
        der.registered_id("1.2.840.113549.1.1.11"), der.registered_id("2.999.7"),
        der.other_name("1.3.6.1.4.1.311.20.2.3", der.string(der.UTF8_STRING, "upn@example.test")),
        der.other_name("1.3.6.1.4.1.55555.9", der.integer(7)),
    )
    extensions = (
        der.authority_info_access(("ocsp", der.uri(b"http://ocsp.example.test/a")),
                                  ("caIssuers", der.uri(b"http://ca.example.test/b.cer")),
                                  ("ocsp", der.uri(b"http://ocsp.example.test/c"))),
        der.crl_distribution_points(b"http://crl.example.test/1.crl", b"ldap://crl.example.test/2"),
    )
    return pki.issue("rich", subject=subject, alt_names=alt_names, purpose=purpose,
                     extensions=extensions, serial=-0x1234567890ABCDEF,
                     not_after=NOW.replace(year=2055, day=1))


@functools.cache
def shared() -> Pki:
    """The PKI of this process; its folder goes when the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="peercert-pki-")
    atexit.register(folder.cleanup)
    return Pki(pathlib.Path(folder.name))
