# SPDX-License-Identifier: Apache-2.0
"""`peercert decode`: what comes in, what goes out, and what is no certificate."""

import hashlib
import json
import pathlib
import re
import ssl
import struct
import tempfile
import unittest

from support import der, pki
from support.clients import peercert

NOT_A_CERTIFICATE = 5


def python_dict(path) -> dict:
    return ssl._ssl._test_decode_cert(str(path))


class DecodeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pki = pki.shared()
        cls.rich = pki.rich_leaf(cls.pki)
        cls.identities = [cls.rich, cls.pki.server(), cls.pki.root]
        cls.lines = [f"{python_dict(one.certificate)!r}\n" for one in cls.identities]
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def file(self, name, octets):
        path = self.folder / name
        path.write_bytes(octets if isinstance(octets, bytes) else octets.encode())
        return path

    def python(self, *files, **options):
        return peercert("decode", "--format", "python", *files, **options)

    def assert_error(self, run, source, *, status=NOT_A_CERTIFICATE):
        """The same failure in the output and on standard error."""
        self.assertEqual(run.status, status, run)
        pattern = re.escape(str(source))
        self.assertRegex(run.text, rf"(?m)^# {pattern}: ERROR: .")
        self.assertRegex(run.stderr, rf"(?m)^peercert: {pattern}: .")


class Input(DecodeTest):
    def test_files_and_standard_input(self):
        paths = [one.certificate for one in self.identities]
        run = self.python(*paths)
        self.assertEqual((run.status, run.text, run.stderr), (0, "".join(self.lines), ""))
        pem = paths[0].read_bytes()
        for arguments in (), ("-",):
            self.assertEqual(self.python(*arguments, stdin=pem).text, self.lines[0])
        run = self.python(paths[1], "-", paths[2], stdin=pem)
        self.assertEqual(run.text, self.lines[1] + self.lines[0] + self.lines[2])

    def test_bundle_with_text_between(self):
        blocks = [one.certificate.read_text() for one in self.identities]
        key = self.pki.key("p256").read_text()
        text = f"0 s:CN=first\n{blocks[0]}\n{key}more \x80 text\n{blocks[1]}{blocks[2]}the end"
        for name, bundle in ("[a, b].pem", text), ("dos.pem", text.replace("\n", "\r\n")):
            run = self.python(self.file(name, bundle.encode("latin-1")))
            self.assertEqual((run.status, run.text), (0, "".join(self.lines)))

    def test_der_alone_and_one_behind_the_other(self):
        ders = [one.der for one in self.identities]
        self.assertEqual(self.python(self.file("one.der", ders[0])).text, self.lines[0])
        run = self.python(self.file("all.der", b"".join(ders)))
        self.assertEqual((run.status, run.text), (0, "".join(self.lines)))

    def test_ber_with_the_tag_in_its_high_form(self):
        octets = b"\x3f\x10" + self.rich.der[1:]
        self.assertEqual(self.python(self.file("high.der", octets)).text, self.lines[0])
        run = self.python(self.file("two.der", octets + self.rich.der))
        self.assertEqual(run.text, self.lines[0] * 2)

    def test_der_that_holds_the_words_of_pem(self):
        note = "-----BEGIN CERTIFICATE-----"
        tricky = self.pki.issue("tricky", subject=der.name([("commonName", note)]))
        run = self.python(self.file("tricky.der", tricky.der))
        self.assertEqual(run.text, f"{python_dict(tricky.certificate)!r}\n")

    def test_many(self):
        pem = self.pki.server().certificate.read_text()
        run = self.python(self.file("many.pem", pem * 5000))
        self.assertEqual((run.status, run.text), (0, self.lines[1] * 5000))


def length_prefixed(*ders):
    return b"".join(struct.pack("<I", len(one)) + one for one in ders)


