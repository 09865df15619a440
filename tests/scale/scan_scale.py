#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`peercert scan` at full size: each of very many targets has one record, of the right class.

    tests/scale/scan_scale.py BUILD [--count N] [--share KIND=PERCENT]... [--kills N] [OPTION...]

BUILD has `peercert` and `tls_farm`, whose servers are the targets: of every kind in a random order,
good ones where --share leaves room. With --kills the scan is run once to see how long it takes, and
then again, killed at so many random moments and resumed each time. OPTIONs go to the scan.
"""

import argparse
import os
import pathlib
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support.farm import EXPECTED, Farm, json_lines  # noqa: E402  (found by the line above)

SHARES = {"expired": 10, "self-signed": 10, "refused": 10, "reset": 10, "plain-text": 10,
          "garbage": 10, "silent": 1, "slow": 1}
GOOD = ("rsa-1.3", "ec-1.3")


class Scan:
    """A folder with an input of such targets, and the command that scans them."""

    def __init__(self, program, farm, folder, kinds, options):
        self.farm, self.folder, self.kinds = farm, folder, kinds
        self.records, self.database = folder / "scan.jsonl", folder / "scan.db"
        targets = folder / "targets.txt"
        farm.write_targets(targets, kinds)
        self.command = [program, "scan", targets, "--quiet", "--cafile", farm.root,
                        "--output", self.records, "--output", self.database,
                        "--resume", folder / "state", *options]

    def run(self):
        """Seconds, and the process's resource usage."""
        begin = time.monotonic()
        process = subprocess.Popen(self.command)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"the scan ended with {process.returncode}")
        return time.monotonic() - begin, usage

    def kill_after(self, seconds) -> bool:
        """False if it was over before."""
        with subprocess.Popen(self.command) as process:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
        return process.returncode == -signal.SIGKILL

    def check(self):
        mistakes = self.farm.mistakes(json_lines(self.records), self.kinds)
        with sqlite3.connect(self.database) as database:
            rows = database.execute("SELECT count(*), count(DISTINCT target_index) "
                                    "FROM latest").fetchone()
            intact = database.execute("PRAGMA integrity_check").fetchone()
        if rows != (len(self.kinds), len(self.kinds)) or intact != ("ok",):
            mistakes.append(f"database: {rows} of {len(self.kinds)}, {intact}")
        for mistake in mistakes[:20]:
            print(mistake)
        if mistakes:
            raise SystemExit(f"{len(mistakes)} mistakes")


def whole_run(scan):
    seconds, usage = scan.run()
    scan.check()
    count = len(scan.kinds)
    print(f"{count} targets, one record each, of the right class: {seconds:.1f} s, "
          f"{count / seconds:.0f}/s, peak memory {usage.ru_maxrss / 1024:.0f} MB, "
          f"{usage.ru_utime:.1f} s user, {usage.ru_stime:.1f} s system", flush=True)
    return seconds


def killed_run(scan, kills, seconds):
    killed = 0
    for _ in range(kills):
        killed += scan.kill_after(random.uniform(0, 2 * seconds / (kills + 1)))
    scan.run()
    scan.check()
    print(f"{len(scan.kinds)} targets, killed {killed} times at random moments and resumed: "
          "one record each, of the right class")


def kinds_of(count, shares):
    kinds = [kind for kind, percent in shares.items() for _ in range(round(count * percent / 100))]
    kinds += [GOOD[i % len(GOOD)] for i in range(count - len(kinds))]
    random.shuffle(kinds)
    return kinds


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--share", action="append", default=[])
    parser.add_argument("--kills", type=int, default=0)
    arguments, options = parser.parse_known_args()
    shares = dict(SHARES)
    for share in arguments.share:
        kind, percent = share.split("=")
        if kind not in EXPECTED:
            parser.error(f"there is no kind {kind}")
        shares[kind] = float(percent)
    return arguments, shares, options


def main():
    arguments, shares, options = parse_arguments()
    resource.setrlimit(resource.RLIMIT_NOFILE,
                       (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    build, kinds = arguments.build.resolve(), kinds_of(arguments.count, shares)
    with tempfile.TemporaryDirectory() as name, \
            Farm(build / "tls_farm", pathlib.Path(name)) as farm:
        scan = Scan(build / "peercert", farm, pathlib.Path(name), kinds, options)
        seconds = whole_run(scan)
        if arguments.kills:
            killed_run(scan, arguments.kills, seconds)


if __name__ == "__main__":
    sys.exit(main())
