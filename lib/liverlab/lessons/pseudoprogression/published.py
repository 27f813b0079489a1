"""Published points of lesson 02 beside what the simulation gives; points are read from casesdata/series."""

from __future__ import annotations

import numpy as np

from liverlab.disease.kinetics import approach
from liverlab.evidence import Evidence, Scenario
from liverlab.imaging import contrast
from liverlab.imaging.kinetics_body import END_S
from liverlab.lessons.pseudoprogression import patient as patients
from liverlab.lessons.pseudoprogression.patient import CALLED_EQUIVOCAL, Patient
from liverlab.ui import figures
from liverlab.ui.describe import quantity
from liverlab.ui.figures import Figure

COLOURS = {"CR": figures.SKY, "PR": figures.GREEN, "SD": figures.GREY, "PD": figures.VERMILION}


def published_figures(ev: Evidence, patient: Patient) -> list[Figure]:
    """Liver enhancement, attenuation of lesions over time, and what two series found with the criteria."""
    return [
        liver_enhancement(ev),
        lesion_attenuation(ev, patient),
        responders_found(ev),
        categories(ev, patient),
    ]


def _values(ev: Evidence, series: str) -> dict[str, float]:
    return {row["quantity"]: float(row["value"]) for row in ev.series(series)}


def liver_enhancement(ev: Evidence) -> Figure:
    """Dresden series: the liver's HU by phase before and after chemotherapy, over the simulated curves."""
    patient = patients.simulate(Scenario("chemo_liver"), ev)
    t_s = np.arange(0.0, END_S / 2 + 1, 5.0)
    change_hu = float(patient.course.liver_enhancement_change_hu[-1])
    data = [
        figures.line(
            t_s, contrast.liver_hu(patient.values, hu, patient.protocol, t_s), f"simulated {name}", colour, dash
        )
        for name, hu, colour, dash in (
            ("before", 0.0, figures.BLUE, "solid"),
            ("after", change_hu, figures.VERMILION, "dash"),
        )
    ]
    # Published means are set a little apart, so that both error bars can be read.
    marks = (("before", -1.5, figures.BLUE, "circle"), ("after", 1.5, figures.VERMILION, "diamond"))
    for name, shift_s, colour, symbol in marks:
        rows = [row for row in ev.series("dresden2011") if row["treatment"] == name]
        data.append(
            figures.points(
                [float(row["delay_s"]) + shift_s for row in rows],
                [float(row["liver_hu"]) for row in rows],
                f"published {name}",
                colour,
                symbol,
                error_y={"type": "data", "array": [float(row["sd_hu"]) for row in rows], "color": colour, "width": 3},
            )
        )
    at = int(np.abs(t_s - patient.protocol.delay_s).argmin())
    count = int(float(ev.series("dresden2011")[0]["patients"]))
    return figures.figure(
        "liver-enhancement",
        f"The liver dims: {count} patients before and after chemotherapy",
        f"Liver attenuation against scan delay. Points: published mean and SD. Lines: simulated, at "
        f"{quantity(patient.protocol.delay_s)} s {quantity(float(data[0]['y'][at]), 'HU')} before and "
        f"{quantity(float(data[1]['y'][at]), 'HU')} after chemotherapy.",
        data,
        {
            "xaxis": figures.axis("scan delay, s", -5, 150),
            "yaxis": figures.axis("liver, HU", 30, 130),
            **figures.LEGEND,
        },
    )


def lesion_attenuation(ev: Evidence, patient: Patient) -> Figure:
    """Mean attenuation of the followed lesions over time beside two published series of imatinib."""
    density, first = _values(ev, "schindler2017"), _values(ev, "choi2007")["mean_density_hu"]
    days = np.linspace(0.0, float(patient.course.days[-1]), 49)
    curve = approach(
        days, density["baseline_density_hu"], density["final_density_hu"], density["density_time_constant_d"]
    )
    seen = patient.follow_up
    simulated = figures.line(
        patient.course.days, seen.mean_hu, "simulated, this patient", figures.BLUE,
        mode="lines+markers", marker={"symbol": "circle", "size": 7},
    )  # fmt: skip
    data = [
        simulated,
        figures.line(days, curve, "published course (Schindler 2017)", figures.VERMILION, "dash"),
        figures.points([0.0], [first], "published baseline (Choi 2007)", figures.PURPLE, "square"),
    ]
    return figures.figure(
        "lesion-attenuation",
        "How fast do lesions darken? Sources disagree",
        f"Mean attenuation of lesions against day. At day {quantity(float(days[-1]))}: simulated "
        f"{quantity(float(seen.mean_hu[-1]), 'HU')}, published mean course of all lesions "
        f"{quantity(float(curve[-1]), 'HU')}.",
        data,
        {
            "xaxis": figures.axis("day", -10, days[-1] * 1.03),
            "yaxis": figures.axis("lesions, HU", 0, 110),
            **figures.LEGEND,
        },
    )


def responders_found(ev: Evidence) -> Figure:
    """Choi 2007: of the patients who responded on PET, how many each criterion calls responders."""
    found = _values(ev, "choi2007")
    total = found["good_responders_pet"]
    names = {"RECIST": "recist_true_positive", "Choi": "choi_true_positive"}
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "x": [found[key]],
            "y": [name],
            "name": name,
            "text": [f"{found[key]:.0f} of {total:.0f}"],
            "textposition": "outside",
            "constraintext": "none",
            "marker": {"color": figures.BLUE if name == "RECIST" else figures.GREEN},
        }
        for name, key in names.items()
    ]
    return figures.figure(
        "responders",
        "Choi 2007: responders on PET that each criterion finds",
        ". ".join(f"{name}: {found[key]:.0f} of {total:.0f}" for name, key in names.items()) + ".",
        data,
        {"xaxis": figures.axis("patients", 0, 1.25 * total), "yaxis": {"automargin": True}, "bargap": 0.5},
    )


def categories(ev: Evidence, patient: Patient) -> Figure:
    """The sunitinib series: the same patients graded twice; and what this patient would be called today."""
    rows = ev.series("sunitinib2011")
    criteria = list(dict.fromkeys(row["criterion"] for row in rows))
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "x": [float(row["patients"]) for row in rows if row["category"] == category],
            "y": criteria,
            "name": category,
            "text": [category if float(row["patients"]) > 2 else "" for row in rows if row["category"] == category],
            "textposition": "inside",
            "insidetextanchor": "middle",
            "insidetextfont": {"color": "#000000"},  # readable on all four colours, in either theme
            "marker": {"color": colour},
        }
        for category, colour in COLOURS.items()
        if any(row["category"] == category and float(row["patients"]) for row in rows)
    ]
    total = sum(float(row["patients"]) for row in rows if row["criterion"] == criteria[0])
    mine = ", ".join(f"{name} {patient.verdict(name, CALLED_EQUIVOCAL)}" for name in ("RECIST 1.1", "Choi"))
    return figures.figure(
        "categories",
        f"Sunitinib 2011: the same {total:.0f} patients graded twice. Your patient: {mine}",
        f"Of {total:.0f} patients: "
        + "; ".join(
            f"{name} "
            + ", ".join(f"{row['category']} {float(row['patients']):.0f}" for row in rows if row["criterion"] == name)
            for name in criteria
        )
        + f". Your patient: {mine}.",
        data,
        {"barmode": "stack", "bargap": 0.5, "xaxis": figures.axis("patients", 0, total), "yaxis": {"automargin": True}},
    )
