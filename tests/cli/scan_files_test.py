# SPDX-License-Identifier: Apache-2.0
"""The files of `peercert scan`: who else can write to their folders, or to them, changes no other
file, and no scan goes on with what is not its own."""

import fcntl
import hashlib
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import unittest

from cli import scan_test
from support import pki
from support.clients import built, peercert
from support.farm import json_lines, said
from support.servers import PATIENCE

setUpModule = scan_test.setUpModule

NOT_FOLLOWED = "a symbolic link, which is not followed here: name the file that it leads to"
BEGINS_ANEW = "remove it to begin anew"
# Silent servers are waited for until the process is killed.
SLOW = ("--handshake-timeout", "600", "--timeout", "600")


def sealed(lines) -> str:
    """The state of these lines, with the digest that anybody can make."""
    text = "".join(f"{line}\n" for line in lines)
    return f"{text}sha256\t{hashlib.sha256(text.encode()).hexdigest()}\n"


class FilesTest(scan_test.ScanTest):
    def refused(self, *options, **settings):
        """What a scan says that looks at nothing and leaves its files as they are."""
        files = [file for file in self.folder.iterdir() if file.is_file()]
        before = {file: file.read_bytes() for file in files}
        run = self.scan(*options, status=2, **settings)
        for file in files:
            self.assertEqual(file.read_bytes(), before[file], file)
        self.assertEqual(list(self.folder.glob("*.lock")), [])
        return run.stderr

    def begin(self, *options):
        """Has a scan begin that has one record, and kills it; gives the lines of its state."""
        self.targets(["garbage", "silent"])
        process = self.start(*SLOW, "--resume", self.state, *options)
        self.wait_for(self.state.exists)
        process.kill()
        process.wait(PATIENCE)
        (self.folder / "state.lock").unlink()
        self.assertEqual([said(record)[2] for record in json_lines(self.output)], ["not-tls"])
        return self.state.read_text().splitlines()[:-1]


class Links(FilesTest):
    def plant(self, name, target="victim"):
        (self.folder / name).symlink_to(target)
        (self.folder / "victim").write_text("before")

    def test_a_state_and_its_lock_are_no_links(self):
        self.targets(["garbage"])
        for name in "state", "state.lock":
            with self.subTest(name):
                self.plant(name)
                run = self.scan("--resume", self.state, status=2)
                self.assertEqual(run.stderr, f"peercert: {self.folder / name}: {NOT_FOLLOWED}\n")
                (self.folder / name).unlink()
                self.assertEqual((self.folder / "victim").read_text(), "before")
        self.plant("state.new")
        self.scan("--resume", self.state)
        self.assertEqual((self.folder / "victim").read_text(), "before")
        self.assertEqual(list(self.folder.glob("state*")), [])

    def test_a_state_is_a_regular_file(self):
        self.targets(["garbage"])
        os.mkfifo(self.state)
        told = self.scan("--resume", self.state, status=2).stderr
        self.assertEqual(told, f"peercert: {self.state}: not a regular file\n")

    def test_an_output_may_be_a_link_of_ones_own(self):
        self.targets(["garbage"])
        self.output.symlink_to("real.jsonl")
        database = self.folder / "link.db"
        database.symlink_to("real.db")
        self.scan("--output", database)
        self.assertEqual(len(json_lines(self.folder / "real.jsonl")), 1)
        with sqlite3.connect(self.folder / "real.db") as connection:
            self.assertEqual(connection.execute("SELECT count(*) FROM observations").fetchone(),
                             (1,))
        connection.close()

    @unittest.skipIf(os.geteuid() != 0, "only root can make a link that belongs to somebody else")
    def test_an_output_is_no_link_of_another_user(self):
        self.targets(["garbage"])
        for name in "planted.jsonl", "planted.db", "planted.csv.zst":
            with self.subTest(name):
                self.plant(name)
                os.chown(self.folder / name, 12345, 12345, follow_symlinks=False)
                told = self.refused("--output", self.folder / name)
                self.assertEqual(told, f"peercert: {self.folder / name}: a symbolic link of "
                                       "another user, which is not followed: name the file that "
                                       "it leads to\n")
                (self.folder / name).unlink()

    def test_what_the_shell_has_opened_is_written_where_it_stands(self):
        self.targets(["garbage"])
        log = self.folder / "log"
        log.write_text("before\n")
        with log.open("ab") as file:
            for name in "/dev/stdout", f"/dev/fd/{file.fileno()}":
                subprocess.run(self.command("--output", name, "--quiet", output=False), stdout=file,
                               pass_fds=[file.fileno()], check=True, timeout=PATIENCE)
        lines = log.read_text().splitlines()
        self.assertEqual((lines[0], len(lines)), ("before", 3))
        reader, writer = os.pipe()  # as of a process substitution
        with open(reader, encoding="ascii") as file:
            subprocess.run(self.command("--output", f"/dev/fd/{writer}", "--format", "csv",
                                        output=False),
                           pass_fds=[writer], check=True, capture_output=True, timeout=PATIENCE)
            os.close(writer)
            self.assertTrue(file.readline().startswith("target_index,"))
        told = self.scan("--output", "/dev/stdout", "--resume", self.state, output=False,
                         status=2).stderr
        self.assertIn("standard output", told)


