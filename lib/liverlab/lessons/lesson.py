"""A lesson page: one call per notebook cell, the same for every phenomenon.

A lesson module says what is particular: how a scenario becomes a patient, which figures and words stand beside the
picture, who checks the questions. Everything else is here, once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import ipywidgets as widgets

from liverlab import evidence
from liverlab.lessons.ct_view import CtView, Scans, prior_and_current
from liverlab.lessons.scanned import ScannedPatient
from liverlab.ui import theme
from liverlab.ui.answers import AnswersBar
from liverlab.ui.banner import ErrorBanner
from liverlab.ui.browser import ProjectorSwitch
from liverlab.ui.class_code import ClassCode
from liverlab.ui.controls import control_panel
from liverlab.ui.figure_view import figures_that_follow
from liverlab.ui.glossary import glossary
from liverlab.ui.page import Page
from liverlab.ui.predict import predict_gate
from liverlab.ui.progress import Progress, StartLine
from liverlab.ui.provenance import provenance_table
from liverlab.ui.questions import Checker, checked_questions
from liverlab.ui.quiz import quiz


class Lesson:
    """One notebook's page. Each method builds one cell; cells share the page, so they can stand anywhere."""

    id: str
    slice_z_mm = 3.0  # where the viewer opens
    viewer_config: Mapping[str, Any] = {}  # what else the viewer of the explore cell is told (`ui.viewer.config`)

    def __init__(self, answers: Any = None) -> None:
        self.ev = evidence.load()
        self.data = self.ev.lessons[self.id]
        self.page = Page(self.data, self.ev, self._asked_for(), compute=self.simulate, answers=answers)
        # First in the row of subscribers: nothing on the page may come before the picture.
        self.page.subscribe(lambda _: self._paint())
        self.gate = predict_gate(self.page)
        self._updates: dict[widgets.Widget, Callable[[], Any]] = {}
        self._outdated: set[widgets.Widget] = set()
        self._tabs: widgets.Tab | None = None

    # --- what a phenomenon says ---

    checkers: Mapping[str, Checker] = {}

    def simulate(self, scenario: evidence.Scenario) -> ScannedPatient:
        """Scenario in, everything the page shows out."""
        raise NotImplementedError

    def scans(self, patient: Any) -> Scans:
        """What stands side by side in the viewer: pane -> (patient, visit), the last one the current picture."""
        return prior_and_current(patient)

    def hook_scans(self, patient: Any) -> Scans:
        """What the hook shows; the usual pair unless the lesson says otherwise."""
        return self.scans(patient)

    def figures(self, patient: Any, truth: bool) -> list[dict]:
        """Live figures beside the picture."""
        raise NotImplementedError

    def text(self, patient: Any) -> str:
        """Live description in words; its numbers are the state's."""
        raise NotImplementedError

    def side(self) -> tuple[widgets.Widget, ...]:
        """What stands below the main sliders, such as the verdicts of the criteria."""
        return ()

    def outcome(self, patient: Any) -> str:
        """What happened in this scenario, beside the prediction."""
        raise NotImplementedError

    def published(self, patient: Any) -> list[dict]:
        """Figures in which published points stand over simulated ones."""
        raise NotImplementedError

    def tabs(self) -> dict[str, widgets.Widget]:
        """Question -> panel: everything beyond the core path (`lessons.panels` has what several lessons use)."""
        raise NotImplementedError

    # --- cells ---

    def start(self) -> widgets.Widget:
        """Progress through the page and where the answers are kept."""
        header = theme.box(Progress(self.page).widget, ProjectorSwitch(), classes=("lp-tools",), row=True)
        return theme.section(self._starting.widget, header, self.answers_bar.widget)

    def hook(self) -> widgets.Widget:
        """The two scans, before any control exists."""
        first = self.page.state
        scans = self.hook_scans(first)
        view = self.viewer_of(scans, "The two scans" if len(scans) > 1 else "The scan")
        self._starting.next()
        question = self.data["hook"]["question"]
        return theme.section(theme.html(f'<p class="lp-question">{theme.escape(question)}</p>'), view.viewer)

    def predict(self) -> widgets.Widget:
        """The prediction that opens the rest."""
        return self.gate.widget

    def explore(self) -> widgets.Widget:
        """Viewer, sliders, verdicts, curves."""
        return self.gate.guard(
            theme.lesson_layout(self.view.viewer, self.panel, banner=ErrorBanner(self.page).widget, side=self.side())
        )

    def questions(self) -> widgets.Widget:
        """The driving questions, checked from the state."""
        return self.gate.guard(checked_questions(self.page, self.data, self.checkers).widget)

    def explain(self) -> widgets.Widget:
        """Prediction against outcome, and published points over the simulated ones."""
        return theme.section(
            self.gate.outcome(self.outcome), self.gate.guard(figures_that_follow(self.page, self.published))
        )

    def more(self) -> widgets.Widget:
        """Everything beyond the core path, in tabs named by the question they answer."""
        panels = self.tabs()
        self._tabs = widgets.Tab(children=list(panels.values()), titles=list(panels))
        self._tabs.observe(self.page.run(lambda _: self._update_shown(), "show this tab"), "selected_index")
        self.page.subscribe(lambda _: self.outdate(), when_still=True)
        self.outdate()
        return self.gate.guard(theme.section(self._tabs))

    def follow_in_tab(self, panel: widgets.Widget, update: Callable[[], Any]) -> widgets.Widget:
        """Call ``update`` when ``panel``, one of `tabs`, is first looked at, and again when the scenario has changed.

        Nothing is worked out, nor sent, for a tab that nobody looks at.
        """
        self._updates[panel] = update
        return panel

    def when_seen(self, make: Callable[[], widgets.Widget]) -> widgets.Widget:
        """A tab whose content is made when it is first looked at."""
        panel = theme.box()

        def fill() -> None:
            if not panel.children:
                panel.children = (make(),)

        return self.follow_in_tab(panel, fill)

    def outdate(self, *panels: widgets.Widget) -> None:
        """What these tabs show (by default all that follow) is out of date; the one in view is worked out again."""
        self._outdated |= set(panels or self._updates)
        self._update_shown()

    def _update_shown(self) -> None:
        at = None if self._tabs is None else self._tabs.selected_index
        shown = None if at is None else self._tabs.children[at]
        if shown in self._outdated:
            self._outdated.discard(shown)
            self._updates[shown]()

    def quiz(self) -> widgets.Widget:
        """The quiz, and the code by which a teacher gets the answers."""
        items = quiz(self.page, self.data, self.checkers).widget
        return self.gate.guard(theme.section(items, ClassCode(self.page).widget))

    def takehome(self) -> widgets.Widget:
        """Three lines, a model sentence, the limits, the words and every number's source."""
        data = self.data
        listed = "".join(f"<li>{self.words.mark(line)}</li>" for line in data["takehome"])
        limits = "".join(f"<li>{theme.escape(line)}</li>" for line in data["limits"])
        report = f"<h3>A report you could sign</h3><blockquote>{theme.escape(data['report'])}</blockquote>"
        # Shut like the rest: these lines answer what the prediction asks.
        return self.gate.guard(
            theme.section(
                theme.html(f"<ol>{listed}</ol>{report}<h3>Limits of this simulation</h3><ul>{limits}</ul>"),
                self.words.widget(),
                provenance_table(self.page).widget,
                theme.html(f'<p class="lp-disclaimer">{theme.DISCLAIMER}</p>'),
            )
        )

    # --- pieces shared by cells ---

    def _asked_for(self) -> evidence.Scenario | None:
        """The scenario that `LIVERLAB_SCENARIO=<lesson>=<code>` opens this lesson with; None for its own first case."""
        lesson, _, code = os.environ.get("LIVERLAB_SCENARIO", "").partition("=")
        return evidence.Scenario.from_code(code, self.ev) if lesson == self.id else None

    @cached_property
    def _starting(self) -> StartLine:
        """The line that stands until the first picture is there."""
        return StartLine(("Drawing the first picture",))

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
            lambda: self.scans(self.page.state),
            self.figures,
            self.text,
            z_mm=self.slice_z_mm,
            controls=tuple(self.panel.sliders.values()),
            visit_control=self.panel.sliders.get("visit"),
            **self.viewer_config,
        )
        view.viewer.on_rest = lambda _: self.page.rest()
        return view

    def _paint(self) -> None:
        if "view" in self.__dict__:
            self.view.show()

    def viewer_of(self, scans: Scans, title: str) -> CtView:
        """A viewer of its own that shows these scans and does not follow the sliders."""
        return CtView(lambda: scans, z_mm=self.slice_z_mm, title=title, truth_button=False)
