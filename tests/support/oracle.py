# SPDX-License-Identifier: Apache-2.0
"""What CPython's own decoder and `peercert decode --format python` say of the same certificates,
and whether that is the same.

An answer is the line with the dict, or the Refusal that stands in its place."""

import ctypes
import dataclasses
import itertools
import multiprocessing
import os
import pathlib
import re
import ssl
import tempfile
import unicodedata

from support import der
from support.clients import peercert

BATCH = 500
# Files that live for microseconds do not need a disk.
_SCRATCH = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
# CPython leaves what it refused in OpenSSL's error queue, and words the next error after it.
_clear_errors = ctypes.CDLL(ssl._ssl.__file__).ERR_clear_error
_ERROR_LINE = re.compile(r"# .+?: ERROR: (.+)")
_SOURCE_LINE = re.compile(r" \(_ssl\.c:\w+\)")

# Python's error, and ours for it. Behind d2i_X509(), which refuses all that is malformed, only what
# cannot be shown is left.
_NO_TEXT = r"(subject|issuer|subjectAltName): attribute value has no text"
_LONG_OID = r"(subject|issuer|subjectAltName): OBJECT IDENTIFIER over 586 octets"
_NOT_UTF8 = r"(subjectAltName|authorityInfoAccess|cRLDistributionPoints): invalid characters"
_SAME_ERROR = (
    (r"SSLError: Error decoding PEM-encoded file", rf"(?!{_NO_TEXT}|{_LONG_OID}|{_NOT_UTF8}).+"),
    (r"SSLError: unknown error", rf"({_NO_TEXT}|(?=subjectAltName){_LONG_OID}).*"),
    (r"UnicodeDecodeError: .+", rf"{_NOT_UTF8}.*"),
)


@dataclasses.dataclass(frozen=True)
class Refusal:
    """Why there is no dict."""
    message: str


Answer = str | Refusal


def refusal(error_type: str, message: str) -> Refusal:
    """Of an exception of Python's, without what depends on the Python's version."""
    return Refusal(f"{error_type}: {_SOURCE_LINE.sub('', message)}")


def _decode(file: str, certificate: bytes) -> Answer:
    pathlib.Path(file).write_text(der.to_pem(certificate))
    _clear_errors()
    try:
        return repr(ssl._ssl._test_decode_cert(file))
    except (ssl.SSLError, UnicodeDecodeError, SystemError) as error:
        # An SSLError without a number has its sentence in the arguments alone.
        message = error.args[-1] if isinstance(error, ssl.SSLError) else str(error)
        return refusal(type(error).__name__, message)


def _decode_all(certificates) -> list[Answer]:
    with tempfile.NamedTemporaryFile(suffix=".pem", dir=_SCRATCH) as file:
        return [_decode(file.name, each) for each in certificates]


def python_answers(certificates) -> list[Answer]:
    """Of the Python that runs this, in order; on all processors."""
    with multiprocessing.Pool() as pool:
        return list(itertools.chain.from_iterable(pool.imap(_decode_all, _batches(certificates))))


def peercert_answers(certificates) -> list[Answer]:
    """Of peercert, in order. Raises AssertionError if a run does not end as documented."""
    return list(itertools.chain.from_iterable(map(_run_peercert, _batches(certificates))))


def python_answer(certificate: bytes) -> Answer:
    answer, = _decode_all([certificate])
    return answer


def _batches(certificates):
    rest = iter(certificates)
    while batch := list(itertools.islice(rest, BATCH)):
        yield batch


def _run_peercert(certificates) -> list[Answer]:
    with tempfile.TemporaryDirectory(dir=_SCRATCH) as folder:
        bundle = pathlib.Path(folder) / "bundle.pem"
        bundle.write_text("".join(map(der.to_pem, certificates)))
        run = peercert("decode", "--format", "python", bundle, timeout=60)
    lines = run.text.split("\n")
    assert lines.pop() == "", "the last line has no end"
    assert len(lines) == len(certificates), f"{len(lines)} lines for {len(certificates)}: {run}"
    errors = [_ERROR_LINE.fullmatch(line) for line in lines]
    expected_status = 5 if any(errors) else 0
    assert run.status == expected_status, f"exit status {run.status}, not {expected_status}: {run}"
    return [Refusal(error[1]) if error else line for error, line in zip(errors, lines)]


def agree(python: Answer, ours: Answer) -> bool:
    """Whether both give the same line, or refuse for the same reason."""
    if isinstance(python, str) or isinstance(ours, str):
        return python == ours
    return any(re.fullmatch(theirs, python.message) and re.fullmatch(same, ours.message)
               for theirs, same in _SAME_ERROR)


def only_unicode_differs(python: Answer, ours: Answer) -> bool:
    """Whether peercert shows characters that this Python escapes because its Unicode does not know
    them yet, and the lines are the same otherwise."""

    def escaped(character):
        unknown = unicodedata.category(character) == "Cn"
        return ascii(character)[1:-1] if unknown else character

    return isinstance(ours, str) and ours != python and "".join(map(escaped, ours)) == python
