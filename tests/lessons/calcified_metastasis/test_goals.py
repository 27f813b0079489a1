"""Driving questions and the simulator item: unsolved as the page opens, solvable inside the ranges, no near misses."""

import pytest

from liverlab import evidence
from liverlab.evidence import Scenario
from liverlab.imaging import calcium, hu
from liverlab.lessons import calcified_metastasis
from liverlab.lessons.calcified_metastasis import patient as patients
from liverlab.lessons.calcified_metastasis.page import WHITE_HU

LESSON = calcified_metastasis
EV = evidence.load()
DATA = EV.lessons["04_calcified_metastasis"]


@pytest.fixture(scope="module")
def lesson(open_gate):
    return calcified_metastasis.open_lesson()


def solved(lesson, check, case="calcified_breast", **changes):
    scenario = Scenario(case)
    scenario = scenario.with_changes(**changes) if changes else scenario
    correct, sentence = lesson.checkers[check](patients.simulate(scenario, EV))
    assert sentence.endswith("."), sentence
    return correct


def grid(key):
    """Every value of a slider."""
    one = EV.parameters[key]
    return [round(one.low + k * one.step, 6) for k in range(round((one.high - one.low) / one.step) + 1)]


def inside(key, value):
    return EV.parameters[key].low < value < EV.parameters[key].high


def test_every_goal_has_a_checker_and_every_checker_a_goal(lesson):
    asked = [item["check"] for item in (*DATA["questions"], *DATA["quiz"]) if item.get("check")]
    assert sorted(asked) == sorted(lesson.checkers)
    assert len(DATA["questions"]) == 3


@pytest.mark.parametrize("preset", [one["id"] for one in DATA["presets"]])
def test_no_goal_is_reached_by_opening_the_page_or_choosing_a_preset(lesson, preset):
    case = next(one["case"] for one in DATA["presets"] if one["id"] == preset)
    for check in lesson.checkers:
        assert not solved(lesson, check, case), check


def test_white_without_calcium_is_reached_inside_the_ranges_and_starts_exactly_at_white(lesson):
    check = "white_without_calcium"
    bright = {"calcium_start_mg_ml": 0, "kvp": 100, "iodine_g_per_kg": 0.65}
    found = [
        hu for hu in grid("baseline_enhancement_hu") if solved(lesson, check, **bright, baseline_enhancement_hu=hu)
    ]
    assert found
    edge = found[0]
    assert inside("baseline_enhancement_hu", edge)
    assert inside("kvp", 100)
    assert inside("iodine_g_per_kg", 0.65)
    assert found == [hu for hu in grid("baseline_enhancement_hu") if hu >= edge]
    patient = patients.simulate(Scenario("calcified_breast").with_changes(**bright, baseline_enhancement_hu=edge), EV)
    assert WHITE_HU - 0.5 <= patient.lesion_tissue_hu(patient.enhancing_lesion) < WHITE_HU + 3
    near = {**bright, "baseline_enhancement_hu": edge}
    # A grain of calcium, another phase, or white that is not white enough: no.
    assert not solved(lesson, check, **{**near, "calcium_start_mg_ml": 5})
    assert not solved(lesson, check, **{**near, "delay_s": 35, "baseline_enhancement_hu": 90})
    assert not solved(lesson, check, **{**near, "delay_s": 100, "baseline_enhancement_hu": 90})
    assert not solved(lesson, check, **{**near, "baseline_enhancement_hu": edge - 1})
    assert not solved(lesson, check, calcium_start_mg_ml=0)


