"""HU per mg of iodine and of bone mineral: reference vectors, interpolation, monotony."""

import numpy as np
import pytest

from liverlab.imaging import hu

SIZES = np.linspace(20, 35, 31)
VOLTAGES = np.linspace(80, 140, 25)


def test_table_values_and_the_ratio_of_two_voltages():
    at_25 = [hu.hu_per_mgi_ml(kvp, 25.0) for kvp in (80, 100, 120, 140)]
    assert at_25 == pytest.approx([42.0, 32.3, 26.2, 21.9])
    ratios = [hu.hu_per_mgi_ml(80, size) / hu.hu_per_mgi_ml(140, size) for size in (20, 25, 30, 35)]
    assert ratios == pytest.approx([1.85, 1.92, 1.97, 2.04], abs=0.006)
    mineral = [hu.hu_per_mg_hydroxyapatite_ml(kvp, 25.0) for kvp in (80, 140)]
    assert mineral[0] / mineral[1] == pytest.approx(1.56, abs=0.005)


def test_iodine_and_bone_mineral_look_alike_on_one_image():
    assert 3.0 * hu.hu_per_mgi_ml(120, 25.0) == pytest.approx(78.6)
    assert 59.0 * hu.hu_per_mg_hydroxyapatite_ml(120, 25.0) == pytest.approx(79.0, abs=0.1)
    assert 100.0 * hu.hu_per_mg_hydroxyapatite_ml(120, 25.0) == pytest.approx(134.0)
    assert 100.0 * hu.hu_per_mg_hydroxyapatite_ml(80, 25.0) == pytest.approx(187.0)


def test_iodine_and_bone_mineral_fade_with_voltage_and_with_size():
    for slope in (hu.hu_per_mg_hydroxyapatite_ml, hu.hu_per_mgi_ml):
        table = np.array([[slope(kvp, size) for kvp in VOLTAGES] for size in SIZES])
        assert (np.diff(table, axis=0) < 0).all()
        assert (np.diff(table, axis=1) < 0).all()
    # No jump at the knots of the table.
    assert np.abs(np.diff(table, axis=1)).max() < 1.5
    assert np.abs(np.diff(table, axis=0)).max() < 0.3


def test_fat_turns_darker_at_low_voltage():
    ratios = [hu.fat_relative_to_120_kvp(kvp) for kvp in VOLTAGES]
    assert (np.diff(ratios) < 0).all()
    assert hu.fat_relative_to_120_kvp(120.0) == 1.0
    # Oil in a phantom on one scanner: -135, -119, -104 HU at 100, 120, 140 kVp.
    assert hu.fat_relative_to_120_kvp(100.0) == pytest.approx(135 / 119, abs=0.08)
    assert hu.fat_relative_to_120_kvp(140.0) == pytest.approx(104 / 119, abs=0.08)


def test_a_heavier_patient_is_larger_within_the_table():
    sizes = [hu.body_cm(weight) for weight in (40, 55, 70, 100, 120)]
    assert sizes[2] == pytest.approx(25.0)
    assert sizes == sorted(sizes)
    assert (hu.body_cm(20), hu.body_cm(200)) == (20.0, 35.0)


def test_wet_tissue_is_dark():
    """Blood and liver come out at their HU; water alone has none."""
    assert hu.soft_tissue_hu(80) == pytest.approx(40)
    assert hu.soft_tissue_hu(71.85) == pytest.approx(56.3)
    assert hu.soft_tissue_hu(100) == 0
    assert hu.soft_tissue_hu(90) < hu.soft_tissue_hu(78) == pytest.approx(44)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: hu.hu_per_mgi_ml(60.0, 25.0), r"^kvp is 60; it must be 80 to 140 kV\.$"),
        (lambda: hu.hu_per_mgi_ml(120.0, 40.0), r"^body_cm is 40; it must be 20 to 35 cm\.$"),
        (lambda: hu.body_cm(float("nan")), r"^weight_kg is nan; it must be 20 to 200 kg\.$"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
