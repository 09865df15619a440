# SPDX-License-Identifier: Apache-2.0
"""Tests as pages and tables name them, "src/ssl/net/idna_test.cpp: Idna.Name, Idna.Other", and
whether they are there."""

import fnmatch
import os
import pathlib
import re

SOURCE = pathlib.Path(os.environ["PEERCERT_SOURCE"])


def tests_of(path):
    """The names of the tests in a file: Suite.Name for gtest, the function for unittest."""
    text = (SOURCE / path).read_text()
    if path.endswith(".py"):
        return set(re.findall(r"^    def (test_\w+)\(self\)", text, re.MULTILINE))
    return {f"{suite}.{name}" for suite, name in
            re.findall(r"^TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\)", text, re.MULTILINE)}


def missing(named):
    """Those of "file: test, test" that are not there; "Suite.*" is any test of a suite."""
    path, _, names = named.partition(": ")
    there = tests_of(path)
    return {name for name in names.split(", ") if not fnmatch.filter(there, name)}
