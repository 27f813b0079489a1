"""Diffuse patterns in the liver, fixed in the body: mosaic attenuation and dark collars along portal branches.

Both change liver tissue only, so that vessels and lesions stay what they are. Diffuse low attenuation needs no pattern:
it is a lower HU of the tissue `liver`. Sizes of patches and collars: by eye.
"""

from functools import lru_cache

import numpy as np

from liverlab.imaging import vessels
from liverlab.imaging.anatomy_canvas import Box, blur, grid
from liverlab.imaging.anatomy_lattice import LIVER_BOX
from liverlab.imaging.anatomy_shapes import capsules
from liverlab.imaging.anatomy_waves import Waves
from liverlab.imaging.tissue_share import share_of

_PATCH_MM, _PATCH_HEIGHT_MM = 34.0, 40.0  # mean wavelength of the geographic patches in the plane and along z
_FINE_MM, _FINE = 12.0, 0.45  # fine reticulation on them, and its weight
_STEEP, _UNIT = 1.8, 1.32  # how flat the patches are; brings tanh(steep n) to unit SD
_COLLAR_MM, _COLLAR_BLUR_MM = 3.0, 0.9  # width of a periportal collar and how softly it ends
_BRANCH_MM = 0.9  # radius from which a portal branch has a collar
NAMES = ("liver_mosaic_hu", "periportal_hu")


@lru_cache(maxsize=4)
def _waves(seed):
    coarse = Waves((seed, 71), wavelength_mm=_PATCH_MM, z_mm=_PATCH_HEIGHT_MM, count=20)
    return coarse, Waves((seed, 72), wavelength_mm=_FINE_MM, z_mm=2 * _FINE_MM, count=20)


def mosaic(seed, box, z_mm):
    """Patches of zero mean and about unit SD on a box of the canvas: (H, W) float32."""
    coarse, fine = _waves(seed)
    field = coarse.on(box, z_mm)
    field += np.float32(_FINE) * fine.on(box, z_mm)
    field *= np.float32(_STEEP)
    np.tanh(field, out=field)
    field *= np.float32(_UNIT)
    return field


@lru_cache(maxsize=48)
def _collars(anatomy, index, matrix, scale):
    """Share of a periportal collar in every pixel of a slice: uint8 (N, N), of 255."""
    g, portal = grid(matrix), vessels.trees(scale)["portal_vein"]
    cover = capsules(
        g, float(anatomy.z_mm[index]), portal[np.maximum(portal[:, 3], portal[:, 7]) > _BRANCH_MM], _COLLAR_MM
    )
    return np.rint(255 * np.clip(blur(cover, g.pixel_mm, _COLLAR_BLUR_MM), 0, 1)).astype(np.uint8)


def add(picture, anatomy, where, mosaic_hu, periportal_hu):
    """Add the patterns to a picture in HU, float32 (N, N), in place.

    where : (index, matrix, shape) of anatomy.prepare; mosaic_hu : SD of the patches; periportal_hu : what a collar
    changes (below 0: oedema).
    """
    index, matrix, shape = where
    box = Box(grid(matrix), *LIVER_BOX)
    change = np.float32(0)
    if mosaic_hu:
        change = np.float32(mosaic_hu) * mosaic(anatomy.seed, box, float(anatomy.z_mm[index]))
    if periportal_hu:
        collars = _collars(anatomy, index, matrix, anatomy.form(shape).scale)
        change = change + box.of(collars) * np.float32(periportal_hu / 255)
    box.of(picture)[...] += change * share_of(anatomy, where, ("liver",), box)
