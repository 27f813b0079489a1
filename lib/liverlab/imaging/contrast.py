"""HU of vessels, organs and lesions after an injection of contrast medium.

Enhancement is added to the unenhanced HU: iodine in mg per mL of tissue, from the whole-body pools, times HU per mg/mL.
Everything is linear in the iodine given. Numbers a learner can change come in as `values` (parameters.csv).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from liverlab.disease.checks import number, take

from . import hu, kinetics_body, kinetics_tissue
from .kinetics_tissue import dual_input
from .protocol import REFERENCE, Protocol

__all__ = ["curves", "dual_input", "lesion_enhancement_hu", "lesion_hu", "liver_hu", "tissue_hu"]

# Volumes of whole organs at 70 kg, mL, for the pools that are shown as tissue (reference adult; illustrative).
ORGAN_ML = {"liver": 1600.0, "spleen": 200.0, "cortex": 210.0, "medulla": 90.0, "muscle": 40000.0}
# Share of the kidney's blood pool and of its filtered iodine that lies in the cortex; calibrated, illustrative.
CORTEX_OF_BLOOD, CORTEX_OF_TUBULES = 0.90, 0.70

# Fall of the unenhanced liver per per cent of fat fraction: 65 HU stands for 0.5 %, -3 HU for 40 % (Starekova 2021).
HU_PER_FAT_PCT = (-3.0 - 65.0) / (40.0 - 0.5)

# Vessels without a pool of their own: drawn as the vessel whose blood they share.
SAME_AS = {"splenic_vein": "portal_vein", "hepatic_artery": "aorta"}


# SD of the spleen's bands while its slow pulp still waits for contrast medium, per HU that the aorta is ahead of the
# mean spleen; gives the banded spleen of a late arterial scan (SD 26 HU) and an even one at 70 s. Illustrative.
SPLEEN_BANDS_PER_HU = 0.13


@lru_cache(maxsize=64)
def _solved(injection: Protocol) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Seconds and the iodine concentration (mg per mL) of every vessel and organ on them; read-only arrays."""
    time, amount = kinetics_body.amounts_mg(injection)
    pool = dict(zip(kinetics_body.POOLS, amount.T, strict=True))
    body, scale = kinetics_body.BODY, kinetics_body.size(injection.weight_kg)
    organ = {name: volume * scale for name, volume in ORGAN_ML.items()}
    answer = {
        "aorta": pool["aorta"] / (body.aorta * scale),
        "portal_vein": pool["portal"] / (body.portal * scale),
        "hepatic_vein": pool["hepatic_vein"] / (body.hepatic_vein * scale),
        "ivc": pool["ivc"] / (body.ivc * scale),
        "liver": pool["liver"] / organ["liver"],
        "spleen": pool["spleen"] / organ["spleen"],
        "kidney_cortex": (CORTEX_OF_BLOOD * pool["kidney"] + CORTEX_OF_TUBULES * pool["tubules"]) / organ["cortex"],
        "kidney_medulla": (
            (1 - CORTEX_OF_BLOOD) * pool["kidney"] + (1 - CORTEX_OF_TUBULES) * pool["tubules"]
        ) / organ["medulla"],
        "muscle": (pool["lower"] + pool["lower_interstitium"]) / organ["muscle"],
    }  # fmt: skip
    kinds = {**kinetics_tissue.ORGANS, **{f"lesion_{name}": kind for name, kind in kinetics_tissue.LESIONS.items()}}
    # One call for all: rates with a leading axis of tissues.
    k2 = np.array([1.0 / kind.transit_s for kind in kinds.values()])
    k1 = np.array([kind.distribution_volume for kind in kinds.values()]) * k2
    arterial = np.array([kind.arterial_fraction for kind in kinds.values()])
    tissue = dual_input(time, answer["aorta"], answer["portal_vein"], k1 * arterial, k1 * (1.0 - arterial), k2)
    passed = (kinetics_tissue.passed_on(time, curve, kind) for curve, kind in zip(tissue, kinds.values(), strict=True))
    answer.update(zip(kinds, passed, strict=True))
    for curve in answer.values():
        curve.setflags(write=False)
    return time, answer


