"""CT pictures of the virtual abdomen: tissue HU in, HU with lesions and noise out.

A slice is linear in the tissues' HU (anatomy.prepare keeps what is where), so a new delay, kVp, dose or lesion costs
one weighted sum. Lesions are ellipsoids with slightly lobulated borders and an optional core, blurred in the plane and
averaged over the slice thickness.
"""

import math
import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from liverlab.imaging import noise as noise_field
from liverlab.imaging.anatomy import SLICE_SPACING_MM, check_lesions, check_matrix
from liverlab.imaging.anatomy_canvas import PSF_SIGMA_MM, TISSUES, grid

_AIR_HU, _TOP_HU = -1024, 3071  # the 12 bits of a CT picture
# A lower tube voltage at the same dose penetrates a body less well; weak dependence. [illustrative]
_KVP_EXPONENT, _REFERENCE_KVP = 0.35, 120.0
# Water 0.193 /cm at 70 keV (NIST XCOM); water-equivalent diameter 29 cm at 70 kg, growing with the root of weight;
# tube current modulation makes up for half of it (AAPM report 220 for the diameter). [derived]
_WATER_PER_CM, _DIAMETER_CM, _REFERENCE_KG, _MODULATION = 0.193, 29.0, 70.0, 0.5
_LOBULATION = 0.035  # RMS of the border about the ellipsoid, relative to its radius [illustrative]
BULGE_MM = 3.0  # how far a lesion may lift the liver's capsule [illustrative]


@dataclass(frozen=True)
class LesionState:
    """Lesions at one visit and delay.

    ids (L,) str; centre_mm, semi_axes_mm (L, 3) in the patient frame; hu, core_hu (L,) mean HU of rim and core;
    core_fraction (L,) diameter of the core over that of the lesion, 0-1.
    """

    ids: tuple
    centre_mm: np.ndarray
    semi_axes_mm: np.ndarray
    hu: np.ndarray
    core_hu: np.ndarray
    core_fraction: np.ndarray

    def __post_init__(self):
        count = len(self.ids)
        for name, shape in (
            ("centre_mm", (count, 3)),
            ("semi_axes_mm", (count, 3)),
            ("hu", (count,)),
            ("core_hu", (count,)),
            ("core_fraction", (count,)),
        ):
            value = np.asarray(getattr(self, name), float).reshape(
                shape if count == 0 else np.shape(getattr(self, name))
            )
            if value.shape != shape:
                raise ValueError(f"{name} has shape {value.shape}; with {count} ids it must have shape {shape}.")
            if not np.isfinite(value).all():
                raise ValueError(f"{name} holds a value that is not a number; it must be finite.")
            object.__setattr__(self, name, value)
        object.__setattr__(self, "ids", tuple(str(name) for name in self.ids))
        if count and (self.semi_axes_mm < 0).any():
            raise ValueError("semi_axes_mm holds a negative value; it must be 0 mm or more.")
        if count and ((self.core_fraction < 0) | (self.core_fraction > 1)).any():
            raise ValueError("core_fraction holds a value outside its range; it must lie between 0 and 1.")


NO_LESIONS = LesionState((), np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0), np.zeros(0), np.zeros(0))


def noise_sd_hu(protocol):
    """Noise SD (HU) in the middle of the liver: noise_hu scaled by dose, slice thickness, tube voltage and body size.

    sigma ~ 1 / sqrt(dose x slice) (Goldman 2007, J Nucl Med Technol 35:115); broadcasts over protocol fields that are
    arrays. Raises ValueError if a field is not a positive number.
    """
    for name in ("noise_hu", "dose_pct", "slice_mm", "kvp", "weight_kg"):
        value = np.asarray(getattr(protocol, name), float)
        if not (np.isfinite(value).all() and (value > 0).all()):
            raise ValueError(f"{name} is {getattr(protocol, name)}; it must be a number above 0.")
    size_cm = _DIAMETER_CM * (np.sqrt(np.asarray(protocol.weight_kg) / _REFERENCE_KG) - 1)
    return (
        protocol.noise_hu
        * np.sqrt(100.0 / np.asarray(protocol.dose_pct))
        * np.sqrt(3.0 / np.asarray(protocol.slice_mm))
        * (_REFERENCE_KVP / np.asarray(protocol.kvp)) ** _KVP_EXPONENT
        * np.exp(0.5 * _WATER_PER_CM * size_cm * (1 - _MODULATION))
    )


def hu_vector(tissue_hu):
    """HU per tissue in the order of TISSUES (len(TISSUES),) float32; refuses missing tissues and undefined HU."""
    missing = [name for name in TISSUES if name not in tissue_hu]
    if missing:
        raise ValueError(f"tissue_hu lacks {', '.join(missing)}; it must name the HU of every tissue.")
    for name in (*TISSUES, "spleen_moire_hu"):
        if not math.isfinite(tissue_hu.get(name, 0.0)):
            raise ValueError(f"tissue_hu['{name}'] is {tissue_hu[name]}; it must be a finite number of HU.")
    return np.array([tissue_hu[name] for name in TISSUES], np.float32)


