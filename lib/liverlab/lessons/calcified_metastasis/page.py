"""Lesson 04: bright is not one thing. What is particular to calcium; the rest is `lessons.lesson`."""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from liverlab import evidence
from liverlab.imaging.calcium import CALCIUM_HU
from liverlab.imaging.phases import is_portal, phase_name
from liverlab.imaging.window import limits_hu
from liverlab.lessons import panels
from liverlab.lessons.calcified_metastasis import curves, gallery
from liverlab.lessons.calcified_metastasis import patient as patients
from liverlab.lessons.calcified_metastasis.energies import energies_tab
from liverlab.lessons.calcified_metastasis.patient import RULE_KVP, Patient
from liverlab.lessons.calcified_metastasis.published import published_figures
from liverlab.lessons.calcified_metastasis.small import small_tab
from liverlab.lessons.calcified_metastasis.tabs import WINDOWS, choi_tab, treatment_tab, window_tab
from liverlab.lessons.ct_view import CURRENT, PRIOR, CtView, Scans
from liverlab.lessons.lesson import Lesson
from liverlab.reading import choi
from liverlab.ui import theme
from liverlab.ui.describe import change, quantity, sentences
from liverlab.ui.threshold_table import reaches, threshold_table

UNENHANCED = "Plain"
WHITE_HU = limits_hu(WINDOWS[0]["window_hu"], WINDOWS[0]["level_hu"])[1]
CRITERIA = ("RECIST 1.1", "Choi")


