# SPDX-License-Identifier: Apache-2.0
"""A scan that is killed and resumed: in the end there is one record for each target."""

import csv
import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

PROGRAM = os.environ["PEERCERT_SCAN_RECORDS"]
KILLS = 20
TARGETS = 4_500
CERTIFICATES = TARGETS // 3
OUTPUTS = ("a.jsonl", "b.jsonl.zst", "c.csv", "d.db", "store:e.jsonl", "store:f.pem", "g.txt")


class ResumeTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.state = self.folder / "state"
        self.command = [PROGRAM, "run", str(TARGETS), "state", *OUTPUTS]

    def written(self):
        """Something that changes with every checkpoint."""
        return self.state.stat().st_mtime_ns if self.state.exists() else None

    def kill_after(self, seconds, commits=True):
        """So long after the start, or after the first commit, which a busy machine may delay."""
        before = self.written()
        with subprocess.Popen(self.command, cwd=self.folder) as process:
            while commits and self.written() == before and process.poll() is None:
                time.sleep(0.001)
            time.sleep(seconds)
            process.kill()
        return process.returncode

    def indices(self):
        """Of the targets in each output."""
        jsonl = [json.loads(line)["index"]
                 for line in (self.folder / "a.jsonl").read_text().splitlines()]
        unzstd = subprocess.run([PROGRAM, "unzstd", self.folder / "b.jsonl.zst"], check=True,
                                capture_output=True, text=True, timeout=60)
        zstd = [json.loads(line)["index"] for line in unzstd.stdout.splitlines()]
        with (self.folder / "c.csv").open(newline="") as file:
            rows = [int(row["target_index"]) for row in csv.DictReader(file, strict=True)]
        database = sqlite3.connect(self.folder / "d.db")
        self.addCleanup(database.close)
        sql = [row[0] for row in database.execute("SELECT target_index FROM latest")]
        # Killed before there was a state, it began a run of its own.
        self.assertEqual(database.execute("SELECT id FROM runs WHERE finished IS NOT NULL")
                         .fetchall(), database.execute("SELECT max(id) FROM runs").fetchall())
        self.assertEqual(database.execute("SELECT count(*), count(DISTINCT sha256) "
                                          "FROM certificates").fetchone(),
                         (CERTIFICATES, CERTIFICATES))
        self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",))
        self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [])
        return {"jsonl": jsonl, "zstd": zstd, "csv": rows, "sqlite": sql}

    def test_one_record_for_each_target_after_twenty_kills(self):
        for kill in range(KILLS):
            killed = self.kill_after(random.uniform(0, 0.02), commits=kill % 2 == 0)
            self.assertEqual(killed, -signal.SIGKILL)
        self.assertTrue(self.state.exists())
        subprocess.run(self.command, cwd=self.folder, check=True, timeout=100)
        self.assertFalse(self.state.exists())
        for output, indices in self.indices().items():
            with self.subTest(output):
                self.assertEqual(len(indices), TARGETS)
                self.assertEqual(set(indices), set(range(TARGETS)))
        stored = [json.loads(line)["sha256"]
                  for line in (self.folder / "e.jsonl").read_text().splitlines()]
        self.assertEqual((len(stored), len(set(stored))), (CERTIFICATES, CERTIFICATES))
        pem = (self.folder / "f.pem").read_text()
        self.assertEqual(pem.count("-----BEGIN CERTIFICATE-----"), CERTIFICATES)
        self.assertEqual((self.folder / "g.txt").read_text().count("\n"), TARGETS + 1)

    def test_a_state_of_another_command_is_refused(self):
        self.assertEqual(self.kill_after(0), -signal.SIGKILL)
        other = subprocess.run([*self.command, "h.csv"], cwd=self.folder, capture_output=True,
                               text=True, timeout=60, check=False)
        self.assertEqual((other.returncode, other.stderr),
                         (1, "state: the scan had other outputs\n"))
        (self.folder / "a.jsonl").write_text("")
        shorter = subprocess.run(self.command, cwd=self.folder, capture_output=True, text=True,
                                 timeout=60, check=False)
        self.assertEqual(shorter.returncode, 1)
        self.assertTrue(shorter.stderr.startswith("a.jsonl: shorter than"), shorter.stderr)


if __name__ == "__main__":
    unittest.main()
