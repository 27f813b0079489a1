"""What is wrong with a data file: where, what was found, what was expected. All of it at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Problem(NamedTuple):
    """One fault in one file. `line` is 1-based, 0 where the fault has no line (a missing file)."""

    file: str
    line: int
    key: str
    found: str
    expected: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        key = f", {self.key}" if self.key else ""
        return f"{where}{key}: found {self.found}, expected {self.expected}"


class EvidenceError(ValueError):
    """casesdata cannot be used. `problems` holds every fault, the message lists them all."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        count = len(self.problems)
        heading = f"casesdata has {count} problem{'s' if count != 1 else ''}:"
        super().__init__("\n".join([heading, *(f"  {number}. {p}" for number, p in enumerate(self.problems, 1))]))


class Report:
    """Collects the problems of one file."""

    def __init__(self, file: str, problems: list[Problem]):
        self.file = file
        self.problems = problems

    def add(self, line: int, key: str, found: object, expected: str) -> None:
        self.problems.append(Problem(self.file, line, key, found if isinstance(found, str) else repr(found), expected))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`one of a, b, c`, or the nearest spelling where there is one: for the `expected` part of a problem."""
    from difflib import get_close_matches  # only on the way to an error

    known = sorted(known)
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"a known name (did you mean {near[0]}?)"
    return "one of " + ", ".join(known)
