"""One virtual patient on the page: a scenario goes in, everything the page shows comes out. No formula stands here."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from liverlab import evidence
from liverlab.disease import liver_injury, sinusoid
from liverlab.imaging import contrast, ct, diffuse_liver
from liverlab.imaging.protocol import Protocol
from liverlab.imaging.scene import Scene
from liverlab.lessons.scanned import ScannedPatient
from liverlab.reading import diffuse_disease, failure_tests, next_tests, scores, severity, tissue

STAGING_D = -56.0  # the staging CT, eight weeks before
FOLLOWED_D = 60.0  # how long the page looks on
DAYS = np.arange(STAGING_D, FOLLOWED_D + 1.0)
DAYS.setflags(write=False)
HEALTHY_LIVER_ML = 1500.0  # before the illness; a usual volume, illustrative
NEVER = 1e4  # a day on which nobody is treated any more


class _Scanned(ScannedPatient):
    """What CT shows of the patient of a course on any of its days."""

    ev: evidence.Evidence
    course: sinusoid.Course
    protocol: Protocol
    values: Mapping[str, float]

    def scanned_at(self, visit: int) -> int:
        """Index, in the course, of the day of a scan."""
        raise NotImplementedError

    @property
    def lesion_labels(self) -> Mapping[str, str]:
        """There is no lesion."""
        return {}

    def content(self, visit: int) -> Hashable:
        """Everything the picture of ``visit`` depends on."""
        at = self.scanned_at(visit)
        return (
            self.protocol,
            self.scenario.seed,
            self.shape_at(at),
            round(float(self.course.attenuation_change_hu[at]), 2),
            tuple(diffuse_liver.patterns_hu(self.course, at).values()),
        )

    def shape_at(self, at: int) -> Any:
        """What disease has made of liver, spleen and fluid."""
        return diffuse_liver.shape(self.course, at, HEALTHY_LIVER_ML)

    def liver_hu_at(self, at: int) -> float:
        """Mean attenuation of the liver."""
        change_hu = float(self.course.attenuation_change_hu[at])
        return float(contrast.liver_hu(self.values, change_hu, self.protocol))

    def make_scene(self, visit: int) -> Scene:
        """The scan at ``visit``."""
        at = self.scanned_at(visit)
        change_hu = float(self.course.attenuation_change_hu[at])
        tissues = contrast.tissue_hu(self.protocol, self.ev.tissues["ct"], self.values, change_hu)
        return Scene(
            diffuse_liver.with_patterns(tissues, self.course, at),
            ct.NO_LESIONS,
            self.protocol,
            self.scenario.seed,
            shape=self.shape_at(at),
        )


@dataclass(frozen=True, eq=False)
class Staging(_Scanned):
    """The same patient eight weeks before: one scan, reported as normal."""

    ev: evidence.Evidence
    scenario: evidence.Scenario
    values: Mapping[str, float]
    course: sinusoid.Course
    protocol: Protocol
    visit: int = 0

    @property
    def days(self) -> np.ndarray:
        """(1,) the day of the staging CT."""
        return DAYS[:1]

    def scanned_at(self, visit: int) -> int:
        """The first day of the course."""
        return 0

    def visit_name(self, visit: int) -> str:
        """How the scan is named on the picture."""
        return f"Staging, {-STAGING_D / 7:.0f} weeks ago"


@dataclass(frozen=True, eq=False)
class Patient(_Scanned):
    """State of one page: the course day by day, what was scanned, and when tissue and treatment came.

    treated_d: day of the first chemotherapy, infinite if it never came; biopsied: whether the patient lived to see the
    day of the biopsy; found: whether the sample showed tumour.
    """

    ev: evidence.Evidence
    scenario: evidence.Scenario
    values: Mapping[str, float]
    case: Any
    visit: int
    course: sinusoid.Course
    protocol: Protocol
    treated_d: float
    biopsied: bool
    found: bool

    # --- days ---

    @property
    def days(self) -> np.ndarray:
        """(visit,) days on which a scan was planned."""
        return np.asarray(self.case.visits_day, dtype=float)

    @property
    def died_d(self) -> float:
        """Day of death, infinite if the patient lives through the days followed."""
        return float(self.course.death_day)

    @property
    def alive(self) -> bool:
        """Whether the patient lives on the day of the current visit."""
        return self.day < self.died_d

    @property
    def never_came(self) -> bool:
        """Whether the liver fails before day 0, so that nobody is there to be scanned."""
        return self.died_d <= 0

    @property
    def survives(self) -> bool:
        """Whether the patient lives through all the days followed."""
        return self.died_d == np.inf

    def scanned_at(self, visit: int) -> int:
        """Index of the day of a scan; of the last one before death if the patient did not live to see it."""
        planned = self.days[: visit + 1]
        lived = planned[planned < self.died_d]
        return index_of(lived[-1]) if lived.size else 0

    @property
    def at(self) -> int:
        """Index, in the course, of what the current visit shows."""
        return self.scanned_at(self.visit)

    @property
    def shown_d(self) -> float:
        """The day whose values the current visit shows."""
        return float(DAYS[self.at])

    def visit_name(self, visit: int) -> str:
        """How a visit is named on the picture."""
        day = self.days[visit]
        if day < self.died_d:
            return f"Day {day:.0f}"
        if self.never_came:
            return "No scan: died before day 0"
        shown = float(DAYS[self.scanned_at(visit)])
        return f"Day {shown:.0f} (died on day {self.died_d:.0f})"

    @cached_property
    def staging(self) -> Staging:
        """The scan eight weeks before."""
        return Staging(self.ev, self.scenario, self.values, self.course, self.protocol)

    # --- laboratory ---

    def lab(self, key: str) -> float:
        """A laboratory value at the current visit."""
        return float(getattr(self.course.labs, key)[self.at])

    def times_upper(self, key: str) -> np.ndarray:
        """(day,) an analyte in multiples of its upper limit."""
        return getattr(self.course.labs, key) / self.ev.labs[key].high

    @cached_property
    def r_factor(self) -> scores.Score:
        """Pattern of the enzymes, every day."""
        labs, limits = self.course.labs, self.ev.labs
        alt = np.maximum(labs.alt_u_l, failure_tests.LEAST_U_L)
        return scores.r_factor(alt, limits["alt_u_l"].high, labs.alp_u_l, limits["alp_u_l"].high)

    @cached_property
    def ldh_over_alt(self) -> scores.Score:
        """LDH against ALT, every day."""
        labs, limits = self.course.labs, self.ev.labs
        alt = np.maximum(labs.alt_u_l, failure_tests.LEAST_U_L)
        return scores.ldh_over_alt(labs.ldh_u_l, limits["ldh_u_l"].high, alt, limits["alt_u_l"].high)

    @property
    def encephalopathy(self) -> int:
        """Grade at the current visit."""
        return int(self.course.labs.encephalopathy_grade[self.at])

    @property
    def failing(self) -> bool:
        """Whether this is acute liver failure by definition."""
        return bool(severity.in_failure(self.course.labs)[self.at])

    @cached_property
    def severity(self) -> severity.Severity:
        """Scores of the failing liver at the current visit."""
        return severity.grade(self.course, self.at, self.case_age_y)

    @property
    def case_age_y(self) -> float:
        """Age of the man of the founding case."""
        return 58.0

    # --- what the reader can say ---

    @cached_property
    def verdicts(self) -> list[dict[str, str]]:
        """What the response criteria say of a liver without a lesion."""
        return diffuse_disease.verdicts(self.visit)

    @cached_property
    def seen(self) -> failure_tests.Seen:
        """What a test ordered at the current visit can get at."""
        suv, adc = (
            tuple(float(getattr(self.ev.tissues[table][key], name)) for key in ("liver", "metastasis"))
            for table, name in (("pet", "suv"), ("mri", "adc_um2_ms"))
        )
        return failure_tests.Seen(
            self.values, self.course, self.at, self.ev.labs, suv, adc, self.case.injury, self.scenario.seed
        )

    def order(self, test: str) -> next_tests.Finding:
        """What a test ordered at the current visit returns."""
        return failure_tests.order(test, self.seen)

    # --- tissue and treatment ---

    @property
    def biopsy_at(self) -> int:
        """Index of the day of the biopsy."""
        return index_of(self.values["tissue_day_d"])

    @property
    def report_d(self) -> float:
        """Day of the report of the biopsy."""
        return float(self.values["tissue_day_d"] + self.values["pathology_d"])

    @property
    def route(self) -> str:
        """Which way the needle takes on the day of the biopsy."""
        labs, at = self.course.labs, self.biopsy_at
        by_vein = tissue.through_the_vein(float(labs.inr[at]), float(labs.platelets_1e9_l[at]))
        return tissue.TRANSJUGULAR if by_vein else tissue.PERCUTANEOUS

    @property
    def harm_pct(self) -> float:
        """Chance of major harm by the biopsy."""
        return float(tissue.harm_pct(self.values, float(self.course.labs.inr[self.biopsy_at]), self.route))

    @property
    def yield_pct(self) -> float:
        """Chance that the sample shows tumour."""
        return float(tissue.yield_pct(self.values, float(self.course.living_tumour[self.biopsy_at]), self.route))

    @property
    def treated(self) -> bool:
        """Whether chemotherapy was started in a living patient."""
        return self.treated_d < self.died_d


def index_of(day: float) -> int:
    """Index of a day of the course."""
    return round(day - STAGING_D)


def course_of(values: Mapping[str, float], case: Any, treated_d: float, ev: evidence.Evidence) -> sinusoid.Course:
    """The course of a case whose chemotherapy starts on a day."""
    if case.injury:
        return liver_injury.course(liver_injury.INJURIES[case.injury], values, DAYS, ev.labs)
    return sinusoid.simulate({**values, "chemo_day_d": min(treated_d, NEVER)}, DAYS, ev.labs)


def simulate(scenario: evidence.Scenario, ev: evidence.Evidence | None = None) -> Patient:
    """Disease, tissue, treatment and scanner for every day of ``scenario``."""
    ev = ev or evidence.load()
    values = ev.values(scenario)
    case = ev.cases[scenario.case]
    treated_d = np.inf if case.injury else tissue.treatment_day(values)
    course = course_of(values, case, treated_d, ev)
    # The sample is taken before treatment starts, so the course up to it is the same whatever it shows.
    biopsied = bool(values["tissue_day_d"] < course.death_day)
    made = Patient(
        ev=ev,
        scenario=scenario,
        values=values,
        case=case,
        visit=min(round(values["visit"]), len(case.visits_day) - 1),
        course=course,
        protocol=Protocol.from_values(values),
        treated_d=treated_d,
        biopsied=biopsied,
        found=False,
    )
    return _with_result(made)


def _with_result(made: Patient) -> Patient:
    seen = replace(made.seen, at=made.biopsy_at)
    found = made.biopsied and failure_tests.shows_tumour(seen, made.route)
    if found or made.case.injury:
        return replace(made, found=found)
    untreated = course_of(made.values, made.case, np.inf, made.ev)
    return replace(made, found=False, treated_d=np.inf, course=untreated)
