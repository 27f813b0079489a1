"""The analytic reader on painted lesions agrees with itself and with the pixels."""

import numpy as np
import pytest

from liverlab import evidence
from liverlab.imaging import anatomy, contrast, ct, lesion_looks
from liverlab.imaging.lesions import LesionState
from liverlab.imaging.protocol import REFERENCE, Protocol
from liverlab.reading import analytic, as_painted

EV = evidence.load()
PLACE = (-100.0, -34.0, 3.0)
PRIMARIES = tuple(case.look for case in EV.cases.values() if case.phenomenon == "liver_metastases" and case.look)


def painted(look, diameter_mm, protocol=REFERENCE):
    values = {key: parameter.value for key, parameter in EV.parameters.items()}
    return lesion_looks.state([EV.looks[look]], ["m"], [PLACE], [[diameter_mm / 2] * 3], protocol, values), values


def test_a_plain_lesion_reads_as_the_analytic_reader_reads_it():
    plain = LesionState(("a",), [PLACE], [[10.0] * 3], [60.0])
    here = as_painted.read(plain, 106.0, REFERENCE, 16.3)
    direct = analytic.read(60.0, 60.0, 106.0, 20.0, 0.0, ct.noise_sd_hu(REFERENCE), 16.3, slice_mm=3.0)
    assert here.contrast_hu[0] == pytest.approx(float(direct.contrast_hu))
    assert here.diameter_mm[0] == pytest.approx(float(direct.diameter_mm))
    assert as_painted.mean_contrast_hu(plain, 106.0)[0] == -46.0


@pytest.mark.parametrize("look", PRIMARIES)
@pytest.mark.parametrize("delay_s", [0.0, 35.0, 70.0, 180.0])
def test_mean_contrast_is_that_of_the_picture(look, delay_s):
    protocol = Protocol(**{**vars(REFERENCE), "delay_s": delay_s})
    lesions, values = painted(look, 30.0, protocol)
    lesions = lesions.only([0])
    tissues = contrast.tissue_hu(protocol, EV.tissues["ct"], values) | {"spleen_moire_hu": 0.0}
    body = anatomy.default()
    picture = ct.render(body, tissues, lesions, 33, protocol, 256, noise=False).astype(float)
    inside = ct.truth(body, lesions, 33, 256) == 1
    expected = as_painted.mean_contrast_hu(lesions, tissues["liver"])[0]
    assert picture[inside].mean() - tissues["liver"] == pytest.approx(expected, abs=6.0)


def test_a_centre_without_inner_part_is_the_core():
    lesions, _ = painted("fnh", 30.0)
    fraction, hu = as_painted.core(lesions)
    assert fraction[0] == pytest.approx(EV.looks["fnh"].parts["centre"].fraction)
    assert hu[0] == lesions.centre_hu[0]


def test_neuroendocrine_shows_early_and_colorectal_late():
    def seen(look, delay_s):
        protocol = Protocol(**{**vars(REFERENCE), "delay_s": delay_s})
        lesions, values = painted(look, 14.0, protocol)
        liver = contrast.liver_hu(values, 0.0, protocol)
        return bool(as_painted.read(lesions, liver, protocol, 16.3).visible[0])

    assert seen("neuroendocrine", 35.0)
    assert not seen("neuroendocrine", 70.0)
    assert seen("colorectal", 70.0)


def test_nothing_to_read_is_read_as_nothing():
    found = as_painted.read(ct.NO_LESIONS, 100.0, REFERENCE, 16.3)
    assert found.visible.shape == (0,)
    assert np.asarray(as_painted.mean_contrast_hu(ct.NO_LESIONS, 100.0)).shape == (0,)
