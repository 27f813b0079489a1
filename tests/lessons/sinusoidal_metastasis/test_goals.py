"""Driving questions and the simulator item: unsolved as the page opens, solvable inside the ranges, no near misses."""

import numpy as np
import pytest

from liverlab import evidence
from liverlab.evidence import Scenario
from liverlab.lessons import sinusoidal_metastasis
from liverlab.lessons.sinusoidal_metastasis import patient as patients
from liverlab.lessons.sinusoidal_metastasis.patient import index_of

LESSON = sinusoidal_metastasis
EV = evidence.load()
VISITS = EV.cases["sclc_sinusoidal"].visits_day


@pytest.fixture(scope="module")
def lesson(open_gate):
    return sinusoidal_metastasis.open_lesson()


def made(case="sclc_sinusoidal", **changes):
    scenario = Scenario(case)
    return patients.simulate(scenario.with_changes(**changes) if changes else scenario, EV)


def solved(lesson, check, case="sclc_sinusoidal", **changes):
    correct, sentence = lesson.checkers[check](made(case, **changes))
    assert sentence.endswith("."), sentence
    return correct


def values_of(key):
    """The slider's grid without its ends."""
    one = EV.parameters[key]
    steps = round((one.high - one.low) / one.step)
    return [round(one.low + k * one.step, 6) for k in range(1, steps)]


def test_every_goal_has_a_checker_and_every_checker_a_goal(lesson):
    asked = [item["check"] for item in (*lesson.data["questions"], *lesson.data["quiz"]) if item.get("check")]
    assert sorted(asked) == sorted(lesson.checkers)
    assert len(lesson.data["questions"]) == 3


@pytest.mark.parametrize("case", ["sclc_sinusoidal", "sclc_treated", "sclc_shock", "no_tumour"])
def test_no_goal_is_reached_by_opening_the_page_or_choosing_a_preset(lesson, case):
    for check in lesson.checkers:
        assert not solved(lesson, check, case), check


# --- the latest biopsy ---


def test_the_latest_biopsy_is_one_day_and_its_neighbours_fail(lesson):
    found = [day for day in values_of("tissue_day_d") if solved(lesson, "latest_biopsy", tissue_day_d=day)]
    assert len(found) == 1
    earlier, here, later = (made(tissue_day_d=found[0] + step) for step in (-1, 0, 1))
    assert earlier.survives
    assert here.survives
    assert not later.survives
    assert here.treated_d == found[0] + here.values["pathology_d"]
    # From the other preset with the same disease it is the same day.
    assert solved(lesson, "latest_biopsy", "sclc_treated", tissue_day_d=found[0])


def test_a_quicker_report_gains_the_day_and_a_change_of_the_disease_does_not_count(lesson):
    slow, quick = (
        [
            day
            for day in values_of("tissue_day_d")[:25]
            if solved(lesson, "latest_biopsy", tissue_day_d=day, pathology_d=d)
        ]
        for d in (4, 2)
    )
    assert quick[0] == slow[0] + 2
    day = slow[0] + 1
    assert not solved(lesson, "latest_biopsy", tissue_day_d=day, tumour_doubling_d=54)
    assert not solved(lesson, "latest_biopsy", tissue_day_d=day, chemo_day_d=day + 4), "not on the day of the report"
    assert not solved(lesson, "latest_biopsy", "no_tumour", tissue_day_d=day)


# --- normal ALT in a failing liver ---


def test_a_normal_alt_in_failure_lies_inside_the_ranges(lesson):
    found = [
        (day, visit)
        for day in range(10, 18)
        for visit in range(1, len(VISITS) - 1)
        if solved(lesson, "normal_alt_in_failure", tissue_day_d=day, visit=visit)
    ]
    assert found, "by the main controls alone"
    wider = [
        (day, reserve)
        for day in range(10, 18)
        for reserve in (75, 80, 85, 90, 95)
        if solved(lesson, "normal_alt_in_failure", tissue_day_d=day, visit=7, hepatic_reserve_pct=reserve)
    ]
    assert len(wider) > len(found), "less reserve makes it easier, as the hint says"
    patient = made(tissue_day_d=found[0][0], visit=found[0][1])
    assert patient.lab("alt_u_l") <= 40
    assert patient.lab("inr") >= 1.5
    assert patient.survives
    assert patient.lab("bilirubin_umol_l") > 21, "bilirubin is not normal either"


