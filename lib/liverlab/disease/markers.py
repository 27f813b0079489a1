"""Tumour markers in blood: made by viable tumour, cleared with a half-life, with an early surge.

    m' = k (V(t)/V(0) - m),  k = ln 2 / half-life,  m = 1 before treatment

so that the marker follows the viable volume V with a lag. Dying cells may add a transient surge on top. Named markers
with their half-lives: `casesdata/series/marker_half_lives.csv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import course
from .checks import days as checked_days
from .checks import number, take
from .kinetics import first_order

# Peak of the surge. CEA surges on oxaliplatin peaked between day 13 and 56 (surge2004).
SURGE_PEAK_D = 30.0


@dataclass(frozen=True)
class Marker:
    """A marker in blood: name, half_life_d, surge_pct (peak of its early surge, % of the baseline) and surge_peak_d."""

    name: str
    half_life_d: float
    surge_pct: float
    surge_peak_d: float = SURGE_PEAK_D


def named(rows: Iterable[Mapping[str, Any]]) -> dict[str, Marker]:
    """The rows of `evidence.load().series("marker_half_lives")` as key -> Marker.

    surge_pct is that of a patient who has a surge; most have none (CEA: 11 to 15 % of patients).
    Raises ValueError for a half-life or a peak that is not above 0, or a surge below 0.
    """
    return {
        row["key"]: Marker(
            str(row["marker"]),
            number(f"half_life_d of {row['key']}", row["half_life_d"], 0, unit="days", above=True),
            number(f"surge_pct of {row['key']}", row["surge_pct"], 0, unit="%"),
            number(f"surge_peak_d of {row['key']}", row["surge_peak_d"], 0, unit="days", above=True),
        )
        for row in rows
    }


def relative_level(days, relative_volume, half_life_d, surge_pct=0.0, surge_peak_d=SURGE_PEAK_D):
    """Marker relative to its level on the first day, (..., T).

    days (T,) increasing, the first one taken as a steady state; relative_volume (..., T) >= 0, viable volume relative
    to the first day, taken as linear between the days given; half_life_d (...) > 0; surge_pct (...) >= 0, peak of the
    surge in % of the baseline, surge_peak_d (...) > 0 days after day 0. Raises ValueError outside these ranges.
    """
    days = checked_days("days", days)
    relative_volume = np.asarray(number("relative_volume", relative_volume, 0))
    if relative_volume.ndim == 0 or relative_volume.shape[-1] != days.size:
        raise ValueError(f"relative_volume has shape {relative_volume.shape}; its last axis must be {days.size} days.")
    rate = np.log(2.0) / np.asarray(number("half_life_d", half_life_d, 0, unit="days", above=True))
    surge = np.asarray(number("surge_pct", surge_pct, 0, unit="%"))[..., None] / 100.0
    peak = np.asarray(number("surge_peak_d", surge_peak_d, 0, unit="days", above=True))[..., None]
    x = np.maximum(0.0, days) / peak
    return first_order(days, rate[..., None] * relative_volume, rate, relative_volume[..., 0]) + surge * x * np.exp(
        1.0 - x
    )


def simulate(
    values: Mapping[str, Any],
    lesions: Sequence[Any],
    days: Any,
    actions: Iterable[Any] = (),
    marker: Marker | None = None,
) -> np.ndarray:
    """Marker relative to day 0 on the given days, (..., T), from the hidden state of `course.simulate`.

    Half-life and surge are those of `marker`, or marker_half_life_d and marker_surge_pct of `values`. The surge needs
    dying cells: it is scaled by the part of the tumour volume of day 0 that responds, so a patient whose lesions all
    resist has none.
    Raises ValueError as `course.simulate`; also if there is no viable tumour on day 0.
    """
    days = checked_days("days", days)
    actions = tuple(actions)
    # Daily steps so that the answer does not depend on how often the patient is seen.
    fine = np.unique(np.concatenate([np.arange(min(0.0, days[0]), max(0.0, days[-1]) + 1.0), days, [0.0]]))
    hidden = course.simulate(values, lesions, fine, actions)
    at_start = int(np.searchsorted(fine, 0.0))
    reference = hidden.viable_volume_ml[..., at_start, None]
    if not np.all(reference > 0):
        raise ValueError("viable volume on day 0 is 0 mL; a relative marker needs at least one viable lesion.")
    # Nothing dies in lesions that resist: weigh each lesion by its volume on day 0 and by how far it responds.
    baseline = hidden.diameter_mm[..., at_start] ** 3
    response = np.array([0.0 if lesion.role == "new" else min(1.0, float(lesion.response)) for lesion in lesions])
    share = (response * baseline).sum(axis=-1) / baseline.sum(axis=-1)
    acting = (np.asarray(values["perfusion_loss_pct"]) > 0) | (np.asarray(values["shrinkage_rate_per_week"]) > 0)
    if marker is None:
        half_life = take(values, "marker_half_life_d", 0, unit="days", above=True)
        marker = Marker("", half_life, take(values, "marker_surge_pct", 0, unit="%"))
    surge = marker.surge_pct * share * acting
    level = relative_level(fine, hidden.viable_volume_ml / reference, marker.half_life_d, surge, marker.surge_peak_d)
    return level[..., np.searchsorted(fine, days)]
