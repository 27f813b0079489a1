"""Lesions of the liver: what they are made of and how their borders run.

A lesion is an ellipsoid with a lobulated border around up to three concentric compartments, from outside in: rim, inner
and centre. Each has its own HU; a border is given as its diameter over the lesion's, 0 where the compartment is absent.
A target sign, a necrotic core with an irregular border, a cyst, a bleeding with its fluid level and a haemangioma's
broken rim are settings of the same form. Borders are in lesion_form, calcium in lesion_calcium, pictures in
lesion_paint; all are seeded by the lesion's name, so that a lesion keeps its form while it grows or shrinks.
"""

from dataclasses import dataclass, fields

import numpy as np

LOBULATION = 0.035  # RMS of the border about the ellipsoid, relative to its radius [illustrative]
BULGE_MM = 3.0  # how far a lesion may lift the liver's capsule [illustrative]
PATTERNS = ("punctate", "linear", "rim", "amorphous", "solid", "psammomatous")

# What a lesion may have beside place and size: name -> default, lowest, highest.
_FORM = {
    "rim_hu": (None, -1100.0, 4000.0),
    "inner_hu": (0.0, -1100.0, 4000.0),
    "inner_fraction": (0.0, 0.0, 1.0),
    "centre_hu": (0.0, -1100.0, 4000.0),
    "centre_fraction": (0.0, 0.0, 1.0),
    "inner_roughness": (0.0, 0.0, 0.6),
    "centre_roughness": (0.0, 0.0, 0.6),
    "lobulation": (LOBULATION, 0.0, 0.15),
    "edge_mm": (0.0, 0.0, 20.0),
    "sediment_hu": (0.0, -1100.0, 4000.0),
    "sediment_fraction": (0.0, 0.0, 1.0),
    "calcium_hu": (0.0, 0.0, 4000.0),
    "calcium_share": (0.0, 0.0, 1.0),
}


@dataclass(frozen=True)
class LesionState:
    """Lesions at one visit and delay; they are painted in order, so that a nodule inside a mass comes after the mass.

    ids (L,) str; centre_mm, semi_axes_mm (L, 3) in the patient frame. All others (L,) or one value for all:
    rim_hu, inner_hu, centre_hu : mean HU of the compartments.
    inner_fraction, centre_fraction : diameter of the compartment over the lesion's, 0 (absent) - 1.
    inner_roughness, centre_roughness : RMS of those borders about their ellipsoid, relative to its radius, 0 - 0.6.
    lobulation : the same of the lesion's own border; edge_mm : SD of its softness beyond the scanner's blur.
    sediment_hu, sediment_fraction : dependent layer of the innermost compartment and its share of the height.
    calcium_pattern : '' or one of PATTERNS; calcium_hu : HU that calcium adds where it fills a voxel
    (hu.hu_per_mg_hydroxyapatite_ml times mg/mL); calcium_share : its share of the lesion's volume.
    wedge : True for a wedge from the hilum outwards, its length along semi_axes_mm[0].
    parenchymal : True where only liver tissue takes on the HU and its vessels run through undisturbed.
    Raises ValueError naming what does not fit.
    """

    ids: tuple
    centre_mm: np.ndarray
    semi_axes_mm: np.ndarray
    rim_hu: np.ndarray
    inner_hu: np.ndarray = 0.0
    inner_fraction: np.ndarray = 0.0
    centre_hu: np.ndarray = 0.0
    centre_fraction: np.ndarray = 0.0
    inner_roughness: np.ndarray = 0.0
    centre_roughness: np.ndarray = 0.0
    lobulation: np.ndarray = LOBULATION
    edge_mm: np.ndarray = 0.0
    sediment_hu: np.ndarray = 0.0
    sediment_fraction: np.ndarray = 0.0
    calcium_pattern: tuple = ""
    calcium_hu: np.ndarray = 0.0
    calcium_share: np.ndarray = 0.0
    wedge: np.ndarray = False
    parenchymal: np.ndarray = False

    def __post_init__(self):
        object.__setattr__(self, "ids", tuple(str(name) for name in self.ids))
        count = len(self.ids)
        for name in ("centre_mm", "semi_axes_mm"):
            self._set(name, _column(name, getattr(self, name), (count, 3)))
        for name, (_, low, high) in _FORM.items():
            value = _column(name, getattr(self, name), (count,))
            if ((value < low) | (value > high)).any():
                raise ValueError(f"{name} holds a value outside its range; it must lie between {low:g} and {high:g}.")
            self._set(name, value)
        for name in ("wedge", "parenchymal"):
            self._set(name, _column(name, getattr(self, name), (count,)).astype(bool))
        patterns = (self.calcium_pattern,) * count if isinstance(self.calcium_pattern, str) else self.calcium_pattern
        unknown = [pattern for pattern in patterns if pattern not in ("", *PATTERNS)]
        if unknown or len(patterns) != count:
            found = repr(unknown[0]) if unknown else f"{len(patterns)} names for {count} ids"
            raise ValueError(f"calcium_pattern holds {found}; it must be '' or one of {', '.join(PATTERNS)}, one each.")
        self._set("calcium_pattern", tuple(patterns))
        if (self.semi_axes_mm < 0).any():
            raise ValueError("semi_axes_mm holds a negative value; it must be 0 mm or more.")
        if ((self.centre_fraction > self.inner_fraction) & (self.inner_fraction > 0)).any():
            raise ValueError(
                "centre_fraction is larger than inner_fraction; the centre must lie within the inner part."
            )

    def _set(self, name, value):
        object.__setattr__(self, name, value)

    def only(self, places):
        """The lesions at these places (indices), in this order."""
        picked = {}
        for field in fields(self):
            value = getattr(self, field.name)
            picked[field.name] = tuple(value[k] for k in places) if isinstance(value, tuple) else value[list(places)]
        return LesionState(**picked)


def _column(name, value, shape):
    """A finite float array of this shape; one value stands for all lesions, an empty one for none."""
    value = np.asarray(value, float)
    if shape[0] == 0 or (value.ndim == 0 and len(shape) == 1):
        value = np.broadcast_to(value if shape[0] else 0.0, shape).copy()
    if value.shape != shape:
        raise ValueError(f"{name} has shape {value.shape}; with {shape[0]} ids it must have shape {shape}.")
    if not np.isfinite(value).all():
        raise ValueError(f"{name} holds a value that is not a number; it must be finite.")
    return value


NO_LESIONS = LesionState((), np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0))


def joined(states):
    """One LesionState of several, painted in this order; a nodule inside a mass comes after it."""
    states = [state for state in states if state.ids]
    if not states:
        return NO_LESIONS
    parts = {field.name: [getattr(state, field.name) for state in states] for field in fields(LesionState)}
    return LesionState(
        **{
            name: sum(values, ()) if isinstance(values[0], tuple) else np.concatenate(values)
            for name, values in parts.items()
        }
    )
