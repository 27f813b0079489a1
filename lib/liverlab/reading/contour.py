"""Is the surface of this liver really uneven? LSN measured on pictures, and on the same liver smoothed.

The same measurement on a smooth liver is not 0: pixels, noise and lesions at the capsule leave a floor, below which
nothing has been shown. Published cut-offs come from cirrhosis and another software; none holds here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from liverlab.imaging.lesions import NO_LESIONS
from liverlab.imaging.scene import Scene
from liverlab.reading.morphometry import picture_nodularity

# What a reader sees without measuring: RMS (mm) from which the surface is nodular, depth (mm) from which a dimple is a
# retraction, size (mm) from which nodules are coarse. Below 0.5 mm nothing is seen on pixels of 1.4 mm; illustrative.
SEEN_MM, RETRACTION_MM, COARSE_MM = 0.4, 2.0, 12.0
MATRIX = 512
SLICES = (25, 29, 33, 37, 41)  # 12 mm apart, where the front of the liver is free; published: 10 slices by hand
FLOOR_SEEDS = (101, 102)  # of the patient's own smooth liver
SPREAD_SEEDS = (101, 102, 103, 104, 105, 106)  # of a liver without lesions, for the spread between scans
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


def lsn(scene: Scene, slices: Iterable[int] = SLICES) -> float:
    """LSN of a scan in tenths of a mm: mean over slices, by length of free surface; nan where no surface is free."""
    anatomy, found = scene.anatomy, []
    for index in slices:
        picture = scene.render(index, MATRIX)
        mask = anatomy.prepare(index, MATRIX, scene.shape).liver_distance_mm() < 0
        found.append(picture_nodularity(picture, mask, anatomy.pixel_mm(MATRIX)))
    found = [one for one in found if one.stretches]
    if not found:
        return float("nan")
    return float(np.average([one.lsn for one in found], weights=[one.length_mm for one in found]))


def floor(scene: Scene) -> Floor:
    """The same measurement on the same patient with a smooth surface: size, fluid and lesions kept, noise anew."""
    smooth = replace(scene, shape=replace(scene.shape, nodularity_mm=0.0, retractions=()))
    mean = float(np.mean([lsn(replace(smooth, seed=seed)) for seed in FLOOR_SEEDS]))
    return Floor(mean, _spread(scene.anatomy, scene.protocol, tuple(sorted(scene.tissue_hu.items()))))


@lru_cache(maxsize=16)
def _spread(anatomy, protocol, tissue_hu):
    """SD of the LSN between scans of one smooth liver without lesions."""
    plain = Scene(dict(tissue_hu), NO_LESIONS, protocol, anatomy=anatomy)
    return float(np.std([lsn(replace(plain, seed=seed)) for seed in SPREAD_SEEDS], ddof=1))
