# SPDX-License-Identifier: Apache-2.0
"""What servers do that are no good TLS servers: functions for RawServer, and the TLS 1.2 messages
(RFC 5246) that they send. Each takes a connection; when it returns, the connection is closed."""

import itertools
import socket
import ssl
import struct
import time

ALERT, HANDSHAKE = 21, 22
SERVER_HELLO, CERTIFICATE = 2, 11
HANDSHAKE_FAILURE, PROTOCOL_VERSION, UNRECOGNIZED_NAME = 40, 70, 112
_FATAL = 2


def vector(size: int, content: bytes) -> bytes:
    """A variable-length vector whose length field has `size` octets."""
    return len(content).to_bytes(size, "big") + content


def record(kind: int, fragment: bytes) -> bytes:
    return bytes([kind]) + b"\x03\x03" + vector(2, fragment)


def message(kind: int, body: bytes) -> bytes:
    return record(HANDSHAKE, bytes([kind]) + vector(3, body))


def server_hello(version: int = 0x0303) -> bytes:
    """Chooses ECDHE with AES-128-GCM, with the renegotiation_info (RFC 5746) clients want."""
    renegotiation_info = b"\xff\x01" + vector(2, vector(1, b""))
    return message(SERVER_HELLO, struct.pack(">H", version) + bytes(32) + vector(1, b"") +
                   b"\xc0\x2f" + b"\0" + vector(2, renegotiation_info))


def certificate(*certificates: bytes) -> bytes:
    entries = b"".join(vector(3, each) for each in certificates)
    return message(CERTIFICATE, vector(3, entries))


def read_client_hello(connection) -> bytes:
    """The first record. A server that closes without having read it would reset the connection."""
    header = connection.recv(5, socket.MSG_WAITALL)
    return header + connection.recv(int.from_bytes(header[3:], "big"), socket.MSG_WAITALL)


def wait_for_the_end(connection):
    while connection.recv(4096):
        pass


def says(octets: bytes, then=wait_for_the_end):
    """Reads the ClientHello, sends the octets, and waits for the client to leave."""

    def serve(connection):
        read_client_hello(connection)
        connection.sendall(octets)
        then(connection)

    return serve


def closes(connection):
    """To be passed as `then`, or to say nothing at all."""


def closes_politely(connection):
    read_client_hello(connection)


def resets(connection):
    read_client_hello(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def alerts(description: int):
    return says(record(ALERT, bytes([_FATAL, description])))


def flight(context: ssl.SSLContext, connection) -> bytes:
    """What a real server with this context answers to the connection's ClientHello."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_side=True)
    incoming.write(read_client_hello(connection))
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        return outgoing.read()
    raise AssertionError("a handshake without an answer of the client's")


def half_a_handshake(context: ssl.SSLContext, then):
    def serve(connection):
        octets = flight(context, connection)
        connection.sendall(octets[:len(octets) // 2])
        then(connection)

    return serve


def drips_for_ever(context: ssl.SSLContext, pause: float):
    """Always another octet, before anyone loses patience with the last; never a whole flight."""

    def serve(connection):
        octets = flight(context, connection)
        for octet in itertools.islice(octets, len(octets) - 1):
            connection.sendall(bytes([octet]))
            time.sleep(pause)
        wait_for_the_end(connection)

    return serve


def octet_by_octet(context: ssl.SSLContext):
    """A correct server whose octets all come alone."""

    def serve(connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                pass
            for octet in outgoing.read():
                connection.sendall(bytes([octet]))
            received = connection.recv(4096)
            if not received:
                return
            incoming.write(received)

    return serve
