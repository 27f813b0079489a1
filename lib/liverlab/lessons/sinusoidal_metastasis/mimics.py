"""Eight patients with the same liver tests on day 0, and how one analyte at a time parts them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np

from liverlab.evidence import Scenario
from liverlab.lessons.sinusoidal_metastasis.patient import DAYS, Patient, index_of
from liverlab.ui import figures, lab_figures, theme
from liverlab.ui.describe import quantity
from liverlab.ui.figure_view import FigureView
from liverlab.ui.figures import Figure

SPAN = slice(index_of(-3.0), index_of(14.0) + 1)
OFFERED = {
    "ALT": "alt_u_l",
    "Bilirubin": "bilirubin_umol_l",
    "LDH": "ldh_u_l",
    "AST": "ast_u_l",
    "ALP": "alp_u_l",
    "INR": "inr",
    "Platelets": "platelets_1e9_l",
    "Lactate": "lactate_mmol_l",
    "Uric acid": "uric_acid_umol_l",
    "Creatinine": "creatinine_umol_l",
}
MATCHED = ("alt_u_l", "bilirubin_umol_l")
COLOURS = (figures.BLUE, figures.ORANGE, figures.GREEN, figures.PURPLE)
DASHES = ("solid", "dash", "dot", "dashdot")  # with dots on the line from the fifth patient on
MODES, SMALL = ("lines", "lines+markers"), {"symbol": "circle", "size": 6}
APART = 2.0  # this many times as high or as low as in any other patient


def patients(lesson: Any) -> list[Patient]:
    """The patients of the lesson file, all on the day of the first blood test."""
    return [lesson.simulate(Scenario(case).with_changes(visit=0)) for case in lesson.data["mimic"]["cases"]]


def known(patient: Patient) -> str:
    """HTML: what all eight have in common."""
    alt, bilirubin = patient.lab("alt_u_l"), patient.lab("bilirubin_umol_l")
    said = (
        f"Eight men of 58 with small cell lung cancer. All have ALT about {quantity(alt)} U/L and bilirubin about "
        f"{quantity(bilirubin)} µmol/L today, and no focal lesion on CT. One has tumour in the sinusoids."
    )
    return f'<p class="lp-note">{theme.escape(said)}</p>'


def curves(lesson: Any, eight: Sequence[Patient], labels: Sequence[str], wanted: int) -> widgets.Widget:
    """Choose an analyte, see it in all patients from three days before to two weeks after."""
    drawn = FigureView()
    choice = widgets.ToggleButtons(
        options=list(OFFERED), value=None, description="See one analyte over time",
        style={"description_width": "initial", "button_width": "auto"},
    )  # fmt: skip
    choice.add_class("lp-switch")
    said = theme.html("")

    def show(change: dict) -> None:
        key = OFFERED[change["new"]]
        drawn.figures = [curve(eight, labels, change["new"], key)]
        said.value = theme.note(parted(eight, labels, wanted, change["new"], key))

    choice.observe(lesson.page.run(show, "draw this analyte"), "value")
    return theme.box(choice, said, drawn)


def curve(eight: Sequence[Patient], labels: Sequence[str], name: str, key: str) -> Figure:
    """One analyte of all patients, in multiples of the upper limit."""
    values = [one.times_upper(key)[SPAN] for one in eight]
    data = [
        figures.line(DAYS[SPAN], y, label, COLOURS[k % 4], DASHES[k % 4], mode=MODES[k // 4], marker=SMALL)
        | {"y": lab_figures.significant(y)}
        for k, (label, y) in enumerate(zip(labels, values, strict=True))
    ]
    low, high = min(float(y.min()) for y in values), max(float(y.max()) for y in values)
    layout = {
        "xaxis": figures.axis("day", DAYS[SPAN][0], DAYS[SPAN][-1]),
        "yaxis": figures.axis(
            f"{name}, × upper limit", math.log10(low / 1.2), math.log10(high * 1.2), type="log", zeroline=False,
            tickvals=[0.2, 0.5, 1, 2, 5, 10, 20, 50],
        ),
        "shapes": [figures.upright(0.0, {"color": figures.GREY, "width": 1}), figures.level(1.0, figures.DOTTED)],
        **figures.LEGEND,
    }  # fmt: skip
    today = ", ".join(
        f"{label} {quantity(float(one.times_upper(key)[one.at]), '', 1)}"
        for label, one in zip(labels, eight, strict=True)
    )
    return figures.figure("analyte", f"{name} in all eight", f"{name} today, × upper limit: {today}.", data, layout)


def parted_d(eight: Sequence[Patient], wanted: int, key: str) -> float | None:
    """First day from day 0 on which the patient with the tumour stands APART from all others; None if never."""
    values = np.array([one.times_upper(key)[SPAN] for one in eight])
    others = np.delete(values, wanted, axis=0)
    apart = (values[wanted] >= APART * others.max(axis=0)) | (values[wanted] <= others.min(axis=0) / APART)
    apart &= DAYS[SPAN] >= 0
    return float(DAYS[SPAN][apart.argmax()]) if apart.any() else None


def parted(eight: Sequence[Patient], labels: Sequence[str], wanted: int, name: str, key: str) -> str:
    """One sentence that does not give away who it is."""
    day = parted_d(eight, wanted, key)
    if day is None:
        return f"{name}: nobody stands apart by a factor of {APART:g} within two weeks."
    when = "today" if day == 0 else f"from day {quantity(day)} on"
    return f"{name}: one patient stands apart from all others by a factor of {APART:g} {when}."
