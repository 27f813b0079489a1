"""The sweep: every control to both ends and the middle, through its own widget; exactly what it declares moves."""

import random
import re

import ipywidgets
import pytest

from liverlab.lessons import moves
from liverlab.ui.describe import numbers

from .reading_the_page import QUANTITIES, calls, changed, look, roi_hu

DECLARED = moves.PSEUDOPROGRESSION
PRESETS = ("gist", "anti_angiogenic", "progression", "chemo_liver", "swelling")
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "10", "11", "12")


def low_middle_high(slider, over=None):
    if isinstance(slider, ipywidgets.SelectionSlider):
        values = [value for _, value in slider.options]
        return [values[0], values[len(values) // 2], values[-1]]
    low, high = over or (slider.min, slider.max)
    middle = low + slider.step * round((high - low) / 2 / slider.step)
    return [type(slider.value)(value) for value in (low, middle, high)]


def test_every_control_of_the_page_is_declared_and_nothing_else(page):
    shown = page.lesson.data["controls"]
    assert set(DECLARED) == {*shown["main"], *shown["more"]} == set(page.lesson.panel.sliders)
    for key, declared in DECLARED.items():
        assert declared.outputs, key
        assert declared.outputs <= set(moves.OUTPUTS), key
        assert {*declared.rises, *declared.falls} <= set(QUANTITIES), key
    for key in shown["main"]:
        assert DECLARED[key].rises or DECLARED[key].falls, f"main control {key} declares no direction"


@pytest.mark.parametrize("key", DECLARED)
def test_a_control_moves_what_it_declares_and_nothing_else(page, key):
    lesson, declared, slider = page.lesson, DECLARED[key], page.lesson.panel.sliders[key]
    lesson.page.set(**declared.given)
    before, moved = look(lesson, page.browser), set()
    for value in low_middle_high(slider):
        slider.value = value
        moved |= changed(before, look(lesson, page.browser))
    assert moved == declared.outputs


@pytest.mark.parametrize("key", [key for key, declared in DECLARED.items() if declared.rises or declared.falls])
def test_a_control_moves_in_the_direction_it_declares(page, key):
    lesson, declared, slider = page.lesson, DECLARED[key], page.lesson.panel.sliders[key]
    lesson.page.set(**declared.given)
    rows = []
    for value in low_middle_high(slider, declared.over):
        slider.value = value
        rows.append({name: QUANTITIES[name](lesson) for name in (*declared.rises, *declared.falls)})
    for name in rows[0]:
        low, middle, high = (row[name] * (1 if name in declared.rises else -1) for row in rows)
        assert low < high, f"{name}: {[row[name] for row in rows]}"
        assert low <= middle <= high, f"{name}: {[row[name] for row in rows]}"


def test_the_first_slider_is_a_main_one_and_changes_the_picture(page):
    first = page.lesson.data["controls"]["main"][0]
    assert next(iter(page.lesson.panel.sliders)) == first
    assert moves.CURRENT in DECLARED[first].outputs


@pytest.mark.parametrize("preset", PRESETS)
def test_every_control_works_at_both_ends_in_every_preset(page, preset):
    page.lesson.panel.presets[preset].click()
    for key, slider in page.lesson.panel.sliders.items():
        before, shown = slider.value, []
        for value in low_middle_high(slider)[::2]:
            slider.value = value
            shown.append([page.browser.painted(pane).tobytes() for pane in ("prior", "current")])
            check_words(page)
        assert page.lesson.panel.sliders[key].value == value
        slider.value = before


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


def test_a_corner_of_all_sliders_at_once_never_breaks_the_page(page):
    rng = random.Random(2)
    sliders = {key: slider for key, slider in page.lesson.panel.sliders.items() if key != "visit"}
    for _ in range(15):
        ends = {key: rng.choice(low_middle_high(slider)) for key, slider in sliders.items()}
        page.lesson.panel.presets[rng.choice(PRESETS)].click()
        page.lesson.page.set(**ends)
        page.lesson.panel.sliders["visit"].value = rng.randint(1, page.lesson.panel.sliders["visit"].max)
        check_words(page)
        look(page.lesson, page.browser)


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


def test_reset_undo_and_the_code_bring_the_same_page_back(page):
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


def test_a_damaged_code_is_answered_in_a_sentence_and_changes_nothing(page):
    opened, code = look(page.lesson, page.browser), page.lesson.panel.code
    for text in ("", "rubbish", code.shown.text[:-2], code.shown.text[::-1]):
        code.pasted.value = text
        code.load_button.click()
        assert 'role="alert"' in code.message.value
        assert changed(opened, look(page.lesson, page.browser)) == set()


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