class CalcifiedMetastasis(Lesson):
    """The page of notebook 04."""

    id = "04_calcified_metastasis"
    # Two things to compare today's scan with turn in one frame: before the contrast medium, and the first scan.
    viewer_config = MappingProxyType(
        {
            "panes": ["compare", CURRENT],
            "stacks": {"compare": [UNENHANCED, PRIOR]},
            "presets": list(WINDOWS),
            "marks_button": True,
        }
    )

    @property
    def checkers(self) -> dict[str, Any]:
        """Name in the lesson file -> function of the patient."""
        return {
            "white_without_calcium": white_without_calcium,
            "thickest_slice": self._thickest_slice,
            "response_without_darkening": response_without_darkening,
            "choi_response_while_growing": choi_response_while_growing,
        }

    def simulate(self, scenario: evidence.Scenario) -> Patient:
        """Disease, scanner and reader for every visit."""
        return patients.simulate(scenario, self.ev)

    def scans(self, patient: Patient) -> Scans:
        """Before the contrast medium and the first scan on the left, the scan of the sliders on the right."""
        return {
            UNENHANCED: (patient.unenhanced, patient.visit),
            PRIOR: (patient, 0),
            CURRENT: (patient, patient.visit),
        }

    def viewer_of(self, scans: Scans, title: str) -> CtView:
        """With the letters of the lesions at hand (key K), since the question names them."""
        config = {"truth_button": False, "marks_button": True, "presets": list(WINDOWS)}
        return CtView(lambda: scans, z_mm=self.slice_z_mm, title=title, **config)

    def hook_scans(self, patient: Patient) -> Scans:
        """The one scan she came with."""
        return {CURRENT: (patient, patient.visit)}

    def side(self) -> tuple[Any, ...]:
        """What the 130 HU rule says of three spots."""
        return (self.rule,)

    @cached_property
    def rule(self) -> Any:
        """The table of the rule, following the page."""
        table = theme.html("", "lp-verdict-table")

        def follow(_: Any) -> None:
            table.value = rule_table(self.page.state)

        self.page.subscribe(follow)
        follow(None)
        return table

    def figures(self, patient: Patient, truth: bool) -> list[dict]:
        """Brightness and conspicuity against the delay."""
        return curves.live(patient, truth)

    def text(self, patient: Patient) -> str:
        """What the report would say, in numbers; not what the spots are made of."""
        visit, protocol = patient.visit, patient.protocol
        spot, plain = spots(patient)[0], patient.unenhanced
        stands_out = patient.spot_hu() - patient.liver_hu(visit)
        without = ", ".join(f"{name} {quantity(hu, 'HU')}" for name, hu in readings(plain))
        parts = [
            f"day {quantity(patient.day)}, {phase_name(protocol.delay_s)}, {quantity(protocol.kvp, 'kV')}: liver "
            f"{quantity(patient.liver_hu(visit), 'HU')}, "
            + ", ".join(f"{name} {quantity(hu, 'HU')}" for name, hu in readings(patient)),
            f"without contrast medium: {without}",
            f"the {spot} differs from liver by {quantity(stands_out, 'HU', signed=True)} and needs "
            f"{quantity(patient.seen_from_hu(patient.spot_mm), 'HU')} to be seen",
        ]
        seen = patient.follow_up
        if visit and seen.targets:
            parts += [
                f"sum of target diameters {change(seen.sum_mm[0], seen.sum_mm[visit], 'mm')}, mean attenuation "
                f"{change(seen.mean_hu[0], seen.mean_hu[visit], 'HU')}",
                *(f"{name} {patient.verdict(name)}" for name in CRITERIA),
            ]
        return sentences(parts)

    def outcome(self, patient: Patient) -> str:
        """The truth beside the prediction."""
        spot, nodule, _ = spots(patient)
        at, enhancing = patient.spot_lesion, patient.enhancing_lesion
        held = float(patient.calcium_mg_ml[at, patient.visit])
        gained = patient.lesion_tissue_hu(enhancing) - patient.unenhanced.lesion_tissue_hu(enhancing)
        return sentences(
            [
                f"the {spot} is calcium: {quantity(held, 'mg/mL')} on average over the lesion"
                if held >= 0.5
                else f"lesion {patient.labels[at]} holds no calcium",
                f"the {nodule} holds none; contrast medium adds {quantity(gained, 'HU', signed=True)}",
                f"without contrast medium the spot reads {quantity(patient.unenhanced.spot_hu(), 'HU')} and the nodule "
                f"{quantity(patient.unenhanced.lesion_tissue_hu(enhancing), 'HU')}",
            ]
        )

    def published(self, patient: Patient) -> list[dict]:
        """Frequencies, outcome, and the calcification that contrast medium hides."""
        return published_figures(self.ev, patient)

    def tabs(self) -> dict[str, Any]:
        """Two energies, small grains, windows, Choi, treatment, and the gallery."""
        titles = {name: panel["title"] for name, panel in self.data["explain"].items()}
        return {
            titles["energies"]: energies_tab(self),
            titles["small"]: small_tab(self),
            titles["window"]: window_tab(self),
            titles["choi"]: choi_tab(self),
            titles["treatment"]: treatment_tab(self),
            "What else is bright?": self.when_seen(
                lambda: panels.gallery_tab(self, lambda item: gallery.patient_of(item, self.ev), gallery.step)
            ),
        }

    def _thickest_slice(self, patient: Patient) -> tuple[bool, str]:
        """The speck reaches 130 HU in this slice and not in the next thicker one, unenhanced at 120 kV."""
        if patient.protocol.delay_s or patient.protocol.kvp != RULE_KVP:
            return False, "The rule wants an unenhanced scan (delay 0) at 120 kV."
        case_values = self.ev.values(evidence.Scenario(patient.scenario.case))
        if any(patient.values[key] != case_values[key] for key in ("grain_mm", "grain_calcium_mg_ml")):
            return False, "Leave the grain as it is: change the slice."
        slice_mm, parameter = patient.protocol.slice_mm, self.ev.parameters["slice_mm"]
        here = f"In a slice of {quantity(slice_mm, 'mm', 1)} the speck reads {quantity(patient.speck_reads_hu, 'HU')}"
        if not reaches(patient.speck_reads_hu, CALCIUM_HU):
            return False, f"{here}: less than {quantity(CALCIUM_HU, 'HU')}."
        if slice_mm + parameter.step > parameter.high:
            return False, f"{here}, but the slider is at its end."
        thicker = patient.scanned(slice_mm=slice_mm + parameter.step).speck_reads_hu
        if reaches(thicker, CALCIUM_HU):
            return False, f"{here}, but a thicker slice still reaches {quantity(CALCIUM_HU, 'HU')}."
        return True, f"{here}, in the next thicker one {quantity(thicker, 'HU')}."


def spots(patient: Patient) -> tuple[str, str, str]:
    """Names of what the page follows: a spot in a lesion, a nodule, a speck."""
    return (*curves.names(patient), f"speck {patient.specks[0].label}")


def readings(patient: Patient) -> list[tuple[str, float]]:
    """Name and HU of spot, nodule and speck on this scan."""
    values = (patient.spot_hu(), patient.lesion_tissue_hu(patient.enhancing_lesion), patient.speck_reads_hu)
    return list(zip(spots(patient), values, strict=True))


