"""What lesson 05 shows and hides, beyond what every page does."""

import numpy as np

from liverlab.lessons import moves
from liverlab.lessons.sinusoidal_metastasis.page import course_words

from .. import reading_the_page
from ..reading_the_page import calls

LABS = ("bilirubin_umol_l", "alt_u_l", "alp_u_l", "ldh_u_l", "inr", "albumin_g_l", "ammonia_umol_l")


def look(lesson, browser):
    """Everything the page shows now, by the names of `lessons.moves.OUTPUTS`, as values that can be compared."""
    patient = lesson.page.state
    hidden = (patient.course.occupancy, patient.course.blocked, patient.course.labs.functional_mass_pct)
    return reading_the_page.look(lesson, browser) | {
        moves.NUMBERS: [round(patient.lab(key), 4) for key in LABS],
        moves.VERDICT: calls(lesson.verdicts.value.split("</table>")[0]),
        moves.LIVING: [round(float(curve[patient.at]), 6) for curve in hidden],
        moves.TESTS: [patient.order(test["id"]).text for test in lesson.data["tests"]],
        moves.DECISION: course_words(patient),
    }


def liver_hu(lesson, pane):
    """Mean of a block of the right lobe, well inside, on the rendered picture."""
    viewer, patient = lesson.view.viewer, lesson.page.state
    visit = 0 if pane == "prior" else patient.visit
    return float(viewer.provider(pane, visit, viewer.slice_index, 256)[100:150, 70:110].mean())


def liver_sd(lesson):
    viewer, patient = lesson.view.viewer, lesson.page.state
    return float(viewer.provider("current", patient.visit, viewer.slice_index, 256)[100:150, 70:110].std())


# What `rises` and `falls` of a declaration mean, measured on pictures where a picture shows it.
QUANTITIES = {
    "bilirubin": lambda one: one.page.state.lab("bilirubin_umol_l"),
    "INR": lambda one: one.page.state.lab("inr"),
    "LDH": lambda one: one.page.state.lab("ldh_u_l"),
    "albumin": lambda one: one.page.state.lab("albumin_g_l"),
    "liver brightness": lambda one: liver_hu(one, "current"),
    "picture noise": liver_sd,
    "sinusoids filled": lambda one: float(one.page.state.course.occupancy[one.page.state.at]),
    "sinusoids filled at staging": lambda one: float(one.page.state.course.occupancy[0]),
    "days lived": lambda one: min(one.page.state.died_d, 61.0),
    "start of chemotherapy": lambda one: min(one.page.state.treated_d, 61.0),
    "harm of the needle": lambda one: one.page.state.harm_pct,
    "day": lambda one: one.page.state.shown_d,
    "R factor": lambda one: float(np.asarray(one.page.state.r_factor.raw)[one.page.state.at]),
}
