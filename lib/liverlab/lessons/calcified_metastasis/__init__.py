"""Lesson 04, calcified metastasis: bright is iodine or calcium, calcium is not death, and it fools what reads HU."""

from liverlab import evidence
from liverlab.lessons.calcified_metastasis import gallery, patient
from liverlab.lessons.calcified_metastasis.page import key_numbers, open_lesson, self_check
from liverlab.lessons.scanned import ScannedPatient

__all__ = ["key_numbers", "open_lesson", "self_check", "simulate"]


def simulate(scenario: evidence.Scenario, ev: evidence.Evidence | None = None) -> ScannedPatient:
    """The patient of a scenario, of the page or of its gallery, whose lesion has a look."""
    ev = ev or evidence.load()
    drawn = all(lesion.look for lesion in ev.cases[scenario.case].lesions)
    return (gallery if drawn else patient).simulate(scenario, ev)
