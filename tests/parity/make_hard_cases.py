#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Hard certificates: everything about an encoding that getpeercert() may trip over, one at a time.
The same certificates with every run.

    PYTHONPATH=tests tests/parity/make_hard_cases.py FOLDER     writes FOLDER/NAME.der
"""

import argparse
import itertools
import pathlib

from support import der, tlv

DOTTED_UTF8 = ("1.3.6.1.4.1.311.20.2.3", "1.3.6.1.5.5.7.8.5", "1.3.6.1.5.5.7.8.8",
               "1.3.6.1.5.5.7.8.9")  # UPN, XmppAddr, NAIRealm, SmtpUTF8Mailbox
SRV_NAME = "1.3.6.1.5.5.7.8.7"
MALFORMED_UTF8 = (b"\x80", b"\xbf", b"\xc0\x80", b"\xc1\xbf", b"\xc3", b"\xe0\x80\x80",
                  b"\xe0\x9f\xbf", b"\xe2\x82", b"\xed\xa0\x80", b"\xed\xbf\xbf",
                  b"\xf0\x80\x80\x80", b"\xf0\x8f\xbf\xbf", b"\xf0\x9f\x94",
                  b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xf8\x88\x80\x80\x80",
                  b"\xfe", b"\xff", b"\xe9a", b"a\xe2(\xa1")
HARD_UTF8 = (b"", b"\0", b"a\0b", b"\r\n", b"'", b'"', b"'\"", b"\\", b"\x7f", b"\xc2\x80",
             b"\xdf\xbf", b"\xe0\xa0\x80", b"\xed\x9f\xbf", b"\xee\x80\x80", b"\xef\xbb\xbf",
             b"\xef\xbf\xbe", b"\xef\xbf\xbf", b"\xf0\x90\x80\x80", b"\xf4\x8f\xbf\xbf")


def to_be_signed(**parts) -> bytes:
    plain = {"serial": der.integer(1), "issuer": der.common_name("issuer"),
             "subject": der.common_name("subject"),
             "not_before": der.string(der.UTC_TIME, "200101000000Z"),
             "not_after": der.string(der.UTC_TIME, "300101000000Z")}
    return der.tbs_certificate(**plain | parts)


def certificate(**parts) -> bytes:
    return der.certificate(to_be_signed(**parts))


def of_value(value: bytes, kind="commonName") -> bytes:
    """With this encoded attribute value in the subject."""
    return certificate(subject=der.name([(kind, value)]))


def of_names(*general_names) -> bytes:
    return certificate(extensions=[der.subject_alt_name(*general_names)])


def of_extensions(*extensions) -> bytes:
    return certificate(extensions=extensions)


def strings():
    """Every universal type as an attribute's value."""
    contents = {"empty": b"", "text": b"text", "nul": b"a\0b\0", "high": b"\x80\x9f\xa0\xff",
                "bits": b"\x03\xab\xcd\xef", "all": bytes(range(256)),
                "lines": b"\r\n\t\x1b", "sequence": der.sequence(der.integer(5))}
    for tag in (*range(0x1F), der.SEQUENCE, der.SET):
        for label, content in contents.items():
            yield f"{tag:02x}-{label}", of_value(der.tlv(tag, content))
    for tag in (0x80, 0xA0, 0x43, 0x63, 0xCC):
        yield f"{tag:02x}-not-universal", of_value(der.tlv(tag, b"text"))


