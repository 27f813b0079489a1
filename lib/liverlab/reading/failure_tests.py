"""The next test in a liver that fails without a lesion: what each returns, from the hidden state of the patient.

Every test takes a `Seen` and returns a `next_tests.Finding` that points to TUMOUR in the sinusoids, to something OTHER,
or to NEITHER. Tests read the laboratory, the scanner or the microscope, never the occupancy itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from liverlab.disease.sinusoid import Course
from liverlab.imaging.diffuse_liver import mixed
from liverlab.reading import scores, tissue
from liverlab.reading.next_tests import NEITHER, Finding

TUMOUR, OTHER = "tumour", "other"
# NSE from which anything but neuroendocrine cancer is unlikely; illustrative.
HIGH_NSE_UG_L = 100.0
# Mean uptake of livers that passes quality control runs up to 3.0 (tissues/pet.csv); above it is too much.
HIGH_LIVER_SUV = 3.0
# ADC of the liver repeats within about a seventh; less is no change. Illustrative.
ADC_CHANGE = 0.14
REPEAT_D = 2.0
LEAST_U_L = 1.0  # a laboratory prints no less; a liver that is gone would give it
# ALT of an injury that is over halves in two days (half-life 47 h); a fall of this share says that it is over.
FALL_OF_ENDED = 0.3
CLOSED = {
    "budd_chiari": "no flow in the hepatic veins. This is Budd-Chiari syndrome",
    "obstruction": "the bile ducts are wide. This is obstruction",
}


@dataclass(frozen=True, eq=False)
class Seen:
    """What a test can get at: the patient on one of the days of the course.

    values: parameters; course: one patient, days that hold the day itself and REPEAT_D later; at: index of the day;
    limits: `evidence.load().labs`; suv, adc_um2_ms: (normal liver, tumour); injury: what imitates tumour, or empty;
    seed: luck of the needle.
    """

    values: Mapping[str, Any]
    course: Course
    at: int
    limits: Mapping[str, Any]
    suv: tuple[float, float]
    adc_um2_ms: tuple[float, float]
    injury: str = ""
    seed: int = 1

    def lab(self, key: str, at: int | None = None) -> float:
        """A laboratory value on the day, or on another."""
        value = float(getattr(self.course.labs, key)[self.at if at is None else at])
        return max(value, LEAST_U_L) if key.endswith("_u_l") else value

    def times_upper(self, key: str) -> float:
        """The same in multiples of the upper limit."""
        return self.lab(key) / self.limits[key].high


def enzymes(seen: Seen) -> Finding:
    """ALT, AST and ALP, and the R factor: a pattern, not a diagnosis."""
    upper = {key: seen.limits[key].high for key in ("alt_u_l", "alp_u_l")}
    found = scores.r_factor(seen.lab("alt_u_l"), upper["alt_u_l"], seen.lab("alp_u_l"), upper["alp_u_l"])
    text = f"ALT {seen.lab('alt_u_l'):.0f}, AST {seen.lab('ast_u_l'):.0f}, ALP {seen.lab('alp_u_l'):.0f} U/L: "
    text += f"R {found.value:.1f}, {found.grade}."
    return _finding(
        "enzymes", "Enzymes, R factor", found.value, "R", text,
        "Published patients with tumour in the sinusoids had R 0.4 to 2.9; ischaemia on top lifted it to 4.3.",
        OTHER if found.grade == "hepatocellular" else NEITHER,
        rows=tuple((name, None, seen.lab(f"{name.lower()}_u_l")) for name in ("ALT", "AST", "ALP")),
        unit="U/L",
    )  # fmt: skip


def ldh(seen: Seen) -> Finding:
    """LDH against ALT, and uric acid."""
    upper = {key: seen.limits[key].high for key in ("ldh_u_l", "alt_u_l")}
    found = scores.ldh_over_alt(seen.lab("ldh_u_l"), upper["ldh_u_l"], seen.lab("alt_u_l"), upper["alt_u_l"])
    text = f"LDH {seen.lab('ldh_u_l'):.0f} U/L ({seen.times_upper('ldh_u_l'):.1f} × limit), "
    text += f"LDH over ALT {found.value:.1f}; uric acid {seen.lab('uric_acid_umol_l'):.0f} µmol/L."
    return _finding(
        "ldh", "LDH and uric acid", found.value, "LDH over ALT", text,
        "Both in upper limits: about 3.6 in small cell cancer, 0.5 in other failure, a handful of patients.",
        {"tumour": TUMOUR, "other": OTHER}.get(found.grade, NEITHER),
    )  # fmt: skip


def nse(seen: Seen) -> Finding:
    """Neuron-specific enolase."""
    now, upper = float(seen.course.nse_ug_l[seen.at]), seen.limits["nse_ug_l"].high
    points_to = TUMOUR if now >= HIGH_NSE_UG_L else OTHER if now <= upper else NEITHER
    return _finding(
        "nse", "NSE", now, "µg/L", f"NSE {now:.0f} µg/L (upper limit {upper:.0f}).",
        "A marker of small cell cancer: it says that there is much tumour, not where. Haemolysis raises it too.",
        points_to,
    )  # fmt: skip


def clotting(seen: Seen) -> Finding:
    """INR, ammonia and lactate: how bad it is, not why."""
    inr, grade = seen.lab("inr"), int(seen.course.labs.encephalopathy_grade[seen.at])
    text = f"INR {inr:.2f}, ammonia {seen.lab('ammonia_umol_l'):.0f} µmol/L (encephalopathy grade {grade}), "
    text += f"lactate {seen.lab('lactate_mmol_l'):.1f} mmol/L, albumin {seen.lab('albumin_g_l'):.0f} g/L."
    return _finding(
        "clotting", "INR, ammonia, lactate", inr, "INR", text,
        "Severity. Factor VII turns over in hours, albumin in weeks: the INR tells, albumin does not.",
        NEITHER,
    )  # fmt: skip


def repeat(seen: Seen) -> Finding:
    """The same blood tests two days later."""
    later = int(np.searchsorted(seen.course.days, seen.course.days[seen.at] + REPEAT_D))
    if seen.course.death_day <= seen.course.days[later]:
        text = "The patient does not live for another two days."
        return _finding("repeat", "Repeat in 2 days", 0.0, "", text, _REPEAT, NEITHER)
    rows = tuple(
        (name, seen.lab(key), seen.lab(key, later))
        for name, key in (("ALT", "alt_u_l"), ("Bilirubin", "bilirubin_umol_l"), ("LDH", "ldh_u_l"), ("INR", "inr"))
    )
    words = ", ".join(f"{name} {100 * (now / before - 1):+.0f} %" for name, before, now in rows)
    fallen = rows[0][2] <= (1 - FALL_OF_ENDED) * rows[0][1]
    return _finding(
        "repeat", "Repeat in 2 days", 100 * (rows[0][2] / rows[0][1] - 1), "% of ALT", f"Two days later: {words}.",
        _REPEAT, OTHER if fallen else NEITHER, rows=rows,
    )  # fmt: skip


_REPEAT = "An injury that is over lets ALT fall by half in two days, bilirubin later. Tumour goes on. Costs two days."


def viral(seen: Seen) -> Finding:
    """Serology of the hepatitis viruses."""
    positive = seen.injury == "viral"
    text = "Hepatitis serology: acute infection." if positive else "Hepatitis serology: no acute infection."
    return _finding(
        "viral", "Viral serology", float(positive), "", text, "One cause in or out, by tomorrow.",
        OTHER if positive else NEITHER,
    )  # fmt: skip


def ultrasound(seen: Seen) -> Finding:
    """Ultrasound with Doppler: size, ducts, veins."""
    ratio = float(seen.course.liver_volume_ratio[seen.at])
    size = "large" if ratio > 1.15 else "of normal size"
    text = f"Ultrasound: liver {size}, no focal lesion; "
    text += f"{CLOSED.get(seen.injury, 'bile ducts narrow, portal and hepatic veins open')}."
    return _finding(
        "ultrasound", "Ultrasound, Doppler", ratio, "x normal volume", text,
        "Ducts and veins first: a stone and a clot can be treated. In a registry it showed masses in 44 %.",
        OTHER if seen.injury in CLOSED else NEITHER,
    )  # fmt: skip


def pet(seen: Seen) -> Finding:
    """FDG PET: mean uptake of the whole liver, tumour and liver mixed by volume."""
    suv = mixed(*seen.suv, float(seen.course.living_tumour[seen.at]))
    usual = f"usual {seen.suv[0]:.1f}, up to {HIGH_LIVER_SUV:.1f}"
    text = f"FDG PET: the whole liver takes up SUV {suv:.1f} evenly ({usual}). "
    text += "No focus." if suv > HIGH_LIVER_SUV else "No focus, no excess."
    return _finding(
        "pet", "FDG PET", suv, "SUV", text,
        "Look at the mean of the liver, not for a spot. A waiting list costs days.",
        TUMOUR if suv > HIGH_LIVER_SUV else NEITHER,
    )  # fmt: skip


def dwi(seen: Seen) -> Finding:
    """Diffusion-weighted MRI: mean ADC of the liver, tumour and liver mixed by volume."""
    adc = mixed(*seen.adc_um2_ms, float(seen.course.living_tumour[seen.at]))
    fall = 1.0 - adc / seen.adc_um2_ms[0]
    words = "lower than in liver without tumour" if fall >= ADC_CHANGE else "no more than measurements differ"
    text = f"DWI: ADC of the whole liver {adc:.2f} x 10⁻³ mm²/s ({-100 * fall:+.0f} %), {words}. No focus."
    return _finding(
        "dwi", "MRI with DWI", adc, "10⁻³ mm²/s", text,
        "Dense tumour holds water back. Mixed into liver it moves the mean little; no published patient was measured.",
        TUMOUR if fall >= ADC_CHANGE else NEITHER,
    )  # fmt: skip


def _sample(seen: Seen, route: str, title: str, separates: str) -> Finding:
    chance = float(tissue.yield_pct(seen.values, float(seen.course.living_tumour[seen.at]), route))
    harm = float(tissue.harm_pct(seen.values, seen.lab("inr"), route))
    shown = shows_tumour(seen, route)
    if shown:
        result = "small cell cancer" if route == tissue.MARROW else "small cell cancer fills the sinusoids"
    else:
        result = "no tumour in the sample"
    text = f"{title}: {result}. Chance that a sample shows tumour here {chance:.0f} %; major harm {harm:.1f} %."
    return _finding(route, title, chance, "% chance", text, separates, TUMOUR if shown else NEITHER)


def shows_tumour(seen: Seen, route: str) -> bool:
    """Whether this patient's sample of this route shows tumour; the seed fixes the luck of the needle."""
    chance = tissue.yield_pct(seen.values, float(seen.course.living_tumour[seen.at]), route)
    luck = np.random.default_rng((int(seen.seed), tissue.ROUTES.index(route))).random()
    return bool(100 * luck < chance)


