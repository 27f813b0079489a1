"""How far two measurements of the same thing differ: the reader's error, by its published limits of agreement.

95 % limits of agreement of the relative difference between two measurements of what has not changed. Yoon et al., Eur J
Cancer 2016;53:5-15, a meta-analysis of 12 studies (abstract). They are read here as a normal distribution of the
relative difference, its mean in the middle of the limits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from liverlab.disease.checks import number

# (what is measured, by whom) -> lower and upper limit, %.
LIMITS_PCT = {
    ("sum", "one reader"): (-9.8, 13.1),
    ("sum", "two readers"): (-19.2, 19.5),
    ("lesion", "one reader"): (-17.8, 16.1),
    ("lesion", "two readers"): (-22.1, 25.4),
}
_Z = 1.959964  # 95 % of a normal distribution lie within this many SD


def limits_pct(what: str = "sum", readers: str = "one reader") -> tuple[float, float]:
    """Published 95 % limits of agreement (%) of a `sum` of diameters or one `lesion`, `one reader` or `two readers`."""
    if (what, readers) not in LIMITS_PCT:
        known = "; ".join(", ".join(key) for key in LIMITS_PCT)
        raise ValueError(f"what and readers are {what!r} and {readers!r}; they must be one of: {known}.")
    return LIMITS_PCT[what, readers]


def interval_mm(first_mm: Any, low_pct: Any = -9.8, high_pct: Any = 13.1) -> tuple[Any, Any]:
    """Smallest and largest size (mm) that a second measurement of the same gives in 95 % of cases.

    first_mm (...) >= 0: the first measurement. low_pct -100..0, high_pct >= 0: limits of agreement. All broadcast.
    """
    first_mm = number("first_mm", first_mm, 0, 1e5, "mm")
    low_pct, high_pct = _limits(low_pct, high_pct)
    return first_mm * (1 + low_pct / 100), first_mm * (1 + high_pct / 100)


def within_reader_noise(first_mm: Any, second_mm: Any, low_pct: Any = -9.8, high_pct: Any = 13.1) -> Any:
    """True where the change from first to second (mm, ...) could be reader error alone (95 % limits, included)."""
    low_mm, high_mm = interval_mm(first_mm, low_pct, high_pct)
    second_mm = number("second_mm", second_mm, 0, 1e5, "mm")
    slack = 1e-9 * np.abs(high_mm)
    return ((second_mm >= low_mm - slack) & (second_mm <= high_mm + slack))[()]


def remeasured_mm(
    first_mm: Any, random: np.random.Generator, low_pct: Any = -9.8, high_pct: Any = 13.1, size: Any = None
) -> Any:
    """What measuring the same again gives: first_mm * (1 + e), e normal with the limits of agreement as its 95 % range.

    first_mm (...) mm; random: numpy generator; size: shape of the answer, by default that of the arguments.
    """
    first_mm = number("first_mm", first_mm, 0, 1e5, "mm")
    low_pct, high_pct = _limits(low_pct, high_pct)
    mean, sd = (low_pct + high_pct) / 200, (high_pct - low_pct) / (200 * _Z)
    shape = np.broadcast_shapes(np.shape(first_mm), np.shape(mean)) if size is None else size
    return np.maximum(0.0, first_mm * (1 + mean + sd * random.standard_normal(shape)))[()]


def measured_mm(
    true_mm: Any, random: np.random.Generator, low_pct: Any = -9.8, high_pct: Any = 13.1, size: Any = None
) -> Any:
    """One measurement of a true size (mm, ...): unbiased, so spread that two of them differ as widely as the limits.

    Both measurements err, hence each with 1 / sqrt(2) of the spread of their difference.
    """
    true_mm = number("true_mm", true_mm, 0, 1e5, "mm")
    low_pct, high_pct = _limits(low_pct, high_pct)
    half = (high_pct - low_pct) / (2 * np.sqrt(2))
    return remeasured_mm(true_mm, random, -half, half, size)


def _limits(low_pct: Any, high_pct: Any) -> tuple[Any, Any]:
    return number("low_pct", low_pct, -100, 0, "%"), number("high_pct", high_pct, 0, 1000, "%")