def characters():
    """The text that each encoding can and cannot hold."""
    for number, octets in enumerate((*HARD_UTF8, *MALFORMED_UTF8)):
        yield f"utf8-value-{number}", of_value(der.tlv(der.UTF8_STRING, octets))
        yield f"utf8-dns-{number}", of_names(der.dns(octets))
        yield f"utf8-email-{number}", of_names(der.dns(b"before"), der.email(octets))
        yield f"utf8-uri-{number}", of_names(der.uri(octets))
        yield f"utf8-upn-{number}", of_names(
            der.other_name(DOTTED_UTF8[0], der.tlv(der.UTF8_STRING, b"user" + octets)))
        yield f"utf8-directory-{number}", of_names(der.directory_name(
            der.name([("commonName", der.tlv(der.UTF8_STRING, octets))])))
        yield f"utf8-ocsp-{number}", of_extensions(
            der.authority_info_access(("caIssuers", der.uri(b"ok")), ("ocsp", der.uri(octets))))
        yield f"utf8-crl-{number}", of_extensions(der.crl_distribution_points(b"ok", octets))
    for point in (0, 0x7F, 0xD7FF, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xE000, 0xFEFF, 0xFFFE, 0xFFFF):
        octets = b"\0a" + point.to_bytes(2, "big")
        yield f"ucs2-{point:x}", of_value(der.tlv(der.BMP_STRING, octets))
    for point in (0, 0xD800, 0xDFFF, 0xFFFF, 0x10000, 0x10FFFF, 0x110000, 0x80000000, 0xFFFFFFFF):
        yield f"ucs4-{point:x}", of_value(der.tlv(der.UNIVERSAL_STRING, point.to_bytes(4, "big")))
    for size in range(1, 9):
        yield f"bmp-size-{size}", of_value(der.tlv(der.BMP_STRING, bytes(size)))
        yield f"universal-size-{size}", of_value(der.tlv(der.UNIVERSAL_STRING, bytes(size)))


def planes():
    """Every character of the planes in use: which of them repr() escapes."""
    block = 0x800
    for plane in (0, 1, 2, 3, 0xE):
        for first in range(plane << 16, plane + 1 << 16, block):
            if not 0xD800 <= first < 0xE000:
                octets = b"".join(c.to_bytes(4, "big") for c in range(first, first + block))
                yield f"{first:05x}", of_value(der.tlv(der.UNIVERSAL_STRING, octets))


def serials():
    edges = (0x00, 0x01, 0x7F, 0x80, 0x81, 0xFE, 0xFF)
    for first in edges:
        yield f"1-{first:02x}", certificate(serial=der.tlv(2, bytes([first])))
    for size in (2, 3, 8, 9, 20, 21, 34, 35, 36, 37, 70, 71, 127, 128, 1000):
        for first in edges:
            for rest in (0x00, 0x01, 0x7F, 0x80, 0xFF):
                content = bytes([first]) + bytes([rest]) * (size - 1)
                yield f"{size}-{first:02x}-{rest:02x}", certificate(serial=der.tlv(2, content))
    for size in (2, 8, 9, 35, 36):
        content = b"\xff" + bytes(size - 1)
        yield f"{size}-lowest", certificate(serial=der.tlv(2, content[:-1] + b"\x01"))
    yield "empty", certificate(serial=der.tlv(2))
    yield "enumerated", certificate(serial=der.tlv(10, b"\x01"))


def versions():
    magnitudes = {(1 << power) + near for power in (0, 7, 8, 31, 32, 62, 63, 64, 65)
                  for near in (-1, 0, 1)}
    for value in sorted(magnitudes | {-each for each in magnitudes}):
        encoded = der.context(0, der.integer(value))
        yield f"{value}", certificate(version=encoded)
    for value in (1, 1 << 63, -(1 << 64)):
        no_text = der.directory_name(der.name([("commonName", der.sequence())]))
        yield f"{value}-no-text", certificate(
            version=der.context(0, der.integer(value)), extensions=[der.subject_alt_name(no_text)])
    for label, encoded in {
            "absent": b"", "empty": der.context(0), "two": der.context(0, der.integer(2) * 2),
            "padded": der.context(0, der.tlv(2, b"\0\x02")), "primitive": der.tlv(0x80, b"\x02"),
            "no-content": der.context(0, der.tlv(2)), "boolean": der.context(0, der.boolean(True)),
    }.items():
        yield label, certificate(version=encoded)
        yield f"{label}-names", certificate(
            version=encoded, extensions=[der.subject_alt_name(der.dns(b"a.test"))])


