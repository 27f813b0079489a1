"""Small checks that every reader of casesdata shares: each adds a problem and says what it would have liked."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from liverlab.evidence.problems import Report, did_you_mean
from liverlab.evidence.yaml_lines import Mapping

BASES = ("published", "derived", "illustrative")
ID = re.compile(r"[a-z0-9][a-z0-9_]*")
# Text of the data reaches pages. They escape it; no markup and no character that hides or turns text is a second lock.
MARKUP = re.compile(r"<[A-Za-z/!?]|javascript:|[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", re.IGNORECASE)


NO_MARKUP = "plain text, without < before a letter and without control characters"


def show(value: Any, length: int = 60) -> str:
    """A value as it goes into a message."""
    text = "nothing" if value is None else repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= length else text[: length - 3] + "..."


def keys(table: Mapping, path: str, required: Iterable[str], optional: Iterable[str], report: Report) -> bool:
    """Unknown and missing keys of one mapping. True when none is missing."""
    required, known = tuple(required), {*required, *optional}
    for key in table:
        if key not in known:
            report.add(table.line_of(key), join(path, key), "an unknown key", did_you_mean(key, known))
    missing = [key for key in required if key not in table]
    for key in missing:
        report.add(table.line, join(path, key), "nothing", "this key")
    return not missing


def join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def text(value: Any, line: int, path: str, report: Report, *, longest: int = 2000, empty: bool = False) -> str:
    """Plain text without markup."""
    if not isinstance(value, str) or (not value.strip() and not empty):
        report.add(line, path, show(value), "a text")
        return ""
    if MARKUP.search(value):
        report.add(line, path, f"markup or a hidden character in {show(value)}", NO_MARKUP)
    if len(value) > longest:
        report.add(line, path, f"{len(value)} characters", f"at most {longest} characters")
    return paragraphs(value)


def paragraphs(value: str) -> str:
    """The text with single spaces, paragraphs kept apart by an empty line."""
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", value.strip()))


def identifier(value: Any, line: int, path: str, report: Report) -> str:
    """A name made of small letters, digits and underscores."""
    if not isinstance(value, str) or not ID.fullmatch(value):
        report.add(line, path, show(value), "a name of small letters, digits and _ (quote it if it is a number)")
        return ""
    return value


def number(
    value: Any, line: int, path: str, report: Report, low: float = -math.inf, high: float = math.inf, unit: str = ""
) -> float:
    """A finite number inside [low, high]; nan where it is none, with the problem noted."""
    unit = f" {unit}" if unit else ""
    expected = "a number" if low == -math.inf and high == math.inf else f"a number from {low:g} to {high:g}{unit}"
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        report.add(line, path, show(value), expected)
        return math.nan
    if not low <= value <= high:
        report.add(line, path, f"{value:g}{unit}", f"{low:g} to {high:g}{unit}")
        return math.nan
    return float(value)


def choice(value: Any, allowed: Sequence[str], line: int, path: str, report: Report) -> str:
    if value not in allowed or not isinstance(value, str):
        report.add(line, path, show(value), "one of " + ", ".join(allowed))
        return allowed[0]
    return value


def sources(value: Any, line: int, path: str, known: Iterable[str], report: Report) -> tuple[str, ...]:
    """Bib keys: a YAML list or text, or in a CSV several keys separated by ';'. Each has to be in references.bib."""
    found = [item.strip() for item in value.split(";") if item.strip()] if isinstance(value, str) else value
    if value is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        report.add(line, path, show(value), "a key of references.bib, or a list of them")
        return ()
    for key in found:
        if key not in known:
            report.add(line, path, f"the source {key}", f"a key of references.bib: {did_you_mean(key, known)}")
    return tuple(found)


def basis_and_source(
    basis: Any, source: Any, lines: tuple[int, int], path: str, known: Iterable[str], report: Report
) -> tuple[str, tuple[str, ...]]:
    """`basis`, and the source that a published or derived number needs."""
    if basis not in BASES:
        report.add(lines[0], join(path, "basis"), show(basis), "one of " + ", ".join(BASES))
    cited = sources(source, lines[1], join(path, "source"), known, report)
    if basis in ("published", "derived") and not cited:
        report.add(lines[1], join(path, "source"), "nothing", f"a key of references.bib, since the number is {basis}")
    return basis, cited
