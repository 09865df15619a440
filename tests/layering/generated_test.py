# SPDX-License-Identifier: Apache-2.0
"""Every generated table is what its script writes here and now, and says which script that is."""

import os
import pathlib
import subprocess
import unittest

SOURCE = pathlib.Path(os.environ["PEERCERT_SOURCE"])
CANNOT_TELL = 77  # what a script exits with when it is not run by the version that made its table
TABLES = sorted((SOURCE / "src").rglob("*_table.inc"))


class GeneratedTest(unittest.TestCase):
    def test_there_are_tables(self):
        self.assertTrue(TABLES)

    def test_tables_are_up_to_date(self):
        for table in TABLES:
            with self.subTest(table.name):
                script = f"scripts/make_{table.stem}.py"
                self.assertIn(script, table.read_text()[:1000])
                done = subprocess.run(["/usr/bin/python3", "-B", SOURCE / script, "--check"],
                                      capture_output=True, text=True, timeout=100)
                if done.returncode == CANNOT_TELL:
                    self.skipTest(done.stdout + done.stderr)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
