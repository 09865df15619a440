# SPDX-License-Identifier: Apache-2.0
"""Random mutations of certificates. Most work on the tree of elements, so that the lengths around
them still fit and a decoder comes to see the change; the others on the bare octets."""

import random
import sys

from support import der, tlv

# Some certificates are 200 elements deep, and each transplant may double that.
sys.setrecursionlimit(50_000)

_UNIVERSAL_TAGS = (1, 2, 3, 4, 5, 6, 10, 12, 16, 18, 19, 20, 22, 23, 24, 26, 28, 30, 0x30, 0x31)
_INTERESTING_OCTETS = (b"\0", b"\n", b"\x7f", b"\x80", b"\xff", b"\xc3\xa9", b"\xc3",
                       b"\xed\xa0\x80", b"\xf0\x9f\x94\x91", b"\xd8\x00", b"\0\0", b"0", b"9",
                       b"Z", b"+0100", b".5")
_INTERESTING_ELEMENTS = (
    b"\0\0", b"\x05\0", b"\x0c\0", b"\x0c\x81\0", b"\x30\0", b"\x31\0", b"\x30\x80\0\0",
    b"\x02\1\0", b"\x01\1\xff", b"\x06\1\x2b", b"\x04\0", b"\x82\1a", b"\xa0\0",
    b"\x86\1u", b"\x87\4\1\2\3\4", der.oid("subjectAltName"), der.oid("authorityInfoAccess"),
    der.oid("cRLDistributionPoints"), der.oid("ocsp"), der.oid("1.3.6.1.4.1.311.20.2.3"),
    der.common_name("n"))
_LENGTH_FORMS = (tlv.INDEFINITE, tlv.INDEFINITE, 1, 2, 4, 8, 9, 126)


class Mutator:
    """What it does depends on the seed alone."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        # Most certificates do not survive the first; the last are where decoders differ.
        self._on_trees = (self._delete, self._duplicate, self._swap, self._transplant, self._insert,
                          *2 * [self._change_tag], *6 * [self._change_content],
                          *4 * [self._change_length], *4 * [self._segment], *2 * [self._raise_tag])
        self._on_octets = (self._flip_bit, self._replace, self._insert_octets, self._delete_octets)

    def mutate(self, certificate: bytes) -> bytes:
        """The certificate with one to four mutations."""
        tree = tlv.parse(certificate)
        for _ in range(self.dice.choice((1, 1, 1, 1, 2, 2, 3, 4))):
            elements = list(tree.walk())
            if elements:
                self.dice.choice(self._on_trees)(elements)
        octets = tlv.encode(tree)
        return self._change_octets(octets) if self.dice.random() < 0.15 else octets

    def _change_octets(self, octets: bytes) -> bytes:
        return self.dice.choice(self._on_octets)(octets, self.dice.randrange(len(octets) + 1))

    # On octets, at an index.

    def _flip_bit(self, octets, at):
        return octets[:at] + bytes(o ^ 1 << self.dice.randrange(8) for o in octets[at:at + 1]) \
            + octets[at + 1:]

    def _replace(self, octets, at):
        return octets[:at] + self.dice.randbytes(1) + octets[at + 1:]

    def _insert_octets(self, octets, at):
        return octets[:at] + self.dice.choice(_INTERESTING_OCTETS) + octets[at:]

    def _delete_octets(self, octets, at):
        return octets[:at] + octets[at + self.dice.choice((1, 1, 1, 2, 8)):]

    # On trees, given as (node, parent, index) of each element.

    def _delete(self, elements):
        _, parent, at = self.dice.choice(elements)
        del parent.children[at]

    def _duplicate(self, elements):
        node, parent, at = self.dice.choice(elements)
        parent.children.insert(at, tlv.copy(node))

    def _swap(self, elements):
        _, parent, at = self.dice.choice(elements)
        other = self.dice.randrange(len(parent.children))
        siblings = parent.children
        siblings[at], siblings[other] = siblings[other], siblings[at]

    def _transplant(self, elements):
        node, _, _ = self.dice.choice(elements)
        _, parent, at = self.dice.choice(elements)
        parent.children[at] = tlv.copy(node)

    def _insert(self, elements):
        _, parent, at = self.dice.choice(elements)
        element, = tlv.parse(self.dice.choice(_INTERESTING_ELEMENTS)).children
        parent.children.insert(at + self.dice.randrange(2), element)

    def _change_tag(self, elements):
        node, _, _ = self.dice.choice(elements)
        tag = self.dice.choice((
            self.dice.choice(_UNIVERSAL_TAGS), 0x80 | self.dice.randrange(9),
            0xA0 | self.dice.randrange(9), node.tag[0] ^ 1 << self.dice.randrange(8)))
        node.tag = bytes([tag]) + node.tag[1:]

    def _change_content(self, elements):
        node = self._leaf(elements)
        node.become_leaf(self._change_octets(node.octets()))

    def _change_length(self, elements):
        node, _, _ = self.dice.choice(elements)
        node.length_octets = self.dice.choice(_LENGTH_FORMS)

    def _segment(self, elements):
        node = self._leaf(elements)
        octets = node.octets()
        cut = self.dice.randrange(len(octets) + 1)
        node.tag = bytes([node.tag[0] | tlv.CONSTRUCTED]) + node.tag[1:]
        node.children = [tlv.Node(bytes([self.dice.choice((4, node.tag[0] & 0x1F))]), part)
                         for part in (octets[:cut], octets[cut:])]
        node.length_octets = self.dice.choice((0, tlv.INDEFINITE))

    def _raise_tag(self, elements):
        node, _, _ = self.dice.choice(elements)
        padding = b"\x80" * self.dice.randrange(3)
        node.tag = bytes([node.tag[0] | 0x1F]) + padding + bytes([node.tag[0] & 0x1F])

    def _leaf(self, elements) -> tlv.Node:
        leaves = [node for node, _, _ in elements if node.children is None]
        return self.dice.choice(leaves or [elements[0][0]])
