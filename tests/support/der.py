# SPDX-License-Identifier: Apache-2.0
"""Writes DER (X.690) and certificates (RFC 5280) out of it, octet by octet, so that a test can also
make what no careful tool would. Standard library only."""

import base64
import datetime
import ipaddress

BIT_STRING, OCTET_STRING, OBJECT_IDENTIFIER = 3, 4, 6
UTF8_STRING, NUMERIC_STRING, PRINTABLE_STRING, TELETEX_STRING, IA5_STRING = 12, 18, 19, 20, 22
VISIBLE_STRING, UNIVERSAL_STRING, BMP_STRING = 26, 28, 30
UTC_TIME, GENERALIZED_TIME = 23, 24
SEQUENCE, SET = 0x30, 0x31

OIDS = {
    "commonName": "2.5.4.3",
    "serialNumber": "2.5.4.5",
    "countryName": "2.5.4.6",
    "localityName": "2.5.4.7",
    "stateOrProvinceName": "2.5.4.8",
    "organizationName": "2.5.4.10",
    "organizationalUnitName": "2.5.4.11",
    "description": "2.5.4.13",
    "emailAddress": "1.2.840.113549.1.9.1",
    "domainComponent": "0.9.2342.19200300.100.1.25",
    "subjectKeyIdentifier": "2.5.29.14",
    "keyUsage": "2.5.29.15",
    "subjectAltName": "2.5.29.17",
    "basicConstraints": "2.5.29.19",
    "cRLDistributionPoints": "2.5.29.31",
    "authorityKeyIdentifier": "2.5.29.35",
    "extKeyUsage": "2.5.29.37",
    "authorityInfoAccess": "1.3.6.1.5.5.7.1.1",
    "ocsp": "1.3.6.1.5.5.7.48.1",
    "caIssuers": "1.3.6.1.5.5.7.48.2",
    "serverAuth": "1.3.6.1.5.5.7.3.1",
    "clientAuth": "1.3.6.1.5.5.7.3.2",
    "ecdsa-with-SHA256": "1.2.840.10045.4.3.2",
    "id-ecPublicKey": "1.2.840.10045.2.1",
    "prime256v1": "1.2.840.10045.3.1.7",
}


def tlv(tag: int, *contents: bytes) -> bytes:
    """One element; `tag` is the identifier octet."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def sequence(*items: bytes) -> bytes:
    return tlv(SEQUENCE, *items)


def set_of(*items: bytes) -> bytes:
    """Sorted, as X.690, 11.6 asks."""
    return tlv(SET, *sorted(items))


def integer(value: int) -> bytes:
    size = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return tlv(2, value.to_bytes(size, "big", signed=True))


def boolean(value: bool) -> bytes:
    return tlv(1, b"\xff" if value else b"\x00")


def bit_string(octets: bytes, unused: int = 0) -> bytes:
    return tlv(BIT_STRING, bytes([unused]), octets)


def octet_string(octets: bytes) -> bytes:
    return tlv(OCTET_STRING, octets)


def oid_content(dotted: str) -> bytes:
    first, second, *rest = (int(arc) for arc in OIDS.get(dotted, dotted).split("."))
    content = bytearray()
    for arc in (first * 40 + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | arc & 0x7F)
        content += bytes(reversed(groups))
    return bytes(content)


def oid(dotted: str) -> bytes:
    """Of a dotted OBJECT IDENTIFIER or a name of OIDS."""
    return tlv(OBJECT_IDENTIFIER, oid_content(dotted))


def context(number: int, *contents: bytes) -> bytes:
    """[number], constructed: an EXPLICIT tag, or an IMPLICIT one on a SEQUENCE."""
    return tlv(0xA0 | number, *contents)


def context_primitive(number: int, content: bytes) -> bytes:
    return tlv(0x80 | number, content)


def string(tag: int, text: str) -> bytes:
    """Text in the encoding that belongs to the string type."""
    codec = {UTF8_STRING: "utf-8", BMP_STRING: "utf-16-be", UNIVERSAL_STRING: "utf-32-be"}
    return tlv(tag, text.encode(codec.get(tag, "latin-1")))


def time(when: datetime.datetime) -> bytes:
    """UTCTime through 2049, then GeneralizedTime: RFC 5280, 4.1.2.5."""
    if 1950 <= when.year < 2050:
        return tlv(UTC_TIME, when.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(GENERALIZED_TIME, f"{when.year:04}{when:%m%d%H%M%S}Z".encode())


def name(*rdns) -> bytes:
    """A Name of RDNs, each a list of (type, value); a `str` as value becomes a UTF8String."""

    def attribute(kind, value):
        encoded = string(UTF8_STRING, value) if isinstance(value, str) else value
        return sequence(oid(kind), encoded)

    return sequence(*(set_of(*(attribute(*pair) for pair in rdn)) for rdn in rdns))


def common_name(text: str) -> bytes:
    return name([("commonName", text)])


# GeneralName, RFC 5280, 4.2.1.6.
def email(octets: bytes) -> bytes:
    return context_primitive(1, octets)


def dns(octets: bytes) -> bytes:
    return context_primitive(2, octets)


def uri(octets: bytes) -> bytes:
    return context_primitive(6, octets)


def directory_name(encoded_name: bytes) -> bytes:
    return context(4, encoded_name)


def ip_address(text: str) -> bytes:
    return context_primitive(7, ipaddress.ip_address(text).packed)


def registered_id(dotted: str) -> bytes:
    return context_primitive(8, oid_content(dotted))


def other_name(dotted: str, value: bytes) -> bytes:
    return context(0, oid(dotted), context(0, value))


def extension(kind: str, value: bytes, critical: bool = False) -> bytes:
    flag = boolean(True) if critical else b""
    return sequence(oid(kind), flag, octet_string(value))


def subject_alt_name(*general_names: bytes) -> bytes:
    return extension("subjectAltName", sequence(*general_names))


def authority_info_access(*descriptions) -> bytes:
    """Of (method, GeneralName) pairs."""
    access = (sequence(oid(method), location) for method, location in descriptions)
    return extension("authorityInfoAccess", sequence(*access))


def crl_distribution_points(*uris: bytes) -> bytes:
    """One DistributionPoint with a fullName for each URI."""
    points = (sequence(context(0, context(0, uri(each)))) for each in uris)
    return extension("cRLDistributionPoints", sequence(*points))


SIGNATURE_ALGORITHM = sequence(oid("ecdsa-with-SHA256"))
# A subjectPublicKeyInfo for certificates that are only decoded: the frame of a P-256 key.
SOME_PUBLIC_KEY = sequence(
    sequence(oid("id-ecPublicKey"), oid("prime256v1")), bit_string(b"\x04" + bytes(64)))


def tbs_certificate(*, serial: bytes, issuer: bytes, subject: bytes, not_before: bytes,
                    not_after: bytes, public_key: bytes = SOME_PUBLIC_KEY,
                    extensions=(), version: bytes = context(0, integer(2))) -> bytes:
    """All arguments are encoded elements; `version` may be empty."""
    tail = context(3, sequence(*extensions)) if extensions else b""
    return sequence(version, serial, SIGNATURE_ALGORITHM, issuer, sequence(not_before, not_after),
                    subject, public_key, tail)


def certificate(tbs: bytes, signature: bytes = bytes(64)) -> bytes:
    return sequence(tbs, SIGNATURE_ALGORITHM, bit_string(signature))


def to_pem(der: bytes, label: str = "CERTIFICATE") -> str:
    text = base64.b64encode(der).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])
