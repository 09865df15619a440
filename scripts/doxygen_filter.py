#!/usr/bin/python3 -ES
# SPDX-License-Identifier: Apache-2.0
"""Prints a public header as Doxygen has to read it; docs/Doxyfile calls this for each.

The headers follow conventions that their readers know and Doxygen does not:

* a comment at the end of a line describes the member on that line;
* the comment of a function also holds for its overloads and its setter, if they follow at once;
* what is defaulted or deleted needs no comment: it does nothing of its own;
* parts of certificates have members in common that mean the same everywhere, such as visit().
"""

import re
import sys

# What many types have, without a comment at each.
COMMON_MEMBERS = {
    "kOid": "The object identifier of the extension: the content of its DER.",
    "kField": "The field that errors in the value name.",
    "parse": "Reads extnValue, which has to outlive the result. The error's offset counts in it.",
    "visit": "Calls the visitor with each value, in the order and with the names of the ASN.1.",
    "from_element": "The value of an element that was checked when the list was parsed.",
    "read": "Reads one, and keeps the first error in the reader.",
    "begin": "The first item.",
    "end": "The end of the range.",
    "empty": "Whether there is no item.",
}

TRAILING = re.compile(r"^(\s*[^\s/].*[;,\w}])(\s+)// (.*)$")
NAME = re.compile(r"(~?\w+|operator\W+?|operator bool)\s*\(")
MEMBER_NAME = re.compile(r"(\w+)(?:\{.*\}|\s*=[^=].*)?[;,]?\s*$")
NO_NAME = re.compile(r"#|[{}]|public:|private:|protected:|namespace |using |enum ")
TYPE = re.compile(r"(template.*> )?(inline )?(namespace|struct|class|enum|union)\b")
SEVERAL = re.compile(r"\s*(\S+) ((?:\w+(?:\{\}| = \w+)?, )+\w+(?:\{\}| = \w+)?);$")


def statement(lines, at):
    """The lines from `at` to the end of the declaration that begins there: its first ; or {."""
    end = at
    while end + 1 < len(lines) and not re.search(r"[;{}]\s*(//.*)?$", lines[end]):
        end += 1
    return lines[at:end + 1]


def declared_name(text):
    """The function or member that a declaration names, or None for anything else."""
    text = text.split("//")[0].strip()
    if not text or NO_NAME.match(text):
        return None
    if re.match(r"static constexpr \w+ k\w+|static constexpr auto", text):
        return re.search(r"\b(k\w+)\b", text).group(1)
    function = NAME.search(text)
    if function:
        return function.group(1)
    member = MEMBER_NAME.search(text)
    return member.group(1) if member else None


def split(code):
    """`int a, b;` as `int a;` and `int b;`: Doxygen gives a comment to one of them only."""
    several = SEVERAL.match(code)
    if not several:
        return [code.strip()]
    kind, names = several.groups()
    return [f"{kind} {name};" for name in names.split(", ")]


def is_same(name, documented):
    return name is not None and name in {documented, f"set_{documented}"}


class Filter:
    def __init__(self):
        self.comment, self.documented, self.column = [], None, None
        self.scopes = []  # of each open brace, whether it is a function's: no comment counts there
        self.head = ""    # of the declaration that the next brace opens

    def forget(self):
        self.comment, self.documented = [], None

    def header(self, lines):
        """The comment at the top describes the file."""
        if not lines or not lines[0].startswith("// SPDX"):
            return lines
        end = 1
        while end < len(lines) and lines[end].startswith("//"):
            lines[end] = "/" + lines[end]
            end += 1
        lines[0] = "/// @file" if end > 1 else ""  # in place of the licence
        return lines

    def follow_braces(self, text):
        for char in text.split("//")[0]:
            self.head += char
            if char == "{":
                is_type = TYPE.match(self.head.strip()) and "(" not in self.head
                self.scopes.append(not is_type)
            elif char == "}" and self.scopes:
                self.scopes.pop()
            if char in "{};":
                self.head = ""
        self.head += " "

    def line(self, lines, at):
        text = lines[at]
        in_function = any(self.scopes)
        self.follow_braces("" if text.startswith("#") else text)
        if in_function:
            return text
        stripped = text.strip()
        if stripped.startswith("///"):
            if self.documented is not None:
                self.forget()
            self.comment.append(stripped[3:].strip())
            return text
        if stripped.startswith("//"):
            if self.column is not None and text.index("//") == self.column:
                return text.replace("//", "///<", 1)
            self.forget()
            return text
        if not stripped:
            self.forget()
            return text
        return self.declaration(lines, at)

    def trailing(self, match, name):
        code, blanks, comment = match.groups()
        if self.documented is not None or not self.comment:
            self.comment, self.documented = [comment], name or ""
        if SEVERAL.match(code):
            return " ".join(f"/** {comment} */ {part}" for part in split(code))
        return f"{code}{blanks}///< {comment}"

    def declaration(self, lines, at):
        text = lines[at]
        whole = " ".join(part.strip() for part in statement(lines, at))
        name = declared_name(whole)
        trailing = TRAILING.match(text)
        self.column = len(trailing.group(1) + trailing.group(2)) if trailing else None
        if trailing:
            return self.trailing(trailing, name)
        has_comment = bool(self.comment) and self.documented is None
        if not has_comment and re.search(r"= (default|delete);$", whole):
            for part in range(at, at + len(statement(lines, at))):
                lines[part] = ""
            return ""
        if has_comment:
            self.documented = name or ""
            if SEVERAL.match(text):
                return f" /** {' '.join(self.comment)} */ ".join(split(text))
        elif self.comment and is_same(name, self.documented):
            return f"/** {' '.join(self.comment)} */ {text.strip()}"
        elif name in COMMON_MEMBERS:
            return f"/** {COMMON_MEMBERS[name]} */ {text.strip()}"
        return text

    def run(self, lines):
        lines = self.header(lines)
        for at in range(len(lines)):
            yield self.line(lines, at)


def main():
    path = sys.argv[1]
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    for line in Filter().run(lines):
        print(line)


if __name__ == "__main__":
    main()
