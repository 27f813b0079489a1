"""Driving questions and the simulator item: unsolved as the page opens, solvable inside the ranges, no near misses."""

import pytest

from liverlab import evidence
from liverlab.evidence import Scenario
from liverlab.lessons import pseudocirrhosis
from liverlab.lessons.pseudocirrhosis import patient as patients

LESSON = pseudocirrhosis
EV = evidence.load()
UNCOUPLED, THRESHOLD, RECOVERY, WEDGE = (
    "response_with_decompensation",
    "smallest_scar_above_the_floor",
    "latest_change_that_recovers",
    "varices_below_ten",
)
MONTH_12 = 5
RESPONDING = {"tumour_load_pct": 20, "shrinkage_rate_per_week": 0.06, "scar_share_pct": 75}


@pytest.fixture(scope="module")
def lesson(open_gate):
    return pseudocirrhosis.open_lesson()


def solved(lesson, check, scenario):
    correct, sentence = lesson.checkers[check](patients.simulate(scenario, EV))
    assert sentence.endswith("."), sentence
    return correct


def inside(changes):
    """Whether no slider stands at one of its ends."""
    return all(EV.parameters[key].low < value < EV.parameters[key].high for key, value in changes.items())


def start(case="pseudocirrhosis_breast", **changes):
    return Scenario(case).with_changes(**changes) if changes else Scenario(case)


def test_every_goal_has_a_checker_and_every_checker_a_goal(lesson):
    asked = [item["check"] for item in (*lesson.data["questions"], *lesson.data["quiz"]) if item.get("check")]
    assert sorted(asked) == sorted(lesson.checkers) == sorted((UNCOUPLED, THRESHOLD, RECOVERY, WEDGE))
    assert len(lesson.data["questions"]) == 3


@pytest.mark.parametrize("preset", ["fine", "coarse", "growing", "nodules", "cirrhosis"])
def test_no_goal_is_reached_by_opening_the_page_or_choosing_a_preset(lesson, preset):
    case = next(one["case"] for one in lesson.data["presets"] if one["id"] == preset)
    for check in lesson.checkers:
        assert not solved(lesson, check, Scenario(case)), check


# --- a response with decompensation ---


def test_a_response_with_decompensation_is_found_inside_the_ranges(lesson):
    assert inside(RESPONDING)
    assert solved(lesson, UNCOUPLED, start(**RESPONDING))


@pytest.mark.parametrize(
    "changes",
    [
        {**RESPONDING, "shrinkage_rate_per_week": 0.02},  # ascites, but no response
        {**RESPONDING, "scar_share_pct": 10},  # a response, but no ascites
        {**RESPONDING, "visit": 0},
    ],
)
def test_half_of_it_is_not_enough(lesson, changes):
    assert not solved(lesson, UNCOUPLED, start(**changes))


# --- the smallest scar that is measured ---


def test_the_smallest_scar_is_one_value_inside_the_range_and_its_neighbours_fail(lesson):
    tried = {
        share: start(nodule_amplitude_mm=0, visit=MONTH_12, scar_share_pct=share) for share in (15, 20, 25, 30, 40)
    }
    found = [share for share, scenario in tried.items() if solved(lesson, THRESHOLD, scenario)]
    assert len(found) == 1
    assert inside({"scar_share_pct": found[0]})
    less = patients.simulate(tried[found[0] - 5], EV)
    assert not less.measured.uneven


def test_with_nodules_or_at_the_first_scan_it_does_not_count(lesson):
    assert not solved(lesson, THRESHOLD, start(visit=MONTH_12, scar_share_pct=20))
    assert not solved(lesson, THRESHOLD, start(nodule_amplitude_mm=0, visit=0, scar_share_pct=20))


# --- the latest change that recovers ---


def test_the_latest_change_is_one_month_inside_the_range_and_its_neighbours_fail(lesson):
    tried = {month: start(therapy_change_months=month, visit=MONTH_12) for month in (5, 6, 7, 8, 9)}
    found = [month for month, scenario in tried.items() if solved(lesson, RECOVERY, scenario)]
    assert found == [7]
    too_late = patients.simulate(tried[8], EV)
    assert too_late.measured.uneven


@pytest.mark.parametrize(
    "scenario",
    [
        start(therapy_change_months=7),  # month 6
        start(therapy_change_months=7, visit=MONTH_12, nodule_amplitude_mm=0.5),  # less disease
        start(therapy_change_months=7, visit=MONTH_12, dose_pct=150),  # another scan
        start("pseudocirrhosis_nodules", therapy_change_months=7, visit=MONTH_12),
    ],
)
def test_another_month_disease_or_scan_does_not_count(lesson, scenario):
    assert not solved(lesson, RECOVERY, scenario)


# --- varices with a wedge below 10 mmHg ---


def test_varices_with_a_low_wedge_are_found_and_near_misses_refused(lesson):
    wanted = start("pseudocirrhosis_nodules", visit=4)
    assert solved(lesson, WEDGE, wanted)
    assert solved(lesson, WEDGE, start(nodule_amplitude_mm=2, therapy_change_months=20, visit=6))
    scarred = start("pseudocirrhosis_coarse", visit=6)  # varices, but the wedge shows the pressure
    assert patients.simulate(scarred, EV).liver.scars.varices[-1] > 0
    assert not solved(lesson, WEDGE, scarred)
    assert not solved(lesson, WEDGE, start())


def test_a_random_walk_finds_the_response_with_decompensation(lesson):
    """The goal is not a needle in a haystack: one in a hundred random settings of the main sliders meets it."""
    import random

    rng = random.Random(4)
    keys = [key for key in lesson.data["controls"]["main"] if key != "visit"]
    hits = 0
    for _ in range(120):
        changes = {}
        for key in keys:
            one = EV.parameters[key]
            steps = round((one.high - one.low) / one.step)
            changes[key] = one.low + rng.randint(1, steps - 1) * one.step
        hits += solved(lesson, UNCOUPLED, start(**changes, visit=rng.randint(1, 8)))
    assert hits >= 2
