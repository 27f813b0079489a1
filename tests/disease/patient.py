"""A patient for the tests: typical parameter values, lesions of every role, actions."""

from dataclasses import dataclass

VALUES = {
    "perfusion_loss_pct": 85.0,
    "shrinkage_rate_per_week": 0.031,
    "growth_rate_per_week": 0.0118,
    "resistance_rate_per_week": 0.0217,
    "vascular_time_constant_d": 10.0,
    "necrosis_time_constant_d": 21.0,
    "swelling_pct": 0.0,
    "swelling_time_constant_d": 30.0,
    "occult_count": 2.0,
    "new_lesion_count": 1.0,
    "new_lesion_seed_mm": 5.0,
    "new_lesion_doubling_d": 25.0,
    "liver_enhancement_change_hu": -12.3,
    "second_line_effect_pct": 60.0,
}


@dataclass(frozen=True)
class Lesion:
    id: str
    role: str = "target"
    diameter_mm: float = 30.0
    vascular: str = "hyper"
    response: float = 1.0


@dataclass(frozen=True)
class Action:
    day: float
    kind: str


LESIONS = (
    Lesion("T1", diameter_mm=40.0),
    Lesion("N1", role="non_target", vascular="hypo", response=0.5),
    Lesion("O1", role="occult", diameter_mm=14.0),
    Lesion("O2", role="occult", diameter_mm=12.0),
    Lesion("O3", role="occult", diameter_mm=10.0),
    Lesion("W1", role="new"),
    Lesion("W2", role="new"),
)
