"""A study as NIfTI-1 files (.nii.gz): the HU of each series as int16, its lesions as uint8 labels. No library needed.

Header: NIfTI-1 data format, https://nifti.nimh.nih.gov/nifti-1 (348 bytes). NIfTI's world has x to the right and y to
the front (RAS), DICOM's and ours to the left and to the back (LPS): the first two rows of the affine change sign.
"""

from __future__ import annotations

import contextlib
import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np

from liverlab.imaging.export.study import Labels, Study, geometry, prepared, slices

_TYPES = {"int16": (4, 16), "uint8": (2, 8)}  # numpy's name: NIfTI's code, bits
_SCANNER, _LABELS = 1, 1002  # xform code "scanner anatomical"; intent code "label"
_MM = 2


def write(study: Study, folder: str | Path, progress: Callable[[str], None] = lambda text: None) -> list[Path]:
    """Write the study into a new or empty folder: NAME.nii.gz and, where there are lesions, NAME_lesions.nii.gz.

    progress : called with a few words now and then. Returns the files. Raises ValueError for a folder that cannot take
    them.
    """
    counts = [len(series.scene.anatomy.z_mm) for series in study.series]
    folder = prepared(folder, 2 * sum(counts) * study.matrix**2)
    names = [folder / f"{place + 1:02d}_{series.folder}" for place, series in enumerate(study.series)]
    files = [name.with_name(f"{name.name}.nii.gz") for name in names]
    affines = [ras_affine(series.scene, study.matrix) for series in study.series]
    shapes = [(study.matrix, study.matrix, count) for count in counts]
    labels = [Labels(study.matrix) for _ in study.series]
    with contextlib.ExitStack() as open_files:
        volumes = [open_files.enter_context(_gz(path)) for path in files]
        for place, series in enumerate(study.series):
            text = f"SIMULATED {series.description}"
            volumes[place].write(header(shapes[place], np.int16, affines[place], text))
        for _, place, hu, truth in slices(study, progress):
            volumes[place].write(hu.astype("<i2").tobytes())
            labels[place].add(truth)
    for place, masks in enumerate(labels):
        if masks:
            files.append(names[place].with_name(f"{names[place].name}_lesions.nii.gz"))
            with _gz(files[-1]) as file:
                file.write(header(shapes[place], np.uint8, affines[place], "SIMULATED lesions", intent=_LABELS))
                file.write(masks.stack().tobytes())
    return sorted(files)


def ras_affine(scene, matrix: int) -> np.ndarray:
    """Affine (4, 4) from (column, row, slice) to NIfTI's world in mm: x to the patient's right is negative."""
    pixel_mm, spacing_mm, (x, y), z = geometry(scene, matrix)
    affine = np.diag([-pixel_mm, -pixel_mm, spacing_mm, 1.0])
    affine[:3, 3] = -x, -y, z[0]
    return affine


def header(shape: tuple[int, ...], dtype, affine: np.ndarray, description: str, intent: int = 0) -> bytes:
    """The 348 bytes of a NIfTI-1 header and the 4 of "no extension".

    shape : (columns, rows, slices); dtype : int16 or uint8; affine : as `ras_affine`, the axes of the patient.
    """
    code, bits = _TYPES[np.dtype(dtype).name]
    steps = np.abs(np.diag(affine)[:3])
    # Half a turn about z: quaternion (0, 0, 0, 1).
    qform = (0.0, 0.0, 1.0, *affine[:3, 3])
    head = struct.pack("<i10s18sihBB", 348, b"", b"", 0, 0, ord("r"), 0)
    head += struct.pack("<8h", 3, *shape, 1, 1, 1, 1)
    head += struct.pack("<3fhhhh", 0, 0, 0, intent, code, bits, 0)
    head += struct.pack("<8f", 1.0, *steps, 0, 0, 0, 0)
    head += struct.pack("<3fhBB4f2i", 352.0, 1.0, 0.0, 0, 0, _MM, 0, 0, 0, 0, 0, 0)
    head += struct.pack("<80s24s2h", description.encode("ascii", "replace")[:79], b"", _SCANNER, _SCANNER)
    head += struct.pack("<6f12f16s4s", *qform, *affine[:3].reshape(-1), b"", b"n+1\0")
    return head + bytes(4)


@contextlib.contextmanager
def _gz(path: Path):
    # No name and no time in the gzip header: the same study makes the same bytes.
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as file:
        yield file
