"""Tumour markers: half-life, lag, surge."""

import numpy as np
import pytest

from liverlab import evidence
from liverlab.disease import course, markers

from .patient import LESIONS, VALUES, Action, Lesion

MARKED = {**VALUES, "marker_half_life_d": 5.0, "marker_surge_pct": 0.0, "new_lesion_count": 0.0}


def test_clearance_follows_the_half_life_once_production_ends():
    days = np.array([0.0, 1e-9, 5.0, 10.0, 20.0])
    level = markers.relative_level(days, np.array([1.0, 0.0, 0.0, 0.0, 0.0]), 5.0)
    assert level == pytest.approx([1.0, 1.0, 0.5, 0.25, 0.0625], rel=1e-6)


def test_a_constant_tumour_keeps_a_constant_marker_whatever_the_half_life():
    days = np.arange(0.0, 200.0, 13.0)
    assert markers.relative_level(days, np.ones_like(days), np.array([1.0, 20.0])) == pytest.approx(
        np.ones((2, days.size))
    )


def test_the_marker_lags_behind_viable_volume_and_more_so_with_a_long_half_life():
    days = np.array([0.0, 14.0, 28.0, 56.0])
    volume = course.simulate(MARKED, LESIONS, days).viable_volume_ml
    quick, slow = (markers.simulate({**MARKED, "marker_half_life_d": h}, LESIONS, days) for h in (1.0, 20.0))
    relative = volume / volume[0]
    assert quick[0] == slow[0] == 1.0
    assert (relative[1:] < quick[1:]).all()
    assert (quick[1:] < slow[1:]).all()


def test_the_answer_does_not_depend_on_how_often_the_patient_is_seen():
    often = markers.simulate(MARKED, LESIONS, np.arange(0.0, 169.0))
    seldom = markers.simulate(MARKED, LESIONS, [0.0, 84.0, 168.0])
    assert seldom == pytest.approx(often[[0, 84, 168]])


def test_a_surge_peaks_early_and_is_over_within_months_though_the_tumour_dies():
    days = np.arange(0.0, 200.0)
    surge = markers.simulate({**MARKED, "marker_surge_pct": 263.0}, LESIONS, days) - markers.simulate(
        MARKED, LESIONS, days
    )
    assert surge[0] == 0.0
    assert 13 <= np.argmax(surge) <= 56
    responding = 40.0**3 + 0.5 * 30.0**3 + 14.0**3 + 12.0**3
    assert surge.max() == pytest.approx(2.63 * responding / (responding + 0.5 * 30.0**3), rel=1e-6)
    assert surge[180] < 0.05 * surge.max()


@pytest.mark.parametrize(
    "changes", [{"lesions": (Lesion("A", response=0.0),)}, {"perfusion_loss_pct": 0.0, "shrinkage_rate_per_week": 0.0}]
)
def test_no_response_no_surge(changes):
    changes = dict(changes)
    lesions = changes.pop("lesions", LESIONS)
    values = {**MARKED, **changes}
    with_surge = markers.simulate({**values, "marker_surge_pct": 600.0}, lesions, [0.0, 30.0])
    assert with_surge == pytest.approx(markers.simulate(values, lesions, [0.0, 30.0]))


def test_the_marker_rises_again_after_stopping():
    level = markers.simulate(MARKED, LESIONS, [0.0, 90.0, 300.0], [Action(90.0, "stop")])
    assert level[1] < 0.3
    assert level[2] > 2 * level[1]


def test_leading_axes_give_the_same_as_a_loop():
    loss = np.array([10.0, 90.0])
    many = markers.simulate({**MARKED, "perfusion_loss_pct": loss, "marker_surge_pct": 100.0}, LESIONS, [0.0, 40.0])
    for row, one in enumerate(loss):
        alone = {**MARKED, "perfusion_loss_pct": float(one), "marker_surge_pct": 100.0}
        assert many[row] == pytest.approx(markers.simulate(alone, LESIONS, [0.0, 40.0]))


NAMED = markers.named(evidence.load().series("marker_half_lives"))


def test_named_markers_fall_in_the_order_of_their_half_lives():
    assert {marker.name for marker in NAMED.values()} == {"CEA", "CA 15-3", "NSE", "CgA"}
    days, fall = np.array([0.0, 1e-9, 4.4]), np.array([1.0, 0.0, 0.0])
    level = {key: markers.relative_level(days, fall, marker.half_life_d)[-1] for key, marker in NAMED.items()}
    assert level["nse"] < level["cga"] < level["cea"] < level["ca15_3"]
    assert level["cea"] == pytest.approx(0.5)


def test_the_published_half_lives_lie_in_the_published_ranges_and_guesses_say_so():
    for row in evidence.load().series("marker_half_lives"):
        assert row["low_d"] <= row["half_life_d"] <= row["high_d"]
        assert row["basis"] == ("published" if row["key"] == "cea" else "illustrative")
    assert 3.0 <= NAMED["cea"].half_life_d <= 7.0
    assert 13.0 <= NAMED["cea"].surge_peak_d <= 56.0
    assert 15.0 <= NAMED["ca15_3"].surge_peak_d <= 30.0


def test_a_named_marker_takes_the_place_of_the_values():
    cea = NAMED["cea"]
    values = {**MARKED, "marker_half_life_d": cea.half_life_d, "marker_surge_pct": cea.surge_pct}
    days = np.arange(0.0, 120.0, 10.0)
    assert markers.simulate(MARKED, LESIONS, days, marker=cea) == pytest.approx(markers.simulate(values, LESIONS, days))
    assert not np.allclose(markers.simulate(MARKED, LESIONS, days), markers.simulate(values, LESIONS, days))
    # CA 15-3 spikes early: by day 60 two thirds of its surge are over.
    surge = markers.relative_level([0.0, 20.0, 60.0], np.ones(3), 6.0, 100.0, NAMED["ca15_3"].surge_peak_d) - 1.0
    assert surge[1] == pytest.approx(1.0)
    assert surge[2] < 0.45


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: markers.relative_level([0.0, 1.0], [1.0, 1.0], 0.0), r"^half_life_d is 0; it must be above 0 days\.$"),
        (lambda: markers.relative_level([0.0, 1.0], [1.0], 5.0), r"^relative_volume has shape \(1,\); .* 2 days\.$"),
        (lambda: markers.relative_level([0.0], [-1.0], 5.0), r"^relative_volume is -1; it must be at least 0\.$"),
        (lambda: markers.simulate(VALUES, LESIONS, [0.0]), r"^values has no marker_half_life_d; .* above 0 days\.$"),
        (
            lambda: markers.simulate({**MARKED, "occult_count": 0.0}, (Lesion("O", role="occult"),), [0.0]),
            r"^viable volume on day 0 is 0 mL; a relative marker needs at least one viable lesion\.$",
        ),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
