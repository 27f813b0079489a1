"""Live figures of the overview: enhancement over time with your delay, and contrast against size with your noise."""

from __future__ import annotations

import numpy as np

from liverlab.imaging import contrast, lesion_looks
from liverlab.lessons.liver_metastases.patient import Patient
from liverlab.reading import visibility
from liverlab.ui import figures
from liverlab.ui.describe import quantity
from liverlab.ui.figures import Figure

# Phase bands as taught: late arterial 25-35 s, portal venous 50-90 s.
BANDS = ((25.0, 35.0, "late arterial"), (50.0, 90.0, "portal venous"))
END_S, STEP_S = 200.0, 5.0
TOP_HU = 260.0  # the aorta's peak leaves the plot, so that liver and lesion can be told apart
BESIDE = {
    "showlegend": True,
    "legend": {"x": 1.01, "xanchor": "left", "y": 1.05, "yanchor": "top", "font": {"size": 10}},
}


def enhancement(patient: Patient) -> Figure:
    """HU of aorta, portal vein, liver and lesion against the delay, and where this scan stands."""
    t_s = np.arange(0.0, END_S + 1, STEP_S)
    vessels = contrast.curves(patient.protocol, t_s)
    tissues = patient.ev.tissues["ct"]
    look = patient.looks[patient.largest]
    liver = contrast.liver_hu(patient.values, 0.0, patient.protocol, t_s)
    rim = lesion_looks.part_hu(look, "rim", patient.protocol, patient.values, t_s)
    shown = [
        ("aorta", tissues["aorta"].unenhanced_hu + vessels["aorta"], figures.VERMILION, "dot"),
        ("portal vein", tissues["portal_vein"].unenhanced_hu + vessels["portal_vein"], figures.BLUE, "dash"),
        ("liver", liver, figures.GREEN, "solid"),
        ("lesion, rim" if "inner" in look.parts else "lesion", rim, figures.PURPLE, "longdash"),
    ]
    if "inner" in look.parts:
        inner = lesion_looks.part_hu(look, "inner", patient.protocol, patient.values, t_s)
        shown.append(("lesion, inside", inner, figures.PURPLE, "dashdot"))
    data = [figures.line(t_s, hu, name, colour, dash) for name, hu, colour, dash in shown]
    bands = [
        {
            "type": "rect", "x0": low, "x1": high, "yref": "paper", "y0": 0, "y1": 1, "layer": "below",
            "fillcolor": figures.GREY, "opacity": 0.15, "line": {"width": 0},
        }
        for low, high, _ in BANDS
    ]  # fmt: skip
    delay_s = patient.protocol.delay_s
    now = {
        "type": "line", "yref": "paper", "x0": delay_s, "x1": delay_s, "y0": 0, "y1": 1,
        "line": {"color": figures.ORANGE, "width": 3},
    }  # fmt: skip
    name = patient.lesions[patient.largest].label
    alt = (
        f"Brightness against delay. At {quantity(delay_s)} s: liver {quantity(patient.liver_hu)} HU, lesion {name} "
        f"{quantity(patient.liver_hu + patient.contrast_hu[patient.largest])} HU on average."
    )
    layout = {
        "xaxis": figures.axis("delay, s", 0, END_S),
        "yaxis": figures.axis("HU", 0, TOP_HU),
        "shapes": [*bands, now],
        **BESIDE,
    }
    return figures.figure("enhancement", "When is what bright? Orange: your delay", alt, data, layout)


def seen(patient: Patient, truth: bool) -> Figure:
    """Contrast against size with the limit of this noise; each lesion that is seen, with the truth also the others."""
    size, visible = patient.diameter_mm[:, patient.visit], patient.now.visible
    difference = np.abs(patient.contrast_hu)
    limit_mm = np.linspace(3.0, 60.0, 58)
    limit_hu = visibility.threshold_contrast_hu(limit_mm, patient.noise_hu, patient.values["visibility_threshold_mm"])
    data = [
        figures.line(limit_mm, limit_hu, "limit", figures.GREY, "dash"),
        figures.points(size[visible], difference[visible], "seen", figures.BLUE, "circle"),
    ]
    if truth:
        data.append(figures.points(size[~visible], difference[~visible], "missed", figures.VERMILION, "circle-open"))
    missed = f" Missed: {int((~visible).sum())}." if truth else ""
    alt = f"Contrast against size. Noise {quantity(patient.noise_hu)} HU. Seen: {int(visible.sum())}.{missed}"
    layout = {
        "xaxis": figures.axis("diameter, mm", 0, 62),
        "yaxis": figures.axis("contrast, HU", 0, 120),
        "annotations": [] if visible.any() or truth else [figures.remark("no lesion is seen")],
        **BESIDE,
    }
    return figures.figure("seen", "Above the line a lesion is seen", alt, data, layout)
