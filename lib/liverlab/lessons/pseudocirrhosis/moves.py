"""What each control of lesson 03 moves."""

from __future__ import annotations

from liverlab.lessons.moves import CURRENT, CURVE, LIVING, NUMBERS, PRIOR, TESTS, TEXT, VERDICT, Moves

_ALL = frozenset({PRIOR, CURRENT, CURVE, NUMBERS, VERDICT, TEXT, LIVING, TESTS})
_BODY = _ALL - {PRIOR}

# From the scenario the page opens with: month 6 of the first preset, on the day the drug is changed.
DECLARED: dict[str, Moves] = {
    "tumour_load_pct": Moves(_ALL, rises=("tumour at first", "tumour", "sum of diameters", "scar")),
    "shrinkage_rate_per_week": Moves(_BODY, rises=("scar", "retraction"), falls=("tumour", "sum of diameters")),
    "scar_share_pct": Moves(_BODY, rises=("scar", "retraction", "portal gradient", "HVPG"), falls=("liver",)),
    "nodule_amplitude_mm": Moves(_BODY, rises=("unevenness", "portal gradient", "spleen")),
    "therapy_change_months": Moves(_BODY, rises=("unevenness",), over=(0, 6)),
    "visit": Moves(_BODY - {LIVING}, rises=("month", "scar", "retraction"), falls=("sum of diameters",), over=(0, 4)),
    "metastasis_count": Moves(_ALL - {TESTS}, falls=("sum of diameters",)),
    # With so little scar no dent is deep enough to be called a retraction: the picture alone shows where they lie.
    "subcapsular_share_pct": Moves(frozenset({PRIOR, CURRENT, LIVING})),
    "infiltration_pct": Moves(_BODY, rises=("tumour at first", "unevenness", "scar")),
    "desmoplasia_pct": Moves(_BODY, rises=("scar",), given={"shrinkage_rate_per_week": 0}),
    "nodule_mm": Moves(_BODY - {CURVE, LIVING}, rises=("size of nodules",)),
    "second_line_effect_pct": Moves(_BODY - {TESTS}, falls=("tumour",), given={"visit": 5}),
    "second_drug_injury_pct": Moves(_BODY, rises=("unevenness",), given={"visit": 5}),
    "scar_time_constant_d": Moves(_BODY, falls=("scar", "retraction")),
    "nodule_time_constant_d": Moves(_BODY, falls=("unevenness",)),
    "scar_reach_mm": Moves(frozenset({CURRENT, LIVING}), rises=("retraction",)),
    "atrophy_pct": Moves(_BODY - {LIVING, TESTS}, falls=("liver",)),
    "regeneration_pct": Moves(_BODY - {LIVING}, rises=("liver",)),
    "scar_pressure_mmhg": Moves(_BODY, rises=("portal gradient", "HVPG")),
    "nodule_pressure_mmhg": Moves(_BODY, rises=("portal gradient", "spleen")),
    "presinusoidal_pct": Moves(_BODY - {CURVE}, falls=("HVPG",)),
    "hepatic_reserve_pct": Moves(frozenset({CURVE, NUMBERS, VERDICT, TEXT}), rises=("albumin",)),
    "dose_pct": Moves(frozenset({PRIOR, CURRENT, CURVE, TEXT}), falls=("picture noise",)),
}