class Streams(DecodeTest):
    """Inputs of several certificates, some of them broken; what they hold, and where."""

    def records(self, octets, *options):
        run = peercert("decode", "--format", "json", *options, stdin=octets)
        return [json.loads(line) for line in run.text.splitlines()]

    def assert_finds(self, octets, *expected, options=()):
        """`expected`: for each record the DER that was found, or the offset of the error."""
        found = [record.get("sha256", record.get("error", {}).get("offset"))
                 for record in self.records(octets, *options)]
        self.assertEqual(found, [one if isinstance(one, int) else hashlib.sha256(one).hexdigest()
                                 for one in expected])

    def test_length_prefixed(self):
        ders = [one.der for one in self.identities]
        octets = length_prefixed(*ders)
        self.assert_finds(octets, *ders)
        self.assert_finds(octets, *ders, options=("--input", "length-prefixed"))
        self.assert_finds(length_prefixed(ders[0]), ders[0])

    def test_a_prefix_that_looks_like_der(self):
        wanted = 0x8230  # 30 82 00 00
        filling = wanted - 1000
        for _ in range(20):  # the signature's length varies
            extension = der.extension("2.5.29.99", der.octet_string(bytes(filling)))
            one = self.pki.issue("padded", serial=1, extensions=[extension]).der
            filling += wanted - len(one)
            if len(one) == wanted:
                break
        self.assertEqual(length_prefixed(one)[:4], b"\x30\x82\0\0")
        self.assert_finds(length_prefixed(one, one), one, one)
        self.assert_finds(one + one, one, one)

    def test_the_form_can_be_told(self):
        one = self.rich.der
        for form, octets in {"der": one, "pem": der.to_pem(one).encode(),
                             "length-prefixed": length_prefixed(one)}.items():
            self.assert_finds(octets, one, options=("--input", form))
        self.assertNotEqual(self.python("--input", "pem", stdin=one).status, 0)
        self.assertNotEqual(self.python("--input", "der", stdin=length_prefixed(one)).status, 0)

    def test_octets_between_certificates(self):
        one, two = self.rich.der, self.pki.root.der
        for junk in b"\n", b"\0", b"0", b"\x30\x82", bytes(100_000), b"\x30\x84\xff\xff\xff\xff":
            with self.subTest(junk[:10]):
                self.assert_finds(one + junk + two + two, one, len(one), two, two)
                self.assert_finds(one + two + junk, one, two, len(one + two))
                prefixed = length_prefixed(one), length_prefixed(two)
                self.assert_finds(prefixed[0] + junk + prefixed[1] * 2, one, len(prefixed[0]), two,
                                  two)

    def test_the_error_is_in_plain_words(self):
        one = self.rich.der
        [error] = [record["error"] for record in self.records(one + b"junk" + one)
                   if "error" in record]
        self.assertEqual(error, {"message": f"not a certificate at byte {len(one)}",
                                 "offset": len(one)})
        [record] = self.records(b"just words\n")
        self.assertEqual(record["error"], {
            "message": "no certificate: neither PEM (no BEGIN CERTIFICATE line) nor DER"})

    def test_a_length_that_lies(self):
        one, two = self.rich.der, self.pki.root.der
        for lie in 4, len(one) - 2, len(one) + 2, len(one) + 100_000 & 0xffff, 0xffff:
            with self.subTest(lie):
                liar = one[:2] + struct.pack(">H", lie) + one[4:]
                found = self.records(two + liar + two + two)
                hashes = [record.get("sha256") for record in found]
                self.assertEqual(hashes.count(hashlib.sha256(two).hexdigest()), 3)
                self.assertIn(None, hashes)
                octets = length_prefixed(two) + struct.pack("<I", lie) + one + length_prefixed(two)
                self.assert_finds(octets, two, len(two) + 4, two)

    def test_cut_at_the_end(self):
        one, two = self.rich.der, self.pki.root.der
        for kept in 1, 2, 3, 4, 100, len(two) - 1:
            with self.subTest(kept):
                self.assert_finds(one + two[:kept], one, len(one))
                octets = length_prefixed(one) + length_prefixed(two)[:kept + 4]
                self.assert_finds(octets, one, len(one) + 4)
        pem = der.to_pem(one)
        self.assert_finds((pem + der.to_pem(two)[:100]).encode(), one, len(pem))

    def test_over_the_limit(self):
        """A block or a certificate over 16 MiB is an error; what follows is found."""
        one, filling = self.rich.der, 17 << 20
        pem = der.to_pem(one)
        big = pem.replace("M", "M" * filling, 1)
        self.assert_finds((pem + big + pem).encode(), one, len(pem), one)
        header = b"\x30\x84" + struct.pack(">I", filling)
        self.assert_finds(one + header + bytes(filling) + one, one, len(one), one)
        octets = length_prefixed(one) + struct.pack("<I", filling) + bytes(filling)
        self.assert_finds(octets + length_prefixed(one), one, len(one) + 4, one)

    def test_large_certificates_are_found_whole(self):
        """Those that no batch holds, up to the limit."""
        one = self.rich.der
        large = b"\x30\x83" + struct.pack(">I", 5 << 20)[1:] + bytes(5 << 20)
        self.assert_finds(one + large + one, one, len(one), one)
        pem = der.to_pem(one)
        spaced = pem.replace("M", "M" + " " * (5 << 20), 1)
        self.assert_finds((pem + spaced + pem).encode(), one, one, one)

    def test_numbers_and_offsets_are_counted_over_the_file(self):
        one = self.rich.der
        count = 3000
        for octets, begin in ((one * count, count * len(one)),
                              (der.to_pem(one).encode() * count, count * len(der.to_pem(one)))):
            run = self.python("--jobs", "3", stdin=octets + octets[:50])
            self.assertEqual(run.text.count(self.lines[0]), count)
            source = re.escape(f"standard input#{count + 1}")
            self.assertRegex(run.text.splitlines()[-1], f"# {source}: ERROR: .* at byte {begin}$")
            self.assertRegex(run.stderr, f"^peercert: {source}: .* at byte {begin}\n")

    def test_any_number_of_jobs_gives_the_same(self):
        octets = b"".join(one.der for one in self.identities) * 3000 + b"junk"
        expected = self.python("--jobs", "1", stdin=octets)
        self.assertEqual(expected.text.count("\n"), 9001)
        for jobs in "2", "5":
            self.assertEqual(self.python("--jobs", jobs, stdin=octets), expected)

    def test_nothing_but_errors(self):
        """Neither memory nor time gets out of hand, however many there are."""
        for octets in b"\x30\0" * 2_000_000, b"\x30\x80" * 8_000_000, self.rich.der[1:] * 20_000:
            self.assert_error(self.python(stdin=octets), "standard input")


