"""How far the learner is, and how far the page is before its first picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from liverlab.ui import theme
from liverlab.ui.page import Page

LABELS = {
    "predict": "Predict",
    "explore": "Explore",
    "questions": "Questions",
    "tests": "Next test",
    "mimic": "Mimic",
    "decision": "Decide",
    "triage": "Triage",
    "gallery": "Gallery",
    "quiz": "Quiz",
}

TOO_LATE = "Still here? Choose Run \u25b8 Run All Cells once more."


def lesson_steps(lesson: Any) -> dict[str, tuple[str, ...]]:
    """Section -> keys of the answers that complete it; sections that ask for nothing are left out."""
    steps = {}
    for section in lesson.get("sections") or LABELS:
        if section in ("questions", "quiz"):
            prefix = "question" if section == "questions" else "quiz"
            steps[section] = tuple(f"{prefix}:{item['id']}" for item in lesson.get(section) or ())
        elif section == "gallery":
            steps[section] = tuple(f"gallery:{item['id']}" for item in (lesson.get("gallery") or {}).get("items", ()))
        elif section in LABELS:
            steps[section] = (section,)
    return steps


class Progress:
    """A line of steps: done, doing, to do."""

    def __init__(self, page: Page, steps: Mapping[str, Sequence[str]] | None = None) -> None:
        self.page = page
        self.steps = lesson_steps(page.lesson) if steps is None else dict(steps)
        self.bar = theme.html("")
        self.widget = theme.section(self.bar, classes=("lp-progress-box",))
        page.subscribe(self._changed)
        page.answers.subscribe(self.show)
        self.show()

    def part(self, section: str) -> float:
        """Share of a section that is done, 0 to 1."""
        keys = self.steps[section]
        return sum(self.page.answered(key) is not None for key in keys) / len(keys) if keys else 1.0

    def show(self) -> None:
        """Draw the line."""
        parts = {section: self.part(section) for section in self.steps}
        done = sum(part >= 1 for part in parts.values())
        current = next((section for section, part in parts.items() if part < 1), None)
        items = "".join(self._item(section, part, section == current) for section, part in parts.items())
        self.bar.value = (
            f'<nav aria-label="Progress: {done} of {len(parts)} parts done"><ol class="lp-progress">{items}</ol></nav>'
        )

    def _item(self, section: str, part: float, current: bool) -> str:
        mark, words = ("✔", "done") if part >= 1 else ("◐", "begun") if part > 0 else ("○", "to do")
        return (
            f'<li class="lp-{words.replace(" ", "")}"{" aria-current=step" if current else ""}>'
            f'<span aria-hidden="true">{mark}</span> {escape(LABELS.get(section, section.capitalize()))}'
            f'<span class="lp-hidden">, {words}</span></li>'
        )

    def _changed(self, _page: Page) -> None:
        if self.page.answered("explore") is None:
            self.page.record("explore", answer="moved a control")


class StartLine:
    """One line until the first picture: what the page is doing, how far it is, and what to do if it gets no further.

    JupyterLab runs nothing, or the first cell only, when it is told to run all before the notebook has its kernel
    (jupyterlab 8490). The page cannot know, so the style sheet shows the advice when the line has stood for 20 s.
    """

    def __init__(self, steps: Sequence[str]) -> None:
        self.steps, self._at = tuple(steps), -1
        self.line = theme.html("")
        self.widget = theme.section(self.line, classes=("lp-start",))
        self.next()

    def next(self) -> None:
        """Go on to the next step; after the last the line disappears."""
        self._at += 1
        if self._at >= len(self.steps):
            theme.show(self.widget, False)
            return
        words = escape(self.steps[self._at])
        self.line.value = (
            f'<p role="status"><progress max="{len(self.steps)}" value="{self._at}" aria-label="Starting"></progress> '
            f'{words} <span class="lp-late">{escape(TOO_LATE)}</span></p>'
        )

    def run(self, *actions: Callable[[], Any]) -> list[Any]:
        """Run one action per step; returns what they returned."""
        results = []
        for action in actions:
            results.append(action())
            self.next()
        return results
