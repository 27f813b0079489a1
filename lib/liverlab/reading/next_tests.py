"""The next test: what each would return, computed from the hidden state of the patient.

Every test has the same arguments: values (parameter key -> float), lesions (`evidence.LesionSpec`), course
(`disease.course.Course` of these values, baseline first), visit (index into course.days, 1 or later) and actions, and
returns a `Finding`. A "new spot" is a lesion nobody could see on the baseline scan and everybody sees at this visit.
"""

from dataclasses import dataclass

import numpy as np

from liverlab.disease import course as disease_course
from liverlab.disease import markers as disease_markers
from liverlab.imaging.pet import peak_suv
from liverlab.reading import scan
from liverlab.reading.reasons import listed

RESPONSE, PROGRESSION, NEITHER = "response", "progression", "neither"

# Uptake that stands out: 1.5 times the liver (PERCIST 1.0, Wahl 2009, doi 10.2967/jnumed.108.057307, less its SD term).
AVID_OVER_LIVER = 1.5
# Less than this is no enhancement: noise and beam hardening alone change a mean by a few HU.
NO_ENHANCEMENT_HU = 10.0
# CEA surges on effective chemotherapy ended within 4 months (Oncology 2006;70:49, doi 10.1159/000091184).
MARKER_SURGE_D = 120.0
# Smallest change of a marker that is taken seriously; illustrative.
MARKER_CHANGE = 0.2
RESCAN_D = 42.0
BIOPSY_PASSES = 3
# A deposit outside the liver that answers like the liver lesions; its size is illustrative.
OTHER_SITE_MM = 45.0


@dataclass(frozen=True)
class Finding:
    """What a test returned.

    value: the one number of the test, in value_unit. rows: (what, before or None, now) in `unit`. text: the report, a
    few sentences. separates: what the test can tell apart. points_to: RESPONSE, PROGRESSION or NEITHER.
    """

    test: str
    title: str
    value: float
    value_unit: str
    rows: tuple[tuple[str, float | None, float], ...]
    text: str
    separates: str
    points_to: str
    unit: str


@dataclass(frozen=True)
class _Site:
    """A lesion outside the liver, as `disease.course` wants it."""

    id: str = "other"
    role: str = "target"
    diameter_mm: float = OTHER_SITE_MM
    vascular: str = "hyper"
    response: float = 1.0


def pet(values, lesions, course, visit, actions=()) -> Finding:
    """FDG PET at the visit: SUVmax of every lesion, from viability and perfusion, with partial-volume loss.

    SUV = liver + (tumour * viability * perfusion - liver) * recovery(diameter).
    """
    visit, names = _check(course, visit), _names(lesions)
    liver = float(values["suv_liver"])
    suv = peak_suv(float(values["suv_tumour"]) * course.viability * course.perfusion, liver, course.diameter_mm)
    there = _present(course, visit)
    rows = _rows(suv, there, course, visit, names)
    hottest = float(suv[list(there), visit].max())
    first = float(suv[course.diameter_mm[:, 0] > 0, 0].max())
    spots = _new_spots(values, lesions, course, visit)
    limit = AVID_OVER_LIVER * liver
    text = f"FDG PET: the hottest lesion has SUVmax {hottest:.1f}, {first:.1f} before treatment (liver {liver:.1f})."
    if spots:
        high = max(float(suv[i, visit]) for i in spots)
        where = _spots_text(spots, names)
        text += f" {where} {'takes' if len(spots) == 1 else 'take'} up {high:.1f}" + (" at most." if spots[1:] else ".")
    points_to = PROGRESSION if hottest > limit and hottest >= 0.9 * first else NEITHER
    points_to = RESPONSE if hottest < 0.7 * first else points_to
    return Finding(
        "pet", "FDG PET", hottest, "SUV", rows, text,
        "Living tumour takes up sugar, necrosis does not. Lesions below about 10 mm look colder than they are.",
        points_to, "SUV",
    )  # fmt: skip


