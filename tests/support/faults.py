# SPDX-License-Identifier: Apache-2.0
"""The faults of tests/mutants/*.toml, and the source with all of them in it.

Each table says what to replace, and what a user would suffer from it:

    [[fault]]
    file = "src/der/values.cpp"
    before = '''case kNull: return '''  # optional: what stands right before `old`
    old = '''content.empty()'''
    new = '''true'''
    kind = "expression"  # or "statement": `old` and `new` are whole ones, `new` may be empty
    meaning = "NULL with content is accepted"
    tests = ["core_tests --gtest_filter=ValuesTest.*"]  # in the build folder
    reason = "..."       # only if no test can find it: why not

`before` and `old` stand in the file once. A test may also be "python3 tests/cli/get_test.py NAME".
"""

import collections
import dataclasses
import pathlib
import tomllib

KINDS = ("expression", "statement")


class FaultError(Exception):
    """A table that does not fit the source."""


@dataclasses.dataclass(frozen=True)
class Fault:
    number: int  # what PEERCERT_MUTANT chooses it by
    name: str    # "core.3": the third of core.toml
    file: str
    old: str
    new: str
    kind: str
    meaning: str
    tests: tuple[str, ...]
    before: str = ""
    reason: str = ""

    @property
    def area(self) -> str:
        return self.name.split(".")[0]

    def place(self, text: str) -> tuple[int, int]:
        """Where `old` begins and ends in the text of the file."""
        count = text.count(self.before + self.old)
        if count != 1:
            raise FaultError(f"{self.name}: {self.file} has the old text {count} times: {self.old}")
        begin = text.index(self.before + self.old) + len(self.before)
        return begin, begin + len(self.old)


def load(folder: pathlib.Path) -> list[Fault]:
    faults = []
    for path in sorted(folder.glob("*.toml")):
        for i, table in enumerate(tomllib.loads(path.read_text())["fault"], 1):
            name = f"{path.stem}.{i}"
            tests = tuple(table.pop("tests", ()))
            try:
                fault = Fault(number=len(faults) + 1, name=name, tests=tests, **table)
            except TypeError as error:
                raise FaultError(f"{name}: {error}") from None
            if fault.kind not in KINDS or not (fault.old and fault.meaning and fault.tests):
                raise FaultError(f"{name}: needs old, meaning, tests, and a kind of {KINDS}")
            faults.append(fault)
    return faults


def by_file(faults: list[Fault]) -> dict[str, list[Fault]]:
    files = collections.defaultdict(list)
    for fault in faults:
        files[fault.file].append(fault)
    return files


def _choice(faults: list[Fault]) -> str:
    """All faults of one place, and what is there without them."""
    old = faults[0].old
    if faults[0].kind == "expression":
        if all(each.new in ("true", "false") for each in faults):
            old = f"static_cast<bool>({old})"  # of an optional or a pointer
        choices = "".join(f"::peercert::mutant({each.number}) ? ({each.new}) : " for each in faults)
        return f"({choices}({old}))"
    choices = " else ".join(
        f"if (::peercert::mutant({each.number})) {{ {each.new} }}" for each in faults)
    return f"{{ {choices} else {{ {old} }} }}"


def put_in(text: str, faults: list[Fault]) -> str:
    """The text of a file with all its faults. Raises FaultError if one does not fit."""
    places = collections.defaultdict(list)
    for fault in faults:
        places[fault.place(text)].append(fault)
    out, end = [], 0
    for (begin, after), here in sorted(places.items()):
        names = ", ".join(each.name for each in here)
        if begin < end:
            raise FaultError(f"{names}: overlaps another fault of {here[0].file}")
        if len({each.kind for each in here}) > 1:
            raise FaultError(f"{names}: two kinds of fault in one place of {here[0].file}")
        out += [text[end:begin], _choice(here)]
        end = after
    return "".join([*out, text[end:]])
