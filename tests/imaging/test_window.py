"""Windows: what is black, what is white, what lies between."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liverlab.imaging import window


def test_the_liver_window_as_it_is_taught():
    assert window.limits_hu(150, 50) == (-25, 125)
    assert window.grey(np.array([-25.0, 65.0, 105.0, 125.0]), 150, 50) == pytest.approx([0, 0.6, 0.8667, 1], abs=1e-4)


def test_a_narrow_window_shows_faint_and_dense_calcium_alike_and_the_bone_window_does_not():
    both = np.array([130.0, 800.0])
    assert window.grey(both, 150, 50).tolist() == [1, 1]
    faint, dense = window.grey(both, 2000, 500)
    assert dense - faint > 0.3


@given(st.floats(-1000, 3000), st.floats(-1000, 3000), st.floats(1, 4000), st.floats(-500, 1000))
def test_brighter_tissue_is_never_shown_darker(one, other, wide, level):
    low, high = sorted((one, other))
    assert 0 <= window.grey(low, wide, level) <= window.grey(high, wide, level) <= 1


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: window.grey(50, 0, 40), r"^window_hu is 0; it must be above 0 to 100000 HU\.$"),
        (lambda: window.grey(float("nan"), 100, 40), r"^hu is nan; "),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
