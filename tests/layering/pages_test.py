# SPDX-License-Identifier: Apache-2.0
"""The pages say what is so: paths exist, commands are there, quoted code is the code."""

import json
import os
import pathlib
import re
import textwrap
import unittest

SOURCE = pathlib.Path(os.environ["PEERCERT_SOURCE"])
PAGES = {page: page.read_text() for page in [*SOURCE.glob("*.md"), *SOURCE.glob("docs/*.md")]}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$(?:\n<!-- quoted from (\S+) -->)?",
                   re.DOTALL | re.MULTILINE)
FOLDERS = "cmake docs examples fuzz include scripts src tests tools".split()
COMMANDS = {"cmake", "ctest", "peercert"}


def prose(text):
    return FENCE.sub("", text)


def links(text):
    return [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", prose(text))
            if not link.startswith("https://")]


def code_words(text):
    """The words of inline code: paths, headers and commands among them."""
    return [word for code in re.findall(r"`([^`]+)`", prose(text)) for word in code.split()]


def paths(text):
    """Words that name a file or folder of ours; <peercert/...> is one under include/."""
    found = re.findall(r"<(peercert/[^>]+)>", text)
    headers = [f"include/{header}" for header in found]
    files = [word.rstrip(",;:") for word in code_words(text)]
    return headers + [word for word in files
                      if word.split("/")[0] in FOLDERS and "/" in word
                      or re.fullmatch(r"[\w.-]+\.(md|txt|json)", word)]


def commands(text):
    """The lines of sh blocks and the inline code that starts as one."""
    lines = [line for kind, block, _ in FENCE.findall(text) if kind == "sh"
             for line in block.splitlines()]
    inline = re.findall(r"`([^`]+)`", prose(text))
    return lines + [code for code in inline if re.match(r"(scripts/|\.ci/|cmake |ctest )", code)]


def presets():
    listed = json.loads((SOURCE / "CMakePresets.json").read_text())
    return {preset["name"] for preset in listed["configurePresets"] if not preset.get("hidden")}


def parts(code, length):
    """Every run of `length` lines, moved to the left margin."""
    lines = code.splitlines(keepends=True)
    return {textwrap.dedent("".join(lines[at:at + length])) for at in range(len(lines))}


class PagesTest(unittest.TestCase):
    def test_the_pages_are_there(self):
        names = {page.name for page in PAGES}
        self.assertLessEqual({"README.md", "ARCHITECTURE.md", "HACKING.md", "formats.md"}, names)

    def test_every_page_is_in_the_readme(self):
        readme = SOURCE / "README.md"
        listed = {SOURCE / link for link in links(PAGES[readme])}
        self.assertEqual(set(PAGES) - listed, {readme})

    def test_figures_of_the_readme_are_those_of_their_page(self):
        section = PAGES[SOURCE / "README.md"].split("## Three numbers\n")[1].split("\n## ")[0]
        rows = [row for row in section.splitlines() if "](" in row]
        self.assertEqual(len(rows), 3)
        for row in rows:
            page = PAGES[SOURCE / links(row)[0]]
            for figure in re.findall(r"\b([\d,]+) (?:ns|µs)", row):
                with self.subTest(figure):
                    self.assertRegex(page, rf"\| {figure} \|")

    def test_links_lead_somewhere(self):
        for page, text in PAGES.items():
            for link in links(text):
                with self.subTest(page=page.name, link=link):
                    self.assertTrue((page.parent / link).exists())

    def test_paths_exist(self):
        named = [(page.name, path) for page, text in PAGES.items() for path in paths(text)]
        self.assertGreater(len(named), 20)
        for page, path in named:
            with self.subTest(page=page, path=path):
                self.assertTrue(any(SOURCE.glob(path)))

    def test_commands_exist(self):
        named = [(page.name, command) for page, text in PAGES.items() for command in commands(text)]
        self.assertGreater(len(named), 10)
        for page, command in named:
            with self.subTest(page=page, command=command):
                program = command.split()[0]
                self.assertTrue(program in COMMANDS or os.access(SOURCE / program, os.X_OK))
                self.assertLessEqual(set(re.findall(r"--preset (\w+)", command)), presets())

    def test_quoted_code_is_the_code(self):
        quotes = [(block, file) for text in PAGES.values()
                  for _, block, file in FENCE.findall(text) if file]
        self.assertGreater(len(quotes), 2)
        for block, file in quotes:
            with self.subTest(file):
                self.assertIn(block, parts((SOURCE / file).read_text(), block.count("\n")))

    def test_a_wrong_page_is_seen(self):
        page = ("See [it](nowhere.md), `src/nowhere.cpp`, `<peercert/nowhere.hpp>`; "
                "`scripts/nowhere`.\n")
        self.assertEqual(links(page), ["nowhere.md"])
        self.assertIn("src/nowhere.cpp", paths(page))
        self.assertIn("include/peercert/nowhere.hpp", paths(page))
        self.assertEqual(commands(page), ["scripts/nowhere"])


if __name__ == "__main__":
    unittest.main()
