#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/terminal.svg, the picture in README.md: what the program shows on a terminal.

    scripts/make_terminal_picture.py PROGRAM            runs the program and writes the picture
    scripts/make_terminal_picture.py PROGRAM --check    fails if the picture in the tree differs

The program talks to a server on 127.0.0.1, with certificates made for it. All that it prints is in
the picture. What differs between two runs is replaced: ports, dates, digests, how long a scan took,
and the order in which its targets were done.
"""
import argparse
import contextlib
import difflib
import html
import os
import pathlib
import pty
import re
import shlex
import subprocess
import sys
import tempfile
import termios

SOURCE = pathlib.Path(__file__).resolve().parent.parent
PICTURE = SOURCE / "docs/terminal.svg"
sys.path.insert(0, str(SOURCE / "tests"))

from support import der, pki  # noqa: E402
from support.name_server import A, NameServer  # noqa: E402
from support.servers import PATIENCE, PythonServer  # noqa: E402

NAMES = ["shop.example", "old.example", "lab.example"]
LIFE = 90 * pki.DAY
ENDS = {"shop.example": pki.NOW + 14.3 * pki.DAY, "old.example": pki.NOW - 3.7 * pki.DAY,
        "lab.example": pki.NOW + 30.3 * pki.DAY}

# What the picture shows in place of what a run was given.
DATES = {"%Y-%m-%d %H:%M:%S": ("2026-09-14 06:00:00", "2026-12-13 06:00:00"),
         "%b {:2} %H:%M:%S %Y": ("Sep 14 06:00:00 2026", "Dec 13 06:00:00 2026")}
DIGEST = ":".join(f"{(0x2B + 151 * i) % 256:02X}" for i in range(32))

COLUMNS, CELL, LINE, MARGIN, BAR = 112, 7.8, 18, 20, 34
CLASSES = {"1": "b", "2": "d", "31": "r", "32": "g", "33": "y"}  # of the parameters of SGR
PROMPT = "\x1b[33m$\x1b[0m "
STYLE = """
text { font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #d0d7e2;
       white-space: pre }