class OneUse(FilesTest):
    """Each file has one use, by whatever names: a file is one device and inode."""

    def test_of_a_file_with_two_names(self):
        self.targets(["garbage"])
        for first, second in ("a.jsonl", "b.jsonl"), ("a.db", "b.db"), ("a.csv", "b.jsonl"):
            (self.folder / first).touch()
            os.link(self.folder / first, self.folder / second)
            for options in (("--output", self.folder / first, "--output", self.folder / second),
                            ("--certificates", self.folder / first, "--output",
                             self.folder / second)):
                with self.subTest(options):
                    told = self.refused(*options, output=False)
                    self.assertIn("has another use, too", told)
                    self.assertRegex(told, f"{first}|{second}")
            for name in first, second:
                (self.folder / name).unlink()

    def test_of_a_name_that_is_not_there_yet(self):
        self.targets(["garbage"])
        first = self.folder / "a.jsonl"
        for second in first, f"{self.folder}/./a.jsonl":
            told = self.refused("--output", first, "--output", second, output=False)
            self.assertIn("another use", told)
            self.assertFalse(first.exists())

    def test_of_an_input_or_a_state_with_two_names(self):
        self.targets(["garbage"])
        other = self.folder / "other.jsonl"
        os.link(self.input, other)
        self.assertIn("another use", self.refused("--output", other, output=False))
        self.begin()
        other.unlink()
        os.link(self.state, other)
        self.assertIn("another use", self.refused("--output", other, "--resume", self.state,
                                                  output=False))

    def test_of_a_stream_with_two_names(self):
        self.targets(["garbage"])
        for names in ("-", "/dev/stdout"), ("/dev/stdout", "-"), ("-", "/proc/self/fd/1"):
            options = [word for name in names for word in ("--output", name)]
            with self.subTest(names):
                run = self.scan(*options, output=False, status=2)
                self.assertIn("another use", run.stderr)
                self.assertEqual(run.stdout, b"")

    def test_of_what_the_shell_has_opened(self):
        self.targets(["garbage"])
        with self.output.open("ab") as file:
            run = subprocess.run(self.command("--output", "-"), stdout=file, check=False,
                                 stderr=subprocess.PIPE, timeout=PATIENCE)
        self.assertEqual(run.returncode, 2, run.stderr)
        self.assertIn(b"another use", run.stderr)
        with self.input.open("rb") as file:
            command = [built("PEERCERT"), "scan", "--output", self.folder / "in.jsonl"]
            os.link(self.input, self.folder / "in.jsonl")
            run = subprocess.run(command, stdin=file, check=False, stderr=subprocess.PIPE,
                                 timeout=PATIENCE)
        self.assertEqual(run.returncode, 2, run.stderr)
        self.assertIn(b"another use", run.stderr)

    def test_but_nothing_is_as_good_as_twice_nothing(self):
        self.targets(["garbage"])
        (self.folder / "null.jsonl").symlink_to("/dev/null")
        subprocess.run(self.command("--output", "-", "--output", self.folder / "null.jsonl",
                                    "--quiet"),
                       stdout=subprocess.DEVNULL, check=True, timeout=PATIENCE)
        self.assertEqual(len(json_lines(self.output)), 1)


