"""Surface nodularity measured on pictures: above a floor, and the floor is what a smooth liver gives."""

from dataclasses import replace

import pytest

from liverlab import evidence
from liverlab.imaging import contrast
from liverlab.imaging.lesions import NO_LESIONS
from liverlab.imaging.liver_state import NORMAL, Shape
from liverlab.imaging.protocol import Protocol
from liverlab.imaging.scene import Scene
from liverlab.reading import contour

EV = evidence.load()
VALUES = {key: parameter.value for key, parameter in EV.parameters.items()}
PROTOCOL = Protocol.from_values(VALUES)
SMOOTH = Scene(contrast.tissue_hu(PROTOCOL, EV.tissues["ct"], VALUES, 0.0), NO_LESIONS, PROTOCOL)


def uneven(rms_mm, nodule_mm=10.0):
    return replace(SMOOTH, shape=Shape(nodularity_mm=rms_mm, nodule_mm=nodule_mm))


@pytest.fixture(scope="module")
def floor():
    return contour.floor(SMOOTH)


def test_a_smooth_liver_does_not_leave_its_own_floor(floor):
    assert floor.mean > 0
    assert floor.sd > 0
    assert contour.lsn(replace(SMOOTH, seed=77)) < floor.limit


def test_nodules_leave_the_floor_and_more_of_them_leave_it_further(floor):
    few, many = (contour.lsn(uneven(rms)) for rms in (0.5, 1.0))
    assert floor.limit < few < many
    assert contour.floor(uneven(1.0)).mean == pytest.approx(floor.mean, abs=3 * floor.sd)


def test_less_noise_lowers_the_floor_or_leaves_it(floor):
    quiet = replace(SMOOTH, protocol=Protocol.from_values(VALUES, dose_pct=200.0))
    assert contour.floor(quiet).limit < floor.limit + 0.05


def test_words_for_contours():
    assert contour.contour_words(0.1, 8.0) == "smooth"
    assert contour.contour_words(1.0, 8.0) == "finely nodular"
    assert contour.contour_words(1.0, 18.0) == "coarsely nodular"
    assert SMOOTH.shape == NORMAL
