"""The form that scar and nodules give to a liver: from the state of the disease to what is drawn.

Retraction lies over the lesions that made it, nodules everywhere. The right lobe loses and the caudate, which drains by
itself, gains as scar replaces tissue; how much has not been published and is illustrative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from liverlab.disease.checks import number, take
from liverlab.disease.scarred_liver import ScarredLiver
from liverlab.imaging.liver_state import OWN_PORTAL_VEIN_MM, OWN_SPLEEN_ML, Shape

# Where scar makes up all of the liver, mm; a tenth of that where it makes up a tenth.
CAUDATE_MM, RIGHT_MM = 80.0, 100.0
LEAST_DIMPLE_MM = 0.3  # less is not seen in a picture
MOST_DIMPLES = 32  # the deepest; a picture has to be quick
UPPER_SHARE = 0.35  # of the ascites that lies within the scanned upper abdomen
# Steps that nobody sees: vessels are painted anew for every other calibre, which costs as much as the liver.
_VEIN_STEP_MM, _COLLATERALS_STEP_PCT = 0.25, 2.0
_LESS_FLUID, _LESS_ORGAN, _LEAST_ML = 0.75, 0.95, 10.0
_ROOM = {  # what can be drawn (liver_state.Shape): low, high
    "liver_ml": (600.0, 3000.0),
    "nodularity_mm": (0.0, 4.0),
    "right_atrophy_mm": (0.0, 15.0),
    "caudate_growth_mm": (0.0, 15.0),
    "spleen_ml": (100.0, 1000.0),
    "ascites_ml": (0.0, 1500.0),
    "portal_vein_mm": (8.0, 20.0),
    "collaterals_pct": (0.0, 100.0),
}


def shape_at(values: Mapping[str, Any], liver: ScarredLiver, index: int, centre_mm: Any) -> Shape:
    """The form of one liver on the day with this index of liver.days.

    values: parameter key -> float (nodule_mm, right_atrophy_mm, caudate_growth_mm: before any scar); centre_mm (L, 3)
    of the lesions of liver.course. What is beyond the drawing's room is drawn at its limit. ValueError for centres that
    do not fit the lesions.
    """
    scars = liver.scars
    centre = np.asarray(number("centre_mm", centre_mm, -300, 300, "mm")).reshape(-1, 3)
    if len(centre) != len(scars.retraction_mm):
        raise ValueError(f"centre_mm has {len(centre)} rows; it must have one for each of {len(scars.retraction_mm)}.")
    depth, width = scars.retraction_mm[:, index], scars.retraction_width_mm[:, index]
    deepest = np.argsort(-depth, kind="stable")[:MOST_DIMPLES]
    drawn = np.sort(deepest[depth[deepest] >= LEAST_DIMPLE_MM])
    scarred = scars.scar_ml[index] / scars.liver_ml[0]
    asked = {
        "liver_ml": scars.liver_ml[index],
        "nodularity_mm": liver.surface_mm[index],
        "right_atrophy_mm": take(values, "right_atrophy_mm", 0, 15, "mm") + RIGHT_MM * scarred,
        "caudate_growth_mm": take(values, "caudate_growth_mm", 0, 15, "mm") + CAUDATE_MM * scarred,
        "spleen_ml": scars.spleen_ml[index],
        "ascites_ml": UPPER_SHARE * scars.ascites_ml[index],
        "portal_vein_mm": OWN_PORTAL_VEIN_MM + _stepped(scars.portal_vein_mm[index], _VEIN_STEP_MM),
        "collaterals_pct": _stepped(100 * scars.collaterals[index], _COLLATERALS_STEP_PCT),
    }
    return Shape(
        nodule_mm=take(values, "nodule_mm", 4, 40, "mm"),
        retractions=tuple(
            (tuple(map(float, centre[i])), min(float(depth[i]), 25.0), float(np.clip(width[i], 3.0, 40.0)))
            for i in drawn
        ),
        **{name: float(np.clip(value, *_ROOM[name])) for name, value in asked.items()},
    )


def fitted(anatomy: Any, shape: Shape) -> Shape:
    """The shape with as much fluid, then spleen, then liver as the body of `anatomy` holds: a real belly would bulge.

    Raises ValueError as `anatomy.form` does where not even the body's own organs fit.
    """
    while True:
        try:
            anatomy.form(shape)
        except ValueError:
            less = _less(shape, anatomy)
            if less == shape:
                raise
            shape = less
        else:
            return shape


def _less(shape, anatomy):
    if shape.ascites_ml:
        fluid = _LESS_FLUID * shape.ascites_ml
        return replace(shape, ascites_ml=fluid if fluid > _LEAST_ML else 0.0)
    if shape.spleen_ml > OWN_SPLEEN_ML:
        return replace(shape, spleen_ml=max(_LESS_ORGAN * shape.spleen_ml, OWN_SPLEEN_ML))
    own = anatomy.liver_ml
    return replace(shape, liver_ml=own if shape.liver_ml is None else max(_LESS_ORGAN * shape.liver_ml, own))


def _stepped(value, step):
    return step * np.rint(value / step)
