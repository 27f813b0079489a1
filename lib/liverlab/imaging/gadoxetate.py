"""Gadoxetate in the body: first an extracellular contrast medium, then a dye of hepatocytes.

It travels through blood and interstitium like iodine, so the whole-body pools of `kinetics_body` carry it: one
"milligram" of them stands for one micromole. Hepatocytes take it up from the liver's extracellular space at a rate in
proportion to its concentration there; tissue without hepatocytes loses what it got as the blood clears.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from liverlab.disease.checks import number
from liverlab.disease.kinetics import first_order
from liverlab.imaging import contrast, hu, kinetics_body
from liverlab.imaging.protocol import Protocol

# Label of the drug: 0.025 mmol per kg of a solution of 0.25 mmol per mL. Slow injection is usual, 1 mL/s.
DOSE_MMOL_KG, BOTTLE_MMOL_ML, INJECTION_ML_S = 0.025, 0.25, 1.0
# L per mmol and s at 1.5 T and 37 C. Blood: Shen 2015, Invest Radiol 50:330. Liver tissue, standing for hepatocytes:
# 1.8 times that of blood (Ziemian 2020, NMR Biomed, e4401, abstract).
R1_BLOOD_L_MMOL_S, R1_HEPATOCYTE_L_MMOL_S = 7.2, 7.2 * 1.8
# Plasma half-life after the distribution, about one hour (label of the drug); here the tail beyond 300 s.
TAIL_S = 3600.0 / np.log(2)
# Uptake out of the liver's extracellular space, per s, chosen here so that normal liver loses two thirds of its T1 in
# 20 minutes, as studies of normal livers report (60 to 70 %); illustrative.
UPTAKE_PER_S = 0.0034
HEPATOBILIARY_S = 1200.0
_END_S = 3600.0


def injection(protocol: Protocol) -> Protocol:
    """The injection of gadoxetate into the patient of a CT protocol; its "iodine" is gadolinium, mmol for g."""
    changes = {
        "iodine_g_per_kg": DOSE_MMOL_KG,
        "iodine_concentration_mg_ml": 1000.0 * BOTTLE_MMOL_ML,
        "injection_rate_ml_s": INJECTION_ML_S,
        "kvp": 120.0,
    }
    return Protocol(**{**vars(protocol), **changes})


def extracellular_mmol_l(protocol: Protocol, t_s: float) -> dict[str, float]:
    """Concentration (mmol per L of tissue) outside cells in every vessel and organ, t_s (0..3600 s) after injection.

    Keys: `contrast.CURVES`. Beyond 300 s all fall together with the half-life of the tail. ValueError for other times.
    """
    given, inside, left = _clock(protocol, t_s)
    return {name: float(value) * left / _slope(given) for name, value in contrast.curves(given, inside).items()}


def lesion_mmol_l(protocol: Protocol, t_s: float, enhancement70_hu, kind: str):
    """Concentration (mmol/L) in a lesion that enhances by enhancement70_hu (...) HU at 70 s of the reference CT.

    kind: course of the enhancement, as `contrast.lesion_enhancement_hu` takes it; t_s 0..3600 s.
    """
    given, inside, left = _clock(protocol, t_s)
    return contrast.lesion_enhancement_hu(given, inside, enhancement70_hu, kind) * left / _slope(given)


def hepatocyte_mmol_l(protocol: Protocol, t_s: float, function_pct: float = 100.0) -> float:
    """Concentration (mmol per L of liver) in hepatocytes: the uptake rate times the area under the liver's curve.

    function_pct 0..100: share of the normal uptake. What leaves for the bile within 20 minutes is neglected.
    """
    time, area = _liver_area(injection(protocol))
    function_pct = number("function_pct", function_pct, 0, 100, "%")
    return UPTAKE_PER_S * function_pct / 100.0 * float(np.interp(number("t_s", t_s, 0, _END_S, "s"), time, area))


@lru_cache(maxsize=8)
def _liver_area(given: Protocol) -> tuple[np.ndarray, np.ndarray]:
    early = np.arange(0.0, kinetics_body.END_S + 1, 5.0)
    late = np.arange(kinetics_body.END_S + 30.0, _END_S + 1, 30.0)
    liver = np.asarray(contrast.curves(given, early)["liver"])
    tail = liver[-1] * np.exp(-(late - kinetics_body.END_S) / TAIL_S)
    time, level = np.concatenate([early, late]), np.concatenate([liver, tail]) / _slope(given)
    return time, first_order(time, level, 0.0)


def _clock(protocol: Protocol, t_s: float) -> tuple[Protocol, float, float]:
    """The injection, the time at which its pools are asked, and what is left of them at t_s."""
    t_s = number("t_s", t_s, 0, _END_S, "s")
    inside = min(t_s, kinetics_body.END_S)
    return injection(protocol), inside, float(np.exp(-(t_s - inside) / TAIL_S))


def _slope(given: Protocol) -> float:
    return hu.hu_per_mgi_ml(given.kvp, hu.body_cm(given.weight_kg))
