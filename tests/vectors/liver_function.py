"""Liver function and tumour in the sinusoids.

Vectors D1 to D3 of the dossier, its half-lives, and its trajectories TR1 and TR2.
"""

from functools import cache

import numpy as np

from liverlab import evidence
from liverlab.disease import liver_function, liver_injury, sinusoid
from liverlab.disease.liver_drivers import Drivers

from . import Vector

EV = evidence.load()
VALUES = {**{key: parameter.value for key, parameter in EV.parameters.items()}, "chemo_kill_pct": 0.0}
MOMENT_D = 1e-4


def _labs(drivers, days):
    return liver_function.simulate(VALUES, days, drivers, EV.labs)


def _factor_vii_5_h_after_synthesis():
    days = np.array([0.0, 1e-6, 5 / 24])
    return float(_labs(Drivers(days, factor_share=np.array([1.0, 0.0, 0.0])), days).factor_vii_pct[-1])


def _left(key, day):
    """Share of an analyte left `day` days after every hepatocyte died at once: nothing makes it any more."""
    days = np.array([0.0, 1.0, 2.0, 3.0, 4.0]) * MOMENT_D
    days = np.append(days, [0.01, 0.01 + day])
    killing = np.array([0.0, 1e6, 1e6, 0.0, 0.0, 0.0, 0.0])
    curve = getattr(_labs(Drivers(days, necrosis_per_day=killing, mitochondrial_share=0.0), days), key)
    return float(curve[-1] / curve[-2])


def _half_life_d(key, day):
    return -day * np.log(2.0) / np.log(_left(key, day))


def _delta_half_life_d():
    """Delta bilirubin from day 60 to 160, long after an obstructed duct was drained on day 10."""
    days = np.array([-1.0, 60.0, 160.0])
    drivers = liver_injury.drivers(liver_injury.INJURIES["obstruction"], days, ended_d=10.0)
    delta = _labs(drivers, days).bilirubin_delta_umol_l
    return float(100.0 * np.log(2.0) / np.log((delta[1] - delta[0]) / (delta[2] - delta[0])))


def _bilirubin_doubling_d(first_mg_dl, elapsed_d):
    """Of a patient who presents with `first_mg_dl`, over `elapsed_d` days.

    Patients differ only in how full the sinusoids are on day 0, and that is one course shifted in time.
    """
    days = np.arange(-60.0, 60.0, 0.1)
    bilirubin = sinusoid.simulate(VALUES, days, EV.labs).labs.bilirubin_mg_dl
    start = np.interp(first_mg_dl, bilirubin, days)
    return float(elapsed_d * np.log(2.0) / np.log(np.interp(start + elapsed_d, days, bilirubin) / first_mg_dl))


def _times_upper(labs, key):
    return getattr(labs, key) / EV.labs[key].high


def _r_factor(labs):
    return _times_upper(labs, "alt_u_l") / _times_upper(labs, "alp_u_l")


def _ldh_over_alt(labs):
    return _times_upper(labs, "ldh_u_l") / _times_upper(labs, "alt_u_l")


@cache
def _course(**values):
    return sinusoid.simulate({**VALUES, **values}, np.arange(-30.0, 29.0, 0.25), EV.labs)


def _r_range():
    r = _r_factor(_course().labs)
    return "yes" if r.min() >= 0.4 and r.max() <= 2.9 else f"{r.min():.2f} to {r.max():.2f}"


def _at_bilirubin(curve, umol_l=220.0):
    return float(np.interp(umol_l, _course().labs.bilirubin_umol_l, curve))


@cache
def _cohort():
    days = np.arange(-60.0, 160.0, 0.5)
    return sinusoid.simulate(sinusoid.sample(VALUES, 200, 1), days, EV.labs)


def _days_left(met):
    """Days from first meeting a condition to death, of those patients who meet it in life."""
    course = _cohort()
    left = course.death_day - course.days[np.argmax(met, axis=-1)]
    return left[met.any(axis=-1) & (left >= 0)]