class Output(DecodeTest):
    def test_json(self):
        path = self.rich.certificate
        run = peercert("decode", "--format", "json", path)
        record = json.loads(run.text)
        self.assertEqual(list(record), ["schema", "source", "sha256", "peercert"])
        self.assertEqual((record["schema"], record["source"]), ("peercert.decode/1", str(path)))
        self.assertEqual(record["sha256"], hashlib.sha256(self.rich.der).hexdigest())
        expected = python_dict(path)
        self.assertEqual(list(record["peercert"]), list(expected))
        self.assertEqual(record["peercert"]["subjectAltName"],
                         json.loads(json.dumps(expected["subjectAltName"])))
        self.assertIn([["serialNumber", {"hex": "0A1BF0"}]], record["peercert"]["subject"])

    def test_sources_are_numbered_where_there_are_several(self):
        path = self.file("two.pem", self.pki.server().certificate.read_text() * 2)
        run = peercert("decode", "--format", "json", path, "-", stdin=self.pki.server().der)
        self.assertEqual([json.loads(line)["source"] for line in run.text.splitlines()],
                         [f"{path}#1", f"{path}#2", "standard input"])

    def test_pem_and_der(self):
        ders = b"".join(one.der for one in self.identities)
        pems = "".join(der.to_pem(one.der) for one in self.identities)
        self.assertEqual(peercert("decode", "--format", "der", stdin=pems.encode()).stdout, ders)
        self.assertEqual(peercert("decode", "--format", "pem", stdin=ders).text, pems)

    def test_text(self):
        run = peercert("decode", self.pki.server().certificate, self.pki.root.certificate)
        first, second = run.text.split("\n\n")
        self.assertTrue(first.startswith(f"{self.pki.server().certificate}\n"))
        for what in ("server.example.test", "days left", "peercert test intermediate", "P-256"):
            self.assertIn(what, first)
        self.assertIn("peercert test root", second)

    def test_nothing_raw_in_text(self):
        run = peercert("decode", self.rich.certificate)
        self.assertEqual(run.status, 0)
        for raw in "\x1b", "\t", "\x7f", "\x80", "\u202e", "\u2028":
            self.assertNotIn(raw, run.text)


