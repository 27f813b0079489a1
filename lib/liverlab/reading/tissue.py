"""Tissue in time: which way to the liver, how often a sample shows tumour, how often it bleeds, when treatment starts.

    bleeding through the skin = p_0 INR^2          (p_0 published; the square is illustrative: harm rises with the INR)
    sample shows tumour = 1 - (1 - N)^10           (10 microscopic fields, each shows it with the share N it fills)

The way through the jugular vein does not cross the capsule; its harm was the same at every INR (Sue 2019). Above an INR
of 1.5 or below 50 x 10^9/L platelets it is the usual choice (limits named in percutaneous2018, which also saw bleeding
rise with the INR). The numbers come from other liver diseases: nobody has published them for tumour in the sinusoids.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from liverlab.disease.checks import number, take

INR_LIMIT, PLATELET_LIMIT_1E9_L = 1.5, 50.0
FIELDS = 10  # illustrative
PERCUTANEOUS, TRANSJUGULAR, MARROW = "percutaneous", "transjugular", "marrow"
ROUTES = (PERCUTANEOUS, TRANSJUGULAR, MARROW)


def through_the_vein(inr: Any, platelets_1e9_l: Any) -> Any:
    """Whether a liver biopsy should take the way through the jugular vein; arguments (...) broadcast."""
    inr = np.asarray(number("inr", inr, 0.5, 20))
    platelets = np.asarray(number("platelets_1e9_l", platelets_1e9_l, 0, 3000, "x 10^9/L"))
    return ((inr > INR_LIMIT) | (platelets < PLATELET_LIMIT_1E9_L))[()]


def harm_pct(values: Mapping[str, Any], inr: Any, route: str) -> Any:
    """Chance of major bleeding or other major harm in per cent, at this INR (...).

    A marrow sample is taken to do none. Raises ValueError for an unknown route or an impossible INR.
    """
    inr = np.asarray(number("inr", inr, 0.5, 20))
    if _route(route) == PERCUTANEOUS:
        return np.minimum(100.0, take(values, "percutaneous_bleeding_pct", 0, 100, "%") * inr**2)[()]
    return (inr * 0.0 + (take(values, "transjugular_harm_pct", 0, 100, "%") if route == TRANSJUGULAR else 0.0))[()]


def yield_pct(values: Mapping[str, Any], occupancy: Any, route: str) -> Any:
    """Chance in per cent that the sample shows tumour, which fills a share `occupancy` (..., 0..1) of the sinusoids.

    A marrow sample shows it with one chance, if there is tumour at all. Raises ValueError outside these ranges.
    """
    occupancy = np.asarray(number("occupancy", occupancy, 0, 1))
    if _route(route) == MARROW:
        return np.where(occupancy > 0, take(values, "marrow_yield_pct", 0, 100, "%"), 0.0)[()]
    return (100.0 * (1.0 - (1.0 - occupancy) ** FIELDS))[()]


def treatment_day(values: Mapping[str, Any], shows_tumour: bool = True) -> float:
    """First day of chemotherapy: chemo_day_d, but not before the biopsy's report; infinite if that shows nothing."""
    if not shows_tumour:
        return np.inf
    report = take(values, "tissue_day_d", 0, unit="days") + take(values, "pathology_d", 0, unit="days")
    return float(max(report, take(values, "chemo_day_d", 0, unit="days")))


def _route(route: str) -> str:
    if route not in ROUTES:
        raise ValueError(f"route is {route!r}; it must be one of {', '.join(ROUTES)}.")
    return route
