# SPDX-License-Identifier: Apache-2.0
"""What the installed core asks of others: memory, and nothing else. Read from the binary."""

import os
import pathlib
import re
import subprocess
import unittest

INSTALLED = pathlib.Path(os.environ["PEERCERT_INSTALLED"])

# No exceptions of its own, no stdio, no abort or assert, no locale, no OpenSSL. The standard
# library's containers bring operator new and their checks of an impossible length. The compiler's
# own library says what the processor can do.
ALLOWED = re.compile(
    r"operator (new|delete)(\[\])?\(.*\)"
    r"|mem(chr|cmp|cpy|move|set)|strlen|bcmp"
    r"|std::__throw_(length_error|logic_error|bad_alloc|bad_array_new_length)\(.*\)"
    r"|std::__throw_out_of_range_fmt\(.*\)"
    r"|std::__cxx11::basic_string<char, .*"
    r"|std::_Sp_make_shared_tag::_S_eq\(.*\)|__libc_single_threaded"
    r"|__cpu_model|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|DW\.ref\.__gxx_personality_v0")


def symbols(library, *options):
    command = ["nm", "--demangle", "--format=posix", *options, library]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return {re.sub(r" [A-Za-z](?: [0-9a-f]*)*$", "", line.rstrip())
            for line in done.stdout.splitlines() if line and not line.endswith(":")}


def asked_of_others(library):
    return symbols(library, "--undefined-only") - symbols(library, "--defined-only")


def forbidden(names):
    return sorted(name for name in names if not ALLOWED.fullmatch(name))


class PurityTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        [cls.core] = INSTALLED.glob("**/libpeercert_core.a")
        [cls.ssl] = INSTALLED.glob("**/libpeercert_ssl.a")

    def test_core_has_symbols(self):
        defined = symbols(self.core, "--defined-only")
        for function in ("peercert::CertificateView::parse(", "peercert::to_python_repr"):
            self.assertTrue(any(name.startswith(function) for name in defined), function)

    def test_core_asks_for_memory_alone(self):
        asked = asked_of_others(self.core)
        self.assertIn("memcpy", asked)
        self.assertEqual(forbidden(asked), [])

    def test_impurities_would_be_seen(self):
        impure = forbidden(asked_of_others(self.ssl))
        self.assertIn("__cxa_throw", impure)
        self.assertIn("SSL_new", impure)
        for name in ("abort", "__assert_fail", "printf", "fwrite", "_Unwind_Resume", "X509_free"):
            self.assertEqual(forbidden([name]), [name])


if __name__ == "__main__":
    unittest.main()
