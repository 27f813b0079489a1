"""Driving questions: goals the learner reaches with the sliders, checked from the page's state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from liverlab.ui import theme
from liverlab.ui.page import Page

Checker = Callable[[Any], tuple[bool, str]]


def checker_of(item: Any, checkers: Mapping[str, Checker]) -> Checker:
    """The checker an item names; ValueError with the names there are otherwise."""
    name = item["check"]
    if name not in checkers:
        raise ValueError(f"check {name!r} of item {item['id']!r} must be one of {', '.join(sorted(checkers))}")
    return checkers[name]


class CheckedQuestion:
    """One goal with its live status and a hint on demand."""

    def __init__(self, page: Page, item: Any, checker: Checker, number: int) -> None:
        self.page, self.item, self._checker = page, item, checker
        self.key = f"question:{item['id']}"
        self.solved_now, self.sentence = False, ""
        goal = theme.html(f'<p class="lp-question"><b>{number}.</b> {page.mark(item["text"])}</p>')
        self.status = theme.html("")
        self.hint_button = theme.button("Hint", "Show or hide a hint", page.run(lambda _: self._turn_hint(), "hint"))
        self.hint = theme.html(theme.note(f"Hint: {item.get('hint') or ''}"))
        theme.show(self.hint, False)
        theme.show(self.hint_button, bool(item.get("hint")))
        self.widget = theme.box(goal, self.status, self.hint_button, self.hint, classes=("lp-card",))

    @property
    def solved(self) -> bool:
        """Whether the learner has ever solved it."""
        return self.page.answered(self.key) is not None

    def check(self, page: Page) -> None:
        """Ask the checker about the page's state; a first solution is kept."""
        self.solved_now, self.sentence = self._checker(page.state)
        if self.solved_now and not self.solved:
            page.record(self.key, answer=page.scenario.code(), correct=True)
        self.show()

    def show(self) -> None:
        """Bring the status line up to date."""
        if self.solved_now:
            head, mark, tail = "Solved", "✔", f" {self.item.get('solved') or ''}"
        elif self.solved:
            head, mark, tail = "Solved before; not in the scenario shown now", "✔", ""
        else:
            head, mark, tail = "Not yet", "○", ""
        kind = "lp-done" if self.solved else "lp-open"
        self.status.value = (
            f'<p class="lp-status {kind}" role="status"><span aria-hidden="true">{mark}</span> <b>{head}.</b> '
            f"{escape(self.sentence + tail)}</p>"
        )

    def _turn_hint(self) -> None:
        hidden = self.hint.layout.display == "none"
        theme.show(self.hint, hidden)
        self.hint_button.description = "Hide hint" if hidden else "Hint"


class CheckedQuestions:
    """All driving questions of a lesson."""

    def __init__(self, page: Page, items: Sequence[Any], checkers: Mapping[str, Checker]) -> None:
        self.items = [
            CheckedQuestion(page, item, checker_of(item, checkers), number) for number, item in enumerate(items, 1)
        ]
        self.widget = theme.section(*(item.widget for item in self.items), classes=("lp-questions",))
        page.subscribe(self.check, when_still=True)
        page.answers.subscribe(self.show)
        self.check(page)

    def check(self, page: Page) -> None:
        """Check every question against the page's state."""
        for item in self.items:
            item.check(page)

    def show(self) -> None:
        """Bring every status line up to date."""
        for item in self.items:
            item.show()


def checked_questions(page: Page, lesson: Any, checkers: Mapping[str, Checker]) -> CheckedQuestions:
    """The driving questions of a lesson; ``checkers``: name -> ``fn(state) -> (solved, sentence)``."""
    return CheckedQuestions(page, lesson["questions"], checkers)
