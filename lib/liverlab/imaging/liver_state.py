"""What disease moves in the virtual abdomen: the form of the liver, the spleen, free fluid, portal vein, collaterals.

A `Shape` is small, immutable and hashable, so that pictures can be kept by it. `None` for a volume means "this
patient's own". Deformations follow PHANTOM 1.4; a volume that is asked for holds after all of them.
"""

from dataclasses import dataclass

from liverlab.disease.checks import number

OWN_PORTAL_VEIN_MM = 12.5  # calibre of the drawn trunk (radius 6.2-6.4 mm, PHANTOM 2)
OWN_SPLEEN_ML = 290.0  # volume of the drawn spleen, measured on the model

_LIMITS = {  # field -> low, high, unit
    "liver_ml": (600, 3000, "mL"),
    "nodularity_mm": (0, 4, "mm"),
    "nodule_mm": (4, 40, "mm"),
    "right_atrophy_mm": (0, 15, "mm"),
    "caudate_growth_mm": (0, 15, "mm"),
    "spleen_ml": (100, 1500, "mL"),
    "ascites_ml": (0, 3000, "mL"),
    "portal_vein_mm": (8, 20, "mm"),
    "collaterals_pct": (0, 100, "%"),
}


@dataclass(frozen=True)
class Shape:
    """The state of one liver and what portal hypertension makes of its surroundings.

    liver_ml : volume of the liver (mL), None for the patient's own
    nodularity_mm, nodule_mm : RMS of the nodular surface about the smooth one and size of a nodule (mm)
    right_atrophy_mm, caudate_growth_mm : how far the right lobe's surface recedes and the caudate's comes forward (mm)
    retractions : ((x, y, z), depth, width) of each dimple (mm, patient frame): it is pulled in from the point of the
    surface nearest to (x, y, z), `depth` deep in its middle, Gaussian with a standard deviation of `width`
    spleen_ml, ascites_ml : volume of the spleen, of free fluid in the scanned upper abdomen (mL)
    portal_vein_mm : diameter of the portal trunk (mm); collaterals_pct : 0 none to 100 large varices

    Raises ValueError in one sentence for a value that is not a number or out of range.
    """

    liver_ml: float | None = None
    nodularity_mm: float = 0.0
    nodule_mm: float = 10.0
    right_atrophy_mm: float = 0.0
    caudate_growth_mm: float = 0.0
    retractions: tuple = ()
    spleen_ml: float = OWN_SPLEEN_ML
    ascites_ml: float = 0.0
    portal_vein_mm: float = OWN_PORTAL_VEIN_MM
    collaterals_pct: float = 0.0

    @classmethod
    def from_values(cls, values, **changes):
        """The shape in a mapping of parameter key -> value, with some values changed (`retractions=...`)."""
        taken = {name: values[name] for name in _LIMITS if name in values}
        return cls(**{**taken, **changes})

    def __post_init__(self):
        for name, limits in _LIMITS.items():
            value = getattr(self, name)
            if not (name == "liver_ml" and value is None):
                object.__setattr__(self, name, number(name, value, *limits))
        object.__setattr__(self, "retractions", tuple(_dimple(*one) for one in map(_three, self.retractions)))


def _three(one):
    try:
        centre, depth, width = one
        x, y, z = centre
    except (TypeError, ValueError):
        raise ValueError(f"retractions holds {one!r}; each must be ((x, y, z), depth, width) in mm.") from None
    return (x, y, z), depth, width


def _dimple(centre, depth_mm, width_mm):
    centre = tuple(number("centre of a retraction", v, -300, 300, "mm") for v in centre)
    depth = number("depth of a retraction", depth_mm, 0, 25, "mm")
    return centre, depth, number("width of a retraction", width_mm, 3, 40, "mm")


NORMAL = Shape()
