"""Iodine in tissue that one or two vessels feed, and the organs that the whole-body pools do not hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liverlab.disease.checks import number
from liverlab.disease.kinetics import first_order


def dual_input(t_s, c_artery, c_portal, k1a, k1p, k2):
    """Tissue concentration with an arterial and a portal input: c' = k1a c_artery + k1p c_portal - k2 c, c(0) = 0.

    t_s (T,) in s, increasing; c_artery, c_portal (..., T), taken as linear between the times, for which the answer
    (..., T) is exact; k1a, k1p, k2 (...) in 1/s, >= 0. Any unit of concentration, also HU of enhancement.
    Arterial fraction k1a / (k1a + k1p); distribution volume (k1a + k1p) / k2; mean transit time 1 / k2.
    Raises ValueError if times are not increasing, shapes do not fit or a rate is negative.
    Source: Materne et al., J Cereb Blood Flow Metab 2000;20:1634-42 (structure).
    """
    t_s = np.asarray(t_s, dtype=float)
    if t_s.ndim != 1 or t_s.size == 0 or not np.isfinite(t_s).all() or (np.diff(t_s) <= 0).any():
        raise ValueError(f"t_s has shape {t_s.shape} or does not increase; it must be one increasing list of seconds.")
    inputs = []
    for name, curve in (("c_artery", c_artery), ("c_portal", c_portal)):
        curve = np.asarray(number(name, curve, -np.inf))
        if curve.ndim == 0 or curve.shape[-1] != t_s.size:
            raise ValueError(f"{name} has shape {curve.shape}; its last axis must be the {t_s.size} times.")
        inputs.append(curve)
    k1a, k1p, k2 = (
        np.asarray(number(name, rate, 0, unit="1/s")) for name, rate in (("k1a", k1a), ("k1p", k1p), ("k2", k2))
    )
    return first_order(t_s, k1a[..., None] * inputs[0] + k1p[..., None] * inputs[1], k2)


def rates(perfusion_ml_min_100ml, arterial_fraction, transit_s):
    """The rates k1a, k1p, k2 (1/s) of `dual_input` from what perfusion CT reports.

    perfusion_ml_min_100ml (...) >= 0: arterial and portal flow together, of the fluid whose concentration the inputs
    give (plasma, or blood with inputs in blood); arterial_fraction (...) 0..1; transit_s (...) > 0, mean transit time.
    k1a + k1p = perfusion / 6000, k2 = 1 / transit time; the distribution volume is their ratio.
    """
    flow = number("perfusion_ml_min_100ml", perfusion_ml_min_100ml, 0, 2000, "mL/min/100 mL") / 6000.0
    arterial_fraction = number("arterial_fraction", arterial_fraction, 0, 1)
    k2 = 1.0 / number("transit_s", transit_s, 0, 1e4, "s", above=True)
    return arterial_fraction * flow, (1.0 - arterial_fraction) * flow, k2


@dataclass(frozen=True)
class Tissue:
    """A tissue as `dual_input` sees it: what it takes up, how fast, how much of it comes from the artery.

    distribution_volume: iodine per mL tissue over iodine per mL blood at equilibrium; transit_s: mean transit time of
    one stage; stages: how many the blood passes one after the other until it arrives here.
    """

    distribution_volume: float
    transit_s: float
    arterial_fraction: float = 1.0
    stages: int = 1


# Organs beside the circulation, chosen here to give the enhancement seen at 35, 70 and 180 s; illustrative.
ORGANS = {
    "pancreas": Tissue(0.33, 9.0),
    "adrenal": Tissue(0.32, 9.0),
    "stomach_wall": Tissue(0.33, 20.0),
    "bowel_wall": Tissue(0.32, 16.0),
    "bone_trabecular": Tissue(0.08, 30.0),
    "skin": Tissue(0.10, 40.0),
    "lung": Tissue(0.10, 4.0),
    "spinal_canal": Tissue(0.03, 10.0),
    "cartilage": Tissue(0.03, 90.0),
    "disc": Tissue(0.02, 90.0),
    "fat": Tissue(0.02, 20.0),
    "subcutaneous_fat": Tissue(0.015, 20.0),
}

# Lesions (shape only: the size of their enhancement is a parameter or stands in casesdata/lesions). Arterial fractions
# and transit times of `hyper` and `hypo` lie in the ranges of perfusion CT for hyper- and hypovascular metastases; all
# others were chosen to give the order of phases that radiology teaches. Illustrative.
LESIONS = {
    "hyper": Tissue(1.0, 12.0, 0.95),  # early in, early out
    "hypo": Tissue(1.0, 30.0, 0.85),  # slow, weak
    "blood": Tissue(1.0, 3.0),  # with the aorta: nodules of a haemangioma
    "fill_in": Tissue(1.0, 90.0, stages=2),  # through the rim inwards, up to the blood pool after minutes
    "delayed": Tissue(1.0, 150.0, 0.8),  # fibrous tissue, scar, capsule
    "arterial": Tissue(1.0, 18.0, 0.7),  # liver that lives on the artery: bright early, as liver at 70 s
}


def uptake(tissue: Tissue, t_s, c_artery, c_portal):
    """`dual_input` for a `Tissue`, in the unit of the inputs."""
    k2 = 1.0 / tissue.transit_s
    k1 = tissue.distribution_volume * k2
    c = dual_input(t_s, c_artery, c_portal, k1 * tissue.arterial_fraction, k1 * (1.0 - tissue.arterial_fraction), k2)
    return passed_on(t_s, c, tissue)


def passed_on(t_s, c_first, tissue: Tissue):
    """Concentration in the last stage of a tissue, from that in its first (T,)."""
    for _ in range(tissue.stages - 1):
        c_first = first_order(t_s, c_first / tissue.transit_s, 1.0 / tissue.transit_s)
    return c_first
