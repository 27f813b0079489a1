"""Lesions of known matter, for tests of MRI and PET."""

import numpy as np

from liverlab import evidence
from liverlab.evidence.looks import Part
from liverlab.imaging import anatomy, ct, mri, pet
from liverlab.imaging.protocol import REFERENCE

EV = evidence.load()
Z_MM = 3.0
INDEX = 33
PLACES = {
    "metastasis": (-100.0, -34.0, Z_MM),
    "cyst": (-60.0, -95.0, Z_MM),
    "haemangioma": (-120.0, -70.0, Z_MM),
    "fnh": (-75.0, -10.0, Z_MM),
    "focal_fat": (-30.0, -100.0, Z_MM),
}
PARTS = {
    "metastasis": Part(1, 0, 40, 28, "hypo", "metastasis"),
    "cyst": Part(1, 0, 6, 0, "none", "cyst"),
    "haemangioma": Part(1, 0, 42, 55, "hyper", "haemangioma"),
    "fnh": Part(1, 0, 54, 60, "hyper", "fnh", 100),
    "focal_fat": Part(1, 0, 20, 49, "liver", "focal_fat", 90),
}


def lesions(radius_mm=9.0, names=tuple(PLACES)):
    """(LesionState, parts) of spheres, one of each kind."""
    state = ct.LesionState(
        tuple(names), np.array([PLACES[name] for name in names]), np.full((len(names), 3), radius_mm),
        np.zeros(len(names)), lobulation=0.0,
    )  # fmt: skip
    return state, {"rim": [PARTS[name] for name in names]}


def magnet(sequence, seed=1, function_pct=100.0, **which):
    state, parts = lesions(**which)
    return mri.MriScene(
        sequence, EV.tissues["mri"], state, parts, REFERENCE, anatomy.default(), seed, function_pct
    )  # fmt: skip


def camera(suv=None, seed=1, fwhm_mm=6.0, noise_pct=10.0, **which):
    state, parts = lesions(**which)
    return pet.PetScene(EV.tissues["pet"], state, parts, anatomy.default(), suv or {}, seed, fwhm_mm, noise_pct)


def roi(picture, place, half_mm=3.0):
    """The pixels around a place (x, y, ...) of a square picture of the whole field of view."""
    body, matrix = anatomy.default(), picture.shape[0]
    step = body.fov_mm / matrix
    col, row = (int((place[k] - body.fov_centre_mm[k] + body.fov_mm / 2) / step) for k in (0, 1))
    half = max(0, round(half_mm / step))
    return picture[row - half : row + half + 1, col - half : col + half + 1].astype(float)
