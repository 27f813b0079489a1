"""Two hundred patients around the one on the page: how long they live, beside what registries saw."""

from __future__ import annotations

from typing import Any

import numpy as np

from liverlab.disease import sinusoid
from liverlab.lessons.sinusoidal_metastasis import charts
from liverlab.lessons.sinusoidal_metastasis.patient import FOLLOWED_D, NEVER, Patient
from liverlab.reading import severity
from liverlab.ui import lab_figures
from liverlab.ui.describe import quantity
from liverlab.ui.figures import Figure

PATIENTS, SEED = 200, 1
COHORT_DAYS = np.arange(0.0, FOLLOWED_D + 1.0)
LEFT_D = np.arange(0.0, 31.0)


def fans(patient: Patient) -> list[Figure]:
    """Survival of sampled patients, as planned and untreated; and from acute failure on, with the registry."""
    untreated = sampled(patient, NEVER)
    curves = {"untreated": (COHORT_DAYS, _alive_pct(untreated.death_day, COHORT_DAYS))}
    if patient.treated:
        planned = sampled(patient, patient.treated_d)
        name = f"chemotherapy from day {patient.treated_d:.0f} (illustrative)"
        curves[name] = (COHORT_DAYS, _alive_pct(planned.death_day, COHORT_DAYS))
    alt = f"{PATIENTS} sampled patients. " + " ".join(
        f"{name}: {quantity(share[28], '%')} alive on day 28." for name, (_, share) in curves.items()
    )
    first = lab_figures.survival(curves, [], "day", f"Survival: {PATIENTS} patients like this one", alt)
    return [first, from_failure(patient, untreated)]


def from_failure(patient: Patient, untreated: sinusoid.Course) -> Figure:
    """Days left from the first day of acute failure, and what was published."""
    left = days_left(untreated)
    rows = charts.registry(patient.ev)
    dead, stay = rows["US registry", "dead_3_weeks_pct"], rows["King's intensive care", "death_d"]
    dots = [
        (21.0, 100.0 - float(dead["value"]), "registry: 11 % alive after 3 weeks (27 patients)", None),
        (float(stay["value"]), 50.0, "intensive care: death after 4 (2 to 18) days (24 patients)",
         (float(stay["low"]), float(stay["high"]))),
    ]  # fmt: skip
    share = _alive_pct(left, LEFT_D)
    alt = (
        f"Of {left.size} sampled untreated patients in acute failure {quantity(share[21], '%')} live after 21 days; "
        f"half are dead after {quantity(_median(left), 'days')}. Published: 11 % after 3 weeks, and a median of 4 days "
        "from admission to intensive care to death."
    )
    title = "Failure: from INR 1.5 and encephalopathy on, untreated"
    return lab_figures.survival({"simulated, untreated": (LEFT_D, share)}, dots, "days in acute failure", title, alt)


def sampled(patient: Patient, treated_d: float) -> sinusoid.Course:
    """Sampled patients around this one, all treated from the same day."""
    drawn = sinusoid.sample({**patient.values, "chemo_day_d": min(treated_d, NEVER)}, PATIENTS, SEED)
    return sinusoid.simulate(drawn, COHORT_DAYS, patient.ev.labs, sinusoid.COHORT_STEP_D)


def days_left(course: sinusoid.Course) -> np.ndarray:
    """Days left from acute failure to death (infinite for those who live), of those in whom it begins after day 0."""
    failing = severity.in_failure(course.labs)
    begins = course.days[failing.argmax(axis=-1)]
    return np.maximum(0.0, course.death_day - begins)[failing.any(axis=-1) & (begins > 0)]


def _median(left: np.ndarray) -> float:
    """Median of the days left; 0 where nobody fails, the days shown where most live on."""
    return float(min(np.median(left), LEFT_D[-1])) if left.size else 0.0


def _alive_pct(death_day: Any, days: np.ndarray) -> np.ndarray:
    """Per cent alive, of those who live to see the first day."""
    lived = death_day[death_day > days[0]]
    return 100.0 * sinusoid.alive_share(lived, days) if lived.size else np.zeros(days.size)
