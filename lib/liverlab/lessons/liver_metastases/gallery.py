"""The gallery of small lesions: what each next step shows of them, in words and as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liverlab import evidence
from liverlab.lessons.liver_metastases.elsewhere import Elsewhere, label_of
from liverlab.lessons.liver_metastases.patient import Patient, simulate
from liverlab.ui.describe import quantity

# Step of the lesson file -> picture of the matrix; `later` is the same CT at the next visit.
PICTURES = {
    "arterial": "ct_35",
    "t2": "t2_fat_saturated",
    "opposed": "t1_opposed",
    "diffusion": "dwi_800",
    "hepatobiliary": "t1_hepatobiliary",
    "pet": "pet",
}
HOT, COLD = 1.3, 0.75  # uptake over liver from which a reader calls it so
BRIGHTER, DARKER = 1.15, 0.87  # signal over liver from which a reader calls it so


def patient_of(item: Mapping[str, Any], ev: evidence.Evidence | None = None) -> Patient:
    """The patient of an item of the gallery."""
    scenario = evidence.Scenario(item["case"])
    changes = dict(item.get("changes") or {})
    return simulate(scenario.with_changes(**changes) if changes else scenario, ev, "Today")


def step(patient: Patient, id_: str) -> Mapping[str, Any]:
    """What a step shows of the spot: words, and the patient as scanned then."""
    if id_ == "later":
        later = simulate(patient.scenario.with_changes(visit=1), patient.ev, "In 12 weeks")
        before, now = (float(one.diameter_mm[0, one.visit]) for one in (patient, later))
        words = f"{quantity(before, 'mm')} today, {quantity(now, 'mm')} in 12 weeks: "
        words += "it has grown." if now > before + 1 else "unchanged."
        return {"result": words, "patient": later}
    other = Elsewhere(patient, PICTURES[id_])
    return {"result": words_of(other), "patient": other}


def words_of(other: Elsewhere) -> str:
    """What the report would say of the spot in this picture."""
    patient, scene, name = other.patient, other.scene(other.visit), label_of(other.key)
    if other.key == "ct_35":
        arterial = simulate(patient.scenario.with_changes(delay_s=35.0), patient.ev)
        now, portal = float(arterial.contrast_hu[0]), float(patient.contrast_hu[0])
        return f"{name}: {quantity(now, 'HU', signed=True)} to liver, at 70 s {quantity(portal, 'HU', signed=True)}."
    if other.key == "pet":
        hottest, middle, liver = float(scene.hottest_suv()[0]), float(scene.middle_suv()[0]), scene.suv_of("liver")
        if hottest > HOT * liver:
            return f"{name}: hotter than liver, SUV {hottest:.1f} against {liver:.1f}."
        if middle < COLD * liver:
            return f"{name}: colder than liver, SUV {middle:.1f} in its middle against {liver:.1f}."
        return f"{name}: as liver, SUV {liver:.1f}."
    ratio = float(scene.over_liver()[0])
    how = "brighter than" if ratio > BRIGHTER else "darker than" if ratio < DARKER else "as bright as"
    words = f"{name}: {how} liver (signal {ratio:.1f} times)."
    if other.key == "t1_opposed":
        in_phase = float(Elsewhere(patient, "t1_in").scene(other.visit).over_liver()[0])
        lost = "It loses signal against the phase before: it holds fat." if ratio < 0.9 * in_phase else "It loses none."
        words += f" {lost}"
    if other.key == "dwi_800":
        adc = float(Elsewhere(patient, "adc").scene(other.visit).over_liver()[0])
        words += f" Its diffusion coefficient is {adc:.1f} times that of liver{_middle(patient)}."
    return words


def _middle(patient: Patient) -> str:
    """Where the middle of a lesion differs from the whole, say so."""
    parts = patient.looks[0].parts
    if "centre" not in parts:
        return ""
    rows = patient.ev.tissues["mri"]
    own, whole = rows[parts["centre"].tissue].adc_um2_ms, rows[parts["rim"].tissue].adc_um2_ms
    return f", in its middle {own / rows['liver'].adc_um2_ms:.1f} times" if own != whole else ""
