"""What lesson 02 shows and hides, beyond what every page does."""

import numpy as np

from liverlab.lessons import moves

from .. import reading_the_page
from ..reading_the_page import calls, roi_hu


def look(lesson, browser):
    """Everything the page shows now, by the names of `lessons.moves.OUTPUTS`, as values that can be compared."""
    patient = lesson.page.state
    follow, visit = patient.follow_up, patient.visit
    when = [0, visit]
    measured = np.where(follow.visible[:, when], follow.hu[:, when], 0.0)
    return reading_the_page.look(lesson, browser) | {
        moves.NUMBERS: (follow.diameter_mm[:, when].tolist(), measured.tolist(), patient.phase.liver_hu[when].tolist()),
        moves.VERDICT: calls(lesson.verdicts.table.value),
        moves.LIVING: np.round(patient.living_pct, 6).tolist(),
        moves.TESTS: [patient.order(test["id"]).text for test in lesson.data["tests"]] if visit else [],
        moves.DECISION: [branch.text for branch in patient.consequences.values()] if visit else [],
    }


def _liver(lesson):
    return float(lesson.page.state.phase.liver_hu[lesson.page.state.visit])


# What `rises` and `falls` of a declaration mean, measured on pictures where a picture shows it.
QUANTITIES = {
    "attenuation of targets": lambda one: roi_hu(one, "current", "T1").mean(),
    "contrast of hidden lesions": lambda one: _liver(one) - roi_hu(one, "current", "O2").mean(),
    "hidden lesions before treatment": lambda one: roi_hu(one, "prior", "O2").mean(),
    "picture noise": lambda one: roi_hu(one, "prior", "T1").std(),
    "liver brightness": _liver,
    "sum of diameters": lambda one: one.page.state.follow_up.sum_mm[one.page.state.visit],
    "new spots": lambda one: len(one.page.state.follow_up.new_spots(one.page.state.visit)),
    "living tumour": lambda one: one.page.state.living_pct[one.page.state.visit],
    "day": lambda one: one.page.state.day,
    "tumour marker": lambda one: one.page.state.order("markers").value,
    "living tumour after a switch": lambda one: one.page.state.consequences["switch"].viable_volume_ml[-1],
}