def markers(values, lesions, course, visit, actions=()) -> Finding:
    """Tumour marker relative to baseline at the visit, with the surge of the scenario."""
    visit = _check(course, visit)
    day = float(course.days[visit])
    level = disease_markers.simulate(values, lesions, course.days, actions)
    now = float(level[visit])
    text = f"Tumour marker on day {day:g}: {100 * now:.0f} % of baseline."
    points_to = RESPONSE if now <= 1 - MARKER_CHANGE else NEITHER
    if now >= 1 + MARKER_CHANGE and day > MARKER_SURGE_D:
        points_to = PROGRESSION
    elif now >= 1 + MARKER_CHANGE:
        text += " A rise in the first 4 months can be a surge from dying cells: alone it is not progression."
    rows = (("Marker", 100.0, 100 * now),)
    return Finding(
        "markers", "Tumour marker", 100 * now, "% of baseline", rows, text,
        "Follows the living tumour mass of the whole body, some days late.", points_to, "% of baseline",
    )  # fmt: skip


def other_sites(values, lesions, course, visit, actions=()) -> Finding:
    """A deposit outside the liver, visible before and now: its longest diameter (mm).

    It has the biology of the liver lesions, without swelling: where nothing hides it, size and density can be compared.
    """
    visit = _check(course, visit)
    elsewhere = (_Site(response=_answer(lesions)),)
    site = disease_course.simulate({**values, "swelling_pct": 0.0}, elsewhere, course.days, actions)
    before, now = float(site.diameter_mm[0, 0]), float(site.diameter_mm[0, visit])
    alive = 100 * float(site.viability[0, visit] * (now / before) ** 3)
    change = 100 * (now / before - 1)
    fed = float(site.perfusion[0, visit])
    look = "enhances as before" if fed > 0.9 else "enhances less than before" if fed > 0.5 else "hardly enhances now"
    text = f"Deposit in the abdomen: {before:.0f} mm before, {now:.0f} mm now ({change:+.0f} %); it {look}."
    points_to = RESPONSE if alive < 80 else PROGRESSION if change > 10 else NEITHER
    return Finding(
        "other_sites", "Other sites", now, "mm", (("Abdominal deposit", before, now),), text,
        "Disease that was visible all along cannot look new: it shows whether the drug works.", points_to, "mm",
    )  # fmt: skip


def late_arterial(values, lesions, course, visit, actions=()) -> Finding:
    """Late arterial phase: which new spots the baseline study shows (value), or how much darker lesions have become.

    rows: HU minus liver in this phase, at baseline and now.
    """
    visit, names = _check(course, visit), _names(lesions)
    phase = scan.late_arterial(values, lesions, course)
    spots = _new_spots(values, lesions, course, visit)
    difference = phase.mean_hu - phase.liver_hu[None, :]
    rows = _rows(difference, spots or _present(course, visit), course, visit, names)
    separates = "A hypervascular lesion that matches the liver in the portal phase lights up before the liver does."
    if spots:
        before = _seen_before(phase, spots)
        text = f"Late arterial phase of the baseline study: {_seen_text(before, spots, names, difference)}"
        points_to = RESPONSE if len(before) == len(spots) else NEITHER if before else PROGRESSION
        return Finding(
            "late_arterial", "Late arterial phase", float(len(before)), "spots seen at baseline", rows, text,
            separates, points_to, "HU to liver",
        )  # fmt: skip
    there = [i for i in _present(course, visit) if course.diameter_mm[i, 0] > 0]
    change = float(np.mean([phase.mean_hu[i, visit] - phase.mean_hu[i, 0] for i in there]))
    word = "darker" if change < 0 else "brighter"
    text = f"Late arterial phase: the lesions are {abs(change):.0f} HU {word} than before treatment, on average."
    points_to = RESPONSE if change <= -NO_ENHANCEMENT_HU else NEITHER
    return Finding(
        "late_arterial", "Late arterial phase", change, "HU", rows, text, separates, points_to, "HU to liver"
    )


