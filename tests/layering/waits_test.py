# SPDX-License-Identifier: Apache-2.0
"""Whatever a target waits for has its deadline: Asio's async functions are called in
src/scan/loop/wait.cpp alone, but for what belongs to no target."""

import os
import pathlib
import re
import unittest

SCAN = pathlib.Path(os.environ["PEERCERT_SOURCE"]) / "src" / "scan"
CALL = re.compile(r"[\w.>-]*\basync_\w+")
# What the calls are for that no target waits for.
OTHERS = {
    "resolver.cpp": {  # c-ares' own sockets and its clock: a question has the deadline of who asks
        "entry->descriptor.async_wait", "tick_.async_wait"},
}


def calls(text):
    code = re.sub(r"//.*|\"(\\.|[^\"\\])*\"", "", text)
    return set(CALL.findall(code))


class WaitsTest(unittest.TestCase):
    def test_everything_waits_by_way_of_wait(self):
        files = [file for file in SCAN.rglob("*.[ch]pp")
                 if not file.stem.endswith("_test")]
        self.assertGreater(len(files), 40)
        found = {file.name: calls(file.read_text()) for file in files}
        self.assertTrue(found.pop("wait.cpp"))
        for name, used in found.items():
            self.assertEqual(used - OTHERS.get(name, set()), set(), name)

    def test_calls_are_seen(self):
        self.assertEqual(calls("co_await asio::async_write(s); // async_x\nt.async_wait(u);"),
                         {"async_write", "t.async_wait"})
        self.assertEqual(calls('log("async_read");'), set())


if __name__ == "__main__":
    unittest.main()