class Fifos(FilesTest):
    """Nobody may ever read from one."""

    def test_an_output_that_is_resumed_is_none(self):
        self.targets(["garbage"])
        for name in "fifo.jsonl", "fifo.csv", "fifo.db", "fifo.pem":
            fifo = self.folder / name
            os.mkfifo(fifo)
            option = "--certificates" if name == "fifo.pem" else "--output"
            with self.subTest(name):
                told = self.scan(option, fifo, "--resume", self.state, status=2).stderr
                self.assertIn(f"cannot go on with {fifo}, which is no regular file", told)
                self.assertFalse(self.state.exists())

    def test_a_signal_ends_the_wait_for_a_reader(self):
        self.targets(["garbage"])
        for option, name in ("--output", "fifo.jsonl"), ("--certificates", "fifo.pem"):
            fifo = self.folder / name
            os.mkfifo(fifo)
            process = self.start(option, fifo)
            status = pathlib.Path(f"/proc/{process.pid}/status")
            self.wait_for(lambda of=status: "State:\tS" in of.read_text())  # for nothing else yet
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(PATIENCE), -signal.SIGINT)

    def test_a_signal_ends_the_wait_for_a_writer(self):
        self.input = self.folder / "fifo"
        os.mkfifo(self.input)
        process = self.start()
        status = pathlib.Path(f"/proc/{process.pid}/status")
        self.wait_for(lambda: "State:\tS" in status.read_text())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE), 7)
        self.assertEqual(self.output.read_bytes(), b"")

    def test_a_writer_may_come_later(self):
        self.targets(["garbage"])
        text = self.input.read_bytes()
        self.input = self.folder / "fifo"
        os.mkfifo(self.input)
        process = self.start()
        with self.input.open("wb", buffering=0) as fifo:  # waits for the scan
            for byte in text:
                fifo.write(bytes([byte]))
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertEqual(len(json_lines(self.output)), 1)


