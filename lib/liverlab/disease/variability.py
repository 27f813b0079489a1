"""Differences between patients, and between the lesions of one patient, as published.

A rate p of a patient is ln p = ln p_typical + omega z (a fraction: its logit), z standard normal: the median patient is
the typical one. Of two lesions of one patient, z = sqrt(rho) z_patient + sqrt(1 - rho) z_lesion, so that the logarithms
of their rates correlate with rho.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np

from . import tumour_drugs as drugs
from .checks import number

SCALES = ("log", "logit")


@dataclass(frozen=True)
class Spread:
    """How one number varies: `typical`, standard deviation `omega` of its logarithm (or logit), `scale`."""

    typical: float
    omega: float
    scale: str = "log"


# Keys are the fields of the models in `tumour_drugs`. bruno2012, table S1, gives variances; none on the resistance.
BRUNO = {
    "growth_per_week": Spread(drugs.BRUNO_GROWTH_PER_WEEK, sqrt(1.60)),
    "docetaxel_kill_per_unit": Spread(drugs.BRUNO_DOCETAXEL.kill_per_unit, sqrt(1.31)),
    "capecitabine_kill_per_unit": Spread(drugs.BRUNO_CAPECITABINE.kill_per_unit, sqrt(1.30)),
}
# hansson2013, table 3: its "CV" is the square root of the variance of the logarithm (0.290, 1.42, 5.91).
HANSSON = {
    "growth_per_week": Spread(drugs.HANSSON.growth_per_week, 0.54),
    "exposure_kill_per_week": Spread(drugs.HANSSON.exposure_kill_per_week, 1.19),
    "skit_kill_per_week": Spread(drugs.HANSSON.skit_kill_per_week, 2.43),
}
# schindler2016, variances of the published model file. The effects on size and on uptake go together there
# (covariance 0.398); here each varies by itself.
SCHINDLER = {
    "growth_per_week": Spread(drugs.SCHINDLER.growth_per_week, sqrt(0.361)),
    "exposure_kill_per_week": Spread(drugs.SCHINDLER.exposure_kill_per_week, sqrt(0.399)),
    "suv_effect": Spread(drugs.SCHINDLER.suv_effect, sqrt(0.548)),
    "baseline_sum_mm": Spread(drugs.SCHINDLER.baseline_sum_mm, sqrt(0.289)),
}
# kerioui2020: the values of their simulations, in a paper about bladder cancer under
# atezolizumab. For `tumour.stein_fojo_phi` on the sum of diameters, rates per day.
KERIOUI = {
    "baseline_sum_mm": Spread(60.0, 0.7),
    "decay_per_day": Spread(0.0055, 1.0),
    "growth_per_day": Spread(0.0015, 1.0),
    "sensitive_fraction": Spread(0.2, 1.5, "logit"),
}
KERIOUI_MEASUREMENT_SD = 0.18  # of the measured size, relative to the true one

# How far lesions of one patient go together. schindler2016: the drug effect on FDG uptake varies between patients with
# variance 0.548 and between lesions of a patient with 0.324. For sizes nothing was found; using it there is a guess.
LESION_CORRELATION = 0.548 / (0.548 + 0.324)


def sample(
    rng: np.random.Generator,
    spreads: Mapping[str, Spread],
    patients: int,
    lesions: int | None = None,
    correlation: float = LESION_CORRELATION,
) -> dict[str, np.ndarray]:
    """Numbers of virtual patients, key -> (patients,), or (patients, lesions) if `lesions` is given.

    rng: a numpy Generator; the same seed gives the same patients. correlation rho 0..1 between the lesions of one
    patient: 0, strangers; 1, all alike. The default is illustrative for sizes (see LESION_CORRELATION).
    Raises ValueError for a count below 1, a correlation outside 0..1, a spread below 0 or an unknown scale.
    """
    shape = (_count("patients", patients),)
    if lesions is not None:
        shape += (_count("lesions", lesions),)
    rho = number("correlation", correlation, 0, 1)
    drawn = {}
    for key, spread in spreads.items():
        z = rng.standard_normal(shape)
        if lesions is not None:
            z = sqrt(rho) * rng.standard_normal((shape[0], 1)) + sqrt(1.0 - rho) * z
        drawn[key] = _spread(key, spread, z)
    return drawn


def _count(name, value):
    if number(name, value, 1) != int(value):
        raise ValueError(f"{name} is {value:g}; it must be a whole number.")
    return int(value)


def _spread(key, spread, z):
    omega = number(f"omega of {key}", spread.omega, 0)
    if spread.scale == "log":
        return number(f"typical of {key}", spread.typical, 0) * np.exp(omega * z)
    if spread.scale == "logit":
        odds = number(f"typical of {key}", spread.typical, 0, 1)
        return odds / (odds + (1.0 - odds) * np.exp(-omega * z))
    raise ValueError(f"scale of {key} is {spread.scale!r}; it must be one of {', '.join(SCALES)}.")
