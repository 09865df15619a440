# SPDX-License-Identifier: Apache-2.0
"""`peercert decode` as a stream: memory, threads, progress, and ends before the end."""

import os
import pathlib
import pty
import re
import signal
import subprocess
import tempfile
import time
import unittest

from support import pki
from support.clients import built
from support.servers import PATIENCE

MEGABYTE = 1 << 20
# Of 200 MB that go through it. A sanitizer has memory of its own.
INPUT_LEN = 200 * MEGABYTE
MAX_RESIDENT = (256 if "ASAN_OPTIONS" in os.environ else 48) * MEGABYTE


class StreamTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        one = pki.shared().server().der
        cls.portion = one * (MEGABYTE // len(one))

    def start(self, *options, **streams):
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL,
                   "stderr": subprocess.PIPE} | streams
        process = subprocess.Popen([built("PEERCERT"), "decode", "--format", "python", *options],
                                   **streams)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        with process:
            process.kill()

    @staticmethod
    def status_of(process):
        """The numbers in /proc/PID/status."""
        text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        return {name: int(number) for name, number in re.findall(r"(?m)^(\w+):\s+(\d+)", text)}


class Resources(StreamTest):
    def test_memory_does_not_grow_with_the_input(self):
        process = self.start("--jobs", "4")
        for _ in range(INPUT_LEN // len(self.portion)):
            process.stdin.write(self.portion)
        process.stdin.flush()
        status = self.status_of(process)
        self.assertLess(status["VmHWM"] * 1024, MAX_RESIDENT)
        self.assertEqual(process.communicate(timeout=PATIENCE), (None, b""))
        self.assertEqual(process.returncode, 0)

    def test_threads(self):
        for jobs in 1, 3:
            process = self.start("--jobs", str(jobs))
            for _ in range(8):
                process.stdin.write(self.portion)
            process.stdin.flush()
            self.assertEqual(self.status_of(process)["Threads"], jobs)

    def test_small_inputs_need_no_second_thread(self):
        process = self.start("--jobs", "4")
        process.stdin.write(self.portion[:100_000])
        process.stdin.flush()
        self.assertEqual(self.status_of(process)["Threads"], 1)


class EarlyEnds(StreamTest):
    def file(self, num_portions):
        file = self.enterContext(tempfile.NamedTemporaryFile())
        for _ in range(num_portions):
            file.write(self.portion)
        file.flush()
        return file.name

    def test_interrupted(self):
        process = self.start("--jobs", "3", stdout=subprocess.PIPE)
        process.stdin.write(self.portion * 2)
        process.stdin.flush()
        process.stdout.read(1000)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE), -signal.SIGINT)

    def test_output_that_is_closed_or_full(self):
        name = self.file(20)
        for jobs in "1", "4":
            process = self.start("--jobs", jobs, name, stdout=subprocess.PIPE,
                                 preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN),
                                 restore_signals=False)
            process.stdout.read(1)
            process.stdout.close()
            self.assertEqual((process.wait(PATIENCE), process.stderr.read()), (6, b""))
            with open("/dev/full", "wb") as full:
                process = self.start("--jobs", jobs, name, stdout=full)
            self.assertEqual((process.wait(PATIENCE), process.stderr.read()),
                             (6, b"peercert: standard output: No space left on device\n"))


class Progress(StreamTest):
    def terminal(self):
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        os.set_blocking(ours, False)
        return ours, theirs

    @staticmethod
    def shown_on(terminal):
        try:
            return os.read(terminal, 65536).decode()
        except OSError:  # nothing, or nobody holds the other end any more
            return ""

    def run_slowly(self, *options, stdin, stdout, environment=None, patience=PATIENCE):
        """Feeds the program, or reads what it writes, until the terminal that is its standard
        error shows something. Gives all that the terminal showed."""
        ours, theirs = self.terminal()
        environment = {"TERM": "xterm"} | (environment or {})
        process = self.start(*options, stdin=stdin, stdout=stdout, stderr=theirs, env=environment)
        os.close(theirs)
        shown = ""
        deadline = time.monotonic() + patience
        while not shown and time.monotonic() < deadline:
            if process.stdin:
                process.stdin.write(self.portion)
            if process.stdout:
                process.stdout.read(MEGABYTE)
            time.sleep(0.05)
            shown = self.shown_on(ours)
        process.communicate()
        return shown + self.shown_on(ours)

    def test_of_a_pipe(self):
        shown = self.run_slowly(stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        line = r"\r\x1b\[Kpeercert: [1-9]\d* certificates, [1-9]\d*/s"
        self.assertRegex(shown, rf"^({line})+\r\x1b\[K$")

    def test_of_a_file(self):
        with tempfile.NamedTemporaryFile() as file:
            for _ in range(60):
                file.write(self.portion)
            file.flush()
            shown = self.run_slowly(file.name, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.assertRegex(shown, r"\d/s, \d+ %, \d+ s left\r\x1b\[K")

    def test_none_on_a_terminal_that_cannot_erase_it(self):
        shown = self.run_slowly(stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                environment={"TERM": "dumb"}, patience=1.5)
        self.assertEqual(shown, "")


if __name__ == "__main__":
    unittest.main()
