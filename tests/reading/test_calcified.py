"""What calcium does to a reading: it raises the mean and leaves the border, unless it hides the lesion altogether."""

from dataclasses import replace

import numpy as np
import pytest

from liverlab import evidence
from liverlab.disease import calcium, course
from liverlab.imaging import anatomy, ct, lesion_calcium, lesions
from liverlab.imaging.protocol import REFERENCE
from liverlab.reading import calcified, scan

from . import populations

VALUES = {key: parameter.value for key, parameter in evidence.load().parameters.items()}
LESION = evidence.LesionSpec("A", "A", "VIII", (-100.0, -34.0, 3.0), 30.0, "target", "hypo")
DAYS = [0.0, 84.0]
UNTREATED = {"perfusion_loss_pct": 0.0, "shrinkage_rate_per_week": 0.0, "growth_rate_per_week": 0.0}


def read(mg_ml, pattern="punctate", protocol=REFERENCE, lesion=LESION, **changes):
    values = {**VALUES, **UNTREATED, **changes}
    body = course.simulate(values, [lesion], DAYS)
    return calcified.read(values, [lesion], body, protocol, np.full((1, 2), float(mg_ml)), [pattern])


def test_without_calcium_it_is_the_plain_reading():
    plain = scan.read(
        {**VALUES, **UNTREATED}, [LESION], course.simulate({**VALUES, **UNTREATED}, [LESION], DAYS), REFERENCE
    )
    for pattern in calcium.PATTERNS:
        found = read(0, pattern)
        for name in ("visible", "diameter_mm", "hu", "contrast_hu"):
            assert getattr(found.readings, name) == pytest.approx(getattr(plain.readings, name)), name
        assert found.mean_hu == pytest.approx(plain.mean_hu)


@pytest.mark.parametrize("pattern", list(calcium.PATTERNS))
def test_the_mean_rises_by_the_slope_of_bone_mineral(pattern):
    less, more = (read(mg, pattern) for mg in (0, 20))
    assert more.mean_hu - less.mean_hu == pytest.approx(20 * 1.34)
    assert (less.mean_hu < more.mean_hu).all()
    low, high = (replace(REFERENCE, kvp=kvp) for kvp in (80.0, 140.0))
    rise = [read(20, pattern, one).mean_hu - read(0, pattern, one).mean_hu for one in (low, high)]
    assert rise[0] / rise[1] == pytest.approx(1.87 / 1.20)


def test_grains_leave_the_border_where_it_was_and_spread_calcium_can_hide_the_lesion():
    plain = read(0)
    hidden_mg_ml = float(-plain.readings.contrast_hu[0, 0] / 1.34)
    assert 15 < hidden_mg_ml < 40
    for pattern in calcium.PATTERNS:
        found = read(hidden_mg_ml, pattern)
        if pattern in calcified.SPREAD:
            assert not found.readings.visible.any(), pattern
        else:
            assert found.readings.diameter_mm == pytest.approx(plain.readings.diameter_mm)
            assert found.readings.hu == pytest.approx(found.liver_hu[None, :], abs=6)
    dense = read(5 * hidden_mg_ml, "solid")
    assert dense.readings.visible.all()
    assert (dense.readings.contrast_hu > 100).all()


def test_a_lesion_as_bright_as_liver_is_found_by_its_grains():
    as_liver = {"hypovascular_enhancement_hu": 60.0}
    assert not read(0, **as_liver).readings.visible.any()
    assert read(60, **as_liver).readings.visible.all()


@pytest.mark.parametrize(("pattern", "mg_ml"), [("solid", 60.0), ("psammomatous", 30.0), ("punctate", 20.0)])
def test_it_reads_what_the_pictures_show(pattern, mg_ml):
    """HU that the calcium adds, averaged over the lesion in all of its slices."""
    share, local = calcium.in_the_grains(mg_ml, pattern)
    found, bare = read(mg_ml, pattern), read(0.0, pattern)
    body = anatomy.default()
    tissues = populations.tissue_hu(found.liver_hu[0])
    added = 0.0
    for z in body.z_mm[abs(body.z_mm - LESION.centre_mm[2]) < 18]:
        with_calcium, without = (
            ct.render(body, tissues, painted(found, pattern, part, local), float(z), REFERENCE, 512, noise=False)
            for part in (share, 0.0)
        )
        added += (with_calcium.astype(float) - without).sum() * body.pixel_mm(512) ** 2 * 3.0
    read_hu = float((found.mean_hu - bare.mean_hu)[0, 0])
    assert added / lesion_calcium.volume_mm3([15.0] * 3) == pytest.approx(read_hu, rel=0.1)


def painted(found, pattern, share, local):
    """The lesion as it is painted."""
    hu = local * REFERENCE.hu_per_mg_hydroxyapatite_ml
    return lesions.LesionState(
        ("A",), [LESION.centre_mm], [[15.0] * 3], found.rim_hu[:, 0], lobulation=0.0,
        calcium_pattern=pattern, calcium_share=share, calcium_hu=hu,
    )  # fmt: skip


def test_bad_input_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match=r"^calcium_mg_ml is -1; it must be 0 to 2000 mg/mL\.$"):
        read(-1)
