"""Lesson 01, the overview: one liver, twelve primaries, every modality. The rest is `lessons.lesson`."""

from __future__ import annotations

from functools import cached_property
from html import escape
from typing import Any

import numpy as np

from liverlab import evidence
from liverlab.imaging.phases import phase_name
from liverlab.lessons import panels
from liverlab.lessons.ct_view import CURRENT, PRIOR, Scans
from liverlab.lessons.lesson import Lesson
from liverlab.lessons.liver_metastases import curves, gallery, published
from liverlab.lessons.liver_metastases import patient as patients
from liverlab.lessons.liver_metastases.decide import Decide
from liverlab.lessons.liver_metastases.elsewhere import Matrix
from liverlab.lessons.liver_metastases.followup import follow_up_tab
from liverlab.lessons.liver_metastases.patient import Patient
from liverlab.ui import theme
from liverlab.ui.describe import counted, quantity, sentences
from liverlab.ui.facts import Facts
from liverlab.ui.figure_view import figures_that_follow
from liverlab.ui.triage import Triage

HOOK_CASES = ("from_neuroendocrine", "from_colorectal")
SMALL_MM, LIMIT_MM, HALF_DOSE_PCT = 12.0, 10.0, 50.0  # as the questions word them
HYPERVASCULAR = ("neuroendocrine", "renal", "melanoma", "thyroid")


