"""What each control of a lesson moves, said beforehand; the sweep moves every control and holds the page to it.

Whoever adds a control writes its line here first: a slider of which nobody can say what it shows is not ready to teach.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Outputs: what a learner sees, and what lies behind it.
PRIOR, CURRENT = "prior picture", "current picture"
CURVE, NUMBERS, VERDICT, TEXT = "curve", "numbers", "verdict", "text"
LIVING, TESTS, DECISION = "living tumour", "next tests", "decision"
OUTPUTS = (PRIOR, CURRENT, CURVE, NUMBERS, VERDICT, TEXT, LIVING, TESTS, DECISION)


@dataclass(frozen=True)
class Moves:
    """What happens on the page as one control goes from its low to its high end.

    outputs: those of OUTPUTS that change somewhere on the way; all others stay as they are to the last pixel and digit.
    rises, falls: quantities that only grow or only shrink on the way, within `over` (low, high) where that is given.
    given: other parameters that must be set first for the control to act at all.
    """

    outputs: frozenset[str]
    rises: tuple[str, ...] = ()
    falls: tuple[str, ...] = ()
    over: tuple[float, float] | None = None
    given: Mapping[str, float] = field(default_factory=dict)
