#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a scan costs the client, beside Go's crypto/tls in the same run.

    bench/scan_bench.py BUILD [--count N] [--rounds N] [--only CASE] [--in-flight N]

BUILD has `peercert` and `tls_farm`. The servers are on as many loopback addresses and not counted:
a client's cost is the user and system time of its process, divided by the certificates that it got;
the least of some rounds, in which the clients take turns. Beside it the time from begin to end,
which the servers take too, and the client's peak memory. Answers are checked before any figure is
given. Go's client is built from bench/peers/go_client where Go is installed. With an "own leaf" no
certificate comes twice; else all hosts have the same, and either client knows it again. With
--in-flight so many connections wait for servers that say nothing: the client's memory is told.
"""

import argparse
import collections
import contextlib
import dataclasses
import io
import ipaddress
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(SOURCE / "tests"))

from support.farm import Farm  # noqa: E402

CONCURRENCY = 500
MAX_COUNT = 10_000  # the farm's kManyLeaves

# Case, the farm's kind, peercert's options, Go's mode, and the ratio that is aimed at.
CASES = [
    ("verified, RSA, TLS 1.3", "rsa-1.3", [], "verified", 0.9),
    ("verified, RSA, TLS 1.3, own leaf", "many-rsa-1.3", [], "verified", 0.9),
    ("verified, RSA, TLS 1.2", "rsa-1.2", [], "verified", None),
    ("verified, P-384 chain, TLS 1.3", "ec-1.3", [], "verified", 0.6),
    ("verified, P-384, 1.3, own leaf", "many-ec-1.3", [], "verified", 0.6),
    ("not verified, RSA, TLS 1.3", "rsa-1.3", ["--verify", "none"], "unverified", None),
    ("present only, RSA, TLS 1.3", "rsa-1.3", ["--present-only"], "present-only", 0.9),
    ("present only, RSA, TLS 1.2", "rsa-1.2", ["--present-only"], "present-only", None),
]


@dataclasses.dataclass(frozen=True)
class Cost:
    """What one run took: CPU time in microseconds for a certificate, seconds, megabytes at most."""
    user: float
    system: float
    seconds: float
    peak: float

    @property
    def cpu(self):
        return self.user + self.system


def run(command, count_certificates):
    """The costs of a program, whose standard output says how many certificates it got."""
    begin = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"{command[0]} ended with {process.returncode}")
        output.seek(0)
        # Line by line: a process counts the memory of the one that it is forked from as its own.
        number = count_certificates(io.TextIOWrapper(output))
    return Cost(usage.ru_utime * 1e6 / number, usage.ru_stime * 1e6 / number, seconds,
                usage.ru_maxrss / 1024)


def write_targets(path, port, count):
    """As many hosts from 127.0.0.1 on."""
    first = ipaddress.ip_address("127.0.0.1")
    path.write_text("".join(f"{first + i}:{port},localhost\n" for i in range(count)))


def run_peercert(build, farm, kind, options, count, folder):
    targets = folder / "targets.txt"
    write_targets(targets, farm.ports[kind], count)
    wanted = "unverified" if options else "verified"

    def is_good(record):
        return record.get("verdict", {}).get("status") == wanted and record.get("chain")

    def count_certificates(lines):
        answers = collections.Counter(bool(is_good(json.loads(line))) for line in lines)
        if answers.total() != count or answers[True] < count * 0.99:
            raise SystemExit(f"{kind} {options}: {answers[True]} of {count} are {wanted}")
        return answers[True]

    return run([build / "peercert", "scan", targets, "--quiet", "--cafile", farm.root,
                "--concurrency", str(CONCURRENCY), *options], count_certificates)


def run_go(client, farm, kind, mode, count):
    def count_certificates(lines):
        number = int(next(lines))
        if number < count * 0.99:
            raise SystemExit(f"Go, {kind} {mode}: {number} of {count}")
        return number

    return run([client, farm.root, str(farm.ports[kind]), str(count), str(CONCURRENCY), mode],
               count_certificates)


def build_go_client(folder):
    if not shutil.which("go"):
        return None
    client = folder / "go_client"
    subprocess.run(["go", "build", "-o", client, "main.go"], check=True,
                   cwd=SOURCE / "bench/peers/go_client", env={**os.environ, "GO111MODULE": "off"})
    return client


def compare(build, client, farm, case, arguments, folder):
    name, kind, options, mode, aim = case
    runs = [(lambda: run_peercert(build, farm, kind, options, arguments.count, folder), [])]
    if client:
        runs.append((lambda: run_go(client, farm, kind, mode, arguments.count), []))
    for _ in range(arguments.rounds):
        for measure, costs in runs:
            costs.append(measure())
    bests = [min(costs, key=lambda cost: cost.cpu) for _, costs in runs]
    line = f"{name:32}"
    for cost in bests:
        line += f" {cost.user:6.0f} {cost.system:6.0f} {cost.cpu:6.0f} {cost.seconds:5.1f}"
        line += f" {cost.peak:4.0f}"
    if client:
        line += f" {bests[0].cpu / bests[1].cpu:6.2f}" + (f" {aim:5}" if aim else "")
    print(line, flush=True)


def memory_in_flight(build, farm, count, folder):
    """KB of the client for each connection that waits for a server's answer."""
    targets = folder / "silent.txt"
    write_targets(targets, farm.ports["silent"], count)
    process = subprocess.Popen(
        [build / "peercert", "scan", targets, "--quiet", "--cafile", farm.root,
         "--concurrency", str(count), "--handshake-timeout", "600", "--timeout", "600"],
        stdout=subprocess.DEVNULL)

    def figures():
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        rss = int(status.split("VmRSS:")[1].split()[0])
        return rss, len(os.listdir(f"/proc/{process.pid}/fd"))

    deadline = time.monotonic() + 120
    rss = descriptors = 0
    while time.monotonic() < deadline and (descriptors < count or rss < figures()[0]):
        rss, descriptors = figures()
        time.sleep(2)  # they have all said hello once the memory stays what it is
    process.kill()
    process.wait()
    return rss, descriptors, rss / max(descriptors, 1)


def raise_descriptor_limit(wanted):
    """As far as one may."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    for limit in max(hard, wanted), hard:
        with contextlib.suppress(ValueError, PermissionError):
            return resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=MAX_COUNT)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--in-flight", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.count > MAX_COUNT:
        parser.error(f"--count: at most {MAX_COUNT}, so that no certificate comes twice")
    build = arguments.build.resolve()
    raise_descriptor_limit(arguments.in_flight + 1000)
    cases = [case for case in CASES if arguments.only in case[0]]
    kinds = sorted({case[1] for case in cases} | {"silent"})
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        farm = stack.enter_context(Farm(build / "tls_farm", folder, kinds))
        client = build_go_client(folder)
        columns = f" {'user':>6} {'system':>6} {'sum':>6} {'s':>5} {'MB':>4}"
        print(f"{'us of CPU for a certificate':32}" + columns * (2 if client else 1)
              + (f" {'to Go':>6} {'aim':>5}" if client else ""))
        for case in cases:
            compare(build, client, farm, case, arguments, folder)
        if arguments.in_flight:
            rss, descriptors, each = memory_in_flight(build, farm, arguments.in_flight, folder)
            print(f"{descriptors} connections in flight: {rss / 1024:.0f} MB, {each:.1f} KB each")


if __name__ == "__main__":
    sys.exit(main())
