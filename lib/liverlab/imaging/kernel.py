"""Reconstruction kernel: how soft or sharp the scanner draws, and what that costs in noise.

The pictures are made with the kernel of the measured scan (blur SD 0.65 mm, PHANTOM 3.5). Another one multiplies both
picture and noise by a transfer function of frequency f (per mm), with s = kernel_sharpness_pct / 100:

    softer (s < 0):  H = exp(-2 pi^2 (s a)^2 f^2)                  a further blur
    sharper (s > 0): H = 1 + b s (1 - exp(-2 pi^2 c^2 f^2))        unsharp masking, with its overshoot at edges

a, b and c are chosen so that -100 % is a smooth body kernel and 100 % one for bone; illustrative. The change of noise
follows from H and the measured noise spectrum.
"""

from functools import lru_cache, partial

import numpy as np

from liverlab.imaging import noise
from liverlab.imaging.anatomy_canvas import PSF_SIGMA_MM, blur

_SOFT_MM, _SHARP, _SHARP_MM = 0.70, 2.0, 0.55  # a, b, c


def transfer(f_per_mm, sharpness_pct):
    """Transfer function H of a kernel over that of the measured scan, at frequencies f (per mm); broadcasts."""
    s, f = sharpness_pct / 100.0, np.asarray(f_per_mm)
    if s <= 0:
        return np.exp(-2 * (np.pi * s * _SOFT_MM * f) ** 2)
    return 1 + _SHARP * s * (1 - np.exp(-2 * (np.pi * _SHARP_MM * f) ** 2))


@lru_cache(maxsize=64)
def of(sharpness_pct):
    """`transfer` of one kernel as a function of frequency alone, the same object every time; None for the own one."""
    return None if sharpness_pct == 0 else partial(transfer, sharpness_pct=sharpness_pct)


@lru_cache(maxsize=64)
def psf_sigma_mm(sharpness_pct):
    """SD of the Gaussian that falls to one half at the same frequency as the whole blur (mm)."""
    if sharpness_pct == 0:
        return PSF_SIGMA_MM
    f = np.linspace(0.0, 2.0, 4001)
    whole = np.exp(-2 * (np.pi * PSF_SIGMA_MM * f) ** 2) * transfer(f, sharpness_pct)
    half = f[np.flatnonzero(whole >= 0.5)[-1]]
    return float(np.sqrt(np.log(2) / 2) / (np.pi * half))


@lru_cache(maxsize=64)
def noise_factor(sharpness_pct):
    """Noise SD over that of the measured scan's kernel: sqrt(int S H^2 f df / int S f df) over the noise spectrum S."""
    f = np.linspace(*noise.BAND_PER_MM, 400)
    power = noise.density(f) * f
    return float(np.sqrt((power * transfer(f, sharpness_pct) ** 2).sum() / power.sum()))


def apply(picture, pixel_mm, sharpness_pct):
    """A picture (N, N) float32 of the measured scan's kernel as another kernel shows it."""
    s = sharpness_pct / 100.0
    if s == 0:
        return picture
    if s < 0:
        return blur(picture, pixel_mm, -s * _SOFT_MM)
    amount = np.float32(_SHARP * s)
    return (1 + amount) * picture - amount * blur(picture, pixel_mm, _SHARP_MM)
