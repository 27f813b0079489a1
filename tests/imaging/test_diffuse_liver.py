"""What CT shows of a diffusely diseased liver: the shape holds the volumes, the patterns the HU."""

import numpy as np
import pytest

from liverlab import evidence
from liverlab.disease import sinusoid
from liverlab.imaging import anatomy, contrast, ct, diffuse_liver
from liverlab.imaging.liver_state import OWN_SPLEEN_ML
from liverlab.imaging.protocol import REFERENCE
from liverlab.imaging.scene import Scene

EV = evidence.load()
VALUES = {key: p.value for key, p in EV.parameters.items()} | {"chemo_kill_pct": 0.0}
DAYS = np.array([-56.0, 0.0, 13.0, 27.0])
BODY = anatomy.default()


def course(**changes):
    return sinusoid.simulate({**VALUES, **changes}, DAYS, EV.labs)


def test_volumes_follow_the_course_within_a_step():
    one = course()
    for at in range(DAYS.size):
        shape = diffuse_liver.shape(one, at, BODY.liver_ml)
        assert shape.liver_ml == pytest.approx(BODY.liver_ml * one.liver_volume_ratio[at], abs=5)
        assert shape.spleen_ml == pytest.approx(OWN_SPLEEN_ML * one.spleen_ratio[at], abs=5)
        assert shape.ascites_ml == pytest.approx(one.ascites_ml[at] / 2, abs=10)


def test_without_tumour_it_is_the_patients_own_liver_without_pattern():
    one = course(sinusoidal_occupancy_pct=0.0)
    assert diffuse_liver.shape(one, 0, BODY.liver_ml) == diffuse_liver.shape(one, 3, BODY.liver_ml)
    assert diffuse_liver.shape(one, 0, BODY.liver_ml).ascites_ml == 0
    assert diffuse_liver.patterns_hu(one, 3) == {"liver_mosaic_hu": 0.0, "periportal_hu": 0.0}


def test_the_largest_tumour_still_fits_into_the_body():
    one = course(sinusoidal_occupancy_pct=60.0, flow_threshold_pct=25.0, tumour_doubling_d=10.0)
    shape = diffuse_liver.shape(one, 3, BODY.liver_ml)
    assert shape.liver_ml > 1.5 * BODY.liver_ml
    assert BODY.form(shape).liver_ml == pytest.approx(shape.liver_ml, rel=0.02)


@pytest.mark.parametrize("healthy_ml", [1200, 1900, 2500])
@pytest.mark.parametrize("late", [False, True])
def test_whatever_the_course_the_body_holds_it(healthy_ml, late):
    """Every corner of tumour and threshold, whenever it is scanned: `form` raises where it does not fit."""
    for filled in (5.0, 40.0, 60.0):
        for threshold in (25.0, 60.0):
            one = course(sinusoidal_occupancy_pct=filled, flow_threshold_pct=threshold)
            shape = diffuse_liver.shape(one, 3 if late else 0, healthy_ml)
            assert BODY.form(shape).spleen_ml == pytest.approx(shape.spleen_ml, rel=0.05)


def test_the_picture_hardly_changes_before_the_liver_fails_and_no_lesion_is_in_it():
    """Eight weeks of doubling: means differ by less than the noise of one pixel."""
    one = course()

    def liver(at):
        change_hu = float(one.attenuation_change_hu[at])
        tissues = contrast.tissue_hu(REFERENCE, EV.tissues["ct"], VALUES, change_hu)
        tissues = diffuse_liver.with_patterns(tissues, one, at)
        scene = Scene(tissues, ct.NO_LESIONS, REFERENCE, shape=diffuse_liver.shape(one, at, BODY.liver_ml))
        picture = scene.render(33, 256).astype(float)
        # A block of the right lobe, well inside in both.
        return picture[100:140, 60:95]

    before, early, late = (liver(at) for at in (0, 1, 3))
    assert abs(early.mean() - before.mean()) < REFERENCE.noise_hu
    assert late.mean() < before.mean() - REFERENCE.noise_hu
    assert late.std() > before.std(), "patches"


def test_impossible_livers_are_refused():
    with pytest.raises(ValueError, match=r"^liver_ml is 100; it must be 600 to 2500 mL\.$"):
        diffuse_liver.shape(course(), 0, 100)


# --- the same liver elsewhere ---


def test_a_mixture_lies_between_its_parts_and_reaches_both():
    assert diffuse_liver.mixed(1.9, 6.0, 0.0) == 1.9
    assert diffuse_liver.mixed(1.9, 6.0, 1.0) == 6.0
    assert diffuse_liver.mixed(1.9, 6.0, 0.4) == pytest.approx(3.54)
    with pytest.raises(ValueError, match=r"^share is 1.2; it must be 0 to 1\.$"):
        diffuse_liver.mixed(1.9, 6.0, 1.2)


@pytest.mark.parametrize("table", ["pet", "mri"])
def test_tissues_with_tumour_change_the_liver_and_nothing_else(table):
    tissues = EV.tissues[table]
    assert diffuse_liver.with_tumour(tissues, 0.0)["liver"] == tissues["liver"]
    half = diffuse_liver.with_tumour(tissues, 0.5)
    assert {name for name in tissues if half[name] != tissues[name]} == {"liver"}
    for name, value in half["liver"]._asdict().items():
        if isinstance(value, float):
            parts = (getattr(tissues["liver"], name), getattr(tissues["metastasis"], name))
            assert min(parts) <= value <= max(parts), name


def test_pet_of_the_whole_liver_shows_the_mean_and_no_focus():
    from liverlab.imaging.pet import COUNTS_PER_SUV, PetScene

    means, spreads = [], []
    for share in (0.0, 0.4):
        tissues = diffuse_liver.with_tumour(EV.tissues["pet"], share)
        picture = PetScene(tissues, ct.NO_LESIONS, {}, BODY, {}).render(33, 256)[100:140, 60:95] / COUNTS_PER_SUV
        means.append(picture.mean())
        spreads.append(picture.std() / picture.mean())
    assert means == pytest.approx([1.9, 3.54], rel=0.08), "vessels lie in the block too"
    assert spreads[1] == pytest.approx(spreads[0], abs=0.03), "hot, but even"
