"""FDG PET of the virtual abdomen: uptake, blurred in three dimensions by the scanner, with its noise.

Tissue and lesions have a standardised uptake value (SUV). The scanner's resolution spreads it: a small hot lesion looks
colder than it is and vanishes, a hot organ spills into its neighbours. PET is worked on a coarse grid, as scanners do,
and interpolated to the picture's matrix.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from liverlab.disease.checks import number
from liverlab.imaging import ct
from liverlab.imaging import noise as noise_field
from liverlab.imaging.anatomy import SLICE_SPACING_MM, check_lesions, check_matrix
from liverlab.imaging.anatomy_canvas import PSF_SIGMA_MM, TISSUES, blur
from liverlab.imaging.lesion_parts import Parts, painted
from liverlab.imaging.liver_state import NORMAL, Shape

FWHM_MM = 6.0  # clinical scanner with its usual filter; typical, illustrative
FWHM_PER_SIGMA = math.sqrt(8 * math.log(2))
COUNTS_PER_SUV = 100.0
NOISE_PCT = 10.0  # SD in the liver over its mean; a usual limit of quality control. Illustrative.
_MATRIX = 128  # 2.8 mm pixels
_NOISE_FWHM_MM = 5.0


def peak_recovery(diameter_mm: Any, fwhm_mm: Any = FWHM_MM) -> Any:
    """Share (0..1) of the true contrast left in the middle of a sphere that a Gaussian blurs in three dimensions.

    erf(r / sqrt 2) - sqrt(2 / pi) r e^(-r^2 / 2), r = radius / sigma (Kessler, Ellis, Eden, J Comput Assist Tomogr
    1984;8:514). diameter_mm (...) >= 0, fwhm_mm (...) > 0; they broadcast.
    """
    sigma = number("fwhm_mm", fwhm_mm, 0, 50, "mm", above=True) / FWHM_PER_SIGMA
    ratio = np.asarray(number("diameter_mm", diameter_mm, 0, 1e4, "mm")) / (2 * sigma)
    return (_erf(ratio / math.sqrt(2)) - math.sqrt(2 / math.pi) * ratio * np.exp(-(ratio**2) / 2))[()]


def recovery_at(radius_mm: Any, diameter_mm: Any, fwhm_mm: Any = FWHM_MM) -> Any:
    """Share (0..1) of a sphere's contrast ``radius_mm`` away from its middle: `peak_recovery` there, 0 far outside.

    With a, b = (R -+ r) / sigma: [erf(a / sqrt 2) + erf(b / sqrt 2)] / 2 - (e^(-a^2 / 2) - e^(-b^2 / 2)) sigma /
    (r sqrt(2 pi)): a ball blurred by a Gaussian, integrated over the angles (Kessler 1984). radius_mm (...) > 0,
    diameter_mm (...) >= 0; they broadcast.
    """
    sigma = number("fwhm_mm", fwhm_mm, 0, 50, "mm", above=True) / FWHM_PER_SIGMA
    r = np.asarray(number("radius_mm", radius_mm, 0, 1e4, "mm", above=True)) / sigma
    big = np.asarray(number("diameter_mm", diameter_mm, 0, 1e4, "mm")) / (2 * sigma)
    inside, beyond = big - r, big + r
    share = (_erf(inside / math.sqrt(2)) + _erf(beyond / math.sqrt(2))) / 2
    return (share - (np.exp(-(inside**2) / 2) - np.exp(-(beyond**2) / 2)) / (r * math.sqrt(2 * math.pi)))[()]


def peak_suv(suv: Any, liver_suv: Any, diameter_mm: Any, fwhm_mm: Any = FWHM_MM) -> Any:
    """What the middle of a lesion shows: liver + (suv - liver) * recovery; suv, liver_suv >= 0."""
    suv, liver_suv = number("suv", suv, 0, 1000, "SUV"), number("liver_suv", liver_suv, 0, 1000, "SUV")
    return liver_suv + (suv - liver_suv) * peak_recovery(diameter_mm, fwhm_mm)


_erf = np.vectorize(math.erf, otypes=[float])


@dataclass(frozen=True, eq=False)
class PetScene:
    """One patient an hour after FDG: `render(index, matrix)` is the picture.

    tissues: casesdata/tissues/pet.csv; lesions: their geometry, parts: what they are made of
    (`lesion_parts.parts_of`); suv: uptake of tissues
    that differ from the table in this patient; fwhm_mm: resolution; noise_pct: SD in liver over its mean;
    shape: as in `scene.Scene`.
    """

    tissues: Mapping[str, Any]
    lesions: ct.LesionState
    parts: Parts
    anatomy: Any
    suv: Mapping[str, float]
    seed: int = 1
    fwhm_mm: float = FWHM_MM
    noise_pct: float = NOISE_PCT
    shape: Shape = NORMAL

    def __post_init__(self) -> None:
        number("fwhm_mm", self.fwhm_mm, 3, 20, "mm")
        number("noise_pct", self.noise_pct, 0, 100, "%")
        check_lesions(self.anatomy, self.lesions.centre_mm, self.lesions.semi_axes_mm)

    @property
    def caption(self) -> str:
        """Tracer, as burnt into the picture."""
        return "FDG PET"

    @property
    def slice_mm(self) -> float:
        """Slice thickness."""
        return SLICE_SPACING_MM

    @property
    def series(self) -> dict[str, Any]:
        """Unit, scale, windows and colours, as a viewer needs them."""
        windows = [{"name": f"0-{top}", "window_hu": float(top), "level_hu": top / 2} for top in (7, 10, 5)]
        return {
            "unit": "SUV", "scale": 1 / COUNTS_PER_SUV, "digits": 1, "presets": windows, "colours": "iron"
        }  # fmt: skip

    def render(self, index: int, matrix: int) -> np.ndarray:
        """The slice, int16 (matrix, matrix), in 1 / COUNTS_PER_SUV."""
        matrix, index = check_matrix(matrix), self.anatomy.slice_index(index)
        return ct.counts(_finer(self.uptake(index), matrix) * np.float32(COUNTS_PER_SUV))

    def uptake(self, index: int, noise: bool = True) -> np.ndarray:
        """SUV of a slice as the scanner sees it, float32 (128, 128)."""
        vector = np.array([self.suv_of(name) for name in TISSUES], np.float32)
        lesions = painted(self.lesions, self.parts, lambda part: self.suv_of(part.tissue))
        last, picture = len(self.anatomy.z_mm) - 1, None
        sigma = self.fwhm_mm / FWHM_PER_SIGMA
        for step, weight in _planes(sigma):
            place = min(max(index + step, 0), last)
            part = ct.without_noise(
                self.anatomy, vector, lesions, place, SLICE_SPACING_MM, _MATRIX, self.shape, texture=False
            )
            part *= weight
            picture = part if picture is None else picture + part
        pixel = self.anatomy.pixel_mm(_MATRIX)
        picture = blur(picture, pixel, math.sqrt(sigma**2 - PSF_SIGMA_MM**2 - pixel**2 / 12))
        if noise and self.noise_pct:
            grain = noise_field.plane(
                index, _MATRIX, self.anatomy.fov_mm, SLICE_SPACING_MM, SLICE_SPACING_MM, self.seed, _smooth
            )
            spread = np.sqrt(np.maximum(picture, 0) * np.float32(self.suv_of("liver")))
            picture = picture + np.float32(self.noise_pct / 100) * spread * grain
        return np.maximum(picture, 0)

    def middle_suv(self) -> np.ndarray:
        """(L,) uptake that the middle of each lesion shows, without noise."""
        return self._profiles()[:, 0]

    def hottest_suv(self) -> np.ndarray:
        """(L,) the highest uptake that any point of each lesion shows, without noise (SUVmax)."""
        return self._profiles().max(axis=1)

    def _profiles(self) -> np.ndarray:
        """(L, 40) uptake from the middle of each lesion to its edge: its parts as concentric spheres, blurred."""
        mean_mm = 2 * np.cbrt(self.lesions.semi_axes_mm.prod(axis=1))[:, None]
        radius_mm = mean_mm / 2 * np.linspace(0.01, 1.0, 40)
        around = np.full((len(self.lesions.ids), 1), self.suv_of("liver"))
        shown = np.repeat(around, 40, axis=1)
        for name in ("rim", "inner", "centre"):
            fraction = 1.0 if name == "rim" else getattr(self.lesions, f"{name}_fraction")[:, None]
            parts = self.parts.get(name, [None] * len(around))
            own = np.array([[a if part is None else self.suv_of(part.tissue)]
                            for (a,), part in zip(around, parts, strict=True)]).reshape(around.shape)  # fmt: skip
            shown = shown + (own - around) * recovery_at(radius_mm, mean_mm * fraction, self.fwhm_mm)
            around = own
        return shown

    def suv_of(self, name: str) -> float:
        """Uptake of a tissue in this patient."""
        return float(self.suv.get(name, self.tissues[name].suv if name in self.tissues else 0.0))


def _planes(sigma_mm: float) -> list[tuple[int, np.float32]]:
    """(step, weight) of the slices whose mean is one blurred along z; their own thickness is part of the blur."""
    own = math.sqrt(max(sigma_mm**2 - SLICE_SPACING_MM**2 / 12, 1e-6))
    reach = math.ceil(2.0 * sigma_mm / SLICE_SPACING_MM)
    steps = range(-reach, reach + 1)
    weights = np.exp(-0.5 * (np.array(steps) * SLICE_SPACING_MM / own) ** 2)
    return list(zip(steps, (weights / weights.sum()).astype(np.float32), strict=True))


def _smooth(f_per_mm: Any) -> Any:
    """Transfer that turns the noise field of CT into white noise blurred by the reconstruction."""
    sigma = _NOISE_FWHM_MM / FWHM_PER_SIGMA
    return np.exp(-2 * (np.pi * sigma * f_per_mm) ** 2) / np.sqrt(noise_field.density(f_per_mm))


@lru_cache(maxsize=8)
def _between(matrix: int) -> tuple[np.ndarray, np.ndarray]:
    at = np.clip((np.arange(matrix) + 0.5) * _MATRIX / matrix - 0.5, 0, _MATRIX - 1)
    low = np.minimum(at.astype(int), _MATRIX - 2)
    return low, (at - low).astype(np.float32)


def _finer(picture: np.ndarray, matrix: int) -> np.ndarray:
    """Linear interpolation of a (128, 128) picture to (matrix, matrix)."""
    low, share = _between(matrix)
    rows = picture[low] + share[:, None] * (picture[low + 1] - picture[low])
    return rows[:, low] + share * (rows[:, low + 1] - rows[:, low])
