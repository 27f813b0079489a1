"""What each control of lesson 01 moves."""

from __future__ import annotations

from liverlab.lessons.moves import CURRENT, CURVE, DECISION, LIVING, NUMBERS, PRIOR, TESTS, TEXT, VERDICT, Moves

# The scan beside yours keeps its delay and dose: only what both scans share moves it too.
_YOURS = frozenset({CURRENT, CURVE, NUMBERS, TEXT, VERDICT})
_BOTH = _YOURS | {PRIOR}
_LESIONS = _BOTH | {LIVING, DECISION}
# The page opens with lesions as bright as the liver: in the late arterial phase there is something to move.
_LATE_ARTERIAL = {"delay_s": 35}
_GROWING = _LATE_ARTERIAL | {"lesion_doubling_d": 40, "new_lesion_count": 2}

DECLARED: dict[str, Moves] = {
    "lesion_count": Moves(_LESIONS, rises=("lesions in the liver", "lesions seen", "tumour"), given=_LATE_ARTERIAL),
    "lesion_diameter_mm": Moves(
        _LESIONS | {TESTS}, rises=("lesions seen", "size of the largest", "tumour"), given=_LATE_ARTERIAL
    ),
    "delay_s": Moves(_YOURS, rises=("liver brightness",), falls=("contrast of the largest",), over=(45, 75)),
    "dose_pct": Moves(_YOURS, rises=("lesions seen",), falls=("noise told", "picture noise"), given=_LATE_ARTERIAL),
    # Other places have other shapes: the volume changes a little with them.
    "left_share_pct": Moves(
        _LESIONS - {VERDICT} | {TESTS}, rises=("lesions in the left lobe",), given=_LATE_ARTERIAL
    ),
    "remnant_limit_pct": Moves(frozenset({DECISION}), falls=("resections that leave enough",)),
    "visit": Moves(_LESIONS - {VERDICT}, rises=("size of the largest", "tumour", "day"), given=_LATE_ARTERIAL),
    # At the first visit nothing has grown yet: the follow-up shows it.
    "lesion_doubling_d": Moves(frozenset({VERDICT}), falls=("new lesions seen",), given=_GROWING),
    "new_lesion_count": Moves(frozenset({VERDICT}), rises=("new lesions seen",), given=_GROWING),
    "cardiac_output_l_min": Moves(_BOTH | {TESTS}, rises=("liver brightness",), given=_LATE_ARTERIAL),
    "iodine_g_per_kg": Moves(
        _BOTH | {TESTS}, rises=("lesions seen", "contrast of the largest", "liver brightness"), given=_LATE_ARTERIAL
    ),
    "injection_rate_ml_s": Moves(
        _BOTH | {TESTS}, rises=("lesions seen", "contrast of the largest"), given=_LATE_ARTERIAL
    ),
    "kvp": Moves(
        _BOTH - {VERDICT} | {TESTS},
        falls=("contrast of the largest", "noise told", "picture noise"),
        given=_LATE_ARTERIAL,
    ),
    "slice_mm": Moves(_BOTH, falls=("noise told", "picture noise"), given=_LATE_ARTERIAL),
    "noise_hu": Moves(
        _BOTH, rises=("noise told", "picture noise"), falls=("lesions seen",), given=_LATE_ARTERIAL
    ),
}  # fmt: skip
