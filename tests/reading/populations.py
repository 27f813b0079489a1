"""Random lesions for the tests that hold the two readers together."""

from dataclasses import dataclass, replace

import numpy as np

from liverlab.imaging.anatomy_canvas import TISSUES
from liverlab.imaging.protocol import REFERENCE
from liverlab.reading import analytic, pixel

THRESHOLD_MM = 16.3
NOISE_AT_3_MM_HU = 12.0
# A call this close to one of the reader's limits may go either way.
MARGIN = 0.3


@dataclass(frozen=True)
class Lesion:
    """One lesion in its liver and slice; axes (3,) relative semi-axes with product 1."""

    diameter_mm: float
    axes: np.ndarray
    core_fraction: float
    rim_hu: float
    core_hu: float
    liver_hu: float
    slice_mm: float

    @property
    def sigma_hu(self):
        return NOISE_AT_3_MM_HU * np.sqrt(3.0 / self.slice_mm)

    def read(self, pixel_mm, axis_ratio=None):
        """The analytic reader on this lesion."""
        return analytic.read(
            self.rim_hu,
            self.core_hu,
            self.liver_hu,
            self.diameter_mm,
            self.core_fraction,
            self.sigma_hu,
            THRESHOLD_MM,
            slice_mm=self.slice_mm,
            pixel_mm=pixel_mm,
            axis_ratio=self.axes[:2].max() if axis_ratio is None else axis_ratio,
        )

    def near_a_limit(self):
        """Whether seen or not seen, or rim or core as boundary, hangs on less than MARGIN."""
        scores = [float(self.read(0.7).detectability_mm)]
        rim, core = self.rim_hu - self.liver_hu, self.core_hu - self.liver_hu
        if self.core_fraction > 0:
            ring_mm = self.diameter_mm * np.sqrt(1 - self.core_fraction**2)
            scores.append(abs(rim) * ring_mm / self.sigma_hu)
            half = abs(core) / 2
            # A rim of about half the core's contrast is the edge of the lesion or of its surroundings; it takes a thick
            # and clearly visible rim to tell.
            faint = scores[1] < (1 + MARGIN) * THRESHOLD_MM
            thin = self.diameter_mm * (1 - self.core_fraction) / 2 < pixel.RIM_MIN_MM
            if rim * core > 0 and abs(abs(rim) / half - 1) < MARGIN and (abs(rim) < half or faint or thin):
                return True
        return any(abs(score / THRESHOLD_MM - 1) < MARGIN for score in scores)


def lesion(rng):
    """A lesion RECIST 1.1 would call measurable: 10-50 mm; isodense, darker or brighter rim; with or without core."""
    axes = np.exp(rng.normal(0, 0.06, 3))
    liver = rng.uniform(90, 115)
    rim = liver + rng.choice([0.0, rng.uniform(-75, 30)])
    fraction = rng.choice([0.0, 0.0, 0.6, 0.7, 0.8])
    return Lesion(
        diameter_mm=float(np.exp(rng.uniform(np.log(10), np.log(50)))),
        axes=axes / np.prod(axes) ** (1 / 3),
        core_fraction=float(fraction),
        rim_hu=float(rim),
        core_hu=float(rng.uniform(25, 75)) if fraction else float(rim),
        liver_hu=float(liver),
        slice_mm=float(rng.choice([1.5, 3.0, 5.0])),
    )


def tissue_hu(liver_hu):
    """HU of every tissue of the virtual abdomen; vessels as bright as the liver, everything else at 0 HU."""
    bright = ("liver", "portal_vein", "hepatic_vein", "hepatic_artery")
    return {name: float(liver_hu) if name in bright else 0.0 for name in TISSUES}


def protocol(slice_mm):
    """A scan of the reference patient with this slice thickness."""
    return replace(REFERENCE, slice_mm=float(slice_mm), noise_hu=NOISE_AT_3_MM_HU)
