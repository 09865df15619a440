# SPDX-License-Identifier: Apache-2.0
"""`peercert scan` over servers of every kind: one record for each target, whatever happens."""

import csv
import io
import json
import os
import pathlib
import random
import re
import shlex
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest
import urllib.request

import jsonschema

from support import pki
from support.clients import SOURCE, built, on_terminal, peercert
from support.farm import EXPECTED, Farm, json_lines, said
from support.servers import PATIENCE, RawServer, free_port, server_context

if "PEERCERT_TLS_FARM" not in os.environ:
    raise unittest.SkipTest("built without PEERCERT_SCAN")

RARE = {"silent", "slow"}  # each takes as long as --handshake-timeout
PAGE = (SOURCE / "docs" / "scan.md").read_text()
SQL = re.compile(r"^```sql\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def schema(name):
    path = SOURCE / "docs" / "schemas" / name
    text = json.loads(path.read_text())
    resolver = jsonschema.RefResolver(base_uri=path.resolve().as_uri(), referrer=text)
    return jsonschema.Draft202012Validator(text, resolver=resolver)


def setUpModule():
    folder = pathlib.Path(unittest.enterModuleContext(tempfile.TemporaryDirectory()))
    ScanTest.farm = unittest.enterModuleContext(Farm(built("PEERCERT_TLS_FARM"), folder))


class ScanTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.input, self.output = self.folder / "targets.txt", self.folder / "out.jsonl"
        self.state = self.folder / "state"

    def targets(self, kinds):
        self.farm.write_targets(self.input, kinds)
        return kinds

    def command(self, *options, output=True, cafile=None):
        into = ["--output", self.output] if output else []
        return [built("PEERCERT"), "scan", self.input, "--cafile", cafile or self.farm.root, *into,
                *options]

    def scan(self, *options, status=0, **settings):
        run = peercert(*self.command(*options, **settings)[1:], timeout=4 * PATIENCE)
        self.assertEqual(run.status, status, run)
        return run

    def start(self, *options, **settings):
        process = subprocess.Popen(self.command(*options), stderr=subprocess.PIPE, text=True,
                                   **settings)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def wait_for(self, what):
        deadline = time.monotonic() + PATIENCE
        while not what():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def assert_one_each(self, records, kinds):
        self.assertEqual(self.farm.mistakes(records, kinds), [])


class Records(ScanTest):
    def test_every_kind_has_its_class(self):
        often = [kind for kind in EXPECTED if kind not in RARE]
        kinds = self.targets([*EXPECTED] * 4 + often * 245)
        self.assertEqual(len(kinds), 2000)
        run = self.scan("--handshake-timeout", "3", "--concurrency", "64")
        self.assertIn("2,000 targets, 2,000 records", run.stderr)
        records = json_lines(self.output)
        self.assert_one_each(records, kinds)
        fits = schema("peercert.scan-1.json")
        self.assertEqual([e.message for r in records[:80] for e in fits.iter_errors(r)], [])
        for record in records:
            self.assertEqual("chain" in record, "verdict" in record)
            self.assertEqual(record["line"], record["index"] + 1)

    def test_a_record_says_what_get_says(self):
        self.targets(["ec-1.3"])
        self.scan()
        record, = json_lines(self.output)
        got = json.loads(peercert("--cafile", self.farm.root, "--format", "json", "--chain",
                                  "verified", self.farm.target("ec-1.3")).text)
        for name in "target", "address", "port", "protocol", "cipher", "sha256", "peercert":
            self.assertEqual(record[name], got[name])
        self.assertEqual(record["verified_chain"],
                         [one["sha256"] for one in got["chain"]["certificates"]])
        self.assertEqual(record["handshake"], "complete")

    def test_modes(self):
        kinds = self.targets(["rsa-1.3", "expired", "self-signed", "reset"])
        for options, status, handshake in ((("--verify", "none"), "unverified", "complete"),
                                           (("--present-only",), "unverified", "certificate")):
            with self.subTest(options):
                self.scan(*options)
                by_kind = {kinds[r["index"]]: r for r in json_lines(self.output)}
                self.assertEqual(said(by_kind.pop("reset")), (None, None, "reset"))
                for record in by_kind.values():
                    self.assertEqual((record["verdict"]["status"], record["handshake"]),
                                     (status, handshake))
                    self.assertNotIn("verified_chain", record)
                    self.assertNotIn("error", record)
                    self.assertTrue(record["peercert"])

    def test_bad_lines_are_told_with_their_number(self):
        good = self.farm.target("rsa-1.3")
        self.input.write_text(f"# comment\n{good}\nno host\n\n{good},\n[::1\nhost:99999\n")
        run = self.scan()
        told = rf"^peercert: {re.escape(str(self.input))}:(\d+): \S"
        self.assertEqual(re.findall(told, run.stderr, re.MULTILINE), ["3", "6", "7"])
        self.assertIn("3  lines that are no targets", run.stderr)
        self.assertEqual(sorted((r["index"], r["line"]) for r in json_lines(self.output)),
                         [(0, 2), (1, 5)])

    def test_shards_are_disjoint_and_whole(self):
        port = self.farm.ports["refused"]
        lines = [f"127.0.0.{number}:{port}" for number in range(1, 61)]
        self.input.write_text("\n".join(lines))
        found = []
        for shard in "1/3", "2/3", "3/3":
            self.scan("--shard", shard)
            part = json_lines(self.output)
            self.assertTrue(part)
            found += [(record["index"], record["target"]) for record in part]
        self.assertEqual(sorted(found), list(enumerate(lines)))

    def test_starttls(self):
        identity = pki.shared().server()
        context = server_context(identity)

        def smtp(sock):
            sock.sendall(b"220 mail.example ESMTP\r\n")
            if sock.recv(1000).startswith(b"EHLO "):
                sock.sendall(b"250-mail.example\r\n250 STARTTLS\r\n")
            if sock.recv(1000) == b"STARTTLS\r\n":
                sock.sendall(b"220 go ahead\r\n")
                with context.wrap_socket(sock, server_side=True) as tls:
                    tls.recv(1)

        server = self.enterContext(RawServer(smtp))
        unwilling = self.enterContext(RawServer(lambda sock: sock.sendall(b"554 no service\r\n")))
        self.input.write_text(f"{server.target}\n{unwilling.target}\n")
        self.scan("--starttls", "smtp", cafile=pki.shared().cafile)
        good, bad = sorted(json_lines(self.output), key=lambda record: record["index"])
        self.assertEqual((said(good), good["starttls"]), (("verified", 0, None), "smtp"))
        self.assertIn("starttls", good["times"])
        self.assertEqual((said(bad), bad["error"]["phase"]),
                         ((None, None, "starttls"), "starttls"))


class Outputs(ScanTest):
    def test_several_at_once(self):
        kinds = self.targets(["rsa-1.3", "refused", "ec-1.3", "rsa-1.3"])
        table, database, certificates = (self.folder / name for name in
                                         ("out.csv", "out.db", "certificates.jsonl"))
        self.scan("--output", table, "--output", database, "--certificates", certificates,
                  "--fields", "names,spki_pin,days_left")
        records = json_lines(self.output)
        self.assert_one_each(records, kinds)
        for record in records:
            fields = record.get("fields", {})
            self.assertEqual(set(fields), {"names", "spki_pin", "days_left"} & set(fields))
            self.assertEqual(fields.get("names"),
                             ["localhost", "127.0.0.1"] if "chain" in record else None)
        rows = list(csv.DictReader(io.StringIO(table.read_text(), newline=""), strict=True))
        with sqlite3.connect(database) as connection:
            sql = connection.execute("SELECT target_index, sha256 FROM observations").fetchall()
            runs = connection.execute("SELECT id, command FROM runs").fetchall()
        connection.close()
        self.assertEqual([run for run, _ in runs], [1])
        self.assertEqual(shlex.split(runs[0][1])[1], "scan")
        self.assertEqual(shlex.split(runs[0][1])[-1], "names,spki_pin,days_left")
        digests = sorted((r["index"], r.get("sha256")) for r in records)
        self.assertEqual(sorted(sql), digests)
        self.assertEqual(sorted((int(r["target_index"]), r["sha256"] or None) for r in rows),
                         digests)
        stored = json_lines(certificates)
        sent = {digest for r in records
                for name in ("chain", "verified_chain") for digest in r.get(name, [])}
        self.assertEqual(sorted(one["sha256"] for one in stored), sorted(sent))
        fits = schema("peercert.certificate-1.json")
        self.assertEqual([e.message for one in stored for e in fits.iter_errors(one)], [])

    def test_forms_of_standard_output(self):
        self.targets(["ec-1.3"])
        command = self.command("--quiet", output=False)[1:]
        first = {form: peercert(*command, "--format", form).text.split("\n")[0]
                 for form in ("json", "csv", "text")}
        self.assertEqual(json.loads(first["json"])["index"], 0)
        self.assertTrue(first["csv"].startswith("target_index,"))
        self.assertTrue(first["text"].startswith("TARGET "))
        shown, status = on_terminal(*command, columns=70)
        self.assertEqual(status, 0)
        self.assertRegex(shown, r"\ATARGET .*\r\n127.0.0.1:.* verified .*\r\n\Z")
        self.assertEqual(max(map(len, shown.splitlines())), 70)
        for options in ("--format", "sqlite"), ("--format", "csv", "--output", self.output):
            self.assertEqual(peercert(*command, *options).status, 2)

    def test_standard_output_is_one(self):
        kinds = self.targets(["garbage"] * 3)
        run = self.scan("--quiet", output=False)
        self.assert_one_each([json.loads(line) for line in run.text.splitlines()], kinds)
        self.assertEqual(run.stderr, "")

    def test_two_scans_do_not_write_to_one(self):
        self.targets(["garbage", "silent"])
        database, other = self.folder / "out.db", self.folder / "other.jsonl"
        process = self.start("--handshake-timeout", "600", "--timeout", "600", "--output", database)
        self.wait_for(lambda: self.output.exists() and self.output.stat().st_size > 0)
        other.write_text("as before")
        kept = self.output.read_bytes()
        for shared in self.output, database:
            run = self.scan("--output", other, "--output", shared, output=False, status=2)
            self.assertEqual(run.stderr, f"peercert: {shared}: another scan writes to it: wait for "
                                         "its end, or name another file\n")
        self.assertEqual((self.output.read_bytes(), other.read_text()), (kept, "as before"))
        process.kill()
        process.wait(PATIENCE)
        self.targets(["garbage"])
        self.scan("--output", database)
        self.assertEqual(len(json_lines(self.output)), 1)

    def test_a_full_disk(self):
        # Those who are silent are not waited for: nobody would see what comes of it.
        self.targets(["garbage", "silent"])
        self.output.symlink_to("/dev/full")
        begin = time.monotonic()
        run = self.scan("--handshake-timeout", "600", "--timeout", "600", status=6)
        self.assertLess(time.monotonic() - begin, 60)
        self.assertEqual(run.stderr, f"peercert: {self.output}: No space left on device\n")

    def test_a_closed_pipe(self):
        self.targets(["garbage", "silent"])
        command = self.command("--handshake-timeout", "600", "--timeout", "600", output=False)
        reader, writer = os.pipe()
        os.close(reader)
        run = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True,
                             timeout=PATIENCE, check=False)
        os.close(writer)
        self.assertEqual((run.returncode, run.stderr),
                         (6, "peercert: standard output: Broken pipe\n"))

    def test_metrics_while_it_runs(self):
        port = free_port("127.0.0.1")
        with subprocess.Popen(
                [built("PEERCERT"), "scan", "-", "--quiet", "--cafile", self.farm.root, "--output",
                 self.output, "--metrics", f"127.0.0.1:{port}"],
                stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            for kind in "ec-1.3", "expired", "refused":
                process.stdin.write(self.farm.target(kind) + "\n")
            process.stdin.write("no target\n")
            process.stdin.flush()
            text = ""

            def is_done():
                nonlocal text
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                        text = answer.read().decode()
                except OSError:  # it does not listen yet
                    return False
                return all(line in text for line in (
                    "targets_total 3\n", "lines_total 1\n", "in_flight 0\n"))

            self.wait_for(is_done)
            _, told = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0)
        self.assertTrue(told.startswith("peercert: standard input:4: "), told)
        for line in ('certificates_total{verdict="verified"} 1',
                     'certificates_total{verdict="failed"} 1', 'errors_total{class="refused"} 1',
                     'errors_total{class="timeout"} 0', "records_total 3"):
            self.assertIn(f"\npeercert_scan_{line}\n", text)
        served = set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))
        self.assertEqual(served, set(re.findall(r"^\| `(peercert_scan_\w+)", PAGE, re.MULTILINE)))


