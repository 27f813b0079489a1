"""A liver that disease moves: volumes hold, nodules roughen, dimples stay local, fluid sinks, nonsense is refused."""

import itertools
import math

import numpy as np
import pytest

from liverlab.imaging import anatomy
from liverlab.imaging.anatomy_canvas import TISSUE_INDEX, TISSUES
from liverlab.imaging.liver_state import NORMAL, Shape

SURFACE = ((-135.0, -50.0, 3.0), (-60.0, -125.0, 10.0), (-100.0, 20.0, -10.0))
PSEUDOCIRRHOSIS = Shape(
    liver_ml=1500.0, nodularity_mm=1.4, nodule_mm=14.0, caudate_growth_mm=6.0, spleen_ml=400.0, ascites_ml=250.0,
    retractions=tuple((point, 9.0, 11.0) for point in SURFACE),
)  # fmt: skip
CIRRHOSIS = Shape(
    liver_ml=1250.0, nodularity_mm=1.2, nodule_mm=9.0, right_atrophy_mm=8.0, caudate_growth_mm=12.0, spleen_ml=700.0,
    ascites_ml=700.0, portal_vein_mm=15.0, collaterals_pct=80.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def patient():
    return anatomy.default()


def share_of(slice_map, tissue):
    """Coverage (N, N) of one tissue: the picture of a body in which only that tissue has 1 HU."""
    vector = np.zeros(len(TISSUES), np.float32)
    vector[TISSUE_INDEX[tissue]] = 1.0
    return slice_map.hu(vector, texture=False)


def millilitres(patient, tissue, shape, matrix=64):
    """Volume of a tissue that is not covered by others, summed over all slices of the scan."""
    area = patient.pixel_mm(matrix) ** 2
    planes = (share_of(patient.prepare(k, matrix, shape), tissue).sum() for k in range(len(patient.z_mm)))
    return float(sum(planes)) * area * anatomy.SLICE_SPACING_MM / 1000


def liver_ml(patient, shape, step=3.0):
    mask, *_ = patient.liver_mask(step, shape)
    return mask.sum() * step**3 / 1000


# ---- volumes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shape",
    [
        Shape(liver_ml=1600.0),
        Shape(liver_ml=900.0),
        Shape(liver_ml=2500.0),
        Shape(nodularity_mm=2.2, nodule_mm=22.0),
        Shape(right_atrophy_mm=8.0, caudate_growth_mm=10.0),
        Shape(retractions=tuple((point, 12.0, 12.0) for point in SURFACE)),
        PSEUDOCIRRHOSIS,
        CIRRHOSIS,
    ],
)
def test_the_volume_asked_for_holds_after_every_deformation(patient, shape):
    wanted = patient.liver_ml if shape.liver_ml is None else shape.liver_ml
    assert liver_ml(patient, shape) == pytest.approx(wanted, rel=0.02)


@pytest.mark.parametrize("shape", [Shape(ascites_ml=200.0), Shape(liver_ml=1500.0, ascites_ml=1200.0), CIRRHOSIS])
def test_the_ascites_asked_for_is_drawn(patient, shape):
    assert millilitres(patient, "ascites", shape) == pytest.approx(shape.ascites_ml, rel=0.05)


@pytest.mark.parametrize("wanted", [120.0, 290.0, 700.0])
def test_the_spleen_asked_for_is_drawn(patient, wanted):
    assert millilitres(patient, "spleen", Shape(spleen_ml=wanted)) == pytest.approx(wanted, rel=0.05)


@pytest.mark.parametrize(("width", "liver"), [(290.0, 600.0), (290.0, 1200.0), (350.0, 3000.0)])
def test_small_and_large_livers_fit_bodies_of_their_size(width, liver):
    other = anatomy.Anatomy(body_width_mm=width, liver_ml=liver)
    assert liver_ml(other, NORMAL, 4.0) == pytest.approx(liver, rel=0.02)


# ---- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("liver_ml", 500.0), ("liver_ml", math.nan), ("nodularity_mm", -0.1), ("nodule_mm", 0.0),
        ("right_atrophy_mm", math.inf), ("caudate_growth_mm", 40.0), ("spleen_ml", 5000.0), ("ascites_ml", -1.0),
        ("portal_vein_mm", 50.0), ("collaterals_pct", 101.0),
    ],
)  # fmt: skip
def test_a_shape_out_of_range_is_refused_by_name(field, value):
    with pytest.raises(ValueError, match=f"^{field} is .*it must be"):
        Shape(**{field: value})


@pytest.mark.parametrize("retraction", [(1.0, 2.0), ((1.0, 2.0), 3.0, 4.0), "abc", ((0.0, 0.0, math.nan), 3.0, 10.0)])
def test_a_retraction_that_is_none_is_refused(retraction):
    with pytest.raises(ValueError, match="retraction"):
        Shape(retractions=(retraction,))


def test_what_does_not_fit_into_the_body_is_refused_by_name():
    small = anatomy.Anatomy(body_width_mm=290.0, liver_ml=1200.0)
    with pytest.raises(ValueError, match=r"^liver_ml is 3000; a body 290 mm wide cannot hold that volume\.$"):
        small.form(Shape(liver_ml=3000.0))
    with pytest.raises(ValueError, match=r"^ascites_ml is 3000; a body 290 mm wide cannot hold that volume\.$"):
        small.form(Shape(ascites_ml=3000.0))


def test_shapes_that_are_equal_are_one_key():
    one, other = (Shape(nodularity_mm=1, retractions=[[list(SURFACE[0]), 3, 9]]) for _ in range(2))
    assert one == other
    assert len({one, other, NORMAL}) == 2
    assert all(isinstance(v, float) for v in itertools.chain(*[r[0] for r in one.retractions]))
