"""What is exported: every acquisition of one virtual patient, and the geometry and identifiers they share."""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import liverlab
from liverlab.disease.checks import number
from liverlab.imaging.anatomy import check_matrix
from liverlab.imaging.scene import Scene

MOST_SERIES = 99
LOWEST_HU, HIGHEST_HU = -1024, 3071  # the 12 bits of a CT picture
_TOLD_EVERY = 16  # slices
_UID_SPACE = uuid.UUID("5b8d5f0e-7c1c-5a52-9d0f-6c6976657231")  # of liverlab: any fixed value would do


@dataclass(frozen=True, eq=False)
class Series:
    """One acquisition: the day it was made on (d after the first scan), how the visit is named, and what was scanned.

    lesion_labels : lesion id -> name in the report.
    """

    day: float
    visit: str
    scene: Scene
    lesion_labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self):
        object.__setattr__(self, "day", number("day", self.day, 0, 36500, "d"))
        if not isinstance(self.scene, Scene):
            raise ValueError(f"scene is a {type(self.scene).__name__}; only scenes of CT can be exported.")

    @property
    def description(self) -> str:
        """Visit and phase: "Day 84, portal venous, 70 s"."""
        return f"{self.visit}, {self.scene.caption}"

    @property
    def folder(self) -> str:
        """The description as the name of a folder."""
        return _plain(f"day {self.day:04.0f} {self.scene.caption}")


@dataclass(frozen=True, eq=False)
class Study:
    """All series of one patient, in one frame of reference.

    name : the case, part of the patient's name; code : the scenario code that makes the same study again; matrix :
    pixels along a side. Raises ValueError for no or too many series, two alike, or an impossible matrix.
    """

    name: str
    title: str
    code: str
    series: tuple[Series, ...]
    matrix: int = 512

    def __post_init__(self):
        check_matrix(self.matrix)
        object.__setattr__(self, "series", tuple(self.series))
        if not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError(f"series holds {len(self.series)} acquisitions; it must hold 1 to {MOST_SERIES}.")
        folders = [one.folder for one in self.series]
        twice = next((folder for folder in folders if folders.count(folder) > 1), None)
        if twice:
            raise ValueError(f"series holds {twice!r} twice; each acquisition must differ in day, phase or delay.")

    def uid(self, *parts: object) -> str:
        """DICOM identifier under the root 2.25 (DICOM PS3.5, B.2), the same for the same study and parts.

        It changes with the version of liverlab, with the scenario and with the matrix: so do the pictures.
        """
        text = "|".join(map(str, (liverlab.__version__, self.code, self.matrix, *parts)))
        return f"2.25.{uuid.uuid5(_UID_SPACE, text).int}"

    @property
    def patient_id(self) -> str:
        """SIMULATED, the case and eight letters of the scenario: the same patient gets the same id."""
        return f"SIMULATED-{_plain(self.name)[:40]}-{uuid.uuid5(_UID_SPACE, self.code).hex[:8]}"

    @property
    def patient_name(self) -> str:
        """SIMULATED as the family name."""
        return f"SIMULATED^{_plain(self.name)[:50]}"


def geometry(scene: Scene, matrix: int):
    """(pixel in mm, spacing of slices in mm, centre of the first pixel (x, y) in mm, heights z (n,) in mm, ascending).

    Our frame is DICOM's: x to the patient's left, y to the back, z to the head.
    """
    body = scene.anatomy
    pixel_mm = body.pixel_mm(matrix)
    x, y = (middle - body.fov_mm / 2 + pixel_mm / 2 for middle in body.fov_centre_mm)
    z = np.asarray(body.z_mm, float)
    return float(pixel_mm), float(z[1] - z[0]), (float(x), float(y)), z


def slices(study: Study, progress: Callable[[str], None]) -> Iterator[tuple[int, int, np.ndarray, np.ndarray]]:
    """(slice, place of the series, HU int16, lesion labels uint8), pictures (matrix, matrix), caudal slices first.

    Slice after slice, and every series of one before the next: what they share of the anatomy is painted once.
    progress : called with a few words now and then. Raises ValueError for HU that 12 bits do not hold.
    """
    most = max(len(one.scene.anatomy.z_mm) for one in study.series)
    for index in range(most):
        for place, one in enumerate(study.series):
            if index >= len(one.scene.anatomy.z_mm):
                continue
            hu = one.scene.render(index, study.matrix)
            if hu.min() < LOWEST_HU or hu.max() > HIGHEST_HU:
                raise ValueError(f"slice {index} holds HU outside {LOWEST_HU} to {HIGHEST_HU}; they would not survive.")
            yield index, place, hu, one.scene.truth(index, study.matrix)
        if (index + 1) % _TOLD_EVERY == 0:
            progress(f"{index + 1} of {most} slices")


class Labels:
    """Lesion labels of a series, kept as the pixels that have one: nearly all have none."""

    def __init__(self, matrix: int) -> None:
        self._matrix, self._slices = matrix, []

    def add(self, labels: np.ndarray) -> None:
        """The next slice, uint8 (matrix, matrix)."""
        where = np.flatnonzero(labels)
        self._slices.append((where, labels.reshape(-1)[where]))

    def __bool__(self) -> bool:
        return any(where.size for where, _ in self._slices)

    def stack(self) -> np.ndarray:
        """uint8 (slices, matrix, matrix)."""
        volume = np.zeros((len(self._slices), self._matrix**2), np.uint8)
        for plane, (where, which) in zip(volume, self._slices, strict=True):
            plane[where] = which
        return volume.reshape(-1, self._matrix, self._matrix)


def prepared(folder: str | Path, needed_bytes: int) -> Path:
    """The folder, made if it is not there; refused if it holds anything or its disk has no room."""
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"folder is {folder}, which is a file; it must be a new or empty folder.")
    if folder.is_dir() and any(folder.iterdir()):
        raise ValueError(f"folder is {folder}, which is not empty; it must be a new or empty folder.")
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if needed_bytes > free:
        raise ValueError(
            f"folder is {folder}, where {free / 1e6:.0f} MB are free; the study needs {needed_bytes / 1e6:.0f} MB."
        )
    return folder


def _plain(text: str) -> str:
    """Letters, digits and underscores only: safe in a DICOM name and as a file's name anywhere."""
    return re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")