class LiverMetastases(Lesson):
    """The page of notebook 01."""

    id = "01_liver_metastases"
    slice_z_mm = -27.0

    @property
    def checkers(self) -> dict[str, Any]:
        """Name in the lesson file -> function of the patient."""
        return {
            "bright_here_lost_there": self._bright_here_lost_there,
            "lowest_dose": self._lowest_dose,
            "same_number_other_answer": self._same_number,
            "half_dose_hypervascular": half_dose_hypervascular,
        }

    def simulate(self, scenario: evidence.Scenario) -> Patient:
        """Disease and scanner for every visit."""
        return patients.simulate(scenario, self.ev)

    def scans(self, patient: Patient) -> Scans:
        """The patient at 70 s and full dose, and as you scan."""
        return {PRIOR: (patient.reference, patient.visit), CURRENT: (patient, patient.visit)}

    def hook_scans(self, patient: Patient) -> Scans:
        """Two patients at the same delay."""
        pair = (patients.simulate(evidence.Scenario(case), self.ev, "70 s") for case in HOOK_CASES)
        return {one.case.title: (one, 0) for one in pair}

    def side(self) -> tuple[Any, ...]:
        """What this scan shows, in numbers."""
        return (self.facts.widget,)

    @cached_property
    def facts(self) -> Facts:
        """Lesions seen, brightness and noise."""
        return Facts(self.page, fact_rows, "Your scan shows")

    def figures(self, patient: Patient, truth: bool) -> list[dict]:
        """Enhancement over time, and contrast against size."""
        return [curves.enhancement(patient), curves.seen(patient, truth)]

    def text(self, patient: Patient) -> str:
        """What the report would say, in numbers; nothing of the hidden truth."""
        now, seen = patient.now, np.flatnonzero(patient.now.visible)
        about = "nothing that a report could name"
        if seen.size:
            largest = seen[int(np.argmax(now.diameter_mm[seen]))]
            contrast = quantity(now.contrast_hu[largest], "HU", signed=True)
            size = quantity(now.diameter_mm[largest], "mm")
            about = f"the largest, {patient.lesions[largest].label}, measures {size}, {contrast} to liver"
        return sentences(
            [
                f"day {quantity(patient.day)}, {phase_name(patient.protocol.delay_s)}, "
                f"{quantity(patient.protocol.delay_s, 's')}: {counted(len(seen), 'lesion')} seen",
                about,
                f"liver {quantity(patient.liver_hu, 'HU')}, noise {quantity(patient.noise_hu, 'HU')}",
            ]
        )

    def outcome(self, patient: Patient) -> str:
        """The truth beside the prediction."""
        first, other = (patients.simulate(evidence.Scenario(case), self.ev) for case in HOOK_CASES)
        sizes = quantity(first.diameter_mm[:, 0].max(), "mm")
        return sentences(
            [
                f"the {first.case.title.lower()} on the left has {counted(len(first.lesions), 'lesion')} of up to "
                f"{sizes}; at 70 s {counted(int(first.now.visible.sum()), 'lesion')} can be seen",
                f"the {other.case.title.lower()} on the right has {counted(len(other.lesions), 'lesion')}, and "
                f"{counted(int(other.now.visible.sum()), 'lesion')} can be seen",
            ]
        )

    def published(self, patient: Patient) -> list[dict]:
        """How much contrast readers need, and what PET keeps of it."""
        return [published.reader_limits(patient), published.recovery(patient)]

    def tabs(self) -> dict[str, Any]:
        """Elsewhere, seen, decide, origins, triage, follow-up, gallery, 3-D."""
        matrix, decide = Matrix(self), Decide(self)
        return {
            "How does it look elsewhere?": self.follow_in_tab(matrix.widget, matrix.follow),
            "What can be seen at all?": self.when_seen(self._what_can_be_seen),
            "Where are they, and what does that decide?": self.follow_in_tab(decide.widget, decide.follow),
            "Where do they come from?": self.when_seen(self._origins),
            "Which patient first?": self.when_seen(lambda: Triage(self.page, self.data["triage"]).widget),
            "And later?": follow_up_tab(self),
            "Is it a metastasis at all?": self.when_seen(self._gallery),
            "Where is it in 3-D?": panels.space_tab(self),
        }

    def explain(self) -> Any:
        """Prediction against outcome, published points, and what a metastasis is."""
        return theme.section(super().explain(), self.gate.guard(self._lines("primary")))

    # --- pieces ---

    def _what_can_be_seen(self) -> Any:
        shown = figures_that_follow(
            self.page,
            lambda patient: [
                curves.seen(patient, truth=False),
                published.detection(patient, "lesion"),
                published.detection(patient, "patient"),
            ],
        )
        return theme.section(shown, self._lines("ultrasound"))

    def _origins(self) -> Any:
        ranks = figures_that_follow(self.page, lambda patient: [published.origins(patient)])
        return theme.section(ranks, self._at_diagnosis())

    def _gallery(self) -> Any:
        turned = figures_that_follow(self.page, lambda patient: [published.small_lesions(patient)])
        return theme.box(panels.gallery_tab(self, lambda item: gallery.patient_of(item, self.ev), gallery.step), turned)

    def _lines(self, panel: str) -> Any:
        """A panel of the lesson file as a list."""
        data = self.data["explain"][panel]
        lines = "".join(f"<li>{self.words.mark(line)}</li>" for line in data["lines"])
        return theme.html(f"<h3>{escape(data['title'])}</h3><ul>{lines}</ul>")

    def _at_diagnosis(self) -> Any:
        """How often a cancer has reached the liver when it is found, and how long patients then live."""
        rows = ""
        for row in self.ev.series("liver_at_diagnosis"):
            share = "–" if row["liver_pct"] == "" else f"{float(row['liver_pct']):.0f} %"
            months = (
                "–" if row["median_survival_months"] == "" else f"{float(row['median_survival_months']):.0f} months"
            )
            rows += f'<tr><th scope="row">{escape(str(row["primary"]))}</th><td>{share}</td><td>{months}</td></tr>'
        return theme.html(
            '<div class="lp-scroll" tabindex="0" role="region" aria-label="Liver metastases at diagnosis">'
            '<table class="lp-table"><caption>When the cancer is found (registry of 1.6 million, 2020)</caption>'
            '<thead><tr><th scope="col">Primary</th><th scope="col">has liver metastases</th>'
            f'<th scope="col">median survival with them</th></tr></thead><tbody>{rows}</tbody></table></div>'
            "<p>A dash: not in the abstract. A registry counts every patient. Biopsies are taken where surgery is an "
            "option or the primary is unknown, so colorectal cancer leads there. Neither is wrong: they answer "
            "different questions.</p>"
        )

    # --- checkers that compare with another scenario ---

    def _bright_here_lost_there(self, patient: Patient) -> tuple[bool, str]:
        size = patient.values["lesion_diameter_mm"]
        pair = {}
        for look in ("neuroendocrine", "colorectal"):
            changes = {"lesion_diameter_mm": size, "delay_s": patient.values["delay_s"], "lesion_count": 1}
            one = self.simulate(evidence.Scenario(f"from_{look}").with_changes(**changes))
            pair[look] = one.contrast_hu[one.largest], bool(one.now.visible[one.largest])
        words = "; ".join(
            f"{look} {quantity(hu, 'HU', signed=True)} to liver, {'seen' if seen else 'missed'}"
            for look, (hu, seen) in pair.items()
        )
        where = f"At {quantity(patient.values['delay_s'], 's')} and {quantity(size, 'mm')}: {words}."
        if size > SMALL_MM:
            return False, f"{where} Make the largest lesion {quantity(SMALL_MM, 'mm')} or smaller."
        return pair["neuroendocrine"][1] and not pair["colorectal"][1], where

    def _lowest_dose(self, patient: Patient) -> tuple[bool, str]:
        dose, parameter = patient.values["dose_pct"], self.ev.parameters["dose_pct"]
        shown, number = _all_seen(patient)
        at = f"At {quantity(dose, '%')} dose and {quantity(patient.values['delay_s'], 's')}"
        if not number:
            return False, "This patient has no lesion of 10 mm or more: choose larger ones."
        if not shown:
            return False, f"{at} a lesion of 10 mm or more is lost."
        if dose - parameter.step < parameter.low:
            return False, f"{at} all are seen, but the slider is at its end: choose smaller lesions or another primary."
        less = self.simulate(patient.scenario.with_changes(dose_pct=dose - parameter.step))
        if _all_seen(less)[0]:
            return False, f"{at} all are seen, but less is enough."
        return True, f"{at} all {counted(number, 'lesion')} of 10 mm or more are seen, and one step below one is lost."

    def _same_number(self, patient: Patient) -> tuple[bool, str]:
        values, parameter = patient.values, self.ev.parameters["left_share_pct"]
        base = self.ev.values(evidence.Scenario(patient.scenario.case))
        if values["lesion_count"] != base["lesion_count"]:
            return False, "The number of lesions has changed: set it back."
        if values["lesion_count"] < 2:
            return False, "One lesion cannot be spread: take a patient with more."
        moved = values["left_share_pct"]
        if moved == base["left_share_pct"]:
            return False, "The lesions lie where the case has them: move them."
        if patient.best_resection is not None:
            one = patient.best_resection
            return False, f"Resectable: {one.name} leaves {quantity(one.left_pct, '%')}."
        for share in (moved - parameter.step, moved + parameter.step):
            if parameter.low <= share <= parameter.high:
                near = self.simulate(patient.scenario.with_changes(left_share_pct=share))
                if near.best_resection is not None:
                    one = near.best_resection
                    return True, (
                        f"{counted(len(patient.known.ids), 'lesion').capitalize()} here and there: with "
                        f"{quantity(share, '%')} in the left lobe {one.name} leaves {quantity(one.left_pct, '%')}, "
                        f"with {quantity(moved, '%')} no standard resection is left."
                    )
        return False, "Not resectable, and one step to either side neither."


