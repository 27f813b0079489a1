"""Integer codes of the response criteria, and exact arithmetic at 0.01 mm or 0.01 HU.

Arrays hold small integers; `label` turns one into the word a report uses. All comparisons of the criteria are made on
integers (hundredths), so that 21 -> 25.2 mm is exactly +20 % and never 19.999999 %.
"""

import math
from fractions import Fraction

import numpy as np

NE, CR, PR, SD, PD, NON_CR_NON_PD, BASELINE = range(7)
RESPONSE_LABELS = ("NE", "CR", "PR", "SD", "PD", "non-CR/non-PD", "baseline")

NO_NON_TARGET, NON_TARGET_CR, NON_TARGET_PRESENT, NON_TARGET_PD, NON_TARGET_NE = range(5)
NON_TARGET_LABELS = ("none", "CR", "non-CR/non-PD", "PD", "NE")

NEW_NONE, NEW_EQUIVOCAL, NEW_UNEQUIVOCAL = range(3)
NEW_LESION_LABELS = ("none", "equivocal", "unequivocal")

LARGEST_MM = 1000.0
LARGEST_HU = 4000.0


def label(code, words=RESPONSE_LABELS):
    """Word for a response code: "CR", "PR", "SD", "PD", "NE", "non-CR/non-PD" or "baseline"; or that of `words`."""
    return words[int(code)]


def hundredths(values, name, low, high, unit):
    """`values` as integers of 1/100 `unit`; ValueError for NaN or a value outside low..high (any shape)."""
    values = np.asarray(values, dtype=float)
    bad = ~((values >= low) & (values <= high))
    if bad.any():
        raise ValueError(f"{name} is {values[bad].flat[0]:g} {unit}; allowed: {low:g} to {high:g} {unit}.")
    return np.rint(values * 100).astype(np.int64)


def visits_last(size, name):
    """Refuse an array without a visit on its last axis."""
    if size.ndim == 0 or size.shape[-1] == 0:
        raise ValueError(f"{name} is empty: give at least the baseline visit on the last axis.")
    return size


def visit_days(days, shape):
    """Days (T,) or (..., T) as floats broadcast to `shape`; ValueError unless finite and rising along the visits."""
    days = broadcast(np.asarray(days, dtype=float), "days", shape)
    if not np.isfinite(days).all():
        raise ValueError(f"days holds {days[~np.isfinite(days)].flat[0]:g}; allowed: finite numbers.")
    late = np.diff(days, axis=-1) <= 0
    if late.any():
        before, after = days[..., :-1][late].flat[0], days[..., 1:][late].flat[0]
        raise ValueError(f"days goes from {before:g} to {after:g}; allowed: days that rise with the visits.")
    return days


def coded(values, name, labels, shape):
    """`values` (a word, a code, or an array of codes) as int8 codes broadcast to `shape`; ValueError if unknown."""
    if isinstance(values, str):
        if values not in labels:
            raise ValueError(f"{name} is {values!r}; allowed: {', '.join(labels)}.")
        values = labels.index(values)
    codes = np.asarray(values)
    if codes.dtype.kind in "US":
        unknown = sorted(set(codes.ravel().tolist()) - set(labels))
        if unknown:
            raise ValueError(f"{name} is {unknown[0]!r}; allowed: {', '.join(labels)}.")
        codes = np.vectorize(labels.index, otypes=[np.int8])(codes)
    bad = ~np.isin(codes, np.arange(len(labels)))
    if bad.any():
        raise ValueError(f"{name} is {codes[bad].flat[0]}; allowed: 0 to {len(labels) - 1} ({', '.join(labels)}).")
    return broadcast(codes.astype(np.int8), name, shape)


def flags(values, name, shape):
    """`values` as booleans broadcast to `shape`; ValueError when the shape does not fit."""
    return broadcast(np.asarray(values, dtype=bool), name, shape)


def broadcast(array, name, shape):
    """`array` broadcast to `shape`; ValueError when it does not fit."""
    try:
        return np.broadcast_to(array, shape)
    except ValueError:
        raise ValueError(f"{name} has shape {array.shape}; allowed: any shape that broadcasts to {shape}.") from None


def number_text(value, scale=100):
    """An integer of 1/scale as a short number: 2520 -> "25.2", 2100 -> "21"."""
    return f"{value / scale:.{len(str(scale)) - 1}f}".rstrip("0").rstrip(".")


def signed_text(value, scale=100):
    """An integer of 1/scale as a short signed number: 420 -> "+4.2", -500 -> "-5"."""
    return ("+" if value >= 0 else "-") + number_text(abs(value), scale)


def percent_text(now, before, bars=(), most_decimals=6):
    """Change of two integers in percent, one decimal, or as many more as it takes not to blur a bar.

    19.998 % prints as "+19.998 %", not as "+20.0 %", when 20 is among `bars`; where `most_decimals` do not do, the
    number is cut, not rounded ("+19.9 %"), so that what falls short of a bar never reads as reaching it.
    """
    exact = Fraction(int(now) - int(before), int(before)) * 100
    for decimals in range(1, most_decimals + 1):
        shown = f"{float(exact):+.{decimals}f}"
        if all(_side(Fraction(shown), bar) == _side(exact, bar) for bar in bars):
            break
    else:
        shown = f"{math.trunc(exact * 10**decimals) / 10**decimals:+.{decimals}f}"
    return f"{shown} %" if float(shown) != 0 else f"{0:.{decimals}f} %"


def _side(value, bar):
    return (value > bar) - (value < bar)
