"""Every picture of a handout, packed for the browser.

Pictures of one slice differ little: noise stays fixed in the body, and a slider changes lesions or brightness only. So
each is kept as the difference to the one it resembles most, and a slice of all states takes little more room than one
picture. HU are kept in steps of `STEP_HU`; the rounding (0.6 HU RMS) drowns in noise of ten HU and more.

A slice is one zlib stream of unsigned 16-bit numbers, all low bytes before all high bytes: picture by picture, row by
row, the zigzag (0, -1, 1, -2 ... as 0, 1, 2, 3 ...) of the difference to picture `refs[i]`, or for `refs[i]` = -1 of
that to the pixel on the left.
"""

from __future__ import annotations

import base64
import zlib

import numpy as np

STEP_HU = 2
EVERY_ROW = 5  # rows looked at to find the picture that resembles most


class PictureBook:
    """Different pictures, by slice; an equal one is kept once.

    ``crop`` is the share of the rows, top and bottom, that any view shows (as in the viewer's configuration).
    """

    def __init__(self, matrix: int, crop: tuple[float, float]) -> None:
        self.matrix = matrix
        self.row0, self.end_row = int(np.floor(crop[0] * matrix)), int(np.ceil(crop[1] * matrix))
        self._slices: dict[int, list[np.ndarray]] = {}
        self._known: dict[tuple[int, bytes], int] = {}

    def add(self, index: int, hu: np.ndarray) -> int:
        """Keep a picture of slice ``index``, int16 HU (matrix, matrix); returns its number in that slice."""
        if hu.dtype != np.int16 or hu.shape != (self.matrix, self.matrix):
            raise ValueError(
                f"hu is {hu.dtype} of shape {hu.shape}; it must be int16 of shape ({self.matrix}, {self.matrix})."
            )
        counts = np.rint(hu[self.row0 : self.end_row] / STEP_HU).astype(np.int16)
        key = index, counts.tobytes()
        if key not in self._known:
            held = self._slices.setdefault(index, [])
            self._known[key] = len(held)
            held.append(counts)
        return self._known[key]

    def count(self, index: int) -> int:
        """How many different pictures a slice has."""
        return len(self._slices.get(index, ()))

    def packed(self, index: int, first: int | None = None) -> dict:
        """A slice, or its ``first`` pictures, for the browser: ``refs`` and ``data`` (base64)."""
        pictures = self._slices[index][:first]
        refs, differences = [], []
        for number, counts in enumerate(pictures):
            ref = _most_alike(counts, pictures[:number])
            refs.append(ref)
            before = pictures[ref] if ref >= 0 else np.pad(counts, ((0, 0), (1, 0)))[:, :-1]
            differences.append(zigzag(counts - before))
        plain = np.concatenate([one.ravel() for one in differences])
        low, high = (plain & 0xFF).astype(np.uint8), (plain >> 8).astype(np.uint8)
        data = base64.b64encode(zlib.compress(low.tobytes() + high.tobytes(), 9)).decode("ascii")
        return {"refs": refs, "data": data}

    @property
    def form(self) -> dict:
        """What the browser must know to unpack a slice."""
        return {"matrix": self.matrix, "row0": self.row0, "rows": self.end_row - self.row0, "step_hu": STEP_HU}


def zigzag(numbers: np.ndarray) -> np.ndarray:
    """Small numbers of either sign as small numbers without sign: 0, -1, 1, -2 ... -> 0, 1, 2, 3 ... (uint16)."""
    wide = np.asarray(numbers, dtype=np.int32)
    return ((wide << 1) ^ (wide >> 31)).astype(np.uint16)


def _most_alike(counts: np.ndarray, others: list[np.ndarray]) -> int:
    """Index of the picture from which this one differs least; -1 where its own left neighbours are nearer."""
    seen = counts[::EVERY_ROW].astype(np.int32)
    costs = [int(np.abs(np.diff(seen, axis=1)).sum())]
    costs += [int(np.abs(seen - other[::EVERY_ROW]).sum()) for other in others]
    return int(np.argmin(costs)) - 1
