# SPDX-License-Identifier: Apache-2.0
"""`--details`: whatever `openssl x509 -text` prints of a certificate is in ours."""

import datetime
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from support import clients, pki
from support.clients import peercert

# What openssl says in words of its own, and what the standards call it.
WORDS = {
    "Digital Signature": "digitalSignature", "Non Repudiation": "nonRepudiation",
    "Key Encipherment": "keyEncipherment", "Data Encipherment": "dataEncipherment",
    "Key Agreement": "keyAgreement", "Certificate Sign": "keyCertSign", "CRL Sign": "cRLSign",
    "CA:TRUE": "cA: true", "CA:FALSE": "cA: false", "pathlen:0": "pathLenConstraint: 0",
    "v1 (0x0)": "version: 1", "Permitted:": "permittedSubtrees", "Excluded:": "excludedSubtrees",
    "Salt Length: 0x20": "saltLength: 32", "Trailer Field: 0x01": "trailerField: 1",
    "Hash Algorithm: sha256": "hashAlgorithm: sha256",
    "Mask Algorithm: mgf1 with sha256": "maskGenHash: sha256", "Cofactor:  1": "cofactor: 1",
    "Exponent: 65537": "publicExponent: 65537", "CPS: ": "cPSuri: ", "DNS:": "dNSName: ",
    "email:": "rfc822Name: ", "URI:": "uniformResourceIdentifier: ", "IP Address:": "iPAddress: ",
    "IP:": "iPAddress: ", "Full Name:": "fullName", "ASN1 OID: ": "namedCurve: ",
    "..hi": "0C:02:68:69", "Generator (uncompressed):": "base",
}
EXTENSIONS = {
    "X509v3 Key Usage": "keyUsage", "X509v3 Extended Key Usage": "extKeyUsage",
    "X509v3 Basic Constraints": "basicConstraints",
    "X509v3 Subject Key Identifier": "subjectKeyIdentifier",
    "X509v3 Authority Key Identifier": "authorityKeyIdentifier",
    "X509v3 Subject Alternative Name": "subjectAltName",
    "Authority Information Access": "authorityInfoAccess",
    "X509v3 Certificate Policies": "certificatePolicies",
    "X509v3 CRL Distribution Points": "cRLDistributionPoints",
    "X509v3 Name Constraints": "nameConstraints", "TLS Feature": "tlsfeature",
    "CT Precertificate SCTs": "signedCertificateTimestampList",
    "CT Precertificate Poison": "precertificatePoison", "1.2.3.4": "1.2.3.4",
}
# Labels of openssl's, and what it makes of values that stand beside it.
NOISE = re.compile(
    r"^\s*(Certificate|Data|Validity|Subject Public Key Info|X509v3 extensions|Signature Value|"
    r"Modulus|pub|P|Q|G|A|B|Prime|Order|Seed|Signed Certificate Timestamp)\s*:?\s*$|"
    r"Not (Before|After ?)|Serial Number:|Signature Algorithm:|Public Key Algorithm:|Issuer:|"
    r"Subject:|Version\s*:|Log ID\s*:|Timestamp\s*:|Extensions: none|Signature\s*:|Policy:|"
    r"Field Type:|\((0x)?[0-9a-f]+\)|\([0-9]+ bit\)|\(default\)|(ED25519 )?Public-Key:|"
    r"NIST CURVE:|CA:|X509v3|NULL", re.MULTILINE)
DATE = re.compile(r"([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)(\.\d+)? (\d{4}) GMT")
HEX = re.compile(r"\b(?:[0-9A-Fa-f]{2}:\s*){3,}[0-9A-Fa-f]{2}\b")

CA = ("-addext", "keyUsage=critical,keyCertSign,cRLSign", "-addext",
      "certificatePolicies=2.5.29.32.0", "-addext",
      "nameConstraints=critical,permitted;DNS:example.org,excluded;IP:10.0.0.0/255.0.0.0")
ED25519 = ("-addext", "extendedKeyUsage=serverAuth,clientAuth", "-addext", "subjectAltName="
           "DNS:a.example.org,URI:spiffe://example.org/a,email:me@example.org,IP:192.0.2.1")
PRECERTIFICATE = ("-addext", "1.3.6.1.4.1.11129.2.4.3=critical,DER:05:00", "-addext",
                  "tlsfeature=status_request", "-addext", "1.2.3.4=DER:0c:02:68:69")
PSS = ("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32", "-sha256",
       "-set_serial", "4660")


def issue(subject, key, *arguments):
    return pki.openssl("req", "-x509", "-new", "-key", key, "-subj", subject, *arguments,
                       "-outform", "DER")


def leaves(folder, count):
    """Leaves as public CAs issue them, DER."""
    path = folder / "leaves"
    script = clients.SOURCE / "bench" / "make_leaf_certificates.py"
    subprocess.run([sys.executable, "-B", script, path, str(count)], check=True)
    octets, found = path.read_bytes(), []
    while octets:
        end = 4 + int.from_bytes(octets[:4], "little")
        found.append(octets[4:end])
        octets = octets[end:]
    return found


def squeezed(text):
    return re.sub(r"[\s:]", "", text).upper()


