"""Livers for the tests: the default parameters and typical values that ship, and readings of what comes out."""

from __future__ import annotations

import numpy as np

from liverlab import evidence
from liverlab.disease import liver_function, liver_injury, sinusoid
from liverlab.disease.liver_drivers import Drivers, Force, grid

EV = evidence.load()
LABS = EV.labs
VALUES = {key: parameter.value for key, parameter in EV.parameters.items()}
UNTREATED = {**VALUES, "chemo_kill_pct": 0.0}
ANALYTES = (
    *(
        "alt_u_l",
        "ast_u_l",
        "alp_u_l",
        "ggt_u_l",
        "ldh_u_l",
        "bilirubin_umol_l",
        "albumin_g_l",
        "factor_vii_pct",
        "inr",
    ),
    *("ammonia_umol_l", "lactate_mmol_l", "uric_acid_umol_l", "platelets_1e9_l", "creatinine_umol_l"),
)


def respond(drivers, days, **values):
    """Laboratory values under these forces, default parameters except those named."""
    return liver_function.simulate({**VALUES, **values}, days, drivers, LABS)


def infiltrated(days, **values):
    """Untreated tumour in the sinusoids, default parameters except those named."""
    return sinusoid.simulate({**UNTREATED, **values}, days, LABS)


def injured(name, days, **how):
    """A mimic that begins on day 0."""
    return respond(liver_injury.drivers(liver_injury.INJURIES[name], days, **how), days)


def hit(share_killed, last_d):
    """Forces of one blow that kills this share of the hepatocytes within half of day 0, and nothing else."""
    days = grid(-2.0, last_d, [0.0, 0.5])
    blow = Force(-np.log1p(-share_killed) / 0.5, 0.05, 0.5, 0.05)
    return Drivers(days, necrosis_per_day=blow.course(days, 0.0))


def times_upper(labs, key):
    """An analyte in multiples of its upper limit."""
    return getattr(labs, key) / LABS[key].high


def r_factor(labs):
    return times_upper(labs, "alt_u_l") / times_upper(labs, "alp_u_l")


def ldh_over_alt(labs):
    return times_upper(labs, "ldh_u_l") / times_upper(labs, "alt_u_l")


def first_day(days, met):
    """First day on which a condition is met, infinite if never."""
    return float(days[np.argmax(met)]) if np.any(met) else np.inf
