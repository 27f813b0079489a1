"""Number, place, size and growth of metastases."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liverlab import evidence
from liverlab.disease import spread

LAYOUT = evidence.load().cases["from_colorectal"].lesions


@given(count=st.integers(1, 20), share=st.integers(0, 10))
def test_number_and_side_are_what_was_asked(count, share):
    found = spread.chosen(LAYOUT, count, 10 * share)
    left = [lesion for lesion in found if lesion.segment in spread.LEFT_SEGMENTS]
    assert len(found) == count
    assert abs(len(left) - count * share / 10) <= 0.5
    assert len({lesion.id for lesion in found}) == count


def test_more_lesions_leave_those_that_were_there():
    for share in (0, 30, 100):
        few, many = (set(spread.chosen(LAYOUT, count, share)) for count in (4, 5))
        assert len(few - many) <= 1  # the side of one may change with the rounding of the share
    assert spread.chosen(LAYOUT, 5, 0)[:4] == spread.chosen(LAYOUT, 4, 0)


def test_the_largest_has_the_size_asked_for_and_new_ones_start_small():
    lesions = spread.chosen(LAYOUT, 6, 30, 2)
    sizes = spread.diameters_mm(lesions, 42.0, 4.0, 100.0, [0.0, 100.0])
    new = np.array([lesion.role == "new" for lesion in lesions])
    assert new.sum() == 2
    assert sizes[~new, 0].max() == pytest.approx(42.0)
    assert (sizes[new, 0] == 4.0).all()
    # One doubling time doubles the volume, whatever the size.
    assert (sizes[:, 1] / sizes[:, 0]) ** 3 == pytest.approx(2.0)


def test_what_is_no_tumour_keeps_its_size():
    lesions = spread.chosen(LAYOUT, 3, 0)
    sizes = spread.diameters_mm(lesions, 15.0, 5.0, 60.0, [0.0, 84.0], growing=[True, False, True])
    assert sizes[1, 1] == sizes[1, 0]
    assert (sizes[[0, 2], 1] > sizes[[0, 2], 0]).all()


@given(doubling=st.floats(20, 300))
def test_slower_growth_is_smaller_growth(doubling):
    lesions = spread.chosen(LAYOUT, 3, 30)
    fast, slow = (spread.diameters_mm(lesions, 30, 5, d, [0.0, 84.0])[:, 1] for d in (doubling, doubling + 10))
    assert (fast > slow).all()


def test_what_the_layout_cannot_hold_is_refused():
    with pytest.raises(ValueError, match=r"asks for 21 lesions \(right\); the layout has 20 places"):
        spread.chosen(LAYOUT, 21, 0)
    with pytest.raises(ValueError, match=r"5 lesions \(new\)"):
        spread.chosen(LAYOUT, 3, 0, 5)
    with pytest.raises(ValueError, match="left_share_pct is 120"):
        spread.chosen(LAYOUT, 3, 120)
    with pytest.raises(ValueError, match="largest_mm is 0"):
        spread.diameters_mm(LAYOUT, 0, 5, 100, [0.0])
