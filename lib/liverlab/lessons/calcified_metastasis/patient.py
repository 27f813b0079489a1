"""One virtual patient of lesson 04: metastases with calcium, one that only enhances, and two benign specks.

A scenario goes in, everything the page shows comes out. No formula stands here.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from liverlab import evidence
from liverlab.disease import calcium, tumour
from liverlab.disease import course as disease_course
from liverlab.imaging import anatomy, contrast, ct, hu
from liverlab.imaging import calcium as ct_calcium
from liverlab.imaging.calcium_spot import SMALLEST_MM, brightest_share
from liverlab.imaging.lesions import joined
from liverlab.imaging.protocol import Protocol
from liverlab.imaging.scene import Scene
from liverlab.lessons.scanned import ScannedPatient
from liverlab.reading import calcified, report, scan, visibility

NO_CALCIUM = "none"  # pattern of a lesion that holds none, whatever the slider says
SPECK = "granuloma"  # look of a single benign speck
STEP_D = 14.0  # calcium follows death between two scans: days apart on which the course is worked out
RULE_KVP = 120.0  # the voltage for which the 130 HU rule was made


@dataclass(frozen=True, eq=False)
class Patient(ScannedPatient):
    """State of one page. Arrays are (lesion, visit) over the metastases; specks have their own properties."""

    ev: evidence.Evidence
    scenario: evidence.Scenario
    values: Mapping[str, float]
    case: Any
    visit: int
    metastases: tuple[Any, ...]
    patterns: tuple[str, ...]
    course: disease_course.Course
    calcium_mg_ml: np.ndarray
    protocol: Protocol
    # Shared by every scan of this patient: other scans, and shares of calcium in a pixel, which geometry alone decides.
    _scans: dict[Protocol, Patient] = field(default_factory=dict, repr=False)
    _shares: dict[tuple, float] = field(default_factory=dict, repr=False)

    # --- who was scanned how ---

    @property
    def days(self) -> np.ndarray:
        """(visit,) days of the scans."""
        return self.course.days

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the metastases as the report uses them."""
        return tuple(lesion.label for lesion in self.metastases)

    @cached_property
    def specks(self) -> tuple[Any, ...]:
        """Benign specks of calcium."""
        return tuple(lesion for lesion in self.case.lesions if lesion.look == SPECK)

    def scanned(self, **changes: float) -> Patient:
        """The same patient on the same days, scanned otherwise (`delay_s=0`)."""
        protocol = replace(self.protocol, **changes)
        if protocol == self.protocol:
            return self
        if protocol not in self._scans:
            self._scans[protocol] = replace(self, protocol=protocol)
        return self._scans[protocol]

    @property
    def unenhanced(self) -> Patient:
        """The same patient before the contrast medium, everything else as it is."""
        return self.scanned(delay_s=0.0)

    @property
    def by_the_rule(self) -> Patient:
        """The same patient scanned as the 130 HU rule wants it: unenhanced, at 120 kV."""
        return self.scanned(delay_s=0.0, kvp=RULE_KVP)

    # --- what the scanner meets ---

    @cached_property
    def phase(self) -> scan.Phase:
        """What the reader gets of the metastases at every visit."""
        return calcified.read(
            self.values, self.metastases, self.course, self.protocol, self.calcium_mg_ml, self.patterns
        )

    @cached_property
    def tissue_hu(self) -> tuple[np.ndarray, np.ndarray]:
        """HU of rim and core of the metastases without their calcium."""
        return contrast.lesion_hu(self.values, self.course, self.protocol)

    @property
    def speck_hu(self) -> float:
        """HU of a speck that filled its voxel."""
        return ct_calcium.calcified_hu(
            self.values["liver_unenhanced_hu"],
            self.values["grain_calcium_mg_ml"],
            self.protocol.kvp,
            self.protocol.body_cm,
            self.protocol.tin,
        )

    def liver_hu(self, visit: int) -> float:
        """HU of the liver at ``visit``."""
        return float(contrast.liver_hu(self.values, self.course, self.protocol)[visit])

    def content(self, visit: int) -> Hashable:
        """Everything the picture of ``visit`` depends on."""
        keys = ("grain_mm", "grain_calcium_mg_ml", "liver_unenhanced_hu")
        return (
            self.protocol,
            self.scenario.seed,
            self.scenario.case,
            self.patterns,
            self.course.diameter_mm[:, visit].tobytes(),
            self.tissue_hu[0][:, visit].tobytes(),
            self.calcium_mg_ml[:, visit].tobytes(),
            float(self.course.liver_enhancement_change_hu[visit]),
            tuple(self.values[key] for key in keys),
        )

    @cached_property
    def _states(self) -> dict[int, ct.LesionState]:
        return {}

    def metastasis_state(self, visit: int) -> ct.LesionState:
        """The metastases as the scanner meets them."""
        if visit not in self._states:
            self._states[visit] = self._make_state(visit)
        return self._states[visit]

    def _make_state(self, visit: int) -> ct.LesionState:
        axes = np.array([lesion.axes for lesion in self.metastases], dtype=float)
        grains = [
            calcium.in_the_grains(float(mg_ml), pattern) if pattern else (0.0, 0.0)
            for mg_ml, pattern in zip(self.calcium_mg_ml[:, visit], self.patterns, strict=True)
        ]
        share, local_mg_ml = np.array(grains).T
        rim, core = self.tissue_hu
        return ct.LesionState(
            ids=tuple(lesion.id for lesion in self.metastases),
            centre_mm=np.array([lesion.centre_mm for lesion in self.metastases], dtype=float),
            semi_axes_mm=axes * self.course.diameter_mm[:, visit, None] / 2,
            rim_hu=rim[:, visit],
            inner_hu=core[:, visit],
            inner_fraction=np.array([lesion.core_fraction for lesion in self.metastases], dtype=float),
            calcium_pattern=self.patterns,
            calcium_share=share,
            calcium_hu=local_mg_ml * self.protocol.hu_per_mg_hydroxyapatite_ml,
        )

    @cached_property
    def speck_state(self) -> ct.LesionState:
        """The specks as the scanner meets them."""
        count, radius = len(self.specks), self.values["grain_mm"] / 2
        return ct.LesionState(
            ids=tuple(one.id for one in self.specks),
            centre_mm=np.array([one.centre_mm for one in self.specks], dtype=float).reshape(-1, 3),
            semi_axes_mm=np.full((count, 3), radius),
            rim_hu=np.full(count, self.speck_hu),
        )

    def lesion_state(self, visit: int) -> ct.LesionState:
        """Metastases and specks."""
        return joined([self.metastasis_state(visit), self.speck_state])

    def make_scene(self, visit: int) -> Scene:
        """The scan at ``visit``."""
        tissues = contrast.tissue_hu(
            self.protocol,
            self.ev.tissues["ct"],
            self.values,
            float(self.course.liver_enhancement_change_hu[visit]),
        )
        return Scene(tissues, self.lesion_state(visit), self.protocol, self.scenario.seed)

    @cached_property
    def lesion_labels(self) -> Mapping[str, str]:
        """Lesion id -> what it really is, for the truth switch."""
        names = {}
        for lesion, mg_ml in zip(self.metastases, self.calcium_mg_ml[:, self.visit], strict=True):
            held = f"Ca {mg_ml:.0f} mg/mL" if mg_ml >= 0.5 else "no Ca"
            names[lesion.id] = f"{lesion.label}: {held}"
        return names | {one.id: f"{one.label}: benign" for one in self.specks}

    def marks(self, visit: int) -> list[dict[str, Any]]:
        """What a reader sees on the scan, by its letter: metastases as far as they are seen, and the specks."""
        seen = {
            lesion.id for lesion, one in zip(self.metastases, self.phase.readings.visible[:, visit], strict=True) if one
        }
        letters = {lesion.id: lesion.label for lesion in self.case.lesions if lesion.id in seen or lesion.look}
        return [one | {"label": letters[one["id"]]} for one in self.outlines(visit) if one["id"] in letters]

    # --- what stands out ---

    @cached_property
    def spot_lesion(self) -> int:
        """The metastasis whose brightest spot the page follows: the largest that can hold calcium."""
        size = [
            lesion.diameter_mm if pattern else 0.0
            for lesion, pattern in zip(self.metastases, self.patterns, strict=True)
        ]
        return int(np.argmax(size))

    @cached_property
    def enhancing_lesion(self) -> int:
        """The metastasis without calcium that enhances most: the last hypervascular one."""
        return max(i for i, lesion in enumerate(self.metastases) if lesion.vascular == "hyper")

    def _share(self, state: ct.LesionState, place: int) -> float:
        """Share of a lesion's calcium in the brightest pixel of the slice through it."""
        scanned = self.protocol.slice_mm, self.protocol.kernel_sharpness_pct
        key = (state.ids[place], *scanned)
        if key not in self._shares:
            self._shares[key] = brightest_share(state, place, _slice_z_mm(state.centre_mm[place][2]), *scanned)
        return self._shares[key]

    def spot_hu(self, t_s: Any = None) -> Any:
        """HU of the brightest spot of the spot lesion at the current visit, noise left out; at the delay or at t_s."""
        state = self.metastasis_state(self.visit)
        calcium_hu = float(state.calcium_hu[self.spot_lesion])
        return self.lesion_tissue_hu(self.spot_lesion, t_s) + self._share(state, self.spot_lesion) * calcium_hu

    def lesion_tissue_hu(self, lesion: int, t_s: Any = None) -> Any:
        """HU of a metastasis' tissue without its calcium at the current visit, at the delay or at t_s (...)."""
        if t_s is None:
            return float(self.tissue_hu[0][lesion, self.visit])
        one = self.metastases[lesion]
        key = {"hyper": "baseline_enhancement_hu", "hypo": "hypovascular_enhancement_hu"}[one.vascular]
        enhancement = contrast.lesion_enhancement_hu(self.protocol, t_s, self.values[key], one.vascular)
        return float(self.unenhanced.tissue_hu[0][lesion, self.visit]) + enhancement * float(
            self.course.perfusion[lesion, self.visit]
        )

    @cached_property
    def speck_reads_hu(self) -> float:
        """HU of the brightest pixel of the first speck on the sharp picture, noise left out."""
        share = self._share(self.speck_state, 0)
        liver = self.liver_hu(self.visit)
        return liver + share * (self.speck_hu - liver)

    @property
    def spot_mm(self) -> float:
        """How large the followed spot appears: a piece of its pattern, but nothing is smaller than the blur."""
        pattern = self.patterns[self.spot_lesion]
        return max(calcium.PATTERNS[pattern].grain_mm, SMALLEST_MM)

    @property
    def noise_hu(self) -> float:
        """SD of the noise in the liver."""
        return float(ct.noise_sd_hu(self.protocol))

    def seen_from_hu(self, diameter_mm: float) -> float:
        """Smallest difference to the liver (HU) at which something of this size is seen."""
        return float(
            visibility.threshold_contrast_hu(diameter_mm, self.noise_hu, self.values["visibility_threshold_mm"])
        )

    # --- what the criteria say ---

    @cached_property
    def follow_up(self) -> report.FollowUp:
        """Which lesions the reader follows, and their sums at every visit."""
        return report.follow_up(self.phase.readings, self.course.days, self.labels)

    @cached_property
    def verdicts(self) -> list[dict[str, str]]:
        """Verdict rows at the current visit; nothing here looks new."""
        return [row | {"reading": ""} for row in self.follow_up.verdicts(self.visit, "none")]

    def verdict(self, criterion: str) -> str:
        """One verdict at the current visit: CR, PR, SD, PD or NE."""
        return next(row["call"] for row in self.verdicts if row["criterion"] == criterion)

    @cached_property
    def living_pct(self) -> np.ndarray:
        """(visit,) living tumour in per cent of its volume at baseline."""
        volume = self.course.viable_volume_ml
        return 100.0 * volume / volume[0]

    @cached_property
    def target_calcium_mg_ml(self) -> np.ndarray:
        """(visit,) mean calcium of the lesions the reader follows."""
        return self.calcium_mg_ml[list(self.follow_up.targets)].mean(axis=0)


