"""How long patients live, as published: distributions with S(t), quantiles and random draws.

    log-normal    S(t) = 1 - Phi((ln t - ln median) / sigma)      Bruno 2012: the median follows from the tumour
    exponential   S(t) = 2^(-t / median)                          where only a median was published

Statements about groups of patients, never about one. Medians (...) are in months and broadcast against the time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from .checks import days as checked_days
from .checks import number
from .kinetics import saturation

# bruno2012, table 1: spread of the logarithm of the survival time.
BRUNO_SIGMA = 0.773

_erfc = np.vectorize(math.erfc, otypes=[float])
_normal_quantile = np.vectorize(NormalDist().inv_cdf, otypes=[float])


@dataclass(frozen=True)
class LogNormal:
    """Survival whose logarithm is normal: median_months (...) > 0, sigma (...) > 0."""

    median_months: Any
    sigma: Any = BRUNO_SIGMA

    def __post_init__(self):
        number("median_months", self.median_months, 0, unit="months", above=True)
        number("sigma", self.sigma, 0, above=True)

    def survival(self, months):
        """Fraction alive after `months` (...) >= 0."""
        months = number("months", months, 0, unit="months")
        with np.errstate(divide="ignore"):
            z = np.log(np.divide(months, self.median_months)) / self.sigma
        return 0.5 * _erfc(z / math.sqrt(2.0))[()]

    def quantile(self, dead):
        """Months after which the fraction `dead` (...), 0 to 1, has died; 0 for nobody, infinite for everybody."""
        dead = np.asarray(number("dead", dead, 0, 1))
        inside = (dead > 0) & (dead < 1)
        z = np.where(inside, _normal_quantile(np.where(inside, dead, 0.5)), np.where(dead > 0, np.inf, -np.inf))
        return (self.median_months * np.exp(self.sigma * z))[()]

    def sample(self, rng: np.random.Generator, size=None):
        """Random survival times in months, of shape `size` (default: one for each median)."""
        shape = np.broadcast_shapes(np.shape(self.median_months), np.shape(self.sigma)) if size is None else size
        return self.median_months * np.exp(self.sigma * rng.standard_normal(shape))


@dataclass(frozen=True)
class Exponential:
    """Survival under a constant risk: median_months (...) > 0."""

    median_months: Any

    def __post_init__(self):
        number("median_months", self.median_months, 0, unit="months", above=True)

    def survival(self, months):
        """Fraction alive after `months` (...) >= 0."""
        return np.exp2(-np.divide(number("months", months, 0, unit="months"), self.median_months))

    def quantile(self, dead):
        """Months after which the fraction `dead` (...), 0 to 1, has died; infinite for everybody."""
        with np.errstate(divide="ignore"):
            return self.median_months * -np.log2(1.0 - np.asarray(number("dead", dead, 0, 1)))[()]

    def sample(self, rng: np.random.Generator, size=None):
        """Random survival times in months, of shape `size` (default: one for each median)."""
        shape = np.shape(self.median_months) if size is None else size
        return self.median_months / math.log(2.0) * rng.standard_exponential(shape)


def bruno(sum_mm, change_week_6, ecog=0, more_than_one_site=True, later_study=True) -> LogNormal:
    """Overall survival in second-line metastatic breast cancer, from the tumour before and after six weeks.

    ln median (months) = 3.02 - 0.00231 SLD - 0.801 change - 0.352 ECOG - 0.200 sites + 0.131 study; sites is 1 for one
    metastatic site at most and 2 for more, study 1 for the older trial (SO14999) and 2 for the later one (NO16853).
    sum_mm SLD (...) >= 0, sum of diameters at baseline (10 to 520 mm in the 888 patients); change_week_6 (...) at least
    -1, relative change of the sum (0.3: 30 % larger); ecog (...) performance status, 0 or 1.
    Source: bruno2012, table 1.
    """
    log_median = (
        3.02
        - 0.00231 * number("sum_mm", sum_mm, 0, unit="mm")
        - 0.801 * number("change_week_6", change_week_6, -1)
        - 0.352 * number("ecog", ecog, 0, 1)
        - 0.200 * (1.0 + np.asarray(more_than_one_site, dtype=bool))
        + 0.131 * (1.0 + np.asarray(later_study, dtype=bool))
    )
    return LogNormal(np.exp(log_median)[()])


def alive_under_tumour(days, sum_mm, scale_d=1450.0, per_mm=0.01):
    """Fraction alive on each day (..., T) when the daily risk rises with the tumour: h = e^(b SLD) / scale.

    days (T,) in order from 0 on; sum_mm (..., T) >= 0, taken as linear between the days, for which the answer is exact;
    scale_d (...) > 0, per_mm b (...) >= 0. Defaults: kerioui2020 (its simulations).
    """
    days = checked_days("days", days)
    size = np.asarray(number("sum_mm", sum_mm, 0, unit="mm"))
    if days[0] != 0 or size.ndim == 0 or size.shape[-1] != days.size:
        raise ValueError(
            f"days starts at {days[0]:g} and sum_mm has shape {size.shape}; "
            f"days must start at 0 and the last axis of sum_mm must be the {days.size} days."
        )
    scale = np.asarray(number("scale_d", scale_d, 0, unit="days", above=True))[..., None]
    # Beyond e^50 nobody survives a day, and e^710 no float holds.
    pull = np.minimum(np.asarray(number("per_mm", per_mm, 0, unit="1/mm"))[..., None] * size, 50.0)
    before, after = pull[..., :-1], pull[..., 1:]
    mean = np.exp(np.maximum(before, after)) * saturation(np.abs(after - before)) / scale
    risk = np.zeros((*mean.shape[:-1], days.size))
    risk[..., 1:] = np.cumsum(mean * np.diff(days), axis=-1)
    return np.exp(-risk)
