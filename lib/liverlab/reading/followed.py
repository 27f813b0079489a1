"""What the reader follows, for any number of patients at once: targets, non-targets, new spots, sum and mean density.

The reader knows only what is visible. At baseline the largest visible lesions become targets (RECIST 1.1: at least
10 mm, at most two in the liver), other visible ones non-targets. A lesion nobody saw at baseline and everybody sees
later is a new spot.
"""

from dataclasses import dataclass

import numpy as np

from liverlab.reading import codes
from liverlab.reading.analytic import Readings
from liverlab.reading.targets import TARGET_MIN_MM, TARGETS_PER_ORGAN_MAX


@dataclass(frozen=True, eq=False)
class Followed:
    """targets, non_targets (..., L): who is what. new_spots (..., L, T): seen now, not at baseline. diameter_mm, hu
    (..., L, T): as a report gives them, to 0.1; sum_mm (..., T) over the targets, 0 for one not seen; mean_hu (..., T)
    of the targets seen, that of the baseline where none is.
    """

    targets: np.ndarray
    non_targets: np.ndarray
    new_spots: np.ndarray
    diameter_mm: np.ndarray
    hu: np.ndarray
    sum_mm: np.ndarray
    mean_hu: np.ndarray
    non_target: np.ndarray  # codes (..., T) of liverlab.reading.codes


def follow(readings: Readings) -> Followed:
    """Sort the readings (..., L, T) of the analytic reader, visit 0 being the baseline."""
    # A report gives tenths: everything the criteria and the page say is computed from what the report says.
    size, hu, visible = np.round(readings.diameter_mm, 1), np.round(readings.hu, 1), readings.visible
    first = np.where(visible[..., 0], readings.diameter_mm[..., 0], 0.0)
    rank = np.argsort(np.argsort(-first, axis=-1, kind="stable"), axis=-1)
    targets = (rank < TARGETS_PER_ORGAN_MAX) & (first >= TARGET_MIN_MM)
    non_targets = visible[..., 0] & ~targets

    measured = visible & targets[..., None]
    count = measured.sum(axis=-2)
    density = np.where(measured, hu, 0.0).sum(axis=-2) / np.maximum(count, 1)
    left = (visible & non_targets[..., None]).any(axis=-2)
    non_target = np.where(left, codes.NON_TARGET_PRESENT, codes.NON_TARGET_CR)
    return Followed(
        targets=targets,
        non_targets=non_targets,
        new_spots=visible & ~visible[..., :1],
        diameter_mm=size,
        hu=hu,
        sum_mm=np.where(targets[..., None], size, 0.0).sum(axis=-2),
        mean_hu=np.where(count > 0, density, density[..., :1]),
        non_target=np.where(non_targets.any(axis=-1)[..., None], non_target, codes.NO_NON_TARGET).astype(np.int8),
    )
