"""Calcium inside lesions: seeded patterns whose volume is the stated share of the lesion, whatever the slice.

Grains (punctate, linear, psammomatous) are small balls: each adds its volume inside the slice, spread as a Gaussian
whose variance is that of the scanner's blur, of the pixel and of the ball itself (r^2 / 5 per axis). Shells, clouds and
solid calcium are levels of the lesion's relative radius or of a smooth random field. All patterns keep the amount:
the sum of added HU over the slices is share x volume x HU at full content. Numbers, sizes and forms: illustrative.
"""

import zlib
from functools import lru_cache

import numpy as np

from liverlab.imaging.lesion_form import LOBES, soft, uneven

# Pattern: volume of a typical grain (mm3), fewest and most grains, grains strung on one line, how far out they lie.
_GRAINS = {
    "punctate": (4.2, 3, 70, 1, 0.85),
    "linear": (1.2, 20, 400, 20, 0.85),
    "psammomatous": (0.06, 20, 4000, 1, 0.97),
}
_SHELL_K, _SHELL_MM = 0.93, 1.0  # middle of a calcified rim, its least thickness
_CLOUD = (24, 3.5, 9.0)  # waves of an amorphous cloud: number, range of frequencies over the lesion's radius
_CLOUD_K = 0.92
_CLOUD_SOFT = 0.35  # how softly the cloud ends, in SD of its field


def volume_mm3(semi_axes_mm):
    """Volume of an ellipsoid, mm3."""
    return float(4 / 3 * np.pi * np.prod(semi_axes_mm))


def slab_volume_mm3(radius_mm, low_mm, high_mm):
    """Volume of balls between two planes at heights above their centres, mm3; arguments broadcast."""
    low, high = (np.clip(v, -radius_mm, radius_mm) for v in (low_mm, high_mm))
    return np.pi * (radius_mm**2 * (high - low) - (high**3 - low**3) / 3)


def dots(x, y, z, thickness, sigma, centres, radius_mm):
    """Content (H, W) of blurred balls in a slice: share of each voxel they fill, 0-1.

    x (W,), y (H,): pixel centres; z, thickness: of the slice; centres (n, 3), radius_mm (n,): balls, all in mm.
    """
    off = centres[:, 2] - z
    near = np.abs(off) < thickness / 2 + radius_mm
    centres, radius_mm, off = centres[near], radius_mm[near], off[near]
    mass = slab_volume_mm3(radius_mm, -thickness / 2 - off, thickness / 2 - off) / thickness
    spread = sigma**2 + radius_mm**2 / 5
    narrow, (right, back) = np.float32(-0.5 / spread), np.float32(centres[:, :2].T)
    along = np.exp((np.float32(x)[None, :] - right[:, None]) ** 2 * narrow[:, None])
    down = np.exp((np.float32(y)[:, None] - back) ** 2 * narrow)
    return np.minimum((down * np.float32(mass / (2 * np.pi * spread))) @ along, np.float32(1.0))


def speck(x, y, z, thickness, sigma, centre, semi_axes_mm):
    """Content (H, W) of one lesion too small to have an outline."""
    radius = np.prod(semi_axes_mm) ** (1 / 3)
    return dots(x, y, z, thickness, sigma, centre[None, :], np.array([radius]))


def content(lesions, number, form, x, y, z, thickness, sigma):
    """Share of each voxel that the calcium of one lesion fills, blurred: (H, W), 0-1. form: lesions.Form."""
    pattern, share = lesions.calcium_pattern[number], float(lesions.calcium_share[number])
    name, semi = lesions.ids[number], lesions.semi_axes_mm[number]
    if pattern in _GRAINS:
        places, radius = grains(pattern, name, share * volume_mm3(semi))
        return dots(x, y, z, thickness, sigma, lesions.centre_mm[number] + places * semi, radius)
    if pattern == "solid":
        return form.cover(share ** (1 / 3), 0.04, "calcium").mean(0)
    return _shell(name, form, share, semi, sigma) if pattern == "rim" else _cloud(name, form, share)


