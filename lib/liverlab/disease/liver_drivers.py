"""What acts on a liver: the forces that `liver_function` turns into laboratory values.

A tumour in the sinusoids (`sinusoid`), a virus, a drug, a clot or a stone (`liver_injury`), a scar: all speak to the
liver through the same few numbers a day, so that two diseases can be made to look alike and then pulled apart.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from .checks import days as checked_days
from .checks import number

# Steps in days: usual, and after a sudden event, where analytes with half-lives of hours move.
STEP_D = 0.25
EVENT_STEP_D = 0.0625
AFTER_EVENT_D = 2.0
LONGEST_D = 3650.0

# Lowest and highest value of every force, and its unit.
_LIMITS = {
    "death_per_day": (0, 1e6, "per day"),
    "necrosis_per_day": (0, 1e6, "per day"),
    "mitochondrial_share": (0, 1, ""),
    "room_share": (0.01, 1, ""),
    "perfused_share": (0, 1, ""),
    "cholestasis": (0, 1, ""),
    "ductular_share": (0, 1, ""),
    "vitamin_k_share": (0, 1, ""),
    "tumour_load": (0, 1, ""),
    "tumour_lysis_per_day": (0, 1e6, "per day"),
    "hypoxia": (0, 1, ""),
    "kidney_share": (0.01, 1, ""),
    "platelet_share": (0, 1, ""),
    "factor_share": (0, 1, ""),
    "spleen_ratio": (0, 20, ""),
}


@dataclass(frozen=True, eq=False)
class Drivers:
    """Forces on the liver, each (..., T) on the days (T,), or (..., 1), or one number; linear between the days.

    death_per_day: share of the living hepatocytes that wither a day (atrophy, apoptosis) and leak little;
    necrosis_per_day: share that burst a day and spill what they hold; mitochondrial_share (0..1): share of their
    mitochondrial AST that comes with it. room_share (0..1): what scar leaves of the reserve that can grow back;
    living cells follow it within weeks. perfused_share (0..1): share of the living hepatocytes that blood reaches; the
    others still make protein, but clear nothing. cholestasis (0..1): share of the outflow of bile that is lost;
    ductular_share (0..1): how far its back-pressure reaches the small ducts, where ALP and GGT are induced.
    vitamin_k_share (0..1): share of the vitamin K that is still absorbed (bile must reach the gut).
    tumour_load (0..1): living tumour as a share of the liver; tumour_lysis_per_day: load that dies a day.
    hypoxia (0..1): want of oxygen anywhere in the body. kidney_share, platelet_share, factor_share (0..1): what shock,
    sepsis or clotting leave of kidney function, platelets and factor VII. spleen_ratio: volume of the spleen relative
    to normal, how portal hypertension reaches the platelets.
    """

    days: Any
    death_per_day: Any = 0.0
    necrosis_per_day: Any = 0.0
    mitochondrial_share: Any = 0.3
    room_share: Any = 1.0
    perfused_share: Any = 1.0
    cholestasis: Any = 0.0
    ductular_share: Any = 1.0
    vitamin_k_share: Any = 1.0
    tumour_load: Any = 0.0
    tumour_lysis_per_day: Any = 0.0
    hypoxia: Any = 0.0
    kidney_share: Any = 1.0
    platelet_share: Any = 1.0
    factor_share: Any = 1.0
    spleen_ratio: Any = 1.0


@dataclass(frozen=True)
class Force:
    """One force that comes and goes: size, and how it rises, how long it lasts, how it falls (days).

    Relative strength: 1 - e^(-t/rise_d) while it lasts, from there down with e^(-t/fall_d). With rise_d = fall_d the
    area under it is exactly lasts_d.
    """

    size: float
    rise_d: float
    lasts_d: float
    fall_d: float

    def course(self, days, onset_d, ended_d=np.inf):
        """size x strength on the days (T,); onset_d, ended_d (...) broadcast with them. Ended early, it falls early."""
        lasts = np.clip(ended_d - onset_d, 0.0, self.lasts_d)
        since = days - onset_d
        risen = -np.expm1(-np.clip(since, 0.0, lasts) / self.rise_d)
        return self.size * risen * np.exp(-np.maximum(0.0, since - lasts) / self.fall_d)


def grid(first_d: float, last_d: float, events_d: Any = (), step_d: float = STEP_D) -> np.ndarray:
    """Days from first_d to last_d on which to give forces: steps of step_d, a quarter of it for 2 days after an event.

    events_d: days, any shape, of whatever starts or ends suddenly; those outside the range do not count.
    """
    first_d = number("first_d", first_d, -np.inf, unit="days")
    last_d = number("last_d", last_d, first_d, unit="days")
    step_d = number("step_d", step_d, 0, unit="days", above=True)
    events = np.unique(np.asarray(events_d, dtype=float))
    events = events[(events >= first_d) & (events <= last_d)]
    fine = np.arange(0.0, AFTER_EVENT_D + 1e-9, step_d * EVENT_STEP_D / STEP_D)
    near = (events[:, None] + fine).ravel()
    return _apart(np.concatenate([np.arange(first_d, last_d, step_d), [last_d], near[near < last_d]]))


def _apart(days):
    """Days in order, those closer than a second to the one before left out: a step of 0 has no slope."""
    days = np.unique(days)
    return days[np.concatenate([[True], np.diff(days) > 1e-5])]


def on_days(drivers: Drivers, days: Any) -> Drivers:
    """The forces on their own days and on those asked for, as arrays (..., T), checked.

    Raises ValueError if a force is out of its range, has another number of days, or a day lies outside the drivers'.
    """
    given = checked_days("days of the drivers", drivers.days)
    days = checked_days("days", days)
    number("days of the drivers, first to last,", given[-1] - given[0], 0, LONGEST_D, "days")
    if days[0] < given[0] or days[-1] > given[-1]:
        off = days[0] if days[0] < given[0] else days[-1]
        raise ValueError(f"days holds {off:g}; the drivers are given for day {given[0]:g} to {given[-1]:g}.")
    if (np.diff(given) <= 0).any():
        raise ValueError("days of the drivers hold one day twice; every day must be later than the one before.")
    time = np.union1d(given, days)
    if time.size > given.size:
        right = np.clip(np.searchsorted(given, time), 1, given.size - 1)
        weight = (time - given[right - 1]) / (given[right] - given[right - 1])
    forces = {}
    for field in fields(Drivers)[1:]:
        force = np.asarray(number(field.name, getattr(drivers, field.name), *_LIMITS[field.name]))
        if force.ndim == 0 or force.shape[-1] == 1:
            forces[field.name] = np.broadcast_to(force, (*force.shape[:-1], time.size))
        elif force.shape[-1] != given.size:
            raise ValueError(f"{field.name} has shape {force.shape}; its last axis must be {given.size} days.")
        elif time.size == given.size:
            forces[field.name] = force
        else:
            forces[field.name] = force[..., right - 1] * (1.0 - weight) + force[..., right] * weight
    return replace(drivers, days=time, **forces)
