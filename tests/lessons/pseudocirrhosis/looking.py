"""What lesson 03 shows and hides, beyond what every page does."""

import numpy as np

from liverlab.lessons import moves
from liverlab.lessons.pseudocirrhosis.page import liver_findings

from .. import reading_the_page
from ..reading_the_page import words

SLOW = ("segmental_volumes",)  # a fifth of a second each: see test_truth


def look(lesson, browser):
    """Everything the page shows now, by the names of `lessons.moves.OUTPUTS`, as values that can be compared."""
    patient = lesson.page.state
    follow, visit = patient.follow_up, patient.visit
    when = [0, visit]
    tests = [test["id"] for test in lesson.data["tests"] if test["id"] not in SLOW]
    scars = patient.liver.scars
    return reading_the_page.look(lesson, browser) | {
        moves.NUMBERS: (follow.diameter_mm[:, when].tolist(), liver_findings(patient)),
        moves.VERDICT: words(lesson.status.table.value),
        moves.LIVING: np.round(
            [patient.liver.tumour_ml, patient.liver.surface_mm, scars.portal_gradient_mmhg, scars.hvpg_mmhg,
             scars.retraction_mm.max(axis=0)], 6
        )[:, patient.at].tolist(),
        moves.TESTS: [patient.order(test).text for test in tests] if visit else [],
    }  # fmt: skip


def _now(values):
    """A number of the liver at the visit, as a function of the lesson."""
    return lambda lesson: float(values(lesson.page.state)[lesson.page.state.now])


def _noise(lesson):
    """SD of the front of the liver in the picture before treatment, where no lesion lies."""
    return float(np.std(np.diff(lesson.view.viewer.provider("prior", 0, 45, 256)[110:130, 60:80].astype(float))))


# What `rises` and `falls` of a declaration mean.
QUANTITIES = {
    "tumour": _now(lambda p: p.liver.tumour_ml),
    "tumour at first": lambda lesson: float(lesson.page.state.liver.tumour_ml[0]),
    "sum of diameters": lambda lesson: lesson.page.state.follow_up.sum_mm[lesson.page.state.visit],
    "metastases seen": lambda lesson: int(lesson.page.state.phase.readings.visible[:, lesson.page.state.visit].sum()),
    "retraction": _now(lambda p: p.liver.scars.retraction_mm.max(axis=0)),
    "scar": _now(lambda p: p.liver.scars.scar_ml),
    "unevenness": _now(lambda p: p.liver.surface_mm),
    "portal gradient": _now(lambda p: p.liver.scars.portal_gradient_mmhg),
    "HVPG": _now(lambda p: p.liver.scars.hvpg_mmhg),
    "liver": _now(lambda p: p.liver.scars.liver_ml),
    "spleen": _now(lambda p: p.liver.scars.spleen_ml),
    "albumin": _now(lambda p: p.liver.labs.albumin_g_l),
    "size of nodules": lambda lesson: lesson.page.state.shape(lesson.page.state.visit).nodule_mm,
    "picture noise": _noise,
    "month": lambda lesson: lesson.page.state.months[lesson.page.state.visit],
}
