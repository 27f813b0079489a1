"""Seeing and measuring.

Section 2.6 of the dossier (Rose's law and the reader study of 2025) and the limits of agreement of 2016.
"""

import numpy as np

from liverlab.reading import measure, visibility

from . import Vector


def _study(observer):
    """The contrast that the setting's constant predicts beside each published one. The bar is 20 %; 15 % hold."""
    table = visibility.PUBLISHED_THRESHOLDS[observer]
    for diameter, contrast in zip(table["diameter_mm"], table["contrast_hu"], strict=True):
        yield Vector(
            f"V-{observer}, {diameter:g} mm",
            f"{observer}, noise {table['sigma_hu']:g} HU, {diameter:g} mm: contrast needed, HU",
            contrast,
            "Yan 2025",
            lambda diameter=diameter: float(
                visibility.threshold_contrast_hu(diameter, table["sigma_hu"], visibility.OBSERVERS[observer])
            ),
            0.15 * contrast,
        )


def _limit(what, readers, low, high):
    def percentile(at):
        second = measure.remeasured_mm(100.0, np.random.default_rng(0), *measure.limits_pct(what, readers), 100_000)
        return float(np.percentile(second, at) - 100)

    name = f"V-agreement, {what}, {readers}"
    question = f"{what} measured twice by {readers}: simulated 95 % limits, %"
    yield Vector(f"{name}, low", f"{question}, lower", low, "Yoon 2016", lambda: percentile(2.5), 0.3)
    yield Vector(f"{name}, high", f"{question}, upper", high, "Yoon 2016", lambda: percentile(97.5), 0.3)


VECTORS = [
    *(vector for observer in visibility.PUBLISHED_THRESHOLDS for vector in _study(observer)),
    Vector("V-Rose before", "6 HU, 12 mm, noise 15 HU: contrast x diameter / noise, mm", 4.8, "computed: Rose 1948",
           lambda: float(visibility.detectability(-6, 12, 15)), 1e-9),
    Vector("V-Rose after", "56 HU, 12 mm, noise 15 HU: contrast x diameter / noise, mm", 44.8, "computed: Rose 1948",
           lambda: float(visibility.detectability(-56, 12, 15)), 1e-9),
    *_limit("sum", "one reader", -9.8, 13.1),
    *_limit("sum", "two readers", -19.2, 19.5),
    *_limit("lesion", "one reader", -17.8, 16.1),
    *_limit("lesion", "two readers", -22.1, 25.4),
]  # fmt: skip
