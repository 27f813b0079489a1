"""How the curves of lesson 03 look; the numbers are the patient's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from liverlab.disease.scarred_liver import DAYS_PER_MONTH
from liverlab.lessons.pseudocirrhosis.patient import Patient
from liverlab.reading import recist
from liverlab.reading.liver_status import VARICES
from liverlab.reading.scar_tests import SIGNIFICANT_MMHG
from liverlab.ui import figures
from liverlab.ui.describe import quantity
from liverlab.ui.figures import Figure

ALBI_GRADES = (-2.60, -1.39)  # the best grade ends at the first, the worst starts at the second (Johnson 2015)
_ALBI_RANGE = (-0.6, -3.3)  # drawn upside down: up is better
_SIZE_RANGE = (-100.0, 60.0)
_MONTHS_RANGE = (-0.6, 24.6)


def uncoupling(patient: Patient) -> Figure:
    """Tumour against liver function: the path of the patient up to the visit."""
    seen, visit = patient.follow_up, patient.visit
    size = [_inside(v, *_SIZE_RANGE) for v in seen.size_change_pct[: visit + 1]]
    albi = [round(_inside(v, _ALBI_RANGE[1], _ALBI_RANGE[0]), 2) for v in patient.status.albi[patient.at[: visit + 1]]]
    star = {"color": figures.VERMILION, "symbol": "star", "size": 14}
    data = [
        figures.line(size, albi, "path", figures.BLUE, mode="lines+markers") | {"y": albi},
        figures.points(size[-1:], albi[-1:], "now", figures.VERMILION, "star", marker=star) | {"y": albi[-1:]},
        _words(
            [
                (-98, -3.18, "tumour responds, liver works", "middle right"),
                (-98, -0.72, "tumour responds, liver fails", "middle right"),
                (58, -0.72, "both fail", "middle left"),
                (58, ALBI_GRADES[0] - 0.16, "ALBI grade 1", "middle left"),
                (58, ALBI_GRADES[1] + 0.16, "ALBI grade 3", "middle left"),
            ]
        ),
    ]
    lines = [
        {"type": "line", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": figures.DOTTED}
        for x in (-recist.PR_FALL_PCT, recist.PD_RISE_PCT)
    ] + [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": figures.DOTTED}
        for y in ALBI_GRADES
    ]
    alt = (
        f"Tumour against liver: sum of diameters {quantity(seen.size_change_pct[visit], '%', signed=True)} since the "
        f"first scan, ALBI {quantity(patient.status.albi[patient.now], digits=2)}, from "
        f"{quantity(patient.status.albi[0], digits=2)}."
    )
    layout = {
        "xaxis": figures.axis("sum of diameters, % change", *_SIZE_RANGE),
        "yaxis": figures.axis("ALBI (up is better)", *_ALBI_RANGE, zeroline=False),
        "shapes": lines,
    }
    return figures.figure("uncoupling", "Tumour against liver", alt, data, layout)


def course(patient: Patient, truth: bool) -> Figure:
    """What was measured over the months, in per cent of the first scan; with the truth, the pressures."""
    seen, at, months = patient.follow_up, patient.at, patient.months
    scars, labs = patient.liver.scars, patient.liver.labs
    shown = [
        ("sum of diameters", seen.size_change_pct + 100.0, figures.BLUE, "solid", "circle"),
        ("liver", _percent(scars.liver_ml[at]), figures.VERMILION, "dash", "diamond"),
        ("spleen", _percent(scars.spleen_ml[at]), figures.GREEN, "dot", "square"),
        ("platelets", _percent(labs.platelets_1e9_l[at]), figures.PURPLE, "dashdot", "x"),
    ]
    data = [
        figures.line(months, values, name, colour, dash, mode="lines+markers", marker={"symbol": symbol, "size": 6})
        for name, values, colour, dash, symbol in shown
    ]
    top = max(160.0, 1.05 * max(float(max(values)) for _, values, *_ in shown))
    layout: dict[str, Any] = {
        "xaxis": figures.axis("months", *_MONTHS_RANGE),
        "yaxis": figures.axis("% of the first scan", 0, top),
        "shapes": [_upright(float(months[patient.visit]), "solid"), *_change(patient)],
        **figures.LEGEND,
    }
    if truth:
        days = patient.liver.days
        for name, values, dash in (
            ("portal gradient (truth)", scars.portal_gradient_mmhg, "solid"),
            ("HVPG (truth)", scars.hvpg_mmhg, "dot"),
        ):
            data.append(figures.line(days / DAYS_PER_MONTH, values, name, figures.ORANGE, dash, yaxis="y2"))
        most = max(30.0, 1.1 * float(scars.portal_gradient_mmhg.max()))
        layout["yaxis2"] = figures.axis("mmHg", 0, most, overlaying="y", side="right", showgrid=False)
        layout["margin"] = figures.LEGEND["margin"] | {"r": 44}
    alt = "In per cent of the first scan, now: " + ", ".join(
        f"{name} {quantity(values[patient.visit], '%')}" for name, values, *_ in shown
    )
    return figures.figure("course", "Over the months", f"{alt}.", data, layout)


def scores(patient: Patient) -> list[Figure]:
    """Child-Pugh and MELD 3.0, albumin and bilirubin over the months, for the tab on the failing liver."""
    at, months, labs, status = patient.at, patient.months, patient.liver.labs, patient.status
    points = (
        ("Child-Pugh", status.child_pugh[at], figures.BLUE, "solid", "circle"),
        ("MELD 3.0", status.meld3[at], figures.VERMILION, "dash", "diamond"),
    )
    values = (
        ("albumin, g/L", labs.albumin_g_l[at], figures.GREEN, "dot", "square"),
        ("bilirubin, µmol/L", labs.bilirubin_umol_l[at], figures.PURPLE, "dashdot", "x"),
    )
    return [
        _over_months(patient, "scores", "Scores", "points", points, months, 0, 25),
        _over_months(patient, "labs", "Albumin and bilirubin", "g/L and µmol/L", values, months, 0, 60),
    ]


def _over_months(patient, id_, title, unit, shown, months, low, high):
    data = [
        figures.line(months, values, name, colour, dash, mode="lines+markers", marker={"symbol": symbol, "size": 6})
        for name, values, colour, dash, symbol in shown
    ]
    top = max(high, 1.1 * max(float(max(values)) for _, values, *_ in shown))
    alt = f"{title} now: " + ", ".join(f"{name} {quantity(values[patient.visit])}" for name, values, *_ in shown)
    layout = {
        "xaxis": figures.axis("months", *_MONTHS_RANGE),
        "yaxis": figures.axis(unit, low, top),
        "shapes": [_upright(float(months[patient.visit]), "solid"), *_change(patient)],
        **figures.LEGEND,
    }
    return figures.figure(id_, title, f"{alt}.", data, layout)


def pressure_words(patient: Patient) -> str:
    """Varices and pressures at the visit, for those who look behind the picture."""
    scars, now = patient.liver.scars, patient.now
    high = "above" if scars.portal_gradient_mmhg[now] >= SIGNIFICANT_MMHG else "below"
    return (
        f"portal gradient {quantity(scars.portal_gradient_mmhg[now], 'mmHg')}, {high} the {SIGNIFICANT_MMHG:.0f} mmHg "
        f"that count; HVPG {quantity(scars.hvpg_mmhg[now], 'mmHg')}; varices {VARICES[int(scars.varices[now])]}"
    )


def _change(patient: Patient) -> list[dict[str, Any]]:
    """The change of therapy, where there is one."""
    months = patient.values["therapy_change_months"]
    return [_upright(months, "dash")] if months * DAYS_PER_MONTH < patient.days[-1] else []


def _upright(x: float, dash: str) -> dict[str, Any]:
    look = {"color": figures.GREY, "width": 1, "dash": dash}
    return {"type": "line", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": look}


def _words(labels: Sequence[tuple[float, float, str, str]]) -> dict[str, Any]:
    """Words of a plot as one trace."""
    x, y, text, place = (list(column) for column in zip(*labels, strict=True))
    return {"type": "scatter", "mode": "text", "name": "labels", "x": x, "y": y, "text": text, "textposition": place,
            "textfont": {"size": 11}, "hoverinfo": "skip", "cliponaxis": False}  # fmt: skip


def _percent(values):
    return 100.0 * values / values[0]


def _inside(value: float, low: float, high: float) -> float:
    return float(min(max(float(value), low), high))
