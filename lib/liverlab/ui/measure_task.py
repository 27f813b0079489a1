"""A task line that asks for one measurement in the viewer and compares it with the truth.

The ruler counts when it lies over the lesion, in an axial slice of the right picture; it is right when it differs from
the true diameter by no more than one reader's two measurements of one lesion differ (`reading.measure`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from liverlab.reading import measure
from liverlab.ui import theme
from liverlab.ui.describe import quantity

READER_PCT = measure.limits_pct("lesion", "one reader")


@dataclass(frozen=True)
class Target:
    """A lesion to be measured: its name, the series it is in, centre (x, y, z) and longest axial diameter in mm."""

    name: str
    pane: str
    centre_mm: tuple[float, float, float]
    diameter_mm: float

    def __post_init__(self) -> None:
        if not self.diameter_mm > 0:
            raise ValueError(f"diameter_mm of {self.name} is {self.diameter_mm}; it must be above 0 mm.")


def compare(measured: Mapping[str, Any], target: Target) -> tuple[bool, str]:
    """Whether a viewer's ``measurement`` is right, and a sentence that says why; an empty one before any was made."""
    if not measured:
        return False, ""
    if measured["tool"] != "ruler":
        return False, "That is not a length: press R for the ruler."
    if measured["pane"] != target.pane or measured["plane"] != "axial":
        return False, f"Measure {target.name} in the {target.pane} scan, in an axial slice."
    radius_mm = target.diameter_mm / 2
    dx, dy, dz = (measured[key] - at for key, at in zip(("x_mm", "y_mm", "z_mm"), target.centre_mm, strict=True))
    if dx * dx + dy * dy > radius_mm**2 or abs(dz) > radius_mm:
        return False, f"Your ruler does not lie over {target.name}."
    percent = partial(quantity, unit="%", signed=True)
    length_mm = measured["length_mm"]
    low, high = READER_PCT
    difference = 100 * (length_mm / target.diameter_mm - 1)
    ok = bool(measure.within_reader_noise(target.diameter_mm, length_mm, low, high))
    found = f"You measured {length_mm:.1f} mm; the truth is {target.diameter_mm:.1f} mm ({percent(difference)})."
    limits = f"from {percent(low)} to {percent(high)} (Yoon 2016)"
    if ok:
        return True, f"{found} One reader who measures the same lesion twice differs {limits}; you are within that."
    advice = "Scroll to the slice where it is widest" if difference < 0 else "Stay inside the lesion"
    return False, f"{found} One reader differs {limits}. {advice}, and measure from edge to edge."


class MeasureTask:
    """The task line over a viewer; ``ok`` and ``sentence`` follow the learner's newest measurement."""

    def __init__(self, viewer: Any, text: str, target: Target) -> None:
        self._viewer, self._text, self._target = viewer, text, target
        self.ok, self.sentence = False, ""
        self.widget = theme.html("")
        viewer.observe(lambda _: self._follow(), "measurement")
        self._follow()

    def _follow(self) -> None:
        # What was measured well once stays done; a deleted ruler takes nothing away.
        if self._viewer.measurement or not self.sentence:
            right, self.sentence = compare(self._viewer.measurement, self._target)
            self.ok = self.ok or right
        mark = "✔" if self.ok else "○"
        self.widget.value = (
            f'<p class="lp-status {"lp-done" if self.ok else "lp-open"}"><span aria-hidden="true">{mark}</span> '
            f"{theme.escape(self._text)}</p>{theme.note(self.sentence)}"
        )
