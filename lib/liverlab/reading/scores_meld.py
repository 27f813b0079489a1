"""The MELD family: three formulas that share inputs, limits and the range 6 to 40.

Logarithms are natural; bilirubin, creatinine and INR below 1 count as 1. Scores for cirrhosis and the transplant list:
in a liver full of metastases they describe the failing liver, not the prognosis of the cancer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .score_inputs import Score, labs, limited, plain, points, truth

LOWEST, HIGHEST = 6, 40


def meld(bilirubin_mg_dl: Any, creatinine_mg_dl: Any, inr: Any, dialysis: Any = False) -> Score:
    """MELD = 3.78 ln bilirubin + 11.2 ln INR + 9.57 ln creatinine + 6.43, in whole points from 6 to 40.

    bilirubin, creatinine in mg/dL; creatinine counts from 1 to 4, and as 4 with dialysis (twice in the past week, or
    24 h of continuous haemodialysis). Scalars or arrays that broadcast. Raises ValueError for impossible values.
    Source: Kamath et al., Hepatology 2001;33:464-70; limits of the OPTN.
    """
    notes: list[str] = []
    raw = _meld(notes, bilirubin_mg_dl, creatinine_mg_dl, inr, dialysis)
    return Score(plain(_official(notes, raw)), plain(raw), tuple(notes))


def meld_na(
    bilirubin_mg_dl: Any,
    creatinine_mg_dl: Any,
    inr: Any,
    sodium_mmol_l: Any,
    formula: str = "unos2016",
    dialysis: Any = False,
) -> Score:
    """MELD with sodium. Two formulas bear this name and differ by up to some points; `notes` says which was used.

    "unos2016": MELD + 1.32 (137 - Na) - 0.033 MELD (137 - Na) where MELD is above 11, sodium within 125 to 137; `value`
    starts from MELD in whole points as the OPTN did, `raw` from the unrounded one.
    "kim2008": MELD - Na - 0.025 MELD (140 - Na) + 140, sodium within 125 to 140.
    Arguments as `meld`; sodium in mmol/L. Source: OPTN policy 9.1 of 2016; Kim et al., N Engl J Med 2008;359:1018-26.
    """
    if formula not in ("unos2016", "kim2008"):
        raise ValueError(f"formula is {formula!r}; it must be 'unos2016' or 'kim2008'.")
    notes: list[str] = []
    (sodium,) = labs(notes, sodium_mmol_l=sodium_mmol_l)
    initial = _meld(notes, bilirubin_mg_dl, creatinine_mg_dl, inr, dialysis)
    if formula == "kim2008":
        sodium = limited(notes, "Sodium", "mmol/L", sodium, 125, 140)
        raw = initial - sodium - 0.025 * initial * (140 - sodium) + 140
        value = _official(notes, raw)
        notes.append("MELD-Na after Kim 2008; the formula of the transplant list since 2016 gives other points.")
        return Score(plain(value), plain(raw), tuple(notes))
    sodium = limited(notes, "Sodium", "mmol/L", sodium, 125, 137)
    whole = points(initial)
    raw = _with_sodium(initial, sodium)
    value = _official(notes, _with_sodium(whole, sodium))
    if (whole <= 11).any():
        notes.append("Sodium does not count where MELD is 11 or less.")
    notes.append("MELD-Na of the transplant list of 2016; the formula of Kim 2008 gives other points.")
    return Score(plain(value), plain(raw), tuple(notes))


def meld3(
    bilirubin_mg_dl: Any,
    creatinine_mg_dl: Any,
    inr: Any,
    sodium_mmol_l: Any,
    albumin_g_dl: Any,
    female: Any,
    dialysis: Any = False,
) -> Score:
    """MELD 3.0, in whole points from 6 to 40.

    1.33 (female) + 4.56 ln bilirubin + 0.82 (137 - Na) - 0.24 (137 - Na) ln bilirubin + 9.09 ln INR
    + 11.14 ln creatinine + 1.85 (3.5 - albumin) - 1.83 (3.5 - albumin) ln creatinine + 6.
    Creatinine counts from 1 to 3 (3 with dialysis), sodium from 125 to 137 mmol/L, albumin from 1.5 to 3.5 g/dL; female
    True or False. Scalars or arrays that broadcast. Raises ValueError for impossible values; names the likely unit.
    Source: Kim et al., Gastroenterology 2021;161:1887-95 (which sets no upper limit); 40 is the OPTN's.
    """
    notes: list[str] = []
    sodium, albumin = labs(notes, sodium_mmol_l=sodium_mmol_l, albumin_g_dl=albumin_g_dl)
    bilirubin, creatinine, inr = _inputs(notes, bilirubin_mg_dl, creatinine_mg_dl, inr, dialysis, 3.0)
    low_sodium = 137 - limited(notes, "Sodium", "mmol/L", sodium, 125, 137)
    low_albumin = 3.5 - limited(notes, "Albumin", "g/dL", albumin, 1.5, 3.5)
    raw = (
        1.33 * truth("female", female)
        + 4.56 * bilirubin
        + 0.82 * low_sodium
        - 0.24 * low_sodium * bilirubin
        + 9.09 * inr
        + 11.14 * creatinine
        + 1.85 * low_albumin
        - 1.83 * low_albumin * creatinine
        + 6.0
    )
    return Score(plain(_official(notes, raw)), plain(raw), tuple(notes))


# Whole MELD points from which each band starts, and who dies within three months.
_MORTALITY_FROM, _MORTALITY_PCT = (10, 20, 30, 40), np.array([1.9, 6.0, 19.6, 52.6, 71.3])


def meld_mortality_3m_pct(points_: Any) -> Any:
    """Published mortality within three months (%) of patients in hospital with cirrhosis, by band of MELD points.

    points_ (...) whole points 6..40. Not measured in liver metastases.
    Source: Wiesner et al., Gastroenterology 2003;124:91-6, as quoted by secondary sources.
    """
    array = np.asarray(points_, dtype=float)
    bad = ~((array >= LOWEST) & (array <= HIGHEST))
    if bad.any():
        raise ValueError(f"points_ is {array[bad].flat[0]:g}; it must be {LOWEST} to {HIGHEST} points.")
    return plain(_MORTALITY_PCT[np.searchsorted(_MORTALITY_FROM, array, side="right")])


def _meld(notes, bilirubin_mg_dl, creatinine_mg_dl, inr, dialysis):
    bilirubin, creatinine, inr = _inputs(notes, bilirubin_mg_dl, creatinine_mg_dl, inr, dialysis, 4.0)
    return 3.78 * bilirubin + 11.2 * inr + 9.57 * creatinine + 6.43


def _inputs(notes, bilirubin_mg_dl, creatinine_mg_dl, inr, dialysis, highest_creatinine):
    """Logarithms of bilirubin, creatinine and INR within the limits of the score."""
    bilirubin, creatinine, inr = labs(
        notes, bilirubin_mg_dl=bilirubin_mg_dl, creatinine_mg_dl=creatinine_mg_dl, inr=inr
    )
    dialysis = truth("dialysis", dialysis)
    # Floors of 1 keep logarithms from subtracting points; they act on most healthy values and need no remark.
    creatinine = limited(notes, "Creatinine", "mg/dL", np.maximum(creatinine, 1.0), 1.0, highest_creatinine)
    creatinine = np.where(dialysis, highest_creatinine, creatinine)
    if dialysis.any():
        notes.append(f"With dialysis creatinine counts as {highest_creatinine:g} mg/dL.")
    return np.log(np.maximum(bilirubin, 1.0)), np.log(creatinine), np.log(np.maximum(inr, 1.0))


def _with_sodium(initial, sodium):
    low = 137 - sodium
    return np.where(np.floor(initial + 0.5) > 11, initial + 1.32 * low - 0.033 * initial * low, initial)


def _official(notes, raw):
    whole = points(raw)
    for limit, beyond in ((LOWEST, whole < LOWEST), (HIGHEST, whole > HIGHEST)):
        if beyond.any():
            notes.append(f"{np.extract(beyond, raw)[0]:.1f} points count as {limit}, the limit of the scale.")
    return np.clip(whole, LOWEST, HIGHEST)
