"""Diffuse patterns in the liver: of the size asked for, in liver tissue only, fixed in the body."""

import math

import numpy as np
import pytest

from liverlab.imaging import anatomy, ct, vessels
from liverlab.imaging.lesions import NO_LESIONS
from liverlab.imaging.liver_state import Shape
from liverlab.imaging.tissue_share import share_of

from .scan_setting import PORTAL, protocol


@pytest.fixture(scope="module")
def patient():
    return anatomy.default()


def change(patient, z=33, matrix=256, shape=None, **patterns):
    form = {} if shape is None else {"shape": shape}
    with_it, without = (
        ct.render(patient, {**PORTAL, **extra}, NO_LESIONS, z, protocol(), matrix, noise=False, **form).astype(float)
        for extra in (patterns, {})
    )
    return with_it - without


def pure(patient, tissue, z=33, matrix=256):
    return share_of(patient, (z, matrix), (tissue,)) > 0.995


def test_shares_of_tissues_add_up_and_lie_where_their_tissue_is(patient):
    liver, spleen = (share_of(patient, (33, 256), (name,)) for name in ("liver", "spleen"))
    both = share_of(patient, (33, 256), ("liver", "spleen"))
    assert np.abs(liver + spleen - both).max() < 0.01
    assert liver[(patient.prepare(33, 256).liver_distance_mm() > 4)].max() < 0.02
    assert 0.25 < liver.mean() / both.mean() < 1


def test_a_mosaic_has_the_sd_asked_for_and_no_mean(patient):
    values = np.concatenate(
        [change(patient, z, liver_mosaic_hu=12.0)[pure(patient, "liver", z)] for z in range(18, 50, 4)]
    )
    assert values.std() == pytest.approx(12, rel=0.15)
    assert abs(values.mean()) < 3
    half = change(patient, liver_mosaic_hu=6.0) - change(patient, liver_mosaic_hu=12.0) / 2
    assert np.abs(half).max() <= 1.01


def test_a_mosaic_is_geographic_not_noise(patient):
    """Patches of centimetres: neighbours agree, points two centimetres apart do not."""
    picture, inside = change(patient, liver_mosaic_hu=20.0), pure(patient, "liver")

    def agree(pixels):
        both = inside & np.roll(inside, pixels, 1)
        return np.corrcoef(picture[both], np.roll(picture, pixels, 1)[both])[0, 1]

    assert agree(2) > 0.8
    assert agree(15) < 0.4


@pytest.mark.parametrize("patterns", [{"liver_mosaic_hu": 15.0}, {"periportal_hu": -50.0}])
def test_patterns_change_liver_tissue_only(patient, patterns):
    picture = change(patient, **patterns)
    assert np.abs(picture[share_of(patient, (33, 256), ("liver",)) < 0.01]).max() <= 1
    for tissue in ("portal_vein", "hepatic_vein", "spleen", "aorta"):
        assert np.abs(picture[pure(patient, tissue)]).max(initial=0) <= 1
    assert np.abs(picture).max() > 10


def test_collars_lie_along_portal_branches_and_not_along_hepatic_veins(patient):
    """Counted over slices: how much darker liver is beside each tree."""
    depth = {"portal_vein": [], "hepatic_vein": []}
    trees, step = vessels.trees(patient.liver_scale), patient.pixel_mm(256)
    for z in range(24, 44, 3):
        picture, liver = change(patient, z, periportal_hu=-50.0), pure(patient, "liver", z)
        for name, found in depth.items():
            ends = trees[name][:, :4]
            ends = ends[(np.abs(ends[:, 2] - patient.z_mm[z]) < 1.5) & (ends[:, 3] > 1.2)]
            for x, y, _, r in ends:
                col, row = ((v + 180 - c) / step for v, c in zip((x, y), patient.fov_centre_mm, strict=True))
                rows, cols = np.ogrid[:256, :256]
                ring = np.abs(np.hypot(rows - row, cols - col) * step - r - 1.5) < 1
                if (ring & liver).sum() > 4:
                    found.append(picture[ring & liver].mean())
    assert np.mean(depth["portal_vein"]) < -20
    assert np.mean(depth["hepatic_vein"]) > 0.35 * np.mean(depth["portal_vein"])


def test_patterns_are_fixed_in_the_body(patient):
    coarse = change(patient, liver_mosaic_hu=15.0)
    fine = change(patient, matrix=512, liver_mosaic_hu=15.0).reshape(256, 2, 256, 2).mean((1, 3))
    inside = pure(patient, "liver")
    assert np.corrcoef(coarse[inside], fine[inside])[0, 1] > 0.99
    other = change(anatomy.Anatomy(seed=2), liver_mosaic_hu=15.0)
    assert abs(np.corrcoef(coarse[inside], other[inside])[0, 1]) < 0.6


def test_patterns_follow_a_deformed_liver(patient):
    nodular = Shape(nodularity_mm=1.5, ascites_ml=800.0)
    picture = change(patient, shape=nodular, liver_mosaic_hu=15.0, periportal_hu=-40.0)
    liver = share_of(patient, (33, 256, nodular), ("liver",))
    assert np.abs(picture[liver < 0.01]).max() <= 1
    assert picture[liver > 0.99].std() > 8


@pytest.mark.parametrize("name", ["liver_mosaic_hu", "periportal_hu"])
def test_a_pattern_that_is_no_number_is_refused(patient, name):
    with pytest.raises(ValueError, match=name):
        ct.render(patient, {**PORTAL, name: math.nan}, NO_LESIONS, 33, protocol(), 64)
