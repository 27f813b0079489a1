"""How many HU a milligram of iodine or of bone mineral adds, by tube voltage and by the size of the patient.

Computed from first principles: a tungsten spectrum (8 degrees, 6 mm Al; SpekPy) hardened by the water of the body,
energy-integrating detector, attenuation after Elam (xraydb). Real scanners differ by some 10-20 %.
"""

from __future__ import annotations

import math

from liverlab.disease.checks import number

KVP = (80.0, 100.0, 120.0, 140.0)
BODY_CM = (20.0, 25.0, 30.0, 35.0)

# Iodine, HU per mg/mL: rows BODY_CM of water, columns KVP.
_IODINE = (
    (44.0, 34.2, 28.1, 23.8),
    (42.0, 32.3, 26.2, 21.9),
    (40.2, 30.6, 24.6, 20.4),
    (38.7, 29.2, 23.2, 19.0),
)
# Hydroxyapatite that displaces water, HU per mg/mL at 25 cm of water.
_HYDROXYAPATITE = (1.87, 1.54, 1.34, 1.20)


def body_cm(weight_kg: float) -> float:
    """Water-equivalent size in cm the beam crosses, 25 cm at 70 kg, with the square root of the weight; 20-35 cm.

    Cross-section grows with weight at a given height, hence the root. Illustrative: no fit to patients.
    """
    weight_kg = number("weight_kg", weight_kg, 20, 200, "kg")
    return min(BODY_CM[-1], max(BODY_CM[0], 25.0 * math.sqrt(weight_kg / 70.0)))


def hu_per_mgi_ml(kvp: float, body_cm: float) -> float:
    """HU per mg of iodine per mL; linear between the tabulated kVp (80-140) and water sizes (20-35 cm)."""
    body_cm = number("body_cm", body_cm, BODY_CM[0], BODY_CM[-1], "cm")
    row = min(int((body_cm - BODY_CM[0]) // 5.0), 2)
    share = (body_cm - BODY_CM[row]) / 5.0
    return (1.0 - share) * _along_kvp(kvp, _IODINE[row]) + share * _along_kvp(kvp, _IODINE[row + 1])


def hu_per_mg_hydroxyapatite_ml(kvp: float) -> float:
    """HU per mg of hydroxyapatite per mL; linear between the tabulated kVp (80-140), for 25 cm of water."""
    return _along_kvp(kvp, _HYDROXYAPATITE)


def _along_kvp(kvp: float, row: tuple[float, ...]) -> float:
    kvp = number("kvp", kvp, KVP[0], KVP[-1], "kV")
    at = min(int((kvp - KVP[0]) // 20.0), 2)
    share = (kvp - KVP[at]) / 20.0
    return (1.0 - share) * row[at] + share * row[at + 1]
