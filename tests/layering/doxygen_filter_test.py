# SPDX-License-Identifier: Apache-2.0
"""scripts/doxygen_filter.py: which symbols have a comment, and which have none."""

import os
import pathlib
import sys
import unittest

SOURCE = pathlib.Path(os.environ["PEERCERT_SOURCE"])
sys.path.insert(0, str(SOURCE / "scripts"))

import doxygen_filter  # noqa: E402


def filtered(text):
    return "".join(line + "\n" for line in doxygen_filter.Filter().run(text.splitlines()))


class DoxygenFilterTest(unittest.TestCase):
    def test_lines_keep_their_numbers(self):
        for header in sorted((SOURCE / "include").rglob("*.hpp")):
            with self.subTest(header.name):
                text = header.read_text()
                self.assertEqual(filtered(text).count("\n"), text.count("\n"))

    def test_a_comment_at_the_end_of_a_line_describes_its_member(self):
        self.assertEqual(filtered("  int depth = 0;  // 0 is the leaf\n"
                                  "                  // or nothing\n"),
                         "  int depth = 0;  ///< 0 is the leaf\n"
                         "                  ///< or nothing\n")

    def test_it_describes_each_of_several_members(self):
        self.assertEqual(filtered("  Bytes p, q;  // contents\n"),
                         "/** contents */ Bytes p; /** contents */ Bytes q;\n")

    def test_overloads_and_the_setter_share_a_comment(self):
        self.assertEqual(filtered("/// The mode.\nMode mode() const;\nvoid set_mode(Mode mode);\n"),
                         "/// The mode.\nMode mode() const;\n"
                         "/** The mode. */ void set_mode(Mode mode);\n")

    def test_another_function_does_not(self):
        text = "/// The mode.\nMode mode() const;\nint depth() const;\n"
        self.assertEqual(filtered(text), text)

    def test_a_blank_line_ends_it(self):
        text = "/// The mode.\nMode mode() const;\n\nvoid set_mode(Mode mode);\n"
        self.assertEqual(filtered(text), text)

    def test_what_is_deleted_or_defaulted_needs_none(self):
        self.assertEqual(filtered("Mode mode() && = delete;\nThing(\n    Thing&&) = default;\n"),
                         "\n\n\n")

    def test_a_member_that_many_types_have_is_described(self):
        self.assertIn("/** Calls the visitor", filtered("  void visit(FieldVisitor& to) const;\n"))

    def test_comments_in_functions_stay(self):
        text = "int f() {\n  int a = 0;  // why\n  return a;  // how\n}\n"
        self.assertEqual(filtered(text), text)
        self.assertIn("///< b", filtered("struct A {\n" + text + "  int b;  // b\n};\n"))

    def test_the_first_comment_describes_the_file(self):
        licence = "// SPDX-License-Identifier: Apache-2.0\n"
        self.assertEqual(filtered(licence + "// Names.\n#pragma once\n"),
                         "/// @file\n/// Names.\n#pragma once\n")


if __name__ == "__main__":
    unittest.main()