def times():
    dates = ("0001010000", "0002290000", "0102290000", "0112312359", "4912312359", "5001010000",
             "9913010000", "9900010000", "9901320000", "9901010060", "9901012400", "990101000",
             "99010100 0", "", "9")
    seconds = ["", "00", "59", "60", "0", "00.", "00.5", "00.000", "00,5", "00.5a", ".5"]
    seconds += ["00." + "9" * size for size in (40, *range(2016, 2034), 2040)]
    zones = ("Z", "", "z", "+0000", "-0000", "+0100", "-0130", "+1200", "+1259", "+1300", "-1260",
             "+01", "+010", "+01000", "ZZ", "Z\0", " Z", "Z ")
    spelled = [f"{date}00Z" for date in dates] + [f"0002281234{s}Z" for s in seconds]
    spelled += [f"000228123456{zone}" for zone in zones]
    spelled += [f"000101000000{zone}" for zone in zones] + [f"991231235959{zone}" for zone in zones]
    for century in ("", "00", "01", "18", "19", "20", "99"):
        for number, text in enumerate(spelled):
            tag = der.GENERALIZED_TIME if century else der.UTC_TIME
            value = der.string(tag, century + text)
            yield f"{century}-{number}", certificate(not_before=value, not_after=value)
    for tag in (2, 0x0C, 0x16, 0x37, 0x38, 0x97):
        yield f"tag-{tag:02x}", certificate(not_before=der.string(tag, "000101000000Z"))


def general_names():
    """All kinds, well-formed and not."""
    printable = der.string(der.PRINTABLE_STRING, "party")
    for size in range(34):
        octets = bytes(range(0xE0 - size, 0xE0, 1))
        yield f"address-{size}", of_names(der.context_primitive(7, octets))
        yield f"zero-address-{size}", of_names(der.context_primitive(7, bytes(size)))
    for number in range(0x1F):
        for form in (0x80, 0xA0, 0x00, 0x40, 0xC0, 0xE0):
            for label, content in {"empty": b"", "text": b"text", "string": printable,
                                   "sequence": der.sequence(), "oid": der.oid("2.5.4.3"),
                                   "name": der.common_name("n")}.items():
                yield f"{form | number:02x}-{label}", of_names(
                    der.dns(b"before"), der.tlv(form | number, content))
    for tag in range(0x1F):
        party = der.tlv(tag, b"abcd")
        yield f"party-{tag:02x}", of_names(der.context(5, der.context(1, party)))
        yield f"assigner-{tag:02x}", of_names(
            der.context(5, der.context(0, party), der.context(1, printable)))
    yield "no-party", of_names(der.context(5, der.context(0, printable)))
    yield "party-twice", of_names(der.context(5, der.context(1, printable) * 2))
    for label, name in {"empty": der.sequence(), "empty-rdn": der.sequence(der.tlv(der.SET)),
                        "two": der.common_name("a") * 2, "no-text": der.name(
                            [("commonName", der.sequence())])}.items():
        yield f"directory-{label}", of_names(der.directory_name(name))
        yield f"subject-{label}", certificate(subject=name)
    yield "none", of_names()
    yield "many", of_names(*(der.dns(b"%d.test" % n) for n in range(1000)))


def other_names():
    """The five that are printed, cut where CPython's buffer ends."""
    for kind in (*DOTTED_UTF8, SRV_NAME, "1.3.6.1.4.1.55555.1"):
        for tag in range(0x1F):
            yield f"{kind}-type-{tag:02x}", of_names(der.other_name(kind, der.tlv(tag, b"abcd")))
        yield f"{kind}-two", of_names(der.other_name(kind, der.integer(1) * 2))
        yield f"{kind}-none", of_names(der.other_name(kind, b""))
        yield f"{kind}-context", of_names(der.other_name(kind, der.context(0, der.integer(1))))
        tag = der.IA5_STRING if kind == SRV_NAME else der.UTF8_STRING
        texts = [b"a\0b", b"\0", b"a\nb", b"\n", b"\n\n", b"a\n\0b", b"a\0\nb", b"a\rb", b"\xff\0",
                 b"\0\xff", b"\n\xff", b"\xff\n", b"a" * 3000, b"\n" + b"a" * 3000]
        texts += [b"a" * size + end for size in range(2014, 2040)
                  for end in (b"", b"\n", b"\nb", b"\0b", b"\xc3\xa9", b"\xe2\x82\xac",
                              b"\xf0\x9f\x94\x91", b"\xff")]
        for number, text in enumerate(texts):
            yield f"{kind}-text-{number}", of_names(der.other_name(kind, der.tlv(tag, text)))


