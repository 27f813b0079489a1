"""Tumour size.

Vectors T1 to T6 of the dossier.
"""

from liverlab.disease import tumour

from . import Vector


def _stein_fojo(id_, growth, decay, nadir_d, nadir, within):
    what = f"g-d model, g {growth:g}, d {decay:g} per day"
    return [
        Vector(f"{id_} day", f"{what}: day of the nadir", nadir_d, "computed: ln(d/g)/(g+d)",
               lambda: float(tumour.stein_fojo_nadir_d(growth, decay)), within[0]),
        Vector(f"{id_} size", f"{what}: relative size there", nadir, "computed: Stein 2008's equation",
               lambda: float(tumour.stein_fojo(tumour.stein_fojo_nadir_d(growth, decay), growth, decay)), within[1]),
    ]  # fmt: skip


VECTORS = [
    *_stein_fojo("T1a", 0.0032, 0.020, 79.0, 0.4936, (0.05, 5e-5)),
    *_stein_fojo("T1b", 0.001, 0.01, 209.3, 0.3561, (0.05, 5e-5)),
    # The median patient of a refit of the FFCD trial, known to three digits.
    *_stein_fojo("T1c", 0.00118, 0.00623, 225.0, 0.549, (1.0, 2e-3)),
]
