"""Scar and nodules of the liver.

Section 4 of the dossier: vector A1, and the course of the founding case.
"""

import numpy as np

from liverlab import evidence
from liverlab.disease import scar

from . import Vector

VALUES = {key: parameter.value for key, parameter in evidence.load().parameters.items()} | {"nodule_amplitude_mm": 1.0}
DAYS = np.concatenate([[0.0, 1e-3], np.arange(1.0, 601.0)])
MONTH = 30.44


def _retraction_63():
    """Day on which the capsule over a lesion that vanished on day 0 is pulled in by 63 % of what it will be."""
    sizes = np.where(DAYS > 0, 0.0, 20.0)[None]
    course = scar.simulate(VALUES, DAYS, sizes, [0.0]).retraction_mm[0]
    return float(np.interp((1 - np.exp(-1)) * 0.01 * VALUES["scar_share_pct"] * 20.0, course, DAYS))


def _nodules_63():
    """Day on which nodules under constant exposure have 63 % of their final height."""
    course = scar.nodules_mm(DAYS, [(0.0, np.inf, 1.0)], 1.0, VALUES["nodule_time_constant_d"])
    return float(np.interp(1 - np.exp(-1), course, DAYS))


def _left_after_six_months():
    """Height of nodules six months after a course of six months, % of what it was at the end of the course."""
    six = 6 * MONTH
    course = scar.nodules_mm([six, 2 * six], [(0.0, six, 1.0)], 1.0, VALUES["nodule_time_constant_d"])
    return float(100 * course[1] / course[0])


def _calm():
    """Everything that moves without tumour and without a drug, in 50 years."""
    days = np.arange(0.0, 50 * 365.0, 365.0)
    course = scar.simulate(VALUES, days, np.zeros((2, days.size)), [0.0, 0.0])
    return float(max(course.retraction_mm.max(), course.nodules_mm.max(), course.ascites_ml.max()))


VECTORS = [
    Vector("A1 scar", "Lesion gone at once: capsule pulled in by 63 %, day", 2 * MONTH, "Young 1994, 1-3 months",
           _retraction_63, MONTH),
    Vector("A1 nodules", "Constant exposure: nodules at 63 % of their height, day", 2 * MONTH, "Young 1994, 1-3 months",
           _nodules_63, MONTH),
    Vector("A1 regression", "Six months after the drug was stopped: nodules left, %", 0.0,
           "Almoghazy, marked improvement", _left_after_six_months, 15.0),
    Vector("A1 calm", "No tumour, no drug, 50 years: largest change of surface or fluid", 0.0, "definition", _calm),
]  # fmt: skip
