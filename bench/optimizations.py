#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what each optimization buys, by taking it out of a copy of the source, and writes the
second table of docs/performance.md.

    bench/optimizations.py [--write]

Each is taken out by replacing a few lines of one file. A replacement that finds nothing to replace
fails: the list below has to follow the code.
"""
import pathlib
import re
import shutil
import sys
import tempfile

import instructions
from performance_page import show

SOURCE = instructions.BENCH.parent
TASKS = ("parse", "python_repr", "json", "pem_python_repr")


def not_usual(name):
    """Makes src/x509/usual_forms.hpp recognise one structure no more."""
    signature = r"(inline \w+ %s\(Bytes at\) noexcept {\n)" % name
    return "src/x509/usual_forms.hpp", signature, r"\1  if (!at.empty()) return {};\n"


# What is taken out, and where: file, regular expression, replacement.
OPTIMIZATIONS = {
    "RDNs of one short X.520 attribute recognised whole": not_usual("rdn"),
    "dNSNames recognised whole": not_usual("dns_name"),
    "AccessDescriptions of a URI recognised whole": not_usual("access_uri"),
    "DistributionPoints of a URI recognised whole": not_usual("distribution_point"),
    "short extensions recognised whole": not_usual("short_extension"),
    "YYMMDDhhmmssZ read eight digits at a time": (
        "src/x509/time.cpp", r"is_utc_time && parse_usual\(content, \*time\)", "false"),
    "text checked and copied in blocks of 16 bytes": (
        "src/render/plain_text.hpp", r"(inline bool copy_if_plain\(.*?\n)",
        r"\1  for (std::size_t i = 0; i < text.size(); ++i) {\n"
        "    if (!is_plain(text[i], quote)) return false;\n"
        "    to[i] = static_cast<char>(text[i]);\n  }\n"
        "  if (text.size() < 1u << 31) return true;\n"),
    "ASCII found 16 bytes at a time": (
        "include/peercert/der/strings.hpp", r"(inline bool is_ascii\(Bytes octets\) noexcept {\n)",
        r"\1  if (octets.size() < 1u << 31) {\n    for (const std::uint8_t octet : octets)\n"
        r"      if (octet & 0x80) return false;\n    return true;\n  }\n"),
    "base64 in blocks of 32 characters": (
        "src/x509/encoding/base64.cpp", r'__builtin_cpu_supports\("avx2"\)', "false"),
}


def build(folder):
    source, binaries = folder / "source", folder / "build"
    if not binaries.exists():
        instructions.run("cmake", "-S", source, "-B", binaries, "-G", "Ninja",
                         "-DCMAKE_BUILD_TYPE=Release", "-DPEERCERT_TOOL=OFF",
                         "-DPEERCERT_INSTALL=OFF")
    instructions.run("cmake", "--build", binaries, "--target", "peercert_core")
    return instructions.build(source / "include", binaries / "libpeercert_core.a", folder)


def measure(folder):
    return instructions.measure(build(folder), folder / "certificates", TASKS)


def measure_without(folder, file, before, after):
    path = folder / "source" / file
    text = path.read_text()
    changed, count = re.subn(before, after, text, flags=re.DOTALL)
    if count != 1:
        sys.exit(f"bench/optimizations.py: {file}: {count} matches of {before}")
    path.write_text(changed)
    try:
        return measure(folder)
    finally:
        path.write_text(text)


def table(whole, without):
    yield "| without | " + " | ".join(TASKS) + " |"
    yield "| --- |" + " ---: |" * len(TASKS)
    yield "| (with all of them) | " + " | ".join(f"{whole[task]:,}" for task in TASKS) + " |"
    for name, costs in without.items():
        added = (f"{costs[task] - whole[task]:+,}" for task in TASKS)
        yield f"| {name} | " + " | ".join(added) + " |"


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        instructions.run(sys.executable, instructions.BENCH / "make_leaf_certificates.py",
                         folder / "certificates", str(instructions.COUNT))
        for part in ("include", "src", "cmake"):
            shutil.copytree(SOURCE / part, folder / "source" / part)
        shutil.copy(SOURCE / "CMakeLists.txt", folder / "source")
        whole = measure(folder)
        without = {name: measure_without(folder, *change)
                   for name, change in OPTIMIZATIONS.items()}
    show("optimizations.py", list(table(whole, without)), write="--write" in sys.argv)


if __name__ == "__main__":
    main()
