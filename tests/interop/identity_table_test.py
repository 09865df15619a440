# SPDX-License-Identifier: Apache-2.0
"""The table of docs/identity.md: what Python and peercert say of a peer, situation by situation.

    PYTHONPATH=tests PEERCERT_SOURCE=. \\
        PEERCERT_IDENTITY_ROWS=build/dev/tests/interop/identity_rows \\
        python3 tests/interop/identity_table_test.py --write

writes it anew."""

import os
import pathlib
import ssl
import subprocess
import sys
import unittest

from support.pki import DAY, NOW, Pki, shared

SOURCE = pathlib.Path(os.environ["PEERCERT_SOURCE"])
PAGE = SOURCE / "docs/identity.md"
BEGIN, END = "<!-- begin of the table -->\n", "<!-- end of the table -->\n"
HEAD = ("| situation | Python's `getpeercert()` | Python's chains | ours | `peer_identity()` |\n"
        "| --- | --- | --- | --- | --- |\n")


class Pair:
    """A client and a server of Python's, in memory."""

    def __init__(self, client, server, host="localhost", session=None):
        to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.client = client.wrap_bio(to_client, to_server, session=session, server_hostname=host)
        self.server = server.wrap_bio(to_server, to_client, server_side=True)
        for _ in range(10):
            for side in (self.client, self.server):
                attempt(side.do_handshake)


def attempt(call, *arguments):
    try:
        call(*arguments)
    except ssl.SSLError:
        pass


def client_context(pki, identity=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(pki.cafile)
    if identity:
        context.load_cert_chain(identity.chain, identity.key)
    return context


def server_context(pki, identity, verify=ssl.CERT_NONE):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_verify_locations(pki.cafile)
    context.verify_mode = verify
    if identity:
        context.load_cert_chain(identity.chain, identity.key)
    return context


def describe(side):
    """The dict and the chains; the latter are public from Python 3.13 on."""
    try:
        cert = side.getpeercert()
        dict_text = "dict" if cert else repr(cert)
    except ValueError:
        dict_text = "ValueError"
    connection = side._sslobj
    sent, verified = connection.get_unverified_chain() or [], connection.get_verified_chain() or []
    num_sent = sent if None in sent else len(sent)
    return dict_text, f"{num_sent} sent, {len(verified)} verified"


def rows_of_servers(pki: Pki):
    client, good = client_context(pki), server_context(pki, pki.server())
    yield "success", Pair(client, good).client
    yield "wrong host", Pair(client, good, "other.example").client
    expired = pki.issue("expired", not_after=NOW - DAY / 24)
    yield "expired", Pair(client, server_context(pki, expired)).client
    stranger = pki.issue("stranger", issuer=pki.issue("other root", ca=True, self_signed=True))
    yield "unknown CA", Pair(client, server_context(pki, stranger)).client
    alone = server_context(pki, pki.issue("self", self_signed=True))
    yield "self-signed", Pair(client, alone).client
    lax = client_context(pki)
    lax.check_hostname, lax.verify_mode = False, ssl.CERT_NONE
    yield "self-signed, CERT_NONE", Pair(lax, alone).client


def rows_of_clients(pki: Pki):
    server = server_context(pki, pki.server(), ssl.CERT_OPTIONAL)
    yield "client certificate", Pair(client_context(pki, pki.client()), server).server
    yield "no client certificate", Pair(client_context(pki), server).server
    stranger = pki.issue("client", self_signed=True, purpose="clientAuth")
    yield "self-signed client", Pair(client_context(pki, stranger), server).server


def rows_of_resumed(pki: Pki):
    client = client_context(pki, pki.client())
    server = server_context(pki, pki.server(), ssl.CERT_REQUIRED)
    first = Pair(client, server)
    attempt(first.client.read, 1)  # a ticket of TLS 1.3 comes behind the handshake
    resumed = Pair(client, server, session=first.client.session)
    assert resumed.client.session_reused
    yield "resumed, the server", resumed.client
    yield "resumed, the client", resumed.server


def rows_of_late_client(pki: Pki):
    client = client_context(pki, pki.client())
    server = server_context(pki, pki.server(), ssl.CERT_REQUIRED)
    client.post_handshake_auth = server.post_handshake_auth = True
    pair = Pair(client, server)
    yield "post-handshake, before", pair.server
    pair.server.verify_client_post_handshake()
    pair.server.write(b"x")
    attempt(pair.client.read, 1)
    attempt(pair.server.read, 1)
    yield "post-handshake, after", pair.server


def rows_of_anonymous(pki: Pki):
    client, server = client_context(pki), server_context(pki, None)
    for context in (client, server):
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("aNULL:@SECLEVEL=0")
    yield "anonymous cipher", Pair(client, server).client


def python_rows():
    parts = (rows_of_servers, rows_of_clients, rows_of_resumed, rows_of_late_client,
             rows_of_anonymous)
    return {name: describe(side) for part in parts for name, side in part(shared())}


def our_rows():
    program = os.environ["PEERCERT_IDENTITY_ROWS"]
    done = subprocess.run([program], capture_output=True, text=True, timeout=60, check=True)
    rows = (line.split("\t") for line in done.stdout.splitlines())
    return {name: tuple(rest) for name, *rest in rows}


def table(python, ours):
    def row(name):
        our_dict, our_chains, identity = ours[name]
        same = (our_dict, our_chains) == python[name]
        both = "the same" if same else f"{our_dict}; {our_chains}"
        return f"| {name} | {python[name][0]} | {python[name][1]} | {both} | {identity} |\n"
    return HEAD + "".join(map(row, python))


def with_table(page, text):
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + "\n" + text + "\n" + END + rest.partition(END)[2]


class IdentityTableTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.python, cls.ours = python_rows(), our_rows()

    def test_the_page_says_what_is_so(self):
        page = PAGE.read_text()
        self.assertEqual(page, with_table(page, table(self.python, self.ours)))

    def test_the_same_situations(self):
        self.assertEqual(list(self.python), list(self.ours))

    def test_dict_and_chains_are_pythons(self):
        different = {name for name, row in self.python.items() if self.ours[name][:2] != row}
        # There Python's chain holds None, which get_unverified_chain() of 3.13 stumbles over.
        self.assertEqual(different, {"no client certificate"})
        self.assertEqual(self.ours["no client certificate"][:2], ("None", "0 sent, 0 verified"))

    def test_who_is_verified(self):
        verified = {name for name, row in self.ours.items() if row[2].startswith("verified")}
        self.assertEqual(verified, {"success", "client certificate", "post-handshake, after",
                                    "resumed, the server", "resumed, the client"})


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(with_table(PAGE.read_text(), table(python_rows(), our_rows())))
    else:
        unittest.main()
