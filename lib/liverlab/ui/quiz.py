"""Quiz: choice, number and simulator items; feedback comes after the answer and is not in the page before it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

from liverlab.ui import theme
from liverlab.ui.commit import SureButtons, choice_buttons
from liverlab.ui.page import Page
from liverlab.ui.questions import Checker, checker_of

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?|[+-]?[.,]\d+")


def parse_number(text: str) -> float:
    """A number as learners type it: decimal point or comma, any minus sign, unit allowed behind.

    Raises
    ------
    ValueError
        If there is no number at the start, or a second one after it.
    """
    plain = text.strip().replace("−", "-").replace("–", "-")
    found = _NUMBER.match(plain)
    if not found or re.match(r"[\d.,]", plain[found.end() :]) or any(c.isdigit() for c in plain[found.end() :]):
        raise ValueError(f"{text.strip()[:40]!r} is not one number; write for example 4.8 or 4,8")
    return float(found.group().replace(",", "."))


def within(value: float, answer: float, tolerance: float) -> bool:
    """Whether a typed number is close enough; the limit itself counts, whatever floats make of it."""
    return math.isfinite(value) and abs(value - answer) <= tolerance + 1e-9 * max(1.0, abs(answer))


class QuizItem:
    """What all items share: question, answer area, commit, feedback, attempts."""

    def __init__(self, page: Page, item: Any, number: int) -> None:
        self.page, self.item = page, item
        self.key = f"quiz:{item['id']}"
        self.feedback = theme.html("")
        question = theme.html(f'<p class="lp-question"><b>{number}.</b> {page.mark(item["text"])}</p>')
        self.widget = theme.box(question, *self._controls(), self.feedback, classes=("lp-card",))

    @property
    def entry(self) -> Mapping[str, Any] | None:
        """The learner's newest answer to this item."""
        return self.page.answered(self.key)

    def commit(self, confidence: str = "") -> None:
        """Take the answer, keep it, show the feedback."""
        answer, correct = self._judged()
        before = self.entry or {}
        first = before.get("first_correct", before.get("correct", correct))
        self.page.record(
            self.key,
            answer=answer,
            confidence=confidence,
            correct=correct,
            attempts=int(before.get("attempts", 0)) + 1,
            first_correct=first,
        )

    def show(self) -> None:
        """Bring the feedback up to date with the stored answer."""
        entry = self.entry
        if entry is None:
            self.feedback.value = ""
            return
        mark, head, kind = ("✔", "Right.", "lp-done") if entry["correct"] else ("✘", "Not right.", "lp-wrong")
        self.feedback.value = (
            f'<div class="lp-status {kind}" role="status"><p><span aria-hidden="true">{mark}</span> <b>{head}</b> '
            f"{escape(self._feedback(entry))}</p>{self._others(entry)}</div>"
        )

    def _controls(self) -> Sequence[widgets.Widget]:
        raise NotImplementedError

    def _judged(self) -> tuple[Any, bool]:
        raise NotImplementedError

    def _feedback(self, entry: Mapping[str, Any]) -> str:
        return self.item["feedback_right" if entry["correct"] else "feedback_wrong"]

    def _others(self, entry: Mapping[str, Any]) -> str:
        return ""


class ChoiceItem(QuizItem):
    """One of several texts; after the right answer the feedback of every other option can be read too."""

    def _controls(self) -> Sequence[widgets.Widget]:
        self.options = {option["id"]: option for option in self.item["options"]}
        self.choice = choice_buttons(((option["text"], id_) for id_, option in self.options.items()), self.item["text"])
        self.sure = SureButtons(self.page, self.commit)
        self.choice.observe(lambda change: self.sure.enable(change["new"] is not None), "value")
        return self.choice, self.sure.widget

    def show(self) -> None:
        """Also bring the chosen option back, or forget it with the learner."""
        if self.entry is None:
            self.choice.value = None
        elif self.choice.value is None and self.entry["answer"] in self.options:
            self.choice.value = self.entry["answer"]
        super().show()

    def _judged(self) -> tuple[str, bool]:
        return self.choice.value, bool(self.options[self.choice.value]["correct"])

    def _feedback(self, entry: Mapping[str, Any]) -> str:
        option = self.options.get(entry["answer"])
        return "" if option is None else option.get("feedback") or ""

    def _others(self, entry: Mapping[str, Any]) -> str:
        if not entry["correct"]:
            return ""
        items = "".join(
            f"<li><b>{escape(option['text'])}</b> {escape(option.get('feedback') or '')}</li>"
            for id_, option in self.options.items()
            if id_ != entry["answer"]
        )
        return f'<details class="lp-fold"><summary>Why not the others</summary><ul>{items}</ul></details>'


