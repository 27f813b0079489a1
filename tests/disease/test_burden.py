"""A tumour load shared out over lesions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liverlab.disease import burden, tumour


@given(st.integers(1, 80), st.floats(0, 2000))
def test_the_lesions_add_up_to_the_load_and_scale_with_it(count, total):
    sizes = burden.diameters_mm(count, total)
    assert tumour.volume_ml(sizes).sum() == pytest.approx(total, abs=1e-9)
    assert (np.diff(sizes) <= 0).all()
    assert burden.diameters_mm(count, 8 * total) == pytest.approx(2 * sizes)


def test_responses_lie_about_one_and_follow_the_seed():
    one, again, other = burden.responses(40, 1), burden.responses(40, 1), burden.responses(40, 2)
    assert (one == again).all()
    assert sorted(one) == pytest.approx(sorted(other))
    assert (one != other).any()
    assert np.exp(np.log(one).mean()) == pytest.approx(1)


@pytest.mark.parametrize("count", [0, -3, 2.5, True])
def test_a_count_that_is_none_is_refused(count):
    with pytest.raises(ValueError, match=r"^count is .*; it must be a whole number from 1 to 1000\.$"):
        burden.diameters_mm(count, 10.0)
