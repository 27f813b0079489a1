"""Class codes: `LC1-7G2KX-...`, one learner's answers to one lesson, for the teacher who collects them.

A code holds which options were chosen, how sure the learner was, right or wrong, points, and typed numbers to four
digits. It holds no name, no free text, no id of the learner and no time of day.

Layout of the bytes: lesson (2: CRC-16 of its id), questions (2: CRC-16 of what could be answered, so that a lesson
whose questions have changed is noticed), draw (2), every field as one number in a mixed radix, typed numbers. The draw
keeps two learners with like answers apart; it is the CRC-16 of the times of the answers, so that the same answers give
the same code at every click. Letters and checksum: `code_letters`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liverlab.evidence import code_letters as letters

SCHEMA = 1
PREFIX = f"LC{SCHEMA}"
CONFIDENCE_IDS = ("guess", "fairly", "certain")
GALLERY_POINTS = 3  # an item: one for a step that helps, one for the name, one for the feature that decides
MOST_ATTEMPTS = 2  # stands for two or more
NUMBER_DIGITS = 4  # too few for a typed telephone or matriculation number
LARGEST_NUMBER = 1e9
TYPED = "typed"
FLAG = (None, False, True)


class ClassCodeError(letters.CodeError):
    """A class code that cannot be used; the message is one sentence for the teacher."""


@dataclass(frozen=True)
class ClassAnswers:
    """What one code says: the lesson, its draw, and key -> {answer, confidence, correct, ...} as far as known."""

    lesson: str
    draw: int
    entries: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Field:
    """One thing a code can say about an answer: its key, the part of the entry, its possible values, None first."""

    key: str
    part: str
    values: tuple[Any, ...]


def encode(lesson: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> str:
    """Text of the answers to a lesson; `entries` are those of the lesson by key, as the page keeps them.

    What the lesson does not ask (or asks no longer) is left out, typed numbers are rounded to four digits.
    """
    packed, typed = 0, b""
    for field in fields(lesson):
        value = _known(field, entries.get(field.key, {}).get(field.part))
        packed = packed * len(field.values) + field.values.index(TYPED if _is_number(field, value) else value)
        if _is_number(field, value):
            typed += letters.decimal(value)
    times = ",".join(sorted(repr(float(entry.get("time", 0))) for entry in entries.values()))
    data = b"".join(number.to_bytes(2, "big") for number in (*_tags(lesson), letters.name_tag(times)))
    return letters.write(PREFIX, data + packed.to_bytes(_size(lesson), "big") + typed)


def decode(text: str, lessons: Mapping[str, Mapping[str, Any]]) -> ClassAnswers:
    """The answers of a code to one of the `lessons`. Raises ClassCodeError with one clear sentence."""
    data = letters.read(PREFIX, text, "class code", ClassCodeError)
    tag, questions, draw = (int.from_bytes(data[start : start + 2], "big") for start in (0, 2, 4))
    lesson = next((one for one in lessons.values() if letters.name_tag(one["id"]) == tag), None)
    if lesson is None:
        raise ClassCodeError("This class code is from a lesson that this liverlab does not have: update liverlab.")
    if _tags(lesson)[1] != questions:
        raise ClassCodeError(
            f"This class code was made with other questions of lesson {lesson['id']}: use the same version of liverlab."
        )
    size = _size(lesson)
    try:
        if len(data) < 6 + size:
            raise IndexError
        return ClassAnswers(lesson["id"], draw, _entries(lesson, data[6 : 6 + size], data[6 + size :]))
    except IndexError:
        raise ClassCodeError("This class code is damaged: its content does not end where it should.") from None


def fields(lesson: Mapping[str, Any]) -> tuple[Field, ...]:
    """Everything a code of this lesson can say, in the order in which it says it."""
    found = []

    def add(key: str, **parts: tuple[Any, ...]) -> None:
        found.extend(Field(key, part, values) for part, values in parts.items())

    sure = (None, *CONFIDENCE_IDS)
    add("predict", answer=_ids(lesson["predict"]["options"]), confidence=sure)
    for item in lesson["questions"]:
        add(f"question:{item['id']}", correct=FLAG)
    judged = {"correct": FLAG, "first_correct": FLAG, "attempts": (None, *range(1, MOST_ATTEMPTS + 1))}
    for item in lesson["quiz"]:
        answer = {"choice": _ids(item.get("options", ())), "number": (None, TYPED)}.get(item["kind"])
        said = {} if answer is None else {"answer": answer, "confidence": sure}
        add(f"quiz:{item['id']}", **said, **judged)
    if lesson.get("mimic"):
        add("mimic", answer=(None, *lesson["mimic"]["labels"]), confidence=sure, correct=FLAG)
    if lesson.get("decisions"):
        add("decision", answer=_ids(lesson["decisions"]))
    gallery = lesson.get("gallery") or {"items": ()}
    for item in gallery["items"]:
        names, told = _ids(gallery["names"]), _ids(gallery["features"])
        points = (None, *range(GALLERY_POINTS + 1))
        add(f"gallery:{item['id']}", answer=names, feature=told, confidence=sure, correct=FLAG, points=points)
    return tuple(found)


def rounded(value: float) -> float:
    """A typed number as a code keeps it: four digits, at most seven decimals, within a thousand million of zero."""
    value = max(-LARGEST_NUMBER, min(LARGEST_NUMBER, float(value)))
    return round(float(f"{value:.{NUMBER_DIGITS}g}"), letters.MOST_DECIMALS) + 0.0


def _ids(items: Any) -> tuple[Any, ...]:
    return (None, *(item["id"] for item in items))


def _known(field: Field, value: Any) -> Any:
    """The value as the code can say it, None where it cannot."""
    if TYPED in field.values:
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        return rounded(value) if number else None
    if field.values is FLAG:
        return value if isinstance(value, bool) else None
    if field.part == "attempts" and isinstance(value, int):
        value = min(value, MOST_ATTEMPTS)
    return value if value in field.values else None


def _is_number(field: Field, value: Any) -> bool:
    return TYPED in field.values and value is not None


def _tags(lesson: Mapping[str, Any]) -> tuple[int, int]:
    """What a code says about the lesson and about the questions it was made with."""
    return letters.name_tag(lesson["id"]), letters.name_tag(repr([(f.key, f.part, f.values) for f in fields(lesson)]))


def _size(lesson: Mapping[str, Any]) -> int:
    """Bytes that hold every combination of fields."""
    return -(-(math.prod(len(field.values) for field in fields(lesson)) - 1).bit_length() // 8)


def _entries(lesson: Mapping[str, Any], packed: bytes, typed: bytes) -> dict[str, dict[str, Any]]:
    """The entries; IndexError where the bytes are not what `encode` writes."""
    number, position = int.from_bytes(packed, "big"), 0
    chosen = []
    for field in reversed(fields(lesson)):
        number, index = divmod(number, len(field.values))
        chosen.append((field, field.values[index]))
    if number:
        raise IndexError
    entries: dict[str, dict[str, Any]] = {}
    for field, value in reversed(chosen):
        if _is_number(field, value):
            value, position = letters.read_decimal(typed, position)
        if value is not None:
            entries.setdefault(field.key, {})[field.part] = value
    if position != len(typed):
        raise IndexError
    return entries
