# SPDX-License-Identifier: Apache-2.0
"""Other people's builds: programs made from the install tree and from the source, and run."""

import os
import pathlib
import re
import shlex
import ssl
import subprocess
import tempfile
import unittest

from support import pki
from support.servers import PythonServer

SOURCE = pathlib.Path(os.environ["PEERCERT_SOURCE"])
BUILD = pathlib.Path(os.environ["PEERCERT_BUILD"])
INSTALLED = pathlib.Path(os.environ["PEERCERT_INSTALLED"])
CXX = os.environ["CXX"]
HERE = SOURCE / "tests/consumer"


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, **options)
    if done.returncode != 0:
        raise AssertionError(f"{shlex.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def pythons_dict():
    """What this Python makes of the certificate in print_dict.cpp."""
    source = (HERE / "print_dict.cpp").read_text()
    pem = re.search(r"-----BEGIN.*END CERTIFICATE-----", source, re.DOTALL)[0]
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(pem)
        file.flush()
        return repr(ssl._ssl._test_decode_cert(file.name))


class ConsumerTest(unittest.TestCase):
    def check_programs(self, folder):
        self.assertEqual(run(folder / "print_dict"), pythons_dict() + "\n")
        self.assertRegex(run(folder / "decode_files", HERE / "print_dict.cpp"),
                         r"print_dict.cpp: notAfter Nov 19 13:04:43 2036 GMT\n\Z")
        self.assertEqual(run(folder / "print_settings"), "verify_mode=2 check_hostname=1\n")

    def check_scan(self, folder):
        identities = pki.shared()
        trust = os.environ | {"SSL_CERT_FILE": str(identities.cafile)}
        with PythonServer(identities.server()) as server:
            said = run(folder / "scan_hosts", server.target, env=trust)
        self.assertRegex(said, rf"\A{server.target}: verified, notAfter .* GMT\n\Z")

    def build_with_cmake(self, name, *options):
        folder = BUILD / "consumer" / name
        run("cmake", "-S", HERE, "-B", folder, "-G", "Ninja", f"-DCMAKE_CXX_COMPILER={CXX}",
            *options)
        run("cmake", "--build", folder)
        self.check_programs(folder)

    def test_find_package(self):
        self.build_with_cmake("find_package", f"-DCMAKE_PREFIX_PATH={INSTALLED}")
        self.check_scan(BUILD / "consumer/find_package")

    def test_add_subdirectory(self):
        """With the files compiled together, as some projects have theirs: it must not matter."""
        self.build_with_cmake("add_subdirectory", f"-DPEERCERT_SOURCE={SOURCE}",
                              "-DCMAKE_UNITY_BUILD=ON", "-DPEERCERT_INSTALL=ON")
        self.check_installation_without_scan(BUILD / "consumer/add_subdirectory/peercert")

    def check_installation_without_scan(self, build):
        with tempfile.TemporaryDirectory() as folder:
            run("cmake", "--install", build, "--prefix", folder)
            names = {file.name for file in pathlib.Path(folder).rglob("*")}
        self.assertIn("ssl.hpp", names)
        self.assertEqual([name for name in names if "scan" in name], [])

    def test_pkg_config(self):
        [config] = INSTALLED.glob("**/pkgconfig")
        environment = os.environ | {"PKG_CONFIG_PATH": str(config)}
        programs = [(HERE / "print_dict.cpp", "peercert"),
                    (SOURCE / "examples/decode_files.cpp", "peercert-decode"),
                    (HERE / "print_settings.cpp", "peercert-ssl"),
                    (SOURCE / "examples/scan_hosts.cpp", "peercert-scan")]
        with tempfile.TemporaryDirectory() as folder:
            for program, package in programs:
                flags = run("pkg-config", "--cflags", "--libs", "--static", package,
                            env=environment)
                run(CXX, "-std=c++20", program, "-o", f"{folder}/{program.stem}",
                    *shlex.split(flags))
            self.check_programs(pathlib.Path(folder))
            self.check_scan(pathlib.Path(folder))

    def test_core_needs_no_other_library(self):
        [config] = INSTALLED.glob("**/pkgconfig")
        environment = os.environ | {"PKG_CONFIG_PATH": str(config)}
        libraries = run("pkg-config", "--libs-only-l", "--static", "peercert", env=environment)
        self.assertEqual(libraries.split(), ["-lpeercert_core"])

    def test_installed_program_and_licence(self):
        version = run("pkg-config", "--modversion", next(INSTALLED.glob("**/peercert.pc")))
        self.assertIn(version.strip(), run(INSTALLED / "bin/peercert", "--version"))
        self.assertTrue(any(INSTALLED.glob("share/doc/**/LICENSE")))


if __name__ == "__main__":
    unittest.main()
