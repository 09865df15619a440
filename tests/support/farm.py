# SPDX-License-Identifier: Apache-2.0
"""bench/tls_farm, servers of every kind, and what a scan has to say of each."""

import collections
import json
import pathlib
import subprocess

# What the record says, by kind: the verdict's status and code, the error's class.
EXPECTED = {
    "rsa-1.3": ("verified", 0, None),
    "ec-1.3": ("verified", 0, None),
    "expired": ("failed", 10, None),
    "self-signed": ("failed", 18, None),
    "refused": (None, None, "refused"),
    "silent": (None, None, "timeout"),
    "slow": (None, None, "timeout"),
    "reset": (None, None, "reset"),
    "plain-text": (None, None, "not-tls"),
    "garbage": (None, None, "not-tls"),
}


def said(record) -> tuple:
    verdict, error = record.get("verdict", {}), record.get("error", {})
    return verdict.get("status"), verdict.get("code"), error.get("class")


def json_lines(path) -> list:
    return [json.loads(line) for line in pathlib.Path(path).read_text().splitlines()]


class Farm:
    """The servers, for as long as the block runs. `root` is the file of their trust anchors."""

    def __init__(self, program, folder, kinds=tuple(EXPECTED)):
        self._command = [program, folder / "root.pem", *kinds]
        self.root = folder / "root.pem"

    def __enter__(self):
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True)
        lines = [self._process.stdout.readline().split() for _ in self._command[2:]]
        self.ports = {kind: int(port) for kind, port in lines}
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def target(self, kind) -> str:
        return f"127.0.0.1:{self.ports[kind]}"

    def write_targets(self, path, kinds) -> None:
        path.write_text("".join(self.target(kind) + "\n" for kind in kinds))

    def mistakes(self, records, kinds) -> list[str]:
        """What is wrong with the records of a file of such targets: one for each is due, of each
        the right class."""
        numbers = collections.Counter(record["index"] for record in records)
        wrong = [f"target {index}: {numbers[index]} records"
                 for index in range(len(kinds)) if numbers[index] != 1]
        wrong += [f"target {index} is none" for index in numbers if index >= len(kinds)]
        for record in records:
            kind = kinds[min(record["index"], len(kinds) - 1)]
            if record["target"] != self.target(kind) or said(record) != EXPECTED[kind]:
                wrong.append(f"{kind}: {json.dumps(record)[:1000]}")
        return wrong
