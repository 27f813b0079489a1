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
from liverlab.lessons.ct_view import CtView, Scans, prior_and_current
from liverlab.lessons.patient import Patient
from liverlab.reading.decisions import Branch
from liverlab.ui import figures, theme
from liverlab.ui.answers import AnswersBar
from liverlab.ui.banner import ErrorBanner
from liverlab.ui.controls import control_panel
from liverlab.ui.decision import decision_panel
from liverlab.ui.describe import quantity
from liverlab.ui.figure_view import FigureView, numbers_table
from liverlab.ui.glossary import glossary
from liverlab.ui.mimic import mimic
from liverlab.ui.nexttests import next_tests
from liverlab.ui.page import Page
from liverlab.ui.predict import predict_gate
from liverlab.ui.progress import Progress, StartLine
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
        # First in the row of subscribers: nothing on the page may come before the picture.
        self.page.subscribe(lambda _: self._paint())
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

    def published(self, patient: Patient) -> list[dict]:
        """Figures in which published points stand over simulated ones."""
        raise NotImplementedError

    # --- cells ---

    def start(self) -> widgets.Widget:
        """Progress through the page and where the answers are kept."""
        return theme.section(self._starting.widget, Progress(self.page).widget, self.answers_bar.widget)

    def hook(self) -> widgets.Widget:
        """The two scans, before any control exists."""
        first = self.page.state
        view = CtView(
            self.ev, lambda: prior_and_current(first), z_mm=self.slice_z_mm, title="The two scans", truth_button=False
        )
        self._starting.next()
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
        """Prediction against outcome, and published points over the simulated ones."""
        drawn = FigureView(self.published(self.page.state))
        table = theme.html(numbers_table(drawn.figures))

        def follow(_: Page) -> None:
            drawn.figures = self.published(self.page.state)
            table.value = numbers_table(drawn.figures)

        self.page.subscribe(follow, when_still=True)
        return theme.section(self.gate.outcome(self.outcome), self.gate.guard(theme.box(drawn, table)))

    def more(self) -> widgets.Widget:
        """Everything beyond the core path, in tabs named by the question they answer."""
        panels = self.tabs()
        tabs = widgets.Tab(children=list(panels.values()), titles=list(panels))
        return self.gate.guard(theme.section(tabs))

    def tabs(self) -> dict[str, widgets.Widget]:
        """Question -> panel: next tests, the mimic and the decision; a lesson may add its own."""
        return {
            "Is it really new?": next_tests(self.page, self.data["tests"], self._finding).widget,
            "Which of the two is worse?": self._mimic(),
            "What do you do now?": self._decision(),
        }

    def _finding(self, test: str, patient: Patient) -> dict[str, Any]:
        if patient.visit == 0:
            return {"result": "Choose a visit after the first scan."}
        found = patient.order(test)
        return {
            "result": found.text,
            "meaning": found.separates,
            "rows": [(name, _before_and_now(before, now, found.unit)) for name, before, now in found.rows],
        }

    def _mimic(self) -> widgets.Widget:
        data = self.data["mimic"]
        pair = [self.simulate(evidence.Scenario(case)) for case in data["cases"]]
        scans: Scans = {label: (one, one.visit) for label, one in zip(data["labels"], pair, strict=True)}
        view = CtView(
            self.ev, lambda: scans, z_mm=self.slice_z_mm, title="Two patients, the same day", truth_button=False
        )

        def results(test: str) -> dict[str, Any]:
            found = [one.order(test) for one in pair]
            return {"results": tuple(f.text for f in found), "tells": found[0].points_to != found[1].points_to}

        panel = mimic(self.page, data, self.data["tests"], results, wanted=1)
        return theme.box(view.viewer, panel.widget)

    def _decision(self) -> widgets.Widget:
        figure = FigureView()

        def consequence(decision: str, patient: Patient) -> dict[str, Any]:
            if patient.visit == 0:
                return {"result": "Choose a visit after the first scan."}
            branches = patient.consequences
            return {"result": branches[decision].text, "figure": decision_figure(branches, decision, patient.day)}

        def draw(drawn: dict[str, Any]) -> None:
            figure.figures = [drawn]

        return decision_panel(self.page, self.data["decisions"], consequence, draw, figure).widget

    def quiz(self) -> widgets.Widget:
        """The quiz."""
        return self.gate.guard(quiz(self.page, self.data, self.checkers).widget)

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
            self.ev,
            lambda: prior_and_current(self.page.state),
            self.figures,
            self.text,
            z_mm=self.slice_z_mm,
            controls=tuple(self.panel.sliders.values()),
            visit_control=self.panel.sliders.get("visit"),
        )
        view.viewer.on_rest = lambda _: self.page.rest()
        return view

    def _paint(self) -> None:
        if "view" in self.__dict__:
            self.view.show()

    @cached_property
    def verdicts(self) -> Verdicts:
        """Switch and table of the criteria."""
        return Verdicts(self.page, verdict_rows)


def verdict_rows(patient: Patient) -> list[dict[str, str]]:
    """Rows of both readings of a new spot for the verdict table."""
    shown = dict.fromkeys((*patients.READINGS_SHOWN, patient.scenario.new_lesion_call))
    return [row for call in shown for row in patient.verdicts(call)]


def decision_figure(branches: Mapping[str, Branch], chosen: str, day: float) -> dict[str, Any]:
    """Living tumour after each decision; the chosen one is drawn last and thick."""
    looks = dict(zip(branches, DECISION_LOOKS, strict=True))
    order = [*(name for name in branches if name != chosen), chosen]
    data = [
        figures.line(
            branches[name].days[::7],
            branches[name].viable_volume_ml[::7],
            name,
            looks[name][0],
            looks[name][1],
            line={"color": looks[name][0], "dash": looks[name][1], "width": 4 if name == chosen else 1.5},
        )
        for name in order
    ]
    last = branches[chosen].days[-1]
    top = 1.1 * max(float(branch.viable_volume_ml.max()) for branch in branches.values())
    now = {"type": "line", "yref": "paper", "x0": day, "x1": day, "y0": 0, "y1": 1, "line": {"color": figures.GREY}}
    alt = "Living tumour in the liver. " + " ".join(f"{name}: {branch.text}" for name, branch in branches.items())
    layout = {
        "xaxis": figures.axis("day", 0, last),
        "yaxis": figures.axis("living tumour, mL", 0, top),
        "shapes": [now],
        **figures.LEGEND,
    }
    return figures.figure("decision", "Living tumour after each decision (truth)", alt, data, layout)


DECISION_LOOKS = (
    (figures.BLUE, "solid"),
    (figures.VERMILION, "dash"),
    (figures.PURPLE, "dot"),
    (figures.ORANGE, "dashdot"),
)


def _before_and_now(before: float | None, now: float, unit: str) -> str:
    """ "76.0 to 35.2 HU"; only the value now where there was nothing before."""
    return (
        f"{quantity(now, unit, 1)} now" if before is None else f"{quantity(before, '', 1)} to {quantity(now, unit, 1)}"
    )