def _median_from_admission():
    return float(np.median(_days_left(_cohort().labs.bilirubin_umol_l >= 220.0)))


def _dead_in_three_weeks():
    labs = _cohort().labs
    return float(100.0 * (_days_left((labs.inr >= 1.5) & (labs.encephalopathy_grade >= 1)) <= 21.0).mean())


VECTORS = [
    Vector("D1 factor VII", "Factor VII 5 h after synthesis stops, %", 50.0, "half-life 5 h",
           _factor_vii_5_h_after_synthesis, 0.01),
    Vector("D1 albumin, 2 d", "Albumin 2 d after synthesis stops, % left", 93.4, "computed: half-life 20 d",
           lambda: 100 * _left("albumin_g_l", 2.0), 0.1),
    Vector("D1 albumin, 7 d", "Albumin 7 d after synthesis stops, % left", 78.5, "computed: half-life 20 d",
           lambda: 100 * _left("albumin_g_l", 7.0), 0.1),
    Vector("D2 ALT", "ALT 24 h after production ends, % left", 70.2, "computed: half-life 47 h",
           lambda: 100 * _left("alt_u_l", 1.0), 0.1),
    Vector("D2 AST", "AST 24 h after production ends, % left", 37.6, "computed: half-life 17 h",
           lambda: 100 * _left("ast_u_l", 1.0), 0.1),
    Vector("ALT half-life", "ALT after production ends, half-life in h", 47.0, "a laboratory: 36 to 48",
           lambda: 24 * _half_life_d("alt_u_l", 5.0), 0.01),
    Vector("AST half-life", "AST after production ends, half-life in h", 17.0, "secondary: 16 to 18",
           lambda: 24 * _half_life_d("ast_u_l", 3.0), 0.01),
    Vector("delta half-life", "Delta bilirubin after drainage, half-life in d", 19.0, "Reed 1988: 17 to 21",
           _delta_half_life_d, 0.1),
    Vector("albumin half-life", "Albumin after synthesis stops, half-life in d", 20.0, "teaching page: 19 to 20",
           lambda: _half_life_d("albumin_g_l", 20.0), 0.01),
    Vector("D3 infiltration", "R between 0.4 and 2.9 on every day of pure infiltration", "yes", "computed: TR1-TR6",
           _r_range),
    Vector("D3 ischaemia", "R at its highest is above 4 once ischaemia kills 20 %", "yes", "computed: TR5, 4.3",
           lambda: "yes" if _r_factor(_course(ischaemia_kill_pct=20.0).labs).max() > 4 else "no"),
    Vector("TR1", "Bilirubin doubling from 6.03 mg/dL over 7 d, d", 6.19, "computed: 6.03 to 13.2 mg/dL",
           lambda: _bilirubin_doubling_d(6.03, 7.0), 0.15 * 6.19),
    Vector("TR2", "Bilirubin doubling from 2.3 mg/dL over 12 d, d", 6.15, "computed: 2.3 to 8.9 mg/dL",
           lambda: _bilirubin_doubling_d(2.3, 12.0), 0.15 * 6.15),
    Vector("LDH/ALT", "LDH over ALT (upper limits) at a bilirubin of 220 µmol/L", 3.63, "McGuire 1997: SD 1.10",
           lambda: _at_bilirubin(_ldh_over_alt(_course().labs)), 1.10),
    Vector("KCL INR", "INR at a bilirubin of 220 µmol/L", 1.9, "King's ICU: 1.6 to 2.8",
           lambda: _at_bilirubin(_course().labs.inr), 0.3),
    Vector("KCL death", "Median days from a bilirubin of 220 µmol/L to death, 200 patients", 4.0,
           "King's ICU: 2 to 18", _median_from_admission, 2.0),
    Vector("registry", "Dead 3 weeks after INR 1.5 with encephalopathy, %", 89.0, "US registry, 27 patients",
           _dead_in_three_weeks, 8.0),
]  # fmt: skip
