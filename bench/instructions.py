#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Counts, with callgrind, the instructions that decoding one certificate takes.

    bench/instructions.py PREFIX            compares them with what bench/instructions.json records
    bench/instructions.py PREFIX --record   records them there

PREFIX is where a release build is installed. Unlike times, the counts are the same at every run on
any machine with the same compiler. More than 3 % over what is recorded fails, and so does what is
over the limit: the record may rise, with a reason, but not past that.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

BENCH = pathlib.Path(__file__).resolve().parent
RECORD = BENCH / "instructions.json"
COUNT = 2000  # certificates
MARGIN = 1.03


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    return done.stdout, done.stderr


def build(include, library, folder):
    program = folder / "decode_once"
    run(os.environ.get("CXX", "c++"), "-std=c++20", "-O2", "-DNDEBUG", f"-I{include}",
        BENCH / "decode_once.cpp", library, "-o", program)
    return program


def total(program, certificates, task, rounds):
    """The instructions of a whole run."""
    output = ["--callgrind-out-file=/dev/null"]
    _, log = run("valgrind", "--tool=callgrind", *output, program, certificates, task, str(rounds))
    [line] = [line for line in log.splitlines() if "Collected" in line]
    return int(line.rsplit(":", 1)[1])


def measure(program, certificates, tasks):
    """Per certificate, once the memory that is reused is there."""
    return {task: round((total(program, certificates, task, 2)
                         - total(program, certificates, task, 1)) / COUNT) for task in tasks}


def complaints(measured, record):
    for task, count in measured.items():
        recorded, limit = record[task]["recorded"], record[task]["limit"]
        if count > limit:
            yield f"{task}: {count} instructions, the limit is {limit}"
        elif count > recorded * MARGIN:
            yield f"{task}: {count} instructions, {recorded} are recorded: see what has become slow"


def main():
    prefix = pathlib.Path(sys.argv[1]).resolve()
    record = json.loads(RECORD.read_text())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        certificates = folder / "certificates"
        run(sys.executable, BENCH / "make_leaf_certificates.py", certificates, str(COUNT))
        [library] = prefix.glob("**/libpeercert_core.a")
        program = build(prefix / "include", library, folder)
        measured = measure(program, certificates, record)
    for task, count in measured.items():
        print(f"{task}: {count} instructions, recorded {record[task]['recorded']}, "
              f"limit {record[task]['limit']}")
    if "--record" in sys.argv:
        for task, count in measured.items():
            record[task]["recorded"] = count
        RECORD.write_text(json.dumps(record, indent=2) + "\n")
    sys.exit("\n".join(complaints(measured, record)) or 0)


if __name__ == "__main__":
    main()
