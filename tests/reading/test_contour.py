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
def smooth():
    return contour.measure(SMOOTH)


def test_a_smooth_liver_is_its_own_floor_and_does_not_leave_it(smooth):
    assert smooth.lsn == pytest.approx(smooth.smooth, abs=0.05)  # of one and the same scan, rounded to whole HU
    assert smooth.sd > 0
    assert not smooth.uneven
    again = contour.measure(replace(SMOOTH, seed=77))
    assert again.lsn == pytest.approx(smooth.lsn, abs=4 * smooth.sd)


def test_nodules_leave_the_floor_and_more_of_them_leave_it_further(smooth):
    none, few, some, many = (contour.measure(uneven(rms)) for rms in (0.02, 0.4, 0.7, 1.0))
    assert not none.uneven
    assert few.uneven
    assert smooth.limit < few.lsn < some.lsn < many.lsn
    assert few.smooth == pytest.approx(smooth.smooth, abs=0.05)


def test_more_noise_spreads_scans_further():
    noisy = contour.measure(replace(SMOOTH, protocol=Protocol.from_values(VALUES, dose_pct=25.0)))
    quiet = contour.measure(replace(SMOOTH, protocol=Protocol.from_values(VALUES, dose_pct=200.0)))
    assert noisy.sd > quiet.sd


def test_words_for_contours():
    assert contour.contour_words(0.1, 8.0) == "smooth"
    assert contour.contour_words(1.0, 8.0) == "finely nodular"
    assert contour.contour_words(1.0, 18.0) == "coarsely nodular"
    assert SMOOTH.shape == NORMAL
