"""Driving questions and the simulator item: unsolved as the page opens, solvable inside the ranges, no near misses."""

import numpy as np
import pytest

from liverlab import evidence
from liverlab.evidence import Scenario
from liverlab.lessons import pseudoprogression
from liverlab.lessons.pseudoprogression import patient as patients

LESSON = pseudoprogression
EV = evidence.load()


@pytest.fixture(scope="module")
def lesson(open_gate):
    return pseudoprogression.open_lesson()


def solved(lesson, check, scenario):
    correct, sentence = lesson.checkers[check](patients.simulate(scenario, EV))
    assert sentence.endswith("."), sentence
    return correct


def values_of(key, margin=1):
    """The slider's grid without its ends."""
    one = EV.parameters[key]
    steps = round((one.high - one.low) / one.step)
    return [round(one.low + k * one.step, 6) for k in range(margin, steps + 1 - margin)]


def start(call="unequivocal", **changes):
    scenario = Scenario("gist_imatinib").with_call(call)
    return scenario.with_changes(**changes) if changes else scenario


def test_every_goal_has_a_checker_and_every_checker_a_goal(lesson):
    asked = [item["check"] for item in (*lesson.data["questions"], *lesson.data["quiz"]) if item.get("check")]
    assert sorted(asked) == sorted(lesson.checkers)
    assert len(lesson.data["questions"]) == 3


@pytest.mark.parametrize("preset", ["gist", "anti_angiogenic", "progression"])
def test_no_goal_is_reached_by_opening_the_page_or_choosing_a_preset(lesson, preset):
    case = next(one["case"] for one in lesson.data["presets"] if one["id"] == preset)
    for call in ("unequivocal", "equivocal", "none"):
        for check in lesson.checkers:
            assert not solved(lesson, check, Scenario(case).with_call(call)), (check, call)


def test_the_smallest_loss_is_one_value_inside_the_range_and_its_neighbours_fail(lesson):
    check = "smallest_visible_perfusion_loss"
    losses = values_of("perfusion_loss_pct", 0)
    found = [loss for loss in losses if solved(lesson, check, start(perfusion_loss_pct=loss))]
    assert len(found) == 1
    assert found[0] in values_of("perfusion_loss_pct")
    # What the question says: one step less and nothing hidden is seen; more shows it too, but is not the smallest.
    less, more = (patients.simulate(start(perfusion_loss_pct=found[0] + step), EV) for step in (-1, 1))
    assert less.follow_up.new_spots(less.visit) == ()
    assert len(more.follow_up.new_spots(more.visit)) >= 1
    # A new deposit that comes into view is not a hidden lesion.
    assert not solved(lesson, check, start(perfusion_loss_pct=found[0] - 1, new_lesion_count=2))


def test_the_scan_that_hides_nothing_lies_inside_the_range_and_only_the_scan_may_change(lesson):
    check = "nothing_hidden_at_baseline"
    grid = values_of("delay_s", 0)
    found = [delay for delay in grid if solved(lesson, check, start(delay_s=delay))]
    inside = [delay for delay in found if delay in values_of("delay_s")]
    assert any(20 <= delay <= 45 for delay in inside), "the late arterial phase is the answer that the hint means"
    near = [delay for delay in grid if delay not in found and {delay - 5.0, delay + 5.0} & set(found)]
    assert near
    for delay in near:
        patient = patients.simulate(start(delay_s=delay), EV)
        hidden = [patient.labels[i] for i, role in enumerate(patient.course.roles[:6]) if role == "occult"]
        unseen = {patient.labels[i] for i in np.flatnonzero(~patient.phase.readings.visible[:, 0])}
        assert unseen & set(hidden), delay
    for cheat in ({"baseline_enhancement_hu": 20}, {"occult_count": 0}, {"perfusion_loss_pct": 84}):
        assert not solved(lesson, check, start(delay_s=found[0], **cheat)), cheat
        assert not solved(lesson, check, start(**cheat)), cheat
    assert not solved(lesson, check, Scenario("chemo_liver").with_changes(delay_s=found[0]))


