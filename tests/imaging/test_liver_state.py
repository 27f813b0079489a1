"""A liver that disease moves: volumes hold, nodules roughen, dimples stay local, fluid sinks, nonsense is refused."""

import itertools
import math

import numpy as np
import pytest

from liverlab import evidence
from liverlab.imaging import anatomy, ct
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


# ---- forms -----------------------------------------------------------------------------------------------------------


def outline_mm(patient, shape, index=33, matrix=512):
    """Length of the liver's outline on a slice: the integral of the gradient of a soft mask."""
    step = patient.pixel_mm(matrix)
    soft = np.clip(0.5 - patient.prepare(index, matrix, shape).liver_distance_mm() / (2 * step), 0, 1)
    return float(np.sqrt(sum(g**2 for g in np.gradient(soft, step))).sum()) * step**2


def surface_points(patient, shape=NORMAL):
    """Points (n, 3) within a millimetre of the liver's surface."""
    x, y, z = np.meshgrid(np.arange(-140.0, 60, 3), np.arange(-140.0, 40, 3), np.arange(-60.0, 61, 12), indexing="ij")
    near = np.abs(patient.liver_field(x, y, z, shape)) < 1.0
    return np.stack([v[near] for v in (x, y, z)], axis=1)


def test_the_own_shape_is_that_of_a_shape_that_asks_for_nothing_new(patient):
    asked = Shape(liver_ml=patient.liver_ml)
    vector = np.linspace(-100, 200, len(TISSUES)).astype(np.float32)
    own, same = (patient.prepare(30, 128, shape).hu(vector) for shape in (NORMAL, asked))
    assert np.abs(own - same).max() < 3.0


def test_more_nodularity_makes_a_longer_outline_and_a_rougher_surface(patient):
    heights = (0.0, 0.6, 1.2, 1.8, 2.4)
    lengths = [outline_mm(patient, Shape(nodularity_mm=mm, nodule_mm=12.0)) for mm in heights]
    assert all(a < b for a, b in itertools.pairwise(lengths))
    points = surface_points(patient)
    inside = points[patient.wall_gap_mm(points) > 12]  # away from the wall, where bulges would flatten
    smooth, rough = (patient.liver_field(*inside.T, Shape(nodularity_mm=mm)) for mm in (0.0, 1.5))
    assert (rough - smooth).std() == pytest.approx(1.5, rel=0.15)


def test_nodules_do_not_move_vessels_or_what_lies_deep(patient):
    deep = patient.prepare(33, 128).liver_distance_mm() < -10
    rough = Shape(nodularity_mm=2.0)
    for tissue in ("portal_vein", "hepatic_vein", "liver"):
        own, moved = (share_of(patient.prepare(33, 128, shape), tissue) for shape in (NORMAL, rough))
        assert np.array_equal(own[deep], moved[deep])


def test_a_retraction_is_as_deep_as_asked_and_local(patient):
    for depth in (3.0, 9.0):
        shape = Shape(retractions=((SURFACE[0], depth, 10.0),))
        point = np.array(patient.form(shape).dimples[0][:3])
        normal = np.array([np.diff(patient.liver_field(*(point + np.outer((-2, 2), axis)).T))[0] for axis in np.eye(3)])
        normal /= np.linalg.norm(normal)
        steps = np.linspace(-4, depth + 6, 60)
        along = point - steps[:, None] * normal
        own, pulled = (patient.liver_field(*along.T, s) for s in (NORMAL, shape))
        found = np.interp(0, -pulled, steps) - np.interp(0, -own, steps)
        assert found == pytest.approx(depth, abs=0.15 * depth + 0.4)
        points = surface_points(patient)
        far = np.linalg.norm(points - point, axis=1) > 45
        moved = np.abs(patient.liver_field(*points[far].T, shape) - patient.liver_field(*points[far].T))
        assert moved.max() < 0.08 * depth + 0.1  # the rest gives way evenly, so that the volume holds


def test_retractions_grow_continuously(patient):
    fields = [
        patient.liver_field(*np.array(SURFACE).T, Shape(retractions=tuple((p, mm, 11.0) for p in SURFACE)))
        for mm in np.arange(0.0, 10.1, 1.0)
    ]
    assert (np.diff(fields, axis=0) > 0).all()
    assert (np.diff(fields, axis=0) < 2.0).all()


def test_lobes_change_where_they_are(patient):
    points = np.array([[-125.0, -40.0, 0.0], [22.0, -56.0, 4.0]])  # right lobe, left of the caudate
    own = patient.liver_field(*points.T, Shape(liver_ml=1500.0))
    shrunk = patient.liver_field(*points.T, Shape(liver_ml=1500.0, right_atrophy_mm=8.0))
    grown = patient.liver_field(*points.T, Shape(liver_ml=1500.0, caudate_growth_mm=10.0))
    assert shrunk[0] - own[0] > 2
    assert grown[1] - own[1] < -4
    assert abs(grown[0] - own[0]) < 1.5


