"""Who checks the questions of lesson 03: functions of the patient, `(solved, sentence)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from liverlab.evidence import Evidence, Scenario
from liverlab.lessons.pseudocirrhosis.patient import Patient
from liverlab.reading.liver_status import VARICES
from liverlab.reading.scar_tests import SIGNIFICANT_MMHG
from liverlab.reading.scores import ASCITES
from liverlab.ui.describe import quantity

RECOVERED_MONTH = 12.0
Check = Callable[[Patient], tuple[bool, str]]


def checkers(ev: Evidence, simulate: Callable[[Scenario], Patient]) -> dict[str, Check]:
    """Name in the lesson file -> function of the patient."""
    return {
        "response_with_decompensation": response_with_decompensation,
        "smallest_scar_above_the_floor": lambda patient: smallest_scar(ev, simulate, patient),
        "latest_change_that_recovers": lambda patient: latest_change(ev, simulate, patient),
        "varices_below_ten": varices_below_ten,
    }


def response_with_decompensation(patient: Patient) -> tuple[bool, str]:
    """PR or CR by RECIST at a visit at which the liver has decompensated."""
    call, now = patient.verdict(), patient.now
    failed = bool(patient.status.decompensated[now])
    fluid = ASCITES[patient.status.ascites[now]]
    sentence = f"RECIST says {call}; ascites {fluid}: the liver is {'de' if failed else ''}compensated."
    return patient.visit > 0 and call in ("PR", "CR") and failed, sentence


def varices_below_ten(patient: Patient) -> tuple[bool, str]:
    """Varices while the wedged gradient stays below what counts as significant."""
    scars, now = patient.liver.scars, patient.now
    varices, wedged = int(scars.varices[now]), float(scars.hvpg_mmhg[now])
    return varices > 0 and wedged < SIGNIFICANT_MMHG, f"Varices {VARICES[varices]}, HVPG {quantity(wedged, 'mmHg', 1)}."


def smallest_scar(ev: Evidence, simulate: Any, patient: Patient) -> tuple[bool, str]:
    """Without nodules, LSN above the floor, and no longer so one step of scar below."""
    key = "scar_share_pct"
    if patient.values["nodule_amplitude_mm"] or patient.values["nodularity_mm"]:
        return False, "Set the regenerative nodules to 0 first, in a liver that was smooth before."
    if patient.visit == 0:
        return False, "Choose a visit after the first scan."
    value, parameter = patient.values[key], ev.parameters[key]
    if not patient.measured.uneven:
        return False, f"LSN {_lsn(patient)} at {quantity(value, '%')} scar: within the noise floor."
    yes = f"LSN {_lsn(patient)} at {quantity(value, '%')} scar: above the noise floor"
    if value - parameter.step < parameter.low:
        return False, f"{yes}, but the slider is at its end."
    # All the way down: form lets the index go up and down a little, and the smallest is asked for.
    steps = round((value - parameter.low) / parameter.step)
    below = None
    for step in range(1, steps + 1):
        one = simulate(patient.scenario.with_changes(**{key: value - step * parameter.step}))
        if one.measured.uneven:
            return False, f"{yes}, but less scar is enough."
        below = below or one
    return True, f"{yes}; one step below it is not ({_lsn(below)})."


def latest_change(ev: Evidence, simulate: Any, patient: Patient) -> tuple[bool, str]:
    """At month 12 the LSN is within the floor, and with a change one month later it is not; disease as the case."""
    key = "therapy_change_months"
    if round(float(patient.months[patient.visit])) != RECOVERED_MONTH:
        return False, "Choose month 12."
    before = ev.values(Scenario(patient.scenario.case))
    changed = [
        ev.parameters[name].label.lower()
        for name, value in patient.values.items()
        if value != before[name] and name not in (key, "visit")
    ]
    if patient.scenario.case != "pseudocirrhosis_breast" or changed:
        return False, f"Keep the disease of the first preset: {', '.join(changed) or 'another one is shown'}."
    value, parameter = patient.values[key], ev.parameters[key]
    if patient.measured.uneven:
        return False, f"Changed after {value:.0f} months: LSN {_lsn(patient)} at month 12, above the noise floor."
    yes = f"Changed after {value:.0f} months the contour is back in the noise floor at month 12 (LSN {_lsn(patient)})"
    if value + parameter.step > parameter.high:
        return False, f"{yes}, but the slider is at its end."
    later = simulate(patient.scenario.with_changes(**{key: value + parameter.step}))
    if not later.measured.uneven:
        return False, f"{yes}, but a later change is early enough too."
    return True, f"{yes}; a month later it is not ({_lsn(later)})."


def _lsn(patient: Patient) -> str:
    return f"{patient.measured.lsn:.2f} (limit {patient.measured.limit:.2f})"
