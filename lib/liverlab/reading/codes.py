"""Integer codes of the response criteria, and exact arithmetic at 0.01 mm or 0.01 HU.

Arrays hold small integers; `label` turns one into the word a report uses. All comparisons of the criteria are made on
integers (hundredths), so that 21 -> 25.2 mm is exactly +20 % and never 19.999999 %.
"""

from fractions import Fraction

import numpy as np

NE, CR, PR, SD, PD, NON_CR_NON_PD, BASELINE = range(7)
RESPONSE_LABELS = ("NE", "CR", "PR", "SD", "PD", "non-CR/non-PD", "baseline")

NO_NON_TARGET, NON_TARGET_CR, NON_TARGET_PRESENT, NON_TARGET_PD, NON_TARGET_NE = range(5)
NON_TARGET_LABELS = ("none", "CR", "non-CR/non-PD", "PD", "NE")

NEW_NONE, NEW_EQUIVOCAL, NEW_UNEQUIVOCAL = range(3)
NEW_LESION_LABELS = ("none", "equivocal", "unequivocal")

# Best response ranks CR before PR before SD before PD; a baseline or an unevaluable visit never improves it.
_RANK_OF_CODE = np.array([6, 1, 2, 3, 5, 4, 7], dtype=np.int8)
_CODE_OF_RANK = np.array([0, CR, PR, SD, NON_CR_NON_PD, PD, NE, BASELINE], dtype=np.int8)

LARGEST_MM = 1000.0
LARGEST_HU = 4000.0


def label(code):
    """Word for a response code: "CR", "PR", "SD", "PD", "NE", "non-CR/non-PD" or "baseline"."""
    return RESPONSE_LABELS[int(code)]


def hundredths(values, name, low, high, unit):
    """`values` as integers of 1/100 `unit`; ValueError for NaN or a value outside low..high (any shape)."""
    values = np.asarray(values, dtype=float)
    bad = ~((values >= low) & (values <= high))
    if bad.any():
        raise ValueError(f"{name} is {values[bad].flat[0]:g} {unit}; allowed: {low:g} to {high:g} {unit}.")
    return np.rint(values * 100).astype(np.int64)


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
    return _broadcast(codes.astype(np.int8), name, shape)


def flags(values, name, shape):
    """`values` as booleans broadcast to `shape`; ValueError when the shape does not fit."""
    return _broadcast(np.asarray(values, dtype=bool), name, shape)


def _broadcast(array, name, shape):
    try:
        return np.broadcast_to(array, shape)
    except ValueError:
        raise ValueError(f"{name} has shape {array.shape}; allowed: any shape that broadcasts to {shape}.") from None


def best_so_far(overall):
    """Best response up to each visit (..., T); what comes after the first PD no longer counts (RECIST 1.1, 4.4)."""
    overall = np.asarray(overall)
    progressed = np.cumsum(overall == PD, axis=-1) - (overall == PD) > 0
    rank = np.where(progressed, _RANK_OF_CODE[BASELINE], _RANK_OF_CODE[overall])
    return _CODE_OF_RANK[np.minimum.accumulate(rank, axis=-1)]


def number_text(hundredths_value):
    """Hundredths as a short number: 2520 -> "25.2", 2100 -> "21"."""
    return f"{hundredths_value / 100:.2f}".rstrip("0").rstrip(".")


def signed_text(hundredths_value):
    """Hundredths as a short signed number: 420 -> "+4.2", -500 -> "-5"."""
    return ("+" if hundredths_value >= 0 else "-") + number_text(abs(hundredths_value))


def percent_text(now, before, bars=()):
    """Change of two integers in percent, one decimal, or as many more as it takes not to blur a bar.

    19.998 % prints as "+19.998 %", not as "+20.0 %", when 20 is among `bars`.
    """
    exact = Fraction(int(now) - int(before), int(before)) * 100
    for decimals in range(1, 7):
        shown = f"{float(exact):+.{decimals}f}"
        if all(_side(Fraction(shown), bar) == _side(exact, bar) for bar in bars):
            break
    return f"{shown} %" if float(shown) != 0 else f"{0:.{decimals}f} %"


def _side(value, bar):
    return (value > bar) - (value < bar)