def our_date(match):
    when = datetime.datetime.strptime(f"{match[1]} {match[3]}", "%b %d %H:%M:%S %Y")
    return when.strftime(f"%Y-%m-%d %H:%M:%S{match[2] or ''} UTC")


def missing(theirs, ours):
    """The values of openssl's text that ours does not have."""
    lost = []

    def want(value, form=lambda text: text):
        if form(value) not in form(ours):
            lost.append(value)
        return " "

    def wanted_octets(match):
        digits = squeezed(match[0])
        return want(digits[2:] if digits.startswith("00") else digits, squeezed)

    for heading, name in EXTENSIONS.items():
        theirs = re.sub(rf"^\s+{re.escape(heading)}: (critical)?",
                        lambda m, name=name: want(f"    {name}{', critical' if m[1] else ''}"),
                        theirs, flags=re.MULTILINE)
    theirs = DATE.sub(lambda match: want(our_date(match)), theirs)
    theirs = HEX.sub(wanted_octets, theirs)
    for word, name in WORDS.items():
        if word in theirs:
            want(name)
            theirs = theirs.replace(word, " ")
    theirs = NOISE.sub(" ", theirs)
    theirs = re.sub(r"(\w+) = ([^,\n]+)", lambda match: want(f"{match[1]}={match[2]}"), theirs)
    for value in re.split(r"[\s,]+|\s-\s", theirs):
        want(value)
    return lost


class Text(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        keys = pki.shared().key
        explicit = cls.folder / "explicit.key"
        pki.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-pkeyopt", "ec_param_enc:explicit", "-out", explicit)
        cls.certificates = dict(enumerate(leaves(cls.folder, 12)))
        cls.certificates |= {
            "ca": issue("/C=DE/O=Example GmbH/CN=Example Root CA", keys("rsa"), *CA),
            "ed25519": issue("/CN=ed25519.example.org", keys("ed25519"), *ED25519),
            "precertificate": issue("/CN=precert.example.org", keys("p256"), *PRECERTIFICATE),
            "pss": issue("/CN=pss.example.org", keys("rsa"), *PSS),
            "explicit curve": issue("/CN=explicit.example.org", explicit),
        }

    def test_has_all_that_openssl_prints(self):
        for name, certificate in self.certificates.items():
            with self.subTest(name):
                theirs = pki.openssl("x509", "-inform", "DER", "-noout", "-text",
                                     stdin=certificate).decode()
                ours = peercert("decode", "--details", stdin=certificate).text
                self.assertEqual(missing(theirs, ours), [], f"{theirs}\n{ours}")

    def test_what_is_missing_is_seen(self):
        certificate = self.certificates["ca"]
        theirs = pki.openssl("x509", "-inform", "DER", "-noout", "-text",
                             stdin=certificate).decode()
        ours = peercert("decode", "--details", stdin=certificate).text
        for part in ("Example Root CA", "permittedSubtrees", "65537", "sha256With", "2.5.29.32.0",
                     "basicConstraints, critical", "cRLSign", "    value\n", "dNSName: example.org",
                     re.search("modulus\n *(..:..:..)", ours)[1]):
            seen = missing(theirs, ours.replace(part, ""))
            self.assertEqual(seen != [], part not in ("    value\n", "2.5.29.32.0"), part)

    def test_fingerprints_are_those_of_openssl(self):
        certificate = self.certificates["ca"]
        ours = peercert("decode", "--details", stdin=certificate).text
        for digest in "sha1", "sha256":
            line = pki.openssl("x509", "-inform", "DER", "-noout", "-fingerprint", f"-{digest}",
                               stdin=certificate).decode()
            self.assertIn(line.split("=")[1].strip(), ours)
        key = pki.openssl("x509", "-inform", "DER", "-noout", "-pubkey", stdin=certificate)
        info = pki.openssl("pkey", "-pubin", "-outform", "DER", stdin=key)
        digest = pki.openssl("dgst", "-sha256", "-binary", stdin=info)
        pin = pki.openssl("base64", stdin=digest).decode().strip()
        self.assertIn(f"  SPKI pin    {pin}\n", ours)
        record = json.loads(peercert("decode", "--details", "--format", "json",
                                     stdin=certificate).text)
        self.assertEqual(record["spki_pin"], pin)

    def test_the_short_form_stays_short(self):
        ours = peercert("decode", stdin=self.certificates["ca"]).text
        self.assertLess(ours.count("\n"), 12)
        self.assertNotIn("SHA-1", ours)

    def test_formats_without_a_place_for_it(self):
        for arguments in ("decode",), ("get", "127.0.0.1:1"):
            for output in "python", "pem", "der":
                run = peercert(*arguments, "--details", "--format", output)
                self.assertEqual(run.status, 2, run)
                self.assertIn("--details: goes with --format text and json", run.stderr)

    def test_no_fingerprint_is_for_json_without_details(self):
        for arguments in ((), ("--format", "python"), ("--format", "json", "--details")):
            run = peercert("decode", "--no-fingerprint", *arguments)
            self.assertEqual(run.status, 2, run)
            self.assertIn("--no-fingerprint", run.stderr)


if __name__ == "__main__":
    unittest.main()
