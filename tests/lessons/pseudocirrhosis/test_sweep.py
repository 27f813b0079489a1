"""The sweep of lesson 03, and what its words and truth switch say."""

import re

import pytest

from liverlab.lessons import moves, pseudocirrhosis
from liverlab.lessons.pseudocirrhosis.moves import DECLARED
from liverlab.reading.scores import ASCITES
from liverlab.ui.describe import numbers

from ..reading_the_page import changed, roi_hu, words
from ..sweep import Sweep
from .looking import QUANTITIES, look

LESSON = pseudocirrhosis
PRESETS = ("fine", "coarse", "growing", "nodules", "cirrhosis")
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def check_words(page):
    """The live description says what the state holds, number by number, and what the tables beside the picture say."""
    patient, text = page.lesson.page.state, page.browser.frame["text"]
    follow, visit, now = patient.follow_up, patient.visit, patient.now
    scars, labs, status = patient.liver.scars, patient.liver.labs, patient.status
    first, rest = text.split(": ", 1)
    assert first == patient.visit_name(visit)
    seen = int(patient.phase.readings.visible[:, visit].sum())
    assert rest.split(" ")[0] == (COUNTS[seen] if seen < len(COUNTS) else str(seen))
    pairs = {
        r"Liver from (\S+) mL to (\S+) mL": (scars.liver_ml[0], scars.liver_ml[now]),
        r"spleen from (\S+) mL to (\S+) mL": (scars.spleen_ml[0], scars.spleen_ml[now]),
        r"Platelets from (\S+) 10⁹/L to (\S+) 10⁹/L": (labs.platelets_1e9_l[0], labs.platelets_1e9_l[now]),
    }
    if follow.targets:
        pairs[r"target diameters from (\S+) mm to (\S+) mm"] = (follow.sum_mm[0], follow.sum_mm[visit])
        assert f"RECIST 1.1 {patient.verdict()}" in text
    for pattern, wanted in pairs.items():
        told = re.search(pattern, text)
        assert told, f"{pattern} not in {text}"
        assert [whole(one) for one in told.groups()] == [round(float(value)) for value in wanted]
    assert f"The surface is {patient.contour}" in text
    dents = re.search(r"with (\w+) retractions?", text)
    assert (dents is not None) == (patient.retractions > 0)
    assert f"Ascites {ASCITES[status.ascites[now]]}." in text
    told = re.search(r"ALBI grade (\d) \((\S+)\), Child-Pugh (\w) (\d+), MELD 3.0 (\d+)", text).groups()
    assert told[0] == str(status.albi_grade[now])
    assert float(told[1].replace("−", "-")) == pytest.approx(status.albi[now], abs=0.006)
    assert told[2:] == (status.child_pugh_class[now], str(status.child_pugh[now]), str(status.meld3[now]))
    spoken = {figure["id"]: numbers(figure["alt"]) for figure in page.browser.frame["figures"]}
    assert spoken["uncoupling"][0] == round(float(follow.size_change_pct[visit]))
    assert spoken["uncoupling"][1] == pytest.approx(status.albi[now], abs=0.006)
    table = words(page.lesson.status.table.value)
    assert patient.contour in table
    assert patient.verdict() in table


def whole(text):
    return int(text.replace("−", "-"))


class TestSweep(Sweep):
    declared, quantities, look, presets = DECLARED, QUANTITIES, staticmethod(look), PRESETS
    check_words = staticmethod(check_words)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_and_visit_is_told_consistently(page, preset):
    page.lesson.panel.presets[preset].click()
    visits = page.lesson.panel.sliders["visit"]
    for visit in range(visits.max + 1):
        visits.value = visit
        check_words(page)
        assert page.browser.frame["visit"] == visit


def test_the_truth_switch_adds_outlines_and_pressures_and_touches_no_pixel(page):
    lesson, viewer = page.lesson, page.lesson.view.viewer
    opened = look(lesson, page.browser)
    assert page.browser.frame["overlays"] == {}
    viewer.truth = True
    shown = look(lesson, page.browser)
    assert changed(opened, shown) == {moves.CURVE}
    drawn = {outline["id"] for outline in page.browser.frame["overlays"]["current"]}
    assert {"L1", "L2"} <= drawn
    course = next(one for one in page.browser.frame["figures"] if one["id"] == "course")
    assert {"portal gradient (truth)", "HVPG (truth)"} <= {trace["name"] for trace in course["data"]}
    dark = roi_hu(lesson, "current", "L1").mean()
    assert dark < lesson.page.state.phase.liver_hu[3] - 25
    viewer.truth = False
    assert changed(opened, look(lesson, page.browser)) == set()


def test_what_is_out_of_range_is_marked_in_words(page):
    lesson = page.lesson
    assert "▲" not in words(lesson.status.table.value), "the founding case is well compensated"
    lesson.panel.presets["coarse"].click()
    table = words(lesson.status.table.value)
    for alarm in ("smaller", "present", "large", "not A", "low"):
        assert f"▲ {alarm}" in table
