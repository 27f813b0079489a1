"""HU of iodine and calcium, one and two energies.

Sections 2.4 and 5 of the dossier (vectors B1 to B3, B5 and B6) and its tables of slopes.
"""

from dataclasses import replace

import numpy as np

from liverlab.imaging import contrast, hu, two_energies
from liverlab.imaging.protocol import REFERENCE

from . import Vector

SPECTRUM = "computed: SpekPy spectrum, Elam attenuation"
PAIR = (80.0, 140.0, 25.0)


def _table():
    iodine = {20: (44.0, 34.2, 28.1, 23.8), 25: (42.0, 32.3, 26.2, 21.9), 30: (40.2, 30.6, 24.6, 20.4),
              35: (38.7, 29.2, 23.2, 19.0)}  # fmt: skip
    for size, row in iodine.items():
        for kvp, slope in zip((80, 100, 120, 140), row, strict=True):
            yield Vector(f"B-I {kvp}/{size}", f"Iodine, {kvp} kV, {size} cm of water: HU per mg/mL", slope, SPECTRUM,
                         lambda kvp=kvp, size=size: hu.hu_per_mgi_ml(kvp, size), 1e-9)  # fmt: skip
    for kvp, slope in zip((80, 100, 120, 140), (1.87, 1.54, 1.34, 1.20), strict=True):
        yield Vector(f"B-HAP {kvp}", f"Hydroxyapatite, {kvp} kV, 25 cm of water: HU per mg/mL", slope, SPECTRUM,
                     lambda kvp=kvp: hu.hu_per_mg_hydroxyapatite_ml(kvp, 25), 1e-9)  # fmt: skip
    for size, ratio in zip((20, 25, 30, 35), (1.85, 1.92, 1.97, 2.04), strict=True):
        yield Vector(f"B-ratio I {size}", f"Iodine, 80 over 140 kV, {size} cm of water", ratio, SPECTRUM,
                     lambda size=size: hu.hu_per_mgi_ml(80, size) / hu.hu_per_mgi_ml(140, size), 0.006)  # fmt: skip
    yield Vector("B-ratio HAP", "Hydroxyapatite, 80 over 140 kV, 25 cm of water", 1.56, SPECTRUM,
                 lambda: hu.hu_per_mg_hydroxyapatite_ml(80, 25) / hu.hu_per_mg_hydroxyapatite_ml(140, 25),
                 0.005)  # fmt: skip
    for kvp, iodine_ratio, mineral_ratio in ((100, 2.28, 1.61), (80, 2.96, 1.96)):
        for name, slope, ratio in (
            ("I", hu.hu_per_mgi_ml, iodine_ratio),
            ("HAP", hu.hu_per_mg_hydroxyapatite_ml, mineral_ratio),
        ):
            yield Vector(f"B-tin {name} {kvp}", f"{name}, {kvp} over 140 kV with tin, 25 cm of water", ratio, SPECTRUM,
                         lambda kvp=kvp, slope=slope: slope(kvp, 25) / slope(140, 25, tin=True), 0.005)  # fmt: skip
    mono = ((40, 82, 3.36), (50, 54, 2.27), (60, 37, 1.66), (70, 26, 1.31), (80, 19, 1.09), (100, 11, 0.87))
    for kev, iodine_slope, mineral_slope in mono:
        yield Vector(f"B-mono I {kev}", f"Iodine, mono-energetic {kev} keV: HU per mg/mL", iodine_slope, SPECTRUM,
                     lambda kev=kev: hu.mono_hu_per_mgi_ml(kev), 1e-9)  # fmt: skip
        yield Vector(f"B-mono HAP {kev}", f"Hydroxyapatite, mono-energetic {kev} keV: HU per mg/mL", mineral_slope,
                     SPECTRUM, lambda kev=kev: hu.mono_hu_per_mg_hydroxyapatite_ml(kev), 1e-9)  # fmt: skip


