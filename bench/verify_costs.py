#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what validating a path costs, and writes the table of docs/verify.md.

    cmake --preset bench && cmake --build --preset bench
    bench/verify_costs.py build/bench [--write]

Without --write the table is only printed. Times are the least processor time of several runs: what
else the machine does only adds to it.
"""
import json
import pathlib
import subprocess
import sys

from performance_page import DOCS, show

REPETITIONS = 15

# The benchmarks in the order of the table, and what they do. Shares are of the first.
ROWS = {
    "x509_verify_cert": "`X509_verify_cert()` alone",
    "verifier/openssl": "`Verifier`, profile openssl",
    "verifier/webpki": "`Verifier`, profile webpki",
    "check_path": "`check_path()`: the webpki rules and the name, of a path that is known",
}


def measure(build):
    command = [build / "verify_bench", "--benchmark_format=json",
               f"--benchmark_repetitions={REPETITIONS}", "--benchmark_min_time=0.1",
               "--benchmark_enable_random_interleaving=true"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    runs = [run for run in json.loads(done.stdout)["benchmarks"]
            if run["run_type"] == "iteration"]
    return {name: min(run["cpu_time"] for run in runs if run["run_name"] == name) for name in ROWS}


def table(costs):
    yield "| | microseconds | of the first |"
    yield "| --- | ---: | ---: |"
    for name, what in ROWS.items():
        share = costs[name] / costs["x509_verify_cert"]
        yield f"| {what} | {costs[name] / 1000:,.0f} | {share:.0%} |"


def main():
    costs = measure(pathlib.Path(sys.argv[1]))
    show("verify_costs.py", list(table(costs)), write="--write" in sys.argv,
         page=DOCS / "verify.md")


if __name__ == "__main__":
    main()
