# SPDX-License-Identifier: Apache-2.0
"""The arrows of ARCHITECTURE.md: which folder may include which."""

import os
import pathlib
import re
import unittest

SOURCE = pathlib.Path(os.environ["PEERCERT_SOURCE"])

# What a folder may include besides itself.
ARROWS = {
    "result": set(),
    "version": set(),
    "der": {"result"},
    "x509": {"der", "result"},
    "peer": {"x509", "der", "result"},
    "render": {"peer", "x509", "der", "result"},
    "peercert": {"render", "peer", "x509", "result", "version"},  # the umbrella header
    "ssl": {"peer", "x509", "result"},
}
USERS = {"tools", "examples", "consumer", "interop"}  # outside the libraries: may include all of them
FOREIGN = {  # other people's headers, and who may include them
    "openssl": {"ssl"},
    "gtest": set(),
    "fmt": {"tools"},
    "CLI": {"tools"},
    "rapidjson": set(),
}
TEST_ONLY = {"gtest", "rapidjson"}
OWN_OPENSSL = {"examples/foreign_ssl.cpp"}  # a program that makes its own SSL* is what it shows


def layer(path):
    """The folder that a file counts as: der for include/peercert/der/x.hpp and src/der/x.cpp."""
    parts = pathlib.PurePath(path).parts
    if parts[0] == "include":
        parts = parts[1:]
    if parts[0] in ("src", "peercert"):
        return pathlib.PurePath(parts[1]).stem.removesuffix("_test")
    return parts[1] if parts[0] == "tests" else parts[0]


def own_layer(header):
    """The layer of <peercert/der/x.hpp> or "der/x.hpp"; None for other people's headers."""
    name = pathlib.PurePath(header.removeprefix("peercert/")).parts[0]
    name = name.removesuffix(".hpp")
    return name if name in ARROWS else None


def may_include(path, header):
    here, there = layer(path), own_layer(header)
    if there:
        return here in USERS or there == here or there in ARROWS.get(here, set())
    folder = header.split("/")[0] if "/" in header else ""
    if folder not in FOREIGN:
        return folder == "" or folder in ("sys", "netinet", "arpa") and here == "ssl"
    if path.startswith("include/"):
        return False
    is_test = path.endswith("_test.cpp")
    return here in FOREIGN[folder] or is_test and folder in TEST_ONLY or path in OWN_OPENSSL


def wrong_includes(path, text):
    headers = re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', text, re.MULTILINE)
    return [header for header in headers if not may_include(path, header)]


class IncludesTest(unittest.TestCase):
    def test_arrows(self):
        files = [file for pattern in ("*.hpp", "*.cpp")
                 for top in ("include", "src", "tools", "examples", "tests/interop", "tests/consumer")
                 for file in (SOURCE / top).rglob(pattern)]
        self.assertGreater(len(files), 50)
        for file in files:
            path = file.relative_to(SOURCE).as_posix()
            with self.subTest(path):
                self.assertEqual(wrong_includes(path, file.read_text()), [])

    def test_a_wrong_arrow_is_seen(self):
        for path, header in [
            ("src/der/reader.cpp", "<peercert/x509/name.hpp>"),
            ("src/render/json.cpp", "<peercert/ssl/ssl.hpp>"),
            ("src/render/json.cpp", "<openssl/x509.h>"),
            ("src/result.cpp", '"der/reader.hpp"'),
            ("src/x509/name.cpp", "<sys/socket.h>"),
            ("src/x509/name.cpp", "<gtest/gtest.h>"),
            ("include/peercert/ssl/context.hpp", "<openssl/ssl.h>"),
            ("include/peercert/render/json.hpp", "<rapidjson/document.h>"),
            ("tools/peercert/get.cpp", "<openssl/ssl.h>"),
            ("src/ssl/socket.cpp", "<boost/asio.hpp>"),
        ]:
            with self.subTest(path=path, header=header):
                self.assertEqual(wrong_includes(path, f"#include {header}\n"), [header[1:-1]])

    def test_a_right_arrow_is_not(self):
        for path, header in [
            ("src/x509/name_test.cpp", "<gtest/gtest.h>"),
            ("src/x509/name.cpp", "<peercert/der/reader.hpp>"),
            ("src/ssl/context.cpp", "<openssl/ssl.h>"),
            ("include/peercert/peercert.hpp", "<peercert/version.hpp>"),
            ("src/version.cpp", "<peercert/version.hpp>"),
            ("tools/peercert/demo.cpp", '"ssl/private_ca.hpp"'),
        ]:
            with self.subTest(path=path, header=header):
                self.assertEqual(wrong_includes(path, f"#include {header}\n"), [])


if __name__ == "__main__":
    unittest.main()
