"""The sweep of lesson 05, and what its words and its truth switch say."""

import re

import numpy as np
import pytest

from liverlab.lessons import moves, sinusoidal_metastasis
from liverlab.lessons.sinusoidal_metastasis import charts
from liverlab.lessons.sinusoidal_metastasis.moves import DECLARED
from liverlab.ui.describe import numbers

from ..reading_the_page import calls, changed, words
from ..sweep import Sweep, low_middle_high
from .looking import QUANTITIES, look

LESSON = sinusoidal_metastasis
PRESETS = ("founding", "treated", "shock", "control")


def whole(text):
    return int(text.replace("−", "-"))


def check_words(page):
    """Description, board and what a screen reader says instead of the chart: numbers of the state."""
    patient, text = page.lesson.page.state, page.browser.frame["text"]
    day, liver, staging = re.match(
        r"Day (−?\d+): no focal lesion, liver (−?\d+) HU \((−?\d+) HU at staging\)\.", text
    ).groups()
    assert whole(day) == patient.shown_d
    assert whole(liver) == round(patient.liver_hu_at(patient.at))
    assert whole(staging) == round(patient.staging.liver_hu_at(0))
    told = re.search(r"Bilirubin (\d+) µmol/L \(([\d.]+) ×\), ALT (\d+), ALP (\d+), LDH (\d+) U/L\.", text).groups()
    upper = patient.ev.labs["bilirubin_umol_l"].high
    assert float(told[1]) == pytest.approx(patient.lab("bilirubin_umol_l") / upper, abs=0.051)
    for said, key in zip((told[0], *told[2:]), ("bilirubin_umol_l", "alt_u_l", "alp_u_l", "ldh_u_l"), strict=True):
        assert int(said) == round(patient.lab(key))
    r, ratio, inr, grade, albumin = re.search(
        r"R ([\d.]+), LDH over ALT ([\d.]+), INR ([\d.]+), encephalopathy grade (\d), albumin (\d+) g/L\.", text
    ).groups()
    assert float(r) == pytest.approx(patient.r_factor.raw[patient.at], abs=0.051)
    assert float(ratio) == pytest.approx(patient.ldh_over_alt.raw[patient.at], abs=0.051)
    assert float(inr) == pytest.approx(patient.lab("inr"), abs=0.0051)
    assert int(grade) == patient.encephalopathy
    assert int(albumin) == round(patient.lab("albumin_g_l"))
    if not patient.never_came:
        assert ("Died on day" in text) == (not patient.survives)
        assert ("Chemotherapy from day" in text) == patient.treated
    spoken = numbers(page.browser.frame["figures"][0]["alt"])
    assert spoken[0] == patient.shown_d
    values = [float(patient.times_upper(key)[patient.at]) for key in charts.ANALYTES]
    assert np.allclose(spoken[1:], values, atol=0.051)
    # RECIST stays blind, whatever happens.
    table = page.lesson.verdicts.value
    assert list(calls(table.split("</table>")[0]).values()) == ["NE", "non-CR/non-PD"]
    board = words(table)
    assert f"{patient.lab('bilirubin_umol_l'):.0f} µmol/L" in board
    assert f"{patient.lab('inr'):.2f}, grade {patient.encephalopathy}" in board


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
        patient = page.lesson.page.state
        assert patient.shown_d <= patient.day
        assert patient.shown_d < patient.died_d
        assert (patient.shown_d == patient.day) == patient.alive


def test_no_control_at_any_end_gives_recist_a_verdict(page):
    for slider in page.lesson.panel.sliders.values():
        before = slider.value
        for value in low_middle_high(slider)[::2]:
            slider.value = value
            assert page.lesson.page.state.verdicts[0]["call"] == "NE"
        slider.value = before


def test_after_death_the_last_scan_stays_and_says_so(page):
    visits = page.lesson.panel.sliders["visit"]
    pictures = []
    for visit in (6, 7, 8):
        visits.value = visit
        pictures.append(page.browser.painted("current").tobytes())
        label = page.browser.frame["panes"]["current"]["label"]
        assert ("died on day 20" in label) == (visit > 6), label
    assert pictures[0] == pictures[1] == pictures[2]


def test_who_would_not_have_lived_to_day_0_is_told_so(page):
    page.lesson.page.set(sinusoidal_occupancy_pct=60, flow_threshold_pct=25)
    assert page.lesson.page.state.never_came
    assert "failed before day 0" in page.browser.frame["text"]
    assert page.browser.frame["panes"]["current"]["label"] == "No scan: died before day 0"
    check_words(page)


def test_the_truth_switch_adds_the_tumour_to_the_chart_and_touches_no_pixel(page):
    lesson, viewer = page.lesson, page.lesson.view.viewer
    opened = look(lesson, page.browser)
    viewer.truth = True
    assert changed(opened, look(lesson, page.browser)) == {moves.CURVE}
    drawn = {trace["name"]: trace for trace in page.browser.frame["figures"][0]["data"]}
    patient = lesson.page.state
    tumour = drawn["tumour, truth"]
    at = tumour["x"].index(patient.shown_d)
    share = float(patient.course.occupancy[patient.at]) / (patient.values["flow_threshold_pct"] / 100)
    assert tumour["y"][at] == pytest.approx(share, rel=0.01)
    # Tumour about doubles over the weeks in which bilirubin rises more than tenfold.
    assert 1.5 < patient.course.occupancy[patient.at] / patient.course.occupancy[0] < 2.5
    viewer.truth = False
    assert changed(opened, look(lesson, page.browser)) == set()
