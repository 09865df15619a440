# SPDX-License-Identifier: Apache-2.0
"""The program peercert, and beside it the client that it must agree with: Python's ssl module."""

import contextlib
import dataclasses
import os
import pathlib
import pty
import socket
import ssl
import subprocess
import termios

from support.servers import PATIENCE, TLS_VERSIONS, VERIFY_MODES

SOURCE = pathlib.Path(os.environ.get("PEERCERT_SOURCE") or pathlib.Path(__file__).parents[2])


def built(variable: str) -> str:
    """The path of something that the build made, which CTest passes in the environment."""
    if variable not in os.environ:
        raise SystemExit(f"set {variable}; ctest does")
    return os.environ[variable]


@dataclasses.dataclass(frozen=True)
class Outcome:
    status: int
    stdout: bytes
    stderr: str

    @property
    def text(self) -> str:
        return self.stdout.decode()


def peercert(*arguments, stdin: bytes = b"", timeout: float = PATIENCE) -> Outcome:
    """Runs the program, without a terminal."""
    done = subprocess.run([built("PEERCERT"), *map(str, arguments)], input=stdin,
                          capture_output=True, timeout=timeout, check=False)
    return Outcome(done.returncode, done.stdout, done.stderr.decode(errors="backslashreplace"))


def on_terminal(*arguments, columns: int = 100, **environment) -> tuple[str, int]:
    """What the program shows on a terminal, and the exit status."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    try:
        process = subprocess.Popen(
            [built("PEERCERT"), *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=theirs,
            stderr=subprocess.PIPE, env={"TERM": "xterm", "LANG": "C.UTF-8", **environment})
    finally:
        os.close(theirs)
    shown = b""
    with open(ours, "rb", buffering=0) as terminal, contextlib.suppress(OSError):
        while chunk := terminal.read(65536):  # EIO: nobody holds the other end any more
            shown += chunk
    process.communicate(timeout=PATIENCE)
    return shown.decode(), process.returncode


@dataclasses.dataclass(frozen=True)
class Answer:
    """What Python's client says of a server."""
    peercert: dict | None
    der: bytes | None


def client_context(*, cafile=None, verify="required", identity=None,
                   version=None) -> ssl.SSLContext:
    """As ssl.create_default_context() of CPython 3.13 makes it, whichever Python this is."""
    context = ssl.create_default_context(cafile=cafile)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    context.check_hostname = verify != "none"
    context.verify_mode = VERIFY_MODES[verify]
    if identity:
        context.load_cert_chain(identity.chain, identity.key)
    if version:
        context.minimum_version = context.maximum_version = TLS_VERSIONS[version]
    return context


def tcp(host: str, port: int) -> socket.socket:
    return socket.create_connection((host, port), timeout=PATIENCE)


@contextlib.contextmanager
def connected(context: ssl.SSLContext, host: str, port: int, servername: str | None = None):
    """A TLS connection of Python's ssl module; raises what it raises."""
    with tcp(host, port) as sock:
        with context.wrap_socket(sock, server_hostname=servername or host) as tls:
            yield tls


def python_answer(host: str, port: int, *, servername: str | None = None, **settings) -> Answer:
    with connected(client_context(**settings), host, port, servername) as tls:
        return Answer(tls.getpeercert(), tls.getpeercert(True))
