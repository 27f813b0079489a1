"""Published numbers of the overview beside what the simulation gives; points are read from casesdata/series."""

from __future__ import annotations

from typing import Any

import numpy as np

from liverlab.imaging import pet
from liverlab.lessons.liver_metastases.patient import Patient
from liverlab.reading import visibility
from liverlab.ui import figures
from liverlab.ui.figures import Figure

COLOURS = (figures.BLUE, figures.VERMILION, figures.GREEN, figures.PURPLE, figures.ORANGE)
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "x")


def detection(patient: Patient, counted: str) -> Figure:
    """Sensitivity by modality of every series that counts lesions, or patients, with intervals where published."""
    rows = [row for row in patient.ev.series("detection") if row["counted"] == counted]
    studies = list(dict.fromkeys(row["study"] for row in rows))
    order = ["US", "CEUS", "CT", "MRI", "PET", "PET/CT"]
    data = []
    for study, colour, symbol in zip(studies, COLOURS, SYMBOLS, strict=False):
        own = [row for row in rows if row["study"] == study]
        shift = 0.12 * (studies.index(study) - (len(studies) - 1) / 2)
        x = [order.index(row["modality"]) + shift for row in own]
        y = [float(row["sensitivity_pct"]) for row in own]
        up = [float(row["high_pct"] or value) - value for row, value in zip(own, y, strict=True)]
        down = [value - float(row["low_pct"] or value) for row, value in zip(own, y, strict=True)]
        error = {"type": "data", "symmetric": False, "array": up, "arrayminus": down, "color": colour, "width": 4}
        data.append(figures.points(x, y, study, colour, symbol, error_y=error))
        data[-1]["x"] = [round(value, 2) for value in x]
    what = "lesions" if counted == "lesion" else "patients with lesions"
    alt = f"Share of {what} found. " + "; ".join(
        f"{row['study']}, {row['modality']}: {float(row['sensitivity_pct']):g} %" for row in rows
    )
    layout = {
        "xaxis": figures.axis("", -0.6, len(order) - 0.4)
        | {"tickvals": list(range(len(order))), "ticktext": order, "zeroline": False},
        "yaxis": figures.axis("found, %", 30, 102),
        **figures.LEGEND,
    }
    title = "Of all lesions, how many are found?" if counted == "lesion" else "Of all patients, how many are found?"
    return figures.figure(f"detection-{counted}", title, f"{alt}.", data, layout)


def recovery(patient: Patient) -> Figure:
    """What PET keeps of a sphere's contrast, against its size, with the limits of accredited scanners."""
    rows = patient.ev.series("earl")
    size = np.linspace(0.0, 40.0, 81)
    middle = [(float(row["low"]) + float(row["high"])) / 2 for row in rows]
    half = [(float(row["high"]) - float(row["low"])) / 2 for row in rows]
    error = {"type": "data", "array": [50 * 2 * h for h in half], "color": figures.GREY, "width": 4}
    data = [
        figures.line(size, 100 * pet.peak_recovery(size), "simulated, 6 mm resolution", figures.BLUE),
        figures.line(size, 100 * pet.peak_recovery(size, 8.0), "the same at 8 mm", figures.SKY, "dash"),
        figures.points(
            [float(row["diameter_mm"]) for row in rows], [100 * m for m in middle], "limits of accreditation (EARL)",
            figures.GREY, "square", error_y=error,
        ),
    ]  # fmt: skip
    layout = {
        "xaxis": figures.axis("diameter of the sphere, mm", 0, 40),
        "yaxis": figures.axis("contrast left, %", 0, 120),
        **figures.LEGEND,
    }
    alt = (
        "Share of the true contrast that PET shows in the middle of a sphere: about half at 8 mm, nearly all at 20 mm."
    )
    return figures.figure("recovery", "PET: a small hot lesion looks colder than it is", alt, data, layout)


