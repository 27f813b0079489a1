import math

import pytest

from liverlab.imaging.phases import is_portal, phase_name


@pytest.mark.parametrize(
    ("delay_s", "name"),
    [
        (0, "unenhanced"),
        (5, "before the contrast medium arrives"),
        (20, "early arterial"),
        (25, "late arterial"),
        (35, "late arterial"),
        (45, "between late arterial and portal venous"),
        (50, "portal venous"),
        (70, "portal venous"),
        (90, "portal venous"),
        (95, "delayed"),
        (300, "delayed"),
    ],
)
def test_the_published_windows_have_their_names(delay_s, name):
    assert phase_name(delay_s) == name
    assert is_portal(delay_s) == (50 <= delay_s <= 90)


@pytest.mark.parametrize("delay_s", [-1, math.nan])
def test_an_impossible_delay_is_refused(delay_s):
    with pytest.raises(ValueError, match=r"delay_s is .*; allowed: 0 or more"):
        phase_name(delay_s)
