"""What the viewer asks of a lesson's patient. A lesson derives its own patient from `ScannedPatient`."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from liverlab.evidence import Scenario
from liverlab.imaging.scene import Scene


class ScannedPatient:
    """One virtual patient on the page: a scenario went in, everything the page shows comes out of it.

    A derived class holds `scenario` and `visit` (index of the current visit) and fills in what follows.
    """

    scenario: Scenario
    visit: int

    @property
    def days(self) -> np.ndarray:
        """(visit,) days on which the patient was scanned."""
        raise NotImplementedError

    @property
    def lesion_labels(self) -> Mapping[str, str]:
        """Lesion id -> name in the report."""
        raise NotImplementedError

    def make_scene(self, visit: int) -> Scene:
        """What the scanner meets at ``visit``; asked once a visit, and only when the picture is wanted."""
        raise NotImplementedError

    def content(self, visit: int) -> Hashable:
        """Everything the picture of ``visit`` depends on, cheap and comparable: equal content, equal picture."""
        raise NotImplementedError

    # --- the same for all ---

    @property
    def day(self) -> float:
        """Day of the current visit."""
        return float(self.days[self.visit])

    def visit_name(self, visit: int) -> str:
        """How a visit is named on the picture."""
        return "Before treatment" if visit == 0 else f"Day {self.days[visit]:.0f}"

    @cached_property
    def _scenes(self) -> dict[int, Scene]:
        return {}

    def scene(self, visit: int) -> Scene:
        """What the scanner meets at ``visit``."""
        if visit not in self._scenes:
            self._scenes[visit] = self.make_scene(visit)
        return self._scenes[visit]

    def outlines(self, visit: int) -> list[dict[str, Any]]:
        """Where the lesions really are, for the truth switch."""
        state = self.scene(visit).lesions
        names = ("x_mm", "y_mm", "z_mm"), ("rx_mm", "ry_mm", "rz_mm")
        return [
            {"id": id_, "label": self.lesion_labels[id_], "kind": "lesion"}
            | dict(zip(names[0], map(float, centre), strict=True))
            | dict(zip(names[1], map(float, axes), strict=True))
            for id_, centre, axes in zip(state.ids, state.centre_mm, state.semi_axes_mm, strict=True)
        ]

    def marks(self, visit: int) -> list[dict[str, Any]]:
        """What the reader has marked on the scan, with the names of the report: as `outlines`, but no hidden truth.

        Shown where the viewer has the button for it (``marks_button``).
        """
        return []
