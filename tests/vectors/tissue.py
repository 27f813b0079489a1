"""Tissue in time: what the published series give at a normal INR, and what the model makes of a higher one."""

from liverlab import evidence
from liverlab.reading import tissue

from . import Vector

_VALUES = {key: parameter.value for key, parameter in evidence.load().parameters.items()}

VECTORS = [
    Vector("T-1", "major bleeding of a needle through the skin, INR 1", 0.48, "Thomaides-Brears 2022, 64,356 biopsies",
           lambda: tissue.harm_pct(_VALUES, 1.0, "percutaneous"), 1e-9),
    Vector("T-2", "the same at INR 2, %", 1.92, "computed: 0.48 x 2^2; illustrative square",
           lambda: tissue.harm_pct(_VALUES, 2.0, "percutaneous"), 1e-9),
    Vector("T-3", "major harm through the vein at INR 3, %", 100 * 13 / 1321, "Sue 2019, 13 of 1321",
           lambda: tissue.harm_pct(_VALUES, 3.0, "transjugular"), 0.02),
    Vector("T-4", "a sample shows tumour that fills a tenth, %", 65.1, "computed: 1 - 0.9^10; illustrative",
           lambda: tissue.yield_pct(_VALUES, 0.1, "transjugular"), 0.05),
]  # fmt: skip