class NumberItem(QuizItem):
    """A number with a tolerance; point or comma, with or without the unit."""

    def _controls(self) -> Sequence[widgets.Widget]:
        self.typed = widgets.Text(
            description="Your answer", placeholder="number", style={"description_width": "initial"}
        )
        self.typed.add_class("lp-number")
        self.message = theme.html("")
        self.sure = SureButtons(self.page, self.commit)
        self.typed.observe(self._typed, "value")
        unit = theme.html(f'<span class="lp-unit">{escape(self.item.get("unit") or "")}</span>')
        return theme.box(self.typed, unit, classes=("lp-tools",), row=True), self.message, self.sure.widget

    def show(self) -> None:
        """Also empty the field for another learner."""
        if self.entry is None:
            self.typed.value = ""
        super().show()

    def _typed(self, change: dict) -> None:
        try:
            parse_number(change["new"])
        except ValueError as error:
            self.message.value = theme.note(str(error)) if change["new"].strip() else ""
            self.sure.enable(False)
        else:
            self.message.value = ""
            self.sure.enable(True)

    def _judged(self) -> tuple[float, bool]:
        value = parse_number(self.typed.value)
        return value, within(value, float(self.item["answer"]), float(self.item["tolerance"]))


class SimulatorItem(QuizItem):
    """A task for the sliders above; "Check" asks the checker about the page's state."""

    checker: Checker

    def _controls(self) -> Sequence[widgets.Widget]:
        self.check_button = theme.button(
            "Check", "Check the scenario shown now", self.page.run(lambda _: self.commit(), "check the scenario")
        )
        return (theme.box(self.check_button, classes=("lp-tools",), row=True),)

    def _judged(self) -> tuple[str, bool]:
        correct, self._sentence = self.checker(self.page.state)
        return self.page.scenario.code(), bool(correct)

    def _feedback(self, entry: Mapping[str, Any]) -> str:
        return f"{getattr(self, '_sentence', '')} {super()._feedback(entry)}".strip()


KINDS = {"choice": ChoiceItem, "number": NumberItem, "simulator": SimulatorItem}


class Quiz:
    """All items of a lesson and one line of results."""

    def __init__(self, page: Page, items: Sequence[Any], checkers: Mapping[str, Checker] | None = None) -> None:
        self.page = page
        self.items = [_item(page, item, number, checkers or {}) for number, item in enumerate(items, 1)]
        self.result = theme.html("")
        self.widget = theme.section(*(item.widget for item in self.items), self.result, classes=("lp-quiz",))
        page.answers.subscribe(self.show)
        self.show()

    def show(self) -> None:
        """Bring feedback and result line up to date."""
        for item in self.items:
            item.show()
        self.result.value = f'<p class="lp-result" role="status">{escape(self.summary())}</p>'

    def summary(self) -> str:
        """Right, right at once, and whether being certain meant being right."""
        entries = [entry for entry in (item.entry for item in self.items) if entry is not None]
        if not entries:
            return f"{len(self.items)} questions, none answered yet."
        right = sum(bool(entry["correct"]) for entry in entries)
        at_once = sum(bool(entry.get("first_correct")) for entry in entries)
        text = f"{right} of {len(self.items)} right, {at_once} at the first try."
        certain = [entry for entry in entries if entry.get("confidence") == "certain"]
        if certain:
            hits = sum(bool(entry["correct"]) for entry in certain)
            text += f" Of {len(certain)} answered with certainty, {hits} {'is' if hits == 1 else 'are'} right."
        return text


def _item(page: Page, item: Any, number: int, checkers: Mapping[str, Checker]) -> QuizItem:
    kind = item["kind"]
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r} of quiz item {item['id']!r} must be one of {', '.join(KINDS)}")
    made = KINDS[kind](page, item, number)
    if isinstance(made, SimulatorItem):
        made.checker = checker_of(item, checkers)
    return made


def quiz(page: Page, lesson: Any, checkers: Mapping[str, Checker] | None = None) -> Quiz:
    """The quiz of a lesson; simulator items take their checker by name, as the driving questions do."""
    return Quiz(page, lesson["quiz"], checkers)
