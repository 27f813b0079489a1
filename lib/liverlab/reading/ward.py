"""The ward clock: a failing liver, hour by hour. Every order takes time and costs something, results come later.

A `Ward` is an immutable state; `place`, `wait` and `close` return the next one. What orders return comes from
`failure_tests`, what treatment does from the models of disease. Hours, delays, burdens and points are illustrative:
they make time and risk felt, and they were chosen so that ordering everything never pays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from liverlab.disease import liver_injury, sinusoid
from liverlab.reading import failure_tests, tissue

TUMOUR = "tumour"
HORIZON_D, FOLLOWED_D = 21.0, 60.0  # how long the ward runs, and how long the patient is followed after it
GRID_D = np.arange(0.0, FOLLOWED_D + 0.25, 0.25)
GRID_D.setflags(write=False)
FIRST_HOUR = 8.0  # day 0 begins at eight in the morning

RIGHT, GUESSED, ALIVE = 50, 25, 50
UNPROVEN = 10  # chemotherapy without a sample taken: nobody can be sure afterwards
BLEEDING, NEEDLESS_CHEMOTHERAPY, STEROIDS_IN_SEPSIS = 15, 25, 15
BLEEDING_KILLS_PCT = 25.0  # of the liver, by the shock
INTENSIVE_GAINS_PCT = 4.0  # working liver with which a patient under intensive care lives on
# What ends an injury: order -> injuries.
CURES = {"steroids": ("checkpoint",), "stop_drugs": ("drug", "checkpoint"), "drain": ("obstruction",)}


@dataclass(frozen=True)
class Order:
    """busy_h: hours until the next order can be placed; returns_h: hours until the result; burden: points it costs.

    tests: ids of `failure_tests.TESTS` it stands for; none for a treatment.
    """

    busy_h: float
    returns_h: float
    burden: int
    tests: tuple[str, ...] = ()


ORDERS = {
    "blood": Order(1, 3, 1, ("enzymes", "clotting")),
    "ldh": Order(1, 4, 1, ("ldh",)),
    "nse": Order(1, 48, 1, ("nse",)),
    "viral": Order(1, 24, 1, ("viral",)),
    "ultrasound": Order(2, 2, 1, ("ultrasound",)),
    "dwi": Order(4, 36, 3, ("dwi",)),
    "pet": Order(6, 72, 5, ("pet",)),
    "percutaneous": Order(4, 48, 6, ("percutaneous",)),
    "transjugular": Order(6, 48, 6, ("transjugular",)),
    "marrow": Order(2, 36, 4, ("marrow",)),
    "chemotherapy": Order(6, 0, 5),
    "steroids": Order(1, 0, 3),
    "stop_drugs": Order(0, 0, 0),
    "drain": Order(6, 0, 6),
    "intensive": Order(2, 0, 4),
}


@dataclass(frozen=True, eq=False)
class Hidden:
    """What is really there: parameters, injury (empty: tumour), limits of the laboratory, what scanners measure."""

    values: Mapping[str, Any]
    injury: str
    limits: Mapping[str, Any]
    suv: tuple[float, float]
    adc_um2_ms: tuple[float, float]
    seed: int = 1

    @property
    def diagnosis(self) -> str:
        """The right name: TUMOUR or the key of the injury."""
        return self.injury or TUMOUR


@dataclass(frozen=True)
class Placed:
    """An order and the hour at which it was placed."""

    order: str
    at_h: float


@dataclass(frozen=True)
class Result:
    """What came back: of which order, when it was placed, when it returned, and its text."""

    order: str
    at_h: float
    returned_h: float
    text: str


@dataclass(frozen=True)
class Score:
    """Points: diagnosis (half for a guess without a result), outcome, burden and harm (both at most 0), total (at least
    0); words on the harm."""

    diagnosis: int
    outcome: int
    burden: int
    harm: int
    words: tuple[str, ...]

    @property
    def total(self) -> int:
        """Points out of 100."""
        return max(0, self.diagnosis + self.outcome + self.burden + self.harm)


@dataclass(frozen=True, eq=False)
class Ward:
    """One patient on the ward: what was ordered, what time it is, and the diagnosis once the case is closed."""

    hidden: Hidden
    placed: tuple[Placed, ...] = ()
    clock_h: float = 0.0
    named: str = ""

    # --- what happens ---

    @property
    def day(self) -> float:
        """Days since the start."""
        return self.clock_h / 24.0

    @cached_property
    def course(self) -> sinusoid.Course:
        """The patient under everything done so far."""
        hidden, values = self.hidden, dict(self.hidden.values)
        if self.given("intensive") is not None:
            values["death_function_pct"] = max(1.0, values["death_function_pct"] - INTENSIVE_GAINS_PCT)
        if hidden.injury:
            ended = [self.given(order) for order, ends in CURES.items() if hidden.injury in ends]
            ended_d = min((hour / 24.0 for hour in ended if hour is not None), default=np.inf)
            injury = liver_injury.INJURIES[hidden.injury]
            return liver_injury.course(injury, values, GRID_D, hidden.limits, ended_d)
        chemo_h = self.given("chemotherapy")
        values["chemo_day_d"] = 1e4 if chemo_h is None else chemo_h / 24.0
        bled = self.bleedings
        if bled:
            values |= {"ischaemia_day_d": bled[0].at_h / 24.0, "ischaemia_kill_pct": BLEEDING_KILLS_PCT}
        return sinusoid.simulate(values, GRID_D, hidden.limits)

    def given(self, order: str) -> float | None:
        """Hour at which an order was first placed, None if it never was."""
        return next((one.at_h for one in self.placed if one.order == order), None)

    @property
    def sampled(self) -> bool:
        """Whether tissue was taken at all."""
        return any(one.order in tissue.ROUTES for one in self.placed)

    @cached_property
    def bleedings(self) -> tuple[Placed, ...]:
        """Biopsies that bled; the seed fixes the luck."""
        found = []
        for number, one in enumerate(self.placed):
            if one.order in (tissue.PERCUTANEOUS, tissue.TRANSJUGULAR):
                before = replace(self, placed=self.placed[:number], clock_h=one.at_h)
                inr = float(before.course.labs.inr[before.at])
                luck = np.random.default_rng((self.hidden.seed, number)).random()
                if 100 * luck < tissue.harm_pct(self.hidden.values, inr, one.order):
                    found.append(one)
        return tuple(found)

    @property
    def at(self) -> int:
        """Index of the last day of the course that is past."""
        return int(np.searchsorted(GRID_D, self.day + 1e-9, side="right")) - 1

    @property
    def dead(self) -> bool:
        """Whether the patient has died by now."""
        return bool(self.course.death_day <= self.day)

    @property
    def over(self) -> bool:
        """Whether nothing can be ordered any more."""
        return bool(self.named) or self.dead or self.day >= HORIZON_D

    @property
    def grade(self) -> int:
        """Encephalopathy at the bedside, which needs no order."""
        return int(self.course.labs.encephalopathy_grade[self.at])

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """What has come back by now, newest first."""
        found = []
        for number, one in enumerate(self.placed):
            order = ORDERS[one.order]
            returned = one.at_h + order.returns_h
            if order.tests and returned <= self.clock_h:
                text = " ".join(found_text(self, number, test) for test in order.tests)
                found.append(Result(one.order, one.at_h, returned, text))
        return tuple(sorted(found, key=lambda result: -result.returned_h))

    @property
    def waiting(self) -> tuple[Placed, ...]:
        """Tests whose result is still to come."""
        return tuple(
            one
            for one in self.placed
            if ORDERS[one.order].tests and one.at_h + ORDERS[one.order].returns_h > self.clock_h
        )

    # --- the end ---

    @property
    def survives(self) -> bool:
        """Whether the patient, treated as so far, lives through the days followed."""
        return not np.isfinite(float(self.course.death_day))

    @property
    def score(self) -> Score:
        """Points for diagnosis and outcome, less what was ordered and the harm it did."""
        truth, words, harm = self.hidden.diagnosis, [], 0
        for _ in self.bleedings:
            harm -= BLEEDING
            words.append("A biopsy bled.")
        if truth != TUMOUR and self.given("chemotherapy") is not None:
            harm -= NEEDLESS_CHEMOTHERAPY
            words.append("Chemotherapy was given to a liver without tumour.")
        if truth == TUMOUR and self.given("chemotherapy") is not None and not self.sampled:
            harm -= UNPROVEN
            words.append("Treated without a sample: nobody can be sure afterwards.")
        if truth == "sepsis" and self.given("steroids") is not None:
            harm -= STEROIDS_IN_SEPSIS
            words.append("Steroids were given in sepsis.")
        return Score(
            diagnosis=(RIGHT if self.results else GUESSED) * (self.named == truth),
            outcome=ALIVE * self.survives,
            burden=-sum(ORDERS[one.order].burden for one in self.placed),
            harm=harm,
            words=tuple(words),
        )


def place(ward: Ward, order: str) -> Ward:
    """The ward once an order is placed and its hours are over; ValueError for an unknown one or a closed case."""
    if order not in ORDERS:
        raise ValueError(f"order is {order!r}; it must be one of {', '.join(ORDERS)}.")
    _open(ward)
    placed = (*ward.placed, Placed(order, ward.clock_h))
    return replace(ward, placed=placed, clock_h=ward.clock_h + ORDERS[order].busy_h)


def wait(ward: Ward, hours: float) -> Ward:
    """The ward some hours (0..240) later."""
    if not 0 < hours <= 240:
        raise ValueError(f"hours is {hours:g}; it must be above 0 to 240.")
    _open(ward)
    return replace(ward, clock_h=ward.clock_h + hours)


def close(ward: Ward, diagnosis: str) -> Ward:
    """The case closed with a diagnosis: TUMOUR or an injury."""
    if diagnosis != TUMOUR and diagnosis not in liver_injury.INJURIES:
        names = ", ".join((TUMOUR, *liver_injury.INJURIES))
        raise ValueError(f"diagnosis is {diagnosis!r}; it must be one of {names}.")
    _open(ward)
    return replace(ward, named=diagnosis)


def found_text(ward: Ward, number: int, test: str) -> str:
    """What a test says of the patient at the hour it was ordered."""
    before = replace(ward, placed=ward.placed[:number], clock_h=ward.placed[number].at_h, named="")
    hidden = ward.hidden
    seen = failure_tests.Seen(
        hidden.values, before.course, before.at, hidden.limits, hidden.suv, hidden.adc_um2_ms, hidden.injury,
        hidden.seed + number,
    )  # fmt: skip
    return failure_tests.order(test, seen).text


def _open(ward: Ward) -> None:
    if ward.over:
        raise ValueError("The case is closed; start another patient.")