def dotted_of(length: int) -> bytes:
    """The content of an OBJECT IDENTIFIER whose text has so many characters, in few octets."""
    arcs, rest = divmod(length - len("1.2"), len(".127"))
    last = {0: b"\x7f", 1: b"\x63\x09", 2: b"\x7f\x09", 3: b"\x7f\x63"}[rest]
    return b"\x2a" + b"\x7f" * (arcs - 1) + last


def hard_identifiers():
    contents = {
        "empty": b"", "cut": b"\x2a\x83", "padded": b"\x2a\x80\x01", "padded-first": b"\x80\x2a",
        "org": b"\x2b", "zero": b"\0", "first-2": b"\x50", "first-47": b"\x77",
        "first-48": b"\x78", "first-127": b"\x7f", "first-two": b"\x81\x34\x03",
        "64-bits": b"\x2a\x81" + b"\xff" * 8 + b"\x7f",
        "65-bits": b"\x2a\x83" + b"\xff" * 8 + b"\x7f",
        "huge": b"\x2a" + b"\xff" * 100 + b"\x7f", "huge-first": b"\xff" * 30 + b"\x7f",
        "known": der.oid_content("2.5.4.3"), "below-known": der.oid_content("2.5.4"),
        "beyond-known": der.oid_content("2.5.4.3.1")}
    for size in (585, 586, 587, 3000):
        contents[f"short-arcs-{size}"] = b"\x2a" + b"\x01" * (size - 1)
        contents[f"one-arc-{size}"] = b"\x2a" + b"\xff" * (size - 2) + b"\x7f"
    for length in range(2043, 2051):
        contents[f"text-{length}"] = dotted_of(length)
    return contents


def object_identifiers():
    """Hard ones, wherever a certificate has any."""
    for label, content in hard_identifiers().items():
        oid = der.tlv(der.OBJECT_IDENTIFIER, content)
        value = der.string(der.UTF8_STRING, "v")
        name = der.sequence(der.tlv(der.SET, der.sequence(oid, value)))
        algorithm = der.sequence(oid)
        signature = der.bit_string(b"")
        description = der.sequence(oid, der.uri(b"u"))
        yield f"attribute-{label}", certificate(subject=name)
        yield f"directory-{label}", of_names(der.directory_name(name))
        yield f"registered-{label}", of_names(der.context_primitive(8, content))
        yield f"other-{label}", of_names(der.context(0, oid, der.context(0, value)))
        yield f"extension-{label}", of_extensions(der.sequence(oid, der.octet_string(b"")))
        yield f"method-{label}", of_extensions(
            der.extension("authorityInfoAccess", der.sequence(description)))
        yield f"key-{label}", certificate(public_key=der.sequence(algorithm, signature))
        yield f"parameters-{label}", certificate(
            public_key=der.sequence(der.sequence(der.oid("2.5.4.3"), oid), signature))
        yield f"signature-{label}", der.sequence(to_be_signed(), algorithm, signature)


