# SPDX-License-Identifier: Apache-2.0
"""A name server that says whatever a test wants, over UDP and TCP."""

import contextlib
import socket
import struct
import threading

A, CNAME, MX, AAAA = 1, 5, 15, 28
_MAX_UDP = 450
_TRUNCATED = 0x200


def name(text: str) -> bytes:
    """RFC 1035, 3.1."""
    labels = text.encode().split(b".")
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def question(message: bytes):
    """Name in lower case, type, and the bytes of the question."""
    at, labels = 12, []
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]])
        at += message[at] + 1
    kind, = struct.unpack("!H", message[at + 1:at + 3])
    return b".".join(labels).decode("latin1").lower(), kind, message[12:at + 5]


class NameServer:
    """`answers(name, type)` gives the data of each record of that type, or (type, data)."""

    def __init__(self, answers):
        self._answers = answers

    def __enter__(self):
        while True:  # one port for both
            self._tcp = socket.create_server(("127.0.0.1", 0))
            self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                self._udp.bind(self._tcp.getsockname())
                break
            except OSError:
                self._tcp.close()
                self._udp.close()
        self.address = "127.0.0.1:%d" % self._tcp.getsockname()[1]
        for function in (self._serve_udp, self._accept):
            threading.Thread(target=function, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._tcp.close()
        self._udp.close()

    def _reply(self, message, room):
        asked, kind, text = question(message)
        records = []
        for answer in self._answers(asked, kind):
            of, data = answer if isinstance(answer, tuple) else (kind, answer)
            records.append(b"\xc0\x0c" + struct.pack("!HHIH", of, 1, 0, len(data)) + data)
        flags = 0x8180
        if sum(map(len, records)) > room:
            flags, records = flags | _TRUNCATED, []
        return (message[:2] + struct.pack("!HHHHH", flags, 1, len(records), 0, 0) + text
                + b"".join(records))

    def _serve_udp(self):
        with contextlib.suppress(OSError):
            while True:
                message, client = self._udp.recvfrom(4096)
                self._udp.sendto(self._reply(message, _MAX_UDP), client)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._tcp.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, contextlib.suppress(OSError), connection.makefile("rb") as stream:
            while prefix := stream.read(2):
                reply = self._reply(stream.read(struct.unpack("!H", prefix)[0]), 0xf000)
                connection.sendall(struct.pack("!H", len(reply)) + reply)
