# SPDX-License-Identifier: Apache-2.0
"""docs/terminal.svg shows what the program prints."""

import os
import subprocess
import sys
import unittest
import xml.etree.ElementTree

from support.clients import SOURCE, built

PICTURE = SOURCE / "docs/terminal.svg"


class TerminalPictureTest(unittest.TestCase):
    @unittest.skipIf("PEERCERT_TLS_FARM" not in os.environ, "built without PEERCERT_SCAN")
    def test_it_is_what_the_program_prints(self):
        done = subprocess.run(
            [sys.executable, "-B", SOURCE / "scripts/make_terminal_picture.py", built("PEERCERT"),
             "--check"], capture_output=True, text=True, timeout=100)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_it_shows_three_commands_and_a_verdict(self):
        words = [text.text for text in xml.etree.ElementTree.parse(PICTURE).iter()]
        self.assertEqual(words.count("$"), 3)
        self.assertIn("verified as shop.example", words)

    def test_the_readme_shows_it(self):
        self.assertIn("(docs/terminal.svg)", (SOURCE / "README.md").read_text())


if __name__ == "__main__":
    unittest.main()
