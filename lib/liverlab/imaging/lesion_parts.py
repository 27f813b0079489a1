"""What the compartments of a lesion are made of, so that every modality can paint the same lesion."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from liverlab.imaging.lesions import LesionState


@dataclass(frozen=True)
class Part:
    """One compartment. tissue: key of casesdata/tissues/mri.csv and pet.csv.

    enhancement70_hu: how much it enhances on CT 70 s after the reference injection (HU), and course: in what course of
    time (`contrast.lesion_enhancement_hu`), which contrast medium in the magnet shares; hepatocyte_pct: its
    hepatocytes, in per cent of those of liver.
    """

    tissue: str
    enhancement70_hu: float = 0.0
    course: str = "hypo"
    hepatocyte_pct: float = 0.0


Parts = Mapping[str, Sequence[Part]]  # field of LesionState that holds a value of a compartment -> one Part a lesion


def painted(lesions: LesionState, parts: Parts, value_of: Callable[[Part], float]) -> LesionState:
    """The same lesions with every compartment's HU replaced by another quantity, `value_of(part)`."""
    return replace(lesions, **{name: [value_of(part) for part in each] for name, each in parts.items()})