def test_near_misses_of_a_normal_alt(lesson):
    # INR 1.5, but ALT still raised; ALT normal, but INR below 1.5; a small liver whose ALT was never raised.
    for changes in ({"tissue_day_d": 16, "visit": 6}, {"tissue_day_d": 12, "visit": 7}):
        patient = made(**changes)
        assert (patient.lab("alt_u_l") <= 40) != (patient.lab("inr") >= 1.5), changes
        assert not solved(lesson, "normal_alt_in_failure", **changes)
    quiet = made(sinusoidal_occupancy_pct=5, hepatic_reserve_pct=40)
    assert quiet.lab("alt_u_l") <= 40
    assert quiet.lab("inr") >= 1.5
    assert not solved(lesson, "normal_alt_in_failure", sinusoidal_occupancy_pct=5, hepatic_reserve_pct=40)
    dead = {"visit": 8}
    assert not made(**dead).alive
    assert not solved(lesson, "normal_alt_in_failure", **dead)


# --- told from ischaemic hepatitis ---


def test_a_shock_through_which_the_tumour_shows_has_a_lower_and_an_upper_end(lesson):
    grid = values_of("ischaemia_kill_pct")
    found = [
        kill for kill in grid if solved(lesson, "told_after_shock", "sclc_shock", ischaemia_kill_pct=kill, visit=5)
    ]
    assert found
    assert found == list(np.arange(found[0], found[-1] + 1)), "one window"
    assert 1 < found[0] < found[-1] < 40
    at = index_of(12)
    weak, strong = (made("sclc_shock", ischaemia_kill_pct=kill) for kill in (found[0] - 1, found[-1] + 1))
    assert weak.r_factor.raw[at] < 5 <= made("sclc_shock", ischaemia_kill_pct=found[0]).r_factor.raw[at]
    assert strong.ldh_over_alt.raw[at] <= 0.64
    assert not solved(lesson, "told_after_shock", "sclc_shock", ischaemia_kill_pct=found[0], visit=6), (
        "three days later"
    )
    assert not solved(lesson, "told_after_shock", "sclc_shock", ischaemia_kill_pct=found[0], visit=3), (
        "on the day itself"
    )
    assert not solved(
        lesson, "told_after_shock", "sclc_shock", ischaemia_kill_pct=found[0], visit=5, sinusoidal_occupancy_pct=0
    )


def test_it_can_be_solved_from_the_founding_case_too(lesson):
    assert solved(lesson, "told_after_shock", ischaemia_kill_pct=8, ischaemia_day_d=12, visit=4)


def test_the_same_shock_without_tumour_hides_nothing():
    """What the sentence compares with: alone, LDH over ALT is far below that of other failure."""
    alone = made("sclc_shock", sinusoidal_occupancy_pct=0)
    after = alone.ldh_over_alt.raw[index_of(11) : index_of(12) + 1]
    assert (after < 0.2).all()


# --- the simulator item of the quiz ---


def test_a_slow_tumour_with_fast_bilirubin_exists_inside_the_ranges(lesson):
    check = "doubles_faster_than_tumour"
    found = [
        (doubling, filled)
        for doubling in (60, 65, 70)
        for filled in np.arange(33, 41, 1.0)
        if solved(lesson, check, tumour_doubling_d=doubling, sinusoidal_occupancy_pct=filled, visit=3)
    ]
    assert found
    doubling, filled = found[0]
    assert not solved(lesson, check, tumour_doubling_d=59, sinusoidal_occupancy_pct=filled, visit=3)
    assert not solved(lesson, check, tumour_doubling_d=doubling, sinusoidal_occupancy_pct=20, visit=3), "not rising"
    assert not solved(lesson, check, tumour_doubling_d=doubling, sinusoidal_occupancy_pct=0, visit=3)


def test_solving_on_the_page_is_seen_and_kept(page):
    lesson = page.lesson
    lesson.page.set(tissue_day_d=16)
    assert lesson.page.answered("question:biopsy")["correct"]
    lesson.page.reset()
    assert lesson.page.answered("question:biopsy")["correct"]
    assert lesson.page.answered("question:shock") is None


def test_the_number_of_the_quiz_is_what_the_score_gives(lesson):
    from liverlab.reading import scores

    item = next(one for one in lesson.data["quiz"] if one["id"] == "ldh")
    assert scores.ldh_over_alt(6000, 250, 240, 40).value == pytest.approx(item["answer"])
