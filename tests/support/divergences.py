# SPDX-License-Identifier: Apache-2.0
"""tests/parity/divergences.json: where peercert's answer differs from Python's on purpose.

An entry has an `id`; `expected` and `actual`, regular expressions of what Python and peercert say;
the `reason`; and all the `certificates` of the tests, by name, that show it. Where only an older
Python or OpenSSL differs, `older_unicode_than` or `older_openssl_than` says than which."""

import collections
import dataclasses
import json
import re
import ssl
import unicodedata

from support import clients, oracle, tlv
from support.oracle import Answer, Refusal

LEDGER = clients.SOURCE / "tests" / "parity" / "divergences.json"


def _version(text: str) -> tuple:
    return tuple(map(int, text.split(".")))


@dataclasses.dataclass(frozen=True)
class Divergence:
    id: str
    expected: str
    actual: str
    reason: str
    certificates: list[str]
    older_unicode_than: str | None = None
    older_openssl_than: str | None = None

    def applies(self) -> bool:
        """Whether this Python differs at all."""
        unicode, openssl = self.older_unicode_than, self.older_openssl_than
        if unicode and _version(unicodedata.unidata_version) >= _version(unicode):
            return False
        major, minor, _, patch, _ = ssl.OPENSSL_VERSION_INFO
        return not openssl or (major, minor, patch) < _version(openssl)

    def explains(self, certificate: bytes, python: Answer, ours: Answer) -> bool:
        expected, actual = _sentences(certificate, python, ours)
        return bool(self.applies() and re.fullmatch(self.expected, expected) and
                    re.fullmatch(self.actual, actual))


def _sentences(certificate: bytes, python: Answer, ours: Answer):
    if oracle.only_unicode_differs(python, ours):
        return "characters escaped", "characters shown"
    if _only_length_form_differs(certificate, ours):
        return "long length form refused", "long length form read"
    return tuple(each.message if isinstance(each, Refusal) else "a dict"
                 for each in (python, ours))


def _only_length_form_differs(certificate: bytes, ours: Answer) -> bool:
    """Whether Python says the same once no empty element has a length in the long form."""
    shortened = tlv.shorten_empty(certificate)
    return shortened != certificate and oracle.agree(oracle.python_answer(shortened), ours)


def load() -> list[Divergence]:
    return [Divergence(**entry) for entry in json.loads(LEDGER.read_text())]


def explanation(certificate: bytes, python: Answer, ours: Answer, ledger) -> Divergence | None:
    return next((each for each in ledger if each.explains(certificate, python, ours)), None)


def check(test, answers):
    """Fails the test unless the (name, certificate, Python's answer, peercert's) agree, but for
    those that the ledger names; and those have to differ. The ledger's names start with the
    answers' folder."""
    differing = collections.defaultdict(set)
    ledger = load()
    for name, certificate, python, ours in answers:
        if oracle.agree(python, ours):
            continue
        entry = explanation(certificate, python, ours, ledger)
        differing[entry and entry.id].add(name)
        if entry is None:
            with test.subTest(name):
                test.assertEqual(ours, python)
    folder = answers[0][0].split("/")[0] + "/"
    for entry in filter(Divergence.applies, ledger):
        named = {name for name in entry.certificates if name.startswith(folder)}
        with test.subTest(divergence=entry.id):
            test.assertEqual(differing[entry.id], named, "these differ; the ledger names those")
