# SPDX-License-Identifier: Apache-2.0
"""The records of a scan, as Python's modules read them: JSON lines."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import jsonschema

SOURCE = pathlib.Path(os.environ["PEERCERT_SOURCE"])
PROGRAM = os.environ["PEERCERT_SCAN_RECORDS"]
ALL_FIELDS = ("subject,common_name,names,issuer,serial,not_before,not_after,validity_days,"
              "days_left,key_type,key_bits,curve,spki_pin,signature_algorithm,sha1,is_ca,"
              "self_issued,key_usage,ext_key_usage,policies,must_staple,scts,findings")


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
        files = [self.folder / name for name in names]
        subprocess.run([PROGRAM, fields, *files], check=True, timeout=60)
        return files

    def test_every_kind_of_record_fits_the_schema(self):
        schema = validator("peercert.scan-1.json")
        for fields in ("", ALL_FIELDS):
            path, = self.write("records.jsonl", fields=fields)
            records = lines(path)
            self.assertEqual([record["index"] for record in records], list(range(len(records))))
            for record in records:
                errors = [f"{e.json_path}: {e.message}" for e in schema.iter_errors(record)]
                self.assertEqual(errors, [], record)
        self.assertGreater(len(records[0]["fields"]), 15)
        for member, wrong in {"index": "0", "verdict": {"status": "trusted"}, "sha256": "00",
                              "handshake": "done", "error": {"class": "tls"}, "time": "now",
                              "chain": [], "fields": {"is_ca": 1}, "times": {}}.items():
            with self.subTest(member):
                self.assertFalse(schema.is_valid({**records[0], member: wrong}))


if __name__ == "__main__":
    unittest.main()
