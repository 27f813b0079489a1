"""What each control of lesson 02 moves."""

from __future__ import annotations

from liverlab.lessons.moves import CURRENT, CURVE, DECISION, LIVING, NUMBERS, PRIOR, TESTS, TEXT, VERDICT, Moves

_SCAN = frozenset({PRIOR, CURRENT, CURVE, NUMBERS, VERDICT, TEXT, TESTS})
_BODY = frozenset({CURRENT, CURVE, NUMBERS, VERDICT, TEXT, LIVING, TESTS, DECISION})

# From the scenario the page opens with.
DECLARED: dict[str, Moves] = {
    "perfusion_loss_pct": Moves(
        _BODY, rises=("contrast of hidden lesions",), falls=("attenuation of targets", "living tumour")
    ),
    "shrinkage_rate_per_week": Moves(_BODY, falls=("sum of diameters", "living tumour")),
    # The targets are hypovascular: what hypervascular tumour takes up leaves the curves of the sum as they are.
    "baseline_enhancement_hu": Moves(
        _SCAN - {CURVE}, rises=("hidden lesions before treatment",), falls=("contrast of hidden lesions",)
    ),
    "delay_s": Moves(_SCAN, falls=("liver brightness", "attenuation of targets"), over=(70, 300)),
    "visit": Moves(_BODY - {LIVING}, rises=("day",), falls=("attenuation of targets", "living tumour"), over=(0, 3)),
    "swelling_pct": Moves(_BODY - {VERDICT, LIVING, DECISION}, rises=("sum of diameters",)),
    # What was hidden before treatment is living tumour, but in per cent of its start it falls like the rest.
    "occult_count": Moves(frozenset({PRIOR, CURRENT, NUMBERS, VERDICT, TEXT, TESTS, DECISION}), rises=("new spots",)),
    # At the first visit already the deposits are there, too small to see: the picture before treatment changes too.
    "new_lesion_count": Moves(
        frozenset({PRIOR, CURRENT, NUMBERS, TEXT, LIVING, TESTS, DECISION}), rises=("new spots", "living tumour")
    ),
    "new_lesion_doubling_d": Moves(
        frozenset({CURRENT, NUMBERS, TEXT, LIVING, TESTS, DECISION}),
        falls=("living tumour",),
        given={"new_lesion_count": 2},
    ),
    "liver_enhancement_change_hu": Moves(frozenset({CURRENT, CURVE, NUMBERS, TEXT}), rises=("liver brightness",)),
    "kvp": Moves(_SCAN - {VERDICT}, falls=("liver brightness",)),
    "iodine_g_per_kg": Moves(_SCAN, rises=("liver brightness",)),
    "injection_rate_ml_s": Moves(_SCAN, rises=("liver brightness",), over=(1, 3)),
    "dose_pct": Moves(frozenset({PRIOR, CURRENT, TESTS}), falls=("picture noise",)),
    "slice_mm": Moves(_SCAN - {VERDICT}, falls=("picture noise",)),
    "noise_hu": Moves(frozenset({PRIOR, CURRENT, NUMBERS, TEXT, TESTS}), rises=("picture noise",)),
    "vascular_time_constant_d": Moves(_BODY - {VERDICT}, rises=("attenuation of targets", "living tumour")),
    "necrosis_time_constant_d": Moves(_BODY - {VERDICT}, rises=("living tumour",)),
    "swelling_time_constant_d": Moves(frozenset({CURRENT, CURVE, NUMBERS, TEXT, TESTS}), given={"swelling_pct": 25}),
    "growth_rate_per_week": Moves(_BODY, rises=("sum of diameters", "living tumour")),
    "resistance_rate_per_week": Moves(_BODY, rises=("sum of diameters", "living tumour")),
    "marker_surge_pct": Moves(frozenset({TESTS}), rises=("tumour marker",)),
    "second_line_effect_pct": Moves(frozenset({DECISION}), falls=("living tumour after a switch",)),
}
