"""How a treated tumour loses its blood supply and then its cells; and what perfusion CT finds in livers and tumours.

    perfusion   F' = (F_end - F) / tau_v,  F_end = 1 - Emax      F = 1 - Emax (1 - e^(-t / tau_v)) from day 0 on
    viability   v' = (F - v) / tau_n                             starved tissue dies, fed tissue grows back

Both relative to the tissue's own state before treatment; any shapes that broadcast. The time constants are
illustrative (`casesdata/parameters.csv`). States of livers and tumours: `casesdata/series/perfusion.csv`; what they
mean for contrast medium is the business of `imaging.kinetics_tissue`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .checks import number
from .kinetics import approach, exponential_lag


def end_of_loss(loss_pct, effect=1.0):
    """Perfusion in the end, 1 - Emax: loss_pct is the loss under the full drug, `effect` the share of it that acts."""
    return 1.0 - np.minimum(1.0, loss_pct / 100.0 * effect)


def relative_perfusion(day, loss_pct, time_constant_d):
    """Perfusion relative to day 0, on days (...) >= 0 of a constant treatment: 1 - Emax (1 - e^(-t / tau_v)).

    loss_pct (...) 0 to 100, loss in the end; time_constant_d (...) > 0. Raises ValueError outside these ranges.
    """
    day = number("day", day, 0, unit="days")
    loss_pct = number("loss_pct", loss_pct, 0, 100, "%")
    tau = number("time_constant_d", time_constant_d, 0, unit="days", above=True)
    return approach(day, 1.0, end_of_loss(loss_pct), tau)


def advance(perfusion, viability, elapsed_d, end, vascular_d, necrosis_d):
    """Perfusion and viability `elapsed_d` days later, from any state, as perfusion goes to `end`; unchecked, exact."""
    away = perfusion - end
    return (
        approach(elapsed_d, perfusion, end, vascular_d),
        approach(elapsed_d, viability, end, necrosis_d) + away * exponential_lag(elapsed_d, vascular_d, necrosis_d),
    )


@dataclass(frozen=True)
class State:
    """How a tissue is supplied: perfusion_ml_min_100ml, arterial_fraction 0..1, transit_s (mean transit time)."""

    perfusion_ml_min_100ml: float
    arterial_fraction: float
    transit_s: float

    @property
    def distribution_volume(self) -> float:
        """Part of the tissue that contrast medium reaches, 0..1: perfusion times transit time."""
        return self.perfusion_ml_min_100ml / 6000.0 * self.transit_s


def states(rows: Iterable[Mapping[str, Any]]) -> dict[str, State]:
    """The rows of `evidence.load().series("perfusion")` as key -> State.

    Raises ValueError for a row without these columns, a perfusion or transit time that is not above 0 or a fraction
    outside 0 to 100 %.
    """
    return {
        row["key"]: State(
            number(f"perfusion of {row['key']}", row["perfusion_ml_min_100ml"], 0, unit="mL/min/100 mL", above=True),
            number(f"arterial fraction of {row['key']}", row["arterial_fraction_pct"], 0, 100, "%") / 100.0,
            number(f"transit time of {row['key']}", row["transit_s"], 0, unit="s", above=True),
        )
        for row in rows
    }
