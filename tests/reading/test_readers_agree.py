"""The analytic and the pixel reader measure the same lesions: within one pixel, 3 HU, same visible or not."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from liverlab.imaging import anatomy, ct
from liverlab.imaging.anatomy_canvas import grid
from liverlab.reading import analytic, pixel

from . import ellipsoids, populations

PIXEL_MM = 360 / 512  # the picture at rest, on which the page's tools measure
COUNT, SEED = 200, 4


def compare(found, wanted):
    """(difference of diameters in pixels, of HU) for lesions both readers see."""
    return (found.diameter_mm - float(wanted.diameter_mm)) / PIXEL_MM, found.hu - float(wanted.hu)


def hold_together(pairs, outside=0.0, far=0.0):
    """Lesions not near one of the reader's limits: same call, within 1 pixel and 3 HU.

    `outside`: share that may lie outside; `far`: share that may lie outside by more than half of that again.
    """
    clear = [(one, wanted, found) for one, wanted, found in pairs if not one.near_a_limit()]
    wrong = [one for one, wanted, found in clear if bool(wanted.visible) != found.visible]
    seen = [(one, *compare(found, wanted)) for one, wanted, found in clear if found.visible and wanted.visible]
    bad = [(one, round(size, 2), round(hu, 2)) for one, size, hu in seen if abs(size) > 1 or abs(hu) > 3]
    near = len(pairs) - len(clear)
    print(
        f"{len(pairs)} lesions: {near} within {populations.MARGIN:.0%} of a limit; of the other {len(clear)} "
        f"{len(seen)} seen, {len(bad)} of them beyond 1 pixel or 3 HU"
    )
    assert not wrong
    assert len(bad) <= outside * len(seen), bad
    assert sum(abs(size) > 1.5 or abs(hu) > 4.5 for _, size, hu in bad) <= far * len(seen), bad
    assert near <= 0.2 * len(pairs)
    assert len(seen) >= 0.5 * len(pairs)


@pytest.fixture(scope="module")
def pictures():
    """200 random lesions in uniform liver, without noise: (lesion, picture, row and column)."""
    rng = np.random.default_rng(2)
    lesions = [populations.lesion(rng) for _ in range(COUNT)]
    return [
        (one, *ellipsoids.picture(
            one.axes * one.diameter_mm / 2, one.core_fraction, one.rim_hu, one.core_hu, one.liver_hu, PIXEL_MM,
            one.slice_mm,
        ))
        for one in lesions
    ]  # fmt: skip


def measure(one, picture, at, **known):
    return pixel.measure(picture, PIXEL_MM, at, at, one.diameter_mm * 0.63 + 4, populations.THRESHOLD_MM, **known)


def test_200_random_lesions_without_noise_in_the_picture(pictures):
    """The noise that decides what is seen is given; the picture itself has none, so every lesion must agree."""
    pairs = [
        (one, one.read(PIXEL_MM), measure(one, picture, at, noise_hu=one.sigma_hu)) for one, picture, at in pictures
    ]
    hold_together(pairs)


@pytest.fixture(scope="module")
def scans():
    """200 random lesions placed in the liver of the virtual abdomen and scanned without noise.

    (lesion, axis ratio of its lobulated outline, slice, row, column, mask of pure liver)
    """
    body, place = anatomy.default(), grid(512)
    masks = {
        k: ct.render(body, populations.tissue_hu(1000), ct.NO_LESIONS, k, populations.protocol(3.0), 512, noise=False)
        > 990
        for k in (28, 32, 36)
    }
    found = []
    for number in itertools.count():
        if len(found) == COUNT:
            break
        # each candidate has its own numbers: a liver that differs by a pixel still meets the others unchanged
        rng = np.random.default_rng((SEED, number))
        one, k = populations.lesion(rng), int(rng.choice(list(masks)))
        row, col = int(rng.integers(60, 420)), int(rng.integers(40, 390))
        away = np.hypot(place.y_mm[:, None] - place.y_mm[row], place.x_mm[None, :] - place.x_mm[col])
        near = away < one.diameter_mm * 0.63 + 4
        if not masks[k][near].all():
            continue
        lesions = ct.LesionState(
            ids=(f"L{number}",),
            centre_mm=np.array([[place.x_mm[col], place.y_mm[row], body.z_mm[k]]]),
            semi_axes_mm=one.axes[None, :] * one.diameter_mm / 2,
            rim_hu=np.array([one.rim_hu]),
            inner_hu=np.array([one.core_hu]),
            inner_fraction=np.array([one.core_fraction]),
        )
        scan = populations.protocol(one.slice_mm)
        picture = ct.render(body, populations.tissue_hu(one.liver_hu), lesions, k, scan, 512, noise=False)
        ratio = axis_ratio(body, lesions, k, one, near)
        found.append((one, ratio, picture, row, col, masks[k]))
    return found


def axis_ratio(body, lesions, k, one, near):
    """Longest axis of the outline that is measured, over the lesion's mean one; from the second moments as drawn."""
    rim_hu = 1000.0 if one.read(PIXEL_MM).boundary == analytic.OUTER else 0.0
    drawn = replace(lesions, rim_hu=np.array([rim_hu]), inner_hu=np.array([1000.0]))
    thin = populations.protocol(0.5)
    bright = ct.render(body, populations.tissue_hu(0), drawn, k, thin, 512, noise=False) > 500
    outline = np.argwhere(bright & near)
    if len(outline) < 10:
        return 1.0
    short, long = np.sqrt(np.linalg.eigvalsh(np.cov(outline.T)))
    return np.sqrt(long / short) * np.sqrt(one.axes[0] * one.axes[1])


def test_200_random_lesions_in_the_virtual_abdomen(scans):
    """Lobulated lesions of the page's own CT; the analytic reader is told how long their outline is.

    An ellipse is not quite what is drawn there, so 1 in 20 may miss, and 1 in 50 by more than half a pixel more: where
    rim and core differ little in width or contrast the two readers may take another boundary.
    """
    pairs = [
        (one, one.read(PIXEL_MM, ratio), pixel.measure(
            picture, PIXEL_MM, row, col, one.diameter_mm * 0.63 + 4, populations.THRESHOLD_MM, mask, one.sigma_hu
        ))
        for one, ratio, picture, row, col, mask in scans
    ]  # fmt: skip
    hold_together(pairs, outside=0.05, far=0.02)


def test_noise_scatters_the_pixel_reader_but_does_not_shift_it(pictures):
    rng = np.random.default_rng(5)
    differences, calls = [], []
    for one, picture, at in pictures[::2]:
        if one.near_a_limit():
            continue
        noisy = picture + ellipsoids.noise(picture.shape, PIXEL_MM, one.sigma_hu, rng)
        wanted, found = one.read(PIXEL_MM), measure(one, noisy, at)
        calls.append(bool(wanted.visible) == found.visible)
        if found.visible and wanted.visible:
            differences.append(compare(found, wanted))
    size, hu = np.array(differences).T
    within = f"{np.mean(abs(size) <= 1):.0%} within 1 pixel, {np.mean(abs(hu) <= 3):.0%} within 3 HU"
    print(f"{len(size)} lesions in noise: {within}")
    assert all(calls)
    assert abs(np.median(size)) < 0.3
    assert abs(np.median(hu)) < 0.6
    assert np.mean(abs(size) <= 1) > 0.8
    assert np.mean(abs(hu) <= 3) > 0.8
