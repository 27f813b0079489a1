"""Calcium on CT: voltage, size, slice thickness, and where the 130 HU rule holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liverlab.imaging import calcium


def test_calcium_brightens_tissue_and_more_so_at_low_voltage():
    assert calcium.calcified_hu(45.0, 0.0, 120, 25) == 45.0
    assert calcium.calcified_hu(45.0, 100.0, 120, 25) == pytest.approx(179.0)
    readings = [calcium.calcified_hu(45.0, 100.0, kvp, 25) for kvp in (80, 100, 120, 140)]
    assert readings == sorted(readings, reverse=True)
    assert calcium.calcified_hu(45.0, 100.0, 140, 25, tin=True) < readings[-1]


def test_the_130_hu_rule_holds_at_120_kv_and_moves_elsewhere():
    assert calcium.same_calcium_hu(120, 25) == pytest.approx(130.0)
    assert calcium.same_calcium_hu(80, 25) == pytest.approx(130 * 1.87 / 1.34)
    assert calcium.same_calcium_hu(140, 25) < calcium.same_calcium_hu(120, 30) < 130


@given(st.floats(50, 3000), st.floats(0, 49), st.floats(0.2, 30), st.floats(0.5, 10), st.floats(1, 3))
def test_a_thicker_slice_never_brightens_a_grain(grain_hu, tissue_hu, grain_mm, slice_mm, factor):
    thin = calcium.partial_volume_hu(grain_hu, tissue_hu, grain_mm, slice_mm)
    thick = calcium.partial_volume_hu(grain_hu, tissue_hu, grain_mm, slice_mm * factor)
    assert tissue_hu - 1e-9 <= thick <= thin + 1e-9 <= grain_hu + 2e-9
    if grain_mm >= slice_mm:
        assert thin == pytest.approx(grain_hu)


@given(st.floats(200, 3000), st.floats(0, 100), st.floats(0.2, 5))
def test_the_thickest_slice_is_the_one_that_still_reads_130(grain_hu, tissue_hu, grain_mm):
    thickness = calcium.thickest_slice_mm(grain_hu, tissue_hu, grain_mm)
    assert thickness > grain_mm
    if thickness < 100:
        assert calcium.partial_volume_hu(grain_hu, tissue_hu, grain_mm, thickness) == pytest.approx(130.0)


def test_the_thickest_slice_at_its_limits():
    # Issue of the lesson: a 2 mm grain of 300 HU in unenhanced liver.
    assert calcium.thickest_slice_mm(300.0, 56.0, 2.0) == pytest.approx(6.59, abs=0.01)
    assert calcium.thickest_slice_mm(120.0, 56.0, 2.0) == 0.0
    assert calcium.thickest_slice_mm(300.0, 140.0, 2.0) == float("inf")


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: calcium.calcified_hu(45, -1, 120, 25), r"^calcium_mg_ml is -1; it must be 0 to 2000 mg/mL\.$"),
        (lambda: calcium.partial_volume_hu(800, 55, 0, 5), r"^grain_mm is 0; it must be above 0 to 1000 mm\.$"),
        (lambda: calcium.partial_volume_hu(800, 55, 2, 0), r"^slice_mm is 0; it must be above 0 to 100 mm\.$"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
