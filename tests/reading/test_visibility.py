"""Rose's rule against the thresholds of Yan 2025 and the worked examples of the lesson."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liverlab.reading import visibility


def test_worked_example_of_the_isodense_lesion():
    assert visibility.detectability(-6, 12, 15) == pytest.approx(4.8)
    assert visibility.detectability(-56, 12, 15) == pytest.approx(44.8)
    assert not visibility.is_visible(-6, 12, 15, 16.3)
    assert visibility.is_visible(-56, 12, 15, 16.3)


@pytest.mark.parametrize(("vendor", "scores"), [("vendor A", (16.3, 16.3, 20.9)), ("vendor B", (12.5, 13.5, 14.5))])
def test_published_thresholds_are_nearly_one_number(vendor, scores):
    table = visibility.PUBLISHED_THRESHOLDS[vendor]
    found = visibility.detectability(table["contrast_hu"], table["diameter_mm"], table["sigma_hu"])
    assert found == pytest.approx(scores, abs=0.06)


@pytest.mark.parametrize("observer", list(visibility.OBSERVERS))
def test_the_model_of_each_setting_predicts_its_contrasts_within_20_percent(observer):
    table = visibility.PUBLISHED_THRESHOLDS[observer]
    threshold = visibility.OBSERVERS[observer]
    # From the psychometric curve itself: the contrast at which half of the lesions are detected.
    contrasts = np.linspace(1.0, 150.0, 1491)
    for diameter, published in zip(table["diameter_mm"], table["contrast_hu"], strict=True):
        detected = visibility.detection_probability(contrasts, diameter, table["sigma_hu"], threshold)
        assert (np.diff(detected) >= 0).all()
        found = np.interp(0.5, detected, contrasts)
        assert found == pytest.approx(visibility.threshold_contrast_hu(diameter, table["sigma_hu"], threshold), abs=0.1)
        assert abs(found / published - 1) < 0.15


def test_lesions_of_5_mm_at_low_dose_need_more_contrast_than_any_at_regular_dose():
    """They were not seen in the study; the model asks for more than 100 HU."""
    for vendor in ("vendor A", "vendor B"):
        low = visibility.PUBLISHED_THRESHOLDS[f"{vendor}, low dose"]
        needed = visibility.threshold_contrast_hu(5.0, low["sigma_hu"], visibility.OBSERVERS[f"{vendor}, low dose"])
        assert needed > 100 > max(visibility.PUBLISHED_THRESHOLDS[vendor]["contrast_hu"])


def test_observers_differ_by_more_than_their_noise():
    """The same contrast over noise is seen better on one scanner than on the other, and worse at low dose."""
    a, b, a_low, b_low = (visibility.detection_probability(30, 10, 20, k) for k in visibility.OBSERVERS.values())
    assert b > a > a_low
    assert b > b_low


def test_no_single_threshold_serves_both_vendors_within_20_percent():
    lowest = {}
    for vendor, table in visibility.PUBLISHED_THRESHOLDS.items():
        found = visibility.detectability(table["contrast_hu"], table["diameter_mm"], table["sigma_hu"])
        lowest[vendor] = (0.8 * found.max(), 1.2 * found.min())
    assert lowest["vendor A"][0] > lowest["vendor B"][1]


def test_default_threshold_is_vendor_a_at_5_and_10_mm_and_22_percent_low_at_15():
    table = visibility.PUBLISHED_THRESHOLDS["vendor A"]
    predicted = visibility.threshold_contrast_hu(table["diameter_mm"], table["sigma_hu"], 16.3)
    assert predicted / table["contrast_hu"] - 1 == pytest.approx([0.0, 0.0, -0.22], abs=0.01)


def test_probability_is_chance_for_nothing_and_62_percent_at_the_threshold():
    assert visibility.probability_correct(0, 10, 12, 16.3) == pytest.approx(0.25, abs=1e-6)
    assert visibility.probability_correct(16.3, 12, 12, 16.3) == pytest.approx(0.625, abs=1e-3)
    assert visibility.probability_correct(80, 40, 12, 16.3) > 0.9999
    assert visibility.detection_probability(0, 10, 12, 16.3) == pytest.approx(0.0, abs=1e-6)
    assert visibility.detection_probability(16.3, 12, 12, 16.3) == pytest.approx(0.5, abs=1e-3)


def test_probability_equals_direct_integration():
    x = np.linspace(-9, 12, 20001)
    for d_prime in (0.3, 1.0, 2.5):
        phi = np.exp(-((x - d_prime) ** 2) / 2) / math.sqrt(2 * math.pi)
        below = np.array([0.5 * (1 + math.erf(v / math.sqrt(2))) for v in x])
        wanted = np.trapezoid(phi * below**3, x)
        ratio = d_prime / visibility.D_PRIME_AT_THRESHOLD
        assert visibility.probability_correct(ratio, 1, 1, 1) == pytest.approx(wanted, abs=1e-5)


@given(st.floats(-200, 200), st.floats(0, 200), st.floats(0.5, 60), st.floats(1.01, 5))
def test_more_contrast_size_or_dose_never_hides_a_lesion(contrast, diameter, sigma, factor):
    score = visibility.detectability(contrast, diameter, sigma)
    assert visibility.detectability(contrast * factor, diameter, sigma) >= score
    assert visibility.detectability(contrast, diameter * factor, sigma) >= score
    assert visibility.detectability(contrast, diameter, sigma / factor) >= score
    assert visibility.detectability(-contrast, diameter, sigma) == score


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((float("nan"), 10, 12), "contrast_hu is nan HU; allowed: any finite number"),
        ((10, -1, 12), "diameter_mm is -1 mm; allowed: 0 mm or more"),
        ((10, 10, 0), "sigma_hu is 0 HU; allowed: more than 0 HU"),
    ],
)
def test_bad_input_is_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        visibility.detectability(*arguments)
