"""What each control of lesson 05 moves. The verdicts of the criteria are moved by none: that is the lesson."""

from __future__ import annotations

from liverlab.lessons.moves import CURRENT, CURVE, DECISION, LIVING, NUMBERS, PRIOR, TESTS, TEXT, Moves

# Outcome (`DECISION`): biopsy, treatment and death in words.
_DISEASE = frozenset({PRIOR, CURRENT, CURVE, NUMBERS, TEXT, LIVING, TESTS, DECISION})
_LATER = _DISEASE - {PRIOR}
_LABORATORY = frozenset({CURVE, NUMBERS, TEXT, TESTS})

# From the scenario the page opens with.
DECLARED: dict[str, Moves] = {
    "tumour_doubling_d": Moves(_DISEASE, rises=("days lived", "sinusoids filled at staging")),
    "sinusoidal_occupancy_pct": Moves(_DISEASE, rises=("sinusoids filled at staging",), falls=("days lived",)),
    "flow_threshold_pct": Moves(_DISEASE, rises=("days lived",), falls=("harm of the needle",)),
    "tissue_day_d": Moves(_LATER, rises=("start of chemotherapy", "bilirubin"), falls=("days lived",)),
    "chemo_day_d": Moves(
        _LATER, rises=("start of chemotherapy", "bilirubin"), falls=("days lived",), given={"tissue_day_d": 2}
    ),
    "visit": Moves(
        frozenset({CURRENT, NUMBERS, TEXT, LIVING, TESTS}),
        rises=("day", "bilirubin", "INR"),
        falls=("liver brightness",),
    ),
    "chemo_kill_pct": Moves(
        _LATER, rises=("days lived",), falls=("bilirubin", "sinusoids filled"), given={"tissue_day_d": 5}
    ),
    # The visit lies before report and death: what is seen on it stays.
    "pathology_d": Moves(frozenset({CURVE, DECISION, TEXT}), rises=("start of chemotherapy",), falls=("days lived",)),
    "ischaemia_day_d": Moves(_LATER, given={"ischaemia_kill_pct": 20}),
    "ischaemia_kill_pct": Moves(frozenset({CURVE, DECISION, TESTS, TEXT}), falls=("days lived",)),
    "hepatic_reserve_pct": Moves(_DISEASE, rises=("days lived", "albumin"), falls=("INR",)),
    "cell_loss_pct_per_d": Moves(_LATER, falls=("days lived", "albumin"), rises=("harm of the needle",)),
    "death_function_pct": Moves(frozenset({CURVE, DECISION, TESTS, TEXT}), falls=("days lived",)),
    "tumour_ldh_u_l": Moves(_LABORATORY, rises=("LDH",)),
    "alt_half_life_h": Moves(_LABORATORY, rises=("R factor",)),
    "albumin_half_life_d": Moves(_LABORATORY - {CURVE}, rises=("albumin",)),
    "factor_vii_half_life_h": Moves(_LABORATORY, falls=("INR",)),
    "delta_bilirubin_half_life_d": Moves(_LABORATORY - {TESTS}, rises=("bilirubin",)),
    "delay_s": Moves(frozenset({PRIOR, CURRENT, TEXT})),
    "noise_hu": Moves(frozenset({PRIOR, CURRENT}), rises=("picture noise",)),
}
