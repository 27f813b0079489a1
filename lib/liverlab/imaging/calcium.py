"""What calcium looks like on CT: HU by tube voltage and body size, and what a thick slice leaves of a small grain."""

from __future__ import annotations

from typing import Any

import numpy as np

from liverlab.disease.checks import number

from . import hu

# Calcium is called from this HU on unenhanced scans: Agatston 1990, J Am Coll Cardiol 15:827-832 (coronary calcium);
# at 120 kV: McCollough 2007, Radiology 243:527-538. For the liver it is a convention.
CALCIUM_HU = 130.0


def calcified_hu(tissue_hu: Any, calcium_mg_ml: Any, kvp: float, body_cm: float, tin: bool = False) -> Any:
    """HU of tissue that holds calcium_mg_ml (..., >= 0) of hydroxyapatite: tissue + slope * calcium.

    tissue_hu (...): HU of the tissue without it, enhanced or not. kvp, body_cm, tin: as in `hu`.
    """
    tissue_hu = number("tissue_hu", tissue_hu, -1100, 4000, "HU")
    calcium = number("calcium_mg_ml", calcium_mg_ml, 0, 2000, "mg/mL")
    return tissue_hu + hu.hu_per_mg_hydroxyapatite_ml(kvp, body_cm, tin) * calcium


def partial_volume_hu(grain_hu: Any, tissue_hu: Any, grain_mm: Any, slice_mm: Any) -> Any:
    """HU of a grain that shares the slice with tissue: phi grain + (1 - phi) tissue, phi = min(1, grain / slice).

    grain_mm, slice_mm (..., > 0): thickness along the slice direction, the grain in the middle of the slice and as wide
    as a pixel or wider. All arguments broadcast.
    """
    grain_mm = number("grain_mm", grain_mm, 0, 1000, "mm", above=True)
    slice_mm = number("slice_mm", slice_mm, 0, 100, "mm", above=True)
    tissue_hu = number("tissue_hu", tissue_hu, -1100, 4000, "HU")
    share = np.minimum(1.0, np.divide(grain_mm, slice_mm))
    return share * number("grain_hu", grain_hu, -1100, 20000, "HU") + (1.0 - share) * tissue_hu


def thickest_slice_mm(grain_hu: Any, tissue_hu: Any, grain_mm: Any, wanted_hu: Any = CALCIUM_HU) -> Any:
    """Slice thickness (mm) at which `partial_volume_hu` still reaches wanted_hu.

    grain_mm (grain - tissue) / (wanted - tissue), in HU. Infinite where tissue alone reaches it, 0 where the grain does
    not.
    """
    grain_mm = number("grain_mm", grain_mm, 0, 1000, "mm", above=True)
    tissue_hu = np.asarray(number("tissue_hu", tissue_hu, -1100, 4000, "HU"))
    grain_hu = np.asarray(number("grain_hu", grain_hu, -1100, 20000, "HU"))
    wanted_hu = np.asarray(number("wanted_hu", wanted_hu, -1100, 20000, "HU"))
    with np.errstate(divide="ignore", invalid="ignore"):
        thickness = grain_mm * (grain_hu - tissue_hu) / (wanted_hu - tissue_hu)
    return np.where(tissue_hu >= wanted_hu, np.inf, np.where(grain_hu < wanted_hu, 0.0, thickness))[()]


def same_calcium_hu(kvp: float, body_cm: float, tin: bool = False) -> float:
    """HU that the calcium of CALCIUM_HU (at 120 kV, 25 cm of water) has at another voltage or size.

    The 130 HU rule holds for the scan it was made for; at 80 kV the same calcium reads more, at 140 kV less.
    """
    here = hu.hu_per_mg_hydroxyapatite_ml(kvp, body_cm, tin)
    return CALCIUM_HU * here / hu.hu_per_mg_hydroxyapatite_ml(120.0, 25.0)
