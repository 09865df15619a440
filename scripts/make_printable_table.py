#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes src/render/printable_table.inc: the characters that Python's repr() does not escape.

    scripts/make_printable_table.py            writes the table; needs CPython 3.13
    scripts/make_printable_table.py --check    fails if the file in the tree differs, and exits with
                                               77 under a Python with another version of Unicode
"""
import pathlib
import sys
import unicodedata

TABLE = pathlib.Path(__file__).resolve().parent.parent / 'src/render/printable_table.inc'
UNICODE = '15.1.0'  # CPython 3.13's


def ranges():
    """(first, last) of each run of printable characters above ASCII."""
    first = None
    for c in range(0x80, 0x110001):
        printable = c < 0x110000 and chr(c).isprintable()
        if printable and first is None:
            first = c
        elif not printable and first is not None:
            yield first, c - 1
            first = None


def main():
    if unicodedata.unidata_version != UNICODE:
        print(f'this Python has Unicode {unicodedata.unidata_version}, the table {UNICODE}',
              file=sys.stderr)
        sys.exit(77)
    lines = ['// SPDX-License-Identifier: Apache-2.0',
             f'// Made by scripts/make_printable_table.py from Unicode {UNICODE}; do not edit.',
             '// {first, last} of runs of characters for which str.isprintable(), above ASCII.']
    row = []
    for first, last in ranges():
        row.append('{0x%x, 0x%x},' % (first, last))
        if len(row) == 5:
            lines.append(' '.join(row))
            row = []
    text = '\n'.join(lines + ([' '.join(row)] if row else [])) + '\n'
    if sys.argv[1:] == ['--check']:
        sys.exit(0 if TABLE.read_text() == text else f'{TABLE}: differs from this Python')
    TABLE.write_text(text)


if __name__ == '__main__':
    main()