class Pages(ScanTest):
    def test_the_summary(self):
        self.targets(["rsa-1.3", "ec-1.3", "expired", "refused", "garbage"])
        shown = re.search(r"^5 targets,.*?(?=^```)", PAGE, re.DOTALL | re.MULTILINE)[0]

        def without_times(text):
            return re.sub(r"[\d.]+ s, \d+/s", "TIME", re.sub(r"\d+ targets/s", "0/s", text))

        self.assertEqual(without_times(self.scan().stderr), without_times(shown))

    def test_the_readme(self):
        kinds = self.targets(["rsa-1.3", "expired", "refused"])
        readme = (SOURCE / "README.md").read_text()
        program, command, file, *options = re.search(r"^peercert scan .*", readme,
                                                     re.MULTILINE)[0].split()
        self.assertEqual((program, command, file, options[-1]),
                         ("peercert", "scan", "hosts.txt", "scan.db"))
        subprocess.run(self.command(*options, output=False), cwd=self.folder, check=True,
                       capture_output=True, timeout=PATIENCE)
        expiring, = re.findall(SQL, readme)
        _, issued, disagreeing = re.findall(SQL, PAGE)
        database = sqlite3.connect(self.folder / "scan.db")
        self.addCleanup(database.close)
        rows = database.execute(expiring).fetchall()
        self.assertEqual([row[0] for row in rows], [self.farm.target("expired")])
        farm_issuer = issued.replace("CN=Scan Root", "CN=Farm RSA Intermediate")
        self.assertEqual(database.execute(farm_issuer).fetchall(),
                         [(self.farm.target("rsa-1.3"),)])
        self.assertEqual(database.execute(disagreeing).fetchall(), [])
        self.assertEqual(len(kinds), database.execute("SELECT count(*) FROM observations")
                         .fetchone()[0])


