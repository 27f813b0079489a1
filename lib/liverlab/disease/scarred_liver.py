"""A liver under treatment: the course of its tumour turned into scar, form, pressure, fluid and laboratory values.

`course` says how each lesion changes, `scar` what that does to the liver, `liver_function` what the laboratory sees.
Here is what joins them; every number of it is illustrative, since nobody has published the coupling:

* tissue lost      a = 1 - (liver - tumour - scar) / liver at the start      room for cells 1 - a
* blood that passes the cells by, through collaterals    1 - p = SHUNT collaterals
* bile held back   c = CHOLESTASIS scar / (a tenth of the liver)
* ascites asks for pressure, and for less of it the lower the albumin (`scar.portal_consequences`)
* sodium falls with ascites
* diffuse tumour   grows and shrinks as a lesion of average response does; its scar roughens the surface
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any, NamedTuple

import numpy as np

from . import course as courses
from . import liver_function, scar, tumour
from .checks import days as checked_days
from .checks import number, take
from .liver_drivers import Drivers
from .liver_labs import Labs

DAYS_PER_MONTH = 365.25 / 12
STEP_D = 7.0  # half of it changes nothing by half a per cent
SHUNT = 0.45
CHOLESTASIS = 0.25
MOST_CHOLESTASIS = 0.8
MOST_LOST = 0.9
NORMAL_SPLEEN_ML = 200.0  # jasper2019
SODIUM_MMOL_L, SODIUM_PER_L = 140.0, 1.2
LOWEST_SODIUM_MMOL_L = 120.0
# Shares of the first liver; nobody lives with more.
LARGEST_DIFFUSE, MOST_TUMOUR = 0.6, 0.6
# RMS of the surface (mm) where the scar of diffuse tumour makes up a tenth of the liver.
DIFFUSE_SURFACE_MM = 1.2


class _Typical(NamedTuple):
    """A lesion of average response, whose course stands for that of diffuse tumour."""

    id: str = "diffuse"
    role: str = "non_target"
    diameter_mm: float = 10.0
    vascular: str = "hypo"
    response: float = 1.0


@dataclass(frozen=True, eq=False)
class ScarredLiver:
    """One liver on the days (T,), which hold the days asked for and steps between them.

    course: every lesion. scars: the liver and the portal circulation, ascites already with the albumin of labs.
    tumour_ml (T,): lesions and diffuse tumour; surface_mm (T,): RMS of the uneven surface, nodules and diffuse scar
    together and what was there before; infiltration_mm (T,): the part of it that diffuse scar makes.
    """

    days: np.ndarray
    course: courses.Course
    scars: scar.Scars
    labs: Labs
    tumour_ml: np.ndarray
    surface_mm: np.ndarray
    infiltration_mm: np.ndarray
    sodium_mmol_l: np.ndarray

    def at(self, days: Any) -> np.ndarray:
        """Indices of days that were asked for."""
        return np.searchsorted(self.days, days)


def simulate(
    values: Mapping[str, Any],
    lesions: Sequence[Any],
    gap_mm: Any,
    visits_d: Any,
    labs: Mapping[str, Any],
    step_d: float = STEP_D,
) -> ScarredLiver:
    """The course of one liver from the first scan (day 0) to the last of visits_d (V,).

    values: parameter key -> float. Treatment starts on day 0 and is changed after therapy_change_months: from then on
    the tumour meets the second drug, and the sinusoids second_drug_injury_pct of the first one's injury; a change on or
    after the day of the last visit is none. lesions: L objects as `course.simulate` wants; gap_mm (L,): from their edge
    to the capsule. labs: `evidence.load().labs`. Raises ValueError with one sentence as the models do.
    """
    visits = checked_days("visits_d", visits_d)
    if visits[0] != 0:
        raise ValueError(f"visits_d starts at {visits[0]:g}; the first scan is on day 0.")
    last = float(visits[-1])
    change = DAYS_PER_MONTH * take(values, "therapy_change_months", 0, 300, "months")
    changed = change < last
    days = np.union1d(np.arange(0.0, last, number("step_d", step_d, 0, 100, "days", above=True)), visits)
    days = np.union1d(days, [change]) if changed else days
    switch = (_Switch(change),) if changed else ()

    course = courses.simulate(values, lesions, days, switch)
    typical = courses.simulate(values, (_Typical(),), days, switch).diameter_mm[0] / _Typical().diameter_mm
    diffuse = np.minimum(take(values, "infiltration_pct", 0, 60, "%") / 100 * typical**3, LARGEST_DIFFUSE)
    liver_ml = take(values, "liver_ml", 100, 10000, "mL")
    course = _held_back(course, MOST_TUMOUR * liver_ml)
    true_size = course.diameter_mm / course.swelling
    first = scar.simulate(values, days, true_size, gap_mm, exposures(values, last), liver_ml, diffuse)

    tumour_ml = tumour.volume_ml(true_size).sum(axis=0) + diffuse * liver_ml
    drivers = forces(first, tumour_ml, liver_ml)
    found = liver_function.simulate(values, days, drivers, labs)
    fluid = scar.portal_consequences(
        days, first.portal_gradient_mmhg, first.hvpg_mmhg, values["spleen_ml"], found.albumin_g_l
    )[1]
    scars = replace(first, ascites_ml=fluid)
    uneven = DIFFUSE_SURFACE_MM * _diffuse_scar(values, days, diffuse) / 0.1
    before = take(values, "nodularity_mm", 0, 10, "mm")
    return ScarredLiver(
        days=days,
        course=course,
        scars=scars,
        labs=found,
        tumour_ml=tumour_ml,
        surface_mm=np.sqrt(before**2 + scars.nodules_mm**2 + uneven**2),
        infiltration_mm=uneven,
        sodium_mmol_l=np.maximum(SODIUM_MMOL_L - SODIUM_PER_L * fluid / 1000, LOWEST_SODIUM_MMOL_L),
    )


def exposures(values: Mapping[str, Any], last_d: float) -> tuple[tuple[float, float, float], ...]:
    """Courses of injuring drugs, (start_d, end_d, strength) as `scar.nodules_mm` takes them."""
    change = DAYS_PER_MONTH * take(values, "therapy_change_months", 0, 300, "months")
    if change >= last_d:
        return ((0.0, inf, 1.0),)
    second = take(values, "second_drug_injury_pct", 0, 1000, "%") / 100
    return ((0.0, change, 1.0), (change, inf, second))


def forces(scars: scar.Scars, tumour_ml: Any, liver_ml: Any) -> Drivers:
    """What a scarred liver does to its cells, as `liver_function` takes it; tumour_ml (..., T), liver_ml (...)."""
    start = np.asarray(number("liver_ml", liver_ml, 100, 10000, "mL"))[..., None]
    tumour_ml = np.asarray(number("tumour_ml", tumour_ml, 0, 1e5, "mL"))
    left = scars.liver_ml - tumour_ml - scars.scar_ml
    lost = np.clip(1 - left / start, 0, MOST_LOST)
    perfused = 1 - SHUNT * scars.collaterals
    return Drivers(
        days=scars.days,
        room_share=1 - lost,
        perfused_share=perfused,
        cholestasis=np.minimum(CHOLESTASIS * scars.scar_ml / (0.1 * start), MOST_CHOLESTASIS),
        tumour_load=np.clip(tumour_ml / np.maximum(scars.liver_ml, 1.0), 0, 1),
        spleen_ratio=np.minimum(scars.spleen_ml / NORMAL_SPLEEN_ML, 20.0),
    )


class _Switch(NamedTuple):
    """The change of treatment, as `course.simulate` takes it."""

    day: float
    kind: str = "switch"


def _diffuse_scar(values, days, share):
    """Contracted scar of diffuse tumour as a share of the liver (T,)."""
    laid = scar.scar_laid_down(share, values["scar_share_pct"] / 100, values["desmoplasia_pct"] / 100)
    return scar.contracted(days, laid, values["scar_time_constant_d"])


def _held_back(course, most_ml):
    """The course with every lesion smaller by one factor wherever all of them would take more than most_ml."""
    total = tumour.volume_ml(course.diameter_mm / course.swelling).sum(axis=0)
    if total.max() <= most_ml:
        return course
    factor = np.minimum(most_ml / np.maximum(total, most_ml), 1.0)
    return replace(
        course,
        diameter_mm=course.diameter_mm * np.cbrt(factor),
        viable_volume_ml=course.viable_volume_ml * factor,
    )
