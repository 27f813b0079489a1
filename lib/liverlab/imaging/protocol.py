"""How the patient was scanned: tube, contrast medium, injection, timing, slice and dose; and who was scanned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from liverlab.disease.checks import number

from . import hu

# What the scanner and the contrast models accept, wider than the sliders: key -> low, high, unit, low itself refused.
LIMITS = {
    "weight_kg": (20, 200, "kg", False),
    "cardiac_output_l_min": (1, 20, "L/min", False),
    "renal_clearance_ml_min": (0, 300, "mL/min", False),
    "delay_s": (0, 300, "s", False),
    "kvp": (80, 140, "kV", False),
    "iodine_g_per_kg": (0, 2, "g/kg", False),
    "injection_rate_ml_s": (0.1, 15, "mL/s", False),
    "iodine_concentration_mg_ml": (100, 500, "mg/mL", False),
    "flush_ml": (0, 200, "mL", False),
    "dose_pct": (1, 1000, "%", False),
    "slice_mm": (0.3, 20, "mm", False),
    "noise_hu": (0, 200, "HU", False),
    "kernel_sharpness_pct": (-100, 100, "%", False),
    "tin_mm": (0, hu.TIN_MM, "mm", False),
}


@dataclass(frozen=True)
class Protocol:
    """One CT acquisition of one patient. The delay counts from the start of the injection; 0 means unenhanced.

    tin_mm: tin in front of the tube when it works at 140 kV, 0 or 0.4 mm; other voltages go without.
    """

    weight_kg: float
    cardiac_output_l_min: float
    renal_clearance_ml_min: float
    delay_s: float
    kvp: float
    iodine_g_per_kg: float
    injection_rate_ml_s: float
    iodine_concentration_mg_ml: float
    flush_ml: float
    dose_pct: float
    slice_mm: float
    noise_hu: float
    kernel_sharpness_pct: float = 0.0
    tin_mm: float = 0.0

    def __post_init__(self) -> None:
        for key, limits in LIMITS.items():
            object.__setattr__(self, key, number(key, getattr(self, key), *limits))
        if self.tin_mm not in (0.0, hu.TIN_MM):
            raise ValueError(f"tin_mm is {self.tin_mm:g}; it must be 0 or {hu.TIN_MM:g} mm.")

    @classmethod
    def from_values(cls, values: Mapping[str, Any], **changes: float) -> Protocol:
        """The protocol in a mapping of parameter key -> float, with some values changed (`delay_s=35`).

        Raises ValueError for a missing key, an unknown change or a value out of range.
        """
        keys = [field.name for field in fields(cls)]
        unknown = sorted(set(changes) - set(keys))
        if unknown:
            raise ValueError(f"{unknown[0]} is no part of a protocol; it must be one of {', '.join(keys)}.")
        chosen = {**values, **changes}
        missing = [key for key in keys if key not in chosen]
        if missing:
            raise ValueError(f"values has no {missing[0]}; a protocol needs {', '.join(keys)}.")
        return cls(**{key: float(chosen[key]) for key in keys})

    @property
    def tin(self) -> bool:
        """Whether the beam of this scan goes through the tin."""
        return self.tin_mm > 0 and self.kvp == hu.TIN_KVP

    @property
    def body_cm(self) -> float:
        """Water-equivalent size of the patient in the beam, in cm."""
        return hu.body_cm(self.weight_kg)

    @property
    def hu_per_mgi_ml(self) -> float:
        """HU that a mg of iodine per mL adds on this scan."""
        return hu.hu_per_mgi_ml(self.kvp, self.body_cm, self.tin)

    @property
    def hu_per_mg_hydroxyapatite_ml(self) -> float:
        """HU that a mg of bone mineral per mL adds on this scan."""
        return hu.hu_per_mg_hydroxyapatite_ml(self.kvp, self.body_cm, self.tin)

    @property
    def iodine_g(self) -> float:
        """Iodine given, in g."""
        return self.iodine_g_per_kg * self.weight_kg

    @property
    def volume_ml(self) -> float:
        """Volume of contrast medium, in mL."""
        return 1000.0 * self.iodine_g / self.iodine_concentration_mg_ml

    @property
    def injection_s(self) -> float:
        """Duration of the injection, in s."""
        return self.volume_ml / self.injection_rate_ml_s

    @property
    def flush_s(self) -> float:
        """Duration of the saline flush that follows at the same rate, in s."""
        return self.flush_ml / self.injection_rate_ml_s


# The protocol to which "enhancement at 70 s" in parameters.csv refers; a definition, not a recommendation.
REFERENCE = Protocol(
    weight_kg=70.0,
    cardiac_output_l_min=6.0,
    renal_clearance_ml_min=120.0,
    delay_s=70.0,
    kvp=120.0,
    iodine_g_per_kg=0.5,
    injection_rate_ml_s=3.0,
    iodine_concentration_mg_ml=350.0,
    flush_ml=30.0,
    dose_pct=100.0,
    slice_mm=3.0,
    noise_hu=12.0,
)