class Resuming(ScanTest):
    def test_sigint_and_resume(self):
        # The silent ones in the middle hold it up until there is a state.
        kinds = self.targets(["garbage"] * 100 + ["silent"] * 8 + ["garbage"] * 100)
        options = ("--concurrency", "4", "--handshake-timeout", "1", "--resume", self.state)
        process = self.start(*options)
        self.wait_for(self.state.exists)
        process.send_signal(signal.SIGINT)
        _, text = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 7, text)
        self.assertTrue(text.startswith("peercert: ending: connections in flight"), text)
        self.assertIn("the same command goes on where it ended", text)
        before = json_lines(self.output)
        self.assertLess(len(before), len(kinds))
        self.assertIn("timeout", [said(record)[2] for record in before])  # it was waited for
        self.scan(*options)
        self.assert_one_each(json_lines(self.output), kinds)
        self.assertEqual(list(self.folder.glob("state*")), [])

    def test_a_second_sigint_ends_at_once(self):
        self.targets(["garbage", "silent"])
        # The metrics have a thread of their own, which must not get the signals.
        process = self.start("--handshake-timeout", "600", "--timeout", "600", "--quiet",
                             "--metrics", "127.0.0.1:0")
        self.wait_for(lambda: self.output.exists() and self.output.stat().st_size > 0)
        process.send_signal(signal.SIGINT)
        self.assertIn("connections in flight", process.stderr.readline())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE), -signal.SIGINT)
        self.assertEqual([said(record)[2] for record in json_lines(self.output)], ["not-tls"])

    def test_an_input_that_a_signal_cuts_off_has_no_last_line(self):
        process = subprocess.Popen([built("PEERCERT"), "scan", "-", "--output", self.output],
                                   stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        process.stdin.write(self.farm.target("garbage") + "\nlocalho")
        process.stdin.flush()
        self.wait_for(lambda: self.output.exists() and self.output.stat().st_size > 0)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE), 7)
        process.stdin.close()
        process.stderr.close()
        self.assertEqual([r["index"] for r in json_lines(self.output)], [0])

    def test_a_signal_while_the_header_is_waited_for(self):
        self.output.write_text("as before")
        with subprocess.Popen([built("PEERCERT"), "scan", "-", "--column", "host", "--quiet",
                               "--output", self.output, "--resume", self.state],
                              stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            self.wait_for((self.folder / "state.lock").exists)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(PATIENCE), 7)
        self.assertEqual(self.output.read_text(), "as before")
        self.assertEqual(list(self.folder.glob("state*")), [])

    def test_killed_three_times(self):
        # Two gates hold each run up until it is killed; those of earlier runs are open.
        num_open = 0

        def gate(number):
            def serve(connection):
                if number < num_open:
                    connection.sendall(b"garbage")
                while connection.recv(4096):
                    pass
            return self.enterContext(RawServer(serve)).target

        gates = [gate(number) for number in range(3)]
        block = [self.farm.target("garbage")] * 40
        lines = [line for closed in gates for line in (*block, closed, closed)] + block
        self.input.write_text("".join(f"{line}\n" for line in lines))
        options = ("--concurrency", "2", "--handshake-timeout", "600", "--timeout", "600",
                   "--resume", self.state)
        for num_open in range(3):
            process = self.start(*options)
            if num_open == 0:
                self.wait_for(self.state.exists)
            else:
                time.sleep(random.uniform(0, 1.1))
            process.kill()
            self.assertEqual(process.wait(PATIENCE), -signal.SIGKILL)
        num_open = 3
        self.scan(*options)
        records = json_lines(self.output)
        self.assertEqual(sorted(record["index"] for record in records), [*range(len(lines))])
        self.assertEqual({said(record)[2] for record in records}, {"not-tls"})

    def test_a_state_that_is_in_use_or_of_another_command_is_refused(self):
        self.targets(["garbage", "silent"])
        process = self.start("--resume", self.state, "--handshake-timeout", "600")
        self.wait_for(self.state.exists)
        kept = self.output.read_bytes(), self.state.read_bytes()
        again = self.scan("--resume", self.state, "--handshake-timeout", "600", status=2)
        self.assertTrue(again.stderr.startswith(f"peercert: {self.state}: another scan"), again)
        process.kill()
        process.wait(PATIENCE)
        for options, word in ((["--handshake-timeout", "1"], "--handshake-timeout"),
                              (["--handshake-timeout", "600", "--present-only"], "--present-only"),
                              (["--handshake-timeout", "600", "--output",
                                self.folder / "b.csv"], "outputs")):
            run = self.scan("--resume", self.state, *options, status=2)
            self.assertTrue(run.stderr.startswith(f"peercert: {self.state}: "), run)
            self.assertIn(word, run.stderr)
            self.assertEqual((self.output.read_bytes(), self.state.read_bytes()), kept)


