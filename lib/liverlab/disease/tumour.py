"""How a tumour's size changes: published models in closed form, with the day and the depth of the nadir.

All sizes are relative to day 0, all rates per day; `per_day` converts the weekly rates of the literature. "Size" is
whatever the model was fitted to: a diameter or a sum of diameters for `claret`, `stein_fojo` and `wang_mm`, a number of
cells (or a volume) for `gompertz`, `norton_simon` and `log_kill`. Arguments broadcast against each other.
Published numbers for these models: `tumour_drugs` (drugs and doses), `variability` (differences between patients),
casesdata/series (doubling times, rates of the g-d model). Sources by their key in casesdata/references.bib.
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


def volume_doubling_d(diameter_rate_per_day):
    """Volume doubling time in days from the growth rate of the diameter per day, ln 2 / (3 g); g must be above 0."""
    return np.log(2.0) / (3.0 * number("diameter_rate_per_day", diameter_rate_per_day, 0, unit="per day", above=True))


def days_to_increase(rate_per_day, increase_pct=20.0):
    """Days until a size that grows exponentially has grown by increase_pct; 20 % of a diameter is RECIST's progression.

    ln(1 + p / 100) / g; both arguments (...) must be above 0.
    """
    increase = number("increase_pct", increase_pct, 0, unit="%", above=True)
    return np.log1p(increase / 100.0) / number("rate_per_day", rate_per_day, 0, unit="per day", above=True)


def gompertz(day, rate_per_day, capacity):
    """Relative size of y' = r y ln(K/y), y(0) = 1: K exp(ln(1/K) e^(-r t)).

    day (...) >= 0; rate_per_day r (...) >= 0; capacity K (...) > 0, relative to the size at day 0.
    """
    day = number("day", day, 0, unit="days")
    rate_per_day = number("rate_per_day", rate_per_day, 0, unit="per day")
    return _gompertz(np.multiply(rate_per_day, day), number("capacity", capacity, 0, above=True))


def norton_simon(day, rate_per_day, capacity, kill, treated_d=np.inf):
    """Relative size of y' = r y ln(K/y) (1 - k E): the drug kills in proportion to the growth it meets.

    `gompertz` in a time that runs at the speed 1 - k E while treatment lasts: K exp(ln(1/K) e^(-r (t - k E t'))), with
    t' = min(t, treated_d). With k E above 1 and K above 1 the tumour shrinks until treated_d, which is its nadir.
    day (...) >= 0; rate_per_day r (...) >= 0; capacity K (...) >= 1; kill k E (...) >= 0; treated_d (...) >= 0 or inf.
    Source: Norton and Simon, Cancer Treat Rep 1977;61:1307-17 (structure).
    """
    day = number("day", day, 0, unit="days")
    rate_per_day = number("rate_per_day", rate_per_day, 0, unit="per day")
    capacity = number("capacity", capacity, 1)
    kill = number("kill", kill, 0)
    treated = np.asarray(treated_d, dtype=float)
    if not np.all(treated >= 0):
        raise ValueError(f"treated_d is {treated_d}; it must be at least 0 days, or infinite.")
    return _gompertz(rate_per_day * (day - kill * np.minimum(day, treated)), capacity)


def _gompertz(turns, capacity):
    # e^700 is the last power a float holds; so far back the tumour is at 0 for every purpose.
    return np.exp(np.log(capacity) * -np.expm1(np.minimum(-turns, 700.0)))


def log10_kill(killed_fraction):
    """Powers of ten by which a dose lowers the number of cells: -log10(1 - f), f (...) 0 to 1; infinite at 1."""
    with np.errstate(divide="ignore"):
        return -np.log10(1.0 - number("killed_fraction", killed_fraction, 0, 1))


def killed_fraction(log10_kill):
    """Fraction of the cells killed by a dose, 1 - 10^-k, from its log10 kill k (...) >= 0."""
    return -np.expm1(-np.log(10.0) * number("log10_kill", log10_kill, 0))


def log_kill(day, growth_per_day, log10_kill, cycle_d, cycles):
    """Relative number of cells under doses that each kill the same fraction, with growth in between.

    e^(g t) 10^(-k n), n doses given before day t: on day 0 and every cycle_d after, `cycles` doses in all. The size on
    the day of a dose is the one before it. day, growth_per_day g, log10_kill k (...) >= 0; cycle_d (...) > 0;
    cycles (...) >= 0. Source: Skipper, Schabel and Wilcox, Cancer Chemother Rep 1964;35:1-111 (structure).
    """
    day = number("day", day, 0, unit="days")
    growth, kill, cycle, cycles = _log_kill(growth_per_day, log10_kill, cycle_d, cycles)
    given = np.minimum(cycles, np.ceil(day / cycle))
    return np.exp(growth * day - kill * given)


def log_kill_nadir(growth_per_day, log10_kill, cycle_d, cycles):
    """Day of the smallest size of `log_kill`, and that size just after the dose of this day: (day, size).

    The last dose where a cycle kills more than grows back, (k ln 10 > g cycle_d), else the first; 0, 1 without a dose.
    """
    growth, kill, cycle, cycles = _log_kill(growth_per_day, log10_kill, cycle_d, cycles)
    doses = np.where(kill > growth * cycle, cycles, np.minimum(1.0, cycles))
    day = np.maximum(0.0, doses - 1.0) * cycle
    return day[()], np.exp(growth * day - kill * doses)[()]


def _log_kill(growth_per_day, log10_kill, cycle_d, cycles):
    return (
        number("growth_per_day", growth_per_day, 0, unit="per day"),
        np.log(10.0) * number("log10_kill", log10_kill, 0),
        number("cycle_d", cycle_d, 0, unit="days", above=True),
        number("cycles", cycles, 0),
    )


def claret(day, kl_per_day, kde_per_day, lambda_per_day):
    """Relative size under a drug whose effect fades: y' = KL y - KD E e^(-lambda t) y.

    Closed form for constant exposure E: exp(KL t - (KD E / lambda)(1 - e^(-lambda t))).
    day (...) >= 0 since the start of treatment; kl_per_day (growth), kde_per_day (KD times exposure) and
    lambda_per_day (resistance) (...) >= 0. Raises ValueError outside these ranges.
    Source: claret2009 (structure; it is not the source of any number here).
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
    """Relative size e^(-d t) + e^(g t) - 1: a sensitive part dies while a resistant part grows ("gd").

    With g = 0 only decay is left (e^(-d t), "dx"), with d = 0 only growth (e^(g t), "gx").
    day (...) >= 0; growth_per_day g, decay_per_day d (...) >= 0.
    Source: stein2008; names of the variants as in the R package tumgr.
    """
    day, growth_per_day, decay_per_day = _stein_fojo(day, growth_per_day, decay_per_day)
    return np.exp(-np.multiply(decay_per_day, day)) + np.expm1(np.multiply(growth_per_day, day))


def stein_fojo_nadir_d(growth_per_day, decay_per_day):
    """Day of the smallest size of `stein_fojo`, from which it grows: ln(d/g) / (g + d).

    0 where growth is at least as fast as decay; infinite where nothing grows (g = 0) and something decays.
    """
    return stein_fojo_phi_nadir_d(growth_per_day, decay_per_day, 0.5)


def stein_fojo_phi(day, growth_per_day, decay_per_day, sensitive_fraction):
    """Relative size phi e^(-d t) + (1 - phi) e^(g t): a fraction phi of the tumour responds ("gdphi").

    day, growth_per_day g, decay_per_day d (...) >= 0; sensitive_fraction phi (...) 0 to 1. Source: as `stein_fojo`.
    """
    day, growth_per_day, decay_per_day = _stein_fojo(day, growth_per_day, decay_per_day)
    phi = number("sensitive_fraction", sensitive_fraction, 0, 1)
    return phi * np.exp(-np.multiply(decay_per_day, day)) + (1.0 - phi) * np.exp(np.multiply(growth_per_day, day))


def stein_fojo_phi_nadir_d(growth_per_day, decay_per_day, sensitive_fraction):
    """Day of the smallest size of `stein_fojo_phi`: ln(phi d / ((1 - phi) g)) / (g + d).

    0 where the tumour grows from the start; infinite where nothing grows ((1 - phi) g = 0) and something decays.
    """
    _, growth, decay = _stein_fojo(0.0, growth_per_day, decay_per_day)
    phi = number("sensitive_fraction", sensitive_fraction, 0, 1)
    up, down = np.multiply(1.0 - phi, growth), np.multiply(phi, decay)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        day = np.log(down / up) / np.add(growth, decay)
    return np.where(down <= up, 0.0, np.where(up == 0, np.inf, day))[()]


def _stein_fojo(day, growth_per_day, decay_per_day):
    return (
        number("day", day, 0, unit="days"),
        number("growth_per_day", growth_per_day, 0, unit="per day"),
        number("decay_per_day", decay_per_day, 0, unit="per day"),
    )


def wang_mm(day, baseline_mm, shrinkage_per_day, regrowth_mm_per_day):
    """Size in mm that shrinks exponentially and regrows along a straight line: BSL e^(-SR t) + PR t.

    day, shrinkage_per_day SR, regrowth_mm_per_day PR (...) >= 0; baseline_mm BSL (...) > 0.
    Source: Wang et al., Clin Pharmacol Ther 2009;86:167-74 (structure; its numbers were not found).
    """
    day = number("day", day, 0, unit="days")
    baseline, shrinkage, regrowth = _wang(baseline_mm, shrinkage_per_day, regrowth_mm_per_day)
    return baseline * np.exp(-np.multiply(shrinkage, day)) + np.multiply(regrowth, day)


def wang_nadir_d(baseline_mm, shrinkage_per_day, regrowth_mm_per_day):
    """Day of the smallest size of `wang_mm`: ln(BSL SR / PR) / SR; 0 if it never shrinks, infinite if PR is 0."""
    baseline, shrinkage, regrowth = _wang(baseline_mm, shrinkage_per_day, regrowth_mm_per_day)
    down = np.multiply(baseline, shrinkage)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        day = np.log(np.divide(down, regrowth)) / shrinkage
    return np.where(down <= regrowth, 0.0, np.where(np.equal(regrowth, 0), np.inf, day))[()]


def _wang(baseline_mm, shrinkage_per_day, regrowth_mm_per_day):
    return (
        number("baseline_mm", baseline_mm, 0, unit="mm", above=True),
        number("shrinkage_per_day", shrinkage_per_day, 0, unit="per day"),
        number("regrowth_mm_per_day", regrowth_mm_per_day, 0, unit="mm per day"),
    )


def volume_ml(diameter_mm):
    """Volume in mL of a sphere (or an ellipsoid whose axes have this geometric mean) of the given diameter in mm."""
    return np.pi / 6e3 * np.asarray(diameter_mm, dtype=float) ** 3
