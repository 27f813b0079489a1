"""Published points of lesson 03 beside what the simulation gives; points are read from casesdata/series."""

from __future__ import annotations

import numpy as np

from liverlab.disease.scar import nodules_mm
from liverlab.disease.scarred_liver import DAYS_PER_MONTH
from liverlab.disease.survival import Exponential
from liverlab.evidence import Evidence
from liverlab.lessons.pseudocirrhosis.patient import Patient
from liverlab.ui import figures
from liverlab.ui.describe import quantity
from liverlab.ui.figures import Figure

EVOLUTION_MONTHS = (1.0, 3.0)  # change of the contour on serial CT (young1994)
_COLOURS = {"ascites": (figures.BLUE, ""), "varices": (figures.VERMILION, "/")}


def published_figures(ev: Evidence, patient: Patient) -> list[Figure]:
    """How fast the contour changes, and how long patients lived after it had."""
    return [tempo(patient), survival(ev)]


def tempo(patient: Patient) -> Figure:
    """Nodules and contracted scar after a sudden start, in % of their end, beside the published one to three months."""
    months = np.linspace(0, 12, 61)
    days = months * DAYS_PER_MONTH
    risen = [
        (name, 100.0 * nodules_mm(days, [(0.0, np.inf, 1.0)], 1.0, patient.values[key]), colour, dash)
        for name, key, colour, dash in (
            ("nodules (simulated)", "nodule_time_constant_d", figures.BLUE, "solid"),
            ("scar (simulated)", "scar_time_constant_d", figures.VERMILION, "dash"),
        )
    ]
    low, high = EVOLUTION_MONTHS
    band = {"type": "rect", "xref": "x", "yref": "paper", "x0": low, "x1": high, "y0": 0, "y1": 1, "layer": "below",
            "fillcolor": figures.GREEN, "opacity": 0.18, "line": {"width": 0}}  # fmt: skip
    at = {name: [float(np.interp(month, months, values)) for month in (low, high)] for name, values, *_ in risen}
    alt = "In per cent of what it will be, after one and three months: " + "; ".join(
        f"{name} {quantity(first, '%')} and {quantity(last, '%')}" for name, (first, last) in at.items()
    )
    data = [figures.line(months, values, name, colour, dash) for name, values, colour, dash in risen]
    layout = {
        "xaxis": figures.axis("months after a sudden start", 0, 12),
        "yaxis": figures.axis("% of what it will be", 0, 105),
        "shapes": [band],
        **figures.LEGEND,
    }
    title = "How fast: simulated, and the published 1 to 3 months of change on CT (band; Young 1994)"
    return figures.figure("tempo", title, f"{alt}.", data, layout)


def survival(ev: Evidence) -> Figure:
    """Survival after pseudocirrhosis was found, as a constant risk with the published medians."""
    months = np.linspace(0, 36, 73)
    rows = [row for row in ev.series("pseudocirrhosis") if row["quantity"] == "median_survival"]
    looks = ((figures.BLUE, "solid", "circle"), (figures.VERMILION, "dash", "diamond"))
    data, words = [], []
    for row, (colour, dash, symbol) in zip(rows, looks, strict=True):
        median = float(row["value"])
        curve = Exponential(median)
        data.append(
            figures.line(months, 100.0 * curve.survival(months), f"{row['label']}, constant risk", colour, dash)
        )
        data.append(figures.points([median], [50.0], f"published median {median:g} months", colour, symbol))
        words.append(f"{row['label']}: median {median:g} months, {100 * curve.survival(12.0):.0f} % alive after 12")
    layout = {
        "xaxis": figures.axis("months after it was found", 0, 36),
        "yaxis": figures.axis("alive, %", 0, 100),
        **figures.LEGEND,
    }
    title = "How long: published medians, and what a constant risk makes of them"
    return figures.figure("survival", title, ". ".join(words) + ".", data, layout)


def complications(ev: Evidence, patient: Patient) -> Figure:
    """Ascites and varices in published series, and whether this patient has them now."""
    rows = [row for row in ev.series("pseudocirrhosis") if row["quantity"] in _COLOURS]
    labels = list(dict.fromkeys(row["label"] for row in rows))
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": what,
            "y": [row["label"] for row in rows if row["quantity"] == what],
            "x": [float(row["value"]) for row in rows if row["quantity"] == what],
            "text": [f"{float(row['value']):g} %" for row in rows if row["quantity"] == what],
            "textposition": "outside",
            "constraintext": "none",
            "marker": {"color": colour, "pattern": {"shape": shape}},
        }
        for what, (colour, shape) in _COLOURS.items()
    ]
    mine = patient_words(patient)
    listed = "; ".join(f"{row['label']}: {row['quantity']} {float(row['value']):g} %" for row in rows)
    layout = {
        "xaxis": figures.axis("% of the patients", 0, 110),
        "yaxis": {"automargin": True, "categoryorder": "array", "categoryarray": labels[::-1]},
        "barmode": "group",
        **figures.LEGEND,
    }
    title = f"Ascites and varices in published series. Your patient now: {mine}"
    return figures.figure("complications", title, f"{listed}. Your patient: {mine}.", data, layout)


def patient_words(patient: Patient) -> str:
    """Whether the patient of the sliders has ascites and varices at this visit."""
    fluid = "ascites" if patient.status.ascites[patient.now] else "no ascites"
    return f"{fluid}, {'varices' if patient.liver.scars.varices[patient.now] else 'no varices'}"


def lobe_ratios(ev: Evidence, patient: Patient) -> Figure:
    """LSVR: published means with SD, and the patient at the first scan and now."""
    rows = [row for row in ev.series("liver_form") if row["measure"] == "lsvr"]
    labels = [f"{row['group']} (published)" for row in rows]
    cut = next(float(row["cut_off"]) for row in rows if row["cut_off"] != "")
    spread = {"type": "data", "array": [float(row["sd"]) for row in rows], "color": figures.GREY, "width": 6}
    before, now = patient.lobes(0).lsvr, patient.lobes(patient.visit).lsvr
    mine = ["your patient, first scan", "your patient, now"]
    published = {"color": figures.GREY, "symbol": "square", "size": 9}
    here = {"color": figures.VERMILION, "symbol": "star", "size": 12}
    looks = {"type": "scatter", "mode": "markers"}
    means = [float(row["mean"]) for row in rows]
    data = [
        looks | {"name": "published mean and SD", "x": means, "y": labels, "error_x": spread, "marker": published},
        looks | {"name": "measured here", "x": [round(before, 3), round(now, 3)], "y": mine, "marker": here},
    ]
    layout = {
        "xaxis": figures.axis("segments I-III over IV-VIII (LSVR)", 0, 0.9),
        "yaxis": {"automargin": True, "categoryorder": "array", "categoryarray": [*labels, *mine][::-1]},
        "shapes": [{"type": "line", "yref": "paper", "x0": cut, "x1": cut, "y0": 0, "y1": 1, "line": figures.DOTTED}],
    }
    alt = f"LSVR {before:.2f} at the first scan, {now:.2f} now; cut-off for cirrhosis {cut:g}."
    return figures.figure("lsvr", f"Lobes: the dotted cut-off of {cut:g} is for cirrhosis", alt, data, layout)
