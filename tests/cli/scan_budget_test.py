# SPDX-License-Identifier: Apache-2.0
"""What one target may take, and what a scan takes from its machine, whatever peers and name servers
say."""

import collections
import contextlib
import functools
import os
import pathlib
import resource
import signal
import struct
import subprocess
import tempfile
import threading
import time
import unittest

from support import der, pki
from support.clients import built
from support.farm import json_lines
from support.name_server import A, AAAA, CNAME, MX, NameServer, name
from support.servers import PATIENCE, PythonServer, RawServer, free_port, target

if "PEERCERT_TLS_FARM" not in os.environ:
    raise unittest.SkipTest("built without PEERCERT_SCAN")

NUM_ADDRESSES = 3_800  # as many as a message has room for


@functools.cache
def answers(asked, kind):
    label = asked.split(".")[0]
    if label.startswith("big") and kind == A:
        return [bytes([127, 1, i >> 8, i & 255]) for i in range(NUM_ADDRESSES)]
    if label == "both":
        numbers = range(1, 40)
        return ([bytes([127, 2, 0, i]) for i in numbers] if kind == A else
                [b"\0" * 10 + b"\xff\xff\x7f\2\1" + bytes([i]) for i in numbers])
    if label == "loop":
        return [(CNAME, name("loop.test"))]
    if label == "many" and kind == MX:
        return [struct.pack("!H", i) + name(f"big{i % 500}.test") for i in range(1_000)]
    if label == "twice" and kind == MX:
        return [struct.pack("!H", i) + name("both.test") for i in range(20)]
    return []


def silent(connection):
    while connection.recv(4096):
        pass


class BudgetTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.output = self.folder / "out.jsonl"

    def command(self, targets, *options, output=True):
        (self.folder / "targets.txt").write_text("".join(f"{line}\n" for line in targets))
        into = ["--output", self.output] if output else []
        return [built("PEERCERT"), "scan", self.folder / "targets.txt", "--verify", "none", *into,
                *options]

    def scan(self, targets, *options, **settings):
        run = subprocess.run(self.command(targets, *options), capture_output=True, text=True,
                             timeout=4 * PATIENCE, check=False, **settings)
        self.assertEqual(run.returncode, 0, run.stderr)
        return json_lines(self.output), run.stderr

    def start(self, targets, *options, **settings):
        process = subprocess.Popen(self.command(targets, *options, **settings),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for stream in (process.stdout, process.stderr):
            self.addCleanup(stream.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process


class Addresses(BudgetTest):
    def setUp(self):
        super().setUp()
        self.server = self.enterContext(NameServer(answers))
        self.port = free_port("127.0.0.1")  # nobody listens there

    def scan_names(self, targets, *options, **settings):
        return self.scan(targets, "--resolver", self.server.address, "--port", str(self.port),
                         *options, **settings)

    def test_sixteen_of_them_are_looked_at_unless_said_otherwise(self):
        for options, number in (((), 16), (("--max-addresses", "3"), 3)):
            records, _ = self.scan_names(["big.test"], "--all-ips", *options)
            self.assertEqual(len({record["address"] for record in records}), number)
            self.assertEqual(len(records), number)
            self.assertEqual({record["error"]["class"] for record in records}, {"refused"})

    def test_they_are_of_both_families(self):
        records, _ = self.scan_names(["both.test"], "--all-ips", "--max-addresses", "6")
        families = [":" in record["address"] for record in records]
        self.assertEqual(families, [True, False] * 3)

    def test_what_is_denied_takes_no_place(self):
        deny = self.folder / "deny"
        deny.write_text("127.1.0.0/25\n")
        records, _ = self.scan_names(["big.test"], "--all-ips", "--deny", deny)
        self.assertEqual([r["address"] for r in records],
                         [f"127.1.0.{i}" for i in range(128, 144)])

    def test_all_are_tried_where_one_is_enough(self):
        records, _ = self.scan_names(["big.test"])
        self.assertEqual([r["address"] for r in records], ["127.1.0.15"])  # the last that failed

    def test_their_certificates_are_bounded(self):
        names = [der.dns(b"x" * 40 + b"%d.example" % i) for i in range(900)]
        leaf = pki.shared().issue("large", alt_names=names)
        with PythonServer(leaf, host="0.0.0.0") as server:
            records, _ = self.scan([f"big.test:{server.port}"], "--resolver", self.server.address,
                                   "--all-ips", "--max-addresses", "256", "--timeout", "100")
        self.assertEqual({record.get("error") for record in records}, {None})
        # 4 MiB of them, and the last may go beyond.
        num_in_bounds = (4 << 20) // len(leaf.der)
        self.assertLessEqual(len(records), num_in_bounds + 1)
        self.assertGreater(len(records), num_in_bounds // 2)

    def test_mail_hosts_have_sixteen_each(self):
        records, _ = self.scan_names(["many.test"], "--mx", "--all-ips", "--timeout", "600",
                                     "--dns-timeout", "100")
        hosts = collections.Counter(record["host"] for record in records)
        self.assertEqual(len(hosts), 32)
        self.assertEqual(set(hosts.values()), {16})

    def test_a_mail_host_counts_once(self):
        records, _ = self.scan_names(["twice.test"], "--mx")
        self.assertEqual(len(records), 1)

    def test_a_name_that_leads_to_itself_has_its_record(self):
        records, _ = self.scan_names(["loop.test"], "--timeout", "3")
        self.assertEqual([r["error"]["phase"] for r in records], ["dns"])


class Descriptors(BudgetTest):
    @staticmethod
    def limited():
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    def test_the_concurrency_fits_them(self):
        with RawServer(lambda connection: connection.recv(1)) as server:
            records, text = self.scan([server.target] * 300, preexec_fn=self.limited)
        self.assertEqual(collections.Counter(r["error"]["class"] for r in records),
                         collections.Counter({r["error"]["class"]: 300 for r in records[:1]}))
        self.assertNotIn("internal", {r["error"]["class"] for r in records})
        self.assertRegex(text, r"peercert: \d+ connections at once and not 1000: .*64 files")

    def test_a_name_with_many_addresses_takes_none_of_others(self):
        port = free_port("127.0.0.1")
        with NameServer(answers) as names, RawServer(silent) as server:
            targets = [f"big{i}.test:{port}" for i in range(20)] + [server.target] * 40
            records, _ = self.scan(targets, "--resolver", names.address, "--dns-timeout", "100",
                                   "--timeout", "100", "--handshake-timeout", "0.2",
                                   preexec_fn=self.limited)
        self.assertEqual(len(records), 60)
        self.assertEqual({r["error"]["phase"] for r in records if r["target"] == server.target},
                         {"handshake"})
        self.assertNotIn("internal", {r["error"]["class"] for r in records})

    def test_the_soft_limit_is_raised(self):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        records, text = self.scan(
            [target("127.0.0.1", free_port("127.0.0.1"))], "--concurrency", "500",
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard)))
        self.assertEqual(len(records), 1)
        self.assertNotIn("connections at once", text)


class Signals(BudgetTest):
    def test_those_who_wait_for_a_place_do_not_hold_up_the_end(self):
        with RawServer(silent) as server:
            process = self.start([server.target] * 500, "--per-address", "1", "--timeout", "1",
                                 "--resume", self.folder / "state")
            while not (self.output.exists() and self.output.stat().st_size):
                self.assertIsNone(process.poll())
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(2 * PATIENCE), 7)
        self.assertLess(len(json_lines(self.output)), 250)  # of 500, one a second

    def test_the_second_ends_at_once_also_while_an_output_is_full(self):
        with RawServer(lambda connection: connection.sendall(b"nonsense\n")) as server:
            process = self.start([server.target] * 400, "--format", "json", output=False)
            # Somebody who reads the beginning and then no more.
            self.assertTrue(process.stdout.read(1))
            time.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            self.assertIn("connections in flight", process.stderr.readline())
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1)
            self.assertIsNone(process.returncode)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(PATIENCE), -signal.SIGTERM)

    def test_the_state_is_good_after_the_second(self):
        in_flight = threading.Event()

        def keep_silent(connection):
            in_flight.set()
            silent(connection)

        with RawServer(keep_silent) as server:
            port = free_port("127.0.0.1")
            closed = [target("127.0.0.1", port)] * 3
            targets = closed + [server.target] + closed
            options = ("--concurrency", "1", "--timeout", "6", "--resume", self.folder / "state")
            process = self.start(targets, *options)
            self.assertTrue(in_flight.wait(PATIENCE))  # a scan without one ends at the first
            while not (self.output.exists() and self.output.stat().st_size):
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            process.stderr.readline()
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(PATIENCE), -signal.SIGINT)
            self.assertTrue((self.folder / "state").exists())
            self.scan(targets, *options)
        self.assertEqual(sorted(r["index"] for r in json_lines(self.output)), [*range(7)])


if __name__ == "__main__":
    unittest.main()
