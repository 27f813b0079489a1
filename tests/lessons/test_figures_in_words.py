"""Every figure of every lesson says in words what it draws: its own numbers, and other ones for another patient."""

import re
from collections.abc import Mapping
from importlib import import_module

import numpy as np
import pytest

from liverlab.ui.describe import MINUS
from liverlab.ui.figure_view import FigureView

MODULES = ("liver_metastases", "pseudoprogression", "pseudocirrhosis", "calcified_metastasis", "sinusoidal_metastasis")
CELLS = ("start", "hook", "predict", "explore", "questions", "explain", "more", "quiz", "takehome")
# Numbers that the words add to what is drawn: figure -> where they come from.
ADDED = {
    "segments-front": "share that is left, written in the title of the map beside it",
    "ramps": "ends of the four windows: level and width halved",
    "partial-volume": "HU of the liver that the grain lies in",
    "obscured": "patients and year of the source",
    "failure": "how many of the sampled patients failed",
    "tempo": "the simulated curve at the day of a published point",
    "doubling": "ends of the ranges, which are drawn as whiskers around the median",
}
LOOK = (("line", "dash"), ("line", "width"), ("marker", "symbol"))
NUMBER = re.compile(rf"(?<![\w.])[{MINUS}+-]?\d+(?:\.\d+)?")


@pytest.fixture(scope="module", params=MODULES)
def lesson(request, open_gate):
    """A lesson with every cell made and every tab looked at once."""
    opened = import_module(f"liverlab.lessons.{request.param}").open_lesson()
    opened.cells = [getattr(opened, name)() for name in CELLS]
    for tab in range(len(opened._tabs.children)):
        opened._tabs.selected_index = tab
    return opened


def figures_of(lesson):
    found, seen, left = [], set(), list(lesson.cells)
    while left:
        widget = left.pop()
        if id(widget) in seen:
            continue
        seen.add(id(widget))
        found += widget.figures if isinstance(widget, FigureView) else ()
        left += getattr(widget, "children", ())
    return [*lesson.figures(lesson.page.state, True), *found]


def drawn(part):
    """Every number of a figure, those in its words as well."""
    if isinstance(part, Mapping):
        return [value for name, inner in part.items() if name != "alt" for value in drawn(inner)]
    if isinstance(part, list | tuple | np.ndarray):
        return [value for inner in part for value in drawn(inner)]
    if isinstance(part, str):
        return [float(found.replace(MINUS, "-")) for found in NUMBER.findall(part)]
    return [float(part)] if isinstance(part, int | float | np.number) else []


def test_words_give_the_numbers_that_are_drawn(lesson):
    figures = figures_of(lesson)
    assert len(figures) > 4
    for figure in figures:
        assert figure["title"].strip()
        assert len(figure["alt"].split()) > 5, figure["id"]
        assert not re.search(r"(?<![\w.)-])-\d", figure["alt"]), f"{figure['id']}: a hyphen is no minus sign"
        values = np.abs(drawn(figure))
        for written in NUMBER.findall(figure["alt"]) if figure["id"] not in ADDED else ():
            digits = len(written.partition(".")[2])
            # Figures are rounded to a tenth for the wire.
            away = np.abs(values - abs(float(written.replace(MINUS, "-")))).min()
            assert away <= 0.5 * 10**-digits + 0.051, (figure["id"], written, figure["alt"])


def test_another_patient_is_described_in_other_words(lesson):
    state = lesson.page.state
    before = {figure["id"]: figure for figure in (*lesson.figures(state, False), *lesson.published(state))}
    redrawn, described = set(), set()
    for key in lesson.data["controls"]["main"]:
        spec, now = lesson.ev.parameters[key], lesson.page.values[key]
        high = len(lesson.page.state.days) - 1 if key == "visit" else spec.high
        lesson.page.set(**{key: spec.low if abs(now - spec.low) > abs(now - high) else high})
        state = lesson.page.state
        for figure in (*lesson.figures(state, False), *lesson.published(state)):
            old = before.get(figure["id"], figure)
            redrawn |= {figure["id"]} if repr(figure["data"]) != repr(old["data"]) else set()
            described |= {figure["id"]} if figure["alt"] != old["alt"] else set()
        lesson.page.reset()
    assert redrawn
    assert redrawn - described == set(), "drawn anew, in the words of the patient before"


def test_no_two_lines_of_a_figure_differ_by_colour_alone(lesson):
    for figure in figures_of(lesson):
        looks = [
            tuple(str(trace.get(part, {}).get(name)) for part, name in LOOK)
            for trace in figure["data"]
            if trace.get("type") == "scatter" and "lines" in trace["mode"] and trace.get("showlegend", True)
        ]
        assert len(looks) == len(set(looks)), (figure["id"], looks)


def test_bars_differ_by_pattern_or_carry_their_name(lesson):
    for figure in figures_of(lesson):
        bars = [trace for trace in figure["data"] if trace.get("type") == "bar"]
        shapes = {str(bar["marker"].get("pattern", {}).get("shape")) for bar in bars}
        named = all(bar["name"] in (*bar["y"], *bar["text"]) for bar in bars) if len(bars) > 1 else True
        assert named or len(shapes) == len(bars), figure["id"]


def test_every_colour_of_lines_and_markers_stands_out_from_white_paper(lesson):
    for figure in figures_of(lesson):
        for trace in figure["data"]:
            if trace.get("mode") == "text" or figure["id"].startswith("segments"):  # areas of a map carry their names
                continue
            for part in ("line", "marker"):
                colour = trace.get(part, {}).get("color")
                if isinstance(colour, str):
                    assert contrast_to_white(colour) >= 3.0, (figure["id"], trace["name"], colour)


def contrast_to_white(colour):
    """Contrast ratio of WCAG 2.2 between a colour "#rrggbb" and white."""
    share = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return 1.05 / (float(linear @ (0.2126, 0.7152, 0.0722)) + 0.05)
