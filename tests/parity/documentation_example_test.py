# SPDX-License-Identifier: Apache-2.0
"""The example in Python's documentation of SSLSocket.getpeercert(), as a certificate."""

import ast
import datetime
import unittest

from support import der, oracle, pki

DOCUMENTED = {
    "issuer": ((("countryName", "IL"),),
               (("organizationName", "StartCom Ltd."),),
               (("organizationalUnitName", "Secure Digital Certificate Signing"),),
               (("commonName", "StartCom Class 2 Primary Intermediate Server CA"),)),
    "notAfter": "Nov 22 08:15:19 2013 GMT",
    "notBefore": "Nov 21 03:09:52 2011 GMT",
    "serialNumber": "95F0",
    "subject": ((("description", "571208-SLe257oHY9fVQ07Z"),),
                (("countryName", "US"),),
                (("stateOrProvinceName", "California"),),
                (("localityName", "San Francisco"),),
                (("organizationName", "Electronic Frontier Foundation, Inc."),),
                (("commonName", "*.eff.org"),),
                (("emailAddress", "hostmaster@eff.org"),)),
    "subjectAltName": (("DNS", "*.eff.org"), ("DNS", "eff.org")),
    "version": 3,
}


def to_name(rdns) -> bytes:
    tags = {"emailAddress": der.IA5_STRING}
    return der.name(*([(kind, der.string(tags.get(kind, der.PRINTABLE_STRING), value))
                       for kind, value in rdn] for rdn in rdns))


class DocumentationExample(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        infrastructure = pki.shared()
        issuer = infrastructure.issue("documented-issuer", ca=True, self_signed=True,
                                      subject=to_name(DOCUMENTED["issuer"]))
        leaf = infrastructure.issue(
            "documented", issuer=issuer, subject=to_name(DOCUMENTED["subject"]), serial=0x95F0,
            not_before=datetime.datetime(2011, 11, 21, 3, 9, 52),
            not_after=datetime.datetime(2013, 11, 22, 8, 15, 19),
            alt_names=[der.dns(b"*.eff.org"), der.dns(b"eff.org")])
        cls.ours, = oracle.peercert_answers([leaf.der])
        cls.pythons = oracle.python_answer(leaf.der)

    def test_is_the_documented_dict(self):
        self.assertEqual(ast.literal_eval(self.ours), DOCUMENTED)

    def test_is_what_python_prints(self):
        self.assertEqual(self.ours, self.pythons)


if __name__ == "__main__":
    unittest.main()
