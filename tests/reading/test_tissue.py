"""Tissue in time: limits, monotony, and the published numbers it starts from."""

import numpy as np
import pytest

from liverlab import evidence
from liverlab.reading import tissue

EV = evidence.load()
VALUES = {key: parameter.value for key, parameter in EV.parameters.items()}
INR = np.linspace(0.8, 6.0, 30)
SHARES = np.linspace(0.0, 1.0, 41)


def test_harm_starts_at_the_published_numbers_and_only_the_needle_through_the_skin_gets_worse():
    assert tissue.harm_pct(VALUES, 1.0, tissue.PERCUTANEOUS) == pytest.approx(0.48)
    assert tissue.harm_pct(VALUES, 1.0, tissue.TRANSJUGULAR) == pytest.approx(100 * 13 / 1321, abs=0.05)
    assert (np.diff(tissue.harm_pct(VALUES, INR, tissue.PERCUTANEOUS)) > 0).all()
    assert np.ptp(tissue.harm_pct(VALUES, INR, tissue.TRANSJUGULAR)) == 0
    assert (tissue.harm_pct(VALUES, INR, tissue.MARROW) == 0).all()
    # Where the limits send the needle through the vein, that is the safer way.
    at = tissue.INR_LIMIT
    assert tissue.harm_pct(VALUES, at, tissue.PERCUTANEOUS) > tissue.harm_pct(VALUES, at, tissue.TRANSJUGULAR)


def test_the_vein_is_the_way_above_the_limits_only():
    assert not tissue.through_the_vein(1.5, 50)
    assert tissue.through_the_vein(1.51, 200)
    assert tissue.through_the_vein(1.0, 49)
    assert tissue.through_the_vein(np.array([1.0, 2.0]), 100.0).tolist() == [False, True]


@pytest.mark.parametrize("route", [tissue.PERCUTANEOUS, tissue.TRANSJUGULAR])
def test_a_sample_without_tumour_shows_none_and_more_tumour_is_missed_less(route):
    found = tissue.yield_pct(VALUES, SHARES, route)
    assert found[0] == 0
    assert found[-1] == 100
    assert (np.diff(found) > 0)[:20].all()
    assert found[SHARES > 0.3].min() > 95, "spread all over is hard to miss"
    assert found[np.searchsorted(SHARES, 0.05)] < 60, "early it can be missed"


def test_marrow_says_nothing_about_how_much_is_in_the_liver():
    found = tissue.yield_pct(VALUES, SHARES, tissue.MARROW)
    assert found[0] == 0
    assert np.ptp(found[1:]) == 0
    assert 100 * 27 / 133 < found[1] < 100 * 39 / 129  # the two published shares


def test_chemotherapy_waits_for_the_report_and_for_its_day():
    days = {"tissue_day_d": 5.0, "pathology_d": 3.0, "chemo_day_d": 3.0}
    assert tissue.treatment_day(days) == 8
    assert tissue.treatment_day(days | {"chemo_day_d": 12.0}) == 12
    assert tissue.treatment_day(days, shows_tumour=False) == np.inf


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: tissue.harm_pct(VALUES, 1.2, "surgery"), r"^route is 'surgery'; it must be one of percutaneous.*\.$"),
        (lambda: tissue.harm_pct(VALUES, np.nan, "marrow"), r"^inr is nan; it must be 0.5 to 20\.$"),
        (lambda: tissue.yield_pct(VALUES, 1.2, "marrow"), r"^occupancy is 1.2; it must be 0 to 1\.$"),
        (lambda: tissue.through_the_vein(1.0, -1), r"^platelets_1e9_l is -1; it must be 0 to 3000 .*\.$"),
        (lambda: tissue.treatment_day({}), r"^values has no tissue_day_d; .*\.$"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
