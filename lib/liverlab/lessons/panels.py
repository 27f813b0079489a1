"""Panels that several lessons put into their tabs: order a test, tell two patients apart, decide, look in 3-D.

Each asks the lesson's patient for `order(test)` -> `reading.next_tests.Finding`, or for `consequences`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets

from liverlab import evidence
from liverlab.imaging import surfaces
from liverlab.lessons.ct_view import CtView, Scans
from liverlab.lessons.lesson import Lesson
from liverlab.ui import figures, theme
from liverlab.ui.decision import decision_panel
from liverlab.ui.describe import quantity
from liverlab.ui.figure_view import FigureView
from liverlab.ui.gallery import Gallery
from liverlab.ui.mimic import mimic
from liverlab.ui.nexttests import next_tests
from liverlab.ui.page import Page
from liverlab.ui.surface_figure import surface_figure
from liverlab.ui.surface_view import SurfaceView
from liverlab.ui.verdicts import verdict_table

FOLLOW_UP_ONLY = {"result": "Choose a visit after the first scan."}


def tests_tab(lesson: Lesson) -> widgets.Widget:
    """The tests of the lesson file, ordered for the patient of the sliders."""
    return next_tests(lesson.page, lesson.data["tests"], finding).widget


def finding(test: str, patient: Any) -> dict[str, Any]:
    """What a test returns, as its card shows it."""
    if patient.visit == 0:
        return FOLLOW_UP_ONLY
    found = patient.order(test)
    return {
        "result": found.text,
        "meaning": found.separates,
        "rows": [(name, _before_and_now(before, now, found.unit)) for name, before, now in found.rows],
    }


def mimic_tab(lesson: Lesson, wanted: int) -> widgets.Widget:
    """Two patients who look the same today; ``wanted`` is the index of the one the question asks for."""
    data = lesson.data["mimic"]
    pair = [lesson.simulate(evidence.Scenario(case)) for case in data["cases"]]
    scans: Scans = {label: (one, one.visit) for label, one in zip(data["labels"], pair, strict=True)}
    view = lesson.viewer_of(scans, "Two patients, the same day")

    def results(test: str) -> dict[str, Any]:
        found = [one.order(test) for one in pair]
        return {"results": tuple(f.text for f in found), "tells": found[0].points_to != found[1].points_to}

    return theme.box(view.viewer, mimic(lesson.page, data, lesson.data["tests"], results, wanted).widget)


def verdicts_tab(lesson: Lesson, rows: Callable[[Any], Sequence[Mapping[str, str]]]) -> widgets.Widget:
    """What the criteria say of the patient of the sliders: ``rows(patient)`` as `verdict_table` takes them."""
    table = theme.html(verdict_table(rows(lesson.page.state)), "lp-verdict-table")

    def follow(page: Page) -> None:
        table.value = verdict_table(rows(page.state))

    lesson.page.subscribe(follow, when_still=True)
    return theme.section(table)


def gallery_tab(
    lesson: Lesson, patient_of: Callable[[Mapping[str, Any]], Any], step: Callable[[Any, str], Mapping[str, Any]]
) -> widgets.Widget:
    """The gallery of the lesson file: left the scan as it is, right what the step taken last shows.

    ``patient_of(item)`` is the patient of an item; ``step(patient, id)`` returns what `result_card` takes and, where
    the step makes a picture, the patient as scanned then under ``patient``.
    """
    data = lesson.data["gallery"]
    items = {item["id"]: item for item in data["items"]}
    shown: dict[str, Any] = {}

    def look_at(item: str, seen: Any = None) -> None:
        now = shown["now"] = patient_of(items[item])
        shown["next"] = now if seen is None else seen
        series = shown["next"].scene(shown["next"].visit).series
        if shown.get("series") == series:
            shown["view"].show()
            return
        # Another unit is another viewer; it opens on the slice the learner was looking at.
        z_mm = shown["view"].z_mm if "view" in shown else lesson.slice_z_mm
        shown["view"] = CtView(scans, z_mm=z_mm, title="Gallery", truth_button=False, text_lines=0)
        shown["series"], holder.children = series, (shown["view"].viewer,)

    def scans() -> Scans:
        return {"Today": (shown["now"], shown["now"].visit), "Next step": (shown["next"], shown["next"].visit)}

    def result(item: str, id_: str) -> Mapping[str, Any]:
        found = step(patient_of(items[item]), id_)
        look_at(item, found.get("patient"))
        return found

    holder = theme.box()
    look_at(next(iter(items)))
    panel = Gallery(lesson.page, data, result, look_at)
    return theme.box(panel.head, holder, panel.widget)


def decision_tab(lesson: Lesson) -> widgets.Widget:
    """The decisions of the lesson file, each carried through for the patient of the sliders."""
    figure = FigureView()

    def consequence(decision: str, patient: Any) -> dict[str, Any]:
        if patient.visit == 0:
            return FOLLOW_UP_ONLY
        branches = patient.consequences
        return {"result": branches[decision].text, "figure": decision_figure(branches, decision, patient.day)}

    def draw(drawn: dict[str, Any]) -> None:
        figure.figures = [drawn]

    return decision_panel(lesson.page, lesson.data["decisions"], consequence, draw, figure).widget


def decision_figure(branches: Mapping[str, Any], chosen: str, day: float) -> dict[str, Any]:
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


def space_tab(
    lesson: Lesson, colours: Callable[[Any], surfaces.Values | None] = lambda patient: None, title: str = ""
) -> widgets.Widget:
    """Liver, lesions and vessels in 3-D at the visit of the sliders, built when somebody asks.

    ``colours(patient)`` may return a function of points (V, 3) in mm by which the liver is coloured; ``title`` names
    its values, with the unit.
    """

    def make() -> dict[str, Any]:
        patient = lesson.page.state
        scene = patient.scene(patient.visit)
        built = surfaces.build(scene.anatomy, scene.lesions, values=colours(patient), shape=scene.shape)
        return surface_figure(built, patient.lesion_labels, title)

    view = SurfaceView(make, "Drawn from the patient, not from the scan: lesions the scan does not show are here too.")
    lesson.page.subscribe(lambda _: view.outdate(), when_still=True)
    return theme.section(view)


def _before_and_now(before: float | None, now: float, unit: str) -> str:
    """ "76.0 to 35.2 HU"; only the value now where there was nothing before."""
    return (
        f"{quantity(now, unit, 1)} now" if before is None else f"{quantity(before, '', 1)} to {quantity(now, unit, 1)}"
    )
