"""The sweep of lesson 04, and what its words, table and truth switch say."""

import re

import pytest

from liverlab.imaging.phases import phase_name
from liverlab.lessons import calcified_metastasis
from liverlab.lessons import moves as shared
from liverlab.lessons.calcified_metastasis import moves
from liverlab.lessons.calcified_metastasis.page import UNENHANCED, readings
from liverlab.ui.describe import numbers

from ..reading_the_page import changed, words
from ..sweep import Sweep
from .looking import QUANTITIES, look

LESSON = calcified_metastasis
PRESETS = ("breast", "no_calcium", "haze", "responder", "diluted")


def whole(text):
    return int(text.replace("−", "-"))


def told_hu(text):
    """Name -> HU of every "name 12 HU" in a text."""
    found = re.findall(r"((?:spot in|nodule|speck) [A-H]|liver) (−?\d+) HU", text)
    return {name: whole(hu) for name, hu in found}


def check_words(page):
    """The live description, the figures' words and the table say what the state holds, number by number."""
    patient, text = page.lesson.page.state, page.browser.frame["text"]
    visit, protocol = patient.visit, patient.protocol
    assert text.startswith(f"Day {patient.day:.0f}, {phase_name(protocol.delay_s)}, {protocol.kvp:.0f} kV: ")
    now, rest = text.split(". Without contrast medium: ")
    here = {name: round(hu) for name, hu in readings(patient)}
    assert told_hu(now) == {"liver": round(patient.liver_hu(visit)), **here}
    plain, rest = rest.split(". The ", 1)
    assert told_hu(plain) == {name: round(hu) for name, hu in readings(patient.unenhanced)}
    stands_out, needed = re.match(
        r"spot in [A-H] differs from liver by ([+−]?\d+) HU and needs (\d+) HU", rest
    ).groups()
    assert whole(stands_out) == round(patient.spot_hu() - patient.liver_hu(visit))
    assert whole(needed) == round(patient.seen_from_hu(patient.spot_mm))
    spoken = {figure["id"]: numbers(figure["alt"]) for figure in page.browser.frame["figures"]}
    spot, nodule = (hu for _, hu in readings(patient)[:2])
    shown = [protocol.delay_s, patient.liver_hu(visit), spot, nodule]
    assert spoken["brightness"] == [round(value) for value in shown]
    seen = patient.follow_up
    told = re.search(r"Sum of target diameters from (\d+) mm to (\d+) mm", text)
    assert (told is not None) == bool(visit and seen.targets), text
    if told:
        assert [whole(one) for one in told.groups()] == [round(seen.sum_mm[0]), round(seen.sum_mm[visit])]
        for name in ("RECIST 1.1", "Choi"):
            assert f"{name} {patient.verdict(name)}" in text
    cells = re.findall(r"(−?\d+) HU( ● ≥ 130)?", words(page.lesson.rule.value).split("120 kV")[1])
    both = [value for pair in zip(readings(patient), readings(patient.by_the_rule), strict=True) for _, value in pair]
    assert [whole(hu) for hu, _ in cells] == [round(value) for value in both]
    assert [bool(mark) for _, mark in cells] == [round(value) >= 130 for value in both]


class TestSweep(Sweep):
    declared, quantities, look, presets = moves.DECLARED, QUANTITIES, staticmethod(look), PRESETS
    check_words, outputs = staticmethod(check_words), moves.OUTPUTS


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_and_visit_is_told_consistently(page, preset):
    page.lesson.panel.presets[preset].click()
    visits = page.lesson.panel.sliders["visit"]
    assert visits.max == len(page.lesson.page.state.days) - 1
    for visit in range(visits.max + 1):
        visits.value = visit
        check_words(page)
        assert page.browser.frame["visit"] == visit


@pytest.mark.parametrize("pattern", range(6))
def test_every_pattern_is_named_and_painted(page, pattern):
    slider = page.lesson.panel.sliders["calcium_pattern"]
    name = slider.options[pattern][0]
    page.lesson.page.set(calcium_pattern=float(pattern), calcium_start_mg_ml=30.0)
    patient = page.lesson.page.state
    assert set(patient.patterns) == {"", name}
    check_words(page)


def test_the_truth_switch_says_what_every_spot_is_and_touches_no_pixel(page):
    lesson, viewer = page.lesson, page.lesson.view.viewer
    opened = look(lesson, page.browser)
    assert page.browser.frame["overlays"] == {}
    viewer.truth = True
    assert changed(opened, look(lesson, page.browser)) == {shared.CURVE}
    labels = {one["id"]: one["label"] for one in page.browser.frame["overlays"]["current"]}
    assert labels["T1"] == "A: Ca 5 mg/mL"
    assert labels["N3"] == "E: no Ca"
    assert labels["G1"] == "F: benign"
    assert any("without Ca" in trace["name"] for trace in page.browser.frame["figures"][0]["data"])
    viewer.truth = False
    assert changed(opened, look(lesson, page.browser)) == set()


def test_the_letters_stand_on_what_is_seen_and_tell_nothing_more(page):
    marks = page.browser.frame["marks"]
    assert [one["label"] for one in marks["current"]] == ["A", "B", "C", "D", "E", "F", "G"]
    page.lesson.panel.presets["haze"].click()
    marks = page.browser.frame["marks"]
    assert [one["label"] for one in marks["current"]] == ["D", "F", "G"], "what the haze hides has no letter"
    assert {"A", "B", "C"} <= {one["label"] for one in marks[UNENHANCED]}


def test_the_left_pane_turns_between_the_unenhanced_and_the_first_scan_without_the_kernel(page):
    page.lesson.page.set(visit=3.0)
    config = page.lesson.view.viewer.config
    assert config["stacks"]["compare"] == [UNENHANCED, "prior"]
    for series in (UNENHANCED, "prior", "current"):
        assert page.browser.painted(series).size, "held by the browser, whichever is shown"
    assert page.browser.frame["panes"]["prior"]["visit"] == 0
    assert page.browser.frame["panes"][UNENHANCED]["visit"] == 3
    assert config["presets"][2]["name"] == "Bone", "the bone window is one key away"
