"""Gadoxetate: conserved, linear, early like any contrast medium and late in hepatocytes only."""

from dataclasses import replace

import numpy as np
import pytest

from liverlab.imaging import contrast, gadoxetate, hu
from liverlab.imaging.protocol import REFERENCE


def test_it_travels_as_the_same_amount_of_iodine_would():
    given = gadoxetate.injection(REFERENCE)
    assert given.iodine_g_per_kg == gadoxetate.DOSE_MMOL_KG
    assert given.volume_ml == pytest.approx(7.0)  # 0.1 mL per kg
    slope = hu.hu_per_mgi_ml(120, hu.body_cm(70))
    found = gadoxetate.extracellular_mmol_l(REFERENCE, 70.0)
    assert found["aorta"] * slope == pytest.approx(contrast.curves(given, 70.0)["aorta"])


def test_a_ct_protocol_changes_only_who_is_scanned():
    other = replace(REFERENCE, iodine_g_per_kg=0.7, delay_s=35.0, kvp=80.0, dose_pct=50.0)
    assert gadoxetate.extracellular_mmol_l(other, 70.0) == gadoxetate.extracellular_mmol_l(REFERENCE, 70.0)
    weak_heart = replace(REFERENCE, cardiac_output_l_min=3.0)
    late = gadoxetate.extracellular_mmol_l(weak_heart, 20.0)["aorta"]
    assert late < gadoxetate.extracellular_mmol_l(REFERENCE, 20.0)["aorta"]


def test_blood_fades_while_hepatocytes_fill():
    times = [60.0, 180.0, 299.0, 301.0, 600.0, 1200.0, 3000.0]
    blood = [gadoxetate.extracellular_mmol_l(REFERENCE, t)["aorta"] for t in times]
    cells = [gadoxetate.hepatocyte_mmol_l(REFERENCE, t) for t in times]
    assert (np.diff(blood) < 0).all()
    assert (np.diff(cells) > 0).all()
    assert blood[2] == pytest.approx(blood[3], rel=0.02)  # the tail joins the pools without a step


def test_uptake_goes_with_function_and_never_exceeds_what_was_given():
    whole = gadoxetate.hepatocyte_mmol_l(REFERENCE, 1200.0)
    assert gadoxetate.hepatocyte_mmol_l(REFERENCE, 1200.0, 40.0) == pytest.approx(0.4 * whole)
    assert gadoxetate.hepatocyte_mmol_l(REFERENCE, 0.0) == 0
    liver_l = 1.6
    # Half of the dose leaves through the liver; in 20 minutes it cannot hold more than that.
    assert whole * liver_l < 0.5 * gadoxetate.DOSE_MMOL_KG * 70


def test_lesions_get_what_feeds_them():
    early = gadoxetate.lesion_mmol_l(REFERENCE, 30.0, np.array([0.0, 28.0, 56.0]), "hypo")
    assert early[0] == 0
    assert early[2] == pytest.approx(2 * early[1])
    bright = [gadoxetate.lesion_mmol_l(REFERENCE, t, 55.0, "hyper") for t in (30.0, 180.0)]
    assert bright[0] > 2 * bright[1]


def test_times_out_of_range_are_refused():
    with pytest.raises(ValueError, match="t_s is 4000; it must be 0 to 3600 s"):
        gadoxetate.extracellular_mmol_l(REFERENCE, 4000.0)
    with pytest.raises(ValueError, match="function_pct is 120"):
        gadoxetate.hepatocyte_mmol_l(REFERENCE, 60.0, 120.0)
