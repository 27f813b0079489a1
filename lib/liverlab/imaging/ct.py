"""CT pictures of the virtual abdomen: tissue HU in, HU with lesions and noise out.

A slice is linear in the tissues' HU (anatomy.prepare keeps what is where), so a new delay, kVp, dose or lesion costs
one weighted sum. Lesions are painted over it (lesions), noise comes last (noise).
"""

from collections.abc import Mapping

import numpy as np

from liverlab.disease.checks import number
from liverlab.imaging import kernel, liver_patterns
from liverlab.imaging import noise as noise_field
from liverlab.imaging.anatomy import SLICE_SPACING_MM, check_lesions, check_matrix, check_seed
from liverlab.imaging.anatomy_canvas import TISSUE_INDEX, TISSUES, grid
from liverlab.imaging.bone_lesions import bone_share
from liverlab.imaging.lesion_paint import in_liver
from liverlab.imaging.lesion_paint import mark as mark_lesions
from liverlab.imaging.lesion_paint import paint as paint_lesions
from liverlab.imaging.lesions import NO_LESIONS, LesionState
from liverlab.imaging.liver_state import NORMAL, Shape
from liverlab.imaging.protocol import LIMITS
from liverlab.imaging.tissue_share import share_of

__all__ = [
    "NO_LESIONS", "LesionState", "counts", "hu_vector", "noise_sd_hu", "render", "render_volume", "truth",
    "without_noise",
]  # fmt: skip

_PATTERNS = ("spleen_moire_hu", *liver_patterns.NAMES)  # what tissue_hu may name beside tissues
_HU_LIMITS = (-1100, 4000)  # of a tissue: air to metal, as of a lesion
_AIR_HU, _TOP_HU = -1024, 3071  # the 12 bits of a CT picture
# A lower tube voltage at the same dose penetrates a body less well; weak dependence. [illustrative]
_KVP_EXPONENT, _REFERENCE_KVP = 0.35, 120.0
# Water 0.193 /cm at 70 keV (NIST XCOM); water-equivalent diameter 29 cm at 70 kg, growing with the root of weight;
# tube current modulation makes up for half of it (AAPM report 220 for the diameter). [derived]
_WATER_PER_CM, _DIAMETER_CM, _REFERENCE_KG, _MODULATION = 0.193, 29.0, 70.0, 0.5


def noise_sd_hu(protocol):
    """Noise SD (HU) in the middle of the liver: noise_hu scaled by dose, slice, tube voltage, body size and kernel.

    sigma ~ 1 / sqrt(dose x slice) (Goldman 2007, J Nucl Med Technol 35:115); broadcasts over protocol fields that are
    arrays. Raises ValueError if a field is outside protocol.LIMITS.
    """
    for name in ("noise_hu", "dose_pct", "slice_mm", "kvp", "weight_kg"):
        number(name, getattr(protocol, name), *LIMITS[name])
    size_cm = _DIAMETER_CM * (np.sqrt(np.asarray(protocol.weight_kg) / _REFERENCE_KG) - 1)
    return (
        protocol.noise_hu
        * np.sqrt(100.0 / np.asarray(protocol.dose_pct))
        * np.sqrt(3.0 / np.asarray(protocol.slice_mm))
        * (_REFERENCE_KVP / np.asarray(protocol.kvp)) ** _KVP_EXPONENT
        * np.exp(0.5 * _WATER_PER_CM * size_cm * (1 - _MODULATION))
        * kernel.noise_factor(protocol.kernel_sharpness_pct)
    )


def hu_vector(tissue_hu):
    """HU per tissue in the order of TISSUES (len(TISSUES),) float32; refuses missing tissues and undefined HU."""
    if not isinstance(tissue_hu, Mapping):
        raise ValueError(f"tissue_hu is {tissue_hu!r}; it must map every tissue to its HU.")
    missing = [name for name in TISSUES if name not in tissue_hu]
    if missing:
        raise ValueError(f"tissue_hu lacks {', '.join(missing)}; it must name the HU of every tissue.")
    for name in (*TISSUES, *_PATTERNS):
        number(f"tissue_hu['{name}']", tissue_hu.get(name, 0.0), *_HU_LIMITS, "HU")
    return np.array([tissue_hu[name] for name in TISSUES], np.float32)


