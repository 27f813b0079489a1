"""What lesson 04 shows and hides, beyond what every page does."""

import numpy as np

from liverlab.lessons import moves as shared
from liverlab.lessons.calcified_metastasis import moves
from liverlab.lessons.calcified_metastasis.energies import Examination
from liverlab.lessons.calcified_metastasis.page import UNENHANCED

from .. import reading_the_page
from ..reading_the_page import roi_hu, words


def look(lesson, browser):
    """Everything the page shows now, by the names of `moves.OUTPUTS`, as values that can be compared."""
    patient = lesson.page.state
    follow, visit = patient.follow_up, patient.visit
    when = [0, visit]
    measured = np.where(follow.visible[:, when], follow.hu[:, when], 0.0)
    examination = Examination(patient)
    held = [examination.truth(i) for i in range(len(patient.metastases))]
    return reading_the_page.look(lesson, browser) | {
        moves.UNENHANCED: browser.painted(UNENHANCED).tobytes(),
        shared.NUMBERS: (follow.diameter_mm[:, when].tolist(), measured.tolist(), patient.liver_hu(visit)),
        shared.VERDICT: [(row["criterion"], row["call"]) for row in patient.verdicts],
        shared.LIVING: np.round(patient.living_pct[visit], 6),
        moves.RULE: words(lesson.rule.value),
        moves.HELD: np.round(held, 6).tolist(),
    }


def _at(lesson):
    return lesson.page.state


# What `rises` and `falls` of a declaration mean, measured on pictures where a picture shows it.
QUANTITIES = {
    "spot": lambda one: _at(one).spot_hu(),
    "spot unenhanced": lambda one: _at(one).unenhanced.spot_hu(),
    "nodule": lambda one: roi_hu(one, "current", "N3").mean(),
    "speck": lambda one: _at(one).speck_reads_hu,
    "liver": lambda one: _at(one).liver_hu(_at(one).visit),
    "picture noise": lambda one: roi_hu(one, "prior", "N2").std(),
    "calcium held": lambda one: _at(one).calcium_mg_ml[0, _at(one).visit],
    "iodine held": lambda one: Examination(_at(one)).truth(_at(one).enhancing_lesion)[0],
    "mean attenuation": lambda one: _at(one).follow_up.mean_hu[_at(one).visit],
    "sum of diameters": lambda one: _at(one).follow_up.sum_mm[_at(one).visit],
    "living tumour": lambda one: _at(one).living_pct[_at(one).visit],
    "day": lambda one: _at(one).day,
}
