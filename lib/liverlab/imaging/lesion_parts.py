"""The same lesions in another modality: every compartment's HU replaced by another quantity of what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from liverlab.evidence.looks import Look, Part
from liverlab.imaging.lesions import LesionState

Parts = Mapping[str, Sequence[Part | None]]  # compartment (rim, inner ...) -> one Part, or None, for every lesion


def parts_of(looks: Sequence[Look]) -> Parts:
    """The parts of these looks, one look a lesion, as `painted` takes them."""
    names = dict.fromkeys(name for look in looks for name in look.parts)
    return {name: [look.parts.get(name) for look in looks] for name in names}


def painted(lesions: LesionState, parts: Parts, value_of: Callable[[Part], float]) -> LesionState:
    """The lesions with `value_of(part)` for the HU of every compartment, and without calcium."""
    values = {f"{name}_hu": [0.0 if part is None else value_of(part) for part in each] for name, each in parts.items()}
    return replace(lesions, **values, calcium_hu=0.0, calcium_share=0.0)
