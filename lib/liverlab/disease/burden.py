"""How a tumour load is shared out: sizes of many lesions, and how differently they answer. Rules illustrative."""

from __future__ import annotations

from math import pi
from statistics import NormalDist
from typing import Any

import numpy as np

from .checks import number

SIZE_SPREAD = 0.35  # SD of the logarithm of the diameters in one liver
RESPONSE_SPREAD = 0.15  # SD of the logarithm of the drug effect between lesions of one liver


def diameters_mm(count: int, total_ml: Any) -> np.ndarray:
    """Diameters (count,), largest first, log-normal in steps of equal chance, whose volumes add up to total_ml.

    count 1 to 1000; total_ml >= 0. The same count gives the same proportions: a load on a slider scales every lesion.
    """
    total = number("total_ml", total_ml, 0, 1e5, "mL")
    relative = np.exp(SIZE_SPREAD * _quantiles(count))
    return relative * np.cbrt(6000.0 * total / (pi * (relative**3).sum()))


def responses(count: int, seed: int) -> np.ndarray:
    """Factors (count,) on the drug effect, log-normal about 1, in an order fixed by the seed."""
    order = np.random.default_rng((int(seed), 71)).permutation(count)
    return np.exp(RESPONSE_SPREAD * _quantiles(count))[order]


def _quantiles(count):
    if isinstance(count, bool) or not isinstance(count, int | np.integer) or not 1 <= count <= 1000:
        raise ValueError(f"count is {count}; it must be a whole number from 1 to 1000.")
    normal = NormalDist()
    return np.array([normal.inv_cdf(1 - (place + 0.5) / count) for place in range(count)])
