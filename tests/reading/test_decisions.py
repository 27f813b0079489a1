"""Decisions are re-simulated: their consequences follow the hidden truth."""

import numpy as np
import pytest

from liverlab.disease import course
from liverlab.reading import decisions

from .hidden_truth import progressing, responding


def branches(truth, day=84.0, horizon=180.0, **more):
    values, lesions, _ = truth
    return decisions.consequences(values, lesions, day, horizon, **more)


def test_a_working_drug_is_best_continued():
    found = branches(responding())
    assert set(found) == set(decisions.DECISIONS)
    assert found["continue"].progression_day is None
    assert found["continue"].viable_volume_ml[-1] < 0.5 * found["switch"].viable_volume_ml[-1]
    assert found["wait"].steps == ()
    assert found["wait"].viable_volume_ml == pytest.approx(found["continue"].viable_volume_ml)


def test_true_progression_calls_for_a_switch_and_waiting_costs_six_weeks():
    found = branches(progressing())
    last = {name: branch.viable_volume_ml[-1] for name, branch in found.items()}
    assert last["switch"] < last["biopsy"] < last["wait"] < last["continue"]
    assert [step.kind for step in found["wait"].steps] == ["switch"]
    assert found["wait"].steps[0].day == 84 + 42
    assert found["continue"].progression_day is not None


def test_branches_share_the_past_and_equal_the_disease_model():
    values, lesions, _ = progressing()
    found = decisions.consequences(values, lesions, 84.0, 120.0)
    for branch in found.values():
        past = branch.days <= 84
        assert branch.viable_volume_ml[past] == pytest.approx(found["continue"].viable_volume_ml[past])
        again = course.simulate(values, lesions, branch.days, branch.steps).viable_volume_ml
        assert branch.viable_volume_ml == pytest.approx(again)


def test_progression_day_is_the_first_with_73_percent_more_than_the_smallest_volume():
    branch = branches(progressing(), day=28.0)["continue"]
    ratio = branch.viable_volume_ml / np.minimum.accumulate(branch.viable_volume_ml)
    at = int(np.searchsorted(branch.days, branch.progression_day))
    assert ratio[at] >= 1.728 > ratio[at - 1]
    assert f"True progression on day {branch.progression_day:g}." in branch.text


def test_earlier_actions_are_kept_and_later_ones_dropped():
    values, lesions, _ = responding()
    stopped = (decisions.Step(30.0, "stop"), decisions.Step(400.0, "switch"))
    found = decisions.consequences(values, lesions, 84.0, 120.0, stopped)["continue"]
    alone = course.simulate(values, lesions, found.days, stopped[:1]).viable_volume_ml
    assert found.viable_volume_ml == pytest.approx(alone)


def test_volumes_no_liver_can_hold_are_not_named():
    text = branches(progressing(new_lesion_doubling_d=12.0), horizon=700.0)["continue"].text
    assert "more than 1000 mL" in text


@pytest.mark.parametrize(
    ("day", "horizon", "sentence"),
    [
        (0, 100, "decision_day is 0 d; allowed: more than 0"),
        (float("nan"), 100, "decision_day is nan d"),
        (84, 1, "horizon_d is 1 d; allowed: 7 to 3650 d"),
    ],
)
def test_bad_days_are_refused(day, horizon, sentence):
    values, lesions, _ = responding()
    with pytest.raises(ValueError, match=sentence):
        decisions.consequences(values, lesions, day, horizon)
