# SPDX-License-Identifier: Apache-2.0
"""The records of a scan, as Python's modules read them: JSON lines, CSV, SQLite, PEM."""

import base64
import csv
import hashlib
import json
import os
import pathlib
import resource
import sqlite3
import ssl
import subprocess
import tempfile
import unittest

import jsonschema

SOURCE = pathlib.Path(os.environ["PEERCERT_SOURCE"])
PROGRAM = os.environ["PEERCERT_SCAN_RECORDS"]
ALL_FIELDS = ("subject,common_name,names,issuer,serial,not_before,not_after,validity_days,"
              "days_left,key_type,key_bits,curve,spki_pin,signature_algorithm,sha1,is_ca,"
              "self_issued,key_usage,ext_key_usage,policies,must_staple,scts,findings")
NUM_RECORDS = 7


def validator(name):
    path = SOURCE / "docs" / "schemas" / name
    schema = json.loads(path.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    resolver = jsonschema.RefResolver(base_uri=path.resolve().as_uri(), referrer=schema)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


class RecordsTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def write(self, *names, fields=""):
        """The files with one record of each kind."""
        files = [f"store:{self.folder / name[6:]}" if name.startswith("store:")
                 else str(self.folder / name) for name in names]
        subprocess.run([PROGRAM, "samples", fields, *files], check=True, timeout=60)
        return [pathlib.Path(file.removeprefix("store:")) for file in files]

    def assert_fits(self, schema, record):
        errors = [f"{error.json_path}: {error.message}" for error in schema.iter_errors(record)]
        self.assertEqual(errors, [], record)

    def test_every_kind_of_record_fits_the_schema(self):
        schema = validator("peercert.scan-1.json")
        for fields in ("", ALL_FIELDS):
            path, = self.write("records.jsonl", fields=fields)
            records = lines(path)
            self.assertEqual([record["index"] for record in records], list(range(NUM_RECORDS)))
            for record in records:
                self.assert_fits(schema, record)
        self.assertGreater(len(records[0]["fields"]), 15)
        for member, wrong in {"index": "0", "verdict": {"status": "trusted"}, "sha256": "00",
                              "handshake": "done", "error": {"class": "tls"}, "time": "now",
                              "chain": [], "chain_length": 0, "fields": {"is_ca": 1},
                              "times": {}}.items():
            with self.subTest(member):
                self.assertFalse(schema.is_valid({**records[0], member: wrong}))

    def test_certificates_are_stored_once(self):
        records, store, pem = self.write("records.jsonl", "store:all.jsonl", "store:all.pem")
        wanted = set()
        for record in lines(records):
            wanted |= {*record.get("chain", ()), *record.get("verified_chain", ())}
        stored = lines(store)
        schema = validator("peercert.certificate-1.json")
        for certificate in stored:
            self.assert_fits(schema, certificate)
            octets = base64.b64decode(certificate["der"])
            self.assertEqual(hashlib.sha256(octets).hexdigest(), certificate["sha256"])
        # What cannot be read as a certificate is in its record instead.
        unreadable, = [record for record in lines(records) if "der" in record]
        self.assertEqual(base64.b64decode(unreadable["der"]), b"\x30\x80\xff")
        self.assertEqual(hashlib.sha256(b"\x30\x80\xff").hexdigest(), unreadable["sha256"])
        self.assertEqual(unreadable["chain_unreadable"], 1)
        wanted.remove(unreadable["sha256"])
        self.assertEqual(sorted(wanted), sorted(line["sha256"] for line in stored))
        self.assertEqual(len(stored), 3)
        blocks = pem.read_text().split("# sha256 ")[1:]
        self.assertEqual([block[:64] for block in blocks], [line["sha256"] for line in stored])
        for block in blocks:
            octets = ssl.PEM_cert_to_DER_cert(block[block.index("-----"):])
            self.assertEqual(hashlib.sha256(octets).hexdigest(), block[:64])

    def test_csv_has_a_row_for_each_record_and_no_formulas(self):
        path, jsonl = self.write("records.csv", "records.jsonl", fields="days_left,subject,sha1")
        octets = path.read_bytes()
        self.assertEqual(octets.count(b"\n"), NUM_RECORDS + 1)
        self.assertEqual(octets.count(b"\r\n"), NUM_RECORDS + 1)
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file, strict=True))
        for row, record in zip(rows, lines(jsonl), strict=True):
            self.assertNotIn(None, row)
            self.assertNotIn(None, row.values())
            self.assertEqual(row["target_index"], str(record["index"]))
            self.assertEqual(row["sha256"], record.get("sha256", ""))
            self.assertEqual(row["error_class"], record.get("error", {}).get("class", ""))
            self.assertEqual(float(row["total_ms"]), record["times"]["total"])
            self.assertEqual(row["days_left"], str(record.get("fields", {}).get("days_left", "")))
            self.assertEqual(row["chain_length"], str(record.get("chain_length", "")))
            self.assertEqual(row["der"], record.get("der", ""))
            for cell in row.values():
                self.assertNotIn(cell[:1], set("=+-@\t\r"))
        self.assertEqual(rows[0]["subject"], r'CN=scan.example, O=Example\\, \\"Inc\\"')
        self.assertEqual(json.loads(rows[0]["names"])[0], "scan.example")
        self.assertEqual(rows[6]["target"], "'-1+1\\r\\n\\x00\\u202e")
        self.assertEqual(rows[6]["error_message"],
                         "'=cmd|' /C calc'!A0\\x1b[2J\"\\xff,")

    def test_sqlite_has_the_records_and_the_certificates(self):
        path, jsonl, store = self.write("records.db", "records.jsonl", "store:all.jsonl",
                                        fields="names,is_ca")
        self.assertEqual(sorted(file.name for file in self.folder.iterdir()),
                         ["all.jsonl", "records.db", "records.jsonl"])
        database = sqlite3.connect(path)
        self.addCleanup(database.close)
        database.row_factory = sqlite3.Row
        self.assertEqual(database.execute("PRAGMA integrity_check").fetchone()[0], "ok")
        unreadable = database.execute(
            "SELECT target_index FROM observations WHERE der IS NOT NULL").fetchall()
        self.assertEqual([tuple(row) for row in unreadable], [(4,)])
        self.assertEqual(unreadable, database.execute(
            "SELECT target_index FROM observations WHERE sha256 IS NOT NULL"
            " AND sha256 NOT IN (SELECT sha256 FROM certificates)").fetchall())
        rows = database.execute("SELECT * FROM observations ORDER BY id").fetchall()
        for row, record in zip(rows, lines(jsonl), strict=True):
            verdict, error = record.get("verdict", {}), record.get("error", {})
            self.assertEqual(row["target_index"], record["index"])
            self.assertEqual(row["total_ms"], record["times"]["total"])
            self.assertEqual(row["sha256"], record.get("sha256"))
            self.assertEqual(row["verdict"], verdict.get("status"))
            self.assertEqual(row["verdict_code"], verdict.get("code"))
            self.assertEqual(row["error_phase"], error.get("phase"))
            self.assertEqual(json.loads(row["chain"] or "[]"), record.get("chain", []))
            self.assertEqual(row["chain_length"], record.get("chain_length"))
            if "chain" in record:
                self.assertEqual(row["chain_unreadable"], record.get("chain_unreadable", 0))
            self.assertEqual(row["der"], record.get("der"))
            self.assertEqual(json.loads(row["fields"] or "{}"), record.get("fields", {}))
        self.assertEqual(rows[6]["target"], "-1+1\r\n\0\u202e")
        self.assertEqual({row["run"] for row in rows}, {1})
        certificates = database.execute("SELECT * FROM certificates ORDER BY id").fetchall()
        for row, line in zip(certificates, lines(store), strict=True):
            self.assertEqual(row["sha256"], line["sha256"])
            self.assertEqual(row["der"], base64.b64decode(line["der"]))
            self.assertEqual(row["first_seen"], line["first_seen"])
        self.assertEqual(certificates[0]["subject"], r'CN=scan.example, O=Example\, \"Inc\"')
        self.assertEqual(certificates[0]["key_bits"], 256)
        self.assertEqual([row["is_ca"] for row in certificates], [0, 1, 0])

    def test_sqlite_keeps_the_runs_before(self):
        for run in 1, 2, 3:
            path, = self.write("records.db")
            with sqlite3.connect(path) as database:
                count = database.execute("SELECT count(*) FROM latest").fetchone()
                runs = database.execute(
                    "SELECT run, count(*) FROM observations GROUP BY run").fetchall()
                certificates = database.execute("SELECT count(*) FROM certificates").fetchone()
                broken = database.execute("PRAGMA foreign_key_check").fetchall()
                times = database.execute("SELECT started, finished FROM runs").fetchall()
            database.close()
            self.assertEqual(count, (NUM_RECORDS,))
            self.assertEqual(runs, [(i + 1, NUM_RECORDS) for i in range(run)])
            # Each run of scan_records has a root and a server of its own.
            self.assertEqual(certificates, (1 + 2 * run,))
            self.assertEqual(broken, [])
            for started, finished in times:
                self.assertRegex(started, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
                self.assertGreaterEqual(finished, started)

    def test_the_table_for_people_shows_nothing_hostile(self):
        path, = self.write("records.txt")
        text = path.read_text()
        self.assertEqual(text.count("\n"), NUM_RECORDS + 1)
        for line in text.splitlines():
            self.assertLessEqual(len(line), 100)
            self.assertTrue(line.isprintable(), line)

    def test_compressed_files_hold_the_same(self):
        plain, compressed = self.write("a.jsonl", "b.jsonl.zst")
        run = subprocess.run([PROGRAM, "unzstd", compressed], check=True, capture_output=True,
                             timeout=60)
        self.assertEqual(run.stdout, plain.read_bytes())

    def test_a_file_that_cannot_grow_is_an_error_that_names_it(self):
        """As a full disk, but that one can have it without being root."""
        limit = 64 * 1024
        for name in ("a.jsonl", "a.csv", "a.db", "store:a.pem"):
            with self.subTest(name):
                file = name.replace("a.", f"{self.folder}/a.")
                state = self.folder / "state"
                run = subprocess.run(
                    [PROGRAM, "run", "20000", state, file], capture_output=True, text=True,
                    timeout=60, check=False, preexec_fn=lambda: resource.setrlimit(
                        resource.RLIMIT_FSIZE, (limit, limit)))
                self.assertEqual(run.returncode, 1, run)
                self.assertTrue(run.stderr.startswith(file.removeprefix("store:") + ": "), run)
                # The same command without the limit goes on behind what was committed.
                if state.exists():
                    subprocess.run([PROGRAM, "run", "1", state, file], check=True, timeout=60)

    def test_a_closed_pipe_is_an_error_that_names_it(self):
        read_end, write_end = os.pipe()
        os.close(read_end)
        run = subprocess.run([PROGRAM, "samples", "", "-"], stdout=write_end,
                             stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        os.close(write_end)
        self.assertEqual((run.returncode, run.stderr), (1, "standard output: Broken pipe\n"))


if __name__ == "__main__":
    unittest.main()
