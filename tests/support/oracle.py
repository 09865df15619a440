# SPDX-License-Identifier: Apache-2.0
"""CPython's own decoder as the oracle of `peercert decode --format python`."""

import pathlib
import re
import ssl
import tempfile

from support import der
from support.clients import peercert

_REFUSED = re.compile(r"# .+: ERROR: .+")


def python_repr(certificate: bytes) -> str | None:
    """repr() of the dict that Python makes of the certificate, or None if it raises."""
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(der.to_pem(certificate))
        file.flush()
        try:
            return repr(ssl._ssl._test_decode_cert(file.name))
        except (ssl.SSLError, UnicodeDecodeError):
            return None


def peercert_reprs(certificates) -> list[str | None]:
    """The same from peercert, all in one run: a line for each certificate, None for an error line.
    Raises AssertionError if the run does not end as documented."""
    certificates = list(certificates)
    with tempfile.TemporaryDirectory() as folder:
        bundle = pathlib.Path(folder) / "bundle.pem"
        bundle.write_text("".join(map(der.to_pem, certificates)))
        run = peercert("decode", "--format", "python", bundle, timeout=60)
    lines = run.text.split("\n")
    assert lines.pop() == "", "the last line has no end"
    assert len(lines) == len(certificates), f"{len(lines)} lines for {len(certificates)}: {run}"
    reprs = [None if _REFUSED.fullmatch(line) else line for line in lines]
    expected_status = 5 if None in reprs else 0
    assert run.status == expected_status, f"exit status {run.status}, not {expected_status}: {run}"
    return reprs