def unenhanced(values, lesions, course, visit, actions=()) -> Finding:
    """Unenhanced phase: what the baseline study shows of the new spots, and what takes up contrast medium now.

    value: the largest uptake at this visit, portal minus unenhanced HU; rows: uptake at baseline and now.
    """
    visit, names = _check(course, visit), _names(lesions)
    phase = scan.unenhanced(values, lesions, course)
    spots = _new_spots(values, lesions, course, visit)
    gain = scan.portal(values, lesions, course).mean_hu - phase.mean_hu
    rows = _rows(gain, spots or _present(course, visit), course, visit, names)
    most = max(row[2] for row in rows)
    difference = phase.mean_hu - phase.liver_hu[None, :]
    before = _seen_before(phase, spots)
    text = f"Unenhanced baseline study: {_seen_text(before, spots, names, difference)} " if spots else ""
    who, verb = (rows[0][0], "takes") if len(rows) == 1 else (listed([row[0] for row in rows]), "take")
    takes = "no contrast medium" if most < NO_ENHANCEMENT_HU else "contrast medium"
    text += f"Now {who} {verb} up {takes} in the portal phase ({most:+.0f} HU{' at most' if rows[1:] else ''})."
    known = bool(spots) and len(before) == len(spots)
    return Finding(
        "unenhanced", "Unenhanced phase", most, "HU", rows, text,
        "Without contrast medium no tumour hides by enhancing; portal minus unenhanced HU is what a lesion takes up.",
        RESPONSE if known or most < NO_ENHANCEMENT_HU else NEITHER, "HU of uptake",
    )  # fmt: skip


def early_rescan(values, lesions, course, visit, actions=()) -> Finding:
    """The same CT six weeks later, treatment unchanged: the new spots, or all lesions seen, measured again (mm)."""
    visit, names = _check(course, visit), _names(lesions)
    later = float(course.days[visit]) + RESCAN_D
    ahead = disease_course.simulate(values, lesions, [*course.days[: visit + 1], later], actions)
    seen = scan.portal(values, lesions, ahead).readings
    spots = tuple(np.flatnonzero(seen.visible[:, -2] & ~seen.visible[:, 0]))
    chosen = spots or tuple(np.flatnonzero(seen.visible[:, -2]))
    fresh = np.flatnonzero(seen.visible[:, -1] & ~seen.visible[:, -2] & ~seen.visible[:, 0])
    rows = tuple((names[i], float(seen.diameter_mm[i, -2]), float(seen.diameter_mm[i, -1])) for i in chosen)
    before, now = (sum(row[k] for row in rows) for k in (1, 2))
    change = 100 * (now / before - 1) if before else 0.0
    what = _spots_text(spots, names) if spots else "Sum of all lesions seen"
    text = f"Six weeks later, day {later:g}: {what}, {before:.0f} mm today, {now:.0f} mm then ({change:+.0f} %)."
    if not rows:
        text = f"Six weeks later, day {later:g}: nothing to measure."
    if fresh.size:
        text += f" {listed([names[i] for i in fresh])} {'has' if fresh.size == 1 else 'have'} appeared since."
    grown = change > float(values["reader_high_pct"])
    points_to = PROGRESSION if grown else RESPONSE if rows and change <= 0 and not fresh.size else NEITHER
    return Finding(
        "early_rescan", "Rescan in 6 weeks", now, "mm", rows, text,
        "Tumour that grows goes on growing; tumour that was unmasked does not. It costs six weeks.", points_to, "mm",
    )  # fmt: skip


