#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what decoding costs, and writes the first table of docs/performance.md.

    cmake --preset bench && cmake --build --preset bench
    bench/performance.py build/bench [--write]

Without --write the table is only printed. Times are medians of several runs; those of CPython are
measured in this process, which is why it has to be the system's.
"""
import json
import pathlib
import ssl
import statistics
import subprocess
import sys
import tempfile
import time

import make_leaf_certificates
from performance_page import show

BENCH = pathlib.Path(__file__).resolve().parent
COUNT = 2000  # certificates
REPETITIONS = 9

# The benchmarks in the order of the table, and what they do.
ROWS = {
    "memcpy": "copy the bytes",
    "tlv_walk": "walk over every tag, length and value",
    "parse": "`CertificateView::parse()`",
    "parse_iterate": "the same, then every name, extension, SAN and URI",
    "python_repr": "DER to the text of Python's dict",
    "json": "DER to JSON",
    "pem_python_repr": "PEM to the text of Python's dict",
    "sha256": "SHA-256 of the certificate, for comparison",
    "openssl_d2i": "OpenSSL's `d2i_X509()`",
    "openssl_getpeercert": "the same, then the dict's fields through OpenSSL's API",
    "cpython": "CPython: `_ssl._test_decode_cert()`, PEM file to dict, and `repr()`",
}


def measure_decode_bench(build, path):
    command = [build / "decode_bench", path, "--benchmark_format=json",
               f"--benchmark_repetitions={REPETITIONS}", "--benchmark_min_time=0.05",
               "--benchmark_enable_random_interleaving=true"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return {run["run_name"]: 1e9 / run["items_per_second"]
            for run in json.loads(done.stdout)["benchmarks"]
            if run.get("aggregate_name") == "median"}


def measure_cpython(folder):
    files = []
    for number, der in enumerate(make_leaf_certificates.certificates(COUNT)):
        files.append(folder / f"{number}.pem")
        files[-1].write_text(ssl.DER_cert_to_PEM_cert(der))
    times = []
    for _ in range(3):
        start = time.process_time_ns()
        for file in files:
            repr(ssl._ssl._test_decode_cert(file))
        times.append((time.process_time_ns() - start) / len(files))
    return statistics.median(times)


def table(costs):
    yield "| | ns | to the walk | certificates/s | what |"
    yield "| --- | ---: | ---: | ---: | --- |"
    for name, what in ROWS.items():
        ns = costs[name]
        yield (f"| {name} | {ns:,.0f} | {ns / costs['tlv_walk']:.2f} | {1e9 / ns:,.0f} "
               f"| {what} |")


def main():
    build = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        path = folder / "certificates"
        subprocess.run([sys.executable, BENCH / "make_leaf_certificates.py", path, str(COUNT)],
                       check=True)
        costs = measure_decode_bench(build, path)
        costs["cpython"] = measure_cpython(folder)
    show("performance.py", list(table(costs)), write="--write" in sys.argv)


if __name__ == "__main__":
    main()
