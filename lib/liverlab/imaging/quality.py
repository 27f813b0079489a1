"""What can be measured on CT pictures to tell how alike two of them are: noise, texture, contents of a region.

All functions take pictures in HU as (H, W) arrays with a mask of the same shape, and know nothing of where they came
from: the virtual abdomen and a scan of a person are measured by the same code.
"""

from dataclasses import dataclass

import numpy as np

from liverlab.disease.checks import number

ROI_PIXELS = 32
_STRIDE = 8
_LAGS = 2
# Classes of a region by HU: name -> lowest, highest. Between fat and soft tissue lie voxels that hold both.
CLASSES = {"gas": (-2000, -200), "fat": (-200, -60), "mixed": (-60, 10), "soft": (10, 100), "bright": (100, 4000)}


@dataclass(frozen=True)
class Noise:
    """Noise in ROI_PIXELS square regions, a quadratic trend taken out of each.

    sd_hu: median over regions; lag_x, lag_y: mean autocorrelation at 1 and 2 pixels; mean_frequency: mean distance from
    the origin of the noise power spectrum, per mm; regions: how many.
    """

    sd_hu: float
    lag_x: tuple
    lag_y: tuple
    mean_frequency: float
    regions: int


def eroded(mask, pixels):
    """A mask without the pixels nearer than some pixels (city block) to its edge."""
    mask = np.asarray(mask, bool)
    for _ in range(int(pixels)):
        wide = np.pad(mask, 1)
        mask = mask & wide[:-2, 1:-1] & wide[2:, 1:-1] & wide[1:-1, :-2] & wide[1:-1, 2:]
    return mask


def without_vessels(picture, mask, above_hu=15.0, half=2):
    """A mask without the places where the mean of (2 half + 1) square pixels lies above_hu over the mask's median."""
    picture = np.asarray(picture, float)
    level = np.median(picture[mask]) if mask.any() else 0.0
    size = 2 * half + 1
    total = np.pad(np.cumsum(np.cumsum(np.pad(picture, half, mode="edge"), 0), 1), ((1, 0), (1, 0)))
    mean = (total[size:, size:] - total[:-size, size:] - total[size:, :-size] + total[:-size, :-size]) / size**2
    return mask & eroded(mean < level + above_hu, 1)


def mean_sd(pictures, masks):
    """Mean and SD in HU over the masked pixels of several pictures; raises ValueError where the masks are empty."""
    values = np.concatenate([np.asarray(p, float)[m] for p, m in zip(pictures, masks, strict=True)])
    if not values.size:
        raise ValueError("masks hold no pixel; there is nothing to measure.")
    return float(values.mean()), float(values.std())


def shares(pictures, masks):
    """Share of the masked pixels in each of CLASSES."""
    values = np.concatenate([np.asarray(p, float)[m] for p, m in zip(pictures, masks, strict=True)])
    if not values.size:
        raise ValueError("masks hold no pixel; there is nothing to measure.")
    return {name: float(np.mean((values >= low) & (values < high))) for name, (low, high) in CLASSES.items()}


def noise(pictures, masks, pixel_mm):
    """Noise over all square regions that lie wholly inside the masks of several pictures."""
    pixel_mm = number("pixel_mm", pixel_mm, 0, 10, "mm", above=True)
    regions = [r for picture, mask in zip(pictures, masks, strict=True) for r in _regions(np.asarray(picture), mask)]
    if not regions:
        raise ValueError(f"masks hold no square of {ROI_PIXELS} pixels; there is no noise to measure.")
    flat = _detrended(np.stack(regions))
    sd = flat.std(axis=(1, 2))
    power = (np.abs(np.fft.fft2(flat)) ** 2).mean(0)
    f = np.fft.fftfreq(ROI_PIXELS, pixel_mm)
    radius = np.hypot(f[:, None], f[None, :])
    return Noise(
        float(np.median(sd)),
        *(tuple(_correlation(flat, lag, axis) for lag in range(1, _LAGS + 1)) for axis in (2, 1)),
        float((power * radius).sum() / power.sum()),
        len(regions),
    )


def _regions(picture, mask):
    inside = np.pad(np.cumsum(np.cumsum(mask, 0), 1), ((1, 0), (1, 0)))
    size = ROI_PIXELS
    for row in range(0, picture.shape[0] - size + 1, _STRIDE):
        for col in range(0, picture.shape[1] - size + 1, _STRIDE):
            held = inside[row + size, col + size] - inside[row, col + size] - inside[row + size, col] + inside[row, col]
            if held == size * size:
                yield picture[row : row + size, col : col + size].astype(float)


def _detrended(regions):
    """Regions (n, size, size) less the quadratic surface that fits each best."""
    v, u = np.mgrid[-1 : 1 : ROI_PIXELS * 1j, -1 : 1 : ROI_PIXELS * 1j]
    terms = np.stack([np.ones_like(u), u, v, u * u, u * v, v * v], axis=-1).reshape(-1, 6)
    rows = regions.reshape(len(regions), -1)
    return (rows - (rows @ np.linalg.pinv(terms).T) @ terms.T).reshape(regions.shape)


def _correlation(regions, lag, axis):
    a = np.take(regions, range(ROI_PIXELS - lag), axis)
    b = np.take(regions, range(lag, ROI_PIXELS), axis)
    return float(np.mean((a * b).mean((1, 2)) / (regions**2).mean((1, 2))))
