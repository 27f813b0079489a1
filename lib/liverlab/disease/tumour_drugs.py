"""Published drug models of tumour size: what a dose does, with the numbers of their papers.

* Bruno 2012: capecitabine and docetaxel in breast cancer. No blood level is modelled ("K-PD"): a dose D enters a
  virtual compartment, A' = -KP A, and what leaves it kills: y' = KL y - KD KP A e^(-lambda t) y, summed over drugs.
* Hansson 2013: sunitinib in gastrointestinal stromal tumour, driven by exposure and two proteins in blood.
* Schindler 2016: sunitinib, sum of diameters and FDG uptake of each lesion.

Keys of casesdata/references.bib name the sources. Rates as published, per week; days in, relative size out; the last
two give a kill rate for `tumour.claret`. Replace a field (`dataclasses.replace`) by an array of patients to run a
population: fields (...), answers (..., T).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .checks import days as checked_days
from .checks import number
from .kinetics import decaying_sum
from .tumour import per_day


@dataclass(frozen=True)
class KpdDrug:
    """A drug known by its dose alone.

    kill_per_unit KD,0: natural logarithm of the size lost for each unit of dose if nothing faded; elimination_per_week
    KP of the virtual compartment; resistance_per_week lambda, counted from day 0. Floats or arrays (...).
    """

    kill_per_unit: Any
    elimination_per_week: Any
    resistance_per_week: Any


# bruno2012, supplementary table S1: 888 patients, sum of diameters.
BRUNO_GROWTH_PER_WEEK = 0.00437
BRUNO_DOCETAXEL = KpdDrug(kill_per_unit=0.00128, elimination_per_week=0.1, resistance_per_week=0.0450)  # mg
BRUNO_CAPECITABINE = KpdDrug(kill_per_unit=0.00470, elimination_per_week=3.0, resistance_per_week=0.240)  # g


def cycles(dose: float, count: int, cycle_d: float = 21.0, on_d: int = 1, per_day: int = 1):
    """Days and amounts of the doses of `count` cycles, (J,) and (J,): `per_day` equal doses on the first `on_d` days.

    dose >= 0 in the unit of the drug; count >= 1; 1 <= on_d <= cycle_d; per_day >= 1. ValueError outside these ranges.
    Capecitabine twice daily on days 1 to 14 of 21: cycles(dose_g, count, on_d=14, per_day=2).
    """
    dose = number("dose", dose, 0)
    cycle_d = number("cycle_d", cycle_d, 1, unit="days")
    for name, value, high in (("count", count, 10_000), ("on_d", on_d, cycle_d), ("per_day", per_day, 24)):
        if number(name, value, 1, high) != int(value):
            raise ValueError(f"{name} is {value:g}; it must be a whole number.")
    one = np.arange(int(on_d) * int(per_day)) / per_day
    day = (np.arange(int(count))[:, None] * cycle_d + one).ravel()
    return day, np.full(day.size, dose)


def kpd_log_kill(day, drug: KpdDrug, dose_day, dose):
    """What a drug has taken off the natural logarithm of the size by each day, (..., T); exact, whatever the schedule.

    KD KP / k * sum_j D_j e^(-lambda t_j) (1 - e^(-k (t - t_j))) over the doses given before t, k = KP + lambda.
    day (T,) in order; dose_day (J,) in order, >= 0; dose (J,) or (..., J) >= 0 in the unit of the drug; a dose on a
    day of the list has not acted yet. Raises ValueError outside these ranges and where KP is not above 0.
    """
    day = checked_days("day", day)
    dose_day = checked_days("dose_day", dose_day)
    number("dose_day", dose_day, 0, unit="days")
    dose = np.asarray(number("dose", dose, 0))
    if dose.ndim == 0 or dose.shape[-1] != dose_day.size:
        raise ValueError(f"dose has shape {dose.shape}; its last axis must be the {dose_day.size} days of dose_day.")
    kill = np.asarray(number("kill_per_unit", drug.kill_per_unit, 0))
    leave = per_day(np.asarray(number("elimination_per_week", drug.elimination_per_week, 0, above=True)))
    fade = per_day(np.asarray(number("resistance_per_week", drug.resistance_per_week, 0)))
    rate = leave + fade
    faded = dose * np.exp(-fade[..., None] * dose_day)
    given, left = np.cumsum(faded, axis=-1), decaying_sum(dose_day, faded, rate)
    last = np.searchsorted(dose_day, day, side="right") - 1
    before = np.maximum(last, 0)
    spent = given[..., before] - left[..., before] * np.exp(-rate[..., None] * (day - dose_day[before]))
    return (kill * leave / rate)[..., None] * np.where(last < 0, 0.0, np.maximum(spent, 0.0))


def kpd(day, growth_per_week, courses: Iterable[tuple[KpdDrug, Any, Any]]):
    """Relative size (..., T) of a tumour that grows and meets several drugs whose kills add: exp(KL t - kills).

    day (T,) in order; growth_per_week KL (...) >= 0; courses: (drug, days of its doses, doses), see `kpd_log_kill`;
    without any it grows exponentially.
    """
    day = checked_days("day", day)
    growth = np.asarray(per_day(number("growth_per_week", growth_per_week, 0, unit="per week")))
    log_size = growth[..., None] * day
    for drug, dose_day, dose in courses:
        log_size = log_size - kpd_log_kill(day, drug, dose_day, dose)
    return np.exp(log_size)


@dataclass(frozen=True)
class Hansson:
    """Sunitinib in 303 patients with imatinib-resistant tumours; sum of diameters, per week, exposure in mg h/L a day.

    Source: hansson2013, table 3; digits of the model file in the DDMoRe repository.
    """

    growth_per_week: Any = 0.0118
    exposure_kill_per_week: Any = 0.00503  # KDRUG, for each mg h/L (printed as 0.0050)
    skit_kill_per_week: Any = 0.00282  # for a protein that has fallen to 0
    svegfr3_kill_per_week: Any = 0.0371
    resistance_per_week: Any = 0.0217
    half_fall_mg_h_l: Any = 1.0  # exposure at which both proteins have fallen by half


HANSSON = Hansson()


def hansson_kill_per_week(exposure_mg_h_l, model: Hansson = HANSSON):
    """Kill rate per week for `tumour.claret` at a constant daily exposure, with both proteins at their steady state.

    KDRUG AUC + (K_sKIT + K_sVEGFR3) AUC / (IC50 + AUC). exposure_mg_h_l AUC (...) >= 0. The proteins take months
    (sKIT 101 days, sVEGFR-3 17 days of mean residence) and the drug has pauses: both are left out here.
    """
    exposure = number("exposure_mg_h_l", exposure_mg_h_l, 0, unit="mg h/L")
    fall = exposure / (model.half_fall_mg_h_l + exposure)
    return model.exposure_kill_per_week * exposure + (model.skit_kill_per_week + model.svegfr3_kill_per_week) * fall


@dataclass(frozen=True)
class Schindler:
    """Sunitinib in 66 patients: sum of diameters and FDG uptake, per week, exposure in mg h/L a day.

    Source: schindler2016; digits of the model file in the DDMoRe repository.
    """

    growth_per_week: Any = 0.0104796
    exposure_kill_per_week: Any = 0.0165971  # for each mg h/L
    resistance_per_week: Any = 0.0200529
    baseline_sum_mm: Any = 263.064
    baseline_suv: Any = 7.58866
    suv_turnover_per_week: Any = 0.555634
    suv_effect: Any = 0.94569  # relative rise of the turnover for each mg h/L
    delay_half_life_h: Any = 50.0  # of the exposure that acts behind the one in blood
    death_per_week: Any = 0.01903  # hazard where the uptake has not changed
    death_per_suv_change: Any = 5.3558  # natural logarithm of the hazard ratio for a change by 100 %


SCHINDLER = Schindler()
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


def schindler_suv(day, exposure_mg_h_l, model: Schindler = SCHINDLER):
    """Uptake (SUVmax) relative to day 0 under a constant daily exposure that starts on day 0.

    s' = k - k (1 + a AUC (1 - e^(-w t))) s, s(0) = 1: uptake is renewed at the rate k and lost faster under the drug.
    day, exposure_mg_h_l AUC (...) >= 0. Solved with the integrating factor; its integral by Gauss-Legendre quadrature.
    """
    pull = model.suv_effect * number("exposure_mg_h_l", exposure_mg_h_l, 0, unit="mg h/L")
    day, pull, turnover, lag = (
        part[..., None]
        for part in np.broadcast_arrays(
            number("day", day, 0, unit="days"),
            pull,
            per_day(np.asarray(model.suv_turnover_per_week)),
            24.0 * np.log(2.0) / np.asarray(model.delay_half_life_h),
        )
    )

    def lost(t):
        return turnover * ((1.0 + pull) * t + pull * np.expm1(-lag * t) / lag)

    # What was renewed more than 40 turnovers ago is gone; leaving it out keeps the nodes where something happens.
    start = np.maximum(0.0, day - 40.0 / turnover)
    half = 0.5 * (day - start)
    then = start + half * (1.0 + _NODES)
    renewed = turnover * half * _WEIGHTS * np.exp(lost(then) - lost(day))
    return np.exp(-lost(day))[..., 0] + renewed.sum(axis=-1)


def schindler_median_survival_weeks(suv_change, model: Schindler = SCHINDLER):
    """Median survival in weeks from the change of SUVmax after one week (a fraction, -0.2 for a fall by 20 %).

    ln 2 / (h e^(b change)), the change being that of the lesion whose uptake fell least. suv_change (...) at least -1.
    """
    change = number("suv_change", suv_change, -1)
    return np.log(2.0) / (model.death_per_week * np.exp(model.death_per_suv_change * change))
