"""The sweep of lesson 01, and what its words and its truth switch say."""

import re

import numpy as np
import pytest

from liverlab.imaging.phases import phase_name
from liverlab.lessons import liver_metastases, moves
from liverlab.lessons.liver_metastases.moves import DECLARED
from liverlab.ui.describe import numbers

from ..reading_the_page import changed, words
from ..sweep import Sweep
from .looking import QUANTITIES, look

LESSON = liver_metastases
PRESETS = ("neuroendocrine", "colorectal", "breast", "lung_adeno", "small_cell", "pancreas", "stomach", "renal",
           "melanoma", "ovarian", "gist", "thyroid")  # fmt: skip
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", *map(str, range(10, 25)))


def whole(text):
    return int(text.replace("−", "-"))


def check_words(page):
    """The live description and the table beside the picture say what the state holds, number by number."""
    patient, text = page.lesson.page.state, page.browser.frame["text"]
    now, seen = patient.now, np.flatnonzero(patient.now.visible)
    day, phase, delay, count = re.match(r"Day (\d+), ([a-z ]+), (\d+) s: (\w+) lesions? seen\.", text).groups()
    assert (int(day), int(delay)) == (patient.day, patient.protocol.delay_s)
    assert phase == phase_name(patient.protocol.delay_s)
    assert count == COUNTS[len(seen)]
    liver, noise = re.search(r"Liver (−?\d+) HU, noise (\d+) HU\.", text).groups()
    assert (whole(liver), whole(noise)) == (round(patient.liver_hu), round(patient.noise_hu))
    told = re.search(r"The largest, ([^,]+), measures (\d+) mm, ([+−]?\d+) HU to liver\.", text)
    assert (told is None) == (len(seen) == 0)
    if told:
        largest = seen[int(np.argmax(now.diameter_mm[seen]))]
        assert told[1] == patient.lesions[largest].label
        assert int(told[2]) == round(now.diameter_mm[largest])
        assert whole(told[3]) == round(now.contrast_hu[largest])
    table = words(page.lesson.facts.table.value)
    assert f"Seen {count} lesion" in table
    assert f"Liver {liver} HU" in table
    spoken = {figure["id"]: numbers(figure["alt"]) for figure in page.browser.frame["figures"]}
    assert spoken["enhancement"][:2] == [patient.protocol.delay_s, round(patient.liver_hu)]
    assert spoken["seen"][1] == len(seen)


class TestSweep(Sweep):
    declared, quantities, look, presets = DECLARED, QUANTITIES, staticmethod(look), PRESETS
    check_words = staticmethod(check_words)


def test_the_truth_switch_outlines_every_lesion_and_touches_no_pixel(page):
    lesson, viewer = page.lesson, page.lesson.view.viewer
    opened = look(lesson, page.browser)
    assert page.browser.frame["overlays"] == {}
    assert "missed" not in str(page.browser.frame["figures"])
    viewer.truth = True
    assert changed(opened, look(lesson, page.browser)) == {moves.CURVE}
    patient = lesson.page.state
    drawn = {outline["id"] for outline in page.browser.frame["overlays"]["current"]}
    assert drawn == {lesson_.id for lesson_ in patient.lesions}
    assert not patient.now.visible.any(), "nothing is seen as the page opens: that is what the switch is for"
    viewer.truth = False
    assert changed(opened, look(lesson, page.browser)) == set()


def test_no_primary_leaves_anything_behind_when_another_is_chosen(page):
    opened = look(page.lesson, page.browser)
    page.lesson.panel.presets["colorectal"].click()
    assert changed(opened, look(page.lesson, page.browser)) >= {moves.CURRENT, moves.TEXT, moves.LIVING}
    page.lesson.panel.presets["neuroendocrine"].click()
    assert changed(opened, look(page.lesson, page.browser)) == set()


@pytest.mark.parametrize("preset", PRESETS)
def test_the_scan_beside_yours_is_the_same_patient_at_70_s_and_full_dose(page, preset):
    page.lesson.panel.presets[preset].click()
    page.lesson.page.set(delay_s=70, dose_pct=100)
    assert np.array_equal(page.browser.painted("prior"), page.browser.painted("current"))
    page.lesson.page.set(delay_s=35, dose_pct=50)
    assert not np.array_equal(page.browser.painted("prior"), page.browser.painted("current"))
    reference = page.lesson.page.state.reference
    assert (reference.protocol.delay_s, reference.protocol.dose_pct) == (70, 100)
    assert page.browser.frame["panes"]["prior"]["label"] == "70 s, full dose"
