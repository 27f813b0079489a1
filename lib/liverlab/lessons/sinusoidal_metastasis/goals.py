"""The driving questions of lesson 05, checked from the patient on the page."""

from __future__ import annotations

from typing import Any

from liverlab import evidence
from liverlab.lessons.sinusoidal_metastasis import patient as patients
from liverlab.lessons.sinusoidal_metastasis.patient import Patient, index_of
from liverlab.reading import severity
from liverlab.ui.describe import listing, quantity

WAS_RAISED = 3.0  # times the upper limit that ALT must have shown before it counts as having come down
SOON_D = 2.0
HEPATOCELLULAR_R = 5.0
OVER_D, SLOW_TUMOUR_D, FAST_BILIRUBIN_D = 4, 60.0, 7.0  # as the quiz item words it
# What may change while the disease stays as the case has it.
MANAGEMENT = frozenset({"tissue_day_d", "pathology_d", "chemo_day_d", "visit"})


def latest_biopsy(patient: Patient) -> tuple[bool, str]:
    """The patient lives, treated on the day of the report, and would not with a biopsy one day later."""
    ev, values = patient.ev, patient.values
    case_values = ev.values(evidence.Scenario(patient.scenario.case))
    changed = [key for key, value in values.items() if value != case_values[key] and key not in MANAGEMENT]
    day = quantity(values["tissue_day_d"])
    if changed:
        labels = listing([ev.parameters[key].label.lower() for key in changed])
        return False, f"Leave the disease as it is: {labels} changed."
    if patient.case.injury or patient.course.occupancy[index_of(0.0)] == 0:
        return False, "This patient has no tumour in the liver. Choose a preset that has."
    if not patient.survives:
        return False, f"Biopsy on day {day}: the patient dies on day {quantity(patient.died_d)}."
    if patient.treated_d > patient.report_d:
        return False, f"Biopsy on day {day}: he lives, but treatment did not start on the day of the report."
    step = ev.parameters["tissue_day_d"].step
    if values["tissue_day_d"] + step > ev.parameters["tissue_day_d"].high:
        return False, f"Biopsy on day {day}: he lives, but the slider is at its end."
    later = patients.simulate(patient.scenario.with_changes(tissue_day_d=values["tissue_day_d"] + step), ev)
    if later.survives:
        return False, f"Biopsy on day {day}: he lives, and he would with a later biopsy too."
    return True, f"Biopsy on day {day}: he lives; one day later he dies on day {quantity(later.died_d)}."


def normal_alt_in_failure(patient: Patient) -> tuple[bool, str]:
    """ALT was raised, is normal at the visit, and the INR still says that the liver fails."""
    alt = patient.times_upper("alt_u_l")
    at = patient.at
    peak, now, inr = float(alt[: at + 1].max()), float(alt[at]), patient.lab("inr")
    sentence = (
        f"Day {quantity(patient.shown_d)}: ALT {quantity(now, '', 2)} × the limit (highest so far "
        f"{quantity(peak, '', 1)} ×), INR {quantity(inr, '', 2)}."
    )
    return patient.alive and peak >= WAS_RAISED and now <= 1.0 and inr >= severity.FAILURE_INR, sentence


def told_after_shock(patient: Patient) -> tuple[bool, str]:
    """Within two days of a shock, R says hepatocellular and LDH over ALT still lies above that of other failure."""
    values = patient.values
    shock_d, at = values["ischaemia_day_d"], patient.at
    if patient.case.injury or values["ischaemia_kill_pct"] == 0:
        return False, "No shock in this scenario: it is under More settings, Ischaemia."
    since = patient.shown_d - shock_d
    if not 0 < since <= SOON_D:
        return False, f"The visit is {quantity(since)} days after the shock; it must be one or two."
    r, ratio = float(patient.r_factor.raw[at]), float(patient.ldh_over_alt.raw[at])
    alone = patients.simulate(patient.scenario.with_changes(sinusoidal_occupancy_pct=0.0), patient.ev)
    without = float(alone.ldh_over_alt.raw[index_of(patient.shown_d)])
    sentence = (
        f"{quantity(since)} days after the shock: R {quantity(r, '', 1)}, LDH over ALT {quantity(ratio, '', 2)}; the "
        f"same shock without tumour gives {quantity(without, '', 2)}."
    )
    told = str(patient.ldh_over_alt.grade[at]) != "other"
    return patient.alive and r >= HEPATOCELLULAR_R and told, sentence


def doubles_faster_than_tumour(patient: Patient) -> tuple[bool, str]:
    """Bilirubin doubles within a week at the visit, the tumour not within sixty days."""
    at = patient.at
    if at < OVER_D or patient.course.living_tumour[at] == 0:
        return False, "Choose a patient with tumour in the liver."
    found = severity.doubling_d(patient.course.labs.bilirubin_umol_l, at, OVER_D)
    tumour = patient.values["tumour_doubling_d"]
    words = "not rising" if found is None else f"doubling in {quantity(found, 'days', 1)}"
    sentence = f"Tumour: {quantity(tumour)} days to double. Bilirubin in the last four days: {words}."
    return patient.alive and found is not None and tumour >= SLOW_TUMOUR_D and found <= FAST_BILIRUBIN_D, sentence


CHECKERS: dict[str, Any] = {
    "latest_biopsy": latest_biopsy,
    "normal_alt_in_failure": normal_alt_in_failure,
    "told_after_shock": told_after_shock,
    "doubles_faster_than_tumour": doubles_faster_than_tumour,
}