def rule_table(patient: Patient) -> str:
    """HTML: what this scan, and the scan the rule was made for, read of spot, nodule and speck."""
    here, rule = readings(patient), readings(patient.by_the_rule)
    rows = [(name[0].upper() + name[1:], (now, then)) for (name, now), (_, then) in zip(here, rule, strict=True)]
    heads = ("this scan", f"unenhanced, {RULE_KVP:.0f} kV")
    limit = quantity(CALCIUM_HU, "HU")
    title = f"Is it calcium by the {limit} rule?"
    return threshold_table(title, heads, rows, CALCIUM_HU, "HU", f"≥ {CALCIUM_HU:.0f}")


def white_without_calcium(patient: Patient) -> tuple[bool, str]:
    """A lesion is white in the liver window in the portal phase, and no metastasis holds calcium."""
    if not is_portal(patient.protocol.delay_s):
        return False, f"This is not the portal phase: {quantity(patient.protocol.delay_s, 's')}."
    held = float(patient.calcium_mg_ml[:, patient.visit].max())
    if held > 0:
        return False, f"There is calcium: up to {quantity(held, 'mg/mL', 1)}."
    present = patient.course.diameter_mm[:, patient.visit] > 0
    brightest = float(np.max(np.where(present, patient.tissue_hu[0][:, patient.visit], -np.inf)))
    white = reaches(brightest, WHITE_HU)
    return white, (
        f"The brightest lesion has {quantity(brightest, 'HU')}; white in the liver window is "
        f"{quantity(WHITE_HU, 'HU')} or more."
    )


def response_without_darkening(patient: Patient) -> tuple[bool, str]:
    """PR by RECIST while the attenuation has not fallen by as much as Choi asks for."""
    if patient.visit == 0:
        return False, "Choose a visit after the first scan."
    change_pct = float(patient.follow_up.hu_change_pct[patient.visit])
    call = patient.verdict("RECIST 1.1")
    sentence = (
        f"RECIST 1.1 {call}, attenuation {quantity(change_pct, '%', signed=True)}, living tumour "
        f"{quantity(patient.living_pct[patient.visit], '%')}."
    )
    return call == "PR" and change_pct > -choi.PR_HU_FALL_PCT, sentence


def choi_response_while_growing(patient: Patient) -> tuple[bool, str]:
    """Choi says PR although there is more living tumour than at baseline."""
    if patient.visit == 0:
        return False, "Choose a visit after the first scan."
    call, living = patient.verdict("Choi"), float(patient.living_pct[patient.visit])
    return call == "PR" and living > 100.0, f"Choi {call}, living tumour {quantity(living, '%')}."


def key_numbers(patient: Patient) -> dict[str, float | str]:
    """What a step of the teaching guide may promise, by name."""
    spot, nodule, speck = (hu for _, hu in readings(patient))
    plain_spot, plain_nodule, _ = (hu for _, hu in readings(patient.unenhanced))
    seen, visit = patient.follow_up, patient.visit
    return {
        "day": patient.day,
        "liver": patient.liver_hu(visit),
        "spot": spot,
        "nodule": nodule,
        "speck": speck,
        "spot unenhanced": plain_spot,
        "nodule unenhanced": plain_nodule,
        "lesions seen": int(patient.phase.readings.visible[:, visit].sum()),
        "lesions seen unenhanced": int(patient.unenhanced.phase.readings.visible[:, visit].sum()),
        "size": float(seen.size_change_pct[visit]),
        "attenuation": float(seen.hu_change_pct[visit]),
        "living tumour": float(patient.living_pct[visit]),
        "RECIST": patient.verdict("RECIST 1.1"),
        "Choi": patient.verdict("Choi"),
    }


def open_lesson() -> CalcifiedMetastasis:
    """The page of notebook 04."""
    return CalcifiedMetastasis()


def self_check() -> None:
    """Print key numbers and verdicts of fixed scenarios; the notebook's stored output holds the models to them."""
    for case in ("calcified_breast", "calcifying_responder", "diluted_calcium", "psammoma_haze"):
        patient = patients.simulate(evidence.Scenario(case))
        seen, visit = patient.follow_up, patient.visit
        now = ", ".join(f"{name} {quantity(hu, 'HU')}" for name, hu in readings(patient))
        calls = ", ".join(f"{name} {patient.verdict(name)}" for name in CRITERIA)
        print(
            f"{case}: day {patient.day:.0f}, liver {quantity(patient.liver_hu(visit), 'HU')}, {now}, spot unenhanced "
            f"{quantity(patient.unenhanced.spot_hu(), 'HU')}, size "
            f"{quantity(seen.size_change_pct[visit], '%', signed=True)}, attenuation "
            f"{quantity(seen.hu_change_pct[visit], '%', signed=True)}, living tumour "
            f"{quantity(patient.living_pct[visit], '%')}; {calls}"
        )
