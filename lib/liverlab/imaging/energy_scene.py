"""Two scans of one patient at two tube voltages, and what is computed from them pixel by pixel.

The maps are made from the noisy pictures as a scanner makes them, without any smoothing: what one pixel says of calcium
is mostly noise, and the mean of a region is the tool (`two_energies`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from liverlab.imaging import two_energies
from liverlab.imaging.scene import Scene

# Map -> unit and value of one stored count; counts of -1024 to 3071 can be told apart on the screen.
MAPS = {"iodine": ("mg/mL", 0.1), "calcium": ("mg/mL", 1.0), "virtual unenhanced": ("HU", 1.0)}
_COUNTS = (-1024, 3071)
_OTHER_NOISE = 7919  # added to the seed: the second scan has its own noise
_KEPT = 4  # pairs of pictures kept, so that three maps of a slice render it once


@dataclass(frozen=True, eq=False)
class TwoScans:
    """A two-energy examination: each scan takes half of the dose and has noise of its own."""

    low: Scene
    high: Scene
    _pictures: dict = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, low: Scene, high: Scene) -> TwoScans:
        """The examination that shares the dose of two single scans, which differ in tube voltage."""
        if not low.protocol.kvp < high.protocol.kvp:
            raise ValueError(f"low is a scan at {low.protocol.kvp:g} kV; it must be below {high.protocol.kvp:g} kV.")
        low, high = (
            replace(one, protocol=replace(one.protocol, dose_pct=one.protocol.dose_pct / 2)) for one in (low, high)
        )
        return cls(low, replace(high, seed=high.seed + _OTHER_NOISE))

    @property
    def beams(self) -> tuple[float, float, float]:
        """Both voltages and the body size, as `two_energies` takes them."""
        return self.low.protocol.kvp, self.high.protocol.kvp, self.low.protocol.body_cm

    @property
    def tin(self) -> bool:
        """Whether the high voltage goes through tin."""
        return self.high.protocol.tin

    def pictures(self, index: int, matrix: int) -> tuple[np.ndarray, np.ndarray]:
        """Both slices in HU, float32 (matrix, matrix)."""
        key = (index, matrix)
        if key not in self._pictures:
            while len(self._pictures) >= _KEPT:
                del self._pictures[next(iter(self._pictures))]
            self._pictures[key] = tuple(one.render(*key).astype(np.float32) for one in (self.low, self.high))
        return self._pictures[key]


@dataclass(frozen=True, eq=False)
class EnergyMap:
    """A map that looks like a `Scene` to the viewer: `render(index, matrix)` gives stored counts of the map's unit.

    kind: one of MAPS. tissue_hu: HU of tissue without iodine and calcium, taken to be the same everywhere and at both
    voltages. It is not: 10 HU too many are read as some 20 mg/mL of calcium.
    """

    kind: str
    scans: TwoScans
    tissue_hu: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in MAPS:
            raise ValueError(f"kind is {self.kind!r}; it must be one of {', '.join(MAPS)}.")

    @property
    def lesions(self):
        """The lesions of both scans."""
        return self.scans.low.lesions

    @property
    def slice_mm(self) -> float:
        """Slice thickness of both scans."""
        return self.scans.low.slice_mm

    @property
    def caption(self) -> str:
        """From which scans the map comes."""
        low_kvp, high_kvp, _ = self.scans.beams
        return f"from {low_kvp:.0f} and {high_kvp:.0f} kV{' with tin' if self.scans.tin else ''}"

    @property
    def series(self) -> dict[str, str | float]:
        """Unit and value of one stored count, as a viewer needs them."""
        unit, scale = MAPS[self.kind]
        return {"unit": unit, "scale": scale}

    def values(self, index: int, matrix: int) -> np.ndarray:
        """The map in its own unit, float (matrix, matrix)."""
        pictures, beams, tin = self.scans.pictures(index, matrix), self.scans.beams, self.scans.tin
        if self.kind == "virtual unenhanced":
            return two_energies.virtual_unenhanced(*pictures, *beams, tin=tin)[0]
        found = two_energies.decompose(*pictures, *beams, tissue_low_hu=self.tissue_hu, tin=tin)
        return found[0 if self.kind == "iodine" else 1]

    def render(self, index: int, matrix: int) -> np.ndarray:
        """The map as stored counts, int16 (matrix, matrix)."""
        counts = np.rint(self.values(index, matrix) / MAPS[self.kind][1])
        return np.clip(counts, *_COUNTS).astype(np.int16)
