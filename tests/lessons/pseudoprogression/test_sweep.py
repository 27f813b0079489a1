"""The sweep of lesson 02, and what its words, calls and truth switch say."""

import re

import pytest

from liverlab.lessons import moves, pseudoprogression
from liverlab.lessons.pseudoprogression.moves import DECLARED
from liverlab.ui.describe import numbers

from ..reading_the_page import calls, changed, roi_hu
from ..sweep import Sweep
from .looking import QUANTITIES, look

LESSON = pseudoprogression
PRESETS = ("gist", "anti_angiogenic", "progression", "chemo_liver", "swelling")
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "10", "11", "12")


def check_words(page):
    """The live description says what the state holds, number by number, and the calls of the verdict table."""
    patient, text = page.lesson.page.state, page.browser.frame["text"]
    follow, visit = patient.follow_up, patient.visit
    first, rest = text.split(": ", 1)
    assert first == f"Day {patient.day:.0f}"
    seen, liver = re.match(r"(\w+) lesions? visible, liver (−?\d+) HU\.", rest).groups()
    assert seen == COUNTS[int(follow.visible[:, visit].sum())]
    assert whole(liver) == round(float(patient.phase.liver_hu[visit]))
    for what, unit, values in (
        ("Sum of target diameters", "mm", follow.sum_mm),
        ("Mean attenuation", "HU", follow.mean_hu),
    ):
        told = re.search(rf"{what} from (−?\d+) {unit} to (−?\d+) {unit}(?: \(([+−]?\d+) %\))?\.", text)
        assert (told is not None) == bool(follow.targets), text
        if told:
            before, now, percent = told.groups()
            assert (whole(before), whole(now)) == (round(values[0]), round(values[visit]))
            assert whole(percent) == round(100 * (values[visit] - values[0]) / abs(values[0]))
    spots = {patient.labels[i]: i for i in follow.new_spots(visit)}
    told = re.findall(r"([A-N]) (\d+) mm at (−?\d+) HU", text)
    assert {label: (whole(mm), whole(hu)) for label, mm, hu in told} == {
        label: (round(follow.diameter_mm[i, visit]), round(follow.hu[i, visit])) for label, i in spots.items()
    }
    assert ("No new spot" in text) == (not spots)
    change = [round(float(pct[visit])) for pct in (follow.size_change_pct, follow.hu_change_pct)]
    spoken = {figure["id"]: numbers(figure["alt"]) for figure in page.browser.frame["figures"]}
    assert spoken["response"] == [patient.day, *change], "what a screen reader says instead of the curve"
    assert spoken["quadrant"] == change
    table = calls(page.lesson.verdicts.table.value)
    for criterion in ("RECIST 1.1", "Choi"):
        told = re.search(rf"{re.escape(criterion)} (\w+) if called new, (\w+) if called equivocal", text)
        assert (told is None) == (visit == 0)
        new, equivocal = told.groups() if told else ("baseline", "baseline")
        assert (table[criterion, "if called new"], table[criterion, "if called equivocal"]) == (new, equivocal)


def whole(text):
    return int(text.replace("−", "-"))


class TestSweep(Sweep):
    declared, quantities, look, presets = DECLARED, QUANTITIES, staticmethod(look), PRESETS
    check_words = staticmethod(check_words)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_visit_and_call_is_told_consistently(page, preset):
    page.lesson.panel.presets[preset].click()
    lesson, visits = page.lesson, page.lesson.panel.sliders["visit"]
    assert visits.max == len(lesson.page.state.course.days) - 1 >= 1
    for visit in range(visits.max + 1):
        visits.value = visit
        for call in ("none", "equivocal", "unequivocal"):
            lesson.verdicts.switch.value = call
            assert lesson.page.scenario.new_lesion_call == call
            check_words(page)
            assert page.browser.frame["visit"] == visit
            assert "your call" in lesson.verdicts.table.value
            assert len(calls(lesson.verdicts.table.value)) >= 6


def test_undo_and_the_code_keep_how_the_spot_is_called(page):
    lesson, panel = page.lesson, page.lesson.panel
    opened = look(lesson, page.browser)
    panel.sliders["perfusion_loss_pct"].value = 30
    once = look(lesson, page.browser)
    panel.sliders["delay_s"].value = 35.0
    twice = look(lesson, page.browser)
    lesson.verdicts.switch.value = "equivocal"
    thrice, code = look(lesson, page.browser), panel.code.shown.text
    for wanted in (twice, once, opened):
        panel.undo_button.click()
        assert changed(wanted, look(lesson, page.browser)) == set()
    assert lesson.verdicts.switch.value == "unequivocal"
    panel.code.pasted.value = f"  {code} "
    panel.code.load_button.click()
    assert changed(thrice, look(lesson, page.browser)) == set()
    assert (panel.sliders["perfusion_loss_pct"].value, panel.sliders["delay_s"].value) == (30, 35.0)
    assert lesson.verdicts.switch.value == "equivocal"
    panel.reset_button.click()
    assert changed(opened, look(lesson, page.browser)) == set()
    assert panel.code.shown.text != code
    panel.undo_button.click()
    assert changed(thrice, look(lesson, page.browser)) == set()
    assert panel.code.shown.text == code


def test_the_truth_switch_adds_outlines_where_the_lesions_are_and_touches_no_pixel(page):
    lesson, viewer = page.lesson, page.lesson.view.viewer
    opened = look(lesson, page.browser)
    assert page.browser.frame["overlays"] == {}
    viewer.truth = True
    shown = look(lesson, page.browser)
    assert changed(opened, shown) == {moves.CURVE}
    drawn = {outline["id"] for outline in page.browser.frame["overlays"]["current"]}
    assert {"O1", "O2"} <= drawn, "the hidden lesions are what the switch is for"
    # A ruler on the picture and the outline agree: inside it is dark, on a ring outside it is liver.
    dark = roi_hu(lesson, "current", "O2").mean()
    assert dark < lesson.page.state.phase.liver_hu[3] - 30
    viewer.truth = False
    assert changed(opened, look(lesson, page.browser)) == set()
