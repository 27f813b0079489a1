"""Maps of two-energy CT: what they hold, how they are stored, and that the two scans share dose but no noise."""

from dataclasses import replace

import numpy as np
import pytest

from liverlab.imaging import ct, energy_scene
from liverlab.imaging.lesions import LesionState
from liverlab.imaging.protocol import REFERENCE
from liverlab.imaging.scene import Scene

from .scan_setting import PORTAL

LOW, HIGH = (replace(REFERENCE, kvp=kvp) for kvp in (80.0, 140.0))
LESION = LesionState(("a",), [(-100, -34, 3)], [[16] * 3], [150.0])


def scan(protocol, **changes):
    return Scene(PORTAL, LESION, replace(protocol, **changes), 3)


@pytest.fixture(scope="module")
def scans():
    return energy_scene.TwoScans.of(scan(LOW), scan(HIGH))


def test_the_scans_share_the_dose_and_not_the_noise(scans):
    assert scans.low.protocol.dose_pct == scans.high.protocol.dose_pct == 50.0
    assert ct.noise_sd_hu(scans.low.protocol) > ct.noise_sd_hu(LOW)
    low, high = (picture - picture.mean() for picture in scans.pictures(33, 256))
    smooth = [one.render(33, 256) for one in (scan(LOW, noise_hu=0.001), scan(HIGH, noise_hu=0.001))]
    liver = (slice(110, 130), slice(60, 90))
    noise = [(picture - bare)[liver] for picture, bare in zip((low, high), smooth, strict=True)]
    assert abs(np.corrcoef(noise[0].ravel(), noise[1].ravel())[0, 1]) < 0.3


def test_a_slice_is_rendered_once_for_all_maps(scans):
    assert scans.pictures(33, 256) is scans.pictures(33, 256)
    for index in range(20, 28):
        scans.pictures(index, 256)
    assert len(scans._pictures) == 4


@pytest.mark.parametrize("kind", list(energy_scene.MAPS))
def test_counts_are_the_values_in_steps_of_the_scale(scans, kind):
    one = energy_scene.EnergyMap(kind, scans, 44.0)
    values, counts = one.values(33, 256), one.render(33, 256)
    assert counts.dtype == np.int16
    assert (counts.min(), counts.max()) == (
        max(-1024, round(float(values.min()) / energy_scene.MAPS[kind][1])),
        min(3071, round(float(values.max()) / energy_scene.MAPS[kind][1])),
    )
    held = (values / energy_scene.MAPS[kind][1] > -1000) & (values / energy_scene.MAPS[kind][1] < 3000)
    assert np.abs(counts * energy_scene.MAPS[kind][1] - values)[held].max() <= 0.51 * energy_scene.MAPS[kind][1]
    assert "80 and 140 kV" in one.caption


def test_bad_input_is_refused_in_one_sentence(scans):
    with pytest.raises(ValueError, match=r"^kind is 'water'; it must be one of iodine, calcium, virtual unenhanced\.$"):
        energy_scene.EnergyMap("water", scans)
    with pytest.raises(ValueError, match=r"^low is a scan at 140 kV; it must be below 80 kV\.$"):
        energy_scene.TwoScans.of(scan(HIGH), scan(LOW))
