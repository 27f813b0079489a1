"""What the class codes of a class say together: predictions, calibration, hardest items, one table for a spreadsheet.

Works on `class_code.ClassAnswers`; plain Python, a class is small.
"""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from liverlab.evidence.class_code import CONFIDENCE_IDS, ClassAnswers, ClassCodeError, decode, encode, fields

COLUMNS = ("row", "lesson", "key", "answer", "confidence", "correct", "first_correct", "attempts", "feature", "points")
INVENTED_LEARNERS = 24


@dataclass(frozen=True)
class Collected:
    """Codes of one class: the lesson (None where no code can be used), row -> answers, row -> why a row is not used."""

    lesson: str | None
    answers: Mapping[int, ClassAnswers]
    problems: Mapping[int, str]


@dataclass(frozen=True)
class PredictionRow:
    """Learners who predicted this (None: who did not predict), how sure, and how their quiz went (share or None)."""

    option: str | None
    learners: int
    certain: int
    quiz_first: float | None
    quiz_end: float | None


@dataclass(frozen=True)
class ConfidenceRow:
    """Answers given with this confidence, and how many of them were right."""

    confidence: str
    answers: int
    right: int


@dataclass(frozen=True)
class ItemRow:
    """One item: learners who answered, right at the first try, right in the end, the wrong answer given most often."""

    key: str
    answered: int
    first: int
    end: int
    mistake: str | None
    mistaken: int


def collect(text: str, lessons: Mapping[str, Mapping[str, Any]]) -> Collected:
    """Read pasted codes, one a line; the lesson is the one that most of them are from.

    Rows are lines of the text, from 1; blank lines are passed over. A row that cannot be used, comes from another
    lesson or repeats an earlier one is told with its reason and not counted.
    """
    answers: dict[int, ClassAnswers] = {}
    problems: dict[int, str] = {}
    for row, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            answers[row] = decode(line.strip(" \t\"',;"), lessons)
        except ClassCodeError as error:
            problems[row] = str(error)
    if not answers:
        return Collected(None, {}, problems)
    lesson = Counter(found.lesson for found in answers.values()).most_common(1)[0][0]
    used: dict[int, ClassAnswers] = {}
    for row, found in answers.items():
        if found.lesson != lesson:
            problems[row] = f"This class code is from lesson {found.lesson}, not {lesson} as most are: paste it alone."
        elif (same := next((earlier for earlier, other in used.items() if other == found), None)) is not None:
            problems[row] = f"This class code is the same as row {same}: it counts once."
        else:
            used[row] = found
    return Collected(lesson, used, dict(sorted(problems.items())))


def predictions(lesson: Mapping[str, Any], answers: Iterable[ClassAnswers]) -> list[PredictionRow]:
    """A row an option in the lesson's order, the learners without prediction last (if there are any).

    `quiz_first` and `quiz_end`: mean share of the whole quiz that these learners had right at the first try, in the
    end.
    """
    answers = list(answers)
    rows = []
    for option in (*(option["id"] for option in lesson["predict"]["options"]), None):
        chosen = [one.entries for one in answers if one.entries.get("predict", {}).get("answer") == option]
        if option is None and not chosen:
            continue
        certain = sum(entries.get("predict", {}).get("confidence") == "certain" for entries in chosen)
        shares = [_share(lesson, chosen, part) for part in ("first_correct", "correct")]
        rows.append(PredictionRow(option, len(chosen), certain, *shares))
    return rows


def calibration(answers: Iterable[ClassAnswers]) -> list[ConfidenceRow]:
    """For each confidence, how often it was right. Second attempts are left out: they know the feedback."""
    given = [
        entry
        for one in answers
        for entry in one.entries.values()
        if "confidence" in entry and "correct" in entry and entry.get("attempts", 1) == 1
    ]
    rows = []
    for confidence in CONFIDENCE_IDS:
        said = [entry["correct"] for entry in given if entry["confidence"] == confidence]
        rows.append(ConfidenceRow(confidence, len(said), sum(said)))
    return rows


def hardest(lesson: Mapping[str, Any], answers: Iterable[ClassAnswers]) -> list[ItemRow]:
    """Every item that is right or wrong, the one with the smallest share right at the first try first.

    The share is that of the learners who answered; a driving question is answered once it is solved, so there it is
    that of the whole class. Items nobody answered come last.
    """
    answers = list(answers)
    rows = []
    for key in dict.fromkeys(field.key for field in fields(lesson) if field.part == "correct"):
        entries = [one.entries[key] for one in answers if key in one.entries]
        answered = len(answers) if key.startswith("question:") else len(entries)
        first = sum(bool(entry.get("first_correct", entry.get("correct"))) for entry in entries)
        wrong = Counter(str(e["answer"]) for e in entries if not e.get("correct") and "answer" in e)
        # Of two mistakes made equally often the first in the alphabet, so that rows may come in any order.
        mistake, mistaken = min(wrong.items(), key=lambda item: (-item[1], item[0]), default=(None, 0))
        end = sum(bool(entry.get("correct")) for entry in entries)
        rows.append(ItemRow(key, answered, first, end, mistake, mistaken))
    return sorted(rows, key=lambda row: (row.answered == 0, row.first / max(row.answered, 1)))


def table(collected: Collected) -> str:
    """Every answer of every code as CSV (comma, UTF-8 with mark, so that spreadsheets read it)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row, found in collected.answers.items():
        for key, entry in found.entries.items():
            writer.writerow((row, found.lesson, key, *(entry.get(part, "") for part in COLUMNS[3:])))
    return "\ufeff" + text.getvalue()


def invented(lesson: Mapping[str, Any], learners: int = INVENTED_LEARNERS, seed: int = 1) -> str:
    """Codes of a class that never was, one a line: every answer drawn at random, to try the page before a class."""
    draw = random.Random(seed)
    quiz = {f"quiz:{item['id']}": item for item in lesson["quiz"]}
    codes = []
    for learner in range(learners):
        entries: dict[str, dict[str, Any]] = {}
        for field in fields(lesson):
            entry = entries.setdefault(field.key, {"time": float(learner)})
            entry[field.part] = draw.choice(field.values[1:])
        for key, entry in entries.items():
            item = quiz.get(key, {})
            if item.get("kind") == "choice":
                entry["correct"] = next(one["correct"] for one in item["options"] if one["id"] == entry["answer"])
            elif item.get("kind") == "number":
                entry["answer"] = item["answer"] if entry["correct"] else item["answer"] + 2 * item["tolerance"]
            if "attempts" in entry:
                entry["first_correct"] = entry["correct"] and entry["attempts"] == 1
        # A driving question is kept when it is solved, otherwise not at all.
        entries = {key: e for key, e in entries.items() if not key.startswith("question:") or e["correct"]}
        codes.append(encode(lesson, entries))
    return "\n".join(codes)


def _share(lesson: Mapping[str, Any], chosen: Sequence[Mapping[str, Any]], part: str) -> float | None:
    keys = [f"quiz:{item['id']}" for item in lesson["quiz"]]
    if not chosen or not keys:
        return None
    right = sum(bool(entries.get(key, {}).get(part)) for entries in chosen for key in keys)
    return right / (len(chosen) * len(keys))
