"""Live figures of lesson 04: brightness and conspicuity against the delay of the scan."""

from __future__ import annotations

import numpy as np

from liverlab.imaging import contrast
from liverlab.imaging.calcium import CALCIUM_HU
from liverlab.imaging.kinetics_body import END_S
from liverlab.lessons.calcified_metastasis.patient import Patient
from liverlab.ui import figures
from liverlab.ui.describe import quantity
from liverlab.ui.figures import Figure

T_S = np.arange(0.0, END_S + 1, 5.0)
SPOT, NODULE, LIVER = figures.VERMILION, figures.PURPLE, figures.BLUE
TOP_HU = 260.0  # the plot reaches at least this high, so that it does not jump with every step of a slider


def live(patient: Patient, truth: bool) -> list[Figure]:
    """The figures beside the picture."""
    liver = contrast.liver_hu(
        patient.values, float(patient.course.liver_enhancement_change_hu[patient.visit]), patient.protocol, T_S
    )
    spot = patient.spot_hu(T_S)
    nodule = patient.lesion_tissue_hu(patient.enhancing_lesion, T_S)
    return [brightness(patient, liver, spot, nodule, truth), conspicuity(patient, liver, spot, nodule)]


def names(patient: Patient) -> tuple[str, str]:
    """What the followed spot and nodule are called."""
    return f"spot in {patient.labels[patient.spot_lesion]}", f"nodule {patient.labels[patient.enhancing_lesion]}"


def brightness(patient: Patient, liver, spot, nodule, truth: bool) -> Figure:
    """HU against delay: what crosses 130 HU, and when."""
    name_spot, name_nodule = names(patient)
    data = [
        figures.line(T_S, liver, "liver", LIVER),
        figures.line(T_S, spot, name_spot, SPOT, "dash"),
        figures.line(T_S, nodule, name_nodule, NODULE, "dashdot"),
    ]
    if truth:
        bare = patient.lesion_tissue_hu(patient.spot_lesion, T_S)
        data.append(figures.line(T_S, bare, f"{patient.labels[patient.spot_lesion]} without Ca", figures.GREEN, "dot"))
    delay_s = patient.protocol.delay_s
    alt = (
        f"Brightness against scan delay. At {delay_s:.0f} s: liver {quantity(patient.liver_hu(patient.visit), 'HU')}, "
        f"{name_spot} {quantity(patient.spot_hu(), 'HU')}, "
        f"{name_nodule} {quantity(patient.lesion_tissue_hu(patient.enhancing_lesion), 'HU')}."
    )
    top = max(TOP_HU, 1.08 * float(np.max(spot)))
    layout = {
        "xaxis": figures.axis("scan delay, s", -5, END_S + 5),
        "yaxis": figures.axis("HU", 0, top),
        "shapes": [_upright(delay_s), _level(CALCIUM_HU)],
        **figures.LEGEND,
    }
    return figures.figure("brightness", "How bright? Dotted: 130 HU", alt, data, layout)


def conspicuity(patient: Patient, liver, spot, nodule) -> Figure:
    """Difference to the liver against delay, and what a spot of this size needs to be seen."""
    name_spot, name_nodule = names(patient)
    needed = patient.seen_from_hu(patient.spot_mm)
    data = [
        figures.line(T_S, spot - liver, name_spot, SPOT, "dash"),
        figures.line(T_S, nodule - liver, name_nodule, NODULE, "dashdot"),
    ]
    stands_out = patient.spot_hu() - patient.liver_hu(patient.visit)
    other = float(np.interp(patient.protocol.delay_s, T_S, nodule - liver))
    alt = (
        f"Difference to the liver against scan delay. Now the {name_spot} stands out by "
        f"{quantity(stands_out, 'HU', signed=True)}; a spot of its size needs {quantity(needed, 'HU')}. "
        f"The {name_nodule} stands out by {quantity(other, 'HU', signed=True)}."
    )
    top = max(TOP_HU - 60.0, 1.08 * float(np.max(spot - liver)), 1.08 * needed)
    layout = {
        "xaxis": figures.axis("scan delay, s", -5, END_S + 5),
        "yaxis": figures.axis("HU above liver", -80, top),
        "shapes": [_upright(patient.protocol.delay_s), _level(needed)],
        **figures.LEGEND,
    }
    return figures.figure("conspicuity", "Does it stand out? Dotted: needed", alt, data, layout)


def _upright(x: float) -> dict:
    line = {"color": figures.GREY, "width": 1}
    return {"type": "line", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line}


def _level(y: float) -> dict:
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": figures.DOTTED}