def test_the_smallest_swelling_is_one_value_a_visit_and_needs_the_equivocal_call(lesson):
    check, found = "smallest_swelling_pd", {}
    for visit in (1, 2):
        inside = [
            swelling
            for swelling in values_of("swelling_pct", 0)
            if solved(lesson, check, start("equivocal", swelling_pct=swelling, visit=visit))
        ]
        assert len(inside) == 1
        found[visit] = inside[0]
        assert inside[0] in values_of("swelling_pct")
        below, here = (
            patients.simulate(start("equivocal", swelling_pct=inside[0] + step, visit=visit), EV) for step in (-1, 0)
        )
        assert below.verdict("RECIST 1.1", "equivocal") != "PD" == here.verdict("RECIST 1.1", "equivocal")
        assert here.living_pct[visit] < 100
        assert not solved(lesson, check, start("unequivocal", swelling_pct=inside[0], visit=visit))
    assert found[1] < found[2], "the swelling peaks near the first visit"
    # Progression without a response, however large, is not what was asked for.
    grown = Scenario("true_progression").with_call("equivocal")
    assert patients.simulate(grown, EV).verdict("RECIST 1.1", "equivocal") == "PD"
    assert not solved(lesson, check, grown)


def test_less_contrast_while_it_responds_starts_exactly_at_five_hu(lesson):
    check = "less_conspicuous_response"
    base = Scenario("chemo_liver")
    grid = [change for change in values_of("liver_enhancement_change_hu") if -12 <= change <= 0]
    found = [change for change in grid if solved(lesson, check, base.with_changes(liver_enhancement_change_hu=change))]
    assert found
    edge = max(found)
    assert found == [change for change in grid if change <= edge]
    patient = patients.simulate(base.with_changes(liver_enhancement_change_hu=edge), EV)
    largest = int(np.argmax(patient.course.diameter_mm[:, 0]))
    contrast = np.abs(patient.phase.rim_hu[largest] - patient.phase.liver_hu)
    assert 5.0 <= contrast[0] - contrast[patient.visit] < 5.2
    # From the page's own case too, and not where the tumour lives on.
    assert solved(lesson, check, start(perfusion_loss_pct=10, liver_enhancement_change_hu=-15))
    assert not solved(lesson, check, Scenario("true_progression").with_changes(liver_enhancement_change_hu=-15))


def test_solving_on_the_page_is_seen_and_kept(page):
    lesson = page.lesson
    lesson.page.set(delay_s=35.0)
    assert lesson.page.answered("question:protocol")["correct"]
    lesson.page.reset()
    assert lesson.page.answered("question:protocol")["correct"]
    assert lesson.page.answered("question:threshold") is None


def test_the_number_of_the_quiz_is_what_the_reader_computes(lesson):
    from liverlab.reading import visibility

    item = next(one for one in lesson.data["quiz"] if one["id"] == "rose")
    assert float(visibility.detectability(6, 12, 15)) == pytest.approx(item["answer"])
    assert not visibility.is_visible(6, 12, 15, EV.parameters["visibility_threshold_mm"].value)
    assert visibility.is_visible(50, 12, 15, EV.parameters["visibility_threshold_mm"].value)


def test_the_verdicts_of_the_quiz_are_what_the_criteria_say(lesson):
    from liverlab.reading import choi, recist

    item = next(one for one in lesson.data["quiz"] if one["id"] == "choi")
    right = next(option["text"] for option in item["options"] if option["correct"])
    target = {"lesion": "A", "role": "target", "status": "measured"}
    rows = [
        target | {"visit": k, "day": 84.0 * k, "diameter_mm": mm, "hu": hu}
        for k, (mm, hu) in enumerate(((60.0, 80.0), (58.0, 66.0)))
    ]
    said = {
        "RECIST": recist.assess_rows(rows)[1]["overall"],
        "Choi": choi.assess_rows(rows)[1]["overall"],
        "modified Choi": choi.assess_rows(rows, modified=True)[1]["overall"],
    }
    assert right == ", ".join(f"{name} {call}" for name, call in said.items())
    assert "60 mm and 80 HU" in item["text"]
    assert "58 mm and 66 HU" in item["text"]