def _injection(protocol: Protocol) -> Protocol:
    """The protocol with everything that does not move iodine set to the reference, so that scans share one solution."""
    fixed = ("delay_s", "kvp", "dose_pct", "slice_mm", "noise_hu", "kernel_sharpness_pct", "tin_mm")
    same = {name: getattr(REFERENCE, name) for name in fixed}
    return Protocol(**{**vars(protocol), **same})


def _enhancement_hu(protocol: Protocol, t_s: Any, names: Iterable[str]) -> dict[str, Any]:
    t_s = number("t_s", t_s, 0, kinetics_body.END_S, "s")
    time, solved = _solved(_injection(protocol))
    slope = protocol.hu_per_mgi_ml
    at = np.asarray(t_s) / kinetics_body.STEP_S
    low = np.minimum(at.astype(int), time.size - 2)
    share = at - low
    answer = {}
    for name in names:
        curve = solved[name]
        answer[name] = (slope * ((1.0 - share) * curve[low] + share * curve[low + 1]))[()]
    return answer


CURVES = (
    "aorta", "portal_vein", "hepatic_vein", "ivc", "splenic_vein", "hepatic_artery", "liver", "spleen", "kidney_cortex",
    "kidney_medulla", "muscle", *kinetics_tissue.ORGANS,
)  # fmt: skip


def curves(protocol: Protocol, t_s: Any) -> dict[str, Any]:
    """Enhancement in HU at protocol.kvp of every vessel and organ in CURVES, t_s seconds after the injection began.

    t_s (...) within 0..300 s; each answer has its shape (a float for a float). Whole-body solution cached per
    injection. Raises ValueError for times out of range.
    """
    found = _enhancement_hu(protocol, t_s, dict.fromkeys(SAME_AS.get(name, name) for name in CURVES))
    return {name: found[SAME_AS.get(name, name)] for name in CURVES}


def lesion_enhancement_hu(protocol: Protocol, t_s: Any, enhancement70_hu: Any, kind: str = "hyper") -> Any:
    """Enhancement in HU of a lesion's tissue at t_s (..., within 0..300 s).

    enhancement70_hu (...) >= 0: its enhancement 70 s after the start of the REFERENCE injection, to which the answer
    is proportional; broadcasts against t_s. kind: a key of kinetics_tissue.LESIONS, `liver` (as liver does) or `none`.
    Raises ValueError for an unknown kind or values out of range.
    """
    enhancement70_hu = number("enhancement70_hu", enhancement70_hu, 0, 1000, "HU")
    if kind == "none":
        return 0.0 * np.asarray(t_s) * enhancement70_hu
    if kind != "liver" and kind not in kinetics_tissue.LESIONS:
        raise ValueError(f"kind is {kind!r}; it must be none, liver or {' or '.join(kinetics_tissue.LESIONS)}.")
    name = kind if kind == "liver" else f"lesion_{kind}"
    shape = _enhancement_hu(protocol, t_s, (name,))[name]
    return enhancement70_hu * shape / _enhancement_hu(REFERENCE, 70.0, (name,))[name]


def liver_hu(values: Mapping[str, Any], change_hu: Any, protocol: Protocol, t_s: Any = None) -> Any:
    """HU of liver tissue at the protocol's delay, or at t_s.

    change_hu (...): a `disease.course.Course`, or its liver_enhancement_change_hu, which holds at the REFERENCE
    protocol's 70 s and scales with the liver's enhancement elsewhere; unenhanced liver does not change. Fat above the
    usual (steatosis_pct, if given) darkens it.
    """
    change_hu = getattr(change_hu, "liver_enhancement_change_hu", change_hu)
    unenhanced = _column(take(values, "liver_unenhanced_hu", -100, 200, "HU"), change_hu)
    unenhanced = unenhanced + HU_PER_FAT_PCT * _column(
        number("steatosis_pct", values.get("steatosis_pct", 0.0), 0, 60, "%"), change_hu
    )
    when = protocol.delay_s if t_s is None else t_s
    enhancement = _enhancement_hu(protocol, when, ("liver",))["liver"]
    reference = _enhancement_hu(REFERENCE, 70.0, ("liver",))["liver"]
    return unenhanced + enhancement * np.maximum(0.0, 1.0 + np.asarray(change_hu) / reference)


