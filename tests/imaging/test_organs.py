"""Gut, wall, back and heart: what makes the picture read as a body, checked in HU without noise."""

import numpy as np
import pytest

from liverlab.imaging import anatomy, ct
from liverlab.imaging.anatomy_canvas import grid
from liverlab.imaging.lesions import NO_LESIONS
from liverlab.imaging.tissue_share import share_of

from .scan_setting import ARTERIAL, PORTAL, protocol

MATRIX = 360
LEVELS = (-60.0, -42.0, -18.0, 0.0, 18.0)


@pytest.fixture(scope="module")
def patient():
    return anatomy.default()


def render(patient, z, tissues=PORTAL):
    return ct.render(patient, tissues, NO_LESIONS, float(z), protocol(), MATRIX, noise=False).astype(float)


def share(patient, z, *tissues):
    return share_of(patient, (patient.slice_index(float(z)), MATRIX), tissues)


def rays(picture, degrees):
    """HU along rays from the body's centre outwards (n, 400), every half millimetre; 0 anterior, 90 patient's left."""
    g = grid(MATRIX)
    angle, radius = np.deg2rad(degrees)[:, None], np.arange(0, 200, 0.5)[None, :]
    cols = (2.0 + radius * np.sin(angle) - g.x_mm[0]) / g.pixel_mm
    rows = (-39.0 - radius * np.cos(angle) - g.y_mm[0]) / g.pixel_mm
    return picture[np.clip(rows.round().astype(int), 0, MATRIX - 1), np.clip(cols.round().astype(int), 0, MATRIX - 1)]


# ---- gut -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("z", [-18.0, 0.0, 18.0])
def test_gas_lies_above_a_level_in_front_of_the_contents(patient, z):
    gas, content = share(patient, z, "gas") > 0.9, share(patient, z, "stomach_content") > 0.9
    g = grid(MATRIX)
    near = (np.abs(g.x_mm - 55) < 45)[None, :] & (g.y_mm < 0)[:, None]
    assert min((gas & near).sum(), content.sum()) > 60
    assert g.y_mm[np.nonzero(gas & near)[0]].mean() < g.y_mm[np.nonzero(content)[0]].mean() - 8


def test_walls_of_the_stomach_are_folded(patient):
    """The border between wall and content is much longer than that of a smooth ring."""
    uneven = []
    for z in LEVELS:
        content = share(patient, z, "stomach_content", "gas") > 0.5
        content &= share(patient, z, "stomach_content", "gas", "stomach_wall") > 0.9
        border = sum(int((content != np.roll(content, 1, axis)).sum()) for axis in (0, 1))
        if content.sum() > 200:
            uneven.append(border / (4 * np.sqrt(content.sum())))  # 1 for a square
    assert len(uneven) >= 3
    assert np.mean(uneven) > 1.2


def test_the_colon_holds_stool_with_bubbles(patient):
    spots = 0
    for k in range(12, 40, 4):
        half = share_of(patient, (k, MATRIX), ("gas",))
        spots += int(((half > 0.15) & (half < 0.75) & (share_of(patient, (k, MATRIX), ("bowel_content",)) > 0.2)).sum())
    assert spots > 150


def test_fat_of_the_upper_abdomen_is_full_of_vessels(patient):
    """Bright spots that are neither liver nor a great vessel, many of them and small."""
    counts = []
    for z in LEVELS:
        vessel = share(patient, z, "splenic_vein", "portal_vein", "hepatic_artery") > 0.4
        vessel &= share(patient, z, "liver") < 0.02
        step = vessel & ~np.roll(vessel, 1, 1)  # runs along x
        counts.append(int(step.sum()))
    assert min(counts) > 25


def test_small_vessels_differ_from_patient_to_patient(patient):
    other = anatomy.Anatomy(seed=7)
    one, two = (share_of(p, (28, MATRIX), ("splenic_vein", "hepatic_artery")) > 0.5 for p in (patient, other))
    assert 2 * (one & two).sum() / (one.sum() + two.sum()) < 0.9


# ---- wall and back ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("z", [-42.0, 0.0, 42.0])
def test_a_skin_line_is_seen_all_around(patient, z):
    along = rays(render(patient, z, {**PORTAL, "skin": 55}), np.arange(-100, 101, 5))
    peaks = []
    for values in along:
        surface = np.flatnonzero(values > -300)[-1]
        peaks.append(values[surface - 8 : surface + 1].max() - np.median(values[surface - 16 : surface - 8]))
    assert np.median(peaks) > 60


def test_the_chest_wall_is_uneven_and_its_sides_differ(patient):
    """Muscle counted along rays through the flanks."""
    muscle = share(patient, 6.0, "muscle")
    left, right = (rays(muscle, side * np.arange(50, 121, 2)).sum(1) * 0.5 for side in (1, -1))
    assert 4 < np.mean([left, right]) < 30
    for side in (left, right):
        assert side.std() / side.mean() > 0.15
    assert np.abs(left - right).mean() > 1.0


def test_muscles_of_the_back_are_streaked_with_fat(patient):
    g, picture = grid(MATRIX), render(patient, -24.0)
    inside = (share(patient, -24.0, "muscle") > 0.99) & (g.y_mm > 40)[:, None] & (np.abs(g.x_mm) < 65)[None, :]
    values = picture[inside]
    assert values.std() > 12
    assert 0.01 < np.mean(values < 20) < 0.2
    front = (share(patient, -24.0, "muscle") > 0.99) & (g.y_mm < -100)[:, None]
    assert values.std() > 1.2 * picture[front].std()


# ---- heart -----------------------------------------------------------------------------------------------------------


def test_the_heart_has_chambers_and_fat_in_its_grooves(patient):
    g, arterial = grid(MATRIX), render(patient, 81.0, ARTERIAL)

    def at(x, y, half=2):
        row, col = int(np.abs(g.y_mm - y).argmin()), int(np.abs(g.x_mm - x).argmin())
        return arterial[row - half : row + half + 1, col - half : col + half + 1]

    chamber, muscle = at(52, -86).mean(), at(52, -114, 1).mean()
    assert chamber > 280
    assert muscle < 0.75 * chamber
    assert at(66, -128, 5).min() < 0
