"""CT windows: which HU are shown from black to white.

grey = clip((HU - (L - W / 2)) / W, 0, 1) with window W and level L: everything above L + W / 2 is the same white.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from liverlab.disease.checks import number


def limits_hu(window_hu: float, level_hu: float) -> tuple[float, float]:
    """HU at which a window turns black and white. Raises ValueError for a window that is not above 0 HU."""
    half = number("window_hu", window_hu, 0, 1e5, "HU", above=True) / 2.0
    level_hu = number("level_hu", level_hu, -1e4, 1e5, "HU")
    return level_hu - half, level_hu + half


def grey(hu: Any, window_hu: float, level_hu: float) -> Any:
    """Grey (..., 0 black to 1 white) of HU (...) in a window."""
    black, white = limits_hu(window_hu, level_hu)
    return np.clip((number("hu", hu, -1e4, 1e5, "HU") - black) / (white - black), 0.0, 1.0)
