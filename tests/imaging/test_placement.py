"""Seeded places of lesions: in the liver, in the lobe asked for, apart from each other and from vessels; segments."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.imaging import anatomy, placement, vessels
from liverlab.imaging.anatomy_liver import LIVER_CENTRE_MM
from liverlab.imaging.lesions import LesionState
from liverlab.imaging.liver_state import NORMAL, Shape
from liverlab.imaging.placement import place_lesions
from liverlab.imaging.segments import RIGHT_LOBE, SEGMENTS, segment_of


@pytest.fixture(scope="module")
def patient():
    return anatomy.default()


@pytest.fixture(scope="module")
def liver_points(patient):
    rng = np.random.default_rng(2)
    x, y = rng.uniform(-150, 90, 4000), rng.uniform(-150, 64, 4000)
    return np.concatenate(
        [
            np.column_stack([x, y, np.full(4000, z)])[patient.liver_field(x, y, z) < 0]
            for z in np.arange(-90.0, 90.0, 6.0)
        ]
    )


# ---- placement -------------------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(
    count=st.integers(0, 30), seed=st.integers(0, 10_000), lobe=st.sampled_from([None, "right", "left", "both"]),
    share=st.floats(0, 1),
)  # fmt: skip
def test_rules_hold_for_every_seed(patient, count, seed, lobe, share):
    diameters = np.random.default_rng(seed).uniform(4, 18, count)
    found = place_lesions(patient, count, diameters, seed, lobe=lobe, subcapsular_share=share)
    assert found.centre_mm.shape == found.semi_axes_mm.shape == (count, 3)
    assert len(found.segment) == len(found.depth_mm) == count
    anatomy.check_lesions(patient, found.centre_mm, found.semi_axes_mm)
    assert found.subcapsular.sum() == round(share * count)
    if count:
        assert found.semi_axes_mm[:, :2].max(1) == pytest.approx(diameters / 2)
        assert (found.semi_axes_mm.min(1) >= 0.8 * diameters / 2 - 1e-9).all()
    apart = np.linalg.norm(found.centre_mm[:, None] - found.centre_mm[None], axis=2)
    touching = found.semi_axes_mm.max(1)[:, None] + found.semi_axes_mm.max(1)[None]
    assert (apart > touching)[~np.eye(count, dtype=bool)].all()
    deep = ~found.subcapsular
    assert (found.depth_mm[deep] > found.semi_axes_mm.max(1)[deep]).all()
    assert (found.depth_mm[found.subcapsular] <= found.semi_axes_mm.max(1)[found.subcapsular] + 1).all()
    right = np.isin(found.segment, RIGHT_LOBE)
    if lobe in ("right", "left"):
        assert right.all() if lobe == "right" else not right.any() and "I" not in found.segment
    if lobe == "both" and count >= 2:
        assert 0 < right.sum() < count


def test_the_same_seed_gives_the_same_lesions_and_another_others(patient):
    one, again, other = (place_lesions(patient, 12, 15.0, seed) for seed in (4, 4, 5))
    assert np.array_equal(one.centre_mm, again.centre_mm)
    assert np.array_equal(one.semi_axes_mm, again.semi_axes_mm)
    assert not np.array_equal(one.centre_mm, other.centre_mm)


def test_lesions_keep_off_large_vessels_unless_told(patient):
    trees = vessels.trees(patient.liver_scale)
    cones = np.concatenate([trees["portal_vein"], trees["hepatic_vein"]])
    cones = cones[np.minimum(cones[:, 3], cones[:, 7]) >= 3.0]
    axis = np.concatenate([cones[:, :3] + t * (cones[:, 4:7] - cones[:, :3]) for t in np.linspace(0, 1, 9)])

    def crossings(**rule):
        found = [place_lesions(patient, 10, 22.0, seed, **rule) for seed in range(5)]
        return sum(
            (np.linalg.norm(axis - centre, axis=1) < semi.min()).any()
            for one in found
            for centre, semi in zip(one.centre_mm, one.semi_axes_mm, strict=True)
        )

    assert crossings() == 0
    assert crossings(avoid_vessels=False) > 0


def test_lesions_may_overlap_on_request(patient):
    crowd = place_lesions(patient, 150, 30.0, 1, avoid_vessels=False, allow_overlap=True)
    apart = np.linalg.norm(crowd.centre_mm[:, None] - crowd.centre_mm[None], axis=2) + 1e3 * np.eye(150)
    assert apart.min() < 15
    with pytest.raises(ValueError, match="the liver has no room for the lesion of 30 mm"):
        place_lesions(patient, 150, 30.0, 1, avoid_vessels=False)


def test_new_lesions_keep_off_those_already_there(patient):
    first = place_lesions(patient, 15, 25.0, 1)
    there = LesionState(range(15), first.centre_mm, first.semi_axes_mm, rim_hu=50.0)
    later = place_lesions(patient, 15, 10.0, 2, others=there)
    apart = np.linalg.norm(first.centre_mm[:, None] - later.centre_mm[None], axis=2)
    assert apart.min() > 12.5 + 5


def test_the_depth_asked_for_is_kept(patient):
    found = place_lesions(patient, 10, 8.0, 3, subcapsular_share=0.0, depth_mm=(20.0, 30.0))
    assert found.depth_mm.min() >= 20
    assert found.depth_mm.max() <= 30


def test_another_body_has_its_own_places():
    small = anatomy.Anatomy(300.0, 1300.0)
    found = place_lesions(small, 20, 12.0, 1)
    anatomy.check_lesions(small, found.centre_mm, found.semi_axes_mm)


def test_lesions_fit_a_shrunken_liver(patient):
    small = Shape(liver_ml=1300.0)
    found = place_lesions(patient, 15, 12.0, 1, subcapsular_share=1.0, shape=small)
    fields = [patient.liver_field(*centre, shape=form) for form in (small, NORMAL) for centre in found.centre_mm]
    assert max(fields) < 0
    assert np.mean(fields[:15]) > np.mean(fields[15:]) + 3  # the capsule of the small liver lies deeper


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"count": -1}, "count is -1"),
        ({"count": 2.5}, "count is 2.5"),
        ({"count": 201}, "count is 201"),
        ({"diameters_mm": 0.0}, "diameters_mm is 0"),
        ({"diameters_mm": [5.0, 6.0]}, r"diameters_mm has shape \(2,\); it must be one number or 3"),
        ({"diameters_mm": float("nan")}, "diameters_mm is nan"),
        ({"lobe": "upper"}, "lobe is 'upper'"),
        ({"subcapsular_share": 1.5}, "subcapsular_share is 1.5"),
        ({"depth_mm": (90.0, 100.0), "subcapsular_share": 0.0}, "the liver has no room"),
    ],
)
def test_bad_requests_are_refused(patient, call, words):
    request = {"count": 3, "diameters_mm": 10.0, "seed": 1, **call}
    with pytest.raises(ValueError, match=words):
        place_lesions(patient, **request)


def test_points_know_how_far_vessels_are():
    cone = np.array([[0.0, 0, 0, 2.0, 10.0, 0, 0, 4.0]])
    found = placement._clearance(np.array([[5.0, 7, 0], [-5.0, 0, 0], [10.0, 0, 4]], np.float32), cone)
    assert found == pytest.approx([4.0, 3.0, 0.0])


# ---- segments --------------------------------------------------------------------------------------------------------

_LANDMARKS = {  # PHANTOM 1.3, mm from the centroid at 1500 mL; II in front of the fissure as it is drawn
    "I": (23, 24, 6), "IVb": (0, -40, -44), "VII": (-55, 45, 15), "VI": (-45, 30, -50), "V": (-35, -10, -50),
    "VIII": (-25, -5, 35), "II": (85, -20, 25), "III": (60, -40, -20), "IVa": (25, -40, 15),
}  # fmt: skip


@pytest.mark.parametrize(("segment", "place"), _LANDMARKS.items())
def test_landmarks_lie_in_their_segments(patient, segment, place):
    point = np.array(LIVER_CENTRE_MM) + patient.liver_scale * np.array(place)
    assert segment_of(point, patient.liver_scale) == segment


def test_segments_have_plausible_volumes(patient, liver_points):
    """Right lobe more than half, left lobe about a third, caudate a few per cent."""
    names = segment_of(liver_points, patient.liver_scale)
    share = {name: np.mean(names == name) for name in SEGMENTS}
    assert min(share.values()) > 0.015
    assert 0.5 < sum(share[name] for name in RIGHT_LOBE) < 0.7
    assert 0.01 < share["I"] < 0.06
    assert 0.1 < share["II"] + share["III"] < 0.3
    assert 0.1 < share["IVa"] + share["IVb"] < 0.25


def test_segments_are_ordered_in_space(patient, liver_points):
    names = segment_of(liver_points, patient.liver_scale)
    middle = {name: liver_points[names == name].mean(0) for name in SEGMENTS}
    for upper, lower in (("VIII", "V"), ("VII", "VI"), ("IVa", "IVb"), ("II", "III")):
        assert middle[upper][2] > middle[lower][2]
    assert middle["VIII"][0] < middle["IVa"][0] < middle["III"][0]  # from the patient's right to the left
    assert middle["VIII"][1] < middle["VII"][1]  # anterior before posterior


def test_the_large_hepatic_veins_run_between_segments(patient):
    """Thick hepatic veins lie where two segments meet, more often than other points of the liver do."""
    cones = vessels.trees(patient.liver_scale)["hepatic_vein"]
    thick = cones[cones[:, 3] > 2.6][:, :3]
    deep = placement._room(patient).point[::40]

    def near_a_border(points):
        steps = ((9, 0, 0), (-9, 0, 0), (0, 9, 0), (0, -9, 0))
        around = [segment_of(points + np.array(step), patient.liver_scale) for step in steps]
        return np.mean(np.any([one != around[0] for one in around[1:]], axis=0))

    assert near_a_border(thick) > 1.2 * near_a_border(deep)


def test_points_that_are_no_points_are_refused(patient):
    with pytest.raises(ValueError, match="point_mm has shape"):
        segment_of([1.0, 2.0], patient.liver_scale)
    with pytest.raises(ValueError, match="point_mm has shape"):
        segment_of([1.0, 2.0, float("nan")], patient.liver_scale)
