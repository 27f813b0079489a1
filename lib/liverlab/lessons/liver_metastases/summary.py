"""Numbers of a scenario of lesson 01, for teaching guides and for the self-check of the notebook."""

from __future__ import annotations

from liverlab import evidence
from liverlab.lessons.liver_metastases.elsewhere import Elsewhere
from liverlab.lessons.liver_metastases.patient import Patient, simulate
from liverlab.ui.describe import quantity


def key_numbers(patient: Patient) -> dict[str, float | str]:
    """What a teaching guide may promise of a scenario: name -> number or word."""
    best, largest = patient.best_resection, patient.largest
    seen = patient.now.diameter_mm[patient.now.visible]
    ratio = {
        key: float(Elsewhere(patient, key).scene(patient.visit).over_liver()[largest])
        for key in ("t2_fat_saturated", "dwi_800", "t1_hepatobiliary")
    }
    return {
        "lesions": len(patient.lesions),
        "seen": int(patient.now.visible.sum()),
        "smallest seen": float(seen.min()) if seen.size else 0.0,
        "liver": patient.liver_hu,
        "noise": patient.noise_hu,
        "contrast": float(patient.contrast_hu[largest]),
        "tumour": patient.tumour_ml,
        "resection": "none" if best is None else best.name,
        "remnant": 0.0 if best is None else best.left_pct,
        "T2": ratio["t2_fat_saturated"],
        "b 800": ratio["dwi_800"],
        "hepatobiliary": ratio["t1_hepatobiliary"],
        "SUV": float(Elsewhere(patient, "pet").scene(patient.visit).hottest_suv()[largest]),
        "day": patient.day,
    }


def self_check() -> None:
    """Print key numbers of fixed scenarios; the notebook's stored output holds the models to them."""
    for case, delay_s in (("from_neuroendocrine", 35), ("from_neuroendocrine", 70), ("from_colorectal", 70),
                          ("from_small_cell", 70)):  # fmt: skip
        patient = simulate(evidence.Scenario(case).with_changes(delay_s=delay_s))
        shown = key_numbers(patient)
        print(
            f"{patient.case.title}, {delay_s} s: {shown['seen']} of {shown['lesions']} seen, "
            f"liver {quantity(shown['liver'], 'HU')}, "
            f"largest {quantity(shown['contrast'], 'HU', signed=True)} to liver, "
            f"tumour {quantity(shown['tumour'], 'mL')}; resection {shown['resection']}; in per cent of liver: "
            f"T2 {quantity(100 * shown['T2'])}, b 800 {quantity(100 * shown['b 800'])}, "
            f"hepatobiliary {quantity(100 * shown['hepatobiliary'])}; PET {quantity(10 * shown['SUV'])} tenths of SUV"
        )
