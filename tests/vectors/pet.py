"""PET.

Recovery of spheres against the analytic formula and the published limits of accredited scanners.
"""

from liverlab import evidence
from liverlab.evidence.looks import Part
from liverlab.imaging import anatomy, pet
from liverlab.imaging.lesions import LesionState

from . import Vector

_EARL = "limits of EARL accreditation"


def _rendered(diameter_mm, fwhm_mm=6.0):
    lesion = LesionState(("a",), [(-100.0, -34.0, 3.0)], [[diameter_mm / 2] * 3], [0.0], lobulation=0.0)
    suv = {"liver": 2.0, "metastasis": 10.0}
    parts = {"rim": [Part(1, 0, 0, 0, "none", "metastasis")]}
    scene = pet.PetScene(evidence.load().tissues["pet"], lesion, parts, anatomy.default(), suv, 1, fwhm_mm, 0.0)
    peak = max(float(scene.uptake(k)[58:72, 22:36].max()) for k in (32, 33, 34))
    return (peak - 2.0) / 8.0


VECTORS = [
    Vector("PET-none", "Recovery of a point", 0.0, "limit", lambda: float(pet.peak_recovery(0.0)), 1e-12),
    Vector("PET-all", "Recovery of a sphere of 60 mm, 6 mm FWHM", 1.0, "limit",
           lambda: float(pet.peak_recovery(60.0, 6.0)), 1e-6),
    Vector("PET-sigma", "Recovery of a sphere whose radius is one sigma", 0.19875,
           "computed: chi distribution, three dimensions",
           lambda: float(pet.peak_recovery(12 / 2.354820045, 6.0)), 1e-5),
    *[
        Vector(f"PET-{mm:g}", f"Sphere of {mm:g} mm in the picture, 6 mm FWHM: recovery of its middle",
               round(float(pet.peak_recovery(mm, 6.0)), 3), "formula of Kessler 1984",
               lambda mm=mm: _rendered(mm), 0.07)
        for mm in (8.0, 10.0, 13.0, 17.0, 22.0)
    ],
    # Accredited scanners are filtered more: they are compared at the resolution that their limits imply.
    *[
        Vector(f"PET-EARL {mm:g}", f"Sphere of {mm:g} mm, 8 mm FWHM: recovery of its middle", (low + high) / 2, _EARL,
               lambda mm=mm: float(pet.peak_recovery(mm, 8.0)), (high - low) / 2)
        for mm, low, high in ((10.0, 0.34, 0.57), (13.0, 0.59, 0.85), (17.0, 0.73, 1.01), (22.0, 0.83, 1.09),
                              (28.0, 0.91, 1.13), (37.0, 0.95, 1.16))
    ],
]  # fmt: skip
