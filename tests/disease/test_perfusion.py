"""Blood supply: its loss under treatment, and what perfusion CT finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab import evidence
from liverlab.disease import course, perfusion

from .patient import LESIONS, VALUES

ROWS = evidence.load().series("perfusion")
STATES = perfusion.states(ROWS)


@settings(max_examples=40, deadline=None)
@given(loss=st.floats(0.0, 100.0), tau=st.floats(1.0, 60.0), day=st.floats(0.0, 400.0))
def test_perfusion_falls_from_one_to_what_the_drug_leaves(loss, tau, day):
    left = perfusion.relative_perfusion(day, loss, tau)
    assert 1.0 - loss / 100.0 - 1e-12 <= left <= 1.0
    assert perfusion.relative_perfusion(0.0, loss, tau) == 1.0
    assert perfusion.relative_perfusion(tau, loss, tau) == pytest.approx(1.0 - loss / 100.0 * (1.0 - np.exp(-1.0)))
    assert perfusion.relative_perfusion(1e5, loss, tau) == pytest.approx(1.0 - loss / 100.0)


@settings(max_examples=40, deadline=None)
@given(
    start=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)),
    end=st.floats(0.0, 1.0),
    taus=st.tuples(st.floats(1.0, 60.0), st.floats(1.0, 60.0)),
    first=st.floats(0.0, 100.0),
    second=st.floats(0.0, 100.0),
)
def test_two_steps_are_one_and_both_stay_between_start_and_end(start, end, taus, first, second):
    way = perfusion.advance(*perfusion.advance(*start, first, end, *taus), second, end, *taus)
    assert way == pytest.approx(perfusion.advance(*start, first + second, end, *taus), abs=1e-9)
    low, high = min(*start, end), max(*start, end)
    assert all(low - 1e-9 <= part <= high + 1e-9 for part in way)


def test_a_course_uses_this_formula():
    days = np.arange(0.0, 200.0, 10.0)
    state = course.simulate(VALUES, LESIONS, days)
    assert state.perfusion[0] == pytest.approx(perfusion.relative_perfusion(days, 85.0, 10.0))


def test_a_drug_twice_as_effective_cannot_take_more_than_everything():
    assert perfusion.end_of_loss(85.0, np.array([0.0, 0.5, 1.0, 2.0])) == pytest.approx([1.0, 0.575, 0.15, 0.0])


def test_livers_and_metastases_differ_as_every_radiologist_knows():
    normal, cirrhosis = STATES["normal"], STATES["cirrhosis"]
    assert cirrhosis.perfusion_ml_min_100ml < normal.perfusion_ml_min_100ml
    assert cirrhosis.arterial_fraction > normal.arterial_fraction
    for key, state in STATES.items():
        assert 0.0 < state.distribution_volume < 0.4
        if key.startswith("metastasis"):
            assert state.arterial_fraction >= 0.7
    flow = {key: state.perfusion_ml_min_100ml for key, state in STATES.items()}
    assert flow["metastasis_treated"] < flow["metastasis_hypovascular"] < flow["normal"]
    assert flow["normal"] < flow["metastasis_hypervascular"]
    assert normal.distribution_volume == pytest.approx(0.288)


def test_values_lie_in_the_ranges_beside_them_and_guesses_say_so():
    for row in ROWS:
        assert row["basis"] == {"normal": "published", "cirrhosis": "derived"}.get(row["key"], "illustrative")
        for value, band in (
            ("perfusion_ml_min_100ml", "perfusion_range"),
            ("arterial_fraction_pct", "arterial_range_pct"),
            ("transit_s", "transit_range_s"),
        ):
            if isinstance(row[band], str) and row[band]:
                low, high = map(float, row[band].split(" to "))
                assert low <= row[value] <= high


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: perfusion.relative_perfusion(-1.0, 50.0, 10.0), r"^day is -1; it must be at least 0 days\.$"),
        (lambda: perfusion.relative_perfusion(1.0, 150.0, 10.0), r"^loss_pct is 150; it must be 0 to 100 %\.$"),
        (lambda: perfusion.relative_perfusion(1.0, 50.0, 0.0), r"^time_constant_d is 0; it must be above 0 days\.$"),
        (
            lambda: perfusion.states([{**ROWS[0], "perfusion_ml_min_100ml": 0.0}]),
            r"^perfusion of normal is 0; it must be above 0 mL/min/100 mL\.$",
        ),
        (
            lambda: perfusion.states([{**ROWS[0], "arterial_fraction_pct": 120.0}]),
            r"^arterial fraction of normal is 120; it must be 0 to 100 %\.$",
        ),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
