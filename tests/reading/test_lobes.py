"""Lobes measured on the model: a known partition, and what growth and loss do to the ratios."""

import numpy as np
import pytest

from liverlab.imaging import anatomy
from liverlab.imaging.liver_state import NORMAL, Shape
from liverlab.imaging.segments import segment_of
from liverlab.reading import lobes


class Block:
    """A liver that is a block; its segments are known to the voxel."""

    liver_scale = 0.853

    def liver_field(self, x, y, z, shape):
        return np.maximum(np.maximum(np.abs(x + 60.0) / 60.0, np.abs(y + 50.0) / 40.0), np.abs(z) / 50.0) - 1


@pytest.fixture(scope="module")
def normal():
    return lobes.measure(anatomy.default(), NORMAL)


def test_the_segments_of_a_block_are_counted_right():
    block = Block()
    found = lobes.measure(block, grid_mm=3.3)
    assert found.liver_ml == pytest.approx(120 * 80 * 100 / 1000, rel=0.05)
    rng = np.random.default_rng(1)
    points = np.array([-60.0, -50.0, 0.0]) + rng.uniform(-1, 1, (40000, 3)) * [60, 40, 50]
    names, counts = np.unique(segment_of(points, block.liver_scale), return_counts=True)
    share = dict(zip(names.tolist(), counts / counts.sum(), strict=True))
    small = sum(share.get(name, 0.0) for name in ("I", "II", "III"))
    assert found.lsvr == pytest.approx(small / (1 - small), abs=0.02)


def test_the_normal_liver_has_normal_ratios(normal):
    assert normal.liver_ml == pytest.approx(anatomy.default().liver_ml, rel=0.02)
    assert 0.27 - 0.14 < normal.lsvr < 0.35  # 0.27 +- 0.07 in healthy adults, cut-off 0.35
    assert 0.2 < normal.caudate_right < 0.65


def test_ratios_rise_with_the_caudate_and_with_loss_of_the_right_lobe(normal):
    grown = lobes.measure(anatomy.default(), Shape(caudate_growth_mm=10.0))
    shrunken = lobes.measure(anatomy.default(), Shape(right_atrophy_mm=10.0, liver_ml=1500.0))
    assert grown.caudate_right > normal.caudate_right + 0.04
    assert grown.lsvr > normal.lsvr
    assert shrunken.lsvr > normal.lsvr + 0.02


def test_a_finer_grid_gives_the_same(normal):
    fine = lobes.measure(anatomy.default(), NORMAL, grid_mm=3.5)
    assert fine.lsvr == pytest.approx(normal.lsvr, abs=0.01)


def test_a_grid_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"^grid_mm is 0; it must be 2 to 10 mm\.$"):
        lobes.measure(anatomy.default(), NORMAL, grid_mm=0.0)