def reader_limits(patient: Patient) -> Figure:
    """Contrast that readers needed at three sizes, over the limit the page uses at the same noise."""
    rows = [row for row in patient.ev.series("yan2025") if row["dose"] == "regular"]
    size = np.linspace(4.0, 18.0, 57)
    data = []
    for scanner, colour, symbol, dash in (
        ("A", figures.BLUE, "circle", "dash"),
        ("B", figures.VERMILION, "diamond", "dot"),
    ):
        own = [row for row in rows if row["scanner"] == scanner]
        noise = float(own[0]["noise_hu"])
        limit = visibility.threshold_contrast_hu(size, noise, patient.values["visibility_threshold_mm"])
        data.append(figures.line(size, limit, f"limit at {noise:g} HU of noise", colour, dash))
        data.append(
            figures.points(
                [float(row["diameter_mm"]) for row in own], [abs(float(row["contrast_hu"])) for row in own],
                f"readers, scanner {scanner} (Yan 2025)", colour, symbol,
            )
        )  # fmt: skip
    layout = {
        "xaxis": figures.axis("diameter, mm", 3, 18),
        "yaxis": figures.axis("difference needed, HU", 0, 120),
        **figures.LEGEND,
    }
    alt = "Contrast that seven readers needed: 70, 35 and 30 HU at 5, 10 and 15 mm (scanner A). The line is the page's."
    return figures.figure("reader-limits", "How much contrast do readers need?", alt, data, layout)


def origins(patient: Patient) -> Figure:
    """Share of each primary among patients with liver metastases, counted in a registry and among biopsies."""
    rows = patient.ev.series("origins")
    ways = [way for way in dict.fromkeys(row["counted"] for row in rows) if way != "Registry, 2020"]
    primaries = list(dict.fromkeys(row["primary"] for row in rows if row["counted"] in ways))
    data: list[dict[str, Any]] = []
    for way, colour, shape in zip(ways, (figures.BLUE, figures.ORANGE), ("", "/"), strict=True):
        own = {row["primary"]: float(row["share_pct"]) for row in rows if row["counted"] == way}
        there = [primary for primary in primaries if primary in own]
        data.append(
            {
                "type": "bar", "orientation": "h", "name": way, "y": there, "x": [own[one] for one in there],
                "text": [f"{own[one]:g} %" for one in there], "textposition": "outside", "constraintext": "none",
                "cliponaxis": False,
                "marker": {"color": colour, "pattern": {"shape": shape}},
            }
        )  # fmt: skip
    layout = {
        "barmode": "group",
        "xaxis": figures.axis("of patients with liver metastases, %", 0, 42),
        "yaxis": {"automargin": True, "autorange": "reversed"},
        **figures.LEGEND,
    }
    alt = ". ".join(
        f"{way}: "
        + ", ".join(f"{row['primary']} {float(row['share_pct']):g} %" for row in rows if row["counted"] == way)
        for way in ways
    )
    return figures.figure("origins", "Where do they come from? Two ways of counting", f"{alt}.", data, layout)


def small_lesions(patient: Patient) -> Figure:
    """What small liver lesions in two series turned out to be."""
    rows = [row for row in patient.ev.series("small_lesions") if row["malignant_pct"] != ""]
    names = [f"{row['study']}, up to {float(row['largest_mm']):g} mm, {row['counted']}" for row in rows]
    parts = (("benign", "benign_pct", figures.GREEN, ""), ("metastasis", "malignant_pct", figures.VERMILION, "/"),
             ("not clear", "unclear_pct", figures.GREY, "."))  # fmt: skip
    data = [
        {
            "type": "bar", "orientation": "h", "name": name, "y": names, "x": [float(row[key] or 0) for row in rows],
            "text": [f"{float(row[key]):g} %" if row[key] != "" else "" for row in rows], "textposition": "inside",
            "insidetextfont": {"color": "#000000"},
            "marker": {"color": colour, "pattern": {"shape": shape, "solidity": 0.15}},
        }
        for name, key, colour, shape in parts
    ]  # fmt: skip
    layout = {
        "barmode": "stack", "bargap": 0.4, "xaxis": figures.axis("%", 0, 101), "yaxis": {"automargin": True},
        **figures.LEGEND | {"legend": figures.LEGEND["legend"] | {"traceorder": "normal"}},
    }  # fmt: skip
    alt = "; ".join(
        f"{name}: {float(row['benign_pct']):g} % benign, {float(row['malignant_pct']):g} % metastases"
        for name, row in zip(names, rows, strict=True)
    )
    return figures.figure("small-lesions", "Small lesions: what they turned out to be", f"{alt}.", data, layout)
