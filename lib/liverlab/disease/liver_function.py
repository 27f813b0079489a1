"""From forces on the liver to laboratory values: a small system with the published half-lives.

Living hepatocytes H, and those that blood reaches F = H x perfused share p, both relative to a normal liver:

    H' = r p H (1 - H / (reserve x room)) - (death + necrosis) H,   r = REGENERATION_PER_DAY

What is made needs living cells; what is cleared needs blood flow as well. Every analyte is one pool,
c' = source(t) - rate x c, rate = ln 2 / half-life:

* enzymes: normal turnover follows H, dying cells spill what they hold, the tumour adds its own;
* ALP and GGT are not spilled but induced, by lost outflow of bile and by infiltration;
* bilirubin: made -> unconjugated -(clearance x F)-> conjugated -> bile, or back to the blood where bile does not flow;
  part of that binds to albumin for good (delta) and leaves only with it;
* albumin and factor VII are made by H; INR = (factor VII / 100 %) ^ -0.65;
* ammonia and lactate are cleared within hours and follow F at once; urate and creatinine wait for the kidneys.

Half-lives stand in `casesdata/parameters.csv`, typical values and limits in `casesdata/labs.csv`. The constants below
are illustrative unless a source is named: they give the magnitudes clinicians know; nobody measured them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .checks import take
from .kinetics import first_order, first_order_varying, logistic
from .liver_drivers import Drivers, on_days
from .liver_labs import UMOL_PER_MG_BILIRUBIN_DL, Labs

HALF_LIVES = (
    *("alt_half_life_h", "ast_half_life_h", "mitochondrial_ast_half_life_h", "ldh_half_life_h"),
    *("alp_half_life_d", "ggt_half_life_d", "albumin_half_life_d", "factor_vii_half_life_h"),
    *("conjugated_bilirubin_half_life_h", "delta_bilirubin_half_life_d"),
)
REGENERATION_PER_DAY = 0.12  # half of a liver grows back within a month
LEAST_START = 0.01  # share of the reserve that a course starts with where death outweighs regeneration from the start
LARGEST_EXPONENT = 600.0  # below it e^x is a number

# Enzyme in plasma, U/L, if a whole normal liver burst at once; withering cells leak a small part of what they hold.
ALT_CONTENT_U_L = 17_000.0
AST_CONTENT_U_L = 22_000.0
MITOCHONDRIAL_AST_CONTENT_U_L = 18_000.0
LDH_CONTENT_U_L = 25_000.0
WITHERED_LEAK = 0.15
# A liver that is all tumour: AST in plasma from its turnover, LDH spilled if all of it died at once.
TUMOUR_AST_U_L = 150.0
TUMOUR_LDH_CONTENT_U_L = 40_000.0
# Times the typical activity, added by full cholestasis and by a liver that is all tumour.
ALP_INDUCTION = (4.0, 3.0)
GGT_INDUCTION = (20.0, 12.0)

# Production 4 mg/kg a day and clearance of the unconjugated pigment 47 mL/min in 70 kg are published (bibliography:
# bilirubin_kinetics); its space of 0.22 L/kg is chosen so that a blocked duct raises it by 1.8 mg/dL a day.
BILIRUBIN_MADE_UMOL_L_D = 4.0 / (10.0 * 0.22) * UMOL_PER_MG_BILIRUBIN_DL
UNCONJUGATED_PER_DAY = 47.0 * 1.44 / (0.22 * 70.0)
NORMAL_REFLUX = 0.1  # share of the conjugated pigment that healthy hepatocytes hand back to the blood
URINE_PER_DAY = 0.07  # of the conjugated pigment: a blocked duct levels off
DELTA_BINDING_PER_DAY = 0.025
# Nothing is cleared more slowly than by this share of a normal liver: nobody lives to show it.
LEAST_FUNCTION = 0.01

INR_EXPONENT = -0.65
LOWEST_FACTOR_VII_PCT = 2.0  # laboratories stop near an INR of 12
# Half of the cells, or of the vitamin K, makes more than half of the protein: x (1 + spare) / (x + spare).
ALBUMIN_SPARE = 0.4
VITAMIN_K_SPARE = 0.4
VITAMIN_K_PER_DAY = np.log(2.0) / 10.0  # how fast the stores run down
PLATELETS_PER_DAY = np.log(2.0) / 4.0
URATE_PER_DAY = 0.7
URATE_BY_GUT = 0.35
CREATININE_PER_DAY = 4.0
# Clearance by muscle and kidney relative to that of a normal liver.
AMMONIA_ELSEWHERE = 0.12
LACTATE_ELSEWHERE = 1.0


def simulate(values: Mapping[str, Any], days: Any, drivers: Drivers, labs: Mapping[str, Any]) -> Labs:
    """Laboratory values on the days (T,) under the forces of `drivers`.

    values: parameter key -> float, or array whose axes become leading axes: hepatic_reserve_pct, tumour_ldh_u_l and
    HALF_LIVES. labs: key -> object with `typical`, as `evidence.load().labs`. On the first day of the drivers the
    patient is taken to be in a steady state; the steps are those of the drivers (`liver_drivers.grid`).
    Raises ValueError with one sentence for a missing key, or a value, force or day out of range.
    """
    state = _cells(values, on_days(drivers, days), labs)
    fields = {
        **_enzymes(state, _lead(take(values, "tumour_ldh_u_l", 0, unit="U/L"))),
        **_bilirubin(state),
        **_made(state),
        **_cleared(state),
        "living_mass_pct": 100.0 * state.living,
        "functional_mass_pct": 100.0 * state.working,
    }
    days = np.asarray(days, dtype=float)
    wanted = slice(None) if np.array_equal(days, state.time) else np.searchsorted(state.time, days)
    lead = np.broadcast_shapes(*(curve.shape[:-1] for curve in fields.values()))
    return Labs(days, **{key: np.broadcast_to(c[..., wanted], (*lead, days.size)) for key, c in fields.items()})


@dataclass(frozen=True, eq=False)
class _State:
    """The cells on every day of the drivers, and what the pools need: rates (...) per day, typical values."""

    force: Drivers
    rate: dict[str, Any]
    typical: dict[str, float]
    turnover: np.ndarray  # of the hepatocytes relative to this patient's usual
    living: np.ndarray
    working: np.ndarray
    spilled: np.ndarray  # share of a normal liver whose content reaches the blood in a day
    kidney: np.ndarray

    @property
    def time(self) -> np.ndarray:
        return self.force.days

    def pool(self, name, level, flow=0.0):
        """A pool that settles at `level`, with `flow` a day on top; the first day is a steady state."""
        rate = self.rate[name]
        source = _lead(rate) * level + flow
        return first_order(self.time, source, rate, source[..., 0] / rate)


def _cells(values, force, labs):
    reserve = _lead(take(values, "hepatic_reserve_pct", 0, 100, "%", above=True)) / 100.0
    living = _living(force, reserve)
    working = living * force.perfused_share
    return _State(
        force=force,
        rate={key.rpartition("_half_life_")[0]: _rate(values, key) for key in HALF_LIVES},
        typical={key: lab.typical for key, lab in labs.items()},
        turnover=living / reserve,
        living=living,
        working=working,
        spilled=living * (force.necrosis_per_day + WITHERED_LEAK * force.death_per_day),
        kidney=force.kidney_share * (1.0 - 0.8 / (1.0 + ((working / 0.2) ** 2) ** 2)),
    )


def _living(force, reserve):
    growth = REGENERATION_PER_DAY * force.perfused_share
    net = growth - force.death_per_day - force.necrosis_per_day
    exponent = np.zeros(net.shape)
    exponent[..., 1:] = np.cumsum(0.5 * (net[..., 1:] + net[..., :-1]) * np.diff(force.days), axis=-1)
    first = growth[..., :1]
    room = reserve * force.room_share
    start = room[..., :1] * np.maximum(net[..., :1] / np.where(first > 0, first, 1.0), LEAST_START)
    return logistic(force.days, np.maximum(exponent, -LARGEST_EXPONENT), growth / room, start)


def _enzymes(state, tumour_ldh_u_l):
    force, typical, spilled = state.force, state.typical, state.spilled
    ast = typical["ast_u_l"] * state.turnover + TUMOUR_AST_U_L * force.tumour_load
    mitochondrial = MITOCHONDRIAL_AST_CONTENT_U_L * force.mitochondrial_share * spilled
    ldh = typical["ldh_u_l"] + tumour_ldh_u_l * force.tumour_load
    lysis = TUMOUR_LDH_CONTENT_U_L * force.tumour_lysis_per_day

    def induced(name, by_cholestasis, by_tumour):
        bile = by_cholestasis * force.cholestasis * force.ductular_share
        return state.pool(name, typical[f"{name}_u_l"] * (1.0 + bile + by_tumour * force.tumour_load))

    return {
        "alt_u_l": state.pool("alt", typical["alt_u_l"] * state.turnover, ALT_CONTENT_U_L * spilled),
        "ast_u_l": state.pool("ast", ast, AST_CONTENT_U_L * spilled)
        + state.pool("mitochondrial_ast", 0.0, mitochondrial),
        "ldh_u_l": state.pool("ldh", ldh, LDH_CONTENT_U_L * spilled + lysis),
        "alp_u_l": induced("alp", *ALP_INDUCTION),
        "ggt_u_l": induced("ggt", *GGT_INDUCTION),
    }


def _bilirubin(state):
    """The three pools. Hepatocytes hand conjugated pigment to bile or, as bile flows less, back to the blood."""
    rate, open_share = state.rate, 1.0 - state.force.cholestasis
    function = np.maximum(state.working, LEAST_FUNCTION)
    uptake = UNCONJUGATED_PER_DAY * function
    unconjugated = _settled(state.time, np.full_like(uptake, BILIRUBIN_MADE_UMOL_L_D), uptake)
    reflux = NORMAL_REFLUX / (NORMAL_REFLUX + (1.0 - NORMAL_REFLUX) * open_share)
    leaves = _lead(rate["conjugated_bilirubin"]) * function * (1.0 - reflux) + URINE_PER_DAY * state.kidney
    conjugated = _settled(state.time, reflux * uptake * unconjugated, leaves + DELTA_BINDING_PER_DAY)
    return {
        "bilirubin_unconjugated_umol_l": unconjugated,
        "bilirubin_conjugated_umol_l": conjugated,
        "bilirubin_delta_umol_l": state.pool("delta_bilirubin", 0.0, DELTA_BINDING_PER_DAY * conjugated),
    }


def _made(state):
    """What living cells make: albumin, factor VII (with vitamin K), and the hormone that keeps platelets up."""
    force, living, typical = state.force, state.living, state.typical
    stores = force.vitamin_k_share
    vitamin_k = first_order(state.time, VITAMIN_K_PER_DAY * stores, VITAMIN_K_PER_DAY, stores[..., 0])
    clotting = living * _spared(vitamin_k, VITAMIN_K_SPARE) * force.factor_share
    factor_vii = state.pool("factor_vii", typical["factor_vii_pct"] * clotting)
    # A third of all platelets rests in a normal spleen, more in a large one.
    circulating = 1.5 / (1.0 + 0.5 * force.spleen_ratio)
    marrow = (0.4 + 0.6 * living) * (1.0 - 0.5 * force.tumour_load)
    platelets = typical["platelets_1e9_l"] * circulating * marrow * force.platelet_share
    return {
        "albumin_g_l": state.pool("albumin", typical["albumin_g_l"] * _spared(living, ALBUMIN_SPARE)),
        "factor_vii_pct": factor_vii,
        "inr": typical["inr"] * (np.maximum(factor_vii, LOWEST_FACTOR_VII_PCT) / 100.0) ** INR_EXPONENT,
        "platelets_1e9_l": first_order(state.time, PLATELETS_PER_DAY * platelets, PLATELETS_PER_DAY, platelets[..., 0]),
    }


def _cleared(state):
    """What comes from elsewhere and leaves through liver or kidney. Gains by tumour and hypoxia are illustrative."""
    force, typical, working = state.force, state.typical, state.working
    urate = 1.0 + 1.5 * force.tumour_load + 8.0 * force.tumour_lysis_per_day + state.spilled
    lactate = 1.0 + 3.0 * force.tumour_load + 14.0 * force.hypoxia
    return {
        "ammonia_umol_l": typical["ammonia_umol_l"] / _with_elsewhere(working, AMMONIA_ELSEWHERE),
        "lactate_mmol_l": typical["lactate_mmol_l"] * lactate / _with_elsewhere(working, LACTATE_ELSEWHERE),
        "uric_acid_umol_l": _settled(
            state.time,
            URATE_PER_DAY * typical["uric_acid_umol_l"] * urate,
            URATE_PER_DAY * (URATE_BY_GUT + (1.0 - URATE_BY_GUT) * state.kidney),
        ),
        "creatinine_umol_l": _settled(
            state.time,
            np.full_like(state.kidney, CREATININE_PER_DAY * typical["creatinine_umol_l"]),
            CREATININE_PER_DAY * state.kidney,
        ),
    }


def _with_elsewhere(working, elsewhere):
    """Clearance relative to health, where other organs add `elsewhere` times that of a normal liver."""
    return (working + elsewhere) / (1.0 + elsewhere)


def _spared(share, spare):
    return share * (1.0 + spare) / (share + spare)


def _settled(time, source, rate):
    """`first_order_varying` from the steady state of the first day."""
    return first_order_varying(time, source, rate, source[..., 0] / rate[..., 0])


def _lead(value):
    """A parameter array with one more axis, for the days; a float stays a float."""
    return value[..., None] if isinstance(value, np.ndarray) else value


def _rate(values, key):
    """Rate per day of a half-life in hours or days."""
    unit, per_day = ("hours", 24.0) if key.endswith("_h") else ("days", 1.0)
    return per_day * np.log(2.0) / take(values, key, 0, unit=unit, above=True)