def test_the_thickest_slice_is_one_value_inside_the_range_and_its_neighbours_fail(lesson):
    check = "thickest_slice"
    found = [mm for mm in grid("slice_mm") if solved(lesson, check, delay_s=0, slice_mm=mm)]
    assert found == [3.0]
    assert inside("slice_mm", found[0])
    for wrong in ({"delay_s": 5}, {"kvp": 100}, {"kvp": 140}, {"grain_mm": 2.5}, {"grain_calcium_mg_ml": 200}):
        scan = {"delay_s": 0, "slice_mm": 3.0, **wrong}
        assert not solved(lesson, check, **scan), wrong
    # Slice thickness alone, without blur, would allow twice as much: the textbook formula the solution mentions.
    patient = patients.simulate(Scenario("calcified_breast").with_changes(delay_s=0), EV)
    assert patient.speck_hu == pytest.approx(297.5, abs=1)
    assert 6 < calcium.thickest_slice_mm(patient.speck_hu, patient.liver_hu(0), 2.0) < 7


def test_response_without_darkening_is_reached_inside_the_ranges_and_needs_all_of_it(lesson):
    check, case = "response_without_darkening", "calcifying_responder"
    found = [
        rate
        for rate in grid("shrinkage_rate_per_week")
        if solved(lesson, check, case, visit=4, shrinkage_rate_per_week=rate)
    ]
    assert found
    edge = found[0]
    assert inside("shrinkage_rate_per_week", edge)
    below, here = (
        patients.simulate(Scenario(case).with_changes(visit=4, shrinkage_rate_per_week=rate), EV)
        for rate in (edge - 0.001, edge)
    )
    assert below.verdict("RECIST 1.1") == "SD"
    assert here.verdict("RECIST 1.1") == "PR"
    assert here.living_pct[4] < 20
    assert here.follow_up.hu_change_pct[4] > 0
    # The same shrinkage without calcium darkens: then the attenuation tells.
    bare = {"calcium_start_mg_ml": 0, "calcium_necrosis_mg_ml": 0, "mucin_share_pct": 0}
    assert not solved(lesson, check, case, visit=4, shrinkage_rate_per_week=edge, **bare)
    assert not solved(lesson, check, case, visit=0, shrinkage_rate_per_week=edge)


def test_choi_calls_growth_a_response_only_where_calcium_is_diluted(lesson):
    check, case = "choi_response_while_growing", "diluted_calcium"
    assert solved(lesson, check, case, visit=3)
    patient = patients.simulate(Scenario(case).with_changes(visit=3), EV)
    assert patient.living_pct[3] > 140
    assert patient.verdict("RECIST 1.1") == "SD"
    assert not solved(lesson, check, case, visit=2)
    assert not solved(lesson, check, case, visit=3, calcium_start_mg_ml=0)
    # A true response, called one, is not the trap.
    assert patients.simulate(Scenario("calcified_breast").with_changes(visit=3), EV).verdict("Choi") == "PR"
    assert not solved(lesson, check, visit=3)


def test_solving_on_the_page_is_seen_and_kept(page):
    lesson = page.lesson
    lesson.page.set(delay_s=0.0, slice_mm=3.0)
    assert lesson.page.answered("question:slice")["correct"]
    lesson.page.reset()
    assert lesson.page.answered("question:slice")["correct"]
    assert lesson.page.answered("question:white") is None


def test_the_numbers_of_the_quiz_are_what_the_models_compute():
    item = next(one for one in DATA["quiz"] if one["id"] == "partial_volume")
    assert float(calcium.partial_volume_hu(800, 55, 2, 5)) == pytest.approx(item["answer"])
    item = next(one for one in DATA["quiz"] if one["id"] == "two_energies")
    mineral = 79 / hu.hu_per_mg_hydroxyapatite_ml(120, 25)
    iodine = 79 / hu.hu_per_mgi_ml(120, 25)
    slopes = [(hu.hu_per_mg_hydroxyapatite_ml(kvp, 25), hu.hu_per_mgi_ml(kvp, 25)) for kvp in (80, 140)]
    assert [round(mineral * one) for one, _ in slopes] == [110, 71]
    assert [round(iodine * one) for _, one in slopes] == [127, 66]
    assert mineral == pytest.approx(59, abs=0.1)
    assert iodine == pytest.approx(3, abs=0.02)
    assert "110 HU above" in item["text"]
