"""Lesions with compartments: each where and as dense as stated, in every slice thickness; and refusals."""

import dataclasses
import math

import numpy as np
import pytest

from liverlab.imaging import anatomy, ct
from liverlab.imaging.lesion_form import HILUM_MM
from liverlab.imaging.lesions import NO_LESIONS, LesionState, joined

from .scan_setting import PORTAL, protocol

CENTRE = (-100.0, -34.0, 3.0)
Z = 33  # the slice at 3 mm
FLAT = {**PORTAL, "spleen_moire_hu": 0.0}


@pytest.fixture(scope="module")
def patient():
    return anatomy.default()


def lesion(radius=16.0, name="a", centre=CENTRE, **form):
    form = {"rim_hu": 60.0, **form}
    return LesionState((name,), [centre], [np.broadcast_to(radius, 3)], **{key: [value] for key, value in form.items()})


def render(patient, lesions, z=Z, matrix=512, **setting):
    return ct.render(patient, FLAT, lesions, z, protocol(**setting), matrix, noise=False).astype(float)


def change(patient, lesions, **more):
    """What lesions change in a picture, HU."""
    return render(patient, lesions, **more) - render(patient, NO_LESIONS, **more)


def polar(patient, matrix=512, centre=CENTRE):
    """Distance (mm) of every pixel from a lesion's centre, and x and y from it."""
    step = patient.pixel_mm(matrix)
    line = (np.arange(matrix) + 0.5) * step - 180
    x = line[None, :] + patient.fov_centre_mm[0] - centre[0]
    y = line[:, None] + patient.fov_centre_mm[1] - centre[1]
    return np.hypot(x, y), x + 0 * y, y + 0 * x


# ---- compartments ----------------------------------------------------------------------------------------------------


def test_three_compartments_have_their_hu_from_the_centre_out(patient):
    target = lesion(18, rim_hu=90, inner_hu=40, inner_fraction=0.75, centre_hu=80, centre_fraction=0.35, lobulation=0)
    picture, (radius, _, _) = render(patient, target), polar(patient)
    found = [picture[(low < radius) & (radius < high)].mean() for low, high in ((0, 4), (8.5, 11.5), (15, 16))]
    assert found == pytest.approx([80, 40, 90], abs=3)


def test_an_absent_compartment_changes_nothing(patient):
    plain = render(patient, lesion())
    assert np.array_equal(plain, render(patient, lesion(inner_hu=500, centre_hu=-500)))
    assert np.array_equal(plain, render(patient, lesion(sediment_hu=500)))


def test_a_centre_needs_no_inner_part(patient):
    scar = lesion(18, rim_hu=120, centre_hu=60, centre_fraction=0.3, lobulation=0)
    picture, (radius, _, _) = render(patient, scar), polar(patient)
    assert picture[radius < 3].mean() == pytest.approx(60, abs=2)
    assert picture[(radius > 8) & (radius < 14)].mean() == pytest.approx(120, abs=1)


@pytest.mark.parametrize("roughness", [0.1, 0.25])
def test_a_rough_border_moves_but_keeps_its_area(patient, roughness):
    smooth, rough = (
        render(patient, lesion(20, rim_hu=80, inner_hu=0, inner_fraction=0.6, inner_roughness=r)) < 40
        for r in (0.0, roughness)
    )
    near = polar(patient)[0] < 20
    assert (rough & near).sum() == pytest.approx((smooth & near).sum(), rel=0.35)
    moved = (rough ^ smooth) & near
    assert moved.sum() > roughness * (smooth & near).sum() / 2


def test_a_rough_border_near_the_edge_breaks_the_rim_into_nodules(patient):
    nodular = lesion(18, rim_hu=400, inner_hu=0, inner_fraction=0.88, inner_roughness=0.16, lobulation=0)
    picture, (radius, x, y) = render(patient, nodular), polar(patient)
    ring = (radius > 15) & (radius < 16.5)
    sectors = np.digitize(np.arctan2(y, x)[ring], np.linspace(-np.pi, np.pi, 25))
    bright = np.array([picture[ring][sectors == k].mean() > 200 for k in range(1, 25)])
    assert 0.15 < bright.mean() < 0.85
    assert np.sum(bright != np.roll(bright, 1)) >= 4  # at least two nodules