# ---- grains ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _places(pattern, name):
    """Centres of all grains a lesion may ever have (n, 3) in units of its semi-axes, and their relative volumes (n,).

    More calcium adds grains to the front of the list and swells them; those there stay where they are.
    """
    _, _, most, strung, reach = _GRAINS[pattern]
    rng = np.random.default_rng((zlib.crc32(name.encode()), 7))
    lines = most // strung
    start = rng.normal(size=(lines, 3))
    start *= (reach * rng.random((lines, 1)) ** (1 / 3)) / np.sqrt((start**2).sum(1, keepdims=True))
    if strung > 1:  # a curve through each start: bent, about as long as the lesion's radius
        heading, bend = rng.normal(size=(2, lines, 3))
        heading /= np.sqrt((heading**2).sum(1, keepdims=True))
        t = np.linspace(-0.45, 0.45, strung)[None, :, None]
        start = (0.7 * start[:, None] + t * heading[:, None] + 0.5 * t**2 * bend[:, None]).reshape(-1, 3)
    far = np.sqrt((start**2).sum(1, keepdims=True))
    start *= np.minimum(1, max(reach, 0.9) / np.maximum(far, 1e-6))
    weight = rng.gamma(3.0, 1 / 3.0, most) if strung == 1 else rng.uniform(0.6, 1.4, most)
    return start, weight


def grains(pattern, name, volume_mm3):
    """Centres (n, 3) in units of the semi-axes and radii (n,) in mm of the grains that hold this volume."""
    typical, fewest, *_ = _GRAINS[pattern]
    places, weight = _places(pattern, name)
    count = int(np.clip(np.ceil(volume_mm3 / typical), fewest, len(weight)))
    each = volume_mm3 * weight[:count] / weight[:count].sum()
    return places[:count], (each * 3 / (4 * np.pi)) ** (1 / 3)


# ---- shells and clouds -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _in_the_ball():
    """Points spread evenly in the unit ball: directions (n, 3) and radii (n,)."""
    rng = np.random.default_rng(11)
    direction = rng.normal(size=(2000, 3))
    direction /= np.sqrt((direction**2).sum(1, keepdims=True))
    return direction.astype(np.float32), rng.random(2000) ** (1 / 3)


def _shell(name, form, share, semi, sigma):
    """Eggshell: as thick as it must be, closed where there is enough calcium, else in arcs."""
    radius = np.prod(semi) ** (1 / 3)
    spread_mm = share * radius / (3 * _SHELL_K**2)  # thickness if all of the shell were calcified
    thick = max(spread_mm, _SHELL_MM)
    away = form.outside_mm(_SHELL_K)
    shell = soft(away - np.float32(thick / 2), form.sigma_mm) - soft(away + np.float32(thick / 2), form.sigma_mm)
    if spread_mm < thick:
        field = uneven(name + "arc", LOBES, *form.direction)
        level = np.quantile(uneven(name + "arc", LOBES, *_in_the_ball()[0].T), 1 - spread_mm / thick)
        shell = shell * soft((np.float32(level) - field) * np.float32(0.3 * radius), sigma)
    return shell.mean(0)


def _cloud(name, form, share):
    """Irregular cloud within the lesion: the highest parts of a smooth random field."""
    direction, radius = _in_the_ball()
    inside = radius < _CLOUD_K
    sample = uneven(name + "cloud", _CLOUD, *(direction[inside] * radius[inside, None].astype(np.float32)).T)
    level = np.quantile(sample, 1 - min(share / _CLOUD_K**3, 1.0))
    outside = np.float32(level) - uneven(name + "cloud", _CLOUD, *form.uvw)
    return (soft(outside, _CLOUD_SOFT) * form.cover(_CLOUD_K)).mean(0)
