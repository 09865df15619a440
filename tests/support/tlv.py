# SPDX-License-Identifier: Apache-2.0
"""A certificate as a tree of its elements that can be taken apart, and put together in any encoding
that BER allows and many that it does not."""

from __future__ import annotations

import dataclasses

INDEFINITE = -1
CONSTRUCTED = 0x20
OCTET_STRING, SEQUENCE = 0x04, 0x30
END_OF_CONTENTS = b"\0\0"


@dataclasses.dataclass
class Node:
    """One element. `children` are what it holds, where that is elements: those of an OCTET STRING
    that hides a SEQUENCE too."""
    tag: bytes  # the identifier octets
    content: bytes = b""
    children: list[Node] | None = None
    length_octets: int = 0  # of the long form, or INDEFINITE, or 0: as few as possible

    def encode(self) -> bytes:
        content = self.octets()
        if self.length_octets == INDEFINITE:
            return self.tag + b"\x80" + content + END_OF_CONTENTS
        return self.tag + _length(len(content), self.length_octets) + content

    def octets(self) -> bytes:
        if self.children is None:
            return self.content
        return b"".join([child.encode() for child in self.children])

    def become_leaf(self, content: bytes):
        self.content, self.children = content, None

    def walk(self):
        """(node, its parent, its index there) of all below, the outermost first."""
        for index, child in enumerate(self.children or ()):
            yield child, self, index
            yield from child.walk()


def _length(size: int, octets: int) -> bytes:
    needed = (size.bit_length() + 7) // 8
    if octets == 0 and size < 0x80:
        return bytes([size])
    octets = max(octets, needed)
    return bytes([0x80 | octets]) + size.to_bytes(octets, "big")


def parse(octets: bytes) -> Node:
    """The tree of a certificate: a node without a tag of its own, so that even the outermost
    element has a parent. What does not read as elements stays a leaf; the tree encodes to the same
    octets."""
    try:
        return Node(b"", children=_parse_all(octets))
    except ValueError:
        return Node(b"", octets)


def encode(tree: Node) -> bytes:
    return tree.octets()


def shorten_empty(octets: bytes) -> bytes:
    """The same elements, the empty ones with a length of one octet."""
    tree = parse(octets)
    for node, _, _ in tree.walk():
        if node.length_octets != INDEFINITE and not node.octets():
            node.length_octets = 0
    return encode(tree)


def copy(node: Node) -> Node:
    """As copy.deepcopy() would make it, sooner."""
    children = None if node.children is None else [copy(child) for child in node.children]
    return dataclasses.replace(node, children=children)


def _parse_all(octets: bytes) -> list[Node]:
    nodes, at = [], 0
    while at < len(octets):
        node, at = _parse_one(octets, at)
        nodes.append(node)
    return nodes


def _parse_one(octets: bytes, at: int):
    start = at
    at = _end_of_identifier(octets, at)
    node = Node(octets[start:at])
    if octets[at:at + 1] == b"\x80":
        return _parse_indefinite(node, octets, at + 1)
    size, after = _read_length(octets, at)
    node.length_octets = after - at - 1
    if node.length_octets == len(_length(size, 0)) - 1:
        node.length_octets = 0
    if after + size > len(octets):
        raise ValueError("cut")
    node.content = octets[after:after + size]
    _look_inside(node)
    return node, after + size


def _end_of_identifier(octets: bytes, at: int) -> int:
    if at == len(octets):
        raise ValueError("cut")
    at += 1
    if octets[at - 1] & 0x1F == 0x1F:
        while octets[at:at + 1] >= b"\x80":
            at += 1
        at += 1
    return at


def _read_length(octets: bytes, at: int):
    if at >= len(octets):
        raise ValueError("cut")
    first = octets[at]
    if first < 0x80:
        return first, at + 1
    after = at + 1 + (first & 0x7F)
    return int.from_bytes(octets[at + 1:after], "big"), after


def _parse_indefinite(node: Node, octets: bytes, at: int):
    node.length_octets, node.children = INDEFINITE, []
    while octets[at:at + 2] != END_OF_CONTENTS:
        child, at = _parse_one(octets, at)
        node.children.append(child)
    return node, at + 2


def _look_inside(node: Node):
    constructed = node.tag[0] & CONSTRUCTED
    hides = node.tag[0] == OCTET_STRING and node.content[:1] == bytes([SEQUENCE])
    if not constructed and not hides:
        return
    try:
        node.children = _parse_all(node.content)
    except ValueError:
        pass
