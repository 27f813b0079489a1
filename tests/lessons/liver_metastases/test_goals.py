"""Driving questions and the simulator item: unsolved as the page opens, solvable inside the ranges, no near misses."""

import pytest

from liverlab import evidence
from liverlab.evidence import Scenario
from liverlab.lessons import liver_metastases

LESSON = liver_metastases
EV = evidence.load()
CASES = [preset["case"] for preset in EV.lessons["01_liver_metastases"]["presets"]]


@pytest.fixture(scope="module")
def lesson(open_gate):
    return liver_metastases.open_lesson()


def patient(case, **changes):
    scenario = Scenario(case)
    return liver_metastases.simulate(scenario.with_changes(**changes) if changes else scenario, EV)


def solved(lesson, check, case, **changes):
    correct, sentence = lesson.checkers[check](patient(case, **changes))
    assert sentence.endswith("."), sentence
    return bool(correct)


def grid(key):
    one = EV.parameters[key]
    return [round(one.low + k * one.step, 6) for k in range(round((one.high - one.low) / one.step) + 1)]


def test_every_goal_has_a_checker_and_every_checker_a_goal(lesson):
    asked = [item["check"] for item in (*lesson.data["questions"], *lesson.data["quiz"]) if item.get("check")]
    assert sorted(asked) == sorted(lesson.checkers)
    assert len(lesson.data["questions"]) == 3


@pytest.mark.parametrize("case", CASES)
def test_no_goal_is_reached_by_opening_the_page_or_choosing_a_primary(lesson, case):
    for check in lesson.checkers:
        assert not solved(lesson, check, case), check


def test_one_delay_shows_the_one_and_hides_the_other_inside_the_range(lesson):
    check, case = "bright_here_lost_there", "from_neuroendocrine"
    found = [delay for delay in grid("delay_s") if solved(lesson, check, case, delay_s=delay, lesion_diameter_mm=10)]
    assert found == [30.0, 35.0, 40.0], "the late arterial phase is the answer that the hint means"
    for delay in (20.0, 50.0, 70.0, 120.0):
        assert not solved(lesson, check, case, delay_s=delay, lesion_diameter_mm=10), delay
    # At every delay the colorectal one of full size is seen: the size is part of the question.
    assert not any(solved(lesson, check, case, delay_s=delay) for delay in grid("delay_s"))
    # The answer does not depend on which of the two is on the page.
    assert solved(lesson, check, "from_colorectal", delay_s=35, lesion_diameter_mm=10)


@pytest.mark.parametrize(
    ("case", "delay_s"), [("from_breast", 70), ("from_small_cell", 70), ("from_neuroendocrine", 35), ("from_gist", 35)]
)
def test_the_lowest_dose_is_one_value_inside_the_range_and_its_neighbours_fail(lesson, case, delay_s):
    found = [dose for dose in grid("dose_pct") if solved(lesson, "lowest_dose", case, dose_pct=dose, delay_s=delay_s)]
    assert len(found) == 1
    assert EV.parameters["dose_pct"].low < found[0] < 100
    less, here = (patient(case, dose_pct=found[0] + step, delay_s=delay_s) for step in (-5, 0))
    large = here.diameter_mm[:, 0] >= 10
    assert here.now.visible[large].all()
    assert not less.now.visible[large].all()
    assert less.noise_hu > here.noise_hu


def test_a_dose_at_the_end_of_the_slider_or_a_patient_with_small_lesions_only_is_no_answer(lesson):
    for changes in ({"dose_pct": 25}, {"dose_pct": 25, "delay_s": 45}, {"lesion_diameter_mm": 8}):
        assert not solved(lesson, "lowest_dose", "from_colorectal", **changes)


@pytest.mark.parametrize("case", CASES)
def test_the_same_number_is_resectable_here_and_not_one_step_further(lesson, case):
    check, default = "same_number_other_answer", EV.values(Scenario(case))["left_share_pct"]
    shares = grid("left_share_pct")
    can = {share: patient(case, left_share_pct=share).best_resection is not None for share in shares}
    assert set(can.values()) == {True, False}
    for share in shares:
        near = [one for one in (share - 10, share + 10) if one in can]
        wanted = share != default and not can[share] and any(can[one] for one in near)
        assert solved(lesson, check, case, left_share_pct=share) == wanted, share
    edge = next(share for share in shares if solved(lesson, check, case, left_share_pct=share))
    more = EV.values(Scenario(case))["lesion_count"] + 1
    assert not solved(lesson, check, case, left_share_pct=edge, lesion_count=more)


def test_same_number_means_the_same_sizes_elsewhere():
    here, there = (patient("from_colorectal", left_share_pct=share) for share in (0, 100))
    assert len(here.known.ids) == len(there.known.ids)
    assert sorted(here.diameter_mm[:, 0]) == pytest.approx(sorted(there.diameter_mm[:, 0]), rel=0.35)
    assert here.best_resection.left_pct > there.best_resection.left_pct


def test_half_dose_needs_a_hypervascular_primary_and_its_phase(lesson):
    check = "half_dose_hypervascular"
    assert solved(lesson, check, "from_neuroendocrine", delay_s=35, dose_pct=50)
    assert solved(lesson, check, "from_renal", delay_s=35, dose_pct=50)
    assert not solved(lesson, check, "from_neuroendocrine", delay_s=35, dose_pct=55)
    assert not solved(lesson, check, "from_neuroendocrine", delay_s=70, dose_pct=50)
    assert not solved(lesson, check, "from_colorectal", delay_s=70, dose_pct=50)
    assert not solved(lesson, check, "from_neuroendocrine", delay_s=35, dose_pct=50, lesion_diameter_mm=8)


def test_solving_on_the_page_is_seen_and_kept(page):
    lesson = page.lesson
    lesson.page.set(delay_s=35, lesion_diameter_mm=10)
    assert lesson.page.answered("question:two_primaries")["correct"]
    lesson.page.reset()
    assert lesson.page.answered("question:two_primaries")["correct"]
    assert lesson.page.answered("question:same_number") is None


def test_the_number_of_the_quiz_is_what_the_remnant_is():
    item = next(one for one in EV.lessons["01_liver_metastases"]["quiz"] if one["id"] == "remnant")
    assert item["answer"] == pytest.approx(100 * 490 / (1500 - 100))
    for number in ("1500 mL", "100 mL", "490 mL"):
        assert number in item["text"]
    limits = {row["liver"]: float(row["limit_pct"]) for row in EV.series("remnant_limits")}
    assert sorted(limits.values()) == [20, 30, 40]
    assert all(f"{limit:.0f} %" in item["feedback_right"] for limit in limits.values())
