"""Two energies: exact without noise, inside the predicted ellipse with it; a water basis is blind to calcium."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liverlab.imaging import hu, two_energies

PAIR = (80.0, 140.0, 25.0)
PAIRS = [(*PAIR, False), (80.0, 140.0, 33.0, True), (100.0, 140.0, 25.0, True), (100.0, 140.0, 20.0, False)]


def split(pair):
    *voltages, tin = pair
    return voltages, {"tin": tin}


@given(st.floats(0, 30), st.floats(0, 800), st.floats(-100, 100), st.floats(-100, 100), st.sampled_from(PAIRS))
def test_what_went_in_comes_out(iodine, mineral, low, high, pair):
    voltages, tin = split(pair)
    pictures = two_energies.forward(iodine, mineral, *voltages, low, high, **tin)
    found = two_energies.decompose(*pictures, *voltages, low, high, **tin)
    assert found == pytest.approx((iodine, mineral), abs=1e-8)


@pytest.mark.parametrize("pair", PAIRS)
def test_noise_stays_inside_its_predicted_ellipse(pair):
    voltages, tin = split(pair)
    random = np.random.default_rng(3)
    sigma_low, sigma_high, n = 15.0, 11.0, 20_000
    low, high = two_energies.forward(2.0, 50.0, *voltages, 55.0, **tin)
    found = two_energies.decompose(
        low + random.normal(0, sigma_low, n), high + random.normal(0, sigma_high, n), *voltages, 55.0, **tin
    )
    predicted = two_energies.covariance(*voltages, sigma_low, sigma_high, **tin)
    # SD of a sample variance is sqrt(2 / n) = 1 %, of a share of 0.95 it is 0.0015: four of each.
    assert np.cov(found) == pytest.approx(predicted, rel=0.04)
    for share in (0.5, 0.95):
        inside = two_energies.is_inside(*found, (2.0, 50.0), predicted, share).mean()
        assert inside == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / n))
    # The mean of a region of n pixels is right to its own standard error, and unbiased though pixels are negative.
    error = np.sqrt(np.diag(predicted) / n)
    assert (np.abs(np.mean(found, axis=1) - [2.0, 50.0]) < 4 * error).all()
    assert (found[1] < 0).any()


def test_the_outline_lies_on_the_ellipse():
    predicted = two_energies.covariance(*PAIR, 15.0)
    iodine, mineral = two_energies.ellipse(2.0, 50.0, predicted)
    for factor, inside in ((0.999, True), (1.001, False)):
        at = (2.0 + factor * (iodine - 2.0), 50.0 + factor * (mineral - 50.0))
        assert (two_energies.is_inside(*at, (2.0, 50.0), predicted) == inside).all()
    # Iodine read too high goes with calcium read too low.
    assert predicted[0, 1] < 0


def test_tin_and_wider_apart_voltages_lower_the_noise():
    def mineral_sd(*pair, tin=False):
        return np.sqrt(two_energies.covariance(*pair, 15.0, tin=tin)[1, 1])

    assert mineral_sd(80, 140, 25, tin=True) < mineral_sd(100, 140, 25, tin=True) < mineral_sd(100, 140, 25)
    assert mineral_sd(80, 140, 25) < mineral_sd(80, 120, 25) < mineral_sd(80, 100, 25)


@given(st.floats(0, 20), st.floats(-50, 100))
def test_virtual_unenhanced_is_right_for_iodine(iodine, tissue):
    unenhanced, found = two_energies.virtual_unenhanced(*two_energies.forward(iodine, 0, *PAIR, tissue), *PAIR)
    assert (unenhanced, found) == pytest.approx((tissue, iodine), abs=1e-8)


@given(st.floats(1, 500))
def test_virtual_unenhanced_hides_most_of_the_calcium(mineral):
    low, high = two_energies.forward(0, mineral, *PAIR, 50.0)
    unenhanced, iodine = two_energies.virtual_unenhanced(low, high, *PAIR)
    assert iodine > 0
    assert 50.0 < unenhanced < 50.0 + (high - 50.0) / 2


def test_mono_energetic_images_between_the_table_fall_with_energy():
    energies = np.linspace(40, 100, 61)
    for mono in (hu.mono_hu_per_mgi_ml, hu.mono_hu_per_mg_hydroxyapatite_ml):
        assert (np.diff([mono(kev) for kev in energies]) < 0).all()
    assert two_energies.mono_energetic_hu(2.0, 50.0, 70.0, 55.0) == pytest.approx(55 + 52 + 65.5)
    # Low energies brighten iodine more than calcium.
    assert hu.mono_hu_per_mgi_ml(40) / hu.mono_hu_per_mgi_ml(100) > 7
    assert hu.mono_hu_per_mg_hydroxyapatite_ml(40) / hu.mono_hu_per_mg_hydroxyapatite_ml(100) < 4


def test_whole_images_and_numbers_give_the_same():
    random = np.random.default_rng(0)
    low, high = random.normal(100, 15, (2, 256, 256)).astype(np.float32)
    iodine, mineral = two_energies.decompose(low, high, *PAIR, 55.0)
    assert iodine.shape == mineral.shape == (256, 256)
    one = two_energies.decompose(float(low[7, 9]), float(high[7, 9]), *PAIR, 55.0)
    assert (iodine[7, 9], mineral[7, 9]) == pytest.approx(one)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: two_energies.decompose(1, 1, 140, 80, 25), r"^kvp_low is 140; it must be below kvp_high, 80 kV\.$"),
        (lambda: two_energies.decompose(float("nan"), 1, *PAIR), r"^hu_low is nan; it must be -2000 to 100000 HU\.$"),
        (lambda: two_energies.forward(-1, 0, *PAIR), r"^iodine_mg_ml is -1; it must be 0 to 10000 mg/mL\.$"),
        (lambda: two_energies.slopes(80, 120, 25, tin=True), r"^kvp is 120 with the tin filter; it must be 140 kV\.$"),
        (lambda: two_energies.ellipse(0, 0, np.eye(2), 1.0), r"^share is 1; it must be above 0 and below 1\.$"),
        (lambda: two_energies.mono_energetic_hu(1, 1, 35), r"^kev is 35; it must be 40 to 100 keV\.$"),
        (lambda: two_energies.covariance(*PAIR, -1), r"^sigma_low_hu is -1; it must be 0 to 1000 HU\.$"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
