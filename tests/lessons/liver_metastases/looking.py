"""What lesson 01 shows and hides, beyond what every page does."""

import numpy as np

from liverlab.lessons import moves
from liverlab.lessons.liver_metastases import decide, elsewhere, followup
from liverlab.lessons.liver_metastases.elsewhere import Elsewhere

from .. import reading_the_page
from ..reading_the_page import words

# One picture of every kind; the matrix holds more.
ELSEWHERE = ("ct_180", "t2_fat_saturated", "adc", "t1_hepatobiliary", "pet")


def look(lesson, browser):
    """Everything the page shows now, by the names of `lessons.moves.OUTPUTS`, as values that can be compared."""
    patient = lesson.page.state
    return reading_the_page.look(lesson, browser) | {
        moves.NUMBERS: words(lesson.facts.table.value),
        moves.VERDICT: followup.rows(patient),
        moves.LIVING: round(patient.tumour_ml, 6),
        moves.TESTS: [elsewhere.words_of(Elsewhere(patient, key)) for key in ELSEWHERE],
        moves.DECISION: (
            decide.segments_text(patient),
            [(one.name, one.left_behind, round(one.left_ml, 6)) for one in patient.remnants],
            words(decide.remnant_table(patient, patient.remnants[0])),
        ),
    }


def _noise(lesson):
    """SD in a homogeneous part of the spleen of your scan."""
    patient, viewer = lesson.page.state, lesson.view.viewer
    hu = patient.scene(patient.visit).render(viewer.slice_index, 512).astype(float)
    pixel = viewer.config["fov_mm"] / 512
    x, y = viewer.config["centre_mm"]
    row, col = (int((mm - centre + viewer.config["fov_mm"] / 2) / pixel) for mm, centre in ((25.0, y), (112.0, x)))
    return np.diff(hu[row - 7 : row + 7, col - 7 : col + 7], axis=1).std()


# What `rises` and `falls` of a declaration mean.
QUANTITIES = {
    "lesions in the liver": lambda one: len(one.page.state.known.ids),
    "lesions seen": lambda one: int(one.page.state.now.visible.sum()),
    "size of the largest": lambda one: one.page.state.diameter_mm[:, one.page.state.visit].max(),
    "tumour": lambda one: one.page.state.tumour_ml,
    "contrast of the largest": lambda one: one.page.state.contrast_hu[one.page.state.largest],
    "liver brightness": lambda one: one.page.state.liver_hu,
    "noise told": lambda one: one.page.state.noise_hu,
    "picture noise": _noise,
    "day": lambda one: one.page.state.day,
    "lesions in the left lobe": lambda one: sum(lesion.id.startswith("L") for lesion in one.page.state.lesions),
    "resections that leave enough": lambda one: sum(
        rest.left_pct >= one.page.state.values["remnant_limit_pct"] for rest in one.page.state.remnants
    ),
    "new lesions seen": lambda one: len(one.page.state.follow_up.new_spots(len(one.page.state.days) - 1)),
}
