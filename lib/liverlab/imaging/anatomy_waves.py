"""Smooth random fields in three dimensions, as sums of plane waves: seeded, exact at any point and pixel size."""

import numpy as np

# OpenBLAS starts threads above this many multiplications, and they cost more than they bring on a busy machine.
_ONE_THREAD = 262_144


class Waves:
    """Random field of zero mean and unit variance.

    sigma_mm : size of the Gaussian that white noise would have to be blurred with in the plane (texture), or
    wavelength_mm : mean wavelength of a band between 0.75 and 1.25 of it (bumps of half that size);
    z_mm : the same along z (default: isotropic); count : number of waves.
    """

    def __init__(self, seed, sigma_mm=None, wavelength_mm=None, z_mm=None, count=24):
        rng = np.random.default_rng(seed)
        if wavelength_mm is None:
            wave = rng.normal(size=(3, count)) / (np.sqrt(2.0) * sigma_mm)
            squeeze = 1.0 if z_mm is None else sigma_mm / z_mm
        else:
            wave = rng.normal(size=(3, count))
            wave *= 2 * np.pi / wavelength_mm * rng.uniform(0.75, 1.25, count) / np.sqrt((wave**2).sum(0))
            squeeze = 1.0 if z_mm is None else wavelength_mm / z_mm
        self.kx, self.ky = wave[0].astype(np.float32), wave[1].astype(np.float32)
        self.kz = wave[2] * squeeze
        self.phase = rng.uniform(0, 2 * np.pi, count)
        self.norm = np.float32(np.sqrt(2.0 / count))

    def on(self, box, z_mm):
        """Values on a box of the canvas (H, W), float32: cos(a + b) as one matrix product."""
        ax = self.kx[:, None] * box.x
        ay = self.ky[None, :] * box.y + (self.kz * z_mm + self.phase).astype(np.float32)[None, :]
        left = np.concatenate([np.cos(ay), -np.sin(ay)], axis=1)
        left *= self.norm
        right = np.concatenate([np.cos(ax), np.sin(ax)], axis=0)
        out = np.empty((left.shape[0], right.shape[1]), np.float32)
        rows = max(1, _ONE_THREAD // max(right.size, 1))
        for start in range(0, len(left), rows):
            np.matmul(left[start : start + rows], right, out=out[start : start + rows])
        return out

    def at(self, x_mm, y_mm, z_mm):
        """Values at points (broadcast), for single numbers and short lists."""
        x, y, z = np.broadcast_arrays(x_mm, y_mm, z_mm)
        angle = x[..., None] * self.kx + y[..., None] * self.ky + z[..., None] * self.kz + self.phase
        return self.norm * np.cos(angle).sum(-1)
