"""Contrast medium in vessels and tissue.

Sections 2.1 to 2.3 and 2.5 of the dossier. Published enhancement by other protocols is held within 35 %, for weight,
voltage or timing of those patients are not fully known; "got" says how far off the model is.
"""

import csv
import json
from dataclasses import replace

import numpy as np

from liverlab.disease.kinetics import first_order
from liverlab.imaging import contrast, kinetics_body, kinetics_tissue
from liverlab.imaging.protocol import REFERENCE

from . import REFERENCE as REFERENCE_DATA
from . import Vector

SECONDS = np.arange(0.0, 301.0)
UNENHANCED = {"aorta": 40.0, "portal_vein": 40.0, "liver": 56.3}
SANITY = 0.35


def _hu(name, delay_s):
    return UNENHANCED[name] + float(contrast.curves(REFERENCE, delay_s)[name])


def _range(name, delay_s, low, high):
    """A published range as its middle, its half width as tolerance."""
    what = f"{name.replace('_', ' ')} at {delay_s:g} s, 0.5 gI/kg, 70 kg, 120 kV: HU"
    return Vector(f"K-{name} {delay_s:g}", what, (low + high) / 2, f"usual range {low}-{high} HU",
                  lambda: _hu(name, delay_s), (high - low) / 2)  # fmt: skip


def _injection(volume_ml, concentration=350.0, duration_s=None, rate=3.0, **changes):
    """A patient of 70 kg given this much contrast medium, by duration or by rate."""
    rate = rate if duration_s is None else volume_ml / duration_s
    return replace(REFERENCE, iodine_g_per_kg=volume_ml * concentration / 70e3, injection_rate_ml_s=rate,
                   iodine_concentration_mg_ml=concentration, **changes)  # fmt: skip


def _enhancement(name, t_s, *injection, **changes):
    return float(contrast.curves(_injection(*injection, **changes), t_s)[name])


def _dose(id_, what, expected, source, got):
    return Vector(f"K-{id_}", what, expected, source, got, SANITY * expected)


def _published():
    for dose, measured in ((0.3, 53.3), (0.4, 63.4), (0.5, 80.3)):
        yield _dose(f"80 kV {dose}", f"Liver, 80 kV, {dose} gI/kg in 30 s, 70 s: enhancement, HU", measured,
                    "AJR 2016, 10.2214/AJR.15.15138",
                    lambda dose=dose: _enhancement("liver", 70.0, 200.0 * dose, duration_s=30.0, kvp=80.0))  # fmt: skip
    yield _dose("fixed duration", "Liver, 1.22 mL/kg of 350 mg/mL in 35 s, 70 s: enhancement, HU", 54.8,
                "fixed duration against fixed rate (abstract)",
                lambda: _enhancement("liver", 70.0, 85.4, duration_s=35.0))  # fmt: skip
    yield _dose("fixed rate", "Liver, 1.22 mL/kg of 350 mg/mL at 3 mL/s, 70 s: enhancement, HU", 50.0,
                "fixed duration against fixed rate (abstract)", lambda: _enhancement("liver", 70.0, 85.4))  # fmt: skip
    yield _dose("30 g", "Liver, 100 mL of 300 mg/mL, 70 s: enhancement, HU", 56.2, "Naruo 2007",
                lambda: _enhancement("liver", 70.0, 100.0, 300.0))  # fmt: skip
    yield _dose("521 mg/kg", "Liver, 521 mgI/kg at 3 mL/s, 70 s: enhancement, HU", 50.0, "Heiken 1995, not re-read",
                lambda: _enhancement("liver", 70.0, 104.2))  # fmt: skip
    for concentration, measured in ((350, 222), (300, 213), (250, 196), (200, 169)):
        yield _dose(f"aorta {concentration}", f"Aorta, 150 mL, {concentration} mg/mL, 35 s: enhancement, HU", measured,
                    "4-row study of 200-350 mg/mL, its delay assumed",
                    lambda c=concentration: _enhancement("aorta", 35.0, 150.0, float(c)))  # fmt: skip


def _above_50():
    most = contrast.curves(_injection(114.4, duration_s=30.0), SECONDS)["liver"].max()
    return "yes" if most > 50 else f"no, {most:.1f} HU"


def _linear():
    """Largest distance of liver enhancement at 70 s from a straight line through 0.3 to 0.6 g/kg, % of its largest."""
    doses = np.linspace(0.3, 0.6, 7)
    liver = np.array([contrast.curves(_injection(200.0 * d, duration_s=30.0), 70.0)["liver"] for d in doses])
    line = np.polyval(np.polyfit(doses, liver, 1), doses)
    return float(100 * np.abs(liver - line).max() / liver.max())


def _best_after_arrival():
    """Seconds from the aorta's first 100 HU to the largest contrast of a hypervascular lesion, 60 mL at 4 mL/s."""
    protocol = _injection(60.0, rate=4.0)
    curves = contrast.curves(protocol, SECONDS)
    lesion = contrast.lesion_enhancement_hu(protocol, SECONDS, 55.0, "hyper")
    return float(np.argmax(lesion - curves["liver"]) - np.argmax(curves["aorta"] >= 100))


