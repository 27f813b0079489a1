"""What each control of lesson 04 moves."""

from __future__ import annotations

from liverlab.lessons.moves import CURRENT, CURVE, LIVING, NUMBERS, PRIOR, TEXT, VERDICT, Moves

# Beside the outputs of every lesson: the picture before the contrast medium, the table of the 130 HU rule, what two
# energies find in the lesson (truth of iodine and calcium).
UNENHANCED, RULE, HELD = "unenhanced picture", "rule table", "iodine and calcium"
OUTPUTS = (PRIOR, CURRENT, UNENHANCED, CURVE, NUMBERS, VERDICT, TEXT, LIVING, RULE, HELD)

_SCAN = frozenset({PRIOR, CURRENT, UNENHANCED, CURVE, NUMBERS, TEXT, RULE})
_PICTURES = frozenset({PRIOR, CURRENT, UNENHANCED})
_LESIONS = _PICTURES | {CURVE, NUMBERS, TEXT, RULE, HELD}
_TREATED = frozenset({CURRENT, UNENHANCED, CURVE, NUMBERS, VERDICT, TEXT, LIVING, RULE, HELD})
_AT_LAST_VISIT = {"visit": 3.0}

# From the scenario the page opens with: the first scan.
DECLARED: dict[str, Moves] = {
    "calcium_start_mg_ml": Moves(_LESIONS, rises=("spot", "calcium held", "mean attenuation")),
    "calcium_pattern": Moves(
        _PICTURES | {CURVE, NUMBERS, TEXT, RULE}, falls=("spot",), given={"calcium_start_mg_ml": 30.0}
    ),
    "baseline_enhancement_hu": Moves(
        frozenset({PRIOR, CURRENT, CURVE, NUMBERS, TEXT, RULE, HELD}), rises=("nodule", "iodine held")
    ),
    "delay_s": Moves(frozenset({PRIOR, CURRENT, NUMBERS, TEXT, RULE, HELD}), falls=("nodule", "liver"), over=(70, 300)),
    "kvp": Moves(_SCAN, falls=("spot", "nodule", "liver", "mean attenuation")),
    "visit": Moves(_TREATED, rises=("day", "calcium held"), falls=("living tumour",)),
    "slice_mm": Moves(_SCAN, falls=("speck", "picture noise")),
    "kernel_sharpness_pct": Moves(_SCAN, rises=("speck", "picture noise")),
    "dose_pct": Moves(_PICTURES | {TEXT}, falls=("picture noise",)),
    "noise_hu": Moves(_PICTURES | {NUMBERS, TEXT}, rises=("picture noise",)),
    "iodine_g_per_kg": Moves(
        frozenset({PRIOR, CURRENT, CURVE, NUMBERS, TEXT, RULE, HELD}), rises=("nodule", "liver", "iodine held")
    ),
    "weight_kg": Moves(_SCAN | {HELD}, falls=("spot unenhanced",)),
    "tin_mm": Moves(_SCAN, falls=("liver", "spot"), given={"kvp": 140.0}),
    "lesion_size_pct": Moves(_PICTURES | {CURVE, NUMBERS, TEXT, RULE}, rises=("sum of diameters",)),
    "lesion_water_pct": Moves(_PICTURES | {CURVE, NUMBERS, TEXT, RULE}, falls=("nodule", "spot", "mean attenuation")),
    "hypovascular_enhancement_hu": Moves(
        frozenset({PRIOR, CURRENT, CURVE, NUMBERS, TEXT, RULE, HELD}), rises=("spot", "mean attenuation")
    ),
    "grain_mm": Moves(_PICTURES | {TEXT, RULE}, rises=("speck",)),
    "grain_calcium_mg_ml": Moves(_PICTURES | {TEXT, RULE}, rises=("speck",)),
    # On the first scan treatment has done nothing yet.
    "perfusion_loss_pct": Moves(_TREATED - {VERDICT}, falls=("living tumour",), given=_AT_LAST_VISIT),
    "shrinkage_rate_per_week": Moves(_TREATED, falls=("living tumour", "sum of diameters"), given=_AT_LAST_VISIT),
    "growth_rate_per_week": Moves(_TREATED, rises=("living tumour", "sum of diameters"), given=_AT_LAST_VISIT),
    "calcium_necrosis_mg_ml": Moves(
        _TREATED - {LIVING}, rises=("calcium held", "mean attenuation"), given=_AT_LAST_VISIT
    ),
    "mucin_share_pct": Moves(_TREATED - {LIVING, VERDICT}, rises=("calcium held",), given=_AT_LAST_VISIT),
    "calcium_mucin_mg_ml": Moves(
        _TREATED - {LIVING, VERDICT}, rises=("calcium held",), given=_AT_LAST_VISIT | {"mucin_share_pct": 50.0}
    ),
    "calcium_time_constant_d": Moves(_TREATED - {LIVING, VERDICT}, falls=("calcium held",), given=_AT_LAST_VISIT),
}