def _conspicuity(delay_s):
    """HU of a calcification (no vessels: it does not enhance) minus those of the liver around."""
    values = {"liver_unenhanced_hu": 56.3, "steatosis_pct": 0.0}
    return float(130.0 - contrast.liver_hu(values, 0.0, replace(REFERENCE, delay_s=delay_s)))


def _noise(which):
    return float(np.sqrt(two_energies.covariance(*PAIR, 15.0)[which, which]))


VECTORS = [
    Vector("B1 120", "Hydroxyapatite 100 mg/mL at 120 kV: HU", 134.0, SPECTRUM,
           lambda: 100 * hu.hu_per_mg_hydroxyapatite_ml(120, 25), 1e-6),
    Vector("B1 80", "Hydroxyapatite 100 mg/mL at 80 kV: HU", 187.0, SPECTRUM,
           lambda: 100 * hu.hu_per_mg_hydroxyapatite_ml(80, 25), 1e-6),
    Vector("B2", "Iodine 3 mg/mL at 120 kV: HU", 78.6, SPECTRUM, lambda: 3 * hu.hu_per_mgi_ml(120, 25), 1e-6),
    Vector("B2 look-alike", "Hydroxyapatite 59 mg/mL at 120 kV, which looks the same: HU", 79.0, SPECTRUM,
           lambda: 59 * hu.hu_per_mg_hydroxyapatite_ml(120, 25), 0.1),
    Vector("B3 80", "Iodine 2 and hydroxyapatite 50 mg/mL at 80 kV: HU", 177.5, "computed: slopes",
           lambda: float(two_energies.forward(2, 50, *PAIR)[0]), 1e-6),
    Vector("B3 140", "the same at 140 kV: HU", 103.8, "computed: slopes",
           lambda: float(two_energies.forward(2, 50, *PAIR)[1]), 1e-6),
    Vector("B3 iodine", "solved from 177.5 and 103.8 HU: iodine, mg/mL", 2.0, "computed: inverse",
           lambda: float(two_energies.decompose(177.5, 103.8, *PAIR)[0]), 1e-9),
    Vector("B3 mineral", "solved from 177.5 and 103.8 HU: hydroxyapatite, mg/mL", 50.0, "computed: inverse",
           lambda: float(two_energies.decompose(177.5, 103.8, *PAIR)[1]), 1e-9),
    Vector("B3 condition", "condition number of the slopes at 80 and 140 kV", 238.0, "computed: singular values",
           lambda: float(np.linalg.cond(two_energies.slopes(*PAIR))), 0.5),
    Vector("B5 unenhanced", "130 HU of calcium against unenhanced liver: contrast, HU", 74.0, "Dresden 2011, computed",
           lambda: _conspicuity(0.0), 0.5),
    Vector("B5 portal", "130 HU of calcium against portal-phase liver: contrast, HU", 24.0, "Dresden 2011, computed",
           lambda: _conspicuity(70.0), 2.0),
    Vector("B6 iodine", "Hydroxyapatite 50 mg/mL as a water-iodine basis sees it: false iodine, mg/mL", 1.67,
           "computed: two equations",
           lambda: float(two_energies.virtual_unenhanced(*two_energies.forward(0, 50, *PAIR), *PAIR)[1]), 0.005),
    Vector("B6 unenhanced", "the same on the virtual unenhanced image: HU", 23.5, "computed: two equations",
           lambda: float(two_energies.virtual_unenhanced(*two_energies.forward(0, 50, *PAIR), *PAIR)[0]), 0.05),
    Vector("B6 noise mineral", "Noise of 15 HU an image: SD of hydroxyapatite in one pixel, mg/mL", 75.0,
           "computed: inverse", lambda: _noise(1), 0.5),
    Vector("B6 noise iodine", "Noise of 15 HU an image: SD of iodine in one pixel, mg/mL", 3.5, "computed: inverse",
           lambda: _noise(0), 0.05),
    *_table(),
]  # fmt: skip