def render(anatomy, tissue_hu, lesions, z_index_or_mm, protocol, matrix=256, seed=1, noise=True):
    """One axial slice in HU, int16 (matrix, matrix); row 0 anterior, column 0 at the patient's right.

    tissue_hu : {tissue: HU} for every name in TISSUES, optionally 'spleen_moire_hu' (SD of the arterial bands);
    lesions : LesionState; z_index_or_mm : slice index (int) or height in mm (float); protocol : imaging protocol with
    slice_mm, dose_pct, kvp, noise_hu, weight_kg; noise=False leaves the noise out. Raises ValueError on bad input
    before memory is taken.
    """
    matrix, index = check_matrix(matrix), anatomy.slice_index(z_index_or_mm)
    vector, sigma = hu_vector(tissue_hu), float(noise_sd_hu(protocol))
    check_lesions(anatomy, lesions.centre_mm, lesions.semi_axes_mm)
    return _picture(anatomy, vector, float(tissue_hu.get("spleen_moire_hu", 0.0)), lesions, index, protocol, matrix,
                    seed, sigma if noise else 0.0)  # fmt: skip


def render_volume(anatomy, tissue_hu, lesions, protocol, matrix=256, seed=1, noise=True, z_indices=None):
    """Slices stacked from caudal to cranial, int16 (n, matrix, matrix); z_indices chooses some (default: all)."""
    matrix, vector, sigma = check_matrix(matrix), hu_vector(tissue_hu), float(noise_sd_hu(protocol))
    check_lesions(anatomy, lesions.centre_mm, lesions.semi_axes_mm)
    chosen = range(len(anatomy.z_mm)) if z_indices is None else [anatomy.slice_index(k) for k in z_indices]
    moire = float(tissue_hu.get("spleen_moire_hu", 0.0))
    volume = np.empty((len(chosen), matrix, matrix), np.int16)
    for place, index in enumerate(chosen):
        volume[place] = _picture(anatomy, vector, moire, lesions, index, protocol, matrix, seed, sigma * bool(noise))
    return volume


def _slab(anatomy, index, thickness):
    """(slice index, share) of the 3 mm slices that a slice of the given thickness averages."""
    reach = int(np.ceil((thickness / SLICE_SPACING_MM - 1) / 2)) if thickness > SLICE_SPACING_MM else 0
    steps = np.arange(-reach, reach + 1)
    top, bottom = (steps + 0.5) * SLICE_SPACING_MM, (steps - 0.5) * SLICE_SPACING_MM
    overlap = np.minimum(thickness / 2, top) - np.maximum(-thickness / 2, bottom)
    places = np.clip(index + steps, 0, len(anatomy.z_mm) - 1)
    return list(zip(places.tolist(), (overlap / overlap.sum()).tolist(), strict=True))


def _picture(anatomy, vector, moire_hu, lesions, index, protocol, matrix, seed, sigma):
    z, thickness, g = float(anatomy.z_mm[index]), float(protocol.slice_mm), grid(matrix)
    slice_map, picture = anatomy.prepare(index, matrix), None
    for place, share in _slab(anatomy, index, thickness):
        part = anatomy.prepare(place, matrix).hu(vector, moire_hu)
        part = part if share == 1.0 else part * np.float32(share)
        picture = part if picture is None else picture + part
    liver_mm = slice_map.liver_distance_mm() if lesions.ids else None
    for number in range(len(lesions.ids)):
        _put_lesion(picture, lesions, number, z, thickness, g, liver_mm)
    if sigma > 0:
        grain = noise_field.plane(index, matrix, anatomy.fov_mm, thickness, SLICE_SPACING_MM, seed)
        grain *= (np.float32(sigma) * noise_field.row_gain(g.y_mm))[:, None]
        picture += grain
    np.rint(picture, out=picture)
    np.clip(picture, _AIR_HU, _TOP_HU, out=picture)
    return picture.astype(np.int16)


def truth(anatomy, lesions, z_index, matrix=256):
    """Lesion under each pixel's centre on the slice's middle plane: uint8 (matrix, matrix), 0 none, 1 the first."""
    matrix, index = check_matrix(matrix), anatomy.slice_index(z_index)
    check_lesions(anatomy, lesions.centre_mm, lesions.semi_axes_mm)
    g, mask = grid(matrix), np.zeros((matrix, matrix), np.uint8)
    if not lesions.ids:
        return mask
    liver_mm = anatomy.prepare(index, matrix).liver_distance_mm()
    for number in range(len(lesions.ids)):
        box = _lesion_box(lesions, number, float(anatomy.z_mm[index]), 0.0, g)
        if box is None:
            continue
        rows, cols = box
        distance = _lesion_distance(lesions, number, g.x_mm[cols], g.y_mm[rows], np.array([anatomy.z_mm[index]]))[0][0]
        inside = (distance < 0) & (liver_mm[rows, cols] < BULGE_MM)
        mask[rows, cols][inside] = number + 1
    return mask


