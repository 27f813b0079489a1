"""The units a number may have, and what the end of a name says about its unit."""

from __future__ import annotations

UNITS = frozenset(
    {
        *("kg", "g/kg", "mg/mL", "mL", "mL/min", "mL/s", "L/min"),
        *("mm", "mmHg", "s", "d", "1/week"),
        *("%", "HU", "kV", "SUV", "lesions", "visit", "pattern", "ratio", "months", "years"),
        *("h", "%/d", "U/L", "g/L", "mmol/L", "µmol/L", "µg/L", "10⁹/L"),
    }
)

# The longest ending wins, so that `_g_per_kg` is not read as `_kg`.
UNIT_BY_ENDING = {
    "_g_per_kg": "g/kg",
    "_per_week": "1/week",
    "_pct_per_d": "%/d",
    "_ml_min": "mL/min",
    "_l_min": "L/min",
    "_ml_s": "mL/s",
    "_mg_ml": "mg/mL",
    "_mmhg": "mmHg",
    "_mmol_l": "mmol/L",
    "_umol_l": "µmol/L",
    "_1e9_l": "10⁹/L",
    "_ug_l": "µg/L",
    "_u_l": "U/L",
    "_g_l": "g/L",
    "_months": "months",
    "_years": "years",
    "_count": "lesions",
    "_pct": "%",
    "_ml": "mL",
    "_hu": "HU",
    "_mm": "mm",
    "_kg": "kg",
    "_d": "d",
    "_h": "h",
    "_s": "s",
}
UNIT_BY_NAME = {"kvp": "kV", "visit": "visit", "suv_tumour": "SUV", "suv_liver": "SUV", "inr": "ratio"}
UNIT_BY_NAME |= {"calcium_pattern": "pattern"}


def unit_of_name(key: str) -> str | None:
    """Unit that the name of a parameter or column promises (`delay_s` -> `s`), or None where it promises none."""
    if key in UNIT_BY_NAME:
        return UNIT_BY_NAME[key]
    for ending in sorted(UNIT_BY_ENDING, key=len, reverse=True):
        if key.endswith(ending):
            return UNIT_BY_ENDING[ending]
    return None
