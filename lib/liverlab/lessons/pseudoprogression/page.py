"""Lesson 02: darker is not worse. What is particular to loss of enhancement; the rest is `lessons.lesson`."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from liverlab import evidence
from liverlab.imaging.phases import is_portal
from liverlab.lessons import panels
from liverlab.lessons.choi_plane import REGIONS, SIZE_LINES
from liverlab.lessons.lesson import Lesson
from liverlab.lessons.pseudoprogression import patient as patients
from liverlab.lessons.pseudoprogression.patient import CALLED_EQUIVOCAL, CALLED_NEW, Patient
from liverlab.lessons.pseudoprogression.published import published_figures
from liverlab.reading import recist
from liverlab.ui import figures, theme
from liverlab.ui.describe import change, counted, listing, quantity, sentences
from liverlab.ui.verdicts import Verdicts

CRITERIA = ("RECIST 1.1", "Choi")


class Pseudoprogression(Lesson):
    """The page of notebook 02."""

    id = "02_pseudoprogression"

    @property
    def checkers(self) -> dict[str, Any]:
        """Name in the lesson file -> function of the patient."""
        return {
            "smallest_visible_perfusion_loss": self._smallest_loss,
            "nothing_hidden_at_baseline": nothing_hidden_at_baseline,
            "smallest_swelling_pd": self._smallest_swelling,
            "less_conspicuous_response": less_conspicuous_response,
        }

    def simulate(self, scenario: evidence.Scenario) -> Patient:
        """Disease, scanner and reader for every visit."""
        return patients.simulate(scenario, self.ev)

    def side(self) -> tuple[Any, ...]:
        """The verdicts, and how the reader calls the spot."""
        return (self.verdicts.widget,)

    @cached_property
    def verdicts(self) -> Verdicts:
        """Switch and table of the criteria."""
        return Verdicts(self.page, verdict_rows)

    def figures(self, patient: Patient, truth: bool) -> list[dict]:
        """Size and attenuation over time, and against each other."""
        seen = patient.follow_up
        living = (patient.course.days, patient.living_pct - 100.0) if truth else None
        return [
            figures.response_over_time(
                patient.course.days,
                seen.size_change_pct,
                seen.hu_change_pct,
                patient.visit,
                (-recist.PR_FALL_PCT, recist.PD_RISE_PCT),
                truth=living,
            ),
            figures.quadrant(seen.size_change_pct, seen.hu_change_pct, patient.visit, REGIONS, SIZE_LINES),
        ]

    def text(self, patient: Patient) -> str:
        """What the report would say, in numbers; nothing of the hidden truth."""
        seen, visit = patient.follow_up, patient.visit
        spots = [
            f"{patient.labels[i]} {quantity(seen.diameter_mm[i, visit], 'mm')} at {quantity(seen.hu[i, visit], 'HU')}"
            for i in seen.new_spots(visit)
        ]
        count = int(seen.visible[:, visit].sum())
        sums = (
            [
                f"sum of target diameters {change(seen.sum_mm[0], seen.sum_mm[visit], 'mm')}",
                f"mean attenuation {change(seen.mean_hu[0], seen.mean_hu[visit], 'HU')}",
            ]
            if seen.targets
            else ["nothing measurable at baseline"]
        )
        return sentences(
            [
                f"day {quantity(patient.day)}: {counted(count, 'lesion')} visible, liver "
                f"{quantity(patient.phase.liver_hu[visit], 'HU')}",
                *sums,
                f"not seen before treatment: {listing(spots)}" if spots else "no new spot",
                "" if is_portal(patient.protocol.delay_s) else "Choi was made for the portal phase; this is another",
                *(
                    f"{name} {patient.verdict(name, CALLED_NEW)} if called new, "
                    f"{patient.verdict(name, CALLED_EQUIVOCAL)} if called equivocal"
                    for name in CRITERIA
                    if visit > 0
                ),
            ]
        )

    def outcome(self, patient: Patient) -> str:
        """The truth beside the prediction."""
        living = quantity(patient.living_pct[patient.visit], "%")
        spots = [i for i in patient.follow_up.new_spots(patient.visit) if patient.course.roles[i] == "occult"]
        hidden = [patient.labels[i] for i in spots]
        return sentences(
            [
                f"on day {quantity(patient.day)}, {living} of the living tumour of the first scan is left",
                f"the dark {'spot' if len(hidden) == 1 else 'spots'} {listing(hidden)} "
                f"{'was' if len(hidden) == 1 else 'were'} there before treatment and enhanced like liver"
                if hidden
                else "no hidden lesion has come into view",
            ]
        )

    def published(self, patient: Patient) -> list[dict]:
        """Choi 2007, the sunitinib and the Dresden series, and the density course on imatinib."""
        return published_figures(self.ev, patient)

    def tabs(self) -> dict[str, Any]:
        """Tests, the mimic, the decision, the liver in 3-D, and the question about immune therapy."""
        immune = self.data["explain"]["immune"]
        lines = "".join(f"<li>{self.words.mark(line)}</li>" for line in immune["lines"])
        return {
            "Is it really new?": panels.tests_tab(self),
            "Which of the two is worse?": panels.mimic_tab(self, wanted=1),
            "What do you do now?": panels.decision_tab(self),
            "What does it look like in 3-D?": panels.space_tab(self),
            immune["title"]: theme.section(theme.html(f"<ul>{lines}</ul>")),
        }

    # --- checkers that compare with a neighbouring scenario ---

    def _smallest_loss(self, patient: Patient) -> tuple[bool, str]:
        return self._smallest(
            patient,
            "perfusion_loss_pct",
            _unmasked,
            yes="A hidden lesion is visible",
            no="No hidden lesion is visible at this visit",
        )

    def _smallest_swelling(self, patient: Patient) -> tuple[bool, str]:
        if patient.scenario.new_lesion_call == CALLED_NEW:
            return False, "The spot is still called new."
        return self._smallest(
            patient,
            "swelling_pct",
            _progression_by_size_while_living_falls,
            yes="RECIST says PD by size although living tumour falls",
            no="RECIST does not say PD by size while living tumour falls",
        )

    def _smallest(self, patient: Patient, key: str, holds: Any, yes: str, no: str) -> tuple[bool, str]:
        """Whether something holds here and no longer one slider step below."""
        value, parameter = patient.values[key], self.ev.parameters[key]
        if not holds(patient):
            return False, f"{no}, at {quantity(value, parameter.unit)}."
        if value - parameter.step < parameter.low:
            return False, f"{yes}, but the slider is at its end."
        below = self.simulate(patient.scenario.with_changes(**{key: value - parameter.step}))
        if holds(below):
            return False, f"{yes} at {quantity(value, parameter.unit)}, but less is enough."
        return True, f"{yes} at {quantity(value, parameter.unit)}, and one step below it is not so."


def verdict_rows(patient: Patient) -> list[dict[str, str]]:
    """Rows of both readings of a new spot for the verdict table."""
    shown = dict.fromkeys((*patients.READINGS_SHOWN, patient.scenario.new_lesion_call))
    return [row for call in shown for row in patient.verdicts(call)]


def _unmasked(patient: Patient) -> bool:
    return any(patient.course.roles[i] == "occult" for i in patient.follow_up.new_spots(patient.visit))


def _progression_by_size_while_living_falls(patient: Patient) -> bool:
    visit = patient.visit
    return visit > 0 and patient.verdict("RECIST 1.1", "none") == "PD" and patient.living_pct[visit] < 100.0


def nothing_hidden_at_baseline(patient: Patient) -> tuple[bool, str]:
    """Every lesion that was there before treatment is seen there, with the disease left as the case has it."""
    ev = evidence.load()
    case_values = ev.values(evidence.Scenario(patient.scenario.case))
    changed = [key for key, value in patient.values.items() if value != case_values[key] and key not in _SCAN_KEYS]
    if changed:
        labels = listing([ev.parameters[key].label.lower() for key in changed])
        return False, f"Leave the disease as it is: {labels} changed."
    there = np.array([role == "occult" for role in patient.course.roles]) & (patient.course.diameter_mm[:, 0] > 0)
    hidden = int((there & ~patient.phase.readings.visible[:, 0]).sum())
    if not there.any():
        return False, "This patient has no hidden lesion. Choose a preset that has."
    return hidden == 0, sentences([f"{counted(hidden, 'lesion')} hidden before treatment"])


def less_conspicuous_response(patient: Patient) -> tuple[bool, str]:
    """The largest lesion differs at least 5 HU less from liver than before treatment, while living tumour falls."""
    largest = int(np.argmax(patient.course.diameter_mm[:, 0]))
    contrast = np.abs(patient.phase.rim_hu[largest] - patient.phase.liver_hu)
    before, now = float(contrast[0]), float(contrast[patient.visit])
    living = float(patient.living_pct[patient.visit])
    sentence = (
        f"Lesion {patient.labels[largest]} differs from liver by {quantity(now, 'HU')}, before treatment by "
        f"{quantity(before, 'HU')}; {quantity(living, '%')} of the living tumour is left."
    )
    return patient.visit > 0 and before - now >= FADED_HU and living < 100.0, sentence


FADED_HU = 5.0  # as the quiz item words it
_SCAN_KEYS = frozenset(
    {
        "delay_s",
        "kvp",
        "iodine_g_per_kg",
        "injection_rate_ml_s",
        "iodine_concentration_mg_ml",
        "dose_pct",
        "slice_mm",
        "noise_hu",
        "visit",
    }
)


def key_numbers(patient: Patient) -> dict[str, float | str]:
    """What a teaching guide may promise of a scenario: name -> number or word."""
    seen, visit = patient.follow_up, patient.visit
    called = {"new": CALLED_NEW, "equivocal": CALLED_EQUIVOCAL}
    return {
        "day": patient.day,
        "liver": float(patient.phase.liver_hu[visit]),
        "seen before": int(seen.visible[:, 0].sum()),
        "seen": int(seen.visible[:, visit].sum()),
        "new spots": len(seen.new_spots(visit)),
        "size": float(seen.size_change_pct[visit]),
        "attenuation": float(seen.hu_change_pct[visit]),
        "living tumour": float(patient.living_pct[visit]),
        **{f"{name} {how}": patient.verdict(name, call) for name in CRITERIA for how, call in called.items()},
    }


def open_lesson() -> Pseudoprogression:
    """The page of notebook 02."""
    return Pseudoprogression()


def self_check() -> None:
    """Print key numbers and verdicts of a fixed scenario; the notebook's stored output holds the models to them."""
    for case in ("gist_imatinib", "true_progression", "chemo_liver"):
        patient = patients.simulate(evidence.Scenario(case))
        seen, visit = patient.follow_up, patient.visit
        calls = ", ".join(
            f"{name} {patient.verdict(name, CALLED_NEW)}/{patient.verdict(name, CALLED_EQUIVOCAL)}" for name in CRITERIA
        )
        print(
            f"{case}: day {patient.day:.0f}, liver {quantity(patient.phase.liver_hu[visit], 'HU')}, "
            f"size {quantity(seen.size_change_pct[visit], '%', signed=True)}, "
            f"attenuation {quantity(seen.hu_change_pct[visit], '%', signed=True)}, "
            f"living tumour {quantity(patient.living_pct[visit], '%')}, new spots {len(seen.new_spots(visit))}; {calls}"
        )
