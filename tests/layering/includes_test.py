# SPDX-License-Identifier: Apache-2.0
"""The arrows of ARCHITECTURE.md: which room may include which."""

import os
import pathlib
import re
import unittest

SOURCE = pathlib.Path(os.environ["PEERCERT_SOURCE"])

# The folders of src/, each of which may include those above it.
FOLDERS = ("base", "der", "x509", "peer", "render", "columns", "crypto", "decode", "tls", "verify",
           "ssl", "http", "scan", "adapters", "testing")
# The rooms in a folder, each of which may include those above it and the folder's own files.
ROOMS = {
    "x509": ("encoding", "extensions", "lint"),
    "verify": ("webpki", "path"),
    "ssl": ("net", "identity", "context", "connection"),
    "scan": ("starttls", "targets", "records", "capture", "loop", "outputs", "job"),
}
# Rooms that know each other: a context makes connections, a connection has its context, and both
# have to do with who the peer is.
NEIGHBOURS = {"identity", "context", "connection"}
# Folders that are no libraries: may include all of them.
USERS = {"tools", "examples", "fuzz", "compile_fail", "consumer", "hostile", "interop", "outputs",
         "parity", "support"}
# Folders of which the program sees the public headers alone, as any other user does.
PUBLIC_TO_TOOLS = {"http", "scan"}
# No folder has more sources of its own than one can survey.
MAX_SOURCES = 24
# Who may include whose headers, besides the C++ library's.
FOREIGN = {
    "crypto": {"openssl"},
    "decode": {"sys"},
    "verify": {"openssl"},
    "ssl": {"openssl", "sys", "netinet", "arpa"},
    "http": {"asio"},
    "scan": {"arpa", "asio", "netinet", "openssl", "rapidjson", "sys"},
    "testing": {"openssl"},
    "tools": {"CLI", "cli", "fmt", "reports", "sys"},
    "fuzz": {"openssl", "rapidjson"},
    "adapters": {"curl"},
    "examples": {"asio", "boost", "curl", "openssl"},
    "interop": {"asio", "openssl", "support"},
    "outputs": {"support"},
    "parity": {"fuzz", "openssl", "support"},
    "hostile": {"hostile", "openssl", "netinet", "support", "sys"},
}
FOREIGN_IN_TESTS = {"gtest", "rapidjson", "support", "sys"}


def place(path):
    """The folder and the room of a file: ("ssl", "net") for src/ssl/net/socket.cpp; no room for
    headers, which are the folder's, and outside of src/."""
    parts = pathlib.PurePath(path).parts
    if parts[:2] == ("include", "peercert"):
        return parts[2] if len(parts) > 3 else "umbrella", None
    if parts[0] == "src":
        return parts[1], parts[2] if len(parts) > 3 else None
    return parts[1] if parts[0] == "tests" else parts[0], None


def place_of_header(header):
    """The same for <peercert/der/x.hpp> and "der/x.hpp"; None for other people's headers."""
    is_public = header.startswith("peercert/")
    name = ("include/" if is_public else "src/") + header
    folder, room = place(name)
    return (folder, room) if folder in FOLDERS or folder == "umbrella" and is_public else None


def may_enter(here, there):
    """Whether a file of the first place may include a header of the second."""
    (folder, room), (other_folder, other_room) = here, there
    if folder == "umbrella":
        return other_folder in FOLDERS[:FOLDERS.index("columns") + 1]
    if other_folder == "umbrella":
        return False
    if folder != other_folder:
        return FOLDERS.index(other_folder) < FOLDERS.index(folder)
    if room is None or other_room is None or room == other_room:
        return True
    rooms = ROOMS[folder]
    return rooms.index(other_room) < rooms.index(room) or {room, other_room} <= NEIGHBOURS


def may_include(path, header):
    folder, room = place(path)
    is_test = path.endswith("_test.cpp")
    foreign = FOREIGN.get(folder, set())
    if is_test:
        foreign = foreign | FOREIGN_IN_TESTS
    if path.startswith("include/") and folder != "adapters":
        foreign = set()
    if path.startswith("tests/support/"):
        foreign = {"asio", "gtest", "openssl", "support", "sys"}

    there = place_of_header(header)
    if there is None:
        prefix = header.split("/")[0] if "/" in header else None
        return prefix is None or prefix in foreign
    if folder == "tools" and there[0] in PUBLIC_TO_TOOLS:
        return header.startswith("peercert/")
    if folder in USERS:
        return True
    if is_test:
        links_ssl = folder in FOLDERS[FOLDERS.index("ssl"):] + ("tls",)
        return links_ssl or there[0] in FOLDERS[:FOLDERS.index("ssl")] + ("umbrella",)
    return may_enter((folder, room), there)


