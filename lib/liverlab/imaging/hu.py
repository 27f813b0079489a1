"""How many HU a milligram of iodine or of bone mineral adds, by tube voltage and by the size of the patient.

Computed from first principles: a tungsten spectrum (8 degrees, 6 mm Al; SpekPy) hardened by the water of the body,
energy-integrating detector, attenuation after Elam (xraydb). Real scanners differ by some 10-20 %, some by more.
"""

from __future__ import annotations

import math

import numpy as np

from liverlab.disease.checks import number

KVP = (80.0, 100.0, 120.0, 140.0)
BODY_CM = (20.0, 25.0, 30.0, 35.0)

# HU per mg/mL of tissue: rows BODY_CM of water, columns KVP. Hydroxyapatite displaces water.
_IODINE = (
    (44.0, 34.2, 28.1, 23.8),
    (42.0, 32.3, 26.2, 21.9),
    (40.2, 30.6, 24.6, 20.4),
    (38.7, 29.2, 23.2, 19.0),
)
_HYDROXYAPATITE = (
    (1.96, 1.61, 1.41, 1.27),
    (1.87, 1.54, 1.34, 1.20),
    (1.80, 1.48, 1.29, 1.15),
    (1.74, 1.43, 1.24, 1.11),
)
# What 0.4 mm of tin on the 140 kV tube leaves of the slopes there, from the ratios of 100 and of 80 kV to it, computed
# at 25 cm of water; other sizes are taken to keep the same share.
TIN_KVP, TIN_MM = 140.0, 0.4
_TIN_IODINE = (32.3 / 2.28 + 42.0 / 2.96) / 2 / 21.9
_TIN_HYDROXYAPATITE = (1.54 / 1.61 + 1.87 / 1.96) / 2 / 1.20
# HU per mg/mL on virtual mono-energetic images, any size: the beam has one energy and does not harden.
KEV = (40.0, 50.0, 60.0, 70.0, 80.0, 100.0)
_MONO_IODINE = (82.0, 54.0, 37.0, 26.0, 19.0, 11.0)
_MONO_HYDROXYAPATITE = (3.36, 2.27, 1.66, 1.31, 1.09, 0.87)
# HU of fat relative to 120 kVp (tristearin, 0.92 g/mL); between 20 and 35 cm these ratios differ by less than 0.01.
_FAT = (1.23, 1.08, 1.00, 0.94)


# HU that a per cent of dry matter adds to soft tissue: blood of 80 % water has 40 HU, liver of 71 % has 56 (textbook
# contents; illustrative). Water, and not calcium, makes a metastasis dark (Acta Radiol 1988;29:33).
HU_PER_DRY_PCT = 2.0


def soft_tissue_hu(water_pct: float) -> float:
    """HU of unenhanced soft tissue by its water content in % of its mass: HU_PER_DRY_PCT (100 - water), any voltage."""
    return HU_PER_DRY_PCT * (100.0 - number("water_pct", water_pct, 0, 100, "%"))


def body_cm(weight_kg: float) -> float:
    """Water-equivalent size in cm the beam crosses, 25 cm at 70 kg, with the square root of the weight; 20-35 cm.

    Cross-section grows with weight at a given height, hence the root. Illustrative: no fit to patients.
    """
    weight_kg = number("weight_kg", weight_kg, 20, 200, "kg")
    return min(BODY_CM[-1], max(BODY_CM[0], 25.0 * math.sqrt(weight_kg / 70.0)))


def hu_per_mgi_ml(kvp: float, body_cm: float, tin: bool = False) -> float:
    """HU per mg of iodine per mL; linear between the tabulated kVp (80-140) and water sizes (20-35 cm).

    tin: 0.4 mm of tin before the tube, at 140 kV only.
    """
    return _look_up(_IODINE, kvp, body_cm) * _tin(_TIN_IODINE, kvp, tin)


def hu_per_mg_hydroxyapatite_ml(kvp: float, body_cm: float, tin: bool = False) -> float:
    """HU per mg of bone mineral per mL that displaces water; linear between tabulated kVp and water sizes.

    tin: 0.4 mm of tin before the tube, at 140 kV only.
    """
    return _look_up(_HYDROXYAPATITE, kvp, body_cm) * _tin(_TIN_HYDROXYAPATITE, kvp, tin)


def mono_hu_per_mgi_ml(kev: float) -> float:
    """HU per mg of iodine per mL on a virtual mono-energetic image of 40-100 keV; a power law between the tabulated."""
    return _between_energies(_MONO_IODINE, kev)


def mono_hu_per_mg_hydroxyapatite_ml(kev: float) -> float:
    """HU per mg of bone mineral per mL on a virtual mono-energetic image of 40-100 keV."""
    return _between_energies(_MONO_HYDROXYAPATITE, kev)


def fat_relative_to_120_kvp(kvp: float) -> float:
    """HU of fat at this voltage over its HU at 120 kVp: fat turns darker at low voltage."""
    at, share = _between(number("kvp", kvp, KVP[0], KVP[-1], "kV"), KVP)
    return (1.0 - share) * _FAT[at] + share * _FAT[at + 1]


def _tin(share: float, kvp: float, tin: bool) -> float:
    if tin and kvp != TIN_KVP:
        raise ValueError(f"kvp is {kvp:g} with the tin filter; it must be {TIN_KVP:g} kV.")
    return share if tin else 1.0


def _between_energies(table: tuple[float, ...], kev: float) -> float:
    kev = number("kev", kev, KEV[0], KEV[-1], "keV")
    return float(np.exp(np.interp(np.log(kev), np.log(KEV), np.log(table))))


def _look_up(table: tuple[tuple[float, ...], ...], kvp: float, body_cm: float) -> float:
    column, along = _between(number("kvp", kvp, KVP[0], KVP[-1], "kV"), KVP)
    row, across = _between(number("body_cm", body_cm, BODY_CM[0], BODY_CM[-1], "cm"), BODY_CM)
    small, large = ((1.0 - along) * line[column] + along * line[column + 1] for line in table[row : row + 2])
    return (1.0 - across) * small + across * large


def _between(value: float, knots: tuple[float, ...]) -> tuple[int, float]:
    """The knot below a value (the last but one at the upper end) and the share of the way to the next."""
    at = min(int((value - knots[0]) // (knots[1] - knots[0])), len(knots) - 2)
    return at, (value - knots[at]) / (knots[at + 1] - knots[at])
