"""Notebook four_ways: the same slice of several patients, how each misleads; one from every lesson that tells of it."""

from __future__ import annotations

import os
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from html import escape
from importlib import import_module
from typing import Any

import numpy as np

from liverlab import evidence
from liverlab.lessons.ct_view import CtView, Scans
from liverlab.lessons.scanned import ScannedPatient
from liverlab.ui import theme
from liverlab.ui.answers import Answers, AnswersBar
from liverlab.ui.browser import ProjectorSwitch
from liverlab.ui.commit import choice_buttons
from liverlab.ui.describe import listing

PAGE, KEY = "four_ways", "worst"
SLICE_Z_MM = 3.0  # where all of them show what misleads
FIRST, TODAY = "first scan", "today"
SHUT = "This part opens when you have chosen a patient above."


@dataclass(frozen=True, eq=False)
class OneScan(ScannedPatient):
    """One visit of the patient of a lesson, as a pane of its own."""

    lesson: str
    patient: Any
    at: int

    visit = 0

    @property
    def days(self) -> np.ndarray:
        """(1,) the day of the scan."""
        return self.patient.days[[self.at]]

    @property
    def lesion_labels(self) -> Mapping[str, str]:
        """Lesion id -> name in the report."""
        return self.patient.lesion_labels

    def content(self, visit: int) -> Hashable:
        """Everything the picture depends on."""
        return self.lesson, self.patient.content(self.at)

    def make_scene(self, visit: int) -> Any:
        """The scan."""
        return self.patient.scene(self.at)

    def outlines(self, visit: int) -> list[dict[str, Any]]:
        """Where the lesions really are."""
        return self.patient.outlines(self.at)


class FourWays:
    """The page: scans and a vote, then the truth. One number for each lesson file with a block ``misled``."""

    def __init__(self, answers: Any = None) -> None:
        self.ev = evidence.load()
        self.answers = Answers() if answers is None else answers
        told = [lesson for lesson in self.ev.lessons.values() if lesson.get("misled")]
        self.lessons: dict[str, Mapping[str, Any]] = {str(number): lesson for number, lesson in enumerate(told, 1)}
        self.patients = {number: self._patient(lesson) for number, lesson in self.lessons.items()}
        self.worst = next(number for number, lesson in self.lessons.items() if lesson["misled"].get("worst"))
        self.when = TODAY
        self.view = CtView(
            self._scans, z_mm=SLICE_Z_MM, title="Four patients, one slice", truth_button=False, text_lines=0
        )
        self.choice = choice_buttons(
            ((f"Patient {number}", number) for number in self.lessons), "Who is in the greatest danger?"
        )
        self.choice.observe(lambda change: self._vote(change["new"]), "value")

    # --- cells ---

    def look(self) -> Any:
        """The scans of today, and the vote."""
        question = theme.html('<p class="lp-question">Who is in the greatest danger? Choose, then read on.</p>')
        answers = AnswersBar(self.answers).widget
        return theme.section(ProjectorSwitch(), self.view.viewer, question, self.choice, answers)

    def truth(self) -> Any:
        """The first scan of each, the outlines, and what was behind the picture."""
        self.said, self.table = theme.html(""), theme.html(self._table())
        self.turn = {
            FIRST: theme.button("Show the first scans above", "", lambda _: self.show(FIRST)),
            TODAY: theme.button("Show today again", "", lambda _: self.show(TODAY)),
        }
        self.shown = theme.html("")
        tools = theme.box(*self.turn.values(), self.shown, classes=("lp-tools",), row=True)
        self.show(TODAY)
        self.opened = theme.box(self.said, tools, self.table)
        self.shut = theme.html(f'<p class="lp-shut">{SHUT}</p>')
        self.answers.subscribe(self._open)
        self._open()
        return theme.section(self.shut, self.opened)

    # --- pieces ---

    def show(self, when: str) -> None:
        """Turn all panes to their first scans or to today."""
        self.when = when
        self.view.show()
        days = listing([f"{name.lower()} on day {scan.day:.0f}" for name, (scan, _) in self._scans().items()])
        self.shown.value = f"<span>Shown above: {when}, {escape(days)}.</span>"

    def _patient(self, lesson: Mapping[str, Any]) -> Any:
        module = import_module(f"liverlab.lessons.{lesson['id'].split('_', 1)[1]}")
        return module.simulate(evidence.Scenario(lesson["misled"].get("case", lesson["case"])), self.ev)

    def _scans(self) -> Scans:
        return {
            f"Patient {number}": (
                OneScan(self.lessons[number]["id"], one, one.visit if self.when == TODAY else 0),
                0,
            )
            for number, one in self.patients.items()
        }

    def _vote(self, number: str | None) -> None:
        if number is not None and self.answers.get(PAGE, KEY) is None:
            self.answers.record(PAGE, KEY, answer=number, correct=number == self.worst, attempts=1)

    def _open(self) -> None:
        entry = self.answers.get(PAGE, KEY)
        is_open = entry is not None or os.environ.get("LIVERLAB_GATE") == "open"
        theme.show(self.shut, not is_open)
        theme.show(self.opened, is_open)
        self.view.viewer.truth = self.choice.disabled = entry is not None
        if entry is None:
            self.said.value = ""
            return
        right = entry["answer"] == self.worst
        mark, kind = ("✔", "lp-done") if right else ("✘", "lp-wrong")
        head = f"Patient {self.worst} is." if right else f"You chose patient {escape(str(entry['answer']))}."
        self.said.value = (
            f'<div class="lp-status {kind}" role="status"><p><span aria-hidden="true">{mark}</span> <b>{head}</b> '
            f"The scan with nothing to measure belongs to the sickest patient. Read why below.</p></div>"
        )

    def _table(self) -> str:
        rows = "".join(
            f'<tr><th scope="row">{number}</th><td>{escape(lesson["misled"]["seems"])}</td>'
            f"<td>{escape(lesson['misled']['truth'])}</td><td>{escape(lesson['misled']['tells'])}</td>"
            f'<td><a href="{lesson["id"]}.ipynb">{escape(lesson["title"])}</a></td></tr>'
            for number, lesson in self.lessons.items()
        )
        names = ("Patient", "The scan seems to say", "What is true", "What tells", "Lesson")
        head = "".join(f'<th scope="col">{name}</th>' for name in names)
        return (
            '<div class="lp-scroll" tabindex="0" role="region" aria-label="Ways to be misled"><table class="lp-table">'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )


def open_page() -> FourWays:
    """The page of notebook four_ways."""
    return FourWays()
