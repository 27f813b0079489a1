"""How a tumour's size changes: published models in closed form.

All sizes are relative to day 0, all rates per day; `per_day` converts the weekly rates of the literature. "Size" is
whatever the model was fitted to: a diameter or a sum of diameters for `claret` and `stein_fojo`.
Arguments broadcast against each other.
"""

from __future__ import annotations

import numpy as np

from .checks import number
from .kinetics import saturation

DAYS_PER_WEEK = 7.0


def per_day(rate_per_week):
    """A rate per week as a rate per day."""
    return rate_per_week / DAYS_PER_WEEK


def exponential(day, rate_per_day):
    """Relative size e^(k t) of unhindered growth.

    day (...) in days; rate_per_day (...) may be negative (decay). Raises ValueError if either is not finite.
    """
    day = number("day", day, -np.inf, unit="days")
    rate_per_day = number("rate_per_day", rate_per_day, -np.inf, unit="per day")
    return np.exp(np.multiply(rate_per_day, day))


def diameter_rate_per_day(volume_doubling_d):
    """Growth rate of the diameter per day, from the volume doubling time in days: ln 2 / (3 VDT).

    A volume grows with the third power of the diameter. Raises ValueError unless the doubling time is above 0.
    """
    return np.log(2.0) / (3.0 * number("volume_doubling_d", volume_doubling_d, 0, unit="days", above=True))


def gompertz(day, rate_per_day, capacity):
    """Relative size of y' = r y ln(K/y), y(0) = 1: K exp(ln(1/K) e^(-r t)).

    day (...) >= 0; rate_per_day r (...) >= 0; capacity K (...) > 0, relative to the size at day 0.
    """
    day = number("day", day, 0, unit="days")
    rate_per_day = number("rate_per_day", rate_per_day, 0, unit="per day")
    log_capacity = np.log(number("capacity", capacity, 0, above=True))
    return np.exp(log_capacity * -np.expm1(-np.multiply(rate_per_day, day)))


def claret(day, kl_per_day, kde_per_day, lambda_per_day):
    """Relative size under a drug whose effect fades: y' = KL y - KD E e^(-lambda t) y.

    Closed form for constant exposure E: exp(KL t - (KD E / lambda)(1 - e^(-lambda t))).
    day (...) >= 0 since the start of treatment; kl_per_day (growth), kde_per_day (KD times exposure) and
    lambda_per_day (resistance) (...) >= 0. Raises ValueError outside these ranges.
    Source: Claret et al., J Clin Oncol 2009;27:4103-8 (structure; the numbers used here come from Hansson 2013).
    """
    day = number("day", day, 0, unit="days")
    kl_per_day = number("kl_per_day", kl_per_day, 0, unit="per day")
    kde_per_day = number("kde_per_day", kde_per_day, 0, unit="per day")
    lambda_per_day = number("lambda_per_day", lambda_per_day, 0, unit="per day")
    return np.exp(log_claret(day, kl_per_day, kde_per_day, lambda_per_day))


def log_claret(day, kl_per_day, kde_per_day, lambda_per_day):
    """Natural logarithm of `claret`, unchecked: courses are stitched together on this scale."""
    return day * (kl_per_day - kde_per_day * saturation(np.multiply(lambda_per_day, day)))


def claret_time_to_growth_d(kl_per_day, kde_per_day, lambda_per_day):
    """Day of the nadir of `claret`, ln(KD E / KL) / lambda, where shrinkage has faded to the rate of growth.

    0 if the tumour grows from the start; infinite if the drug outweighs growth for ever (lambda 0 or KL 0).
    """
    kl = np.asarray(number("kl_per_day", kl_per_day, 0, unit="per day"))
    kde = np.asarray(number("kde_per_day", kde_per_day, 0, unit="per day"))
    fade = np.asarray(number("lambda_per_day", lambda_per_day, 0, unit="per day"))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        day = np.log(kde / kl) / fade
    return np.where(kde <= kl, 0.0, np.where((fade == 0) | (kl == 0), np.inf, day))[()]


def claret_nadir(kl_per_day, kde_per_day, lambda_per_day):
    """Smallest relative size `claret` reaches; its limit for t -> infinity if there is no regrowth."""
    day = np.asarray(claret_time_to_growth_d(kl_per_day, kde_per_day, lambda_per_day))
    reached = np.isfinite(day)
    at_nadir = np.exp(log_claret(np.where(reached, day, 0.0), kl_per_day, kde_per_day, lambda_per_day))
    fade = np.asarray(lambda_per_day, dtype=float)
    # Without growth the fading drug still delivers KD E / lambda in all; without fading the tumour goes to 0.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        total = np.asarray(kde_per_day, dtype=float) / fade
    return np.where(reached, at_nadir, np.exp(-total))[()]


def stein_fojo(day, growth_per_day, decay_per_day):
    """Relative size e^(-d t) + e^(g t) - 1: a sensitive part dies while a resistant part grows.

    day (...) >= 0; growth_per_day g, decay_per_day d (...) >= 0.
    Source: Stein et al., Oncologist 2008;13:1046-54.
    """
    day = number("day", day, 0, unit="days")
    growth_per_day = number("growth_per_day", growth_per_day, 0, unit="per day")
    decay_per_day = number("decay_per_day", decay_per_day, 0, unit="per day")
    return np.exp(-np.multiply(decay_per_day, day)) + np.expm1(np.multiply(growth_per_day, day))


def stein_fojo_nadir_d(growth_per_day, decay_per_day):
    """Day of the smallest size of `stein_fojo`: ln(d/g) / (g + d), 0 where growth is at least as fast as decay."""
    growth = np.asarray(number("growth_per_day", growth_per_day, 0, unit="per day", above=True))
    decay = np.asarray(number("decay_per_day", decay_per_day, 0, unit="per day"))
    with np.errstate(divide="ignore"):
        return np.maximum(0.0, np.log(decay / growth) / (growth + decay))[()]


def volume_ml(diameter_mm):
    """Volume in mL of a sphere (or an ellipsoid whose axes have this geometric mean) of the given diameter in mm."""
    return np.pi / 6e3 * np.asarray(diameter_mm, dtype=float) ** 3