def test_sediment_lies_behind_under_a_level_line(patient):
    bleeding = lesion(
        18, rim_hu=40, inner_hu=20, inner_fraction=0.9, sediment_hu=70, sediment_fraction=0.4, lobulation=0
    )
    picture, (radius, _, y) = render(patient, bleeding), polar(patient)
    level = 0.9 * 18 * (1 - 0.8)
    assert picture[(radius < 14) & (y > level + 2)].mean() == pytest.approx(70, abs=2)
    assert picture[(radius < 14) & (y < level - 2)].mean() == pytest.approx(20, abs=2)


def test_a_soft_border_keeps_the_content_and_widens_the_edge(patient):
    sharp, soft = (change(patient, lesion(12, rim_hu=-900, edge_mm=e)) for e in (0.0, 3.0))
    assert np.abs(np.gradient(soft, axis=1)).max() < 0.5 * np.abs(np.gradient(sharp, axis=1)).max()
    assert soft.sum() == pytest.approx(sharp.sum(), rel=0.1)


def test_lobulation_leaves_the_area_and_makes_the_outline_uneven(patient):
    radius = polar(patient)[0]
    spread = []
    for lobulation in (0.0, 0.04, 0.08):
        inside = change(patient, lesion(18, rim_hu=-500, lobulation=lobulation)) < -300
        edge = inside & ~(
            np.roll(inside, 1, 0) & np.roll(inside, -1, 0) & np.roll(inside, 1, 1) & np.roll(inside, -1, 1)
        )
        spread.append(radius[edge].std())
        assert inside.sum() * patient.pixel_mm(512) ** 2 == pytest.approx(np.pi * 18**2, rel=0.1)
    assert spread[0] < 0.3 < spread[1] < 0.75 * spread[2]


def test_a_nodule_in_a_mass_is_drawn_over_it(patient):
    mass, nodule = lesion(24, rim_hu=30), lesion(6, "b", rim_hu=100)
    both = joined([mass, nodule])
    assert both.ids == ("a", "b")
    picture, (radius, _, _) = render(patient, both), polar(patient)
    assert picture[radius < 3].mean() == pytest.approx(100, abs=1)
    assert picture[(radius > 9) & (radius < 18)].mean() == pytest.approx(30, abs=1)
    assert set(np.unique(ct.truth(patient, both, Z, 256))) == {0, 1, 2}


def test_joined_and_only_are_inverse(patient):
    parts = [lesion(10, name, rim_hu=hu, calcium_pattern="rim") for name, hu in (("a", 1.0), ("b", 2.0), ("c", 3.0))]
    back = joined(parts).only([2])
    for field in dataclasses.fields(LesionState):
        assert np.array_equal(getattr(back, field.name), getattr(parts[2], field.name))
    assert joined([]).ids == joined([NO_LESIONS]).ids == ()


# ---- wedges and changes of the liver itself --------------------------------------------------------------------------


def test_a_wedge_is_broad_at_the_capsule_and_narrow_towards_the_hilum(patient):
    centre = (-105.0, -20.0, 3.0)
    wedge = lesion(np.array([26.0, 18, 18]), centre=centre, rim_hu=-400, wedge=True)
    rows, cols = np.nonzero(change(patient, wedge) < -250)
    step = patient.pixel_mm(512)
    x, y = (cols + 0.5) * step - 180 + patient.fov_centre_mm[0], (rows + 0.5) * step - 180 + patient.fov_centre_mm[1]
    out = np.subtract(centre, HILUM_MM)[:2]
    out = out / np.hypot(*out)
    along = (x - centre[0]) * out[0] + (y - centre[1]) * out[1]
    across = (x - centre[0]) * out[1] - (y - centre[1]) * out[0]
    widths = [np.ptp(across[(along > low) & (along < low + 4)]) for low in (-18, -8, 2, 12)]
    assert widths == sorted(widths)
    assert widths[-1] > 1.8 * widths[0]


