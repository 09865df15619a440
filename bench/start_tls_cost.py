#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Counts, with callgrind, the instructions that the STARTTLS dialogues take for each byte.

    bench/start_tls_cost.py START_TLS_FUZZ

START_TLS_FUZZ is fuzz/start_tls_fuzz of a build without libFuzzer. It feeds each dialogue at once,
in chunks and byte by byte. A byte of many long pieces may cost no more than LIMIT times as much as
one of a few short pieces: who finds a way to make it cost more can hold an event loop.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

LIMIT = 1.5
SHORT = (500, 8_000)    # bytes of a piece, bytes in all
LONG = (8_000, 32_000)

CHUNK_LENS = bytes((1, 100, 255))
STREAM = b"<stream:stream xmlns:stream='http://etherx.jabber.org/streams'><stream:features>"
SMTP, IMAP, FTP, SIEVE, XMPP, IRC = 0, 2, 4, 5, 6, 12  # as start_tls_fuzz.cpp numbers them


# What a hostile server says: the protocol, how it begins, and a piece of some length.
TALKERS = {
    "a greeting of SMTP": (SMTP, b"", lambda n: b"220-" + b"x" * n + b"\n"),
    "SMTP's extensions": (SMTP, b"220 x\n", lambda n: b"250-" + b"-" * n + b"\n"),
    "IMAP's capabilities": (IMAP, b"* OK\n", lambda n: b"* CAPABILITY" + b" S" * (n // 2) + b"\n"),
    "text in FTP's reply": (FTP, b"220-\n", lambda n: b"2" * n + b"\n"),
    "literals of SIEVE": (SIEVE, b"", lambda n: b"\"\" {%d}\n" % n + b"{" * n + b"\n"),
    "a line of literals of SIEVE": (SIEVE, b"", lambda n: b"{%d}\n" % n + b"{" * n),
    "braces of SIEVE": (SIEVE, b"", lambda n: b"\"" + b"{1" * (n // 2) + b"}x\n"),
    "IRC's spaces": (IRC, b"", lambda n: b"@" + b" " * n + b"NOTICE\n"),
    "'>' in XMPP's quotes": (XMPP, STREAM, lambda n: b"<a b='" + b">" * n + b"'/>"),
    "quotes of XMPP": (XMPP, STREAM, lambda n: b"<a b=" + b"''" * (n // 2) + b"/>"),
    "attributes of XMPP":
        (XMPP, STREAM, lambda n: b"<starttls" + b" b='>'" * (n // 6) + b"/>"),
    "'=' of XMPP": (XMPP, STREAM, lambda n: b"<starttls " + b"=" * n + b"/>"),
    "prefixes of XMPP": (XMPP, STREAM, lambda n: b"<a" + b":" * n + b":starttls/>"),
    "text in XMPP": (XMPP, STREAM, lambda n: b">" * n + b"<a/>"),
    "tags of XMPP": (XMPP, STREAM, lambda n: b"<>" * (n // 2)),
}


def talk(talker, piece_len, total):
    protocol, said, piece = talker
    again = piece(piece_len - 20)
    said += again * ((total - len(said)) // len(again))
    return bytes([protocol]) + CHUNK_LENS + said


def count(program, inputs):
    """Instructions for each of the inputs, which one run of the program meets in turn."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        files = []
        for number, given in enumerate(inputs):
            files.append(folder / f"input{number:03}")
            files[-1].write_bytes(given)
        # A dump ends where the next input begins, so one more input follows the last.
        subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out",
                        "--dump-before=peercert::fuzz::run(*", program, *files, files[0]],
                       capture_output=True, timeout=600, check=True)
        outputs = [folder / f"out.{number}" for number in range(2, len(files) + 2)]
        return [int(re.search(r"^totals: (\d+)", output.read_text(), re.M)[1])
                for output in outputs]


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    inputs = [talk(talker, *size) for talker in TALKERS.values() for size in (SHORT, LONG)]
    costs = [cost / len(given) for cost, given in zip(count(program, inputs), inputs)]
    failed = False
    for name, short, long in zip(TALKERS, costs[::2], costs[1::2]):
        print(f"{name}: {short:.0f} instructions for a byte of short pieces, {long:.0f} of long")
        if long > short * LIMIT:
            print(f"{name}: more than {LIMIT} times as many: the cost is not linear")
            failed = True
    return failed


if __name__ == "__main__":
    sys.exit(main())
