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
from liverlab.reading.morphometry import free_stretches, picture_nodularity

# What a reader sees without measuring: RMS (mm) from which the surface is nodular, depth (mm) from which a dimple is a
# retraction, size (mm) from which nodules are coarse. Below 0.5 mm nothing is seen on pixels of 1.4 mm; illustrative.
SEEN_MM, RETRACTION_MM, COARSE_MM = 0.4, 2.0, 12.0
MATRIX = 512
SLICES = tuple(range(25, 44, 2))  # ten, as published; 6 mm apart, where the front of the liver is free
SPREAD_SEEDS = tuple(range(101, 113))
FLOOR_SD = 2.5


@dataclass(frozen=True)
class Measured:
    """LSN in tenths of a mm: of a scan; smooth: of the same scan with a smooth surface; sd: of scans that differ in
    their noise only."""

    lsn: float
    smooth: float
    sd: float

    @property
    def limit(self) -> float:
        """What the LSN of an uneven liver has to pass: FLOOR_SD above the smooth one."""
        return self.smooth + FLOOR_SD * self.sd

    @property
    def uneven(self) -> bool:
        """Whether it does."""
        return self.lsn > self.limit


def contour_words(surface_mm: float, nodule_mm: float) -> str:
    """How a reader calls a surface with this RMS and size of nodules: smooth, finely nodular, coarsely nodular."""
    if surface_mm < SEEN_MM:
        return "smooth"
    return "coarsely nodular" if nodule_mm >= COARSE_MM else "finely nodular"


def measure(scene: Scene) -> Measured:
    """LSN of a scan with its noise floor: mean over SLICES, by length of free surface.

    The floor is the same patient with a smooth surface: size, fluid, lesions and noise are kept. All are measured on
    the same stretches of surface, chosen once on the body without disease, as a reader keeps to what was drawn first;
    the difference is that of the surface alone. How much one scan differs from the next by its noise is taken from
    twelve scans of that body under the same protocol. Where no surface is free the numbers are nan.
    """
    setting = scene.anatomy, scene.protocol, tuple(sorted(scene.tissue_hu.items()))
    smooth = replace(scene, shape=replace(scene.shape, nodularity_mm=0.0, retractions=()))
    rough, even = (
        _mean(
            [
                picture_nodularity(one.render(index, MATRIX), *_liver(one, index), stretches=places)
                for index, places in zip(SLICES, _places(*setting), strict=True)
            ]
        )
        for one in (scene, smooth)
    )
    return Measured(rough, even, _spread(*setting))


@lru_cache(maxsize=8)
def _places(anatomy, protocol, tissue_hu):
    """Stretches of free surface on each slice of the body without disease."""
    body = Scene(dict(tissue_hu), ct.NO_LESIONS, protocol, anatomy=anatomy)
    return tuple(free_stretches(body.render(index, MATRIX, noise=False), *_liver(body, index)) for index in SLICES)


@lru_cache(maxsize=8)
def _spread(anatomy, protocol, tissue_hu):
    """SD of the LSN between scans of the body without disease; what they share is rendered once."""
    body = Scene(dict(tissue_hu), ct.NO_LESIONS, protocol, anatomy=anatomy)
    found = [[] for _ in SPREAD_SEEDS]
    for index, places in zip(SLICES, _places(anatomy, protocol, tissue_hu), strict=True):
        plain, liver = body.render(index, MATRIX, noise=False), _liver(body, index)
        for seed, slices in zip(SPREAD_SEEDS, found, strict=True):
            noise = ct.grain(anatomy, index, protocol, MATRIX, seed)
            slices.append(picture_nodularity(plain + noise, *liver, stretches=places))
    return float(np.std([_mean(slices) for slices in found], ddof=1))


def _liver(scene, index):
    """Where the liver is on a slice, and the size of a pixel."""
    mask = scene.anatomy.prepare(index, MATRIX, scene.shape).liver_distance_mm() < 0
    return mask, scene.anatomy.pixel_mm(MATRIX)


def _mean(slices):
    free = [(one.lsn, one.length_mm) for one in slices if one.stretches]
    if not free:
        return float("nan")
    found, length = np.array(free).T
    return float(np.average(found, weights=length))
