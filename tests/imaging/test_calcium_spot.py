"""The brightest spot is the one in the picture."""

from dataclasses import replace

import pytest

from liverlab.imaging.calcium_spot import brightest_share
from liverlab.imaging.lesions import PATTERNS, LesionState

from .test_lesion_calcium import calcified
from .test_lesions import CENTRE, Z, change, lesion, patient, render

__all__ = ["patient"]


def shown(patient, lesions, **setting):
    """The same from the picture: what the calcium adds to its brightest pixel, over its full HU."""
    bare = replace(lesions, calcium_share=0.0)
    added = render(patient, lesions, Z, **setting) - render(patient, bare, Z, **setting)
    return added.max() / lesions.calcium_hu[0]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("setting", [{}, {"slice_mm": 8.0}, {"kernel_sharpness_pct": 100.0}], ids=str)
def test_it_is_the_brightest_pixel_of_the_picture(patient, pattern, setting):
    one = calcified(pattern)
    found = brightest_share(one, 0, CENTRE[2], setting.get("slice_mm", 3.0), setting.get("kernel_sharpness_pct", 0.0))
    assert found == pytest.approx(shown(patient, one, **setting), abs=0.01)


@pytest.mark.parametrize("slice_mm", [1.0, 3.0, 6.0])
def test_a_speck_is_read_as_it_is_painted(patient, slice_mm):
    speck = lesion(1.0, rim_hu=900.0)
    share = brightest_share(speck, 0, CENTRE[2], slice_mm)
    assert share * (900.0 - 103.0) == pytest.approx(change(patient, speck, slice_mm=slice_mm).max(), abs=2)


def test_there_is_none_without_calcium():
    assert brightest_share(lesion(16.0), 0, CENTRE[2], 3.0) == 0
    assert brightest_share(calcified("punctate", 0.0), 0, CENTRE[2], 3.0) == 0
    away = LesionState(("a",), [(0, 0, 90)], [[1, 1, 1]], [900.0])
    assert brightest_share(away, 0, 3.0, 3.0) == 0
