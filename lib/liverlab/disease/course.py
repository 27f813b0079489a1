"""What happens in the liver of one patient, or of many, from the baseline scan on.

Treatment starts on day 0, just after the baseline scan. Each lesion answers twice:

* fast, in its vessels, and slowly in its cells: perfusion and viability, see `perfusion`
* slowly, in its size: ln d' = KL - KD E e^(-lambda t) (Claret, on the diameter), see `tumour`

and may swell for a while (myxoid change, haemorrhage) though its cells die. All closed forms; an action (switch, stop)
ends one piece and starts the next from the state reached. Basis of the numbers: `casesdata/parameters.csv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import perfusion as vessels
from . import tumour
from .checks import days as checked_days
from .checks import number, take
from .kinetics import approach

ROLES = ("target", "non_target", "occult", "new")
VASCULAR = ("hyper", "hypo")
ACTIONS = ("switch", "stop", "continue", "biopsy", "wait", "test")
# Exponential growth has no end, a liver has: a lesion that has filled it stays as large as it is (illustrative).
LARGEST_MM = 300.0


@dataclass(frozen=True, eq=False)
class Course:
    """The state of every lesion on every day; T days, L lesions, any leading axes of the parameters in front.

    diameter_mm (..., L, T) outer boundary, at most LARGEST_MM, then swelling on top; 0 where the lesion does not exist;
    viability, perfusion (..., L, T) 0..1, perfusion relative to the lesion's own baseline;
    swelling (..., L, T) factor >= 1 on the diameter; viable_volume_ml (..., T) summed over lesions, oedema excluded;
    liver_enhancement_change_hu (..., T), at the reference protocol's 70 s.
    """

    days: np.ndarray
    ids: tuple[str, ...]
    roles: tuple[str, ...]
    vascular: tuple[str, ...]
    diameter_mm: np.ndarray
    viability: np.ndarray
    perfusion: np.ndarray
    swelling: np.ndarray
    viable_volume_ml: np.ndarray
    liver_enhancement_change_hu: np.ndarray


@dataclass(frozen=True, eq=False)
class _Lesions:
    """The lesion specifications as columns (L, 1), ready to broadcast against (..., L, T)."""

    ids: tuple[str, ...]
    roles: tuple[str, ...]
    vascular: tuple[str, ...]
    diameter_mm: np.ndarray
    response: np.ndarray
    new: np.ndarray
    order: np.ndarray  # position among the lesions of the same role: what occult_count and new_lesion_count count


def simulate(values: Mapping[str, Any], lesions: Sequence[Any], days: Any, actions: Iterable[Any] = ()) -> Course:
    """The course of all lesions on the given days.

    values: parameter key -> float, or an array whose axes become the leading axes of the answer.
    lesions: L objects with id, role, diameter_mm, vascular, response (`evidence.LesionSpec`). Lesions of role `occult`
    and `new` exist while their position is below occult_count and new_lesion_count; the others keep diameter 0, so
    that L never changes. response multiplies the effect of the first drug on a lesion. A `new` lesion resists it: it
    is a seed of new_lesion_seed_mm on day 0 that doubles its volume every new_lesion_doubling_d.
    days (T,): in order; before day 0 lesions grow untreated. actions: objects with day >= 0 and kind; `switch` gives
    every lesion, also one that resisted, second_line_effect_pct of the first drug's full effect, with resistance
    starting afresh; `stop` ends the effect and perfusion recovers; all other kinds change nothing in the body.
    Raises ValueError with one sentence for a missing key or a value, day, role or kind out of range.
    """
    days = checked_days("days", days)
    spec = _columns(lesions)
    steps = _steps(actions)
    drug = {key: _lead(take(values, key, *limits)) for key, limits in _DRUG.items()}
    growth = tumour.per_day(drug["growth_rate_per_week"])
    kill = tumour.per_day(drug["shrinkage_rate_per_week"])
    fade = tumour.per_day(drug["resistance_rate_per_week"])
    second = drug["second_line_effect_pct"] / 100.0
    tau_v, tau_n = drug["vascular_time_constant_d"], drug["necrosis_time_constant_d"]
    growth = np.where(spec.new, tumour.diameter_rate_per_day(drug["new_lesion_doubling_d"]), growth)
    seed = np.where(spec.new, drug["new_lesion_seed_mm"], spec.diameter_mm)
    ceiling = np.log(LARGEST_MM / seed)

    lead = np.broadcast_shapes(*(np.shape(value)[:-2] for value in drug.values()))
    shape = (*lead, len(spec.ids), days.size)
    log_size, perfusion, viability = (np.empty(shape) for _ in range(3))
    liver = np.empty((*lead, 1, days.size))

    # State at the start of the piece: logarithm of relative diameter, perfusion, viability, liver change.
    state = (0.0, 1.0, 1.0, 0.0)
    effect = np.where(spec.new, 0.0, spec.response)
    liver_end = drug["liver_enhancement_change_hu"]
    edges = [0.0, *(step[0] for step in steps)]
    before = int(np.searchsorted(days, 0.0))
    log_size[..., :before] = growth * days[:before]
    perfusion[..., :before] = viability[..., :before] = 1.0
    liver[..., :before] = 0.0
    for piece, start in enumerate(edges):
        if piece:
            kind = steps[piece - 1][1]
            effect = np.full(spec.new.shape, 1.0) * second if kind == "switch" else np.zeros(spec.new.shape)
            liver_end = drug["liver_enhancement_change_hu"] if kind == "switch" else 0.0
        end = edges[piece + 1] if piece + 1 < len(edges) else np.inf
        inside = slice(int(np.searchsorted(days, start)), int(np.searchsorted(days, end)))
        fed = vessels.end_of_loss(drug["perfusion_loss_pct"], effect)
        law = (growth, kill * effect, fade, fed, tau_v, tau_n, liver_end, ceiling)
        piece_answer = _advance(state, days[inside] - start, law)
        for target, part in zip((log_size, perfusion, viability, liver), piece_answer, strict=True):
            target[..., inside] = part
        if end < np.inf:
            state = _advance(state, np.array([end - start]), law)

    exists = _exists(spec, values)
    size = np.where(exists, seed * np.exp(log_size), 0.0)
    swelling = _swelling(spec, drug, days)
    volume = tumour.volume_ml(size) * viability
    return Course(
        days=days,
        ids=spec.ids,
        roles=spec.roles,
        vascular=spec.vascular,
        diameter_mm=size * swelling,
        viability=viability,
        perfusion=perfusion,
        swelling=np.broadcast_to(swelling, shape),
        viable_volume_ml=volume.sum(axis=-2),
        liver_enhancement_change_hu=liver[..., 0, :],
    )


# key -> low, high, unit (and whether low itself is refused): the physically possible, not the slider's range.
_DRUG = {
    "perfusion_loss_pct": (0, 100, "%"),
    "shrinkage_rate_per_week": (0, 10, "per week"),
    "growth_rate_per_week": (0, 10, "per week"),
    "resistance_rate_per_week": (0, 10, "per week"),
    "vascular_time_constant_d": (0, 1e4, "days", True),
    "necrosis_time_constant_d": (0, 1e4, "days", True),
    "swelling_pct": (0, 200, "%"),
    "swelling_time_constant_d": (0, 1e4, "days", True),
    "new_lesion_seed_mm": (0, 100, "mm", True),
    "new_lesion_doubling_d": (0, 1e4, "days", True),
    "liver_enhancement_change_hu": (-200, 200, "HU"),
    "second_line_effect_pct": (0, 1000, "%"),
}


def _lead(value):
    """A parameter array with two more axes, for lesions and days; a float stays a float."""
    return value if isinstance(value, float) else value[..., None, None]


def _advance(state, elapsed, law):
    """State (log size, perfusion, viability, liver change) after `elapsed` days of constant treatment."""
    log_size, perfusion, viability, liver = state
    growth, kill, fade, end, tau_v, tau_n, liver_end, ceiling = law
    return (
        np.minimum(log_size + tumour.log_claret(elapsed, growth, kill, fade), ceiling),
        *vessels.advance(perfusion, viability, elapsed, end, tau_v, tau_n),
        approach(elapsed, liver, liver_end, tau_v),
    )


def _swelling(spec, drug, days):
    """Factor on the diameter: rises to its peak one time constant after the start, then subsides; 1 where no drug acts.

    x e^(1-x), x = day / time constant. It follows the first response and is not restarted by a switch.
    """
    x = np.maximum(0.0, days / drug["swelling_time_constant_d"])
    acting = (drug["perfusion_loss_pct"] > 0) | (drug["shrinkage_rate_per_week"] > 0)
    share = np.where(spec.new, 0.0, np.minimum(1.0, spec.response)) * acting
    return 1.0 + drug["swelling_pct"] / 100.0 * share * x * np.exp(1.0 - x)


def _exists(spec, values):
    """Whether each lesion is in this patient, (..., L, 1)."""
    exists = np.ones((len(spec.ids), 1), dtype=bool)
    for role, key in (("occult", "occult_count"), ("new", "new_lesion_count")):
        if role in spec.roles:
            gated = np.array([[name == role] for name in spec.roles])
            count = _lead(take(values, key, 0, 1000))
            exists = exists & (~gated | (spec.order < count))
    return exists


def _columns(lesions):
    lesions = tuple(lesions)
    if not lesions:
        raise ValueError("lesions is empty; it must hold at least one lesion.")
    ids = tuple(str(lesion.id) for lesion in lesions)
    if len(set(ids)) < len(ids):
        twice = next(name for name in ids if ids.count(name) > 1)
        raise ValueError(f"lesions holds the id {twice!r} more than once; every id must be different.")
    for lesion in lesions:
        if lesion.role not in ROLES:
            raise ValueError(f"role of lesion {lesion.id} is {lesion.role!r}; it must be one of {', '.join(ROLES)}.")
        if lesion.vascular not in VASCULAR:
            raise ValueError(f"vascular of lesion {lesion.id} is {lesion.vascular!r}; it must be hyper or hypo.")
        number(f"diameter_mm of lesion {lesion.id}", lesion.diameter_mm, 0, LARGEST_MM, "mm", above=True)
        number(f"response of lesion {lesion.id}", lesion.response, 0, 10)
    roles = tuple(lesion.role for lesion in lesions)
    order = [roles[:at].count(role) for at, role in enumerate(roles)]
    return _Lesions(
        ids=ids,
        roles=roles,
        vascular=tuple(lesion.vascular for lesion in lesions),
        diameter_mm=np.array([[float(lesion.diameter_mm)] for lesion in lesions]),
        response=np.array([[float(lesion.response)] for lesion in lesions]),
        new=np.array([[role == "new"] for role in roles]),
        order=np.array([[float(at)] for at in order]),
    )


def _steps(actions):
    """(day, kind) of the actions that change treatment, in order of day."""
    steps = []
    for action in actions:
        if action.kind not in ACTIONS:
            raise ValueError(f"kind of an action is {action.kind!r}; it must be one of {', '.join(ACTIONS)}.")
        day = number("day of an action", action.day, 0, unit="days")
        if action.kind in ("switch", "stop"):
            steps.append((day, action.kind))
    return sorted(steps, key=lambda step: step[0])
