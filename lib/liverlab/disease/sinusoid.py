"""Tumour that grows inside the sinusoids: nothing to measure, until blood no longer gets through.

    N' = g N (1 - N) - kill(t) N,   g = ln 2 / volume doubling time        (share of the sinusoids filled)
    blocked b = T^8 / (T^8 + T_50^8),  hepatocytes with blood: 1 - b      (T: N and dead tumour not yet cleared)
    bile that flows = (1 - b)^7                                          (a way out in 7 stretches, all must be open)
    hepatocytes without blood die: death = k_H b

`liver_function` turns these forces into laboratory values. The tumour doubles in weeks to months, as measured; past
the threshold the bilirubin doubles in days. The two exponents and k_H are illustrative: they were chosen once, with a
published doubling time, for the tempo of two published patients (TR1, TR2 in `casesdata/series/sinusoidal_cases.csv`).
Nothing in bilirubin was, and patients differ only in how full their sinusoids are on day 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import liver_function
from .checks import days as checked_days
from .checks import take
from .kinetics import first_order, logistic
from .liver_drivers import STEP_D, Drivers, Force, grid
from .liver_labs import Labs

FLOW_STEEPNESS = 8
BILE_STRETCHES = 7
# What blocked flow brings about within days to weeks (illustrative).
SPLEEN_GAIN, SPLEEN_TIME_D = 0.8, 10.0
ASCITES_ML, ASCITES_TIME_D = 4000.0, 7.0
HYPOXIA_OF_BLOCK = 0.3

# Chemotherapy: 4 cycles 3 weeks apart, as is usual; nearly all cells that will die do so within 8 days (illustrative).
CYCLES, CYCLE_D, KILL_TIME_D = 4, 21.0, 2.0
CLEARING_D = 7.0  # how long dead tumour still plugs the sinusoids
# Superimposed ischaemia: how sharply it begins and ends, and the shock per share of cells killed (illustrative).
ISCHAEMIA_EDGE_D = 0.15
WITHERED_MITOCHONDRIAL_SHARE, MORE_WHEN_ISCHAEMIC = 0.3, 0.2
SHOCK_HYPOXIA, SHOCK_KIDNEY, SHOCK_CLOTTING = 1.0, 1.2, 1.2

DEADLY_INR, DEADLY_GRADE = 6.5, 4
# The past of day 0 is followed from 180 days before it, in longer steps.
PAST_D = ((180.0, 30.0, 12.0), (30.0, 0.0, 2.0))  # from, to, and steps in units of the usual step
COHORT_STEP_D = 0.5  # good enough for many patients: death within half a day, 99 % of all values within 2 %

# Spread between patients: standard deviation of the logarithm (illustrative), and the physically possible.
VARIATION = {
    "tumour_doubling_d": (0.45, 12.0, 209.0),  # the published range of small cell lung cancer
    "sinusoidal_occupancy_pct": (0.12, 0.0, 90.0),
    "flow_threshold_pct": (0.12, 5.0, 90.0),
    "cell_loss_pct_per_d": (0.4, 0.1, 100.0),
    "tumour_ldh_u_l": (0.4, 0.0, 1e5),
    "death_function_pct": (0.25, 1.0, 50.0),
}
RESPONSE_SPREAD = 1.5  # standard deviation of the logit of the share killed per cycle

_LIMITS = {
    "tumour_doubling_d": (0, 1e4, "days", True),
    "sinusoidal_occupancy_pct": (0, 95, "%"),
    "flow_threshold_pct": (0, 100, "%", True),
    "cell_loss_pct_per_d": (0, 1e3, "% per day"),
    "chemo_day_d": (0, 1e4, "days"),
    "chemo_kill_pct": (0, 99.99, "%"),
    "ischaemia_day_d": (-1e3, 1e4, "days"),
    "ischaemia_kill_pct": (0, 99.99, "%"),
    "ischaemia_duration_d": (0, 100, "days", True),
    "death_function_pct": (0, 100, "%"),
    "tumour_nse_ug_l": (0, 1e6, "µg/L"),
    "nse_half_life_h": (0, 1e4, "hours", True),
}


@dataclass(frozen=True, eq=False)
class Course:
    """The liver on the days (T,); every other array (..., T), death_day (...).

    occupancy: share of the sinusoids filled, by living tumour (living_tumour) or by what is left of dead; blocked:
    share of the hepatocytes without blood; labs, nse_ug_l: what the laboratory returns.
    What CT would show (illustrative grades): liver_volume_ratio and spleen_ratio to normal, attenuation_change_hu of
    the whole liver after contrast medium, mosaic_hu (amplitude of patches), periportal_oedema (0..1), ascites_ml.
    death_day: first day with a working liver below death_function_pct, INR above 6.5 or encephalopathy of grade 4
    (illustrative rule); infinite if it does not come within the days followed.
    """

    days: np.ndarray
    occupancy: np.ndarray
    living_tumour: np.ndarray
    blocked: np.ndarray
    labs: Labs
    nse_ug_l: np.ndarray
    liver_volume_ratio: np.ndarray
    attenuation_change_hu: np.ndarray
    mosaic_hu: np.ndarray
    periportal_oedema: np.ndarray
    ascites_ml: np.ndarray
    spleen_ratio: np.ndarray
    death_day: np.ndarray


def simulate(values: Mapping[str, Any], days: Any, labs: Mapping[str, Any], step_d: float = STEP_D) -> Course:
    """The course of one patient, or of many, on the days (T,), day 0 being the day of sinusoidal_occupancy_pct.

    values: parameter key -> float, or array whose axes become leading axes. labs: `evidence.load().labs`. step_d: of
    the inner steps; the usual one is fine enough for one patient (half of it changes nothing by 0.5 %), COHORT_STEP_D
    for many.
    Raises ValueError with one sentence for a missing key or a value or day out of range.
    """
    days = checked_days("days", days)
    given = {key: _lead(take(values, key, *limits)) for key, limits in _LIMITS.items()}
    time = _time(given, days, step_d)
    living, lysis = _tumour(given, time)
    # Filled T = living N + dead: N' + dead' = g N (1 - N) - dead / CLEARING_D, in a form without the sudden kill.
    growth = np.log(2.0) / given["tumour_doubling_d"] * living * (1.0 - living)
    occupancy = first_order(time, growth + living / CLEARING_D, 1.0 / CLEARING_D, living[..., 0])
    threshold = given["flow_threshold_pct"] / 100.0
    blocked = 1.0 / (1.0 + _power(threshold / np.maximum(occupancy, 1e-30), FLOW_STEEPNESS))
    spleen = 1.0 + SPLEEN_GAIN * _later(time, blocked, SPLEEN_TIME_D)
    forces = _forces(given, time, living, lysis, blocked, spleen)
    fine = liver_function.simulate(values, time, forces, labs)
    nse = _nse(given, time, living, lysis, labs["nse_ug_l"].typical)
    return told(values, days, fine, occupancy, living, blocked, nse, spleen)


def told(values, days, fine, occupancy, living, blocked, nse, spleen) -> Course:
    """The `Course` on some of the days of `fine` (`liver_function.simulate`), whatever the disease was.

    values: for death_function_pct; the others (..., days of fine), as in `Course`. What CT would show is illustrative.
    """
    least_pct = _lead(take(values, "death_function_pct", *_LIMITS["death_function_pct"]))
    days = checked_days("days", days)
    lead = fine.functional_mass_pct.shape[:-1]
    wanted = np.searchsorted(fine.days, days)

    def there(curve):
        return np.broadcast_to(curve[..., wanted], (*lead, days.size))

    return Course(
        days=days,
        occupancy=there(occupancy),
        living_tumour=there(living),
        blocked=there(blocked),
        labs=fine.some(wanted),
        nse_ug_l=there(nse),
        liver_volume_ratio=there(1.0 + 1.2 * occupancy - 0.2 * (1.0 - fine.living_mass_pct / 100.0)),
        attenuation_change_hu=there(-25.0 * blocked - 8.0 * occupancy),
        mosaic_hu=there(32.0 * blocked * (1.0 - blocked)),
        periportal_oedema=there(np.minimum(1.0, 2.0 * blocked)),
        ascites_ml=there(ASCITES_ML * _later(fine.days, blocked, ASCITES_TIME_D)),
        spleen_ratio=there(spleen),
        death_day=_death(fine, least_pct, days[0]),
    )


def sample(values: Mapping[str, Any], count: int, seed: int) -> dict[str, Any]:
    """`values` of `count` patients around one: arrays (count,) for what differs between patients, log-normal.

    Spread as VARIATION; the share killed by chemotherapy varies on the logit scale (0 stays 0). The same seed gives
    the same patients. Raises ValueError for a count below 1.
    """
    if count < 1:
        raise ValueError(f"count is {count}; it must be at least 1.")
    rng = np.random.default_rng(seed)
    drawn = dict(values)
    for key, (spread, low, high) in VARIATION.items():
        centre = take(values, key, 0)
        drawn[key] = np.clip(centre * np.exp(spread * rng.standard_normal(count)), min(low, centre), high)
    kill = take(values, "chemo_kill_pct", 0, 99.99, "%") / 100.0
    odds = kill / (1.0 - kill) * np.exp(RESPONSE_SPREAD * rng.standard_normal(count))
    drawn["chemo_kill_pct"] = 100.0 * np.minimum(odds / (1.0 + odds), 0.9999)
    return drawn


def alive_share(death_day: Any, days: Any) -> np.ndarray:
    """Share of the patients alive on each of the days (T,), from their days of death (patients,)."""
    return (np.asarray(death_day)[:, None] > checked_days("days", days)).mean(axis=0)


def _time(given, days, step_d):
    """The inner days: a past in long steps, then `step_d`, finer after ischaemia."""
    start = min(days[0], 0.0)
    begins = np.ravel(given["ischaemia_day_d"])
    ends = np.ravel(given["ischaemia_day_d"] + given["ischaemia_duration_d"])
    events = np.concatenate([begins, ends]) if np.any(given["ischaemia_kill_pct"] > 0) else ()
    past = [start - np.arange(first, last, -times * step_d) for first, last, times in PAST_D]
    return np.unique(np.concatenate([*past, grid(start, max(days[-1], 0.0), events, step_d), days, [0.0]]))


def _tumour(given, time):
    """Living tumour (..., T) as a share of the sinusoids, and the share that dies a day."""
    growth = np.log(2.0) / given["tumour_doubling_d"]
    start = given["sinusoidal_occupancy_pct"] / 100.0
    log_kill = -np.log1p(-given["chemo_kill_pct"] / 100.0)
    killed = kill_rate = 0.0
    for cycle in range(CYCLES):
        since = np.maximum(0.0, time - given["chemo_day_d"] - cycle * CYCLE_D) / KILL_TIME_D
        fading = np.exp(-since)
        killed = killed + log_kill * (1.0 - (1.0 + since) * fading)
        kill_rate = kill_rate + log_kill / KILL_TIME_D * since * fading
    living = logistic(time, growth * time - killed, growth + 0.0 * time, start, int(np.searchsorted(time, 0.0)))
    return living, kill_rate * living


def _nse(given, time, living, lysis, typical):
    per_day = np.log(2.0) * 24.0 / given["nse_half_life_h"]
    source = per_day * (typical + given["tumour_nse_ug_l"] * living) + given["tumour_nse_ug_l"] * lysis
    rate = per_day[..., 0] if np.ndim(per_day) else per_day
    return first_order(time, source, rate, source[..., 0] / rate)


def _forces(given, time, living, lysis, blocked, spleen):
    lasts = given["ischaemia_duration_d"]
    share_killed = given["ischaemia_kill_pct"] / 100.0
    # Rise and fall are equally steep, so the pulse has the area of its duration and kills just that share.
    pulse = Force(1.0, ISCHAEMIA_EDGE_D, np.inf, ISCHAEMIA_EDGE_D)
    pulse = pulse.course(time, given["ischaemia_day_d"], given["ischaemia_day_d"] + lasts)
    necrosis = -np.log1p(-share_killed) / lasts * pulse
    ischaemic = share_killed * pulse
    return Drivers(
        time,
        death_per_day=given["cell_loss_pct_per_d"] / 100.0 * blocked,
        necrosis_per_day=necrosis,
        mitochondrial_share=WITHERED_MITOCHONDRIAL_SHARE + MORE_WHEN_ISCHAEMIC * pulse * (share_killed > 0),
        perfused_share=1.0 - blocked,
        cholestasis=1.0 - _power(1.0 - blocked, BILE_STRETCHES),
        tumour_load=living,
        tumour_lysis_per_day=lysis,
        hypoxia=np.minimum(1.0, HYPOXIA_OF_BLOCK * blocked + SHOCK_HYPOXIA * ischaemic),
        kidney_share=np.maximum(0.1, 1.0 - SHOCK_KIDNEY * ischaemic),
        factor_share=np.maximum(0.1, 1.0 - SHOCK_CLOTTING * ischaemic),
        spleen_ratio=spleen,
    )


def _power(x, n):
    """x^n for a whole n > 0 by squaring: ten times as fast as numpy's power on long arrays."""
    answer = x if n % 2 else 1.0
    return answer * _power(x * x, n // 2) if n > 1 else answer


def _later(time, cause, time_constant_d):
    """The cause, smoothed and late by a time constant; settled on the first day."""
    return first_order(time, cause / time_constant_d, 1.0 / time_constant_d, cause[..., 0])


def _death(labs, least_pct, from_day):
    dead = (
        (labs.functional_mass_pct < least_pct) | (labs.inr > DEADLY_INR) | (labs.encephalopathy_grade >= DEADLY_GRADE)
    )
    dead = dead & (labs.days >= from_day)
    return np.where(dead.any(axis=-1), labs.days[np.argmax(dead, axis=-1)], np.inf)


def _lead(value):
    """A parameter array with one more axis, for the days; a float stays a float."""
    return value[..., None] if isinstance(value, np.ndarray) else value
