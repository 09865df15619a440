# SPDX-License-Identifier: Apache-2.0
"""Whether octets are DER, X.690, written apart from the decoder that it checks. Knows no
certificates, but that the OCTET STRING of an Extension holds DER too."""

import re

CHARACTERS = {
    18: rb"[0-9 ]*",
    19: rb"[A-Za-z0-9 '()+,\-./:=?]*",
    22: rb"[\0-\x7f]*",
    23: rb"[0-9]{12}Z",
    24: rb"[0-9]{14}(\.[0-9]*[1-9])?Z",
    26: rb"[ -~]*",
}
CODECS = {12: "utf-8", 28: "utf-32-be", 30: "utf-16-be"}
CONSTRUCTED_TYPES = {8, 11, 16, 17, 29}
BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID, ENUMERATED, SET = 1, 2, 3, 4, 5, 6, 10, 17


class NotDer(ValueError):
    """What is wrong, for people."""


def expect(holds, what):
    if not holds:
        raise NotDer(what)


def is_der(octets: bytes) -> bool:
    """Whether they are one element, whole, in DER."""
    try:
        expect(len(list(elements(octets))) == 1, "trailing octets")
    except (NotDer, IndexError):
        return False
    return True


def elements(octets: bytes):
    """(class, constructed, number, content) of each, checked to the leaves."""
    while octets:
        element, length = _element(octets)
        octets = octets[length:]
        yield element


def _element(octets):
    first, at = octets[0], 1
    number = first & 0x1f
    if number == 0x1f:
        expect(octets[1] != 0x80, "padded tag")
        number, at = _base128(octets, 1)
        expect(number > 30, "low number in the high form")
    size, at = _length(octets, at)
    content = octets[at:at + size]
    expect(len(content) == size, "truncated")
    tag_class, constructed = first >> 6, bool(first & 0x20)
    children = list(elements(content)) if constructed else None
    if tag_class == 0:
        _check_universal(number, constructed, content)
        if number == SET:
            _check_order(content)
        if number == 16:
            _check_extension(children)
    return (tag_class, constructed, number, content), at + size


def _base128(octets, at):
    number = 0
    while True:
        number = number << 7 | octets[at] & 0x7f
        at += 1
        if not octets[at - 1] & 0x80:
            return number, at


def _length(octets, at):
    size = octets[at]
    if size < 0x80:
        return size, at + 1
    count = size & 0x7f
    expect(count > 0, "indefinite length")
    size = int.from_bytes(octets[at + 1:at + 1 + count], "big")
    expect(size >= 0x80 and octets[at + 1] != 0, "padded length")
    return size, at + 1 + count


def _check_universal(number, constructed, content):
    expect(number not in (0, 15), "reserved")
    expect(constructed == (number in CONSTRUCTED_TYPES), "form")
    if number == BOOLEAN:
        expect(content in (b"\0", b"\xff"), "BOOLEAN")
    elif number in (INTEGER, ENUMERATED):
        shorter = content[1:]
        value = int.from_bytes(content, "big", signed=True)
        expect(content and (not shorter or int.from_bytes(shorter, "big", signed=True) != value),
               "INTEGER")
    elif number == BIT_STRING:
        expect(content and content[0] < 8 and (len(content) > 1 or content[0] == 0), "BIT STRING")
        expect(len(content) == 1 or content[-1] % (1 << content[0]) == 0, "unused bits")
    elif number == NULL:
        expect(not content, "NULL")
    elif number == OID:
        expect(content and re.fullmatch(rb"([\x81-\xff][\x80-\xff]*[\0-\x7f]|[\0-\x7f])+", content),
               "OID")
    elif number in CHARACTERS:
        expect(re.fullmatch(CHARACTERS[number], content, re.DOTALL), "characters")
    elif number in CODECS:
        _check_text(content, CODECS[number])


def _check_text(content, codec):
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        raise NotDer("characters") from error
    expect(codec != "utf-16-be" or all(ord(c) < 0x10000 for c in text), "surrogates")


def _check_order(content):
    encodings = []
    while content:
        length = _element(content)[1]
        encodings.append(content[:length])
        content = content[length:]
    expect(encodings == sorted(encodings), "order of a SET")


def _check_extension(children):
    tags = [(tag_class, number) for tag_class, _, number, _ in children]
    if tags in ([(0, OID), (0, OCTET_STRING)], [(0, OID), (0, BOOLEAN), (0, OCTET_STRING)]):
        expect(is_der(children[-1][3]), "value of an extension")
