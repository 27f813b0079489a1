"""How many liver metastases there are, where, how large, and how they grow without treatment.

A layout names places on the right and on the left of the liver, each with a size; what stands first in it is used
first. New lesions start below the visible size and grow like the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from liverlab.disease import tumour
from liverlab.disease.checks import days as checked_days
from liverlab.disease.checks import number

LEFT_SEGMENTS = ("I", "II", "III", "IV", "IVa", "IVb")


def chosen(lesions: Sequence[Any], lesion_count: float, left_share_pct: float, new_count: float = 0) -> tuple[Any, ...]:
    """The lesions of a layout (objects with `segment` and `role`) that this patient has.

    lesion_count >= 1, of which left_share_pct (0..100) lie left of the middle hepatic vein, rounded; new_count: how
    many of the role `new` come later. Raises ValueError where the layout has too few places on a side.
    """
    count = round(number("lesion_count", lesion_count, 1, 1000))
    new = round(number("new_count", new_count, 0, 1000))
    on_the_left = round(count * number("left_share_pct", left_share_pct, 0, 100, "%") / 100)
    here = [lesion for lesion in lesions if lesion.role != "new"]
    left = [lesion for lesion in here if lesion.segment in LEFT_SEGMENTS]
    right = [lesion for lesion in here if lesion.segment not in LEFT_SEGMENTS]
    later = [lesion for lesion in lesions if lesion.role == "new"]
    for name, wanted, places in (
        ("left", on_the_left, left), ("right", count - on_the_left, right), ("new", new, later)
    ):  # fmt: skip
        if wanted > len(places):
            raise ValueError(f"lesion_count asks for {wanted} lesions ({name}); the layout has {len(places)} places.")
    return (*right[: count - on_the_left], *left[:on_the_left], *later[:new])


def diameters_mm(
    lesions: Sequence[Any],
    largest_mm: float,
    seed_mm: float,
    doubling_d: float,
    on_days: Sequence[float],
    growing: Sequence[bool] | bool = True,
) -> np.ndarray:
    """Diameter (L, T) in mm of each lesion on each day, untreated: the layout's sizes scaled, growing exponentially.

    lesions: objects with `diameter_mm` and `role`; largest_mm > 0: of the largest one on day 0; seed_mm > 0: of a
    lesion of the role `new` on day 0; doubling_d > 0: volume doubling time; on_days (T,); growing (L,): False
    for what is no tumour and keeps its size. The diameter grows by ln 2 / (3 VDT) a day.
    """
    on_days = checked_days("on_days", on_days)
    largest_mm = number("largest_mm", largest_mm, 0, 500, "mm", above=True)
    seed_mm = number("seed_mm", seed_mm, 0, 500, "mm", above=True)
    own = np.array([float(lesion.diameter_mm) for lesion in lesions if lesion.role != "new"])
    scale = largest_mm / own.max() if own.size else 1.0
    first = np.array([seed_mm if one.role == "new" else scale * one.diameter_mm for one in lesions], dtype=float)
    rate = tumour.diameter_rate_per_day(doubling_d) * np.broadcast_to(np.asarray(growing, bool), first.shape)
    return first[:, None] * tumour.exponential(on_days, rate[:, None])