def render(anatomy, tissue_hu, lesions, z_index_or_mm, protocol, matrix=256, seed=1, noise=True, shape=NORMAL,
           bone_lesions=NO_LESIONS):  # fmt: skip
    """One axial slice in HU, int16 (matrix, matrix); row 0 anterior, column 0 at the patient's right.

    tissue_hu : {tissue: HU} for every name in TISSUES, optionally 'spleen_moire_hu' (SD of the arterial bands),
    'liver_mosaic_hu' (SD of geographic patches) and 'periportal_hu' (change in a collar along portal branches, below 0
    for oedema); lesions : LesionState; z_index_or_mm : slice index (int) or height in mm (float); protocol : imaging
    protocol with slice_mm, dose_pct, kvp, noise_hu, weight_kg, kernel_sharpness_pct; noise=False leaves the noise out;
    shape : liver_state.Shape, what disease moved; bone_lesions : LesionState that replaces bone only. Raises ValueError
    on bad input before memory is taken.
    """
    matrix, index = check_matrix(matrix), anatomy.slice_index(z_index_or_mm)
    vector, sigma = hu_vector(tissue_hu), float(noise_sd_hu(protocol))
    seed = _checked(anatomy, lesions, shape, bone_lesions, seed)
    extras = _extras(tissue_hu, bone_lesions)
    return _picture(anatomy, vector, extras, lesions, index, protocol, matrix, seed, sigma if noise else 0.0, shape)


def render_volume(anatomy, tissue_hu, lesions, protocol, matrix=256, seed=1, noise=True, z_indices=None, shape=NORMAL,
                  bone_lesions=NO_LESIONS):  # fmt: skip
    """Slices stacked from caudal to cranial, int16 (n, matrix, matrix); z_indices chooses some (default: all)."""
    matrix, vector, sigma = check_matrix(matrix), hu_vector(tissue_hu), float(noise_sd_hu(protocol))
    seed = _checked(anatomy, lesions, shape, bone_lesions, seed)
    chosen = range(len(anatomy.z_mm)) if z_indices is None else [anatomy.slice_index(k) for k in z_indices]
    extras, sigma = _extras(tissue_hu, bone_lesions), sigma * bool(noise)
    volume = np.empty((len(chosen), matrix, matrix), np.int16)
    for place, index in enumerate(chosen):
        volume[place] = _picture(anatomy, vector, extras, lesions, index, protocol, matrix, seed, sigma, shape)
    return volume


def _extras(tissue_hu, bone_lesions):
    moire, mosaic, periportal = (float(tissue_hu.get(name, 0.0)) for name in _PATTERNS)
    return {"moire": moire, "mosaic": mosaic, "periportal": periportal, "bone_lesions": bone_lesions}


def _checked(anatomy, lesions, shape, bone_lesions=NO_LESIONS, seed=0):
    """The seed, after lesions, shape, bone_lesions and seed have been looked at."""
    kinds = {"lesions": (lesions, LesionState), "shape": (shape, Shape), "bone_lesions": (bone_lesions, LesionState)}
    for name, (value, kind) in kinds.items():
        if not isinstance(value, kind):
            raise ValueError(f"{name} is {value!r}; it must be a {kind.__name__}.")
    check_lesions(anatomy, lesions.centre_mm, lesions.semi_axes_mm)
    return check_seed(seed)


def _slab(anatomy, index, thickness):
    """(slice index, share) of the 3 mm slices that a slice of the given thickness averages."""
    reach = int(np.ceil((thickness / SLICE_SPACING_MM - 1) / 2)) if thickness > SLICE_SPACING_MM else 0
    steps = np.arange(-reach, reach + 1)
    top, bottom = (steps + 0.5) * SLICE_SPACING_MM, (steps - 0.5) * SLICE_SPACING_MM
    overlap = np.minimum(thickness / 2, top) - np.maximum(-thickness / 2, bottom)
    places = np.clip(index + steps, 0, len(anatomy.z_mm) - 1)
    return list(zip(places.tolist(), (overlap / overlap.sum()).tolist(), strict=True))


