"""Scenario: everything a page shows follows from it. Immutable, hashable, and reproducible from a short code."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

SCHEMA = 1
NEW_LESION_CALLS = ("unequivocal", "equivocal", "none")
# The code stores the position in this list: append only.
ACTION_KINDS = ("continue", "switch", "biopsy", "wait", "stop", "test")
DETAIL = re.compile(r"[A-Za-z0-9_ ]{0,40}")


@dataclass(frozen=True, slots=True)
class Action:
    """Something done on a day: a decision, a change of treatment, a test ordered (`detail` says which)."""

    day: float
    kind: str
    detail: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.day, (int, float)) or not math.isfinite(self.day) or not 0 <= self.day <= 3650:
            raise ValueError(f"day is {self.day!r}; it must be a number from 0 to 3650 d.")
        if self.kind not in ACTION_KINDS:
            raise ValueError(f"kind is {self.kind!r}; it must be one of {', '.join(ACTION_KINDS)}.")
        if not DETAIL.fullmatch(self.detail):
            raise ValueError(f"detail is {self.detail!r}; it must be at most 40 letters, digits, _ or spaces.")
        object.__setattr__(self, "day", round(float(self.day), 3))


@dataclass(frozen=True, slots=True)
class Scenario:
    """State of a page: a case, what was changed in it, what was done when, seed, and how the reader calls a new spot.

    `changes` is a sorted tuple of (parameter key, value) that holds only what differs from the case; make it with
    `with_changes`, which checks names and ranges.
    """

    case: str
    changes: tuple[tuple[str, float], ...] = ()
    actions: tuple[Action, ...] = ()
    seed: int = 1
    new_lesion_call: str = "unequivocal"
    schema: int = SCHEMA

    def __post_init__(self) -> None:
        keys = [key for key, _ in self.changes]
        if len(set(keys)) != len(keys):
            raise ValueError(f"changes names {', '.join(keys)}; each parameter may be there once.")
        if self.new_lesion_call not in NEW_LESION_CALLS:
            raise ValueError(
                f"new_lesion_call is {self.new_lesion_call!r}; it must be one of {', '.join(NEW_LESION_CALLS)}."
            )
        if isinstance(self.seed, bool) or not isinstance(self.seed, int) or not 0 <= self.seed < 2**32:
            raise ValueError(f"seed is {self.seed!r}; it must be a whole number from 0 to {2**32 - 1}.")
        if self.schema != SCHEMA:
            raise ValueError(f"schema is {self.schema!r}; it must be {SCHEMA}.")
        object.__setattr__(self, "changes", tuple(sorted((str(key), float(value)) for key, value in self.changes)))
        object.__setattr__(self, "actions", tuple(sorted(self.actions, key=lambda action: action.day)))

    def with_changes(self, **changes: float) -> Scenario:
        """A copy with these parameters set, on the grid of their sliders; what equals the case is dropped.

        Raises ValueError with one sentence for an unknown parameter or a value outside its range.
        """
        from liverlab.evidence.store import load

        return load().changed(self, changes)

    def with_action(self, action: Action) -> Scenario:
        return replace(self, actions=(*self.actions, action))

    def with_call(self, new_lesion_call: str) -> Scenario:
        return replace(self, new_lesion_call=new_lesion_call)

    def code(self) -> str:
        """Short text that reproduces this scenario anywhere: version, content, checksum."""
        from liverlab.evidence.scenario_code import encode

        return encode(self)

    @classmethod
    def from_code(cls, text: str, ev=None) -> Scenario:
        """The scenario a code stands for. Raises ScenarioCodeError with one sentence where it cannot be read."""
        from liverlab.evidence.scenario_code import decode
        from liverlab.evidence.store import load

        return decode(text, ev or load())
