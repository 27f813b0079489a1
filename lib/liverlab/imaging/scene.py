"""A scene: everything one picture depends on, gathered so that it can be rendered wherever it is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from liverlab.imaging import anatomy as anatomies
from liverlab.imaging import ct
from liverlab.imaging.liver_state import NORMAL, Shape
from liverlab.imaging.phases import phase_name
from liverlab.imaging.protocol import REFERENCE, Protocol


@dataclass(frozen=True, eq=False)
class Scene:
    """One patient on the table of the CT scanner: `render(index, matrix)` is the picture.

    tissue_hu: HU of every tissue (`contrast.tissue_hu`); lesions: what lies in the liver; protocol: how it is scanned;
    seed: of the noise; anatomy: whose body; shape: what disease made of liver, spleen and fluid; bone_lesions: what
    lies in bone (`bone_lesions.place_bone_lesions`).
    """

    tissue_hu: Mapping[str, float]
    lesions: ct.LesionState
    protocol: Protocol
    seed: int = 1
    anatomy: Any = field(default_factory=anatomies.default)
    shape: Shape = NORMAL
    bone_lesions: ct.LesionState = ct.NO_LESIONS

    @property
    def caption(self) -> str:
        """Phase and delay, as burnt into the picture, and the tube voltage where it is not the usual one."""
        name, delay_s, kvp = phase_name(self.protocol.delay_s), self.protocol.delay_s, self.protocol.kvp
        voltage = "" if kvp == REFERENCE.kvp else f", {kvp:.0f} kV{' with tin' if self.protocol.tin else ''}"
        return (f"{name}, {delay_s:.0f} s" if delay_s else name) + voltage

    @property
    def slice_mm(self) -> float:
        """Slice thickness."""
        return self.protocol.slice_mm

    @property
    def series(self) -> dict[str, Any]:
        """Unit, scale, windows and colours where they differ from the viewer's own: CT is what it is made for."""
        return {}

    def render(self, index: int, matrix: int, noise: bool = True) -> np.ndarray:
        """The slice in HU, int16 (matrix, matrix)."""
        return ct.render(self.anatomy, self.tissue_hu, self.lesions, index, self.protocol, matrix=matrix,
                         seed=self.seed, noise=noise, shape=self.shape, bone_lesions=self.bone_lesions)  # fmt: skip

    def truth(self, index: int, matrix: int) -> np.ndarray:
        """Which lesion lies under each pixel of the slice: uint8 (matrix, matrix), 0 none, 1 the first."""
        return ct.truth(self.anatomy, self.lesions, index, matrix, shape=self.shape)
