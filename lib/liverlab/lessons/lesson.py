"""A lesson page: one call per notebook cell, the same for every phenomenon.

A lesson module says what is particular: how a scenario becomes a patient, which figures and words stand beside the
picture, who checks the questions. Everything else is here, once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import ipywidgets as widgets

from liverlab import evidence
from liverlab.lessons import patient as patients
from liverlab.lessons.ct_view import CtView
from liverlab.lessons.patient import Patient
from liverlab.ui import theme
from liverlab.ui.answers import AnswersBar
from liverlab.ui.banner import ErrorBanner
from liverlab.ui.controls import control_panel
from liverlab.ui.glossary import glossary
from liverlab.ui.page import Page
from liverlab.ui.predict import predict_gate
from liverlab.ui.progress import Progress
from liverlab.ui.provenance import provenance_table
from liverlab.ui.questions import Checker, checked_questions
from liverlab.ui.quiz import quiz
from liverlab.ui.verdicts import Verdicts

Figures = Callable[[Patient, bool], list[dict]]


class Lesson:
    """One notebook's page. Each method builds one cell; cells share the page, so they can stand anywhere."""

    id: str
    slice_z_mm = 3.0  # where the viewer opens

    def __init__(self, answers: Any = None) -> None:
        self.ev = evidence.load()
        self.data = self.ev.lessons[self.id]
        self.page = Page(self.data, self.ev, compute=self.simulate, answers=answers)
        self.gate = predict_gate(self.page)

    # --- what a phenomenon says ---

    checkers: Mapping[str, Checker] = {}

    def simulate(self, scenario: evidence.Scenario) -> Patient:
        """Scenario in, everything the page shows out."""
        return patients.simulate(scenario, self.ev)

    def figures(self, patient: Patient, truth: bool) -> list[dict]:
        """Live figures beside the picture."""
        raise NotImplementedError

    def text(self, patient: Patient) -> str:
        """Live description in words; its numbers are the state's."""
        raise NotImplementedError

    def outcome(self, patient: Patient) -> str:
        """What happened in this scenario, beside the prediction."""
        raise NotImplementedError

    # --- cells ---

    def start(self) -> widgets.Widget:
        """Progress through the page and where the answers are kept."""
        return theme.section(Progress(self.page).widget, self.answers_bar.widget)

    def hook(self) -> widgets.Widget:
        """The two scans, before any control exists."""
        first = self.page.state
        view = CtView(self.ev, lambda: first, z_mm=self.slice_z_mm, title="The two scans", truth_button=False)
        question = self.data["hook"]["question"]
        return theme.section(theme.html(f'<p class="lp-question">{theme.escape(question)}</p>'), view.viewer)

    def predict(self) -> widgets.Widget:
        """The prediction that opens the rest."""
        return self.gate.widget

    def explore(self) -> widgets.Widget:
        """Viewer, sliders, verdicts, curves."""
        return self.gate.guard(
            theme.lesson_layout(
                self.view.viewer, self.panel, banner=ErrorBanner(self.page).widget, side=(self.verdicts.widget,)
            )
        )

    def questions(self) -> widgets.Widget:
        """The driving questions, checked from the state."""
        return self.gate.guard(checked_questions(self.page, self.data, self.checkers).widget)

    def explain(self) -> widgets.Widget:
        """Prediction against outcome."""
        return self.gate.outcome(self.outcome)

    def quiz(self) -> widgets.Widget:
        """The quiz."""
        return self.gate.guard(quiz(self.page, self.data, self.checkers).widget)

    def takehome(self) -> widgets.Widget:
        """Three lines, a model sentence, the limits, the words and every number's source."""
        data = self.data
        listed = "".join(f"<li>{self.words.mark(line)}</li>" for line in data["takehome"])
        limits = "".join(f"<li>{theme.escape(line)}</li>" for line in data["limits"])
        report = f"<h4>A report you could sign</h4><blockquote>{theme.escape(data['report'])}</blockquote>"
        return theme.section(
            theme.html(f"<ol>{listed}</ol>{report}<h4>Limits of this simulation</h4><ul>{limits}</ul>"),
            self.words.widget(),
            provenance_table(self.page).widget,
            theme.html(f'<p class="lp-disclaimer">{theme.DISCLAIMER}</p>'),
        )

    # --- pieces shared by cells ---

    @cached_property
    def words(self) -> Any:
        """Glossary of the house and of this lesson."""
        return glossary(self.ev.glossary, self.data["glossary"])

    @cached_property
    def answers_bar(self) -> AnswersBar:
        """Notice, export, delete."""
        return AnswersBar(self.page.answers, self.page.run)

    @cached_property
    def panel(self) -> Any:
        """Sliders, presets, undo, scenario code."""
        return control_panel(self.page, self.data["controls"]["main"], self.data["controls"]["more"])

    @cached_property
    def view(self) -> CtView:
        """The viewer of the explore cell; it follows the page."""
        view = CtView(
            self.ev,
            lambda: self.page.state,
            self.figures,
            self.text,
            z_mm=self.slice_z_mm,
            controls=tuple(self.panel.sliders.values()),
            visit_control=self.panel.sliders.get("visit"),
        )
        self.page.subscribe(lambda _: view.show())
        return view

    @cached_property
    def verdicts(self) -> Verdicts:
        """Switch and table of the criteria."""
        return Verdicts(self.page, verdict_rows)


def verdict_rows(patient: Patient) -> list[dict[str, str]]:
    """Rows of both readings of a new spot for the verdict table."""
    shown = dict.fromkeys((*patients.READINGS_SHOWN, patient.scenario.new_lesion_call))
    return [row for call in shown for row in patient.verdicts(call)]
