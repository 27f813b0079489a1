"""One virtual patient of the overview: a scenario goes in, what the page shows comes out. No formula stands here."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from liverlab import evidence
from liverlab.disease import spread
from liverlab.imaging import anatomy, contrast, ct, lesion_looks
from liverlab.imaging.protocol import Protocol
from liverlab.imaging.scene import Scene
from liverlab.lessons.scanned import ScannedPatient
from liverlab.reading import analytic, as_painted, report, resection

# The scan beside yours: portal venous phase at full dose, whatever your own delay and dose.
REFERENCE_SCAN = {"delay_s": 70.0, "dose_pct": 100.0}
CALL = "unequivocal"  # a lesion that grew out of the invisible is new


@dataclass(frozen=True, eq=False)
class Patient(ScannedPatient):
    """State of one page. Arrays are (lesion, visit)."""

    ev: evidence.Evidence
    scenario: evidence.Scenario
    values: dict[str, float]
    case: Any
    visit: int
    lesions: tuple[Any, ...]
    looks: tuple[Any, ...]
    scan_days: np.ndarray
    diameter_mm: np.ndarray
    protocol: Protocol
    title: str = "Your scan"

    @property
    def days(self) -> np.ndarray:
        """(visit,) days of the scans."""
        return self.scan_days

    def visit_name(self, visit: int) -> str:
        """Whose picture it is, and when."""
        return self.title if self.days[visit] == 0 else f"{self.title}, day {self.days[visit]:.0f}"

    @cached_property
    def lesion_labels(self) -> Mapping[str, str]:
        """Lesion id -> name on the page."""
        return {lesion.id: lesion.label for lesion in self.lesions}

    def content(self, visit: int) -> Hashable:
        """Everything the picture of ``visit`` depends on."""
        return (
            self.protocol, self.scenario.seed, self.scenario.case, tuple(self.lesion_labels),
            self.diameter_mm[:, visit].tobytes(), self.values["liver_unenhanced_hu"],
        )  # fmt: skip

    # --- in the body and on the scanner ---

    @cached_property
    def _states(self) -> dict[int, ct.LesionState]:
        return {}

    def lesion_state(self, visit: int) -> ct.LesionState:
        """What the scanner meets in the liver at ``visit``."""
        if visit not in self._states:
            centre = np.array([lesion.centre_mm for lesion in self.lesions], dtype=float).reshape(-1, 3)
            axes = np.array([lesion.axes for lesion in self.lesions], dtype=float).reshape(-1, 3)
            self._states[visit] = lesion_looks.state(
                self.looks, [lesion.id for lesion in self.lesions], centre,
                axes * self.diameter_mm[:, visit][:, None] / 2, self.protocol, self.values,
            )  # fmt: skip
        return self._states[visit]

    def make_scene(self, visit: int) -> Scene:
        """The scan at ``visit``."""
        tissues = contrast.tissue_hu(self.protocol, self.ev.tissues["ct"], self.values)
        return Scene(tissues, self.lesion_state(visit), self.protocol, self.scenario.seed)

    @cached_property
    def liver_hu(self) -> float:
        """Liver at the delay of this scan."""
        return float(contrast.liver_hu(self.values, 0.0, self.protocol))

    @cached_property
    def noise_hu(self) -> float:
        """SD of the noise in the liver."""
        return float(ct.noise_sd_hu(self.protocol))

    # --- what is read ---

    def reading(self, visit: int) -> analytic.Readings:
        """The reader at ``visit``; arrays (lesion,)."""
        return as_painted.read(
            self.lesion_state(visit), self.liver_hu, self.protocol, self.values["visibility_threshold_mm"]
        )

    @cached_property
    def now(self) -> analytic.Readings:
        """The reader at the current visit."""
        return self.reading(self.visit)

    @cached_property
    def contrast_hu(self) -> np.ndarray:
        """(lesion,) mean HU of each lesion minus the liver's at the current visit, seen or not."""
        return as_painted.mean_contrast_hu(self.lesion_state(self.visit), self.liver_hu)

    @cached_property
    def largest(self) -> int:
        """Place of the largest lesion at the current visit."""
        return int(np.argmax(self.diameter_mm[:, self.visit]))

    @cached_property
    def follow_up(self) -> report.FollowUp:
        """All visits as one reader follows them."""
        visits = [self.reading(visit) for visit in range(len(self.days))]
        stacked = {
            field.name: np.stack([getattr(one, field.name) for one in visits], axis=-1)
            for field in fields(analytic.Readings)
        }
        labels = tuple(lesion.label for lesion in self.lesions)
        return report.follow_up(analytic.Readings(**stacked), self.days, labels)

    @cached_property
    def reference(self) -> Patient:
        """The same patient as the reference protocol scans it."""
        scenario = self.scenario.with_changes(**REFERENCE_SCAN)
        return simulate(scenario, self.ev, "70 s, full dose")

    # --- what follows from it ---

    @cached_property
    def known(self) -> ct.LesionState:
        """The lesions somebody can plan for at the current visit: not those that come later."""
        places = [k for k, lesion in enumerate(self.lesions) if lesion.role != "new"]
        return self.lesion_state(self.visit).only(places)

    @cached_property
    def tumour_ml(self) -> float:
        """Volume of the known lesions."""
        return float(resection.lesion_volume_ml(self.known).sum())

    @cached_property
    def remnants(self) -> tuple[resection.Remnant, ...]:
        """What every standard resection would leave."""
        return resection.options(anatomy.default(), self.known)

    @cached_property
    def best_resection(self) -> resection.Remnant | None:
        """The resection that clears the liver and leaves most, or None where none leaves enough."""
        return resection.best(self.remnants, self.values["remnant_limit_pct"])


def simulate(scenario: evidence.Scenario, ev: evidence.Evidence | None = None, title: str = "Your scan") -> Patient:
    """Disease and scanner for every visit of ``scenario``. A case without a look has its lesions as they are listed."""
    ev = ev or evidence.load()
    values, case = ev.values(scenario), ev.cases[scenario.case]
    days = np.asarray(case.visits_day, dtype=float)
    if case.look:
        lesions = spread.chosen(
            case.lesions, values["lesion_count"], values["left_share_pct"], values["new_lesion_count"]
        )
        largest = values["lesion_diameter_mm"]
    else:
        lesions, largest = case.lesions, max(lesion.diameter_mm for lesion in case.lesions)
    looks = tuple(ev.looks[lesion.look or case.look] for lesion in lesions)
    return Patient(
        ev=ev,
        scenario=scenario,
        values=values,
        case=case,
        visit=min(round(values["visit"]), days.size - 1),
        lesions=lesions,
        looks=looks,
        scan_days=days,
        diameter_mm=spread.diameters_mm(
            lesions,
            largest,
            values["new_lesion_seed_mm"],
            values["lesion_doubling_d"],
            days,
            [look.family == "metastasis" for look in looks],
        ),
        protocol=Protocol.from_values(values),
        title=title,
    )