def test_a_parenchymal_change_spares_the_vessels(patient):
    centre, z = (-47.0, -45.0, -12.0), 28  # the portal vein divides here
    drawn = {
        kind: change(patient, lesion(25, centre=centre, rim_hu=20.0, parenchymal=kind == "parenchymal"), z=z)
        for kind in ("mass", "parenchymal")
    }
    bright = ct.render(patient, {**dict.fromkeys(FLAT, 0.0), "portal_vein": 1000.0, "hepatic_vein": 1000.0}, NO_LESIONS,
                       z, protocol(), 512, noise=False) > 950  # fmt: skip
    vessels = bright & (polar(patient, centre=centre)[0] < 20)
    assert vessels.sum() > 100
    assert np.abs(drawn["parenchymal"][vessels]).max() < 6
    assert drawn["mass"][vessels].mean() < -100
    liver = ~bright & (polar(patient, centre=centre)[0] < 15) & (np.abs(drawn["parenchymal"] + 83) < 2)
    assert liver.sum() > 400


# ---- partial volume --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("thick_mm", "slice_mm"), [(2.0, 5.0), (2.0, 3.0), (4.0, 5.0), (1.5, 10.0)])
def test_partial_volume_along_z_is_the_share_of_the_slice(patient, thick_mm, slice_mm):
    """B4 of the dossier: 2 mm of 800 HU in a 5 mm slice of a liver of 55 HU read 353 HU."""
    liver = {**FLAT, "liver": 55.0}
    disc = lesion(np.array([14.0, 14.0, thick_mm / 2]), rim_hu=800, lobulation=0)
    picture = ct.render(patient, liver, disc, Z, protocol(slice_mm=slice_mm), 512, noise=False)
    middle = picture[polar(patient)[0] < 1.5].mean()
    expected = 55 + min(1, thick_mm / slice_mm) * 745
    assert middle == pytest.approx(expected, abs=0.03 * 745)


@pytest.mark.parametrize("radius", [0.6, 1.0, 1.59, 1.61, 2.0, 3.0])
@pytest.mark.parametrize("slice_mm", [1.0, 3.0, 8.0])
def test_small_lesions_keep_their_content(patient, radius, slice_mm):
    """Blur moves HU, it makes none: the sum over the picture is that of the ball inside the slice."""
    added = change(patient, lesion(radius, rim_hu=1103.0, lobulation=0), slice_mm=slice_mm)
    half = min(radius, slice_mm / 2)
    inside = np.pi * 2 * (radius**2 * half - half**3 / 3)
    assert added.sum() * patient.pixel_mm(512) ** 2 * slice_mm / 1000 == pytest.approx(inside, rel=0.16)


# ---- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rim_hu": math.nan}, "rim_hu holds a value that is not a number"),
        ({"rim_hu": 1e6}, "rim_hu holds a value outside its range; it must lie between -1100 and 4000"),
        ({"inner_fraction": -0.1}, "inner_fraction holds"),
        ({"inner_fraction": 0.4, "centre_fraction": 0.5}, "centre_fraction is larger than inner_fraction"),
        ({"inner_roughness": 2.0}, "inner_roughness holds"),
        ({"calcium_share": 1.2}, "calcium_share holds"),
        ({"calcium_pattern": "stars"}, "calcium_pattern holds 'stars'"),
        ({"edge_mm": math.inf}, "edge_mm holds"),
    ],
)
def test_impossible_compartments_are_refused(change, words):
    with pytest.raises(ValueError, match=words):
        lesion(**change)


def test_one_value_may_stand_for_all_but_two_may_not_stand_for_three():
    places = np.array([CENTRE] * 3), np.full((3, 3), 5.0)
    assert LesionState("abc", *places, rim_hu=50.0).rim_hu.tolist() == [50.0] * 3
    with pytest.raises(ValueError, match=r"rim_hu has shape \(2,\); with 3 ids it must have shape \(3,\)"):
        LesionState("abc", *places, rim_hu=[1.0, 2.0])
    with pytest.raises(ValueError, match="calcium_pattern holds 1 names for 3 ids"):
        LesionState("abc", *places, rim_hu=1.0, calcium_pattern=("rim",))
