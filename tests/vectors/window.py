"""Windows of CT.

Section 2.7 of the dossier: grey = (HU - (L - W / 2)) / W.
"""

from liverlab.imaging import window

from . import Vector

HALF = "computed: level and half of the window"
VECTORS = [
    Vector("W1 black", "W150 L50 is black at, HU", -25.0, HALF, lambda: window.limits_hu(150, 50)[0], 1e-9),
    Vector("W1 white", "W150 L50 is white at, HU", 125.0, HALF, lambda: window.limits_hu(150, 50)[1], 1e-9),
    Vector("W1 liver", "105 HU in W150 L50: grey", 0.867, HALF, lambda: float(window.grey(105, 150, 50)), 5e-4),
    Vector("W1 lesion", "65 HU in W150 L50: grey", 0.60, HALF, lambda: float(window.grey(65, 150, 50)), 1e-9),
    Vector("W2", "800 HU less 130 HU in W2000 L500: grey", 0.335, HALF,
           lambda: float(window.grey(800, 2000, 500) - window.grey(130, 2000, 500)), 1e-9),
    Vector("W3", "800 HU less 130 HU in W150 L50: grey", 0.0, HALF,
           lambda: float(window.grey(800, 150, 50) - window.grey(130, 150, 50)), 1e-9),
]  # fmt: skip
