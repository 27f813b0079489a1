"""What each decision leads to, re-simulated from the hidden state."""

from dataclasses import dataclass

import numpy as np

from liverlab.disease import course as disease_course
from liverlab.reading.next_tests import RESCAN_D, biopsy

DECISIONS = ("continue", "switch", "biopsy", "wait")
# Days from ordering a biopsy to a decision on its result; illustrative.
BIOPSY_D = 14.0
# +20 % in diameter, RECIST's limit, as a volume.
PROGRESSION_RATIO = 1.2**3
# Tumour volumes above this are only said to be larger: two thirds of a normal liver.
LARGEST_ML = 1000.0


@dataclass(frozen=True)
class Step:
    """Something done to the patient on a day, as `disease.course` takes it."""

    day: float
    kind: str
    detail: str = ""


@dataclass(frozen=True, eq=False)
class Branch:
    """One decision carried through. days (T,) from day 0; viable_volume_ml (T,) living tumour in the liver.

    progression_day: first day after the decision on which living tumour is 73 % (+20 % in diameter) above its smallest
    volume so far; None if that does not happen in time. steps: what was done. text: the outcome, in a few sentences.
    """

    decision: str
    days: np.ndarray
    viable_volume_ml: np.ndarray
    progression_day: float | None
    steps: tuple[Step, ...]
    text: str


def consequences(values, lesions, decision_day, horizon_d, actions=(), seed=1) -> dict[str, Branch]:
    """All four decisions on decision_day (day, > 0), followed for horizon_d days (7..3650).

    continue: the drug goes on. switch: second-line drug from decision_day. wait: the drug goes on until a scan six
    weeks later; if living tumour has grown by then, the drug is switched. biopsy: decided 14 days later; living tumour
    in the needle and a growing tumour lead to a switch, anything else to continuing. actions: what was done before;
    seed: the luck of the needle. Raises ValueError for days out of range and as `disease.course.simulate` does.
    """
    if not 0 < decision_day <= 3650:
        raise ValueError(f"decision_day is {decision_day:g} d; allowed: more than 0 to 3650 d.")
    if not 7 <= horizon_d <= 3650:
        raise ValueError(f"horizon_d is {horizon_d:g} d; allowed: 7 to 3650 d.")
    past = tuple(action for action in actions if action.day < decision_day)
    end = float(decision_day + horizon_d)
    steps = {
        "continue": (),
        "switch": (Step(float(decision_day), "switch"),),
        "biopsy": _biopsy_steps(values, lesions, decision_day, past, seed),
        "wait": _wait_steps(values, lesions, decision_day, past),
    }
    return {name: _follow(name, values, lesions, decision_day, end, past, steps[name]) for name in DECISIONS}


def _growing(values, lesions, first_day, last_day, past):
    volume = disease_course.simulate(values, lesions, [0.0, first_day, last_day], past).viable_volume_ml
    return bool(volume[2] > volume[1])


def _wait_steps(values, lesions, day, past):
    rescan = float(day) + RESCAN_D
    return (Step(rescan, "switch"),) if _growing(values, lesions, day, rescan, past) else ()


def _biopsy_steps(values, lesions, day, past, seed):
    course = disease_course.simulate(values, lesions, [0.0, float(day)], past)
    found = "living tumour." in biopsy(values, lesions, course, 1, past, seed).text
    decided = float(day) + BIOPSY_D
    grows = _growing(values, lesions, day, decided, past)
    return (Step(decided, "switch"),) if found and grows else ()


def _follow(name, values, lesions, day, end, past, steps):
    days = np.unique(np.concatenate([np.arange(0.0, end, 1.0), [float(day), end]]))
    volume = disease_course.simulate(values, lesions, days, past + steps).viable_volume_ml
    after = days > day
    grown = after & (volume >= PROGRESSION_RATIO * np.minimum.accumulate(volume)) & (volume > 0.05)
    progression = float(days[np.argmax(grown)]) if grown.any() else None
    at = int(np.searchsorted(days, day))
    lowest = at + int(np.argmin(volume[at:]))
    text = f"Living tumour {_ml(volume[at])} on day {day:g}"
    if lowest > at and volume[lowest] < 0.95 * volume[at]:
        text += f", {_ml(volume[lowest])} at its smallest (day {days[lowest]:g})"
    text += f", {_ml(volume[-1])} on day {end:g}."
    text += f" True progression on day {progression:g}." if progression else f" No true progression by day {end:g}."
    if steps and name != "switch":
        text = f"The drug is switched on day {steps[0].day:g}. " + text
    return Branch(name, days, volume, progression, steps, text)


def _ml(volume):
    """Volume as text; unchecked exponential growth would soon name volumes no liver can hold."""
    return f"{volume:.1f} mL" if volume <= LARGEST_ML else f"more than {LARGEST_ML:g} mL"
