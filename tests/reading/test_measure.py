"""Reader error: the sampled differences have the published limits, and the limits decide what is noise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liverlab import evidence
from liverlab.reading import measure


@pytest.mark.parametrize(("what", "readers"), list(measure.LIMITS_PCT))
def test_95_percent_of_second_measurements_lie_within_the_limits(what, readers):
    low, high = measure.limits_pct(what, readers)
    second = measure.remeasured_mm(100.0, np.random.default_rng(4), low, high, 200_000)
    assert measure.within_reader_noise(100.0, second, low, high).mean() == pytest.approx(0.95, abs=0.002)
    assert np.percentile(second - 100, [2.5, 97.5]) == pytest.approx([low, high], abs=0.2)


def test_two_measurements_of_one_truth_differ_as_widely_as_the_limits():
    low, high = measure.limits_pct("sum", "two readers")
    random = np.random.default_rng(5)
    first, second = (measure.measured_mm(80.0, random, low, high, 200_000) for _ in range(2))
    assert first.mean() == pytest.approx(80.0, rel=1e-3)
    # Percent of the true size, for a ratio of two noisy numbers has longer tails.
    assert np.percentile((second - first) / 0.80, [2.5, 97.5]) == pytest.approx([-19.35, 19.35], abs=0.2)


def test_two_readers_disagree_more_than_one_and_a_lesion_more_than_a_sum():
    width = {key: high - low for key, (low, high) in measure.LIMITS_PCT.items()}
    for what in ("sum", "lesion"):
        assert width[what, "two readers"] > width[what, "one reader"]
    for readers in ("one reader", "two readers"):
        assert width["lesion", readers] > width["sum", readers]


def test_a_20_percent_rise_is_beyond_one_reader_and_beyond_two():
    for readers, rise_mm in (("one reader", 13.2), ("two readers", 19.6)):
        limits = measure.limits_pct("sum", readers)
        assert not measure.within_reader_noise(100.0, 100.0 + rise_mm, *limits)
        assert measure.within_reader_noise(100.0, 99.9 + rise_mm, *limits)
        assert not measure.within_reader_noise(100.0, 120.0, *limits)
        assert not measure.within_reader_noise(100.0, 70.0, *limits)


@given(st.floats(0.1, 500), st.floats(-90, 0), st.floats(0, 200))
def test_the_interval_holds_the_measurement_and_its_ends_are_noise(first, low, high):
    small, large = measure.interval_mm(first, low, high)
    assert small <= first <= large
    assert measure.within_reader_noise(first, np.array([small, first, large]), low, high).all()


def test_arguments_broadcast_and_a_seed_repeats():
    many = measure.remeasured_mm(np.array([[10.0], [40.0]]), np.random.default_rng(1), np.array([-10, -20, -30]), 20)
    assert many.shape == (2, 3)
    assert (
        many == measure.remeasured_mm(np.array([[10.0], [40.0]]), np.random.default_rng(1), [-10, -20, -30], 20)
    ).all()
    assert isinstance(float(measure.measured_mm(10.0, np.random.default_rng(1))), float)
    assert measure.measured_mm(0.0, np.random.default_rng(1)) == 0.0


def test_parameters_of_the_lessons_are_the_published_limits_rounded():
    parameters = evidence.load().parameters
    found = parameters["reader_low_pct"].value, parameters["reader_high_pct"].value
    assert found == pytest.approx(measure.limits_pct(), abs=0.5)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: measure.limits_pct("node"),
            "^what and readers are 'node' and 'one reader'; they must be one of: sum, ",
        ),
        (lambda: measure.interval_mm(-1), r"^first_mm is -1; it must be 0 to 100000 mm\.$"),
        (lambda: measure.interval_mm(10, 5), r"^low_pct is 5; it must be -100 to 0 %\.$"),
        (lambda: measure.within_reader_noise(10, float("nan")), r"^second_mm is nan; "),
        (
            lambda: measure.measured_mm(10, np.random.default_rng(0), -10, -5),
            r"^high_pct is -5; it must be 0 to 1000 %",
        ),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
