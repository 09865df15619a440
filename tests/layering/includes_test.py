# SPDX-License-Identifier: Apache-2.0
"""The arrows of ARCHITECTURE.md: which folder may include which."""

import os
import pathlib
import re
import unittest

SOURCE = pathlib.Path(os.environ["PEERCERT_SOURCE"])

# What a folder may include besides itself.
ARROWS = {
    "extension_table": set(),
    "result": {"extension_table"},
    "version": set(),
    "finding": {"result"},
    "der": {"finding", "result"},
    "x509": {"der", "extension_table", "finding", "result"},
    "peer": {"x509", "der", "result"},
    "render": {"peer", "x509", "der", "finding", "result"},
    "peercert": {"render", "peer", "x509", "finding", "result", "version"},  # the umbrella header
    "libcrypto": set(),
    "verify": {"libcrypto", "peer", "x509", "der", "result"},
    "ssl": {"libcrypto", "verify", "render", "peer", "x509", "result"},
    "scan": {"ssl", "verify", "libcrypto", "render", "peer", "x509", "der", "finding", "result"},
    "adapters": {"ssl", "peer", "x509", "result"},
}
# Outside the libraries: may include all of them.
USERS = {"tools", "examples", "fuzz", "compile_fail", "consumer", "hostile", "interop", "outputs",
         "parity", "support"}
# Who may include whose headers, besides the C++ library's.
FOREIGN = {
    "libcrypto": {"openssl"},
    "verify": {"openssl"},
    "ssl": {"openssl", "sys", "netinet", "arpa"},
    "scan": {"arpa", "asio", "netinet", "rapidjson", "sys"},
    "tools": {"CLI", "fmt", "sys"},
    "fuzz": {"openssl", "rapidjson"},
    "adapters": {"curl"},
    "examples": {"asio", "boost", "curl", "openssl"},
    "interop": {"asio", "openssl", "support"},
    "outputs": {"support"},
    "parity": {"fuzz", "openssl", "support"},
    "hostile": {"hostile", "openssl", "netinet", "support", "sys"},
}
FOREIGN_IN_TESTS = {"gtest", "rapidjson", "support", "sys"}


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
    name = pathlib.PurePath(name).stem
    return name if name in ARROWS else None


def may_include(path, header):
    here = layer(path)
    layers = set(ARROWS) if here in USERS else ARROWS[here] | {here}
    foreign = FOREIGN.get(here, set())
    if path.endswith("_test.cpp"):
        links_ssl = here in ("adapters", "ssl", "scan", "hostile")
        layers = set(ARROWS) if links_ssl else set(ARROWS) - {"ssl"}
        foreign = foreign | FOREIGN_IN_TESTS
    if path.startswith("include/") and here != "adapters":
        foreign = set()
    if path.startswith("tests/support/"):
        foreign = {"asio", "gtest", "openssl", "support", "sys"}

    folder = header.split("/")[0] if "/" in header else None
    return own_layer(header) in layers or folder in foreign or not (own_layer(header) or folder)


def wrong_includes(path, text):
    headers = re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', text, re.MULTILINE)
    return [header for header in headers if not may_include(path, header)]


class IncludesTest(unittest.TestCase):
    def test_arrows(self):
        folders = ("include", "src", "tools", "examples", "fuzz", "tests")
        files = [file for folder in folders for file in (SOURCE / folder).rglob("*.[ch]pp")]
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
            ("src/base/result.cpp", '"der/reader.hpp"'),
            ("src/base/result.cpp", '"support/der_writer.hpp"'),
            ("src/x509/name_test.cpp", "<peercert/ssl/ssl.hpp>"),
            ("src/x509/name_test.cpp", "<openssl/ssl.h>"),
            ("src/x509/name.cpp", "<sys/socket.h>"),
            ("src/x509/name.cpp", "<gtest/gtest.h>"),
            ("include/peercert/ssl/context.hpp", "<openssl/ssl.h>"),
            ("include/peercert/render/json.hpp", "<rapidjson/document.h>"),
            ("tools/peercert/get.cpp", "<openssl/ssl.h>"),
            ("src/ssl/net/socket.cpp", "<boost/asio.hpp>"),
            ("include/peercert/adapters/asio.hpp", "<boost/asio.hpp>"),
            ("include/peercert/adapters/curl.hpp", "<openssl/ssl.h>"),
            ("src/ssl/net/socket.cpp", "<peercert/adapters/asio.hpp>"),
        ]:
            with self.subTest(path=path, header=header):
                self.assertEqual(wrong_includes(path, f"#include {header}\n"), [header[1:-1]])

    def test_a_right_arrow_is_not(self):
        for path, header in [
            ("src/x509/name_test.cpp", "<gtest/gtest.h>"),
            ("src/x509/name_test.cpp", '"support/der_writer.hpp"'),
            ("src/ssl/identity/getpeercert_test.cpp", "<peercert/render/json.hpp>"),
            ("src/x509/name.cpp", "<peercert/der/reader.hpp>"),
            ("src/ssl/context/context.cpp", "<openssl/ssl.h>"),
            ("include/peercert/adapters/curl.hpp", "<curl/curl.h>"),
            ("include/peercert/peercert.hpp", "<peercert/base/version.hpp>"),
            ("src/base/version.cpp", "<peercert/base/version.hpp>"),
            ("tools/peercert/demo.cpp", '"testing/private_ca.hpp"'),
        ]:
            with self.subTest(path=path, header=header):
                self.assertEqual(wrong_includes(path, f"#include {header}\n"), [])


if __name__ == "__main__":
    unittest.main()
