# SPDX-License-Identifier: Apache-2.0
"""The questions of docs/scan.md, asked of the records that scan_records makes."""

import json
import os
import pathlib
import re
import sqlite3
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["PEERCERT_SOURCE"])
PROGRAM = os.environ["PEERCERT_SCAN_RECORDS"]
PAGE = (SOURCE / "docs" / "scan.md").read_text()
EXPIRY, ISSUER, DISAGREEMENT = range(3)


def blocks(kind, page=PAGE):
    return re.findall(rf"^```{kind}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


class QuestionsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.jsonl, cls.db = folder / "scan.jsonl", folder / "scan.db"
        subprocess.run([PROGRAM, "samples", "days_left,issuer", cls.jsonl, cls.db], check=True,
                       timeout=60)
        cls.records = [json.loads(line) for line in cls.jsonl.read_text().splitlines()]

    def sql(self, question, *changes):
        query = blocks("sql")[question]
        for before, after in changes:
            self.assertIn(before, query)
            query = query.replace(before, after)
        database = sqlite3.connect(self.db)
        self.addCleanup(database.close)
        plan = " ".join(row[3] for row in database.execute("EXPLAIN QUERY PLAN " + query))
        return database.execute(query).fetchall(), plan

    def jq(self, question, *options, change=("", "")):
        query = blocks("jq")[question]
        self.assertIn(change[0], query)
        run = subprocess.run(["jq", "-r", *options, query.replace(*change), self.jsonl],
                             check=True, capture_output=True, text=True, timeout=60)
        return run.stdout.splitlines()

    def test_the_readme_asks_the_first(self):
        self.assertEqual(blocks("sql", (SOURCE / "README.md").read_text()), blocks("sql")[:1])

    def test_what_expires_within_30_days(self):
        rows, plan = self.sql(EXPIRY, ("'+30 days'", "'+100 years'"))
        self.assertEqual({row[0] for row in rows}, {"scan.example:443"})
        self.assertEqual([row[1] for row in rows], sorted(row[1] for row in rows))
        self.assertEqual(len(rows), 2)
        self.assertIn("certificates_by_not_after", plan)
        self.assertEqual(self.sql(EXPIRY, ("'+30 days'", "'-100 years'"))[0], [])
        days = [record["fields"]["days_left"] for record in self.records if "fields" in record]
        self.assertEqual(len(days), 4)
        self.assertEqual(self.jq(EXPIRY, change=("< 30", "< 100000")),
                         [f"scan.example:443\t{left}" for left in days])
        self.assertEqual(self.jq(EXPIRY), [])

    def test_who_uses_an_issuer(self):
        rows, plan = self.sql(ISSUER)
        self.assertEqual(rows, [("scan.example:443",)])
        self.assertIn("certificates_by_issuer", plan)
        self.assertEqual(self.jq(ISSUER), ["scan.example:443"] * 3)
        self.assertEqual(self.sql(ISSUER, ("Scan Root", "Old Root"))[0], [])

    def test_which_hosts_of_a_name_disagree(self):
        rows, _ = self.sql(DISAGREEMENT)
        self.assertEqual(rows, [("scan.example", 443, 3, "192.0.2.1")])
        self.assertEqual(self.jq(DISAGREEMENT, "-n"), ["scan.example\t443\t3\t192.0.2.1"])


if __name__ == "__main__":
    unittest.main()
