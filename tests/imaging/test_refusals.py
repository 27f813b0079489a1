"""What cannot be is refused in one sentence, at every public door of the room, before memory is taken."""

import math
import tracemalloc
from types import SimpleNamespace

import pytest

from liverlab.imaging import anatomy, ct, surfaces
from liverlab.imaging.anatomy import Anatomy
from liverlab.imaging.liver_state import Shape

from .scan_setting import PORTAL, protocol

LITTLE_BYTES = 8_000_000  # less than one 512 x 512 x 16 int16 stack; what a refusal may need to find out
NAN, INF = math.nan, math.inf


@pytest.fixture(scope="module")
def patient():
    body = anatomy.default()
    ct.render(body, PORTAL, ct.NO_LESIONS, 33, protocol(), 64)
    return body


def lesion(centre=(-100.0, -34.0, 3.0), semi=(9.0, 9.0, 9.0), hu=50.0):
    return ct.LesionState(("a",), [centre], [semi], hu)


def refused(act, words):
    """The sentence act() is refused with; it names the words, is one line, and cost nothing."""
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=words) as caught:
            act()
        assert tracemalloc.get_traced_memory()[1] < LITTLE_BYTES
    finally:
        tracemalloc.stop()
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def doors(patient, hu=PORTAL, lesions=ct.NO_LESIONS, setting=None, matrix=64, **more):
    """Every public way to a picture, with the same input."""
    setting = setting or protocol()
    yield lambda: ct.render(patient, hu, lesions, 33, setting, matrix, **more)
    yield lambda: ct.render_volume(patient, hu, lesions, setting, matrix, z_indices=[33], **more)


# ---- size ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("matrix", [0, -1, 63, 50_000, 10**12, True, 256.0, "256", None, NAN])
def test_a_matrix_that_cannot_be(patient, matrix):
    for door in doors(patient, matrix=matrix):
        refused(door, "matrix is")
    refused(lambda: ct.truth(patient, lesion(), 33, matrix), "matrix is")
    refused(lambda: patient.prepare(33, matrix), "matrix is")


@pytest.mark.parametrize("spacing", [0.0, -1.0, 0.01, NAN, INF])
def test_a_grid_that_cannot_be(patient, spacing):
    refused(lambda: patient.liver_mask(spacing), "spacing_mm is")
    refused(lambda: surfaces.build(patient, grid_mm=spacing), "grid_mm is")


@pytest.mark.parametrize("z", [-1, 64, 10**9, NAN, INF, 1e9, "3", None, True])
def test_a_slice_that_is_not_there(patient, z):
    refused(lambda: ct.render(patient, PORTAL, ct.NO_LESIONS, z, protocol(), 64), "z_index is|z_mm is")
    refused(lambda: ct.render_volume(patient, PORTAL, ct.NO_LESIONS, protocol(), 64, z_indices=[z]), "z_index is|z_mm")
    refused(lambda: ct.truth(patient, ct.NO_LESIONS, z, 64), "z_index is|z_mm is")


# ---- scanner ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["slice_mm", "dose_pct", "kvp", "weight_kg", "noise_hu"])
@pytest.mark.parametrize("value", [-1.0, NAN, INF, 1e9, None, "thick"])
def test_a_protocol_no_scanner_has(patient, name, value):
    for door in doors(patient, setting=protocol(**{name: value})):
        refused(door, f"{name} is")


def test_no_slice_is_without_thickness(patient):
    for door in doors(patient, setting=protocol(slice_mm=0.0)):
        assert refused(door, "slice_mm") == "slice_mm is 0; it must be 0.3 to 20 mm."


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, NAN, None, "x", True])
def test_a_seed_that_is_no_whole_number(patient, seed):
    for door in doors(patient, seed=seed):
        refused(door, "seed is")
    refused(lambda: Anatomy(seed=seed), "seed is")


# ---- HU --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [NAN, INF, -INF, 1e9, None, "bright"])
@pytest.mark.parametrize("tissue", ["liver", "aorta", "spleen_moire_hu"])
def test_hu_that_are_none(patient, tissue, value):
    for door in doors(patient, hu={**PORTAL, tissue: value}):
        refused(door, tissue)


@pytest.mark.parametrize("tissues", [None, [], {}, {"liver": 100.0}, 60.0])
def test_tissues_that_are_missing(patient, tissues):
    for door in doors(patient, hu=tissues):
        refused(door, "tissue_hu")


@pytest.mark.parametrize("hu", [NAN, INF, 1e9])
def test_lesions_of_no_hu(hu):
    refused(lambda: lesion(hu=hu), "rim_hu")


# ---- lesions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("centre", [(100.0, 0.0, 0.0), (1e9, 0.0, 0.0), (0.0, 0.0, -200.0)])
def test_a_lesion_outside_the_liver(patient, centre):
    for door in doors(patient, lesions=lesion(centre)):
        assert "mm outside the liver" in refused(door, "centre_mm of lesion 0")
    refused(lambda: ct.truth(patient, lesion(centre), 33, 64), "outside the liver")
    refused(lambda: surfaces.build(patient, lesion(centre)), "outside the liver")


def test_a_lesion_larger_than_any_liver(patient):
    for door in doors(patient, lesions=lesion(semi=(1e6, 9.0, 9.0))):
        assert refused(door, "semi_axes_mm") == "semi_axes_mm is 1e+06; it must be 0 to 150 mm."


@pytest.mark.parametrize("value", [NAN, INF, -INF])
def test_a_lesion_that_is_nowhere(value):
    refused(lambda: lesion(centre=(value, 0.0, 0.0)), "centre_mm")
    refused(lambda: lesion(semi=(9.0, value, 9.0)), "semi_axes_mm")


@pytest.mark.parametrize("what", [None, [], {"a": 1}, SimpleNamespace()])
def test_something_that_is_no_lesions(patient, what):
    for door in doors(patient, lesions=what):
        refused(door, "^lesions is")
    for door in doors(patient, bone_lesions=what):
        refused(door, "^bone_lesions is")
    refused(lambda: surfaces.build(patient, what), "lesions is")


# ---- body ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [0.0, -1.0, NAN, INF, 1e9, None, "wide"])
def test_a_body_that_cannot_be(value):
    refused(lambda: Anatomy(body_width_mm=value), "body_width_mm is")
    refused(lambda: Anatomy(liver_ml=value), "liver_ml is")


@pytest.mark.slow
def test_a_liver_larger_than_the_body():
    small = Anatomy(280.0, 3000.0)
    sentence = refused(lambda: small.liver_scale, "liver_ml is 3000")
    assert "a body 280 mm wide cannot hold" in sentence
    for door in doors(small):
        refused(door, "liver_ml is 3000")
    refused(lambda: surfaces.build(small), "liver_ml is 3000")
    grown = Shape(liver_ml=3000)
    for door in doors(Anatomy(280.0, 1500.0), shape=grown):
        refused(door, "liver_ml is 3000")


@pytest.mark.parametrize("what", [None, "fatty", 3])
def test_something_that_is_no_shape(patient, what):
    for door in doors(patient, shape=what):
        refused(door, "shape is")