def test_the_surface_says_what_moved_it(patient):
    points = surface_points(patient)
    still = patient.surface_mechanism(points, NORMAL)
    assert set(still) == {"retraction", "nodules", "atrophy"}
    assert not any(share.any() for share in still.values())
    shape = Shape(liver_ml=1600.0, nodularity_mm=1.2, retractions=((SURFACE[0], 10.0, 10.0),))
    found = patient.surface_mechanism(points, shape)
    assert sum(found.values()) == pytest.approx(np.ones(len(points)), abs=1e-3)
    near = np.linalg.norm(points - patient.form(shape).dimples[0][:3], axis=1)
    assert found["retraction"][near < 6].min() > 0.5
    assert found["retraction"][near > 50].max() < 0.05
    only_atrophy = patient.surface_mechanism(points, Shape(right_atrophy_mm=6.0, liver_ml=1500.0))
    assert only_atrophy["atrophy"].min() == pytest.approx(1.0)


def test_lesions_keep_their_place_whatever_the_surface_does(patient):
    lesion = ct.LesionState(("a",), [[-108.0, -34.0, 3.0]], [[12.0, 12.0, 12.0]], [60.0])
    rough = Shape(nodularity_mm=1.2, retractions=((SURFACE[1], 8.0, 11.0),))
    own, moved = (np.argwhere(ct.truth(patient, lesion, 33, 256, shape)) for shape in (NORMAL, rough))
    assert np.array_equal(own, moved)
    near = ct.LesionState(("b",), [[-128.0, -45.0, 3.0]], [[9.0, 9.0, 9.0]], [60.0])
    pulled = Shape(retractions=(((-128.0, -45.0, 3.0), 6.0, 9.0),))
    own, moved = ({*map(tuple, np.argwhere(ct.truth(patient, near, 33, 256, shape)))} for shape in (NORMAL, pulled))
    assert moved < own  # the dimple takes some of a lesion under the capsule, and moves nothing
    assert len(moved) > 0.4 * len(own)


def test_a_shape_can_be_read_from_the_sliders(patient):
    values = evidence.load().values(evidence.Scenario("gist_imatinib"))
    usual = Shape.from_values(values)
    assert usual.liver_ml == patient.liver_ml
    assert (usual.nodularity_mm, usual.ascites_ml, usual.collaterals_pct) == (0.0, 0.0, 0.0)
    changed = Shape.from_values({**values, "ascites_ml": 300.0}, retractions=((SURFACE[0], 4.0, 9.0),))
    assert changed.ascites_ml == 300.0
    assert len(changed.retractions) == 1
    assert usual.portal_vein_mm == NORMAL.portal_vein_mm


# ---- fluid, spleen, veins --------------------------------------------------------------------------------------------


def test_fluid_fills_the_dependent_recesses_first(patient):
    rows = np.arange(128) * patient.pixel_mm(128) + patient.fov_centre_mm[1] - 180
    middles, fronts = [], []
    for ml in (100.0, 300.0, 700.0, 1300.0):
        wet = share_of(patient.prepare(3.0, 128, Shape(liver_ml=1500.0, ascites_ml=ml)), "ascites").sum(1)
        middles.append(float((wet * rows).sum() / wet.sum()))
        fronts.append(rows[wet > 0.5].min())
    assert all(a > b for a, b in itertools.pairwise(middles))
    assert middles[0] > 15  # behind the middle of the vertebral bodies
    assert fronts[0] > -60 > -110 > fronts[-1]


def test_no_disease_leaves_the_body_or_reaches_bone(patient):
    for index in (10, 20, 33, 45):
        for tissue in ("air", "skin", "subcutaneous_fat", "bone_cortex", "aorta", "lung"):
            own, moved = (share_of(patient.prepare(index, 64, shape), tissue) for shape in (NORMAL, CIRRHOSIS))
            assert np.abs(own - moved).max() < (0.2 if tissue == "lung" else 0.02), (index, tissue)
            assert moved.sum() == pytest.approx(own.sum(), rel=0.01, abs=0.5), (index, tissue)


def test_every_shape_covers_every_pixel(patient):
    ones = np.ones(len(TISSUES), np.float32)
    for shape in (PSEUDOCIRRHOSIS, CIRRHOSIS):
        for index in range(0, 64, 5):
            assert np.allclose(patient.prepare(index, 64, shape).hu(ones, texture=False), 1.0, atol=1e-3)


def test_veins_grow_with_their_sliders(patient):
    def area(shape):
        return float(share_of(patient.prepare(-38.0, 256, shape), "portal_vein").sum())

    calibres = [area(Shape(portal_vein_mm=mm)) for mm in (9.0, 12.5, 15.0, 18.0)]
    assert all(a < b for a, b in itertools.pairwise(calibres))
    varices = [
        float(share_of(patient.prepare(18.0, 256, Shape(collaterals_pct=p)), "portal_vein").sum()) for p in (0, 30, 100)
    ]
    assert varices[0] < varices[1] < varices[2]


# ---- cache -----------------------------------------------------------------------------------------------------------


def test_a_new_shape_shares_the_layers_of_its_slice(patient):
    one, other = (patient.prepare(33, 64, Shape(nodularity_mm=mm)) for mm in (0.4, 0.8))
    assert one.bed is other.bed
    assert one.veins is other.veins
    assert patient.prepare(33, 64, Shape(nodularity_mm=0.4)) is one


def test_a_form_does_not_depend_on_what_was_asked_before():
    first, second = anatomy.Anatomy(), anatomy.Anatomy()
    second.form(CIRRHOSIS)
    second.form(Shape(liver_ml=2600.0))
    assert first.form(PSEUDOCIRRHOSIS) == second.form(PSEUDOCIRRHOSIS)


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
