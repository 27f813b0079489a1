"""Is the surface of this liver really uneven? LSN measured on pictures, and on the same liver smoothed.

The same measurement on a smooth liver is not 0: pixels, noise and lesions at the capsule leave a floor, below which
nothing has been shown. Published cut-offs come from cirrhosis and another software; none holds here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from liverlab.imaging import ct
from liverlab.imaging.scene import Scene
from liverlab.reading.morphometry import picture_nodularity

# What a reader sees without measuring: RMS (mm) from which the surface is nodular, depth (mm) from which a dimple is a
# retraction, size (mm) from which nodules are coarse. Below 0.5 mm nothing is seen on pixels of 1.4 mm; illustrative.
SEEN_MM, RETRACTION_MM, COARSE_MM = 0.4, 2.0, 12.0
MATRIX = 512
SLICES = tuple(range(25, 44, 2))  # ten, as published; 6 mm apart, where the front of the liver is free
FLOOR_SEEDS = (101, 102, 103, 104)  # of the patient's own smooth liver, for the mean
SPREAD_SEEDS = tuple(range(101, 113))  # of a liver without lesions, for the spread between scans
FLOOR_SD = 3.0


@dataclass(frozen=True)
class Floor:
    """LSN of the smooth liver: mean over scans that differ in noise only, and the SD between such scans."""

    mean: float
    sd: float

    @property
    def limit(self) -> float:
        """What the LSN of an uneven liver has to pass: FLOOR_SD above the mean."""
        return self.mean + FLOOR_SD * self.sd


def contour_words(surface_mm: float, nodule_mm: float) -> str:
    """How a reader calls a surface with this RMS and size of nodules: smooth, finely nodular, coarsely nodular."""
    if surface_mm < SEEN_MM:
        return "smooth"
    return "coarsely nodular" if nodule_mm >= COARSE_MM else "finely nodular"


def lsn(scene: Scene) -> float:
    """LSN of a scan in tenths of a mm: mean over SLICES, by length of free surface; nan where no surface is free."""
    return _mean([_slice_lsn(scene, index, scene.render(index, MATRIX)) for index in SLICES])


def floor(scene: Scene) -> Floor:
    """The same measurement on the same patient with a smooth surface: size, fluid and lesions kept, noise anew.

    The mean is this patient's, the spread between scans that of the body without lesions under the same protocol, which
    takes many scans and is worked out once. Where no surface is free both numbers are nan.
    """
    smooth = replace(scene, shape=replace(scene.shape, nodularity_mm=0.0, retractions=()))
    spread = _spread(scene.anatomy, scene.protocol, tuple(sorted(scene.tissue_hu.items())))
    return Floor(float(_scans(smooth, FLOOR_SEEDS).mean()), spread)


@lru_cache(maxsize=8)
def _spread(anatomy, protocol, tissue_hu):
    """SD of the LSN between scans of one smooth liver."""
    return float(_scans(Scene(dict(tissue_hu), ct.NO_LESIONS, protocol, anatomy=anatomy), SPREAD_SEEDS).std(ddof=1))


def _scans(scene, seeds):
    """LSN of scans (seeds,) that differ in their noise only; what they share is rendered once."""
    found = [[] for _ in seeds]
    for index in SLICES:
        plain = scene.render(index, MATRIX, noise=False)
        for seed, slices in zip(seeds, found, strict=True):
            noise = ct.grain(scene.anatomy, index, scene.protocol, MATRIX, seed)
            slices.append(_slice_lsn(scene, index, plain + noise))
    return np.array([_mean(slices) for slices in found])


def _slice_lsn(scene, index, picture):
    mask = scene.anatomy.prepare(index, MATRIX, scene.shape).liver_distance_mm() < 0
    return picture_nodularity(picture, mask, scene.anatomy.pixel_mm(MATRIX))


def _mean(slices):
    free = [(one.lsn, one.length_mm) for one in slices if one.stretches]
    if not free:
        return float("nan")
    found, length = np.array(free).T
    return float(np.average(found, weights=length))
