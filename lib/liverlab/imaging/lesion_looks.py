"""Named kinds of lesions (casesdata/lesions) at any delay, dose, kVp and body size.

HU of a part = its HU before contrast medium + its enhancement at 70 s of the reference injection, carried to the asked
protocol by its time course (contrast.lesion_enhancement_hu). Parts of a look that changes liver tissue count from the
liver's own HU. Deposits scale with the tube voltage as calcium or iodine do; metal does not.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from liverlab.disease.checks import number, take

from . import contrast, hu
from .lesions import LesionState
from .protocol import REFERENCE, Protocol

_LIVER_FED = ("liver", "arterial")  # time courses of liver tissue: they follow a change of its enhancement
_REFERENCE_KVP, _REFERENCE_CM = 120.0, 25.0


def part_hu(
    look: Any, part: str, protocol: Protocol, values: Mapping[str, Any], t_s: Any = None, liver_change_hu: float = 0.0
) -> Any:
    """HU of one part of a look at the protocol's delay, or at t_s (..., 0..300 s).

    look: evidence.looks.Look; values: parameter key -> float with liver_unenhanced_hu; liver_change_hu: change of the
    liver's enhancement at the reference, as in contrast.tissue_hu. Raises ValueError for a part the look does not have.
    """
    if part not in look.parts:
        raise ValueError(f"part is {part!r}; the look {look.key} has {', '.join(look.parts)}.")
    row = look.parts[part]
    unenhanced = row.unenhanced_hu
    if look.tissue == "liver":
        unenhanced += take(values, "liver_unenhanced_hu", -100, 200, "HU")
    enhancement = contrast.lesion_enhancement_hu(
        protocol, protocol.delay_s if t_s is None else t_s, row.enhancement_hu, row.kinetics
    )
    if liver_change_hu and row.kinetics in _LIVER_FED:
        enhancement = enhancement * max(0.0, 1.0 + liver_change_hu / contrast.curves(REFERENCE, 70.0)["liver"])
    return unenhanced + enhancement


def deposit_hu(look: Any, protocol: Protocol) -> float:
    """HU that the look's calcium, iodine or metal adds where it fills a voxel, at the protocol's kVp and body size."""
    if look.deposit not in ("calcium", "iodine"):
        return look.deposit_hu
    if look.deposit == "iodine":
        return look.deposit_hu * protocol.hu_per_mgi_ml / hu.hu_per_mgi_ml(_REFERENCE_KVP, _REFERENCE_CM)
    reference = hu.hu_per_mg_hydroxyapatite_ml(_REFERENCE_KVP, _REFERENCE_CM)
    return look.deposit_hu * protocol.hu_per_mg_hydroxyapatite_ml / reference


def share_of_mg_ml(look: Any, mg_ml: float) -> float:
    """Share (0-1) of a lesion's volume that its calcium fills for a mean of mg_ml hydroxyapatite per mL of lesion.

    Raises ValueError for a look whose deposit is not calcium.
    """
    if look.deposit != "calcium":
        raise ValueError(f"look is {look.key!r}; its deposit must be calcium.")
    full_mg_ml = look.deposit_hu / hu.hu_per_mg_hydroxyapatite_ml(_REFERENCE_KVP, _REFERENCE_CM)
    return min(1.0, number("mg_ml", mg_ml, 0, 2000, "mg/mL") / full_mg_ml)


def state(
    looks: Sequence[Any],
    ids: Sequence[str],
    centre_mm: Any,
    semi_axes_mm: Any,
    protocol: Protocol,
    values: Mapping[str, Any],
    liver_change_hu: float = 0.0,
    deposit_share: Any = None,
) -> LesionState:
    """Lesions of these looks at the protocol's delay, one look each (L).

    centre_mm, semi_axes_mm (L, 3); deposit_share (L,): share (0-1) of the volume that calcium fills, instead of the
    looks' own, for calcium that grows; other arguments as in part_hu.
    """
    if len(looks) != len(ids):
        raise ValueError(f"looks has {len(looks)} entries for {len(ids)} ids; it must have one each.")
    columns = [_form(look, protocol, values, liver_change_hu) for look in looks]
    if deposit_share is not None:
        shares = np.broadcast_to(number("deposit_share", deposit_share, 0, 1), (len(ids),))
        for column, share in zip(columns, shares, strict=True):
            column["calcium_share"] = share
    names = columns[0] if columns else ()
    fields = {name: [column[name] for column in columns] for name in names} or {"rim_hu": []}
    return LesionState(ids, centre_mm, semi_axes_mm, **fields)


def _form(look: Any, protocol: Protocol, values: Mapping[str, Any], liver_change_hu: float) -> dict[str, Any]:
    """Everything of a LesionState that the look decides, for one lesion."""
    part = {
        name: part_hu(look, name, protocol, values, liver_change_hu=liver_change_hu) if name in look.parts else 0.0
        for name in ("rim", "inner", "centre", "sediment")
    }
    form = {f"{name}_hu": float(value) for name, value in part.items()}
    for name, row in look.parts.items():
        if name != "rim":
            form[f"{name}_fraction"] = row.fraction
        if name in ("inner", "centre"):
            form[f"{name}_roughness"] = row.roughness
    zero = ("inner_fraction", "centre_fraction", "sediment_fraction", "inner_roughness", "centre_roughness")
    return (
        dict.fromkeys(zero, 0.0)
        | form
        | {
            "lobulation": look.lobulation,
            "edge_mm": look.edge_mm,
            "calcium_pattern": look.pattern,
            "calcium_hu": deposit_hu(look, protocol),
            "calcium_share": look.deposit_share_pct / 100.0,
            "wedge": look.form == "wedge",
            "parenchymal": look.tissue == "liver",
        }
    )
