"""A synthetic patient for trying the viewer: discs of known size and density, no anatomy, no model."""

import numpy as np

FOV_MM = 400.0
Z_MM = tuple(float(z) for z in range(-60, 61, 3))
LESIONS = ((-70.0, -10.0, 18.0), (-110.0, 20.0, 11.0))  # x, y, radius at z = 0, mm


def disc_slice(matrix: int, z_mm: float, lesion_hu: float = 60.0, shrink: float = 1.0, seed: int = 1) -> np.ndarray:
    """Body, liver and lesions as discs: int16 HU of shape (matrix, matrix) over a 400 mm field of view."""
    pixel_mm = FOV_MM / matrix
    axis = (np.arange(matrix) + 0.5) * pixel_mm - FOV_MM / 2
    x, y = axis[None, :], axis[:, None]
    hu = np.full((matrix, matrix), -1000.0)
    hu[(x / 180) ** 2 + (y / 130) ** 2 < 1] = -100
    hu[(x / 165) ** 2 + (y / 115) ** 2 < 1] = 50
    hu[((x + 75) / 85) ** 2 + ((y - 5) / 90) ** 2 < 1] = 105
    hu[x**2 + (y - 60) ** 2 < 20**2] = 180
    for x_mm, y_mm, radius_mm in LESIONS:
        inside = (x - x_mm) ** 2 + (y - y_mm) ** 2 + z_mm**2 < (radius_mm * shrink) ** 2
        hu[inside] = lesion_hu
    noise = np.random.default_rng([seed, matrix, int(round(z_mm)) + 1000]).normal(0, 12, hu.shape)
    return np.clip(np.rint(hu + np.where(hu > -500, noise, 0)), -1024, 3071).astype(np.int16)
