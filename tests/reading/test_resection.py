"""Resections: volumes add up, what is taken is gone, and the remnant counts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.imaging import anatomy
from liverlab.imaging.lesions import NO_LESIONS, LesionState
from liverlab.imaging.segments import SEGMENTS
from liverlab.reading import resection as rs

BODY = anatomy.default()
RIGHT, LEFT, MIDDLE = (-120.0, -40.0, 3.0), (0.0, -100.0, 3.0), (-77.0, -100.0, 3.0)


def at(*places, radius_mm=8.0):
    count = len(places)
    return LesionState([f"m{k}" for k in range(count)], list(places), [[radius_mm] * 3] * count, [0.0] * count)


def test_segments_make_up_the_liver_in_the_usual_proportions():
    volumes = rs.segment_volumes_ml(BODY)
    assert set(volumes) == set(SEGMENTS)
    assert sum(volumes.values()) == pytest.approx(BODY.form().liver_ml)
    right = sum(volumes[name] for name in ("V", "VI", "VII", "VIII")) / BODY.form().liver_ml
    assert 0.5 < right < 0.7  # the right lobe holds about two thirds
    assert volumes["I"] / BODY.form().liver_ml < 0.05


def test_a_healthy_liver_loses_what_is_taken():
    taken = rs.standard(BODY, NO_LESIONS, "right hepatectomy")
    assert taken.cleared
    assert taken.taken_ml + taken.left_ml == pytest.approx(BODY.form().liver_ml)
    right = sum(rs.segment_volumes_ml(BODY)[name] for name in rs.RESECTIONS["right hepatectomy"])
    assert taken.taken_ml == pytest.approx(right)


def test_larger_resections_leave_less():
    left = {one.name: one.left_pct for one in rs.options(BODY, NO_LESIONS)}
    assert left["right hepatectomy"] > left["right trisectionectomy"]
    assert left["left lateral sectionectomy"] > left["left hepatectomy"] > left["left trisectionectomy"]


def test_a_lesion_is_cleared_only_by_what_takes_all_of_it():
    assert rs.standard(BODY, at(RIGHT), "right hepatectomy").cleared
    assert not rs.standard(BODY, at(RIGHT), "left hepatectomy").cleared
    both = rs.standard(BODY, at(RIGHT, LEFT), "right hepatectomy")
    assert both.left_behind == (1,)
    # One that crosses the border of the lobes goes with neither half.
    across = at(MIDDLE, radius_mm=25.0)
    assert not rs.standard(BODY, across, "right hepatectomy").cleared
    assert not rs.standard(BODY, across, "left hepatectomy").cleared


def test_tumour_does_not_count_as_liver():
    bulky = at(RIGHT, radius_mm=35.0)
    assert rs.lesion_volume_ml(bulky)[0] == pytest.approx(4 / 3 * np.pi * 35**3 / 1000)
    after = rs.standard(BODY, bulky, "right hepatectomy")
    bare = rs.standard(BODY, NO_LESIONS, "right hepatectomy")
    assert after.left_ml == pytest.approx(bare.left_ml)
    assert after.left_pct > bare.left_pct  # the tumour takes liver that could not be kept anyway


def test_number_does_not_decide_place_does():
    one_side = at((-120.0, -40.0, 3.0), (-110.0, -70.0, 12.0), (-125.0, -30.0, -20.0))
    spread = at((-125.0, -10.0, -20.0), (-77.0, -100.0, 3.0), (0.0, -100.0, 3.0))
    assert rs.best(rs.options(BODY, one_side), 20.0) is not None
    assert rs.best(rs.options(BODY, spread), 20.0) is None


def test_the_limit_of_a_damaged_liver_rules_out_what_a_healthy_one_bears():
    remnants = rs.options(BODY, at(RIGHT))
    share = rs.best(remnants, 20.0).left_pct
    assert rs.best(remnants, 20.0).enough(share - 0.2)
    assert not rs.best(remnants, 20.0).enough(min(100.0, share + 0.2))
    assert rs.best(remnants, 99.9) is None


@settings(max_examples=20, deadline=None)
@given(angle=st.floats(-90, 90))
def test_the_two_sides_of_a_plane_are_the_liver(angle):
    right, left = (rs.along_plane(BODY, NO_LESIONS, angle, side) for side in ("right", "left"))
    assert right.taken_ml + left.taken_ml == pytest.approx(BODY.form().liver_ml, rel=0.01)


def test_turning_the_plane_to_the_left_takes_more_of_the_right():
    left = [rs.along_plane(BODY, NO_LESIONS, angle, "right").left_pct for angle in (-80, -60, -30, 0, 30)]
    assert (np.diff(left) < 0).all()
    assert rs.along_plane(BODY, at(RIGHT), 0.0, "right").cleared
    assert not rs.along_plane(BODY, at(RIGHT), 0.0, "left").cleared


def test_the_drawn_plane_starts_at_the_cava_and_runs_forwards():
    (x0, y0), (x1, y1) = rs.plane_ends_mm(0.0)
    assert x0 == pytest.approx(x1)
    assert y1 < y0
    assert rs.plane_ends_mm(40.0)[1][0] > x0


def test_lesions_know_their_segment():
    assert rs.segments_of(BODY, at(LEFT, radius_mm=5.0))[0] in ("II", "III", "IVa", "IVb")
    assert rs.segments_of(BODY, NO_LESIONS) == ()


def test_unknown_resections_and_sides_are_refused():
    with pytest.raises(ValueError, match="name is 'all'; it must be one of left lateral"):
        rs.standard(BODY, NO_LESIONS, "all")
    with pytest.raises(ValueError, match="side is 'front'"):
        rs.along_plane(BODY, NO_LESIONS, 0.0, "front")
    with pytest.raises(ValueError, match="angle_deg is 100"):
        rs.along_plane(BODY, NO_LESIONS, 100.0, "right")
    with pytest.raises(ValueError, match="limit_pct is 120"):
        rs.options(BODY, NO_LESIONS)[0].enough(120.0)
