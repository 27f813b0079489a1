"""Is the liver failing? Scores, ascites and decompensation of one liver over time, from what the laboratory returns.

All scores come from cirrhosis or liver cancer; in pseudocirrhosis they describe the failing liver and have not been
validated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from liverlab.disease.checks import number
from liverlab.reading import scores

# mL of free fluid from which CT shows it, and from which it is more than mild; illustrative.
ASCITES_FROM_ML = (100.0, 1000.0)
VARICES = ("none", "small", "medium", "large")
_UMOL_PER_MG = {"bilirubin": 17.1, "creatinine": 88.4}


@dataclass(frozen=True, eq=False)
class LiverStatus:
    """Arrays (..., T): albi and its grade 1-3; child_pugh points and class A-C; meld3 points; ascites 0 none, 1 mild,
    2 moderate to severe; encephalopathy West Haven grade; decompensated: ascites or overt encephalopathy."""

    albi: np.ndarray
    albi_grade: np.ndarray
    child_pugh: np.ndarray
    child_pugh_class: np.ndarray
    meld3: np.ndarray
    ascites: np.ndarray
    encephalopathy: np.ndarray
    decompensated: np.ndarray


def ascites_grade(ascites_ml: Any) -> np.ndarray:
    """0 none, 1 mild, 2 moderate to severe (..., ) from mL of free fluid, as `scores.ASCITES` names them."""
    return np.searchsorted(ASCITES_FROM_ML, number("ascites_ml", ascites_ml, 0, 1e5, "mL"), side="right")


def read(labs: Any, ascites_ml: Any, sodium_mmol_l: Any, female: bool) -> LiverStatus:
    """The scores from labs (`disease.liver_labs.Labs`, fields (..., T)), free fluid in mL and sodium (..., T).

    Bleeding from varices would decompensate too; it is not simulated. Raises ValueError as the scores do.
    """
    fluid = ascites_grade(ascites_ml)
    coma = np.asarray(labs.encephalopathy_grade)
    bilirubin = labs.bilirubin_umol_l / _UMOL_PER_MG["bilirubin"]
    points = scores.child_pugh(bilirubin, labs.albumin_g_l / 10, labs.inr, fluid, coma)
    reserve = scores.albi(labs.bilirubin_umol_l, labs.albumin_g_l)
    creatinine = labs.creatinine_umol_l / _UMOL_PER_MG["creatinine"]
    listed = scores.meld3(bilirubin, creatinine, labs.inr, sodium_mmol_l, labs.albumin_g_l / 10, female)
    return LiverStatus(
        albi=np.asarray(reserve.value),
        albi_grade=np.asarray(reserve.grade),
        child_pugh=np.asarray(points.value),
        child_pugh_class=np.asarray(points.grade),
        meld3=np.asarray(listed.value),
        ascites=fluid,
        encephalopathy=coma,
        # Grade 1 is covert: only the patient's family notices.
        decompensated=(fluid > 0) | (coma >= 2),
    )