def wrong_includes(path, text):
    headers = re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', text, re.MULTILINE)
    return [header for header in headers if not may_include(path, header)]


def num_sources(folder):
    return sum(not file.stem.endswith("_test") for file in folder.glob("*.cpp"))


class IncludesTest(unittest.TestCase):
    def test_arrows(self):
        folders = ("include", "src", "tools", "examples", "fuzz", "tests")
        files = [file for folder in folders for file in (SOURCE / folder).rglob("*.[ch]pp")]
        self.assertGreater(len(files), 50)
        for file in files:
            path = file.relative_to(SOURCE).as_posix()
            with self.subTest(path):
                self.assertEqual(wrong_includes(path, file.read_text()), [])

    def test_each_room_has_its_place(self):
        for folder in (SOURCE / "src").iterdir():
            with self.subTest(folder.name):
                self.assertIn(folder.name, FOLDERS)
                rooms = {room.name for room in folder.iterdir() if room.is_dir()}
                self.assertEqual(rooms, set(ROOMS.get(folder.name, ())))

    def test_a_folder_can_be_surveyed(self):
        for folder in ("src", "tools"):
            for room in {file.parent for file in (SOURCE / folder).rglob("*.cpp")}:
                with self.subTest(room.relative_to(SOURCE)):
                    self.assertLessEqual(num_sources(room), MAX_SOURCES)

    # Rooms are of no concern to those who include a header.
    def test_a_public_header_is_implemented_in_its_folder(self):
        sources = {}
        for file in (SOURCE / "src").rglob("*.cpp"):
            sources.setdefault(file.stem, set()).add(place(file.relative_to(SOURCE))[0])
        headers = [*(SOURCE / "include/peercert").glob("*/*.hpp")]
        self.assertGreater(len(headers), 50)
        for header in headers:
            with self.subTest(header.relative_to(SOURCE)):
                folder = header.parent.name
                self.assertIn(folder, sources.get(header.stem, {folder}))

    def test_a_wrong_arrow_is_seen(self):
        for path, header in [
            ("src/der/reader.cpp", "<peercert/x509/name.hpp>"),
            ("src/render/json.cpp", "<peercert/ssl/ssl.hpp>"),
            ("src/render/json.cpp", "<openssl/x509.h>"),
            ("src/render/json.cpp", "<peercert/decode/batch.hpp>"),
            ("src/decode/frame_decoder.cpp", "<peercert/verify/verifier.hpp>"),
            ("src/base/result.cpp", '"der/header.hpp"'),
            ("src/base/result.cpp", '"support/der_writer.hpp"'),
            ("src/x509/encoding/ber.cpp", '"x509/lint/field_map.hpp"'),
            ("src/x509/name_test.cpp", "<peercert/ssl/ssl.hpp>"),
            ("src/x509/name_test.cpp", "<openssl/ssl.h>"),
            ("src/x509/name.cpp", "<sys/socket.h>"),
            ("src/x509/name.cpp", "<gtest/gtest.h>"),
            ("src/verify/webpki/webpki.cpp", '"verify/path/validation.hpp"'),
            ("src/ssl/net/socket.cpp", '"ssl/connection/outcome.hpp"'),
            ("src/scan/starttls/start_tls.cpp", '"scan/loop/wait.hpp"'),
            ("src/scan/records/record.cpp", '"scan/outputs/file_output.hpp"'),
            ("include/peercert/ssl/context.hpp", "<openssl/ssl.h>"),
            ("include/peercert/ssl/context.hpp", "<peercert/scan/record.hpp>"),
            ("include/peercert/render/json.hpp", "<rapidjson/document.h>"),
            ("include/peercert/peercert.hpp", "<peercert/ssl/ssl.hpp>"),
            ("tools/peercert/get.cpp", "<openssl/ssl.h>"),
            ("tools/peercert/scan.cpp", '"scan/job/writer.hpp"'),
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
            ("src/x509/lint/findings.cpp", '"x509/encoding/base64.hpp"'),
            ("src/ssl/context/context.cpp", "<openssl/ssl.h>"),
            ("src/ssl/context/context.cpp", '"ssl/identity/verify_capture.hpp"'),
            ("src/scan/job/writer.cpp", '"scan/outputs/file_output.hpp"'),
            ("include/peercert/adapters/curl.hpp", "<curl/curl.h>"),
            ("include/peercert/peercert.hpp", "<peercert/base/version.hpp>"),
            ("tools/peercert/demo.cpp", '"testing/private_ca.hpp"'),
            ("tools/peercert/scan.cpp", "<peercert/scan/scan_job.hpp>"),
        ]:
            with self.subTest(path=path, header=header):
                self.assertEqual(wrong_includes(path, f"#include {header}\n"), [])


if __name__ == "__main__":
    unittest.main()