class Refusals(DecodeTest):
    def test_what_cannot_be_read(self):
        for path, why in ((self.folder / "missing", "No such file or directory"),
                          (self.folder, "Is a directory")):
            run = self.python(path)
            self.assert_error(run, path)
            self.assertIn(why, run.stderr)

    def test_what_is_no_certificate(self):
        pem = self.pki.server().certificate.read_text()
        for name, octets in {
                "empty": b"",
                "garbage": bytes(range(256)) * 8,
                "nul": bytes(4096),
                "text": "just words\n",
                "key": self.pki.key("p256").read_text(),
                "cut.pem": pem[:200],
                "no-end.pem": pem.replace("END", "AND"),
                "not-base64.pem": pem.replace("M", "!"),
                "short.der": b"\x30\x03\x02\x01\x05",
                "cut.der": self.pki.server().der[:-1],
                "endless.der": b"\x30\x80\x00\x00",
                "huge-length.der": b"\x30\x84\xff\xff\xff\xff\x00",
                "lone-octet": b"0"}.items():
            with self.subTest(name):
                path = self.file(name, octets)
                run = self.python(path)
                self.assert_error(run, path)
                self.assertEqual(run.text.count("\n"), 1, run)

    def test_much_junk(self):
        for octets in (b"\0" * 30_000_000, b"-----BEGIN " * 2_000_000, b"-" * 20_000_000):
            self.assert_error(self.python(stdin=octets), "standard input")

    def test_the_rest_goes_on(self):
        good = self.pki.server().certificate.read_text()
        bad = der.to_pem(b"\x30\x03\x02\x01\x05")
        path = self.file("mixed.pem", bad + good + good.replace("M", "!") + good)
        run = self.python(path)
        self.assertEqual(run.status, NOT_A_CERTIFICATE)
        first, second, third, fourth = run.text.splitlines(keepends=True)
        self.assertRegex(first, rf"# {re.escape(str(path))}#1: ERROR: .")
        self.assertRegex(third, rf"# {re.escape(str(path))}#3: ERROR: .")
        self.assertEqual((second, fourth), (self.lines[1], self.lines[1]))

    def test_a_bad_certificate_in_der_hides_none_behind_it(self):
        bad = b"\x30\x81\x80" + bytes(128)
        run = self.python(self.file("mixed.der", self.rich.der + bad + self.rich.der))
        self.assertEqual(run.text.count(self.lines[0]), 2)
        self.assertRegex(run.text, "#2: ERROR: ")

    def test_json_has_the_error_in_its_place(self):
        good = self.pki.server().certificate
        run = peercert("decode", "--format", "json", self.folder / "missing", good)
        self.assertEqual(run.status, NOT_A_CERTIFICATE)
        missing, decoded = map(json.loads, run.text.splitlines())
        self.assertEqual(missing["error"], {"message": "No such file or directory"})
        self.assertIn("peercert", decoded)

    def test_no_dict_but_a_certificate(self):
        path = self.pki.issue("latin", alt_names=[der.dns(b"\xff")]).certificate
        self.assert_error(self.python(path), path)
        for output in "text", "pem", "der":
            self.assertEqual(peercert("decode", "--format", output, path).status, 0)

    def test_names_of_files_are_not_raw(self):
        not_utf8 = b"\xff".decode(errors="surrogateescape")
        run = self.python(self.folder / "\x1b[2J\n\u202e", self.folder / not_utf8)
        self.assertEqual(run.status, NOT_A_CERTIFICATE)
        self.assertEqual(run.text.count("\n"), 2)
        for raw in "\x1b", "\u202e":
            self.assertNotIn(raw, run.text + run.stderr)


if __name__ == "__main__":
    unittest.main()
