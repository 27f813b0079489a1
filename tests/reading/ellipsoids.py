"""A small renderer for the readers' tests: blurred ellipsoids with a core, in uniform liver, with CT-like noise."""

import numpy as np

PSF_SIGMA_MM = 0.65
OVERSAMPLING = 3


def picture(semi_axes_mm, core_fraction, rim_hu, core_hu, liver_hu, pixel_mm, slice_mm, margin_mm=16.0):
    """Slice through the centre of an ellipsoid: (HU array, row and column of the centre). No noise."""
    semi = np.asarray(semi_axes_mm, dtype=float)
    count = int(np.ceil((2 * semi[:2].max() * 1.7 + 2 * margin_mm) / pixel_mm)) // 2 * 2 + 1
    fine = count * OVERSAMPLING
    at = (np.arange(fine) - (fine - 1) / 2) * pixel_mm / OVERSAMPLING
    hu = liver_hu + (rim_hu - liver_hu) * _filled(at, semi, slice_mm)
    if core_fraction > 0:
        hu = hu + (core_hu - rim_hu) * _filled(at, semi * core_fraction, slice_mm)
    f = np.fft.fftfreq(fine, pixel_mm / OVERSAMPLING)
    blur = np.exp(-2 * (np.pi * PSF_SIGMA_MM) ** 2 * (f[:, None] ** 2 + f[None, :] ** 2))
    hu = np.fft.ifft2(np.fft.fft2(hu) * blur).real
    return hu.reshape(count, OVERSAMPLING, count, OVERSAMPLING).mean(axis=(1, 3)), count // 2


def noise(shape, pixel_mm, sigma_hu, rng):
    """Noise with the spectrum of a liver scan, f^-0.71 exp(-(f / 0.53)^3.9), SD sigma_hu."""
    f = np.hypot(*np.meshgrid(*(np.fft.fftfreq(n, pixel_mm) for n in shape), indexing="ij"))
    power = np.maximum(f, 0.02) ** -0.712 * np.exp(-((f / 0.533) ** 3.92)) * (f > 0.005)
    field = np.fft.ifft2(np.fft.fft2(rng.standard_normal(shape)) * np.sqrt(power)).real
    return field * sigma_hu / field.std()


def _filled(at, semi, slice_mm):
    """Share of the slice's thickness that an ellipsoid fills at each point."""
    inside = np.clip(1 - (at[None, :] / semi[0]) ** 2 - (at[:, None] / semi[1]) ** 2, 0, None)
    return np.minimum(1.0, 2 * semi[2] * np.sqrt(inside) / slice_mm)
