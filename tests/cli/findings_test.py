# SPDX-License-Identifier: Apache-2.0
"""`peercert decode --findings`, `--strict`, and what is shown of a certificate that is refused."""

import datetime
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from support import der, pki
from support.clients import SOURCE, peercert

UNDECODABLE, USAGE = 5, 2
GOOD_SERIAL = der.integer(1 << 100)


def certificate(**fields):
    """Of few fields, all of them good but for those given."""
    fields = {"serial": GOOD_SERIAL,
              "issuer": der.common_name("issuer"),
              "subject": der.common_name("issuer"),
              "not_before": der.time(datetime.datetime(2026, 1, 1)),
              "not_after": der.time(datetime.datetime(2027, 1, 1)),
              "extensions": [der.subject_alt_name(der.dns(b"a.example"))]} | fields
    return der.certificate(der.tbs_certificate(**fields), b"")


def records(octets, *options):
    run = peercert("decode", "--format", "json", *options, stdin=octets)
    return run, [json.loads(line) for line in run.text.splitlines()]


def codes(record):
    return [one["code"] for one in record["findings"]]


class Findings(unittest.TestCase):
    def test_leaves_as_public_cas_issue_them_have_none(self):
        with tempfile.TemporaryDirectory() as folder:
            leaves = pathlib.Path(folder, "leaves.bin")
            script = SOURCE / "bench/make_leaf_certificates.py"
            subprocess.run([sys.executable, "-B", script, leaves, "100"], check=True, timeout=100)
            run, found = records(leaves.read_bytes(), "--findings", "--strict")
        self.assertEqual((run.status, run.stderr, len(found)), (0, "", 100))
        self.assertEqual([one["findings"] for one in found], [[]] * 100)

    def test_json(self):
        octets = certificate(serial=der.integer(-(1 << 100)))
        run, [record] = records(octets, "--findings")
        self.assertEqual(run.status, 0)
        [finding] = [one for one in record["findings"] if one["code"] == "serial_not_positive"]
        self.assertEqual(finding, {
            "severity": "error", "code": "serial_not_positive", "field": "serialNumber",
            "offset": octets.index(der.integer(-(1 << 100))), "message": "zero or negative"})
        self.assertNotIn("findings_left_out", record)
        self.assertNotIn("findings", records(octets)[1][0])

    def test_more_than_fit_are_counted(self):
        names = [der.dns(b"a b") for _ in range(100)]
        [record] = records(certificate(extensions=[der.subject_alt_name(*names)]), "--findings")[1]
        self.assertEqual(codes(record), ["bad_dns_name"] * 32)
        self.assertGreaterEqual(record["findings_left_out"], 68)

    def test_text(self):
        octets = certificate(serial=der.integer(1))
        run = peercert("decode", "--findings", stdin=octets)
        self.assertEqual(run.status, 0)
        self.assertRegex(run.text, r"(?m)^  Findings\b.*\n(    .*\n)*    warning  serialNumber: "
                         r"too short for 64 bits of chance at byte \d+ \(serial_too_short\)$")
        self.assertNotIn("Findings", peercert("decode", stdin=octets).text)
        clean = pki.shared().server()
        self.assertIn("Findings", peercert("decode", "--findings", clean.certificate).text)

    def test_offsets_count_in_ber_as_it_was_given(self):
        octets = certificate(serial=der.integer(1))
        size = len(octets) - 4  # behind 30 82 xx xx
        self.assertEqual(octets[1], 0x82 if size > 255 else 0x81)
        header = 4 if size > 255 else 3
        ber = b"\x30\x80" + octets[header:] + b"\0\0"
        [record] = records(ber, "--findings")[1]
        [short] = [one for one in record["findings"] if one["code"] == "serial_too_short"]
        self.assertEqual(ber[short["offset"]:][:3], der.integer(1))
        self.assertIn("indefinite_length", codes(record))

    def test_formats_without_a_place_for_them(self):
        for form in "python", "pem", "der":
            run = peercert("decode", "--findings", "--format", form, stdin=certificate())
            self.assertEqual((run.status, run.text), (USAGE, ""))
            self.assertIn("--findings", run.stderr)


class Strict(unittest.TestCase):
    def test_an_error_makes_it_undecodable_and_the_rest_goes_on(self):
        good = pki.shared().server().der
        bad = certificate(serial=der.integer(-5))
        for form in "text", "json", "python", "pem", "der":
            run = peercert("decode", "--strict", "--format", form, stdin=bad + good)
            alone = peercert("decode", "--format", form, stdin=good)
            self.assertEqual(run.status, UNDECODABLE)
            self.assertRegex(run.stderr, r"peercert: standard input#1: .+ at byte \d+")
            if form in ("pem", "der"):
                self.assertEqual(run.stdout, alone.stdout)

    def test_python_is_told_the_reason(self):
        run = peercert("decode", "--strict", "--format", "python", stdin=certificate(
            serial=der.integer(-(1 << 100))))
        self.assertEqual(run.status, UNDECODABLE)
        self.assertRegex(run.text, r"^# standard input: ERROR: serialNumber: zero or negative "
                                   r"at byte \d+\n$")

    def test_warnings_and_notes_do_not_matter(self):
        octets = certificate(serial=der.integer(1))
        run, [record] = records(octets, "--strict", "--findings")
        severities = {one["severity"] for one in record["findings"]}
        self.assertEqual((run.status, severities), (0, {"warning"}))


class Partial(unittest.TestCase):
    def test_what_can_be_read_of_a_refused_certificate(self):
        octets = certificate(not_after=der.tlv(5), subject=der.common_name("who.example"))
        run = peercert("decode", stdin=octets)
        self.assertEqual(run.status, UNDECODABLE)
        self.assertIn("notAfter: unexpected type", run.stderr)
        self.assertRegex(run.text, r"(?m)^  subject +CN=who\.example$")
        self.assertRegex(run.text, r"(?m)^  notAfter +not readable: unexpected type at byte \d+$")
        self.assertIn("a.example", run.text)

    def test_nothing_of_what_is_no_certificate(self):
        for octets in b"", b"\x30\x80\0\0", bytes(1000), b"\x30\x03\x02\x01\x05":
            run = peercert("decode", stdin=octets)
            self.assertEqual((run.status, run.text), (UNDECODABLE, ""))


if __name__ == "__main__":
    unittest.main()