def _lesion_box(lesions, number, z, thickness, g):
    """Rows and columns a lesion may touch on a slice, or None."""
    centre, semi = lesions.centre_mm[number], lesions.semi_axes_mm[number] * (1 + 3 * _LOBULATION)
    if semi.min() <= 0 or abs(z - centre[2]) >= semi[2] + thickness / 2:
        return None
    pad = 3 * PSF_SIGMA_MM + g.pixel_mm
    cols = slice(*np.searchsorted(g.x_mm, (centre[0] - semi[0] - pad, centre[0] + semi[0] + pad)))
    rows = slice(*np.searchsorted(g.y_mm, (centre[1] - semi[1] - pad, centre[1] + semi[1] + pad)))
    return (rows, cols) if rows.start < rows.stop and cols.start < cols.stop else None


@lru_cache(maxsize=256)
def _border_waves(name):
    """Directions and phases of a lesion's lobulation, seeded by its name so that it keeps its form over time."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    wave = rng.normal(size=(6, 3))
    wave *= rng.uniform(2.5, 5.5, (6, 1)) / np.sqrt((wave**2).sum(1, keepdims=True))
    return wave.astype(np.float32), rng.uniform(0, 2 * np.pi, 6).astype(np.float32)


def border(name, u, v, w):
    """Radius of a lesion's lobulated border relative to its ellipsoid's, about 1, in directions (u, v, w).

    u, v, w : parts of a unit vector along the semi-axes, each in units of its semi-axis; they broadcast.
    """
    lobes = np.float32(0.0)
    for (ku, kv, kw), phase in zip(*_border_waves(name), strict=True):
        lobes = lobes + np.cos(ku * u + kv * v + kw * w + phase)
    return 1 + np.float32(_LOBULATION / np.sqrt(3.0)) * lobes


def _lesion_distance(lesions, number, x, y, z):
    """Signed distances (planes, H, W) to a lesion's border and to its core's border, negative inside (mm)."""
    centre, semi = lesions.centre_mm[number].astype(np.float32), lesions.semi_axes_mm[number].astype(np.float32)
    u = (x[None, None, :] - centre[0]) / semi[0]
    v = (y[None, :, None] - centre[1]) / semi[1]
    w = (np.asarray(z, np.float32)[:, None, None] - centre[2]) / semi[2]
    k = np.sqrt(np.maximum(u * u + v * v + w * w, np.float32(1e-6)))
    slope = np.sqrt((u / semi[0]) ** 2 + (v / semi[1]) ** 2 + (w / semi[2]) ** 2) / k
    # the border's lobes change slowly with height: one plane serves the whole slice
    middle = len(k) // 2
    radius = k[middle]
    k -= border(lesions.ids[number], u[0] / radius, v[0] / radius, w[middle] / radius) - 1
    mm = 1 / np.maximum(slope, np.float32(1e-3) / semi.max())
    return (k - 1) * mm, (k - np.float32(lesions.core_fraction[number])) * mm


def _soft(distance_mm, sigma_mm):
    """Coverage of an edge blurred by a Gaussian: the normal distribution of -d/sigma (tanh form, error < 0.0005)."""
    t = distance_mm * np.float32(-1 / sigma_mm)
    return 0.5 + 0.5 * np.tanh(np.float32(0.7978845608) * t * (1 + np.float32(0.044715) * t * t))


def _put_lesion(picture, lesions, number, z, thickness, g, liver_mm):
    box = _lesion_box(lesions, number, z, thickness, g)
    if box is None:
        return
    rows, cols = box
    count = max(3, round(thickness / 0.8))
    planes = z + thickness * ((np.arange(count) + 0.5) / count - 0.5)
    outer, inner = _lesion_distance(lesions, number, g.x_mm[cols], g.y_mm[rows], planes)
    sigma = float(np.hypot(PSF_SIGMA_MM, g.pixel_mm / np.sqrt(12)))
    cover = _soft(outer, sigma)
    cover *= np.clip((np.float32(BULGE_MM) - liver_mm[rows, cols]) / np.float32(g.pixel_mm) + 0.5, 0, 1)
    whole = cover.mean(0)
    value = whole * np.float32(lesions.hu[number])
    if lesions.core_fraction[number] > 0:
        core = (_soft(inner, sigma) * cover).mean(0)
        value += core * np.float32(lesions.core_hu[number] - lesions.hu[number])
    part = picture[rows, cols]
    part *= 1 - whole
    part += value
