"""Cards for a week later (docs/teaching/cards): one file a lesson, as Anki imports it."""

from __future__ import annotations

from pathlib import Path

from liverlab.evidence.locate import cards_folder

# What the first lines of a file tell Anki.
HEAD = ("#separator:Comma", "#html:false", "#columns:Front,Back,Tags", "#tags column:3")


def files() -> dict[str, Path]:
    """Lesson -> file with its cards. FileNotFoundError where liverlab came without them."""
    return {path.stem: path for path in sorted(cards_folder().glob("*.csv"))}


def deck(lesson: str | None = None) -> str:
    """The cards of a lesson, or of all lessons: CSV with Anki's head. KeyError names the lessons there are."""
    there = files()
    if lesson is not None and lesson not in there:
        raise KeyError(f"There are no cards of {lesson!r}; there are cards of {', '.join(there)}.")
    wanted = there.values() if lesson is None else [there[lesson]]
    rows = (path.read_text(encoding="utf-8").splitlines()[len(HEAD) :] for path in wanted)
    return "\n".join([*HEAD, *(row for listed in rows for row in listed)]) + "\n"
