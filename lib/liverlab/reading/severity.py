"""How badly a liver fails, by scores made for other livers: severity only, not the prognosis of the cancer.

Metastatic cancer excludes transplantation, so none of them decides anything here. Sodium is not simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from liverlab.disease.liver_labs import UMOL_PER_MG_BILIRUBIN_DL
from liverlab.disease.sinusoid import Course
from liverlab.reading import scores
from liverlab.reading.score_inputs import UMOL_PER_MG_CREATININE_DL

SODIUM_MMOL_L = 137.0  # taken as low normal: MELD 3.0 then gives no points for it
FAILURE_INR, FAILURE_GRADE = 1.5, 1  # acute liver failure: INR of 1.5 or more and encephalopathy
HIGHEST_BILIRUBIN_MG_DL = 60.0  # more than that the scores take for a typing error
JAUNDICE_UMOL_L = 50.0  # skin and eyes are yellow to everybody; illustrative


@dataclass(frozen=True)
class Severity:
    """inr, grade of encephalopathy; acute_failure: both are met; meld3: points; kings: whether King's College criteria
    (not paracetamol) are met; kings_met: how many of the five."""

    inr: float
    grade: int
    acute_failure: bool
    meld3: int
    kings: bool
    kings_met: int


def in_failure(labs: Any) -> Any:
    """Acute liver failure (INR of 1.5 or more, encephalopathy of any grade) on every day, as a boolean array."""
    return (labs.inr >= FAILURE_INR) & (labs.encephalopathy_grade >= FAILURE_GRADE)


def grade(course: Course, at: int, age_y: float, female: bool = False) -> Severity:
    """Scores of one patient of this age on one day (index) of a course."""
    labs = course.labs
    inr, coma = float(labs.inr[at]), int(labs.encephalopathy_grade[at])
    meld = scores.meld3(
        min(float(labs.bilirubin_mg_dl[at]), HIGHEST_BILIRUBIN_MG_DL),
        float(labs.creatinine_umol_l[at]) / UMOL_PER_MG_CREATININE_DL,
        inr,
        SODIUM_MMOL_L,
        float(labs.albumin_g_l[at]) / 10.0,
        female,
    )
    kings = scores.kings_college(
        False,
        inr,
        age_y=age_y,
        bilirubin_umol_l=min(float(labs.bilirubin_umol_l[at]), HIGHEST_BILIRUBIN_MG_DL * UMOL_PER_MG_BILIRUBIN_DL),
        jaundice_to_encephalopathy_d=_days_between(course),
        unfavourable_cause=False,
    )
    return Severity(inr, coma, bool(in_failure(labs)[at]), int(meld.value), bool(kings.value), int(kings.raw))


def _days_between(course: Course) -> float:
    """Days from jaundice to encephalopathy; 0 where one of them never comes."""
    labs = course.labs
    jaundiced, drowsy = labs.bilirubin_umol_l >= JAUNDICE_UMOL_L, labs.encephalopathy_grade >= FAILURE_GRADE
    if not (jaundiced.any() and drowsy.any()):
        return 0.0
    return float(course.days[drowsy.argmax()] - course.days[jaundiced.argmax()])


def doubling_d(values: Any, at: int, over_d: int) -> float | None:
    """Doubling time in days of daily values (T,) over the last over_d days before index `at`; None if they do not rise.

    over_d ln 2 / ln (last / first).
    """
    first, last = float(values[at - over_d]), float(values[at])
    return None if last <= first else float(over_d * np.log(2.0) / np.log(last / first))