def percutaneous(seen: Seen) -> Finding:
    """Needle through the skin."""
    return _sample(
        seen, tissue.PERCUTANEOUS, "Needle through the skin",
        f"The answer. Usual up to INR {tissue.INR_LIMIT:g} and from {tissue.PLATELET_LIMIT_1E9_L:g} x 10⁹/L platelets.",
    )  # fmt: skip


def transjugular(seen: Seen) -> Finding:
    """Needle through the jugular vein."""
    return _sample(
        seen, tissue.TRANSJUGULAR, "Needle through the jugular vein",
        "The answer, where clotting fails: the sample is taken from inside the vein.",
    )  # fmt: skip


def marrow(seen: Seen) -> Finding:
    """Bone marrow sample."""
    return _sample(
        seen, tissue.MARROW, "Bone marrow",
        "Safe with any INR. Positive it proves spread of the cancer, negative it proves nothing.",
    )  # fmt: skip


TESTS = {
    "enzymes": enzymes,
    "ldh": ldh,
    "nse": nse,
    "clotting": clotting,
    "repeat": repeat,
    "viral": viral,
    "ultrasound": ultrasound,
    "pet": pet,
    "dwi": dwi,
    "percutaneous": percutaneous,
    "transjugular": transjugular,
    "marrow": marrow,
}


def order(test: str, seen: Seen) -> Finding:
    """The finding of one test by its id in `TESTS`; ValueError for an unknown one."""
    if test not in TESTS:
        raise ValueError(f"test is {test!r}; allowed: {', '.join(TESTS)}.")
    return TESTS[test](seen)


def _finding(test, title, value, value_unit, text, separates, points_to, rows=(), unit=""):
    return Finding(test, title, float(value), value_unit, rows, text, separates, points_to, unit)