def _slice_z_mm(z_mm: float) -> float:
    """Height of the slice nearest to ``z_mm``."""
    heights = np.asarray(anatomy.default().z_mm, dtype=float)
    return float(heights[np.argmin(np.abs(heights - z_mm))])


def simulate(scenario: evidence.Scenario, ev: evidence.Evidence | None = None) -> Patient:
    """Disease, scanner and reader for every visit of ``scenario``; lesions that have a look are not simulated."""
    ev = ev or evidence.load()
    chosen = ev.values(scenario)
    values = {**chosen, "tumour_unenhanced_hu": hu.soft_tissue_hu(chosen["lesion_water_pct"])}
    case = ev.cases[scenario.case]
    days = np.asarray(case.visits_day, dtype=float)
    metastases = tuple(
        lesion._replace(diameter_mm=lesion.diameter_mm * values["lesion_size_pct"] / 100.0)
        for lesion in case.lesions
        if not lesion.look
    )
    if not metastases:
        raise ValueError(f"case is {scenario.case}, all of whose lesions have a look; the page wants one without.")
    pattern = list(calcium.PATTERNS)[round(values["calcium_pattern"])]
    patterns = tuple("" if lesion.pattern == NO_CALCIUM else lesion.pattern or pattern for lesion in metastases)
    return Patient(
        ev=ev,
        scenario=scenario,
        values=values,
        case=case,
        visit=min(round(values["visit"]), days.size - 1),
        metastases=metastases,
        patterns=patterns,
        course=disease_course.simulate(values, metastases, days, scenario.actions),
        calcium_mg_ml=_calcium(values, metastases, patterns, days, scenario.actions),
        protocol=Protocol.from_values(values),
    )


def _calcium(
    values: Mapping[str, float], metastases: Sequence[Any], patterns: Sequence[str], days: np.ndarray, actions: Any
) -> np.ndarray:
    """(lesion, visit) hydroxyapatite in mg per mL of lesion, worked out on days close enough for what dies between."""
    fine = np.union1d(days, np.arange(0.0, days[-1], STEP_D))
    body = disease_course.simulate(values, metastases, fine, actions)
    volume = tumour.volume_ml(body.diameter_mm / body.swelling)
    mucin = np.full(len(metastases), values["mucin_share_pct"] / 100.0)
    found = calcium.simulate(values, fine, 1.0 - body.viability, mucin, volume / volume[:, :1])
    holds = np.array([[bool(pattern)] for pattern in patterns])
    return np.where(holds, found, 0.0)[:, np.searchsorted(fine, days)]
