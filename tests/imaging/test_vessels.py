"""The vessel trees: apart from each other, inside the liver, branching by Murray's law."""

import numpy as np
import pytest

from liverlab.imaging import anatomy, vessels


@pytest.fixture(scope="module")
def patient():
    return anatomy.default()


@pytest.fixture(scope="module")
def grown(patient):
    return vessels.trees(patient.liver_scale)


def samples(rows, count=7):
    """Points along round cones: (n * count, 3), radius (n * count,)."""
    t = np.linspace(0, 1, count)[None, :, None]
    points = rows[:, None, 0:3] * (1 - t) + rows[:, None, 4:7] * t
    radius = rows[:, None, 3] * (1 - t[..., 0]) + rows[:, None, 7] * t[..., 0]
    return points.reshape(-1, 3), radius.reshape(-1)


def test_portal_and_hepatic_venous_trees_keep_three_millimetres_apart(grown):
    (p, rp), (v, rv) = samples(grown["portal_vein"]), samples(grown["hepatic_vein"])
    free = min(float((np.linalg.norm(v - q, axis=1) - rv - r).min()) for q, r in zip(p, rp, strict=True))
    assert free >= 2.8  # 3 mm, less the rounding of the table and the step between samples


def test_branches_stay_inside_the_liver(patient, grown):
    for tissue in ("portal_vein", "hepatic_vein"):
        rows = grown[tissue]
        thin = rows[np.maximum(rows[:, 3], rows[:, 7]) < 3.5]
        points, _ = samples(thin, 3)
        assert (patient.liver_field(*points.T) < 0).mean() > 0.98


def test_radii_follow_murray(grown):
    worst, forks = 0.0, 0
    for tissue in ("portal_vein", "hepatic_vein"):
        rows = grown[tissue]
        starts = {}
        for row in rows:
            starts.setdefault(tuple(row[:3]), []).append(row[3])
        for row in rows:
            children = starts.get(tuple(row[4:7]), [])
            if len(children) == 2 and 1.2 < row[7] < 3.2:
                forks += 1
                worst = max(worst, abs(sum(r**3 for r in children) / row[7] ** 3 - 1))
    assert forks > 30
    assert worst < 0.08  # radii are stored to 0.01 mm


def test_trees_are_as_rich_and_as_wide_as_measured(grown):
    portal, veins = grown["portal_vein"], grown["hepatic_vein"]
    assert len(portal) > 250
    assert len(veins) > 200
    assert portal[:, 3].max() == pytest.approx(6.2, abs=0.6)  # trunk, PHANTOM 2
    assert 4.0 < veins[:, 3].max() < 5.5
    assert min(portal[:, [3, 7]].min(), veins[:, [3, 7]].min()) > 0.5


def test_trees_scale_with_the_liver():
    small, large = vessels.trees(0.8), vessels.trees(0.9)
    length = [np.linalg.norm(t["portal_vein"][:, 4:7] - t["portal_vein"][:, 0:3], axis=1).sum() for t in (small, large)]
    assert length[1] / length[0] == pytest.approx(0.9 / 0.8, rel=1e-6)


def test_named_branches_run_on_without_gaps_and_keep_a_width():
    for rows in vessels.named().values():
        assert np.isfinite(rows).all()
        assert (rows[:, [3, 7]] >= 1.0).all()
        assert (np.linalg.norm(rows[:, 4:7] - rows[:, 0:3], axis=1) > 1).all()
