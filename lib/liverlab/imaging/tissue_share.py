"""How much of every pixel is a given tissue: a slice is linear in the tissues' HU, so it is the slice of a 1 and 0s."""

from functools import lru_cache

import numpy as np

from liverlab.imaging.anatomy_canvas import TISSUE_INDEX, TISSUES

_KEPT = 48  # slices whose shares are kept, 64 kB each at 256 x 256


@lru_cache(maxsize=_KEPT)
def _stored(anatomy, where, tissues):
    one_hot = np.zeros(len(TISSUES), np.float32)
    one_hot[[TISSUE_INDEX[name] for name in tissues]] = 255.0
    return np.rint(np.clip(anatomy.prepare(*where).hu(one_hot, texture=False), 0, 255)).astype(np.uint8)


def share_of(anatomy, where, tissues, box=None):
    """Share of some tissues in every pixel of a slice, blurred as the picture is: (N, N) float32, 0-1.

    where : arguments of anatomy.prepare; tissues : tuple of names in TISSUES; box : only this rectangle of the canvas.
    Kept for slices seen lately.
    """
    stored = _stored(anatomy, where, tissues)
    return (stored if box is None else box.of(stored)) * np.float32(1 / 255)
