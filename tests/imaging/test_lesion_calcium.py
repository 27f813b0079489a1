"""Calcium in lesions: the amount is kept, patterns are recognisable, slice and tube voltage change HU as they must."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from liverlab.imaging import lesion_calcium
from liverlab.imaging.lesions import PATTERNS

from .test_lesions import change, lesion, patient, polar, render

__all__ = ["patient"]

Z = 33
SHARES = {"punctate": 0.01, "linear": 0.01, "rim": 0.08, "amorphous": 0.2, "solid": 0.15, "psammomatous": 0.012}
ADDED_HU = 600.0


def calcified(pattern, share=None, radius=16.0, name="a", hu=ADDED_HU):
    share = SHARES[pattern] if share is None else share
    return lesion(radius, name, rim_hu=103.0, lobulation=0, calcium_pattern=pattern, calcium_hu=hu, calcium_share=share)


def added(patient, lesions, z=Z, matrix=512):
    """HU that the calcium adds to a slice."""
    bare = replace(lesions, calcium_share=0.0)
    return render(patient, lesions, z, matrix) - render(patient, bare, z, matrix)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_amount_is_the_share_of_the_lesion(patient, pattern):
    wanted = SHARES[pattern] * lesion_calcium.volume_mm3([16.0] * 3) * ADDED_HU
    slices = range(Z - 8, Z + 9)
    found = np.mean([sum(added(patient, calcified(pattern, name=n), k, 256).sum() for k in slices) for n in "abc"])
    found *= patient.pixel_mm(256) ** 2 * 3.0
    assert found == pytest.approx(wanted, rel=0.25)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_more_calcium_shows_more(patient, pattern):
    shown = [
        added(patient, calcified(pattern, share * SHARES[pattern]), matrix=256).sum() for share in (0.0, 0.3, 1.0, 2.0)
    ]
    assert shown[0] == 0
    assert all(low < high for low, high in itertools.pairwise(shown))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_calcium_stays_in_the_lesion_and_never_exceeds_full_content(patient, pattern):
    picture, radius = added(patient, calcified(pattern, 3 * SHARES[pattern])), polar(patient)[0]
    assert 40 < picture.max() <= ADDED_HU + 1
    assert np.abs(picture[radius > 20]).max() < 1


def test_patterns_look_like_their_names(patient):
    radius = polar(patient)[0]
    pictures = {pattern: added(patient, calcified(pattern)) for pattern in PATTERNS}
    where = {pattern: np.average(radius, weights=picture) for pattern, picture in pictures.items()}
    assert where["rim"] > 13.5
    assert where["solid"] < 7
    # spots: the share of the calcium's pixels that are local maxima, of those that stand out
    spots = {}
    for pattern, picture in pictures.items():
        higher = [picture >= np.roll(picture, step, axis) for step in (-1, 1) for axis in (0, 1)]
        spots[pattern] = int((np.all(higher, axis=0) & (picture > 0.3 * picture.max())).sum())
    assert spots["psammomatous"] > 2 * spots["punctate"] > 2 * 4
    assert pictures["psammomatous"].max() < 0.6 * pictures["punctate"].max()


def test_growing_calcium_stays_where_it_was(patient):
    little, more = (added(patient, calcified("punctate", share)) for share in (0.004, 0.008))
    spots = little > 0.5 * little.max()
    assert (more[spots] > 0.7 * little[spots]).mean() > 0.95


def test_a_lesion_keeps_its_grains_from_slice_to_slice_and_seed_to_seed(patient):
    assert np.array_equal(render(patient, calcified("linear")), render(patient, calcified("linear")))
    assert not np.array_equal(render(patient, calcified("linear")), render(patient, calcified("linear", name="b")))


def test_a_grain_fades_with_the_slice(patient):
    """A 2 mm grain: thick slices hide it in proportion to the thickness once they are thicker than it."""
    peak = [change(patient, lesion(1.0, rim_hu=900.0), slice_mm=t).max() for t in (1.0, 2.0, 4.0, 8.0)]
    assert peak == sorted(peak, reverse=True)
    assert peak[3] / peak[2] == pytest.approx(0.5, rel=0.03)


def test_a_ball_in_slices_has_the_volume_of_the_ball():
    cuts = np.linspace(-3, 3, 13)
    parts = [lesion_calcium.slab_volume_mm3(2.5, low, high) for low, high in itertools.pairwise(cuts)]
    assert sum(parts) == pytest.approx(lesion_calcium.volume_mm3([2.5] * 3))
    assert min(parts) >= 0


def test_grains_hold_the_volume_asked_for():
    for pattern in ("punctate", "linear", "psammomatous"):
        for volume in (2.0, 40.0, 300.0):
            places, radius = lesion_calcium.grains(pattern, "a", volume)
            assert (4 / 3 * np.pi * radius**3).sum() == pytest.approx(volume)
            assert np.sqrt((places**2).sum(1)).max() <= (0.97 if pattern == "psammomatous" else 0.9) + 1e-9