def _iodine_balance():
    """Largest difference between iodine given and iodine found, mg, over 300 s."""
    time, amount = kinetics_body.amounts_mg(REFERENCE)
    given = np.minimum(time, REFERENCE.injection_s) * REFERENCE.injection_rate_ml_s * 350.0
    return round(float(np.abs(amount.sum(axis=1) - given).max()), 6)


NORMAL = (108.0, 0.19, 16.0)


def _filled():
    time = np.linspace(0.0, 400.0, 401)
    return float(kinetics_tissue.dual_input(time, np.ones(401), np.ones(401), *kinetics_tissue.rates(*NORMAL))[-1])


def _areas():
    time = np.linspace(0.0, 600.0, 12_001)
    source = np.interp(time, [0, 10, 25, 60], [0, 5, 8, 0])
    tissue = kinetics_tissue.dual_input(time, source, source, *kinetics_tissue.rates(*NORMAL))
    return float(np.trapezoid(tissue, time) / np.trapezoid(source, time))


def _parker_mmol_l(t_s):
    """Population input of Parker et al., Magn Reson Med 2006;56:993-1000; t_s since the arrival."""
    t = np.maximum(t_s, 0.0) / 60.0
    first = sum(
        a / (sd * np.sqrt(2 * np.pi)) * np.exp(-((t - centre) ** 2) / (2 * sd**2))
        for a, centre, sd in ((0.809, 0.17046, 0.0563), (0.330, 0.365, 0.132))
    )
    return np.where(t_s < 0, 0.0, first + 1.050 * np.exp(-0.1685 * t) / (1 + np.exp(-38.078 * (t - 0.483))))


def _reference_deviation(name):
    """Largest difference from the reference integration, % of its peak, with the smooth input followed every 0.05 s."""
    folder = REFERENCE_DATA / "perfusion"
    given = json.loads((folder / "dual_input_reference.json").read_text())["params"][name]
    with (folder / "dual_input_reference.csv").open() as file:
        rows = list(csv.DictReader(file))
    stored_s = np.array([float(row["t_s"]) for row in rows])
    stored = np.array([float(row[f"C_{name}_mM"]) for row in rows])
    time = np.arange(0.0, stored_s[-1] + 0.025, 0.05)
    artery = _parker_mmol_l(time - 10.0)
    portal = first_order(time, _parker_mmol_l(time - 13.0) / 12.0, 1 / 12.0)
    late = np.interp(time - given["tp_s"], time, portal, left=0.0)
    tissue = kinetics_tissue.dual_input(time, artery, late, given["k1a"], given["k1p"], given["k2"])
    return round(float(100 * np.abs(np.interp(stored_s, time, tissue) - stored).max() / stored.max()), 2)


VECTORS = [
    _range("aorta", 35.0, 250, 350),
    _range("portal_vein", 35.0, 90, 150),
    _range("aorta", 70.0, 140, 180),
    _range("portal_vein", 70.0, 150, 190),
    _range("liver", 70.0, 95, 115),
    Vector("K-liver Dresden", "liver at 70 s, the same patient: HU", 105.6, "Dresden 2011, mean of 48",
           lambda: _hu("liver", 70.0), 2.0),
    Vector("K-liver early", "liver at 35 s: HU", 76.0, "Dresden 2011, mean of 48", lambda: _hu("liver", 35.0), 4.0),
    _range("aorta", 180.0, 105, 135),
    _range("portal_vein", 180.0, 105, 135),
    Vector("K-572", "Liver, 572 mgI/kg in 30 s: more than 50 HU?", "yes", "Acad Radiol 2013;20:1130", _above_50),
    Vector("K-linear", "Liver at 70 s against dose, 0.3-0.6 gI/kg in 30 s: departure from a line, %", 0.0,
           "AJR 2016, linear", _linear, 0.5),
    Vector("K-best", "Hypervascular lesion best seen after aortic arrival, 60 mL: s", 15.0, "Saake 2015, 13-17 s",
           _best_after_arrival, 2.0),
    *_published(),
    Vector("K-balance", "Iodine given less iodine found, 300 s: mg of 35,000", 0.0, "conservation", _iodine_balance,
           1e-6),
    Vector("M1 k1a", "108 mL/min/100 mL, arterial 0.19, transit 16 s: k1a, 1/s", 0.00342, "computed: definition",
           lambda: kinetics_tissue.rates(*NORMAL)[0], 1e-9),
    Vector("M1 k1p", "the same: k1p, 1/s", 0.01458, "computed: definition",
           lambda: kinetics_tissue.rates(*NORMAL)[1], 1e-9),
    Vector("M1 k2", "the same: k2, 1/s", 0.0625, "computed: definition",
           lambda: kinetics_tissue.rates(*NORMAL)[2], 1e-9),
    Vector("M2", "Constant inputs of 1: tissue after 400 s, the distribution volume", 0.288, "(k1a + k1p) / k2",
           _filled, 1e-9),
    Vector("M3", "Area under the tissue curve over area under the input", 0.288, "conservation", _areas, 2e-5),
    *(Vector(f"M-{name}", f"Dual input, {name.replace('_', ' ')}: largest difference from an integration to 1e-9, %",
             0.0, "scipy RK45, computed elsewhere", lambda name=name: _reference_deviation(name), 0.01, reference=True)
      for name in ("normal_liver", "reduced_portal", "hypovascular_met")),
]  # fmt: skip