.b { font-weight: bold; fill: #ffffff }
.d { fill: #8b97a8 }
.r { fill: #ff7b72 }
.g { fill: #56d364 }
.y { fill: #e3b341 }
"""


def leaf(made: pki.Pki, issuer, host: str, serial: int):
    names = [der.dns(host.encode()), der.dns(b"www." + host.encode())]
    return made.issue(host, issuer=issuer, subject=der.common_name(host), alt_names=names,
                      serial=serial, not_before=ENDS[host] - LIFE, not_after=ENDS[host])


def make_server(folder: pathlib.Path) -> PythonServer:
    """A server with a certificate for each name: a good one, an expired one, a self-signed one."""
    made = pki.Pki(folder)
    root = made.issue("root", ca=True, self_signed=True, subject=der.common_name("Example Root"))
    issuer = made.issue("issuer", ca=True, issuer=root, not_after=pki.NOW + 1.003 * LIFE,
                        subject=der.common_name("Example Issuing CA"))
    (folder / "ca.pem").write_text(root.certificate.read_text())
    shop, old, lab = NAMES
    self_signed = made.issue(lab, self_signed=True, subject=der.common_name(lab),
                             alt_names=[der.dns(lab.encode())], not_after=ENDS[lab])
    return PythonServer(leaf(made, issuer, shop, 0x6F1D2C03A94BE857),
                        sni={old: leaf(made, issuer, old, 0x1B), lab: self_signed})


def on_terminal(program, words, folder) -> str:
    """What a terminal gets of both outputs of a run."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (50, COLUMNS))
    try:
        process = subprocess.Popen([program, *words], cwd=folder, stdin=subprocess.DEVNULL,
                                   stdout=theirs, stderr=theirs,
                                   env={"TERM": "xterm", "LANG": "C.UTF-8"})
    finally:
        os.close(theirs)
    shown = b""
    with open(ours, "rb", buffering=0) as terminal, contextlib.suppress(OSError):
        while chunk := terminal.read(65536):  # EIO: nobody holds the other end any more
            shown += chunk
    process.wait(timeout=PATIENCE)
    return shown.decode().replace("\r\n", "\n").strip("\n")


def in_order(text: str) -> str:
    """The records of a scan in the order of its targets."""
    lines = text.split("\n")
    places = [at for at, line in enumerate(lines) if line.startswith(tuple(NAMES))]
    records = sorted((lines[at] for at in places), key=lambda line: NAMES.index(line.split(":")[0]))
    for at, record in zip(places, records):
        lines[at] = record
    return "\n".join(lines)


def replaced(text: str, ports: dict) -> str:
    end = ENDS["shop.example"]
    for form, shown in DATES.items():
        for when, instead in zip((end - LIFE, end), shown):
            text = text.replace(when.strftime(form.format(when.day)), instead)
    for port, instead in ports.items():
        text = text.replace(port, instead)
    text = re.sub(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", DIGEST, text)
    return re.sub(r"in \d+\.\d s, \d+ targets/s", "in 0.1 s, 30 targets/s", text)


def session(program):
    """Each command, and what it shows."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name)
        server = stack.enter_context(make_server(folder))
        resolver = stack.enter_context(
            NameServer(lambda _, kind: [b"\x7f\0\0\1"] if kind == A else []))
        (folder / "hosts.txt").write_text("".join(f"{name}:{server.port}\n" for name in NAMES))
        ports = {f":{server.port}": ":44300", resolver.address: "127.0.0.1:45300"}
        get = "peercert --cafile ca.pem --servername shop.example"
        for command in (f"{get} 127.0.0.1:{server.port}",
                        f"{get} --format python 127.0.0.1:{server.port}",
                        f"peercert scan hosts.txt --cafile ca.pem --resolver {resolver.address}"):
            shown = on_terminal(program, shlex.split(command)[1:], folder)
            yield replaced(command, ports), replaced(in_order(shown), ports)


def wrapped(line: str) -> list[str]:
    """A terminal goes on in the next line. Only lines without colours are as long as that."""
    if "\x1b" in line:
        return [line]
    return [line[at:at + COLUMNS] for at in range(0, max(len(line), 1), COLUMNS)]


def words(line: str):
    """(column, class, text) of what stands between blanks that a picture could lose."""
    column, style = 0, ""
    for parameters, text in re.findall(r"\x1b\[([\d;]*)m|([^\x1b]+)", line):
        for word in re.finditer(r"\S+( \S+)*", text):
            yield column + word.start(), style, word.group()
        column += len(text)
        if not text:
            style = " ".join(CLASSES[each] for each in parameters.split(";") if each in CLASSES)


def text_element(line: str, y: int) -> str:
    """Everything has its place and width, so that columns stay columns in any font."""
    spans = []
    for column, style, text in words(line):
        look = f' class="{style}"' if style else ""
        spans.append(f'<tspan x="{MARGIN + column * CELL:.1f}"{look} '
                     f'textLength="{len(text) * CELL:.1f}">{html.escape(text)}</tspan>')
    return f'<text y="{y}">{"".join(spans)}</text>'


def picture(program) -> str:
    lines = []
    for command, shown in session(program):
        lines += [""] * bool(lines) + [f"{PROMPT}\x1b[1m{command}\x1b[0m"]
        lines += [part for line in shown.split("\n") for part in wrapped(line)]
    width, height = round(2 * MARGIN + COLUMNS * CELL), BAR + MARGIN + len(lines) * LINE + 10
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label="peercert on a terminal">',
        "<!-- Made by scripts/make_terminal_picture.py; do not edit. -->",
        f"<style>{STYLE}</style>",
        f'<rect width="{width}" height="{height}" rx="9" fill="#161b22"/>',
        f'<path d="M0 {BAR}V9a9 9 0 0 1 9-9h{width - 18}a9 9 0 0 1 9 9v{BAR - 9}z" '
        f'fill="#262c36"/>',
        *(f'<circle cx="{MARGIN + 20 * at}" cy="{BAR // 2}" r="6" fill="{colour}"/>'
          for at, colour in enumerate(("#ff5f57", "#febc2e", "#28c840"))),
        *(text_element(line, BAR + MARGIN + LINE * row + 4)
          for row, line in enumerate(lines) if line),
        "</svg>"]) + "\n"


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program", type=pathlib.Path)
    options.add_argument("--check", action="store_true")
    given = options.parse_args()
    made = picture(given.program.resolve())
    if not given.check:
        PICTURE.write_text(made)
        return
    there = PICTURE.read_text() if PICTURE.exists() else ""
    if made != there:
        sys.exit("".join(difflib.unified_diff(there.splitlines(True), made.splitlines(True),
                                              str(PICTURE), str(given.program))))


if __name__ == "__main__":
    main()
