"""What goes into a clinical score and what comes out: laboratory values with their likely mix-ups of units, a `Score`.

The limits are not normal ranges: inside them lies everything a living patient has shown, outside them a typing error or
another unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from liverlab.disease.liver_labs import UMOL_PER_MG_BILIRUBIN_DL

UMOL_PER_MG_CREATININE_DL = 88.4


@dataclass(frozen=True)
class Score:
    """One clinical score, for one patient or an array of them.

    value: the number that is reported, with the official limits and rounding (integers for points; True or False for a
    rule); raw: the same before rounding and before the limits on the result; notes: sentences on what was limited, what
    looks like a slip of units and which formula was used; grade: class, grade or pattern where the score has them.
    """

    value: Any
    raw: Any
    notes: tuple[str, ...] = ()
    grade: Any = None


@dataclass(frozen=True)
class _Lab:
    """Allowed range of one value; `other` unit and its `factor` (other / unit), or advice where no factor helps."""

    low: float
    high: float
    unit: str = ""
    other: str = ""
    factor: float = 1.0
    advice: str = ""
    doubt_above: float = np.inf
    doubt_below: float = -np.inf


_LABS = {
    "bilirubin_mg_dl": _Lab(0.02, 60, "mg/dL", "µmol/L", UMOL_PER_MG_BILIRUBIN_DL, doubt_above=25),
    "bilirubin_umol_l": _Lab(0.3, 1026, "µmol/L", "mg/dL", 1 / UMOL_PER_MG_BILIRUBIN_DL, doubt_below=3),
    "creatinine_mg_dl": _Lab(0.1, 25, "mg/dL", "µmol/L", UMOL_PER_MG_CREATININE_DL, doubt_above=15),
    "creatinine_umol_l": _Lab(9, 2210, "µmol/L", "mg/dL", 1 / UMOL_PER_MG_CREATININE_DL, doubt_below=20),
    "inr": _Lab(0.5, 20, advice="a prothrombin time in seconds or in % is no INR", doubt_above=10),
    "sodium_mmol_l": _Lab(100, 180, "mmol/L"),
    "albumin_g_dl": _Lab(0.5, 7, "g/dL", "g/L", 10),
    "albumin_g_l": _Lab(5, 70, "g/L", "g/dL", 0.1),
    "age_y": _Lab(0, 120, "years"),
    "ast_u_l": _Lab(1, 50000, "U/L"),
    "alt_u_l": _Lab(1, 50000, "U/L"),
    "alp_u_l": _Lab(1, 20000, "U/L"),
    "ldh_u_l": _Lab(1, 100000, "U/L"),
    "platelets_1e9_l": _Lab(1, 3000, "x 10^9/L", "per µL", 1000),
    "arterial_ph": _Lab(6.5, 8.0),
    "lactate_early_mmol_l": _Lab(0.1, 40, "mmol/L", "mg/dL", 9.01),
    "lactate_late_mmol_l": _Lab(0.1, 40, "mmol/L", "mg/dL", 9.01),
    "jaundice_to_encephalopathy_d": _Lab(-365, 3650, "days"),
}
# Upper limits of normal, keyed by argument: what a laboratory prints beside the value.
_LABS |= {"ast_uln_u_l": _Lab(5, 200, "U/L"), "alt_uln_u_l": _Lab(5, 200, "U/L"), "alp_uln_u_l": _Lab(20, 600, "U/L")}
_LABS |= {"ldh_uln_u_l": _Lab(50, 1000, "U/L")}
_LABS |= {"bilirubin_uln_mg_dl": _Lab(0.3, 3, "mg/dL", "µmol/L", UMOL_PER_MG_BILIRUBIN_DL)}


def labs(notes: list[str], **values: Any) -> list[Any]:
    """Each value (scalar or array) as float array, checked against its limits; doubtful ones add a sentence to `notes`.

    Raises ValueError with one sentence that names argument, value, allowed range and, where another unit would explain
    the value, that unit.
    """
    answer = []
    for name, value in values.items():
        lab = _LABS[name]
        try:
            array = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise ValueError(f"{name} is {value!r}; it must be a number, {_range(lab)}.") from None
        if array.size == 0:
            raise ValueError(f"{name} is empty; it must hold at least one value, {_range(lab)}.")
        bad = ~((array >= lab.low) & (array <= lab.high))
        if bad.any():
            first = float(array[bad].flat[0])
            raise ValueError(f"{name} is {first:g}; it must be {_range(lab)}{_likely(lab, first)}.")
        doubt = (array > lab.doubt_above) | (array < lab.doubt_below)
        if doubt.any():
            notes.append(_question(name, lab, float(array[doubt].flat[0])))
        answer.append(array)
    return answer


def _range(lab: _Lab) -> str:
    return f"{lab.low:g} to {lab.high:g}{f' {lab.unit}' if lab.unit else ''}"


def _likely(lab: _Lab, value: float) -> str:
    if lab.other and lab.low <= value / lab.factor <= lab.high:
        return f" ({value:g} {lab.other} would be {value / lab.factor:.3g} {lab.unit})"
    return f" ({lab.advice})" if lab.advice and value > lab.high else ""


def _question(name: str, lab: _Lab, value: float) -> str:
    size = "high" if value > lab.doubt_above else "low"
    asked = f"is it {value:g} {lab.other}, that is {value / lab.factor:.3g} {lab.unit}?" if lab.other else lab.advice
    return f"{name} {value:g} is very {size}: {asked}{'' if asked.endswith('?') else '.'}"


def truth(name: str, value: Any) -> np.ndarray:
    """A yes-or-no argument as boolean array; ValueError for anything but True, False, 1 and 0."""
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} is {value!r}; it must be True or False.")
    return array.astype(bool)


def limited(notes: list[str], what: str, unit: str, value: np.ndarray, low: float, high: float) -> np.ndarray:
    """The value held within a score's own limits; says so in `notes` where that changes anything."""
    for limit, changed in ((low, value < low), (high, value > high)):
        if changed.any():
            which = f"{what} {value:g} {unit}" if value.ndim == 0 else f"{what} of {changed.sum()} of {value.size}"
            notes.append(f"{which} counts as {limit:g} {unit}, the limit of this score.")
    return np.clip(value, low, high)


def points(value: np.ndarray) -> np.ndarray:
    """Rounded to whole points, halves up."""
    return np.floor(value + 0.5).astype(int)


def plain(array: Any) -> Any:
    """A Python number or word for one patient, an array for several."""
    array = np.asarray(array)
    return array.item() if array.ndim == 0 else array
