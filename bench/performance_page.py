# SPDX-License-Identifier: Apache-2.0
"""The tables of docs/performance.md, and of other pages."""
import pathlib
import re

DOCS = pathlib.Path(__file__).resolve().parent.parent / "docs"


def show(script, lines, *, write, page=DOCS / "performance.md"):
    """Prints a table; with `write` it also replaces the one on the page that is the script's."""
    print("\n".join(lines))
    if not write:
        return
    begin, end = f"<!-- made by bench/{script} -->", "<!-- end -->"
    text, count = re.subn(f"{begin}.*?{end}", lambda _: "\n".join([begin, *lines, end]),
                          page.read_text(), flags=re.DOTALL)
    if count != 1:
        raise SystemExit(f"{page}: {count} places for the table of {script}")
    page.write_text(text)
