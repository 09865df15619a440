#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How fast `peercert decode` goes through large files, beside the library alone.

    bench/decode_throughput.py BUILD [COUNT]

BUILD is a folder of the program and decode_bench, built with -DCMAKE_BUILD_TYPE=Release and
-DPEERCERT_DEVELOPER=ON. Writes COUNT (1,000,000) leaf certificates to a temporary folder in each
form that decode reads, decodes them to /dev/null, and prints a table of CPU time and real time.

The library's time is what decode_bench says of the same 2,000 leaves that the files repeat, with
the SHA-256 where the output has one; the share is that time in the program's CPU time.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from bench import make_leaf_certificates  # noqa: E402
from tests.support import der  # noqa: E402

NUM_LEAVES = 2000
NANOSECONDS = 1e9
OUTPUTS = {
    "python": ("--format", "python"),
    "json": ("--format", "json"),
    "json without sha256": ("--format", "json", "--no-fingerprint"),
}
FORMS = {
    "der": lambda one: one,
    "length-prefixed": lambda one: len(one).to_bytes(4, "little") + one,
    "pem": lambda one: der.to_pem(one).encode(),
}


def library_times(build, leaves):
    """Nanoseconds of CPU for a certificate, by the name of the benchmark."""
    run = subprocess.run([build / "decode_bench", leaves, "--benchmark_format=json",
                          "--benchmark_min_time=1", "--benchmark_filter=python_repr|json|sha256"],
                         check=True, capture_output=True)
    return {one["name"]: NANOSECONDS / one["items_per_second"]
            for one in json.loads(run.stdout)["benchmarks"]}


def measure(*command):
    """Seconds of CPU, and real ones."""
    before, start = os.times(), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after, end = os.times(), time.monotonic()
    cpu = (after.children_user - before.children_user
           + after.children_system - before.children_system)
    return cpu, end - start


def library_time(times, form, output):
    """What the library needs for the same work."""
    time = times["python_repr"] if output == "python" else times["json"]
    if form == "pem":
        time += times["pem_python_repr"] - times["python_repr"]
    return time + (times["sha256"] if output == "json" else 0)


def main():
    build = pathlib.Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    leaves = list(make_leaf_certificates.certificates(NUM_LEAVES))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for form, encode in FORMS.items():
            portion = b"".join(map(encode, leaves))
            with open(folder / form, "wb") as file:
                for _ in range(count // NUM_LEAVES):
                    file.write(portion)
        prefixed = folder / "leaves"
        prefixed.write_bytes(b"".join(map(FORMS["length-prefixed"], leaves)))
        times = library_times(build, prefixed)
        count = count // NUM_LEAVES * NUM_LEAVES
        print(f"{count} certificates; CPU in ns for each\n")
        print("| input | output | jobs | real | certificates/s | CPU | library | share |")
        print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        for form in FORMS:
            for output, options in OUTPUTS.items():
                for jobs in sorted({1, os.cpu_count()}):
                    cpu, real = measure(build / "peercert", "decode", *options, "--jobs",
                                        str(jobs), folder / form)
                    each = cpu / count * NANOSECONDS
                    library = library_time(times, form, output)
                    print(f"| {form} | {output} | {jobs} | {real:.2f} s | {count / real:,.0f} "
                          f"| {each:.0f} | {library:.0f} | {library / each:.0%} |", flush=True)


if __name__ == "__main__":
    main()