def biopsy(values, lesions, course, visit, actions=(), seed=1) -> Finding:
    """Three needle passes into the new spot (or the largest lesion): each meets living tumour with its viability.

    seed fixes the luck of the needle; value is the chance in % that three passes miss living tumour.
    """
    visit, names = _check(course, visit), _names(lesions)
    spots = _new_spots(values, lesions, course, visit) or tuple(range(len(names)))
    chosen = max(spots, key=lambda i: course.diameter_mm[i, visit])
    viability = float(course.viability[chosen, visit])
    missed = (1 - viability) ** BIOPSY_PASSES
    hit = bool(np.random.default_rng((int(seed), chosen)).random() >= missed)
    result = "living tumour" if hit else "necrosis only, no living tumour"
    luck = f"{BIOPSY_PASSES} passes miss that in {100 * missed:.0f} % of attempts"
    text = f"Biopsy of {names[chosen]}: {result}. In truth {100 * viability:.0f} % of it is alive; {luck}."
    if hit:
        text += " Living cells alone do not mean progression: before treatment all of it was alive."
    return Finding(
        "biopsy", "Biopsy", 100 * missed, "%", ((names[chosen], 100.0, 100 * viability),), text,
        "Tumour from scar or cyst, if the needle meets it. It does not tell growth from response.",
        NEITHER if hit else RESPONSE, "% alive",
    )  # fmt: skip


TESTS = {
    "late_arterial": late_arterial,
    "unenhanced": unenhanced,
    "pet": pet,
    "markers": markers,
    "other_sites": other_sites,
    "early_rescan": early_rescan,
    "biopsy": biopsy,
}


def order(test, values, lesions, course, visit, actions=()) -> Finding:
    """The finding of one test by its id in `TESTS`; ValueError for an unknown one."""
    if test not in TESTS:
        raise ValueError(f"test is {test!r}; allowed: {', '.join(TESTS)}.")
    return TESTS[test](values, lesions, course, visit, actions)


def _present(course, visit):
    return tuple(int(i) for i in np.flatnonzero(course.diameter_mm[:, visit] > 0))


def _rows(values, chosen, course, visit, names):
    return tuple(
        (names[i], float(values[i, 0]) if course.diameter_mm[i, 0] > 0 else None, float(values[i, visit]))
        for i in chosen
    )


def _seen_before(phase, spots):
    return [i for i in spots if phase.readings.visible[i, 0]]


def _seen_text(before, spots, names, difference):
    """Which of today's new spots a phase of the baseline study shows."""
    if not before:
        verb = "is" if len(spots) == 1 else "are"
        return f"nothing is seen where {listed([names[i] for i in spots])} {verb} now."
    shown = listed([f"{names[i]} ({difference[i, 0]:+.0f} HU to liver)" for i in before])
    text = f"{shown} can be seen there already. Not new."
    missing = [names[i] for i in spots if i not in before]
    return text + (f" {listed(missing)} cannot." if missing else "")


def _spots_text(spots, names):
    return f"New spot{'s' if len(spots) > 1 else ''} {listed([names[i] for i in spots])}"


def _new_spots(values, lesions, course, visit):
    """Indices of the lesions unseen on the baseline scan and seen at the visit."""
    visible = scan.portal(values, lesions, course).readings.visible
    return tuple(int(i) for i in np.flatnonzero(visible[:, visit] & ~visible[:, 0]))


def _answer(lesions):
    """How the disease as a whole answers to the drug: the mean over the lesions that were known at the start."""
    known = [float(getattr(lesion, "response", 1.0)) for lesion in lesions if lesion.role in ("target", "non_target")]
    return sum(known) / len(known) if known else 1.0


def _names(lesions):
    return [str(getattr(lesion, "label", lesion.id)) for lesion in lesions]


def _check(course, visit):
    if course.diameter_mm.ndim != 2:
        raise ValueError(f"course has shape {course.diameter_mm.shape}; allowed: one patient, (lesions, days).")
    if not 1 <= int(visit) < course.days.size:
        raise ValueError(f"visit is {visit}; allowed: 1 to {course.days.size - 1}, a visit after the baseline.")
    return int(visit)
