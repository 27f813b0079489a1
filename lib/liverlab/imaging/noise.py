"""CT noise: one band-limited random field, fixed in the body, that every slice and every setting merely scales.

Spectrum and correlation along z were fitted to the liver of a real scan (PHANTOM 3.2, isotropic set for arms up):
S(f) = f^a exp(-(f/fc)^b), zero below 0.02 and above 0.512 per mm. The field is defined by its Fourier coefficients on
the field of view, so that 256 and 512 pixel pictures show the same grain.
"""

from functools import lru_cache

import numpy as np

_A, _FC_PER_MM, _B = -0.712, 0.533, 3.92  # PHANTOM 3.2, isotropic set
BAND_PER_MM = (0.02, 0.512)
_Z_SIGMA_PER_MM_SLICE = 0.45  # slice profile: sigma 1.36 mm for 3 mm slices, PHANTOM 3.2
_Z_NEAR, _Z_TAIL_MM = 0.95, 7.0  # r(d) = 0.95 exp(-d^2 / 4 sigma^2) + 0.05 exp(-d / 7), PHANTOM 3.2
_FRONT, _BACK = 0.85, 1.07  # SD map of a lying patient, PHANTOM 3.2
_FRONT_Y_MM, _LIVER_Y_MM, _BACK_Y_MM = -150.0, -50.0, 70.0
_SHIFTS = 64  # windows start on a lattice of this many steps, a whole number of pixels for every usual matrix


def slice_correlation(distance_mm, slice_mm):
    """Correlation of the noise of two slices distance_mm apart (broadcasts)."""
    sigma = _Z_SIGMA_PER_MM_SLICE * slice_mm
    distance = np.abs(np.asarray(distance_mm, float))
    return _Z_NEAR * np.exp(-(distance**2) / (4 * sigma**2)) + (1 - _Z_NEAR) * np.exp(-distance / _Z_TAIL_MM)


@lru_cache(maxsize=64)
def slice_weights(slice_mm, spacing_mm):
    """Weights (2n + 1,) that mix independent planes into slices with slice_correlation; their squares add up to 1."""
    lag = np.arange(-16, 16) * spacing_mm
    spectrum = np.fft.fft(np.fft.ifftshift(slice_correlation(lag, slice_mm))).real
    weights = np.fft.fftshift(np.fft.ifft(np.sqrt(np.maximum(spectrum, 0))).real)
    reach = int(np.max(np.abs(np.flatnonzero(np.abs(weights) > 0.03 * weights.max()) - 16)))
    kept = weights[16 - reach : 17 + reach]
    return (kept / np.sqrt((kept**2).sum())).astype(np.float32)


def density(f_per_mm):
    """Noise power spectrum S of the measured scan at radial frequencies (per mm), in units of its own."""
    f = np.maximum(f_per_mm, BAND_PER_MM[0])
    return f**_A * np.exp(-((f / _FC_PER_MM) ** _B))


@lru_cache(maxsize=6)
def tile(matrix, fov_mm, seed, transfer=None):
    """Periodic noise field of unit SD on the field of view, repeated to (2 matrix, 2 matrix) for cheap windows.

    transfer : function of the radial frequency (per mm) that a kernel multiplies the field's amplitude by.
    """
    top = int(BAND_PER_MM[1] * fov_mm)
    rng = np.random.default_rng((int(seed), 3))
    half = rng.standard_normal((2, 2 * top + 1, top + 1), dtype=np.float32)
    fy = np.arange(-top, top + 1, dtype=np.float32)[:, None] / np.float32(fov_mm)
    fx = np.arange(top + 1, dtype=np.float32)[None, :] / np.float32(fov_mm)
    f = np.sqrt(fx * fx + fy * fy)
    inside = (f >= BAND_PER_MM[0]) & (np.abs(fy) < BAND_PER_MM[1])
    amplitude = np.sqrt(np.where(inside, density(f), 0))
    if transfer is not None:
        amplitude *= transfer(f)
    # A coarse picture cannot hold frequencies above its own limit: they are left out, not folded.
    limit = min(top, matrix // 2 - 1)
    keep = slice(top - limit, top + limit + 1)
    spectrum = (half[0] + 1j * half[1])[keep, : limit + 1] * amplitude[keep, : limit + 1]
    full = np.zeros((matrix, matrix // 2 + 1), np.complex64)
    rows = np.arange(-limit, limit + 1) % matrix
    # Pixel centres of different matrices differ by a fraction of a pixel: a phase puts both on the same field.
    shift = np.exp(1j * np.pi / matrix * np.arange(-limit, limit + 1)).astype(np.complex64)
    full[rows, : limit + 1] = spectrum * shift[:, None] * shift[None, limit:]
    field = np.fft.irfft2(full, s=(matrix, matrix)).astype(np.float32)
    field *= np.float32(1.0 / field.std())
    return np.tile(field, (2, 2))


@lru_cache(maxsize=4)
def _starts(count, seed):
    """Where the window of every plane starts, in steps of the lattice."""
    return np.random.default_rng((int(seed), 5)).integers(0, _SHIFTS, (count, 2))


def plane(index, matrix, fov_mm, slice_mm, spacing_mm, seed, transfer=None):
    """Noise of slice index, unit SD, (matrix, matrix) float32; transfer: see tile."""
    field = tile(matrix, float(fov_mm), seed, transfer)
    weights = slice_weights(float(slice_mm), float(spacing_mm))
    starts = _starts(512, seed)
    half = len(weights) // 2
    picture = None
    for step, weight in enumerate(weights):
        row, col = (starts[(index + step - half) % 512] * matrix) // _SHIFTS
        window = field[row : row + matrix, col : col + matrix] * weight
        if picture is None:
            picture = window
        else:
            picture += window
    return picture


def row_gain(y_mm):
    """Relative SD by height on the table: less at the front, more at the back, 1 in the middle of the liver."""
    gain = np.interp(np.append(y_mm, _LIVER_Y_MM), (_FRONT_Y_MM, _BACK_Y_MM), (_FRONT, _BACK))
    return (gain[:-1] / gain[-1]).astype(np.float32)
