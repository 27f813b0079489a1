"""Where the metastases of one patient lie: as the case lists them, or by a seeded rule."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from liverlab.disease import burden
from liverlab.evidence.cases import LesionSpec
from liverlab.imaging import placement

PLACED_ML = 3.0  # volume of a metastasis when its place is chosen; a load on the slider lets it grow in its place
LEAST_MM = 0.001  # stands for none: a course needs a size


@dataclass(frozen=True, eq=False)
class Layout:
    """lesions: L `LesionSpec`; centre_mm (L, 3); gap_mm (L,) from the edge to the capsule on day 0."""

    lesions: tuple[LesionSpec, ...]
    centre_mm: np.ndarray
    gap_mm: np.ndarray


def layout(case: Any, values: Any, anatomy: Any, seed: int) -> Layout:
    """The metastases of a case with these values in this body."""
    if case.lesions:
        lesions = case.lesions
        centre = np.array([lesion.centre_mm for lesion in lesions], dtype=float)
        depth = -anatomy.liver_field(*centre.T)
        size = np.array([lesion.diameter_mm for lesion in lesions])
    else:
        count = round(values["metastasis_count"])
        placed = _places(anatomy, count, values["subcapsular_share_pct"], seed)
        size = burden.diameters_mm(count, values["tumour_load_pct"] / 100 * values["liver_ml"])
        size = np.maximum(size, LEAST_MM)
        answers = burden.responses(count, seed)
        axes = placed.semi_axes_mm / np.cbrt(placed.semi_axes_mm.prod(axis=1))[:, None]
        lesions = tuple(
            LesionSpec(
                id=f"L{number}",
                label=str(number),
                segment=placed.segment[i],
                centre_mm=tuple(map(float, placed.centre_mm[i])),
                diameter_mm=float(size[i]),
                role="target" if number <= 2 else "non_target",
                vascular="hypo",
                axes=tuple(map(float, axes[i])),
                response=float(answers[i]),
            )
            for i, number in enumerate(range(1, count + 1))
        )
        centre, depth = placed.centre_mm, placed.depth_mm
    return Layout(lesions, centre, np.maximum(depth - size / 2, 0.0))


@lru_cache(maxsize=64)
def _places(anatomy, count, subcapsular_pct, seed):
    sizes = burden.diameters_mm(count, PLACED_ML * count)
    lobe = "both" if count > 1 else None
    share = subcapsular_pct / 100
    return placement.place_lesions(anatomy, count, sizes, seed, lobe=lobe, subcapsular_share=share)