def extensions():
    """Malformed and repeated, critical and not, in every version."""
    right = {"subjectAltName": der.sequence(der.dns(b"a.test")),
             "authorityInfoAccess": der.sequence(der.sequence(der.oid("ocsp"), der.uri(b"o")),
                                                 der.sequence(der.oid("caIssuers"), der.uri(b"c"))),
             "cRLDistributionPoints": der.sequence(der.sequence(
                 der.context(0, der.context(0, der.uri(b"r")))))}
    for kind, value in right.items():
        wrong = {"empty": b"", "null": der.tlv(5), "none": der.sequence(), "cut": value[:-1],
                 "trailing": value + b"\0", "trailing-junk": value + b"junk",
                 "set": b"\x31" + value[1:],
                 "primitive": b"\x10" + value[1:], "inner-null": der.sequence(der.tlv(5)),
                 "inner-zeros": der.sequence(b"\0\0"), "inner-empty": der.sequence(der.sequence()),
                 "twice": der.sequence(value), "context": b"\xa0" + value[1:]}
        for label, octets in wrong.items():
            yield f"{kind}-{label}", of_extensions(der.extension(kind, octets))
        for label, flag in {"true": b"\xff", "odd": b"\x01", "false": b"\0", "two": b"\0\0",
                            "none": b""}.items():
            yield f"{kind}-critical-{label}", of_extensions(
                der.sequence(der.oid(kind), der.tlv(1, flag), der.octet_string(value)))
        for other, other_value in right.items():
            both = der.extension(kind, value), der.extension(other, other_value)
            yield f"{kind}-and-{other}", of_extensions(*both)
        bits = der.sequence(der.oid(kind), der.bit_string(value))
        yield f"{kind}-in-bits", of_extensions(bits)
        yield f"{kind}-version-1", certificate(version=b"", extensions=[der.extension(kind, value)])
    whole_point = right["cRLDistributionPoints"][2:]
    point = {"empty": der.sequence(), "name-empty": der.sequence(der.context(0)),
             "full-empty": der.sequence(der.context(0, der.context(0))),
             "relative": der.sequence(der.context(0, der.context(1, der.sequence(
                 der.oid("2.5.4.3"), der.string(der.UTF8_STRING, "r"))))),
             "relative-malformed": der.sequence(der.context(0, der.context(1, der.sequence(
                 der.oid("2.5.4.3"), der.tlv(der.UTF8_STRING, b"\xff"))))),
             "reasons": der.sequence(der.context_primitive(1, b"\x07\x80")),
             "reasons-bad": der.sequence(der.context_primitive(1, b"\x08\x80")),
             "issuer": der.sequence(der.context(2, der.uri(b"i"))),
             "order": der.sequence(der.context(2, der.uri(b"i")), der.context_primitive(1, b"\0"))}
    for label, octets in point.items():
        yield f"point-{label}", of_extensions(
            der.extension("cRLDistributionPoints", der.sequence(octets)))
        yield f"point-{label}-and-uri", of_extensions(der.extension(
            "cRLDistributionPoints", der.sequence(octets, whole_point)))


def model() -> tlv.Node:
    """A certificate that has at least one element of each kind that is read."""
    value = der.string(der.UTF8_STRING, "value")
    general_names = (
        der.dns(b"a.test"), der.email(b"a@b.test"), der.uri(b"u:v"), der.ip_address("192.0.2.1"),
        der.registered_id("1.2.3"), der.directory_name(der.common_name("d")),
        der.other_name(DOTTED_UTF8[0], value), der.context(3, der.sequence()),
        der.context(5, der.context(0, value), der.context(1, value)))
    point = der.sequence(der.context(0, der.context(0, der.uri(b"r"))),
                         der.context_primitive(1, b"\0\x80"), der.context(2, der.uri(b"i")))
    unique_ids = der.context_primitive(1, b"\0\1") + der.context_primitive(2, b"\0\2")
    bits = der.bit_string(b"\xff\xf0", unused=4)
    return tlv.parse(certificate(
        subject=der.name([("commonName", "s"), ("2.5.4.45", bits)], [("2.5.4.10", value)]),
        public_key=der.SOME_PUBLIC_KEY + unique_ids,
        extensions=[der.extension("subjectAltName", der.sequence(*general_names), critical=True),
                    der.authority_info_access(("ocsp", der.uri(b"o")), ("ocsp", der.dns(b"d"))),
                    der.extension("cRLDistributionPoints", der.sequence(point))]))


def segmented(depth: int, indefinite: bool):
    """Makes a string of two segments, in so many more layers of segments."""

    def change(node):
        octets = node.octets()
        length = tlv.INDEFINITE if indefinite else 0
        parts = [tlv.Node(b"\x04", octets[:1]), tlv.Node(b"\x0c", octets[1:])]
        for _ in range(depth):
            parts = [tlv.Node(b"\x24", children=parts, length_octets=length)]
        node.tag = bytes([node.tag[0] | tlv.CONSTRUCTED]) + node.tag[1:]
        node.children, node.length_octets = parts, length

    return change


