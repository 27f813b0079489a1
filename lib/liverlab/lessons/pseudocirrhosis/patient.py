"""One virtual patient on the page: a scenario goes in, everything the page shows comes out. No formula stands here."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from liverlab import evidence
from liverlab.disease import course as courses
from liverlab.disease import scarred_liver
from liverlab.disease.scarred_liver import DAYS_PER_MONTH
from liverlab.imaging import anatomy as anatomies
from liverlab.imaging import contrast, ct
from liverlab.imaging.bone_lesions import place_bone_lesions
from liverlab.imaging.liver_state import Shape
from liverlab.imaging.protocol import Protocol
from liverlab.imaging.scarred_shape import fitted, shape_at
from liverlab.imaging.scene import Scene
from liverlab.lessons.pseudocirrhosis.layout import LEAST_MM, Layout, layout
from liverlab.lessons.scanned import ScannedPatient
from liverlab.reading import contour, lobes, report, scan, scar_tests
from liverlab.reading.liver_status import LiverStatus
from liverlab.reading.liver_status import read as read_status
from liverlab.reading.next_tests import Finding

BONE_MM = 13.0
# The women of this lesson: width of the body in mm, liver in mL; illustrative, a liver within published ranges.
WOMAN = anatomies.Anatomy(310.0, 1500.0, sex="F")
FOLLOWED = 10  # metastases, the largest, that the criteria follow; a report calls the others "multiple"


@dataclass(frozen=True, eq=False)
class Patient(ScannedPatient):
    """State of one page: what happened in the body, what was scanned, what was read. Arrays are (lesion, visit)."""

    ev: evidence.Evidence
    scenario: evidence.Scenario
    values: dict[str, float]
    case: Any
    visit: int
    anatomy: Any
    layout: Layout
    liver: scarred_liver.ScarredLiver
    protocol: Protocol
    phase: scan.Phase

    @property
    def days(self) -> np.ndarray:
        """(visit,) days of the scans."""
        return np.asarray(self.case.visits_day, dtype=float)

    @property
    def months(self) -> np.ndarray:
        """(visit,) the same in months."""
        return self.days / DAYS_PER_MONTH

    @cached_property
    def at(self) -> np.ndarray:
        """(visit,) indices of the scans in the days of the liver."""
        return self.liver.at(self.days)

    @property
    def now(self) -> int:
        """Index of the current visit in the days of the liver."""
        return int(self.at[self.visit])

    def visit_name(self, visit: int) -> str:
        """How a visit is named on the picture."""
        return "Before treatment" if visit == 0 else f"Month {self.months[visit]:.0f}"

    @cached_property
    def lesion_labels(self) -> Mapping[str, str]:
        """Lesion id -> name in the report."""
        return {lesion.id: lesion.label for lesion in self.layout.lesions}

    @cached_property
    def diameter_mm(self) -> np.ndarray:
        """(lesion, visit) true diameters."""
        return self.liver.course.diameter_mm[:, self.at]

    @cached_property
    def _shapes(self) -> dict[int, Shape]:
        return {}

    def shape(self, visit: int) -> Shape:
        """The form the disease gave to liver, spleen and fluid at a visit."""
        if visit not in self._shapes:
            index = int(self.at[visit])
            self._shapes[visit] = shape_at(self.values, self.liver, index, self.layout.centre_mm)
        return self._shapes[visit]

    def content(self, visit: int) -> Hashable:
        """Everything the picture of ``visit`` depends on."""
        return (
            self.protocol,
            self.scenario.seed,
            self.shape(visit),
            self.layout.centre_mm.tobytes(),
            self.diameter_mm[:, visit].tobytes(),
            self.phase.rim_hu[:, visit].tobytes(),
            self.phase.core_hu[:, visit].tobytes(),
            self.values["bone_metastasis_count"],
        )

    def lesion_state(self, visit: int) -> ct.LesionState:
        """What the scanner meets in the liver at ``visit``."""
        present = np.flatnonzero(self.diameter_mm[:, visit] > LEAST_MM)
        lesions = [self.layout.lesions[i] for i in present]
        axes = np.array([lesion.axes for lesion in lesions], dtype=float).reshape(-1, 3)
        return ct.LesionState(
            ids=tuple(lesion.id for lesion in lesions),
            centre_mm=self.layout.centre_mm[present],
            semi_axes_mm=axes * self.diameter_mm[present, visit][:, None] / 2,
            rim_hu=self.phase.rim_hu[present, visit],
            inner_hu=self.phase.core_hu[present, visit],
            inner_fraction=np.array([lesion.core_fraction for lesion in lesions], dtype=float),
        )

    def make_scene(self, visit: int) -> Scene:
        """The scan at ``visit``."""
        change_hu = float(self.liver.course.liver_enhancement_change_hu[self.at[visit]])
        return Scene(
            contrast.tissue_hu(self.protocol, self.ev.tissues["ct"], self.values, change_hu),
            self.lesion_state(visit),
            self.protocol,
            self.scenario.seed,
            self.anatomy,
            fitted(self.anatomy, self.shape(visit)),
            _bones(self.anatomy, round(self.values["bone_metastasis_count"])),
        )

    # --- what is read ---

    @cached_property
    def follow_up(self) -> report.FollowUp:
        """The largest metastases as the reader follows them."""
        some = slice(0, FOLLOWED)
        readings = self.phase.readings
        few = replace(readings, **{name: getattr(readings, name)[some] for name in readings.__dataclass_fields__})
        return report.follow_up(few, self.days, tuple(lesion.label for lesion in self.layout.lesions[some]))

    @cached_property
    def verdicts(self) -> list[dict[str, str]]:
        """Verdict rows of the criteria at the current visit; nothing new is called."""
        return [row | {"reading": ""} for row in self.follow_up.verdicts(self.visit, "none")]

    def verdict(self, criterion: str = "RECIST 1.1") -> str:
        """One verdict at the current visit: CR, PR, SD, PD or NE."""
        return next(row["call"] for row in self.verdicts if row["criterion"] == criterion)

    @cached_property
    def status(self) -> LiverStatus:
        """Scores of the liver on all days of `liver`."""
        labs, scars = self.liver.labs, self.liver.scars
        return read_status(labs, scars.ascites_ml, self.liver.sodium_mmol_l, female=True)

    @property
    def contour(self) -> str:
        """How a reader calls the surface at the current visit."""
        return self.contour_at(self.visit)

    def contour_at(self, visit: int) -> str:
        """How a reader calls the surface at a visit."""
        return contour.contour_words(float(self.liver.surface_mm[self.at[visit]]), self.values["nodule_mm"])

    @property
    def retractions(self) -> int:
        """Places where a reader sees the capsule pulled in at the current visit."""
        return int((self.liver.scars.retraction_mm[:, self.now] >= contour.RETRACTION_MM).sum())

    # --- what costs more, on demand ---

    @cached_property
    def measured(self) -> contour.Measured:
        """Surface nodularity measured on the pictures of the current visit, with its noise floor."""
        return contour.measure(self.scene(self.visit))

    @cached_property
    def _lobes(self) -> dict[int, lobes.Lobes]:
        return {}

    def lobes(self, visit: int) -> lobes.Lobes:
        """The lobes measured at a visit."""
        if visit not in self._lobes:
            self._lobes[visit] = lobes.measure(self.anatomy, self.scene(visit).shape)
        return self._lobes[visit]

    def order(self, test: str) -> Finding:
        """What a test ordered at the current visit (a follow-up) returns."""
        return scar_tests.order(test, self.test_case)

    @cached_property
    def test_case(self) -> scar_tests.Case:
        """The patient as the tests want it."""
        visit_of = {int(index): visit for visit, index in enumerate(self.at)}
        return scar_tests.Case(
            self.values,
            self.liver,
            self.now,
            lambda index: self.lobes(visit_of[index]),
            lambda day: _liver(self.values, self.layout, [*self.days[: self.visit + 1], day], self.ev),
            self._arterial_hu,
        )

    def _arterial_hu(self, index: int) -> float | None:
        visit = int(np.flatnonzero(self.at == index)[0])
        there = self.phase.readings.visible[:, visit]
        if not there.any():
            return None
        phase = scan.late_arterial(self.values, self.layout.lesions, _at_visits(self.liver, self.at))
        return float((phase.rim_hu[there, visit] - phase.liver_hu[visit]).mean())


def simulate(scenario: evidence.Scenario, ev: evidence.Evidence | None = None) -> Patient:
    """Disease, scanner and reader for every visit of ``scenario``."""
    ev = ev or evidence.load()
    values = ev.values(scenario)
    case = ev.cases[scenario.case]
    body = WOMAN
    placed = layout(case, values, body, scenario.seed)
    liver = _liver(values, placed, case.visits_day, ev)
    protocol = Protocol.from_values(values)
    return Patient(
        ev=ev,
        scenario=scenario,
        values=values,
        case=case,
        visit=min(round(values["visit"]), len(case.visits_day) - 1),
        anatomy=body,
        layout=placed,
        liver=liver,
        protocol=protocol,
        phase=scan.read(values, placed.lesions, _at_visits(liver, liver.at(case.visits_day)), protocol),
    )


@lru_cache(maxsize=8)
def _bones(anatomy, count):
    return place_bone_lesions(anatomy, count, "lytic", 3, BONE_MM)


def _liver(values, placed, visits_d, ev):
    return scarred_liver.simulate(values, placed.lesions, placed.gap_mm, visits_d, ev.labs)


def _at_visits(liver: scarred_liver.ScarredLiver, at: np.ndarray) -> courses.Course:
    """The course of the lesions on the days of the scans only."""
    course = liver.course
    per_day = {name: getattr(course, name)[..., at] for name in ("diameter_mm", "viability", "perfusion", "swelling")}
    return replace(
        course,
        days=course.days[at],
        viable_volume_ml=course.viable_volume_ml[at],
        liver_enhancement_change_hu=course.liver_enhancement_change_hu[at],
        **per_day,
    )
