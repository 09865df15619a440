# SPDX-License-Identifier: Apache-2.0
"""The tables of docs/performance.md."""
import pathlib
import re

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs" / "performance.md"


def show(script, lines, *, write):
    """Prints a table; with `write` it also replaces the one on the page that is the script's."""
    print("\n".join(lines))
    if not write:
        return
    begin, end = f"<!-- made by bench/{script} -->", "<!-- end -->"
    text, count = re.subn(f"{begin}.*?{end}", lambda _: "\n".join([begin, *lines, end]),
                          PAGE.read_text(), flags=re.DOTALL)
    if count != 1:
        raise SystemExit(f"{PAGE}: {count} places for the table of {script}")
    PAGE.write_text(text)
