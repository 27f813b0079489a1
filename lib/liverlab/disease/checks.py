"""Refuse bad input in one sentence: argument, value, allowed range."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np


def _show(number: float) -> str:
    return f"{number:g}"


def _range(low: float, high: float, unit: str, above: bool) -> str:
    unit = f" {unit}" if unit else ""
    if low == -math.inf and high == math.inf:
        return f"finite{unit}"
    if high == math.inf:
        return f"{'above' if above else 'at least'} {_show(low)}{unit}"
    return f"{'above ' if above else ''}{_show(low)} to {_show(high)}{unit}"


def number(name: str, value: Any, low: float, high: float = math.inf, unit: str = "", above: bool = False) -> Any:
    """Return `value` as float or float array, or raise ValueError if any of it is not finite or out of range.

    low, high: the allowed range, both ends included; with `above`, low itself is refused.
    """
    # Sliders send plain floats: answering those without numpy keeps a course well under its time bar.
    if type(value) is float or type(value) is int:
        if math.isfinite(value) and low <= value <= high and not (above and value == low):
            return float(value)
        raise ValueError(f"{name} is {value:g}; it must be {_range(low, high, unit, above)}.")
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {value!r}; it must be a number, {_range(low, high, unit, above)}.") from None
    bad = ~np.isfinite(array) | (array < low) | (array > high)
    if above:
        bad |= array == low
    if bad.any():
        raise ValueError(
            f"{name} is {_show(float(np.atleast_1d(array)[np.atleast_1d(bad)][0]))}; "
            f"it must be {_range(low, high, unit, above)}."
        )
    return array if array.ndim else float(array)


def take(values: Mapping[str, Any], key: str, low: float, high: float = math.inf, unit: str = "", above: bool = False):
    """`values[key]`, checked by `number`; a missing key is one sentence too."""
    if key not in values:
        raise ValueError(f"values has no {key}; it must be {_range(low, high, unit, above)}.")
    return number(key, values[key], low, high, unit, above)


def days(name: str, value: Any) -> np.ndarray:
    """Days as a 1-D float array, finite, in order, not empty."""
    array = np.asarray(value, dtype=float)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}; it must be one list of at least one day.")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds {array[~np.isfinite(array)][0]:g}; every day must be a finite number.")
    step = np.diff(array)
    if (step < 0).any():
        at = int(np.argmax(step < 0))
        raise ValueError(f"{name} goes from {array[at]:g} back to {array[at + 1]:g}; days must not decrease.")
    return array