class Mistakes(ScanTest):
    def test_what_the_command_line_may_not_say(self):
        self.targets(["garbage"])
        self.output.write_text("as before")
        nowhere = self.folder / "nowhere"
        for options, word in (("--nope", "--nope"), ("--shard 4/3", "--shard"),
                              ("--starttls gopher", "gopher"), ("--fields nonsense", "nonsense"),
                              ("--rate -1", "--rate"), ("--port 0", "--port"),
                              ("--min-version 1.3 --max-version 1.2", "--min-version"),
                              ("--verify none --present-only", "excludes"),
                              ("--present-only --ocsp", "excludes"),
                              ("--column a --field b", "--column"),
                              (f"--certificates {nowhere}/a.pem", "nowhere"),
                              (f"--output {nowhere}/a.db", "nowhere"),
                              ("--output a.docx", "a.docx"),
                              (f"--resume {nowhere}/state", "nowhere"),
                              (f"--resume {self.state} --output -", "standard output"),
                              (f"--output {self.output}", "another use"),
                              (f"--certificates {self.input}", "another use"),
                              (f"--resume {self.folder}/./out.jsonl", "another use"),
                              ("second.txt", "one FILE too many")):
            with self.subTest(options):
                run = self.scan(*shlex.split(options), status=2)
                self.assertIn(word, run.stderr)
                self.assertEqual(run.stdout, b"")
        self.assertIn("nowhere", self.scan(cafile=nowhere, status=2).stderr)
        for address in "nowhere", "192.0.2.1:9100", f"127.0.0.1:{self.farm.ports['garbage']}":
            self.assertIn(address, self.scan("--metrics", address, status=2).stderr)
        self.assertIn("nope", self.scan("--column", "nope", status=2).stderr)
        self.input.unlink()
        self.assertIn(str(self.input), self.scan(status=2).stderr)
        self.assertEqual(self.output.read_text(), "as before")

    def test_an_input_is_not_written_over(self):
        self.input = self.folder / "targets.jsonl"
        self.targets(["garbage"])
        text = self.input.read_bytes()
        link = self.folder / "link.jsonl"
        link.symlink_to(self.input)
        self.assertIn("another use", self.scan("--output", link, status=2).stderr)
        self.assertEqual(self.input.read_bytes(), text)

    def test_fields_help_lists_those_of_the_page(self):
        text = peercert("scan", "--fields", "help").text
        listed = set(re.findall(r"^ *(\w+) ", text, re.MULTILINE))
        section = re.search(r"^## Records\n(.*?)^## ", PAGE, re.DOTALL | re.MULTILINE)[1]
        names = {name for line in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
                 for name in re.findall(r"`(\w+)`", line)}
        self.assertEqual(listed, names)


if __name__ == "__main__":
    unittest.main()
