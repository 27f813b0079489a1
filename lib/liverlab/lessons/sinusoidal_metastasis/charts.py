"""Figures of lesson 05: numbers of the patient and published points, handed to `ui.lab_figures`."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from liverlab import evidence
from liverlab.disease.liver_labs import UMOL_PER_MG_BILIRUBIN_DL
from liverlab.lessons.sinusoidal_metastasis.patient import DAYS, Patient, index_of
from liverlab.ui import figures, lab_figures
from liverlab.ui.describe import quantity
from liverlab.ui.figures import Figure
from liverlab.ui.lab_figures import Dot, Event

STRIP_D = (-14.0, 45.0)
ANALYTES = {
    "ldh_u_l": "LDH",
    "bilirubin_umol_l": "bilirubin",
    "alt_u_l": "ALT",
    "ast_u_l": "AST",
    "alp_u_l": "ALP",
    "inr": "INR",
}
OVERLAID = tuple(f"TR{number}" for number in range(1, 9))
# Published points of one day would hide each other.
APART_D = 0.35


@cache
def published_dots(ev: evidence.Evidence) -> tuple[Dot, ...]:
    """Laboratory values of TR1 to TR8 on their days, in multiples of the upper limits of the house."""
    found = []
    for row in ev.series("sinusoidal_cases"):
        key = {"bilirubin_mg_dl": "bilirubin_umol_l"}.get(row["analyte"], row["analyte"])
        if row["case"] not in OVERLAID or row["day"] == "" or key not in ANALYTES:
            continue
        factor = UMOL_PER_MG_BILIRUBIN_DL if row["analyte"] == "bilirubin_mg_dl" else 1.0
        who = f"{row['case']}, {row['patient']}: {ANALYTES[key]} {row['value']:g} {row['unit']}"
        apart = APART_D * (OVERLAID.index(row["case"]) - 3.5)
        found.append(Dot(float(row["day"]) + apart, key, factor * float(row["value"]) / ev.labs[key].high, who))
    return tuple(found)


def lived(patient: Patient) -> slice:
    """The days of the strip chart on which the patient was alive."""
    last = min(STRIP_D[1], patient.died_d)
    return slice(index_of(STRIP_D[0]), max(index_of(STRIP_D[0]) + 1, index_of(math.floor(last)) + 1))


def strip_chart(patient: Patient, truth: bool) -> Figure:
    """The laboratory over the days, with TR1 to TR8; the hidden truth on demand."""
    span = lived(patient)
    curves = {key: (name, patient.times_upper(key)[span]) for key, name in ANALYTES.items()}
    hidden = {}
    if truth:
        course, threshold = patient.course, patient.values["flow_threshold_pct"] / 100.0
        hidden = {
            "tumour, truth": course.occupancy[span] / threshold,
            "working liver, truth": course.labs.functional_mass_pct[span] / 100.0,
        }
    now = ", ".join(f"{name} {quantity(patient.times_upper(key)[patient.at], '', 1)}" for key, name in ANALYTES.items())
    alt = f"Day {patient.shown_d:.0f}, in multiples of the upper limit: {now}."
    return lab_figures.strip_chart(
        DAYS[span], curves, patient.shown_d, STRIP_D, events(patient), published_dots(patient.ev), hidden, alt
    )


def events(patient: Patient) -> list[Event]:
    """What happens to the patient, in the order of the days."""
    found = []
    if patient.biopsied and not patient.case.injury:
        found.append(Event(patient.values["tissue_day_d"], "biopsy"))
        if patient.report_d < patient.died_d:
            found.append(Event(patient.report_d, "report"))
    if patient.treated:
        found.append(Event(patient.treated_d, "chemotherapy"))
    if patient.values["ischaemia_kill_pct"] > 0 and patient.values["ischaemia_day_d"] < patient.died_d:
        found.append(Event(patient.values["ischaemia_day_d"], "shock"))
    if not patient.survives:
        found.append(Event(patient.died_d, "died"))
    return sorted(found, key=lambda event: event.day)


def registry(ev: evidence.Evidence) -> dict[tuple[str, str], Any]:
    """(group, quantity) -> row of the published series."""
    return {(row["group"], row["quantity"]): row for row in ev.series("liver_failure_registry")}


def pattern(patient: Patient) -> Figure:
    """R factor against LDH over ALT: this patient's way, and where published groups lie."""
    rows = registry(patient.ev)
    tumour, other = rows["Small cell failure", "ldh_over_alt"], rows["Other failure", "ldh_over_alt"]
    span = slice(index_of(max(STRIP_D[0], 0.0)), max(index_of(0.0), patient.at) + 1)
    r, ratio = np.asarray(patient.r_factor.raw)[span], np.asarray(patient.ldh_over_alt.raw)[span]
    bands = [
        _band(row["low"], row["high"], colour) for row, colour in ((tumour, figures.VERMILION), (other, figures.BLUE))
    ]
    data = [
        _fine(figures.line(r, ratio, "this patient so far", figures.GREY, mode="lines+markers"), r, ratio),
        _fine(figures.points(r[-1:], ratio[-1:], "today", figures.VERMILION, "star", marker=_STAR), r[-1:], ratio[-1:]),
        figures.words(
            [
                (0.22, tumour["value"], f"small cell cancer {tumour['value']:g} ± 1.1", "middle right"),
                (0.22, other["value"], f"other failure {other['value']:g} ± 0.2", "middle right"),
                (0.9, 30.0, "cholestatic", "middle center"),
                (3.1, 30.0, "mixed", "middle center"),
                (11.0, 30.0, "hepatocellular", "middle center"),
            ]
        ),
    ]
    alt = (
        f"Today R {quantity(r[-1], '', 1)} and LDH over ALT {quantity(ratio[-1], '', 1)}. Published: "
        f"{tumour['value']:g} in small cell cancer, {other['value']:g} in other failure, a handful of patients."
    )
    layout = {
        "xaxis": _log_axis("R factor (ALT against ALP)", 0.2, 20.0, (0.2, 0.5, 1, 2, 5, 10, 20)),
        "yaxis": _log_axis("LDH over ALT", 0.05, 50.0, (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)),
        "shapes": [*bands, figures.upright(2.0, figures.DOTTED), figures.upright(5.0, figures.DOTTED)],
        **figures.LEGEND,
    }
    return figures.figure("pattern", "Which pattern? Both ratios in upper limits", alt, data, layout)


_STAR = {"color": figures.VERMILION, "symbol": "star", "size": 14}


def _fine(trace: dict, x: Any, y: Any) -> dict:
    """A trace with three digits instead of a tenth: the axes are logarithmic."""
    return trace | {"x": lab_figures.significant(x), "y": lab_figures.significant(y)}


def _band(low: float, high: float, colour: str) -> dict:
    return {
        "type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": low, "y1": high, "layer": "below",
        "fillcolor": colour, "opacity": 0.16, "line": {"width": 0},
    }  # fmt: skip


def _log_axis(title: str, low: float, high: float, ticks: tuple[float, ...]) -> dict:
    return figures.axis(title, math.log10(low), math.log10(high), type="log", tickvals=ticks, zeroline=False)
