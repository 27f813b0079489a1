"""Injuries that imitate tumour in the sinusoids, told to the liver as forces that come and go.

Every one is a course of the same model (`liver_function`), so a learner can match two of them on one day and see which
analyte pulls them apart. All sizes and times are illustrative: they give each its textbook pattern.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import liver_function, sinusoid
from .checks import days as checked_days
from .checks import number, take
from .liver_drivers import Drivers, Force, grid, on_days

STAYS = np.inf  # until the cause is removed
LEAST_SHARE = 0.02  # no injury takes everything


@dataclass(frozen=True)
class Injury:
    """A named set of forces: field of `Drivers` -> what is added to its usual value (losses are negative).

    The force of cholestasis is counted in decades: 2 leaves 10^-2 of the outflow of bile.
    """

    label: str
    forces: dict[str, Force]
    mitochondrial_share: float = 0.3
    ductular_share: float = 0.3


INJURIES = {
    "drug": Injury(
        "Drug injury",
        {"necrosis_per_day": Force(0.045, 4.0, STAYS, 3.0), "cholestasis": Force(2.0, 7.0, STAYS, 12.0)},
        mitochondrial_share=0.1,
    ),
    "viral": Injury(
        "Viral hepatitis",
        {"necrosis_per_day": Force(0.06, 4.0, 14.0, 5.0), "cholestasis": Force(2.3, 7.0, 16.0, 14.0)},
        mitochondrial_share=0.1,
    ),
    "ischaemic": Injury(
        "Ischaemic hepatitis",
        {
            "necrosis_per_day": Force(1.0, 0.15, 0.5, 0.15),
            "hypoxia": Force(0.5, 0.1, 0.5, 0.6),
            "cholestasis": Force(2.2, 1.5, 4.0, 6.0),
            "kidney_share": Force(-0.7, 0.5, 2.0, 4.0),
            "platelet_share": Force(-0.4, 1.0, 3.0, 4.0),
            "factor_share": Force(-0.4, 0.5, 1.5, 2.0),
        },
        mitochondrial_share=0.5,
    ),
    "checkpoint": Injury(
        "Checkpoint hepatitis",
        {"necrosis_per_day": Force(0.025, 6.0, STAYS, 6.0), "cholestasis": Force(1.4, 8.0, STAYS, 8.0)},
        mitochondrial_share=0.1,
        ductular_share=0.5,
    ),
    "sepsis": Injury(
        "Sepsis",
        {
            "necrosis_per_day": Force(0.002, 1.0, STAYS, 1.0),
            "hypoxia": Force(0.2, 0.5, STAYS, 1.0),
            "cholestasis": Force(2.0, 3.0, STAYS, 6.0),
            "kidney_share": Force(-0.55, 1.0, STAYS, 4.0),
            "platelet_share": Force(-0.65, 2.0, STAYS, 4.0),
            "factor_share": Force(-0.35, 1.0, STAYS, 2.0),
        },
    ),
    "budd_chiari": Injury(
        "Budd-Chiari syndrome",
        {
            "perfused_share": Force(-0.45, 1.0, STAYS, 20.0),
            "necrosis_per_day": Force(0.03, 1.0, 5.0, 5.0),
            "cholestasis": Force(1.2, 3.0, STAYS, 10.0),
            "hypoxia": Force(0.08, 1.0, 5.0, 5.0),
            "spleen_ratio": Force(1.0, 14.0, STAYS, 60.0),
        },
    ),
    "obstruction": Injury(
        "Biliary obstruction",
        {
            "necrosis_per_day": Force(0.004, 1.0, STAYS, 1.0),
            "cholestasis": Force(3.0, 0.5, STAYS, 8.0),
            "vitamin_k_share": Force(-0.95, 0.3, STAYS, 1.0),
        },
        ductular_share=1.0,
    ),
}


def drivers(
    injury: Injury,
    days: Any,
    onset_d: Any = 0.0,
    severity_pct: Any = 100.0,
    ended_d: Any = np.inf,
    force_pct: Mapping[str, Any] | None = None,
) -> Drivers:
    """The forces of an injury from a healthy day before it to the last of `days` (T,).

    onset_d (...) in days; severity_pct (...) scales every force (0..300; shares stop at 0 and 1); ended_d (...) is the
    day on which the cause is removed (drug stopped, steroids given, duct drained), infinite if it never is.
    force_pct: force -> its own scale (...) in place of severity_pct (0..1000): no two patients have cell death and
    cholestasis in the same proportion, and two numbers are needed to match two laboratory values.
    Raises ValueError outside these ranges and for a force that the injury has not got.
    """
    days = checked_days("days", days)
    onset = np.asarray(number("onset_d", onset_d, -1e4, 1e4, "days"))[..., None]
    severity = np.asarray(number("severity_pct", severity_pct, 0, 300, "%"))[..., None] / 100.0
    ended = np.asarray(ended_d, dtype=float)[..., None]
    if np.isnan(ended).any():
        raise ValueError("ended_d is nan; it must be a day, or infinite if the cause stays.")
    scale = dict.fromkeys(injury.forces, severity)
    for name, own in (force_pct or {}).items():
        if name not in injury.forces:
            raise ValueError(f"force_pct names {name!r}; it must be one of {', '.join(injury.forces)}.")
        scale[name] = np.asarray(number(f"force_pct[{name!r}]", own, 0, 1000, "%"))[..., None] / 100.0
    ends = [onset + force.lasts_d for force in injury.forces.values()]
    time = grid(min(days[0], onset.min() - 1.0), days[-1], np.concatenate([np.ravel(d) for d in (onset, ended, *ends)]))
    usual = Drivers(time)
    acting = {}
    for name, force in injury.forces.items():
        course = scale[name] * force.course(time, onset, ended)
        acting[name] = -np.expm1(-np.log(10.0) * course) if name == "cholestasis" else getattr(usual, name) + course
        if name.endswith("_share") or name == "hypoxia":
            acting[name] = np.clip(acting[name], 0.0 if name == "hypoxia" else LEAST_SHARE, 1.0)
    return Drivers(time, **acting, mitochondrial_share=injury.mitochondrial_share, ductular_share=injury.ductular_share)


def course(
    injury: Injury, values: Mapping[str, Any], days: Any, labs: Mapping[str, Any], ended_d: Any = np.inf
) -> sinusoid.Course:
    """The course of a patient with an injury instead of tumour, told as `sinusoid.simulate` tells the other.

    values: as there, with injury_onset_d, injury_severity_pct, and injury_necrosis_pct and injury_cholestasis_pct, the
    own scales of these two forces. Raises ValueError for a missing key or a value out of range.
    """
    force_pct = {
        name: take(values, key, 0, 1000, "%")
        for name, key in (("necrosis_per_day", "injury_necrosis_pct"), ("cholestasis", "injury_cholestasis_pct"))
    }
    onset_d = take(values, "injury_onset_d", -1e4, 1e4, "days")
    severity_pct = take(values, "injury_severity_pct", 0, 300, "%")
    force = on_days(drivers(injury, days, onset_d, severity_pct, ended_d, force_pct), days)
    fine = liver_function.simulate(values, force.days, force, labs)
    blocked = 1.0 - force.perfused_share
    nothing = np.zeros(force.days.size)
    nse = np.full(force.days.size, labs["nse_ug_l"].typical)
    return sinusoid.told(values, days, fine, nothing, nothing, blocked, nse, force.spleen_ratio)
