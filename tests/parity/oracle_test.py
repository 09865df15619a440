# SPDX-License-Identifier: Apache-2.0
"""Generated certificates, odd and broken ones among them, beside the decoder of the Python that
runs this test: the same line, or refused by both."""

import random
import unicodedata
import unittest

from support import der, oracle

COUNT = 200
SEED = 20130818

ATTRIBUTES = ("commonName", "organizationName", "countryName", "serialNumber", "emailAddress",
              "domainComponent", "1.3.6.1.4.1.55555.7", "2.999.18446744073709551617", "2.5.29.17")
ALPHABETS = (
    "abcXYZ019 .-*@",
    "'\"\\",
    "\0\t\n\r\x1b\x7f",
    "\x80\x85\xa0\xad\xb5\xe9\xff",
    "Łø日本עبअ",
    "\u0301\u200b\u200e\u202e\u2028\u2029\u3000\ufeff\ue000",
    "\ufffd\ufffe\uffff\ufdd0",
    "🔑𝔘𐍈\U000e0001\U000f0000\U0010ffff",
)


class Generator:
    """Certificates that depend on the seed alone."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def some(self, make, most):
        return [make() for _ in range(self.random.randint(0, most))]

    def one_in(self, n) -> bool:
        return self.random.randrange(n) == 0

    def character(self) -> str:
        if not self.one_in(6):
            return self.random.choice(self.random.choice(ALPHABETS))
        # Anywhere, but for code points that a later Unicode may assign: whether repr() escapes
        # those depends on the Python.
        while True:
            character = chr(self.random.randrange(0x110000))
            if unicodedata.category(character) not in ("Cn", "Cs"):
                return character

    def text(self, beyond_latin=True) -> str:
        text = "".join(self.some(self.character, 12))
        return text if beyond_latin else "".join(c for c in text if ord(c) < 256)

    def octets(self, most) -> bytes:
        return self.random.randbytes(self.random.randint(0, most))

    def string(self) -> bytes:
        if self.one_in(150):  # as likely as not refused: malformed UTF-8, odd lengths, other types
            tags = (der.UTF8_STRING, der.BMP_STRING, der.UNIVERSAL_STRING, der.VISIBLE_STRING)
            return der.tlv(self.random.choice(tags), self.octets(6))
        tag = self.random.choice((
            der.UTF8_STRING, der.UTF8_STRING, der.BMP_STRING, der.UNIVERSAL_STRING,
            der.NUMERIC_STRING, der.PRINTABLE_STRING, der.TELETEX_STRING, der.IA5_STRING,
            der.BIT_STRING))
        if tag == der.BIT_STRING:
            return der.bit_string(self.octets(5), unused=self.random.randrange(8))
        text = self.text(tag in (der.UTF8_STRING, der.BMP_STRING, der.UNIVERSAL_STRING))
        if tag == der.BMP_STRING:  # UCS-2, not UTF-16
            text = "".join(c for c in text if ord(c) < 0x10000)
        return der.string(tag, text)

    def name(self) -> bytes:
        def attribute():
            return self.random.choice(ATTRIBUTES), self.string()

        return der.name(*self.some(lambda: [attribute(), *self.some(attribute, 1)], 4))

    def utf8(self) -> bytes:
        return self.octets(6) if self.one_in(60) else self.text().encode()

    def address(self) -> bytes:
        size = self.random.choice((4, 4, 16, 16, 0, 5))
        return der.context_primitive(7, self.random.randbytes(size))

    def other_name(self) -> bytes:
        kind = self.random.choice(("1.3.6.1.4.1.311.20.2.3", "1.3.6.1.5.5.7.8.9",
                                   "1.3.6.1.5.5.7.8.7", "1.3.6.1.4.1.55555.9"))
        tag = self.random.choice((der.UTF8_STRING, der.IA5_STRING, der.OCTET_STRING))
        return der.other_name(kind, der.tlv(tag, self.utf8()))

    def general_name(self) -> bytes:
        if self.one_in(40):  # malformed, more often than not
            return der.context_primitive(self.random.randrange(9), self.octets(8))
        return self.random.choice((
            lambda: der.dns(self.utf8()),
            lambda: der.email(self.utf8()),
            lambda: der.uri(self.utf8()),
            lambda: der.directory_name(self.name()),
            lambda: der.registered_id(self.random.choice(ATTRIBUTES)),
            lambda: der.context(3, der.sequence(der.string(der.PRINTABLE_STRING, "x400"))),
            lambda: der.context(5, der.context(1, self.string())),
            self.address,
            self.other_name,
        ))()

    def extensions(self):
        methods = ("ocsp", "caIssuers", "serverAuth")
        made = [
            der.subject_alt_name(*self.some(self.general_name, 6)),
            der.authority_info_access(*self.some(
                lambda: (self.random.choice(methods), der.uri(self.utf8())), 3)),
            der.crl_distribution_points(*self.some(self.utf8, 2)),
            der.extension("subjectKeyIdentifier", self.octets(9), critical=self.one_in(2)),
            der.subject_alt_name(der.dns(b"second.example.test")),
        ]
        weights = (1.5, 2, 2, 3, 15)  # how seldom each: a second SAN takes the key away
        return [each for each, n in zip(made, weights) if self.random.random() < 1 / n]

    def time(self) -> bytes:
        pick = self.random.randint
        if self.one_in(8):
            junk = ("", "991332000000Z", "2401010000Z", "240101000000+0130", "20240229120000.250Z",
                    "99991231235959Z", "240101000000", "00000101000000Z")
            tag = self.random.choice((der.UTC_TIME, der.GENERALIZED_TIME))
            return der.string(tag, self.random.choice(junk))
        digits = f"{pick(0, 99):02}{pick(1, 12):02}{pick(1, 31):02}" \
                 f"{pick(0, 23):02}{pick(0, 59):02}{pick(0, 59):02}Z"
        if self.one_in(3):
            return der.string(der.GENERALIZED_TIME, f"{pick(0, 99):02}{digits}")
        return der.string(der.UTC_TIME, digits)

    def version(self) -> bytes:
        return self.random.choice((
            b"", *(der.context(0, der.integer(n)) for n in (0, 1, 2, 2, 2, 2, 7, -2, 1 << 70))))

    def certificate(self) -> bytes:
        bits = self.random.choice((0, 8, 64, 159, 160, 300))
        serial = self.random.getrandbits(bits) * self.random.choice((1, 1, 1, -1))
        return der.certificate(der.tbs_certificate(
            version=self.version(), serial=der.integer(serial), issuer=self.name(),
            subject=self.name(), not_before=self.time(), not_after=self.time(),
            extensions=self.extensions()))


class Oracle(unittest.TestCase):
    def test_same_line_or_refused_by_both(self):
        generator = Generator(SEED)
        certificates = [generator.certificate() for _ in range(COUNT)]
        pythons = oracle.python_answers(certificates)
        refused = sum(isinstance(answer, oracle.Refusal) for answer in pythons)
        # A sample that is all of one kind would show nothing of the other.
        self.assertTrue(COUNT / 50 < refused < COUNT / 3, f"{refused} of {COUNT} are refused")
        ours = oracle.peercert_answers(certificates)
        for number, (certificate, expected, answer) in enumerate(zip(certificates, pythons, ours)):
            with self.subTest(number=number, der=certificate.hex()):
                self.assertTrue(oracle.agree(expected, answer), f"{expected} / {answer}")


if __name__ == "__main__":
    unittest.main()
