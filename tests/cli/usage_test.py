# SPDX-License-Identifier: Apache-2.0
"""The command line itself: help, examples, mistakes, terminals and broken pipes."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from support import der, pki
from support.clients import SOURCE, built, on_terminal, peercert
from support.servers import PATIENCE, PythonServer

COMMANDS = ("get", "decode", "verify", "demo")
HAS_SCAN = "PEERCERT_TLS_FARM" in os.environ


def examples_of(text: str) -> list[str]:
    """The commands below "Examples:" or "Try next:", without the remarks to their right."""
    block = re.search(r"^(?:Examples|Try next):\n((?:  .*\n)+)", text, re.MULTILINE)
    return [re.split(r"\s{2,}", line.strip())[0] for line in block[1].splitlines()]


class Help(unittest.TestCase):
    def test_help(self):
        for arguments in ("--help",), ("-h",):
            run = peercert(*arguments)
            self.assertEqual((run.status, run.stderr), (0, ""))
            for command in COMMANDS:
                self.assertIn(f"peercert {command}", run.text.replace("[get]", "get"))
        for command in COMMANDS:
            run = peercert(command, "--help")
            self.assertEqual((run.status, run.stderr), (0, ""))
            self.assertLessEqual(max(map(len, run.text.splitlines())), 100)

    def test_nothing_at_all_is_answered_with_help(self):
        run = peercert()
        self.assertEqual((run.status, run.text), (2, peercert("--help").text))

    def test_version(self):
        header = (SOURCE / "include/peercert/base/version.hpp").read_text()
        version = re.search(r'PEERCERT_VERSION "(.*)"', header)[1]
        self.assertEqual(peercert("--version").text, f"peercert {version}\n")

    @unittest.skipIf(HAS_SCAN, "built with PEERCERT_SCAN")
    def test_a_build_without_the_scanner_says_so(self):
        run = peercert("scan", "hosts.txt")
        self.assertEqual((run.status, run.text), (2, ""))
        self.assertEqual(run.stderr.splitlines()[0],
                         "peercert: scan: this build has no scanner (PEERCERT_SCAN=OFF)")

    @unittest.skipUnless(HAS_SCAN, "built without PEERCERT_SCAN")
    def test_exit_statuses_are_those_of_the_documentation(self):
        document = (SOURCE / "docs/formats.md").read_text().split("## Exit statuses")[1]
        documented = re.findall(r"^\| (\d) \|", document, re.MULTILINE)
        told = {status for command in (*COMMANDS, "scan")
                for status in re.findall(r"^  (\d)  ", peercert(command, "--help").text,
                                         re.MULTILINE)}
        self.assertEqual(sorted(told), documented)


class Examples(unittest.TestCase):
    """Every command that help and demo show, with a server of ours in place of theirs."""

    @classmethod
    def setUpClass(cls):
        cls.pki = pki.shared()
        identity = cls.pki.issue("example", subject=der.common_name("www.example"), alt_names=[
            der.dns(b"www.example"), der.dns(b"example.org"), der.ip_address("127.0.0.1")])
        cls.server = cls.enterClassContext(PythonServer(identity))
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        files = {"ca.pem": cls.pki.cafile, "me.pem": cls.pki.client().chain,
                 "me.key": cls.pki.client().key}
        for name in "server.pem", "chain.pem", "a.pem", "FILE":
            files[name] = identity.chain
        (cls.folder / "issuer.crl").write_bytes(cls.pki.crl(cls.pki.intermediate))
        for name, path in files.items():
            (cls.folder / name).write_bytes(path.read_bytes())

    def run_in_shell(self, command):
        hosts = (r"\b(example\.org|self-signed\.example|192\.0\.2\.7|127\.0\.0\.1:8443|"
                 r"HOST:PORT|HOST)$")
        command = re.sub(hosts, self.server.target, command)
        command = command.replace("*.pem", "server.pem chain.pem a.pem ca.pem me.pem")
        program = pathlib.Path(built("PEERCERT")).resolve()
        environment = os.environ | {"SSL_CERT_FILE": str(self.pki.cafile),
                                    "PATH": f"{program.parent}:{os.environ['PATH']}"}
        done = subprocess.run(command, shell=True, cwd=self.folder, env=environment,
                              capture_output=True, timeout=PATIENCE, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""), command)
        return done.stdout

    def test_help(self):
        for arguments in (), ("get",), ("decode",), ("verify",):
            commands = examples_of(peercert(*arguments, "--help").text)
            self.assertGreaterEqual(len(commands), 3)
            for command in commands:
                with self.subTest(command):
                    self.run_in_shell(command)
        self.assertEqual((self.folder / "a.der").read_bytes()[:1], b"\x30")

    def test_demo(self):
        commands = examples_of(peercert("demo").text)
        self.assertGreaterEqual(len(commands), 3)
        for command in commands:
            with self.subTest(command):
                self.assertTrue(self.run_in_shell(command))


class Mistakes(unittest.TestCase):
    def assert_usage_error(self, *arguments, message="."):
        run = peercert(*arguments)
        self.assertEqual((run.status, run.text), (2, ""), run)
        self.assertRegex(run.stderr, rf"\Apeercert: .*{message}.*\n  see: peercert.* --help\n\Z")

    def test_words(self):
        for word in ("--format=xml", "--verify=maybe", "--chain=all", "--min-version=1.4",
                     "--bogus", "-x"):
            self.assert_usage_error(word, "localhost:1", message=word.split("=")[-1])

    def test_combinations(self):
        for arguments in (
                ("get",), ("--key", "x", "localhost:1"), ("--password-file", "x", "localhost:1"),
                ("--min-version", "1.3", "--max-version", "1.2", "localhost:1"),
                ("--format", "python", "--chain", "sent", "localhost:1"),
                ("--format", "der", "localhost:1", "localhost:2"),
                ("localhost:1", "--cafile"), ("demo", "more"), ("decode", "--cafile", "x"), ("",),
                ("decode", ""),
                ("verify", "--cafile", "x"), ("verify", "a"), ("verify", "a", "b", "--cafile", "x"),
                ("verify", "a", "--cafile", "x", "--hostname", "a.example", "--ip", "192.0.2.1"),
                *(("verify", "a", "--cafile", "x", *name) for name in (
                    ("--hostname", ""), ("--hostname", "a..b"), ("--hostname", ".a.example"),
                    ("--hostname", "a" * 64 + ".example"), ("--hostname", "℀.example"),
                    ("--ip", "300.1.1.1"), ("--ip", "[192.0.2.1"), ("--ip", "192.0.2.1%lo"),
                    ("--ip", ""), ("--email", ""), ("--email", "a.example"),
                    ("--email", "a@b@c.example"), ("--email", "a@℀.example"))),
                ("verify", "a", "--cafile", "x", "--at-time", "now"),
                ("verify", "a", "--cafile", "x", "--max-depth", "-1"),
                ("verify", "a", "--cafile", "x", "--max-depth", "256"),
                ("verify", "a", "--cafile", "x", "--profile", "none"),
                ("verify", "a", "--cafile", "x", "--format", "python")):
            self.assert_usage_error(*arguments)

    def test_timeout(self):
        for value in "0", "-1", "nan", "inf", "1e9", "10s":
            self.assert_usage_error("--timeout", value, "localhost:1", message="--timeout")

    def test_a_command_that_is_not_first(self):
        self.assert_usage_error("--format", "json", "decode",
                                message="decode: a command comes first")

    def test_arguments_that_look_like_something_else(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in "decode", "demo", "[a, b]", "{}", "-x", "--", "--help":
                run = peercert("decode", "--format", "json", "--", f"{folder}/{name}", name)
                self.assertEqual([json.loads(line)["source"] for line in run.text.splitlines()],
                                 [f"{folder}/{name}", name])
        run = peercert("get", "--format", "json", "--timeout", "5", "decode")
        self.assertEqual(json.loads(run.text)["target"], "decode")

    def test_alpn(self):
        for value in "x" * 256, ",":
            run = peercert("--alpn", value, "localhost:1")
            self.assertEqual(run.status, 2, run)


class Terminal(unittest.TestCase):
    def test_colour(self):
        path = pki.shared().server().certificate
        self.assertIn("\x1b[", on_terminal("decode", path)[0])
        for environment in {"NO_COLOR": "1"}, {"TERM": "dumb"}:
            self.assertNotIn("\x1b", on_terminal("decode", path, **environment)[0])
        self.assertNotIn("\x1b", peercert("decode", path).text)

    def test_signs_beyond_ascii_only_in_utf8_locales(self):
        server = self.enterContext(PythonServer(pki.shared().server()))
        arguments = ("--cafile", pki.shared().cafile, server.target)
        self.assertIn("✓", on_terminal(*arguments)[0])
        self.assertTrue(on_terminal(*arguments, LC_ALL="C")[0].isascii())

    def test_der_is_not_for_a_terminal(self):
        path = pki.shared().server().certificate
        self.assertEqual(on_terminal("decode", "--format", "der", path), ("", 2))


class StandardOutput(unittest.TestCase):
    def run_shell(self, command):
        done = subprocess.run(["sh", "-c", command, "sh", built("PEERCERT"),
                               pki.shared().server().certificate],
                              capture_output=True, timeout=PATIENCE, check=False)
        return done.returncode, done.stderr.decode()

    def test_full(self):
        status, error = self.run_shell('"$1" decode "$2" > /dev/full')
        self.assertEqual(status, 6)
        self.assertEqual(error, "peercert: standard output: No space left on device\n")

    def test_closed(self):
        for command in '"$1" decode "$2" >&-', '"$1" --help >&-', '"$1" demo >&-':
            status, error = self.run_shell(command)
            self.assertEqual((status, error),
                             (6, "peercert: standard output: Bad file descriptor\n"))

    def test_no_socket_gets_the_number_of_a_closed_stream(self):
        server = self.enterContext(PythonServer(pki.shared().server()))
        status, _ = self.run_shell(f'"$1" {server.target} --verify none <&- >&- 2>&-')
        self.assertEqual(status, 6)

    def test_a_reader_that_has_enough_is_no_error_to_tell(self):
        path = pki.shared().folder / "much.pem"
        path.write_text(pki.shared().server().certificate.read_text() * 3000)
        for prefix in "", "trap '' PIPE; ":
            status, error = self.run_shell(f'{prefix}"$1" decode {path} | head -c 1')
            self.assertEqual((status, error), (0, ""))


class Demo(unittest.TestCase):
    def test_six_answers(self):
        run = peercert("demo")
        self.assertEqual((run.status, run.stderr), (0, ""))
        answers = re.findall(r"^(\d) .*\n   (.*)", run.text, re.MULTILINE)
        self.assertEqual([number for number, _ in answers], list("123456"))
        before, none, empty, client, server, octets = (answer for _, answer in answers)
        self.assertEqual(before, "ValueError: handshake not done yet")
        self.assertEqual((none, empty), ("None", "{}"))
        self.assertIn("'server.example'", client)
        self.assertIn("'Alice'", server)
        self.assertRegex(octets, r"^\d+ octets: 3082")


if __name__ == "__main__":
    unittest.main()