class Contents(FilesTest):
    def test_a_resumed_scan_has_the_same_files(self):
        identity = pki.shared().client()
        names = {"--cafile": "trust.pem", "--allow": "allow.txt", "--deny": "deny.txt",
                 "--cert": "cert.pem", "--capath": "certs", "FILE": "targets.txt"}
        files = {option: self.folder / name for option, name in names.items()}
        files["--capath"].mkdir()
        (files["--capath"] / "01234567.0").write_bytes(self.farm.root.read_bytes())
        shutil.copy(self.farm.root, files["--cafile"])
        shutil.copy(identity.chain, files["--cert"])
        files["--allow"].write_text("127.0.0.0/8\n")
        files["--deny"].write_text("192.0.2.0/24\n")

        def options(folder):
            command = ["--key", identity.key]
            for option, name in names.items():
                if option not in ("FILE", "--cafile"):
                    command += [option, folder / name]
            return command

        def refusal(folder=self.folder):
            # The last one differs always: what is told before that is about the files.
            self.input = folder / names["FILE"]
            return self.scan(*SLOW, "--resume", self.state, *options(folder), "--alpn", "h2",
                             cafile=folder / names["--cafile"], status=2).stderr

        # Two trust stores are one option too many for most, but a scan reads both.
        process_options = options(self.folder)
        self.targets(["garbage", "silent"])
        process = subprocess.Popen(
            self.command(*SLOW, "--resume", self.state, *process_options,
                         cafile=files["--cafile"]), stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.wait_for(self.state.exists)
        process.kill()
        process.wait(PATIENCE)

        # The same contents under other names are the same.
        copy = self.folder / "copy"
        copy.mkdir()
        for option, name in names.items():
            (shutil.copytree if option == "--capath" else shutil.copy)(files[option], copy / name)
        same = f"peercert: {self.state}: it is of another scan: --alpn was absent"
        self.assertTrue(refusal().startswith(same), refusal())
        self.assertTrue(refusal(copy).startswith(same), refusal(copy))
        # Others under the same names are not.
        for option, file in files.items():
            with self.subTest(option):
                changed = file / "01234567.0" if option == "--capath" else file
                before = changed.read_bytes()
                changed.write_bytes(before + b"\n")
                self.assertEqual(refusal(), f"peercert: {self.state}: it is of another scan: "
                                            f"{option} has other contents; {BEGINS_ANEW}\n")
                changed.write_bytes(before)
        self.assertTrue(refusal().startswith(same))
        state = self.state.read_text()
        for name in names.values():
            self.assertNotIn(name, state)

    def test_what_differs_has_the_name_of_its_option(self):
        self.begin()
        allow, cert = self.folder / "allow.txt", pki.shared().client().chain
        allow.write_text("127.0.0.0/8\n")
        for options in (("--port", "8443"), ("--column", "host"), ("--field", "host"),
                        ("--starttls", "smtp"), ("--shard", "1/2"), ("--no-servername",),
                        ("--mx",), ("--all-ips",), ("--max-addresses", "3"), ("--allow", allow),
                        ("--deny", allow), ("--retries", "3"), ("--backoff", "3"),
                        ("--dns-timeout", "3"), ("--connect-timeout", "3"),
                        ("--starttls-timeout", "3"), ("--resolver", "127.0.0.1"), ("--ipv4",),
                        ("--ipv6",), ("--verify", "none"), ("--present-only",),
                        ("--capath", self.folder), ("--min-version", "1.2"),
                        ("--max-version", "1.2"), ("--alpn", "h2"), ("--ocsp",), ("--cert", cert),
                        ("--fields", "is_ca")):
            with self.subTest(options):
                told = self.refused(*SLOW, "--resume", self.state, *options)
                self.assertRegex(told, rf"\Apeercert: {self.state}: it is of another scan: "
                                       rf"(--\S+ or )?{options[0]} ")
        for options in ("--concurrency", "3"), ("--threads", "1"), ("--rate", "3"), (
                "--per-address", "3"), ("--per-network", "3"), ("--alpn", "h2"):
            told = self.refused(*SLOW, "--resume", self.state, *options, "--alpn", "h2")
            self.assertIn("another scan: --alpn was absent", told)

    def test_pipes_are_read_once(self):
        self.targets(["garbage"])
        reader, writer = os.pipe()
        os.write(writer, b"127.0.0.0/8\n")
        os.close(writer)
        subprocess.run(self.command("--allow", f"/dev/fd/{reader}", "--resume", self.state),
                       pass_fds=[reader], check=True, capture_output=True, timeout=PATIENCE)
        os.close(reader)
        self.assertEqual([said(record)[2] for record in json_lines(self.output)], ["not-tls"])
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        told = self.scan("--resume", self.state, cafile=fifo, status=2).stderr
        self.assertEqual(told, f"peercert: {fifo}: no regular file, and with --resume the contents "
                               "of --cafile have to be compared: save them in a file\n")

    def test_standard_input_is_compared_where_it_is_a_file(self):
        self.begin()
        command = [built("PEERCERT"), "scan", "--cafile", self.farm.root, "--output", self.output,
                   *SLOW, "--resume", self.state, "--alpn", "h2"]
        for text, word in (self.input.read_bytes(), b"--alpn"), (b"127.0.0.1:1\n", b"FILE has"):
            (self.folder / "stdin").write_bytes(text)
            with (self.folder / "stdin").open("rb") as file:
                run = subprocess.run(command, stdin=file, capture_output=True, timeout=PATIENCE,
                                     check=False)
            self.assertEqual(run.returncode, 2)
            self.assertIn(word, run.stderr)


class Tampered(FilesTest):
    def resume(self, lines):
        self.state.write_text(sealed(lines))
        return self.refused(*SLOW, "--resume", self.state)

    def test_a_state_names_no_other_file(self):
        lines = self.begin()
        victim = self.folder / "victim.jsonl"
        victim.write_text("one\ntwo\n")
        output = f"output\t{self.output}\t"
        at = next(i for i, line in enumerate(lines) if line.startswith(output))
        for others in ([f"output\t{victim}\t0"], [lines[at], f"output\t{victim}\t4"],
                       [f"output\t{victim}\t4", lines[at]], [lines[at]] * 2,
                       [f"output\t{self.output}%00\t4"], [f"output\t{self.folder}/./out.jsonl\t0"]):
            with self.subTest(others):
                told = self.resume([*lines[:at], *others, *lines[at + 1:]])
                self.assertEqual(told, f"peercert: {self.state}: the scan had other outputs\n")

    def test_a_place_is_one_that_the_output_has(self):
        lines = self.begin()
        place = self.output.stat().st_size
        wrong = f"peercert: {self.output}: "
        shorter = wrong + "shorter than the scan that is to be resumed has left it\n"
        none = wrong + "not what a scan has left\n"
        for other, told in ((place + 1, shorter), (2 ** 64 - 1, shorter), (place - 1, none),
                            (1, none), ("-1", none), ("x", none), (2 ** 64, none)):
            with self.subTest(other):
                lines[-1] = f"output\t{self.output}\t{other}"
                self.assertEqual(self.resume(lines), told)

    def test_what_is_finished_can_be(self):
        lines = self.begin()
        at = next(i for i, line in enumerate(lines) if line.startswith("finished-below"))
        self.assertEqual(lines[at], "finished-below\t1")
        no_state = (f"peercert: {self.state}: not the state of a scan, or of another version; "
                    f"{BEGINS_ANEW}\n")
        for others in (["finished-below\t1", "finished\t0"], ["finished\t1"],
                       ["finished-below\t01"], ["finished-below\t1"] * 2):
            with self.subTest(others):
                self.assertEqual(self.resume([*lines[:at], *others, *lines[at + 1:]]), no_state)
        self.assertEqual(self.resume(lines[:at + 1]), no_state)  # nothing was written
        for others in ["finished-below\t3"], [f"finished-below\t{2 ** 64 - 1}"], [
                "finished-below\t2", f"finished\t{2 ** 64 - 1}"]:
            with self.subTest(others):
                told = self.resume([*lines[:at], *others, *lines[at + 1:]])
                self.assertEqual(told, f"peercert: {self.state}: has more targets as finished than "
                                       f"the input has; {BEGINS_ANEW}\n")
        self.assertEqual(len(json_lines(self.output)), 1)

    def test_damage_shows(self):
        lines = self.begin()
        whole = sealed(lines)
        for text in (whole[:-1], whole.replace("finished-below\t1", "finished-below\t2"),
                     "\n".join(lines), "", "\0" * 100):
            self.state.write_text(text)
            self.assertIn("not the state of a scan",
                          self.refused(*SLOW, "--resume", self.state))


class Kept(FilesTest):
    def silent_is_connected(self):
        """Whether somebody has a connection to the silent server: tcp(5) of Linux."""
        remote = f"0100007F:{self.farm.ports['silent']:04X}"
        lines = pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]
        return any(line.split()[2:4] == [remote, "01"] for line in lines)

    def interrupt(self, process):
        """Twice, while a target is in flight: a scan without one ends at the first signal. The
        second is sent when the first was seen, since equal signals are one."""
        self.wait_for(self.silent_is_connected)
        process.send_signal(signal.SIGINT)
        self.assertIn("connections in flight", process.stderr.readline())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE), -signal.SIGINT)

    def test_sigint_keeps_the_state_and_what_was_written(self):
        self.targets(["garbage"] * 20 + ["silent"])
        process = self.start(*SLOW, "--resume", self.state)
        self.wait_for(self.state.exists)
        self.interrupt(process)
        self.assertTrue(self.state.exists())
        inode, before = self.output.stat().st_ino, self.output.read_bytes()
        self.assertGreater(before.count(b"\n"), 0)
        lock = self.folder / "state.lock"
        lock.unlink()  # what ended by a signal leaves it, and nobody is held up by it
        again = self.start(*SLOW, "--resume", self.state)
        self.interrupt(again)
        self.assertEqual(self.output.stat().st_ino, inode)
        self.assertTrue(self.output.read_bytes().startswith(before))

    def test_a_list_that_allows_nothing_is_refused(self):
        self.targets(["garbage"])
        allow = self.folder / "allow.txt"
        for text in "", "# 127.0.0.0/8\n", "\n \n":
            allow.write_text(text)
            self.assertEqual(self.refused("--allow", allow),
                             f"peercert: {allow}: it allows no network\n")
        allow.write_text("127.0.0.0/8\n")
        self.scan("--allow", allow)

    def test_a_list_with_a_bad_line_is_refused(self):
        self.targets(["garbage"])
        deny = self.folder / "deny.txt"
        for line in "127.0.0.0/8" + " " * (1 << 20), "127.0.0.0/33", "localhost":
            for option in "--deny", "--allow":
                deny.write_text(f"192.0.2.0/24\n{line}\n")
                told = self.refused(option, deny)
                self.assertTrue(told.startswith(f"peercert: {deny}: line 2: "), told)

    def test_a_database_that_no_scan_made_is_refused(self):
        self.targets(["garbage"])
        database = self.folder / "mine.db"
        with sqlite3.connect(database) as connection:
            connection.execute("CREATE TABLE observations (mine TEXT)")
            connection.execute("INSERT INTO observations VALUES ('kept')")
        connection.close()
        told = self.refused("--output", database)
        self.assertEqual(told, f"peercert: {database}: a database that no scan has made\n")

    def test_a_lock_of_somebody_else_is_waited_for_by_nobody(self):
        self.targets(["garbage"])
        with (self.folder / "state.lock").open("w", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            told = self.scan("--resume", self.state, status=2).stderr
        self.assertEqual(told, f"peercert: {self.state}: another scan writes to it: wait for its "
                               "end, or name another file\n")


if __name__ == "__main__":
    unittest.main()