def fact_rows(patient: Patient) -> list[tuple[str, str]]:
    """What the scan shows, in five lines; nothing of the hidden truth."""
    seen = patient.now.visible
    sizes = patient.now.diameter_mm[seen]
    largest = patient.lesions[patient.largest].label
    return [
        ("Seen", counted(int(seen.sum()), "lesion")),
        ("Smallest seen", quantity(sizes.min(), "mm") if sizes.size else "none"),
        ("Liver", quantity(patient.liver_hu, "HU")),
        (f"Largest ({largest}) to liver", quantity(patient.contrast_hu[patient.largest], "HU", signed=True)),
        ("Noise", quantity(patient.noise_hu, "HU")),
    ]


def half_dose_hypervascular(patient: Patient) -> tuple[bool, str]:
    """Every lesion of 10 mm or more of a hypervascular primary is seen at half the dose or less."""
    dose, (shown, number) = patient.values["dose_pct"], _all_seen(patient)
    if patient.case.look not in HYPERVASCULAR:
        return False, f"{patient.case.title} is not hypervascular: choose another primary."
    words = f"{counted(number, 'lesion')} of 10 mm or more, {'all seen' if shown else 'not all seen'}"
    sentence = f"{words.capitalize()}, at {quantity(dose, '%')} dose and {quantity(patient.values['delay_s'], 's')}."
    return bool(number) and shown and dose <= HALF_DOSE_PCT, sentence


def _all_seen(patient: Patient) -> tuple[bool, int]:
    """Whether every known lesion of 10 mm or more is seen, and how many there are."""
    old = np.array([lesion.role != "new" for lesion in patient.lesions])
    wanted = old & (patient.diameter_mm[:, patient.visit] >= LIMIT_MM)
    return bool(patient.now.visible[wanted].all()), int(wanted.sum())


def open_lesson() -> LiverMetastases:
    """The page of notebook 01."""
    return LiverMetastases()
