"""What CT shows of a liver that is diseased all over: size, brightness, patches, collars of fluid, spleen, ascites.

`disease.sinusoid.Course` grades the disease; here the grades become a `Shape` and HU. All amounts are illustrative:
published reports name the signs (large liver, low or mosaic attenuation, periportal oedema, ascites), not their size.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liverlab.disease.checks import number
from liverlab.imaging.liver_state import OWN_SPLEEN_ML, Shape

COLLAR_HU = -45.0  # what full oedema takes from liver along portal branches: nearly to water
ASCITES_IN_SCAN = 0.5  # share of the free fluid that lies in the scanned upper abdomen
# Steps in which volumes are drawn: a new shape costs milliseconds, and nobody sees ten millilitres.
LIVER_STEP_ML, SPLEEN_STEP_ML, ASCITES_STEP_ML = 10.0, 10.0, 20.0
LARGEST_LIVER_ML, LARGEST_SPLEEN_ML = 3000.0, 520.0
# Free fluid the standard body has room for beside a liver of some volume (mL), measured on the model.
ROOM_ML, ROOM_PER_LIVER = 3350.0, 0.94


def shape(course: Any, at: int, liver_ml: float) -> Shape:
    """The shape on one day of a course of one patient whose healthy liver has this volume (mL, 600..2500).

    at: index of the day. Volumes are held to what the standard body can hold.
    """
    liver_ml = number("liver_ml", liver_ml, 600, 2500, "mL")
    grown = _stepped(liver_ml * course.liver_volume_ratio[at], LIVER_STEP_ML, LARGEST_LIVER_ML)
    room = ROOM_ML - ROOM_PER_LIVER * grown
    return Shape(
        liver_ml=grown,
        spleen_ml=_stepped(OWN_SPLEEN_ML * course.spleen_ratio[at], SPLEEN_STEP_ML, LARGEST_SPLEEN_ML),
        ascites_ml=_stepped(ASCITES_IN_SCAN * course.ascites_ml[at], ASCITES_STEP_ML, room),
    )


def patterns_hu(course: Any, at: int) -> dict[str, float]:
    """HU of the patterns in the liver on one day, by the names `ct.render` knows, to a tenth."""
    return {
        "liver_mosaic_hu": round(float(course.mosaic_hu[at]), 1),
        "periportal_hu": round(COLLAR_HU * float(course.periportal_oedema[at]), 1),
    }


def with_patterns(tissue_hu: Mapping[str, float], course: Any, at: int) -> dict[str, float]:
    """HU of the tissues together with `patterns_hu`."""
    return {**tissue_hu, **patterns_hu(course, at)}


def mixed(normal: Any, tumour: Any, share: Any) -> Any:
    """What a scanner measures in liver of which tumour makes up a share (0..1): the mean of both by volume."""
    share = number("share", share, 0, 1)
    return normal + (tumour - normal) * share


def with_tumour(tissues: Mapping[str, Any], share: float, tumour: str = "metastasis") -> dict[str, Any]:
    """Tissues of the magnet or of PET in which the liver holds a share (0..1) of another tissue, too finely to see.

    Every number of the row is `mixed`; relaxation of such a mixture is not quite a mean, the error is small here.
    """
    own, other = tissues["liver"], tissues[tumour]
    means = {
        name: mixed(value, getattr(other, name), share)
        for name, value in own._asdict().items()
        if isinstance(value, int | float)
    }
    return {**tissues, "liver": own._replace(**means)}


def _stepped(ml: Any, step: float, largest: float) -> float:
    return min(largest, step * round(float(ml) / step))
