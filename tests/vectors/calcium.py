"""Calcified metastases.

Section 5 of the dossier: vector B4, and what follows from it. HU per mg/mL: see iodine and calcium.
"""

from liverlab.imaging import calcium

from . import Vector

VECTORS = [
    Vector("B4", "Grain of 2 mm and 800 HU, liver of 55 HU, slice of 5 mm: HU", 353.0, "computed: shares of the slice",
           lambda: float(calcium.partial_volume_hu(800, 55, 2, 5)), 1e-9),
    Vector("B4 thin", "the same in a slice of 1 mm: HU", 800.0, "computed: the grain fills the slice",
           lambda: float(calcium.partial_volume_hu(800, 55, 2, 1)), 1e-9),
    Vector("B4 thickest", "Grain of 2 mm and 300 HU, liver of 55 HU: thickest slice that reads 130 HU, mm",
           2 * (300 - 55) / (130 - 55), "computed: shares of the slice",
           lambda: float(calcium.thickest_slice_mm(300, 55, 2)), 1e-9),
    Vector("B4 at 80 kV", "Calcium that reads 130 HU at 120 kV: HU at 80 kV", 181.4, "computed: slopes 1.87 and 1.34",
           lambda: calcium.same_calcium_hu(80, 25), 0.05),
]  # fmt: skip
