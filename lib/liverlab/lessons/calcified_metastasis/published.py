"""Published points of lesson 04; read from casesdata/series."""

from __future__ import annotations

from typing import Any

import numpy as np

from liverlab.evidence import Evidence
from liverlab.imaging import contrast
from liverlab.imaging.calcium import CALCIUM_HU
from liverlab.imaging.kinetics_body import END_S
from liverlab.lessons.calcified_metastasis.patient import Patient
from liverlab.ui import figures
from liverlab.ui.figures import Figure

NOT_FOUND = "no percentage found"


def published_figures(ev: Evidence, patient: Patient) -> list[Figure]:
    """How often metastases calcify, what became of the patients, and how contrast medium hides calcium."""
    return [frequency(ev), outcome(ev), obscured(ev, patient)]


def frequency(ev: Evidence) -> Figure:
    """Share of patients with calcified metastases by primary; ranges as bars of their middle with error."""
    names, percents, low, high, text = [], [], [], [], []
    for row in ev.series("calcification_frequency"):
        share, bottom, top = (_number(row[key]) for key in ("percent", "percent_low", "percent_high"))
        names.append(str(row["disease"]))
        middle = share if share is not None else (bottom + top) / 2 if bottom is not None else 0.0
        percents.append(middle)
        low.append(middle - bottom if bottom is not None else 0.0)
        high.append(top - middle if top is not None else 0.0)
        counts = f"{row['calcified']:.0f} of {row['patients']:.0f}" if row["calcified"] != "" else ""
        ranged = f"{bottom:.0f} to {top:.0f} %" if bottom is not None else ""
        text.append(counts or ranged or NOT_FOUND)
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": percents,
        "y": names,
        "name": "patients with calcified metastases",
        "marker": {"color": figures.BLUE},
        "error_x": {"type": "data", "symmetric": False, "array": high, "arrayminus": low, "color": figures.GREY},
    }
    # Beside the bar and its range, where no line runs through the words.
    words = {
        "type": "scatter",
        "mode": "text",
        "x": [middle + above + 0.8 for middle, above in zip(percents, high, strict=True)],
        "y": names,
        "name": "labels",
        "text": text,
        "textposition": "middle right",
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
    alt = ". ".join(f"{name}: {said}" for name, said in zip(names, text, strict=True)) + "."
    layout = {
        "xaxis": figures.axis("patients, %", 0, 40),
        "yaxis": {"automargin": True, "autorange": "reversed"},
        "bargap": 0.4,
    }
    return figures.figure("frequency", "How often do metastases calcify? Breast: not known", alt, [bars, words], layout)


def outcome(ev: Evidence) -> Figure:
    """Months with and without calcium in colorectal disease, beside what the founding text says of breast cancer."""
    rows = [row for row in ev.series("calcification_outcome") if row["unit"] == "months"]
    names = [f"{row['measure']}" for row in rows]
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "x": [float(row[key]) for row in rows],
            "y": names,
            "name": label,
            "text": [f"{float(row[key]):g}" for row in rows],
            "textposition": "outside",
            "cliponaxis": False,
            "marker": {"color": colour, "pattern": {"shape": shape}},
        }
        for key, label, colour, shape in (
            ("calcified", "calcified (or rising)", figures.GREEN, ""),
            ("not_calcified", "not calcified (or not rising)", figures.GREY, "/"),
        )
    ]
    alt = ". ".join(
        f"{row['measure']}: {float(row['calcified']):g} against {float(row['not_calcified']):g} months" for row in rows
    )
    layout = {
        "barmode": "group",
        "bargap": 0.3,
        "xaxis": figures.axis("months", 0, 28),
        "yaxis": {"automargin": True, "autorange": "reversed"},
        **figures.LEGEND,
    }
    title = "Colorectal, on cetuximab: better with calcium"
    return figures.figure("outcome", title, f"{alt}.", data, layout)


def obscured(ev: Evidence, patient: Patient) -> Figure:
    """How far a calcification of 130 HU stands out from the liver, simulated and as published."""
    t_s = np.arange(0.0, END_S / 2 + 1, 5.0)
    change_hu = float(patient.course.liver_enhancement_change_hu[patient.visit])
    liver = contrast.liver_hu(patient.values, change_hu, patient.protocol, t_s)
    rows = [row for row in ev.series("dresden2011") if row["treatment"] == "before"]
    away = [CALCIUM_HU - float(row["liver_hu"]) for row in rows]
    data = [
        figures.line(t_s, CALCIUM_HU - liver, "simulated", figures.BLUE),
        figures.points(
            [float(row["delay_s"]) for row in rows], away, "with the published liver", figures.VERMILION, "diamond"
        ),
    ]
    said = ", ".join(f"{row['phase']} {hu:.0f} HU" for row, hu in zip(rows, away, strict=True))
    now = CALCIUM_HU - float(np.interp(patient.protocol.delay_s, t_s, liver))
    alt = (
        f"A calcification of 130 HU stands out from the published liver by: {said}; from the simulated one by "
        f"{now:.0f} HU at {patient.protocol.delay_s:.0f} s. "
        "In 22 patients calcification became obscure after contrast medium (Xu 2010)."
    )
    layout = {
        "xaxis": figures.axis("scan delay, s", -5, END_S / 2 + 5),
        "yaxis": figures.axis("130 HU less liver, HU", 0, 90),
        **figures.LEGEND,
    }
    return figures.figure("obscured", "Contrast medium hides calcium of 130 HU", alt, data, layout)


def _number(cell: Any) -> float | None:
    return None if cell == "" else float(cell)