def lesion_hu(values: Mapping[str, Any], course: Any, protocol: Protocol) -> tuple[np.ndarray, np.ndarray]:
    """HU of each lesion's rim and core at the protocol's delay, each (..., L, T).

    Unenhanced, dead tissue is darker than viable tissue; enhancement falls with perfusion. The core, and the whole of
    a lesion that is hypovascular, enhances by hypovascular_enhancement_hu; other rims by baseline_enhancement_hu.
    course: a `disease.course.Course` made with the same `values`.
    """
    names = {
        "tumour_unenhanced_hu": (-100, 200),
        "necrosis_hu": (-100, 200),
        "baseline_enhancement_hu": (0, 1000),
        "hypovascular_enhancement_hu": (0, 1000),
    }
    tissue = {key: _lead(take(values, key, *limits, "HU")) for key, limits in names.items()}
    unenhanced = course.viability * tissue["tumour_unenhanced_hu"] + (1.0 - course.viability) * tissue["necrosis_hu"]
    hypo = lesion_enhancement_hu(protocol, protocol.delay_s, tissue["hypovascular_enhancement_hu"], "hypo")
    hyper = lesion_enhancement_hu(protocol, protocol.delay_s, tissue["baseline_enhancement_hu"], "hyper")
    is_hypo = np.array([[kind == "hypo"] for kind in course.vascular])
    core = unenhanced + course.perfusion * hypo
    rim = np.where(is_hypo, core, unenhanced + course.perfusion * hyper)
    return rim, core


def tissue_hu(protocol: Protocol, table: Any, values: Mapping[str, Any], liver_change_hu: float = 0.0) -> dict:
    """HU of every row of the tissue table (casesdata/tissues/ct.csv) at the protocol's delay and kVp.

    table: rows, or a mapping of rows, with `key` and `unenhanced_hu` (at 120 kVp); rows without a time course keep
    their unenhanced HU; bone and fat change with kVp. The liver's unenhanced HU is that of `values`.
    liver_change_hu: Course.liver_enhancement_change_hu on the day of the scan. Returns key -> float, and the SD of the
    spleen's arterial bands under `spleen_moire_hu`.
    """
    rows = table.values() if isinstance(table, Mapping) else table
    enhancement = curves(protocol, protocol.delay_s)
    # The table holds HU of the reference adult at 120 kVp.
    bone = protocol.hu_per_mg_hydroxyapatite_ml / hu.hu_per_mg_hydroxyapatite_ml(120.0, 25.0)
    fat = hu.fat_relative_to_120_kvp(protocol.kvp)
    answer = {}
    for row in rows:
        key, unenhanced = _field(row, "key"), float(_field(row, "unenhanced_hu"))
        if key == "liver":
            answer[key] = float(liver_hu(values, liver_change_hu, protocol))
            continue
        if key.startswith("bone_"):
            unenhanced *= bone
        elif key in ("fat", "subcutaneous_fat"):
            unenhanced *= fat
        answer[key] = unenhanced + float(enhancement.get(key, 0.0))
    ahead_hu = float(enhancement["aorta"] - enhancement["spleen"])
    answer["spleen_moire_hu"] = SPLEEN_BANDS_PER_HU * max(0.0, ahead_hu)
    return answer


def _field(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, Mapping) else getattr(row, name)


def _lead(value: Any) -> Any:
    """A parameter array with two more axes, for lesions and days; a float stays a float."""
    return value if isinstance(value, float) else value[..., None, None]


def _column(value: Any, against: Any) -> Any:
    """A parameter array with one more axis, for days, where the other side has one."""
    return value if isinstance(value, float) or np.ndim(against) == 0 else value[..., None]
