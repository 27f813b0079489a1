"""Published points of lesson 05 beside what the simulation gives; points are read from casesdata/series."""

from __future__ import annotations

from typing import Any

import numpy as np

from liverlab.evidence import Evidence, Scenario
from liverlab.lessons.sinusoidal_metastasis import charts
from liverlab.lessons.sinusoidal_metastasis import patient as patients
from liverlab.lessons.sinusoidal_metastasis.patient import DAYS, Patient
from liverlab.ui import figures
from liverlab.ui.describe import quantity
from liverlab.ui.figures import Figure

TEMPO = {"TR1": (figures.VERMILION, "circle"), "TR2": (figures.BLUE, "diamond")}


def published_figures(ev: Evidence, patient: Patient) -> list[Figure]:
    """Tempo of bilirubin in two patients, ratios of two groups, doubling times of the tumour."""
    return [tempo(ev), ratios(ev, patient), doubling_times(ev, patient)]


def tempo(ev: Evidence) -> Figure:
    """TR1 and TR2 over the bilirubin of the untreated default patient, shifted to where each of them began.

    Patients differ in how far they are on their first day; the shift is the only thing fitted.
    """
    usual = untreated(ev)
    days, bilirubin = DAYS, usual.course.labs.bilirubin_mg_dl
    alive = days < usual.died_d
    data = [figures.line(days[alive], bilirubin[alive], "simulated, untreated", figures.GREY)]
    said = []
    for case, (colour, symbol) in TEMPO.items():
        at, value = published_bilirubin(ev, case)
        shift = start_d(usual, value[0])
        simulated = np.interp(at + shift, days, bilirubin)
        data.append(
            figures.points(at + shift, value, f"{case}, moved by {quantity(shift, 'days', 0)}", colour, symbol,
                           marker={"color": colour, "symbol": symbol, "size": 11})
        )  # fmt: skip
        said.append(f"{case} {value[-1]:g} mg/dL, simulated {simulated[-1]:.1f}")
    layout = {
        "xaxis": figures.axis("day of the simulated patient", -20, 40),
        "yaxis": figures.axis("bilirubin, mg/dL", 0, 18),
        **figures.LEGEND,
    }
    alt = f"Bilirubin of two published patients over the simulated course. At the second point: {'; '.join(said)}."
    return figures.figure("tempo", "Tempo: bilirubin of two published patients doubled in six days", alt, data, layout)


def untreated(ev: Evidence) -> Patient:
    """The patient of the default parameters, whose biopsy comes too late."""
    return patients.simulate(Scenario("sclc_sinusoidal").with_changes(sinusoidal_occupancy_pct=33, tissue_day_d=50), ev)


def published_bilirubin(ev: Evidence, case: str) -> tuple[np.ndarray, np.ndarray]:
    """Days and bilirubin (mg/dL) of a published patient."""
    rows = [row for row in ev.series("sinusoidal_cases") if row["case"] == case and row["analyte"] == "bilirubin_mg_dl"]
    rows = [row for row in rows if row["day"] != ""]
    return np.array([float(row["day"]) for row in rows]), np.array([float(row["value"]) for row in rows])


def start_d(patient: Patient, bilirubin_mg_dl: float) -> float:
    """Day on which the simulated patient reaches a bilirubin."""
    return float(np.interp(bilirubin_mg_dl, patient.course.labs.bilirubin_mg_dl, DAYS))


def ratios(ev: Evidence, patient: Patient) -> Figure:
    """LDH over ALT of two published groups, of the mimics and of this patient."""
    rows = charts.registry(ev)
    groups = [("small cell failure", rows["Small cell failure", "ldh_over_alt"], figures.VERMILION),
              ("other failure", rows["Other failure", "ldh_over_alt"], figures.BLUE)]  # fmt: skip
    data = [_group(name, row, colour) for name, row, colour in groups]
    now = float(patient.ldh_over_alt.raw[patient.at])
    data.append(_mark("this patient", now, figures.GREY, "star"))
    alt = (
        ", ".join(f"{name} {row['value']:g}" for name, row, _ in groups)
        + f" (mean and one standard deviation, a handful of patients); this patient {quantity(now, '', 1)}."
    )
    layout = {
        "xaxis": figures.axis("LDH over ALT, both in upper limits", 0, max(5.5, 1.15 * now)),
        "yaxis": {"automargin": True},
    }
    return figures.figure("ratios", "LDH over ALT, mean ± SD of a handful of patients", alt, data, layout)


def _group(name: str, row: Any, colour: str) -> dict[str, Any]:
    error = {"type": "data", "array": [float(row["high"]) - float(row["value"])], "color": colour, "width": 4}
    return _mark(name, float(row["value"]), colour, "diamond") | {"error_x": error}


def _mark(name: str, value: float, colour: str, symbol: str) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "markers", "x": [round(value, 2)], "y": [name], "name": name,
        "marker": {"color": colour, "symbol": symbol, "size": 12},
    }  # fmt: skip


def doubling_times(ev: Evidence, patient: Patient) -> Figure:
    """Clinical doubling times of small cell lung cancer, and what this page is set to."""
    rows = [row for row in ev.series("doubling_times") if row["key"].startswith("sclc")]
    data = []
    for row, colour in zip(rows, (figures.BLUE, figures.GREEN), strict=True):
        error = {
            "type": "data", "symmetric": False, "array": [float(row["high_d"]) - float(row["doubling_d"])],
            "arrayminus": [float(row["doubling_d"]) - float(row["low_d"])], "color": colour, "width": 4,
        }  # fmt: skip
        name = f"{row['key'][-4:]}, {float(row['patients']):.0f} patients"
        data.append(_mark(name, float(row["doubling_d"]), colour, "diamond") | {"error_x": error})
    set_to = patient.values["tumour_doubling_d"]
    data.append(_mark("set on this page", set_to, figures.VERMILION, "star"))
    alt = (
        "; ".join(
            f"{row['key'][-4:]}: median {row['doubling_d']:g} days, {row['low_d']:g} to {row['high_d']:g}"
            for row in rows
        )
        + f". Set on this page: {quantity(set_to)} days."
    )
    layout = {"xaxis": figures.axis("doubling time of the tumour, days", 0, 215), "yaxis": {"automargin": True}}
    return figures.figure("doubling", "Small cell lung cancer doubles in weeks to months", alt, data, layout)
