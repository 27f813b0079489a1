"""Bone metastases: in bone only, dark or bright as their kind says, where they were asked for; refusals."""

import numpy as np
import pytest

from liverlab.imaging import anatomy, ct
from liverlab.imaging.bone_lesions import KINDS, bone_share, place_bone_lesions
from liverlab.imaging.lesions import NO_LESIONS
from liverlab.imaging.organs_spine import DISCS

from .scan_setting import PORTAL, protocol


@pytest.fixture(scope="module")
def patient():
    return anatomy.default()


def change(patient, lesions, z):
    pictures = (
        ct.render(patient, PORTAL, NO_LESIONS, float(z), protocol(), 512, noise=False, bone_lesions=one).astype(float)
        for one in (lesions, NO_LESIONS)
    )
    return np.subtract(*pictures)


@pytest.mark.parametrize(("kind", "sign"), [("lytic", -1), ("sclerotic", 1)])
def test_a_lesion_is_seen_in_its_vertebra_and_changes_nothing_else(patient, kind, sign):
    lesions = place_bone_lesions(patient, 4, kind, seed=2, diameters_mm=16.0)
    for centre in lesions.centre_mm:
        picture, z = change(patient, lesions, centre[2]), patient.slice_index(float(centre[2]))
        bone = bone_share(patient, (z, 512))
        assert np.abs(picture[bone < 0.005]).max() <= 4
        rows, cols = np.nonzero(sign * picture > 40)
        assert rows.size > 30
        x, y = (cols + 0.5) * 360 / 512 - 180, (rows + 0.5) * 360 / 512 - 180 - 34
        assert np.hypot(x - centre[0], y - centre[1]).min() < 3
        assert np.abs(x).max() < 60


def test_a_mixed_lesion_has_a_dense_rim_around_a_hole(patient):
    lesion = place_bone_lesions(patient, 1, "mixed", seed=5, diameters_mm=22.0)
    picture = change(patient, lesion, lesion.centre_mm[0, 2])
    assert picture.max() > 150
    assert picture.min() < -30


def test_centres_lie_in_vertebral_bodies_each_used_before_one_is_used_twice(patient):
    lesions = place_bone_lesions(patient, 16, "lytic", seed=1)
    assert (np.hypot(lesions.centre_mm[:, 0] / 20, lesions.centre_mm[:, 1] / 14) < 1).all()
    edges = [disc[0] for disc in DISCS]
    body = np.searchsorted(edges, lesions.centre_mm[:, 2])
    assert sorted(np.bincount(body)[1:].tolist()) == [2] * 8
    nearest = np.abs(lesions.centre_mm[:, 2, None] - np.array(edges)).min(1)
    assert nearest.min() > 5


def test_rib_lesions_lie_in_ribs(patient):
    lesions = place_bone_lesions(patient, 5, "sclerotic", seed=3, diameters_mm=10.0, site="rib")
    for centre in lesions.centre_mm:
        assert abs(centre[0]) > 48 or centre[1] < -30 or centre[1] > 85
        assert change(patient, lesions, centre[2]).max() > 100


def test_the_same_seed_gives_the_same_lesions():
    one, again, other = (place_bone_lesions(None, 5, "lytic", seed) for seed in (1, 1, 2))
    assert np.array_equal(one.centre_mm, again.centre_mm)
    assert not np.array_equal(one.centre_mm, other.centre_mm)
    assert place_bone_lesions(None, 0, "lytic", 1) is NO_LESIONS


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"kind": "blastic"}, "kind is 'blastic'; it must be one of lytic, sclerotic, mixed"),
        ({"site": "skull"}, "site is 'skull'"),
        ({"count": 41}, "count is 41"),
        ({"count": True}, "count is True"),
        ({"diameters_mm": 60.0}, "diameters_mm is 60"),
        ({"diameters_mm": [5.0, 6.0, 7.0]}, r"diameters_mm has shape \(3,\)"),
    ],
)
def test_bad_requests_are_refused(request_, words):
    assert KINDS == ("lytic", "sclerotic", "mixed")
    with pytest.raises(ValueError, match=words):
        place_bone_lesions(None, **{"count": 2, "kind": "lytic", "seed": 1, **request_})
