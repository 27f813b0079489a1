"""Can a lesion be seen? Contrast times size over noise (Rose).

A. Rose, "The sensitivity performance of the human eye on an absolute scale", J Opt Soc Am 1948;38:196-208: an object is
seen when its signal-to-noise ratio passes a constant, which for a disc makes |contrast| * diameter / noise a constant.
Thresholds: Yan 2025, Acad Radiol, doi 10.1016/j.acra.2025.03.001 (four-alternative forced choice, 7 radiologists,
2300 synthetic liver lesions). There the reader knew where to look; searching a whole liver is harder.

The constant is not one number: readers get more out of the noise of one scanner than of another's, and less at low
dose, because the standard deviation says nothing of the texture. `OBSERVERS` holds a constant for each of the four
settings of Yan 2025; each gives that setting's published contrasts within 15 %. The lessons' default,
visibility_threshold_mm, is vendor A's at 5 and 10 mm; at 15 mm it asks for 22 % less contrast than was published.
"""

import math

import numpy as np

# Yan 2025: noise (SD in HU) and contrast (HU) needed at each diameter (mm). At low dose 5 mm was not seen at all.
PUBLISHED_THRESHOLDS = {
    "vendor A": {"sigma_hu": 21.5, "diameter_mm": (5.0, 10.0, 15.0), "contrast_hu": (70.0, 35.0, 30.0)},
    "vendor B": {"sigma_hu": 25.9, "diameter_mm": (5.0, 10.0, 15.0), "contrast_hu": (65.0, 35.0, 25.0)},
    "vendor A, low dose": {"sigma_hu": 22.2, "diameter_mm": (10.0, 15.0), "contrast_hu": (45.0, 40.0)},
    "vendor B, low dose": {"sigma_hu": 30.9, "diameter_mm": (10.0, 15.0), "contrast_hu": (50.0, 40.0)},
}

# Sensitivity index at which a four-alternative forced choice is right in 62.5 % (midway between chance and certainty).
D_PRIME_AT_THRESHOLD = 1.2350


def _positive(value, name, unit, zero_allowed=False):
    value = np.asarray(value, dtype=float)
    bad = ~(np.isfinite(value) & ((value >= 0) if zero_allowed else (value > 0)))
    if bad.any():
        allowed = f"0 {unit} or more" if zero_allowed else f"more than 0 {unit}"
        raise ValueError(f"{name} is {value[bad].flat[0]:g} {unit}; allowed: {allowed}.")
    return value


def _finite(value, name, unit):
    value = np.asarray(value, dtype=float)
    bad = ~np.isfinite(value)
    if bad.any():
        raise ValueError(f"{name} is {value[bad].flat[0]:g} {unit}; allowed: any finite number.")
    return value


def detectability(contrast_hu, diameter_mm, sigma_hu):
    """|contrast| * diameter / noise, in mm (Rose 1948). Arrays broadcast.

    contrast_hu: lesion minus liver (HU); diameter_mm >= 0; sigma_hu > 0: SD of the noise in the liver (HU).
    """
    contrast_hu = _finite(contrast_hu, "contrast_hu", "HU")
    diameter_mm = _positive(diameter_mm, "diameter_mm", "mm", zero_allowed=True)
    sigma_hu = _positive(sigma_hu, "sigma_hu", "HU")
    return np.abs(contrast_hu) * diameter_mm / sigma_hu


def is_visible(contrast_hu, diameter_mm, sigma_hu, threshold_mm):
    """True where `detectability` reaches threshold_mm (mm, > 0; 16.3 mm fits vendor A of Yan 2025 at 5 and 10 mm)."""
    threshold_mm = _positive(threshold_mm, "threshold_mm", "mm")
    return detectability(contrast_hu, diameter_mm, sigma_hu) >= threshold_mm


def threshold_contrast_hu(diameter_mm, sigma_hu, threshold_mm):
    """Smallest |contrast| (HU) that is seen at this diameter (mm) and noise (HU): threshold * noise / diameter."""
    diameter_mm = _positive(diameter_mm, "diameter_mm", "mm")
    return _positive(threshold_mm, "threshold_mm", "mm") * _positive(sigma_hu, "sigma_hu", "HU") / diameter_mm


def fitted_threshold_mm(contrast_hu, diameter_mm, sigma_hu):
    """The one threshold (mm) whose largest relative error over measured threshold contrasts (HU) is smallest.

    No single value is within 20 % of both vendors of Yan 2025: that is why `OBSERVERS` has one for each setting.
    """
    measured = detectability(contrast_hu, diameter_mm, sigma_hu)
    return float(2 / (1 / measured.min() + 1 / measured.max()))


# Threshold (mm) of the readers of each setting: 18.3 (A), 13.4 (B), 23.2 (A, low dose), 17.7 (B, low dose).
OBSERVERS = {name: fitted_threshold_mm(**table) for name, table in PUBLISHED_THRESHOLDS.items()}


def probability_correct(contrast_hu, diameter_mm, sigma_hu, threshold_mm):
    """Chance of the right answer when one of four fields holds the lesion (0.25 = guessing; 0.625 at the threshold).

    d' is proportional to `detectability`; P = integral of phi(x - d') Phi(x)^3 (Green & Swets 1966). The reader knows
    the four places: this is an upper bound for finding a lesion anywhere in a liver.
    """
    ratio = detectability(contrast_hu, diameter_mm, sigma_hu) / _positive(threshold_mm, "threshold_mm", "mm")
    return _four_alternatives(D_PRIME_AT_THRESHOLD * ratio)


def detection_probability(contrast_hu, diameter_mm, sigma_hu, threshold_mm):
    """Chance (0..1) that the lesion is detected and not guessed: 0 without contrast, 0.5 at the threshold.

    (P - 1/4) / (3/4) of `probability_correct`. threshold_mm: `OBSERVERS["vendor A"]` or a value of one's own (mm).
    """
    return (probability_correct(contrast_hu, diameter_mm, sigma_hu, threshold_mm) - 0.25) / 0.75


_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(40)
_WEIGHTS = _WEIGHTS / math.sqrt(2 * math.pi)
_erf = np.vectorize(math.erf, otypes=[float])


def _four_alternatives(d_prime):
    x = np.asarray(d_prime, dtype=float)[..., None] + _NODES
    return (((1 + _erf(x / math.sqrt(2))) / 2) ** 3 * _WEIGHTS).sum(axis=-1)
