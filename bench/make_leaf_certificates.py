#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes leaf certificates as public CAs issue them, for benchmarks: the same ones at every run.

    bench/make_leaf_certificates.py FILE [COUNT]

writes COUNT (2000) certificates to FILE, each with its length in front: four octets, little-endian.

RSA-2048 and P-256 keys, 1 to 100 names, authorityInfoAccess, cRLDistributionPoints, policies and
two SCTs. The keys are well-formed and the signatures random: nothing here is meant to verify.
"""
import datetime
import pathlib
import random
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tests.support import der  # noqa: E402

# The field and the constant of P-256, FIPS 186-4, D.1.2.3.
P256_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
P256_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b

WORDS = """
alpha anchor api app assets auth beta billing blog cdn chat cloud cms console crm data demo dev
docs edge events files forum git help images intranet jobs lab login mail media mobile monitor
news office ops orders partner pay portal press proxy shop sso staging static status store
support test tools track video vpn web wiki www
""".split()
DOMAINS = [f"{a}{b}.{tld}"
           for a in ("acme", "blue", "north", "open", "river", "solar", "stone", "swift")
           for b in ("bank", "cloud", "data", "labs", "mart", "media", "soft", "works")
           for tld in ("com", "de", "example", "io", "net", "org")]
CAS = [(("US", "Example Trust Services", f"{family}{number}"),
        f"{family.lower()}{number}.example-ca.net")
       for family in ("R", "E", "WE") for number in range(1, 5)]
EPOCH = datetime.datetime(2026, 1, 1)


def rsa_key(rng):
    modulus = rng.getrandbits(2048) | 1 << 2047 | 1
    key = der.sequence(der.integer(modulus), der.integer(65537))
    algorithm = der.sequence(der.oid("1.2.840.113549.1.1.1"), der.tlv(5))
    return der.sequence(algorithm, der.bit_string(key))


def p256_key(rng):
    while True:
        x = rng.randrange(P256_P)
        y_squared = (x**3 - 3 * x + P256_B) % P256_P
        y = pow(y_squared, (P256_P + 1) // 4, P256_P)
        if y * y % P256_P == y_squared:
            point = b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
            return der.sequence(der.sequence(der.oid("id-ecPublicKey"), der.oid("prime256v1")),
                                der.bit_string(point))


def host_names(rng):
    domain = rng.choice(DOMAINS)
    # Most have a name or two, some a few, one in a hundred very many.
    counts = [1, 2, rng.randint(3, 8), rng.randint(9, 40), rng.randint(41, 100)]
    count = rng.choices(counts, [35, 45, 14, 5, 1])[0]
    names = [domain, f"www.{domain}", f"*.{domain}"][:count]
    while len(names) < count:
        names.append(f"{rng.choice(WORDS)}-{rng.randrange(100)}.{rng.choice(WORDS)}.{domain}")
    return names


def distinguished_name(country, organization, common_name):
    rdns = [[("countryName", der.string(der.PRINTABLE_STRING, country))],
            [("organizationName", organization)],
            [("commonName", common_name)]]
    return der.name(*rdns)


def subject(rng, name):
    if rng.random() < 0.8:  # domain validated
        return der.common_name(name)
    return distinguished_name("DE", f"{name.split('.')[0].capitalize()} GmbH", name)


def sct_list(rng, start):
    """RFC 6962, 3.3: two SCTs with 71-octet signatures, from the hour before `start`."""
    scts = b""
    for _ in range(2):
        issued = start - datetime.timedelta(milliseconds=rng.randrange(3_600_000))
        timestamp = (issued - datetime.datetime(1970, 1, 1)) // datetime.timedelta(milliseconds=1)
        sct = b"\0" + rng.randbytes(32) + struct.pack(">Q", timestamp) + b"\0\0"
        sct += b"\x04\x03" + struct.pack(">H", 71) + rng.randbytes(71)
        scts += struct.pack(">H", len(sct)) + sct
    return der.octet_string(struct.pack(">H", len(scts)) + scts)


def extensions(rng, names, ca_host, is_rsa, start):
    usage = b"\xa0" if is_rsa else b"\x80"
    policies = der.sequence(der.sequence(der.oid("2.23.140.1.2.1")))
    yield der.extension("keyUsage", der.bit_string(usage, 5 if is_rsa else 7), critical=True)
    yield der.extension("extKeyUsage", der.sequence(der.oid("serverAuth"), der.oid("clientAuth")))
    yield der.extension("basicConstraints", der.sequence(), critical=True)
    yield der.extension("subjectKeyIdentifier", der.octet_string(rng.randbytes(20)))
    key_identifier = der.context_primitive(0, rng.randbytes(20))
    yield der.extension("authorityKeyIdentifier", der.sequence(key_identifier))
    yield der.authority_info_access(("ocsp", der.uri(f"http://ocsp.{ca_host}".encode())),
                                    ("caIssuers", der.uri(f"http://i.{ca_host}/ca.der".encode())))
    yield der.subject_alt_name(*(der.dns(name.encode()) for name in names))
    yield der.extension("2.5.29.32", policies)
    yield der.crl_distribution_points(f"http://c.{ca_host}/{rng.randrange(100)}.crl".encode())
    yield der.extension("1.3.6.1.4.1.11129.2.4.2", sct_list(rng, start))


def certificate(rng):
    is_rsa = rng.random() < 0.5
    names = host_names(rng)
    ca_name, ca_host = rng.choice(CAS)
    start = EPOCH + datetime.timedelta(seconds=rng.randrange(300 * 86400))
    tbs = der.tbs_certificate(
        serial=der.integer(int.from_bytes(rng.randbytes(16), "big") | 1 << 120),
        issuer=distinguished_name(*ca_name),
        subject=subject(rng, names[0]),
        not_before=der.time(start),
        not_after=der.time(start + datetime.timedelta(days=90)),
        public_key=rsa_key(rng) if is_rsa else p256_key(rng),
        extensions=list(extensions(rng, names, ca_host, is_rsa, start)))
    return der.certificate(tbs, rng.randbytes(71))


def certificates(count):
    rng = random.Random(20260101)
    for _ in range(count):
        yield certificate(rng)


def main():
    path, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    with open(path, "wb") as file:
        for encoded in certificates(count):
            file.write(struct.pack("<I", len(encoded)) + encoded)


if __name__ == "__main__":
    main()
