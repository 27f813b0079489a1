"""One virtual patient on the page: a scenario goes in, everything the page shows comes out. No formula stands here."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from liverlab import evidence
from liverlab.disease import course as disease_course
from liverlab.imaging import contrast, ct
from liverlab.imaging.protocol import Protocol
from liverlab.imaging.scene import Scene
from liverlab.lessons.scanned import ScannedPatient
from liverlab.reading import decisions, next_tests, report, scan

CALLED_NEW, CALLED_EQUIVOCAL = "unequivocal", "equivocal"
FOLLOWED_D = 252.0  # how long the page looks on after a decision: three more scans, twelve weeks apart
READINGS_SHOWN = (CALLED_NEW, CALLED_EQUIVOCAL)


@dataclass(frozen=True, eq=False)
class Patient(ScannedPatient):
    """State of one page: what happened in the body, what was scanned, what was read. Arrays are (lesion, visit)."""

    ev: evidence.Evidence
    scenario: evidence.Scenario
    values: dict[str, float]
    case: Any
    visit: int
    course: disease_course.Course
    protocol: Protocol
    phase: scan.Phase

    @property
    def days(self) -> np.ndarray:
        """(visit,) days of the scans."""
        return self.course.days

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the lesions as the report uses them."""
        return tuple(lesion.label for lesion in self.case.lesions)

    @cached_property
    def lesion_labels(self) -> Mapping[str, str]:
        """Lesion id -> name in the report."""
        return {lesion.id: lesion.label for lesion in self.case.lesions}

    def content(self, visit: int) -> Hashable:
        """Everything the picture of ``visit`` depends on."""
        return (
            self.protocol,
            self.scenario.seed,
            self.scenario.case,
            self.course.diameter_mm[:, visit].tobytes(),
            self.phase.rim_hu[:, visit].tobytes(),
            self.phase.core_hu[:, visit].tobytes(),
            float(self.phase.liver_hu[visit]),
        )

    @cached_property
    def follow_up(self) -> report.FollowUp:
        """Which lesions the reader follows, which are new to the reader, and their sums at every visit."""
        return report.follow_up(self.phase.readings, self.course.days, self.labels)

    def verdicts(self, call: str) -> list[dict[str, str]]:
        """Verdict rows at the current visit for a reader who calls new spots ``call``; worked out once."""
        if call not in self._verdicts:
            self._verdicts[call] = self.follow_up.verdicts(self.visit, call)
        return self._verdicts[call]

    def verdict(self, criterion: str, call: str) -> str:
        """One verdict at the current visit: CR, PR, SD, PD or NE."""
        return next(row["call"] for row in self.verdicts(call) if row["criterion"] == criterion)

    @cached_property
    def _verdicts(self) -> dict[str, list[dict[str, str]]]:
        return {}

    def order(self, test: str) -> next_tests.Finding:
        """What a test ordered at the current visit (a follow-up) returns."""
        return next_tests.order(test, self.values, self.case.lesions, self.course, self.visit, self.scenario.actions)

    @cached_property
    def consequences(self) -> dict[str, decisions.Branch]:
        """Every decision taken at the current visit (a follow-up), carried through."""
        return decisions.consequences(
            self.values, self.case.lesions, self.day, FOLLOWED_D, self.scenario.actions, self.scenario.seed
        )

    @cached_property
    def living_pct(self) -> np.ndarray:
        """(visit,) living tumour in per cent of its volume at baseline."""
        volume = self.course.viable_volume_ml
        return 100.0 * volume / volume[0]

    def lesion_state(self, visit: int) -> ct.LesionState:
        """What the scanner meets in the liver at ``visit``."""
        present = [i for i in range(len(self.case.lesions)) if self.course.diameter_mm[i, visit] > 0]
        lesions = [self.case.lesions[i] for i in present]
        axes = np.array([lesion.axes for lesion in lesions], dtype=float).reshape(-1, 3)
        return ct.LesionState(
            ids=tuple(lesion.id for lesion in lesions),
            centre_mm=np.array([lesion.centre_mm for lesion in lesions], dtype=float).reshape(-1, 3),
            semi_axes_mm=axes * self.course.diameter_mm[present, visit][:, None] / 2,
            rim_hu=self.phase.rim_hu[present, visit],
            inner_hu=self.phase.core_hu[present, visit],
            inner_fraction=np.array([lesion.core_fraction for lesion in lesions], dtype=float),
        )

    def make_scene(self, visit: int) -> Scene:
        """The scan at ``visit``."""
        tissues = contrast.tissue_hu(
            self.protocol,
            self.ev.tissues["ct"],
            self.values,
            float(self.course.liver_enhancement_change_hu[visit]),
        )
        return Scene(tissues, self.lesion_state(visit), self.protocol, self.scenario.seed)


def simulate(scenario: evidence.Scenario, ev: evidence.Evidence | None = None) -> Patient:
    """Disease, scanner and reader for every visit of ``scenario``."""
    ev = ev or evidence.load()
    values = ev.values(scenario)
    case = ev.cases[scenario.case]
    days = np.asarray(case.visits_day, dtype=float)
    course = disease_course.simulate(values, case.lesions, days, scenario.actions)
    protocol = Protocol.from_values(values)
    return Patient(
        ev=ev,
        scenario=scenario,
        values=values,
        case=case,
        visit=min(round(values["visit"]), days.size - 1),
        course=course,
        protocol=protocol,
        phase=scan.read(values, case.lesions, course, protocol),
    )