def lengths(octets: int):
    def change(node):
        node.length_octets = octets

    return change


def tags(change_octets):
    def change(node):
        node.tag = change_octets(node.tag[0])

    return change


def contents(change_octets):
    def change(node):
        node.become_leaf(change_octets(node.octets()))

    return change


# What can be done to any element.
FORMS = {
    "indefinite": lengths(tlv.INDEFINITE), "length-1": lengths(1), "length-2": lengths(2),
    "length-8": lengths(8), "length-9": lengths(9), "length-126": lengths(126),
    "high-tag": tags(lambda tag: bytes([tag | 0x1F, tag & 0x1F])),
    "high-tag-padded": tags(lambda tag: bytes([tag | 0x1F, 0x80, 0x80, tag & 0x1F])),
    "high-tag-31": tags(lambda tag: bytes([tag | 0x1F, 0x1F])),
    "high-tag-huge": tags(lambda tag: bytes([tag | 0x1F]) + b"\xff" * 4 + b"\x7f"),
    "other-form": tags(lambda tag: bytes([tag ^ tlv.CONSTRUCTED])),
    "other-class": tags(lambda tag: bytes([tag ^ 0x40])),
    "segments": segmented(0, False), "segments-open": segmented(0, True),
    "segments-4": segmented(4, False), "segments-5": segmented(5, False),
    "segments-6": segmented(6, True),
    "empty": contents(lambda octets: b""), "cut": contents(lambda octets: octets[:-1]),
    "zeros": contents(lambda octets: octets + b"\0\0"),
    "zeros-first": contents(lambda octets: b"\0\0" + octets),
    "null": contents(lambda octets: octets + b"\x05\0"),
    "long-length-at-end": contents(lambda octets: octets + b"\x0c\x81\0"),
}


def encode_changed(tree, changes) -> bytes:
    """The tree with (node, change) applied, which stays as it is."""
    before = [(node, dict(vars(node))) for node, _ in changes]
    for node, change in changes:
        change(node)
    octets = tlv.encode(tree)
    for node, attributes in before:
        vars(node).update(attributes)
    return octets


def encodings():
    """A certificate with each of its elements in each form, missing, and twice."""
    tree = model()
    for index, (node, parent, at) in enumerate(list(tree.walk())):
        for label, change in FORMS.items():
            yield f"{index}-{label}", encode_changed(tree, [(node, change)])
        siblings = parent.children
        for label, others in {"removed": [], "twice": [node, node]}.items():
            parent.children = siblings[:at] + others + siblings[at + 1:]
            yield f"{index}-{label}", tlv.encode(tree)
        parent.children = siblings


def combinations():
    """Two odd but readable forms: both of one element, or one of it and one of what it holds."""
    of_any = ("length-2", "indefinite", "high-tag")
    of_lists = (*of_any, "other-form")  # a SEQUENCE OF need not have the constructed bit
    of_strings = (*of_any, "segments", "segments-open")
    tree = model()
    for index, (node, _, _) in enumerate(list(tree.walk())):
        forms = of_lists if node.children else of_strings
        for at, inner in enumerate((node, *(node.children or ()))):
            inner_forms = of_lists if inner.children else of_strings
            for one, other in itertools.product(forms, inner_forms):
                yield f"{index}-{at}-{one}-{other}", encode_changed(
                    tree, [(inner, FORMS[other]), (node, FORMS[one])])


def cases() -> dict[str, bytes]:
    """All of them, by name."""
    groups = (strings, characters, planes, serials, versions, times, general_names, other_names,
              object_identifiers, extensions, encodings, combinations)
    made = [(f"hard/{group.__name__}/{label}", octets) for group in groups
            for label, octets in group()]
    named = dict(made)
    assert len(named) == len(made), "two certificates of one name"
    return named


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    folder = parser.parse_args().folder
    for name, octets in cases().items():
        file = folder / f"{name}.der"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(octets)


if __name__ == "__main__":
    main()