def without_noise(anatomy, vector, lesions, index, slice_mm, matrix, shape=NORMAL, moire=0.0, texture=True,
                  mosaic=0.0, periportal=0.0, bone_lesions=NO_LESIONS):  # fmt: skip
    """One axial slice of any quantity with one value per tissue (HU, signal, uptake), float32 (matrix, matrix).

    vector (len(TISSUES),) float32; lesions, bone_lesions: LesionState in the same unit; index of the slice; slice_mm
    its thickness; shape: liver_state.Shape; moire: SD of the spleen's arterial bands; texture: the fine detail of CT,
    in HU; mosaic, periportal: as in liver_patterns.
    """
    picture = None
    for place, share in _slab(anatomy, index, slice_mm):
        part = anatomy.prepare(place, matrix, shape).hu(vector, moire, texture)
        if mosaic or periportal:
            liver_patterns.add(part, anatomy, (place, matrix, shape), mosaic, periportal)
        part = part if share == 1.0 else part * np.float32(share)
        picture = part if picture is None else picture + part
    where, g = (index, matrix, shape), grid(matrix)
    at = float(anatomy.z_mm[index]), slice_mm, g
    if bone_lesions.ids:
        bone = bone_share(anatomy, where)
        paint_lesions(picture, bone_lesions, *at, lambda rows, cols: bone[rows, cols])
    if lesions.ids:
        liver_mm = anatomy.prepare(*where).liver_distance_mm()
        paint_lesions(
            picture, lesions, *at, in_liver(liver_mm, g.pixel_mm),
            lambda: (share_of(anatomy, where, ("liver",)), vector[TISSUE_INDEX["liver"]]),
        )  # fmt: skip
    return picture


def _picture(anatomy, vector, extras, lesions, index, protocol, matrix, seed, sigma, shape):
    thickness, g, sharpness = float(protocol.slice_mm), grid(matrix), protocol.kernel_sharpness_pct
    picture = without_noise(anatomy, vector, lesions, index, thickness, matrix, shape, **extras)
    picture = kernel.apply(picture, g.pixel_mm, sharpness)
    if sigma > 0:
        picture += grain(anatomy, index, protocol, matrix, seed)
    return counts(picture)


def grain(anatomy, index, protocol, matrix, seed):
    """The noise of one slice (HU), float32 (matrix, matrix): what `render` adds to the picture without noise."""
    sharper = kernel.of(protocol.kernel_sharpness_pct)
    noise = noise_field.plane(index, matrix, anatomy.fov_mm, float(protocol.slice_mm), SLICE_SPACING_MM, seed, sharper)
    noise *= (np.float32(noise_sd_hu(protocol)) * noise_field.row_gain(grid(matrix).y_mm))[:, None]
    return noise


def counts(picture):
    """A picture as the int16 counts of a scanner: rounded, within 12 bits about -1024."""
    np.rint(picture, out=picture)
    np.clip(picture, _AIR_HU, _TOP_HU, out=picture)
    return picture.astype(np.int16)


def truth(anatomy, lesions, z_index, matrix=256, shape=NORMAL):
    """Lesion under each pixel's centre on the slice's middle plane: uint8 (matrix, matrix), 0 none, 1 the first."""
    matrix, index = check_matrix(matrix), anatomy.slice_index(z_index)
    _checked(anatomy, lesions, shape)
    g, mask = grid(matrix), np.zeros((matrix, matrix), np.uint8)
    if not lesions.ids:
        return mask
    liver_mm = anatomy.prepare(index, matrix, shape).liver_distance_mm()
    mark_lesions(mask, lesions, float(anatomy.z_mm[index]), g, liver_mm)
    return mask
