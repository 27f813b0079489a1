"""The analytic reader's closed forms against numerical integration, its limits, its choices and its refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.reading import analytic


def blurred_sphere(diameter_mm, slice_mm, sigma_mm, step_mm=0.1):
    """Numerical slice of a sphere: distance from the centre and coverage, both (n, n)."""
    reach = diameter_mm / 2 + 6 * sigma_mm + 2
    at = np.arange(-int(reach / step_mm), int(reach / step_mm)) * step_mm
    away_squared = at[:, None] ** 2 + at[None, :] ** 2
    filled = np.minimum(1, 2 * np.sqrt(np.clip(diameter_mm**2 / 4 - away_squared, 0, None)) / slice_mm)
    f = np.fft.fftfreq(at.size, step_mm)
    blur = np.exp(-2 * (np.pi * sigma_mm) ** 2 * (f[:, None] ** 2 + f[None, :] ** 2))
    return np.sqrt(away_squared), np.fft.ifft2(np.fft.fft2(filled) * blur).real


@pytest.mark.parametrize("slice_mm", [1, 3, 5, 10])
@pytest.mark.parametrize("diameter_mm", [5, 8, 12, 20, 40])
@pytest.mark.parametrize("sigma_mm", [0.65, 0.85])
def test_closed_forms_equal_numerical_integration(diameter_mm, slice_mm, sigma_mm):
    away, coverage = blurred_sphere(diameter_mm, slice_mm, sigma_mm)
    peak = coverage.max()
    assert analytic.peak_coverage(diameter_mm, slice_mm, sigma_mm) == pytest.approx(peak, abs=0.015)
    apparent = float(analytic.apparent_diameter_mm(diameter_mm, slice_mm, sigma_mm))
    edge = 2 * away[coverage >= peak / 2].max()
    assert apparent == pytest.approx(edge, abs=0.4)
    wanted = coverage[away <= apparent / 2].mean()
    assert analytic.mean_coverage(diameter_mm, apparent, slice_mm, sigma_mm) == pytest.approx(wanted, abs=0.015)
    inner = coverage[away <= apparent / 4].mean()
    assert analytic.mean_coverage(diameter_mm, apparent / 2, slice_mm, sigma_mm) == pytest.approx(inner, abs=0.03)


def read(**changes):
    """One reading of a 20 mm lesion of 60 HU in liver of 106 HU, with changes."""
    usual = {
        "rim_hu": 60.0,
        "core_hu": 60.0,
        "liver_hu": 106.0,
        "diameter_mm": 20.0,
        "core_fraction": 0.0,
        "sigma_hu": 12.0,
        "threshold_mm": 16.3,
    }
    return analytic.read(**(usual | changes))


def test_worked_example_turns_visible_when_it_loses_its_supply():
    """12 mm, noise 15 HU, liver 106 HU: hidden at 100 HU (score 4.8), plain at 50 HU (44.8). The size is the same."""
    before, after = read(rim_hu=100, diameter_mm=12, sigma_hu=15), read(rim_hu=50, diameter_mm=12, sigma_hu=15)
    assert before.detectability_mm == pytest.approx(4.8, abs=0.01)
    assert after.detectability_mm == pytest.approx(44.8, abs=0.05)
    assert (bool(before.visible), bool(after.visible)) == (False, True)
    assert before.diameter_mm == 0
    assert after.diameter_mm == pytest.approx(12, abs=0.3)
    assert after.hu == pytest.approx(56, abs=2)


def test_isodense_rim_hides_the_true_boundary():
    core_only = read(rim_hu=106, core_hu=50, core_fraction=0.7)
    both = read(rim_hu=60, core_hu=50, core_fraction=0.7)
    assert (int(core_only.boundary), int(both.boundary)) == (analytic.CORE, analytic.OUTER)
    assert core_only.diameter_mm == pytest.approx(14, abs=0.3)
    assert both.diameter_mm == pytest.approx(20, abs=0.3)


def test_a_lesion_looks_larger_when_its_rim_turns_dark_at_the_same_size():
    perfusion = np.linspace(1, 0.1, 12)
    seen = read(rim_hu=45 + 61 * perfusion, core_hu=45 + 10 * perfusion, core_fraction=0.7)
    assert seen.diameter_mm[0] < 15 < 19 < seen.diameter_mm[-1]
    assert (np.diff(seen.diameter_mm) > -0.35).all()


def test_one_tissue_reads_the_same_with_and_without_a_drawn_core():
    plain, cored = read(), read(core_fraction=0.72)
    assert cored.diameter_mm == pytest.approx(float(plain.diameter_mm))
    assert cored.hu == pytest.approx(float(plain.hu), abs=0.5)
    assert cored.detectability_mm == pytest.approx(float(plain.detectability_mm), rel=0.01)


def test_thick_slices_hide_small_lesions_by_partial_volume():
    thin, thick = read(diameter_mm=6, slice_mm=3), read(diameter_mm=6, slice_mm=10)
    assert abs(thick.contrast_hu) < 0.6 * abs(thin.contrast_hu)
    assert thick.detectability_mm < 0.7 * thin.detectability_mm


def test_large_lesions_are_read_as_they_are():
    seen = read(diameter_mm=80)
    assert seen.diameter_mm == pytest.approx(80, abs=0.1)
    assert seen.hu == pytest.approx(60, abs=1.5)


def test_longest_axis_is_reported():
    assert read(axis_ratio=1.2).diameter_mm == pytest.approx(1.2 * float(read().diameter_mm))


def test_readings_broadcast_and_do_not_depend_on_their_neighbours():
    rng = np.random.default_rng(2)
    shape = (3, 4, 5)
    grids = {
        "rim_hu": rng.uniform(30, 120, shape),
        "core_hu": rng.uniform(30, 80, (4, 5)),
        "liver_hu": rng.uniform(90, 115, (3, 1, 5)),
        "diameter_mm": rng.uniform(0, 60, shape),
        "core_fraction": rng.uniform(0, 0.9, (4, 1)),
    }
    together = read(**grids)
    assert together.visible.shape == together.hu.shape == shape
    for at in np.ndindex(shape):
        alone = read(**{name: float(np.broadcast_to(grid, shape)[at]) for name, grid in grids.items()})
        for field in ("visible", "boundary", "diameter_mm", "hu", "contrast_hu", "detectability_mm"):
            assert getattr(alone, field) == pytest.approx(getattr(together, field)[at])


@given(
    st.floats(-100, 100), st.floats(-100, 100), st.floats(0, 120), st.floats(0, 1), st.floats(3, 40), st.floats(1, 10)
)
@settings(max_examples=300, deadline=None)
def test_readings_are_finite_and_coherent(rim, core, diameter, fraction, sigma, slice_mm):
    seen = read(
        rim_hu=106 + rim, core_hu=106 + core, diameter_mm=diameter, core_fraction=fraction, sigma_hu=sigma,
        slice_mm=slice_mm,
    )  # fmt: skip
    assert all(np.isfinite(getattr(seen, name)).all() for name in ("diameter_mm", "hu", "detectability_mm"))
    assert bool(seen.visible) == (seen.detectability_mm >= 16.3) == (seen.boundary != analytic.NOT_SEEN)
    assert (seen.diameter_mm > 0) == bool(seen.visible)
    assert seen.contrast_hu == pytest.approx(float(seen.hu) - 106)
    low, high = min(0, rim, core), max(0, rim, core)
    assert low - 0.1 * (high - low) - 1e-9 <= seen.contrast_hu <= high + 0.1 * (high - low) + 1e-9
    assert seen.diameter_mm <= max(diameter, 0) + 4


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rim_hu": float("nan")}, "rim_hu is nan HU; allowed: -1000 to 4000 HU"),
        ({"diameter_mm": -1}, "diameter_mm is -1 mm; allowed: 0 to 1000 mm"),
        ({"core_fraction": 1.2}, "core_fraction is 1.2; allowed: 0 to 1"),
        ({"sigma_hu": 0}, "sigma_hu is 0 HU; allowed: more than 0 HU"),
        ({"slice_mm": 0}, "slice_mm is 0 mm"),
        ({"pixel_mm": float("inf")}, "pixel_mm is inf mm"),
        ({"axis_ratio": 9}, "axis_ratio is 9; allowed: 0.5 to 3"),
        ({"threshold_mm": 0}, "threshold_mm is 0 mm; allowed: 0.01 to 1000 mm"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        read(**change)
