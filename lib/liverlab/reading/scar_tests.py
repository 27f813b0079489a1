"""The next test for a nodular liver: what each would return, computed from the hidden state of the patient.

A `Case` goes in, a `next_tests.Finding` comes out; points_to is PSEUDOCIRRHOSIS, CIRRHOSIS or NEITHER.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from liverlab.disease.scarred_liver import DAYS_PER_MONTH, ScarredLiver
from liverlab.reading import contour
from liverlab.reading.liver_status import VARICES
from liverlab.reading.lobes import Lobes
from liverlab.reading.next_tests import NEITHER, Finding

PSEUDOCIRRHOSIS, CIRRHOSIS = "pseudocirrhosis", "cirrhosis"
RESCAN_D = 3 * DAYS_PER_MONTH
LSVR_LIMIT = 0.35  # Furusato Hunt 2016
SIGNIFICANT_MMHG = 10.0  # clinically significant portal hypertension
# What counts as a change: RMS of the surface (mm), LSVR, HU against liver; illustrative.
SURFACE_CHANGE_MM, LSVR_CHANGE, ENHANCING_HU = 0.15, 0.02, 5.0


@dataclass(frozen=True, eq=False)
class Case:
    """What the tests need: values (parameter key -> float), the liver and the index of the visit in its days.

    lobes(index): the lobes on a day of liver.days; ahead(day): the same liver followed to a later day;
    arterial_hu(index): mean of the lesions minus liver in the late arterial phase, or None without lesions.
    """

    values: Mapping[str, float]
    liver: ScarredLiver
    index: int
    lobes: Callable[[int], Lobes]
    ahead: Callable[[float], ScarredLiver]
    arterial_hu: Callable[[int], float | None]

    @property
    def day(self) -> float:
        """Day of the visit."""
        return float(self.liver.days[self.index])

    def words(self, index: int) -> str:
        """How a reader calls the contour on a day."""
        return contour.contour_words(float(self.liver.surface_mm[index]), self.values["nodule_mm"])


def old_studies(case: Case) -> Finding:
    """The first scan beside today's: was the surface nodular then?"""
    before, now = (float(case.liver.surface_mm[i]) for i in (0, case.index))
    months = case.day / DAYS_PER_MONTH
    text = f"{_months(months)} ago the surface was {case.words(0)}; today it is {case.words(case.index)}."
    known = before >= contour.SEEN_MM
    if known:
        text += " What was there before the treatment is not its work."
    newly = not known and now >= contour.SEEN_MM
    return _finding(
        "old_studies", "Old studies", now - before, "mm", (("Surface, RMS", before, now),), text,
        "Pseudocirrhosis develops within months of treatment, cirrhosis over years.",
        CIRRHOSIS if known else PSEUDOCIRRHOSIS if newly else NEITHER,
    )  # fmt: skip


def risk_factors(case: Case) -> Finding:
    """History: chronic liver disease, alcohol, hepatitis."""
    years = case.values["liver_disease_years"]
    text = (
        f"Chronic viral hepatitis known for {years:.0f} years; platelets have been low for some of them."
        if years
        else "No alcohol, no viral hepatitis, no autoimmune or metabolic liver disease."
    )
    return _finding(
        "risk_factors", "History and risk factors", years, "years", (("Chronic liver disease", None, years),), text,
        "Cirrhosis has a cause, and mostly a history. A history does not exclude a second disease.",
        CIRRHOSIS if years else PSEUDOCIRRHOSIS,
    )  # fmt: skip


def late_arterial(case: Case) -> Finding:
    """Late arterial phase today: do the focal lesions enhance more than liver?"""
    difference = case.arterial_hu(case.index)
    if difference is None:
        return _finding("late_arterial", "Late arterial phase", 0.0, "HU", (), "No focal lesion is seen.", "", NEITHER)
    bright = difference > ENHANCING_HU
    look = "brighter than liver, darker in the portal phase" if bright else "not brighter than liver"
    text = f"In the late arterial phase the focal lesions are {look} ({difference:+.0f} HU)."
    if bright:
        text += " In a cirrhotic liver this is hepatocellular carcinoma until shown otherwise."
    return _finding(
        "late_arterial", "Late arterial phase", difference, "HU to liver", (("Lesions", None, difference),), text,
        "Metastases of breast cancer are mostly poor in vessels, hepatocellular carcinoma is rich in them.",
        CIRRHOSIS if bright else PSEUDOCIRRHOSIS if difference < -ENHANCING_HU else NEITHER,
    )  # fmt: skip


def segmental_volumes(case: Case) -> Finding:
    """Volumes of the segments: LSVR at the first scan and today, and the caudate-right ratio."""
    before, now = case.lobes(0), case.lobes(case.index)
    text = (
        f"Segments I-III over IV-VIII (LSVR): {before.lsvr:.2f} at the first scan, {now.lsvr:.2f} today (cut-off "
        f"{LSVR_LIMIT:g}). Caudate over right lobe: {now.caudate_right:.2f}. Liver {now.liver_ml:.0f} mL."
    )
    moved = abs(now.lsvr - before.lsvr) >= LSVR_CHANGE
    points_to = PSEUDOCIRRHOSIS if moved else CIRRHOSIS if min(before.lsvr, now.lsvr) > LSVR_LIMIT else NEITHER
    return _finding(
        "segmental_volumes", "Segmental volumes", now.lsvr, "",
        (("LSVR", before.lsvr, now.lsvr), ("Caudate over right lobe", before.caudate_right, now.caudate_right)), text,
        "One value cannot tell the cause: both diseases shift volume to the left lobe and the caudate. The change "
        "between two scans can.",
        points_to,
    )  # fmt: skip


def biopsy(case: Case) -> Finding:
    """Biopsy of the liver between the lesions."""
    liver, at = case.liver, case.index
    scar_pct = float(100 * liver.scars.scar_ml[at] / liver.scars.liver_ml[at])
    nodules, infiltration = float(liver.scars.nodules_mm[at]), float(liver.infiltration_mm[at])
    rows = (("Scar of the tumour, % of liver", None, scar_pct),)
    if case.values["liver_disease_years"]:
        text = "Bridging fibrosis around regenerative nodules: cirrhosis."
        points_to = CIRRHOSIS
    else:
        found = [
            word
            for word, there in (
                (
                    "nodules of regenerating cells without fibrous septa (nodular regenerative hyperplasia)",
                    nodules > 0.2,
                ),
                ("tumour cells between the hepatocytes, with dense stroma", infiltration > 0.1),
                ("scar where metastases have been", scar_pct > 0.5),
            )
            if there
        ]
        text = f"{'; '.join(found).capitalize() or 'Normal liver'}. No bridging fibrosis: not cirrhosis."
        points_to = PSEUDOCIRRHOSIS if found else NEITHER
    return _finding(
        "biopsy", "Biopsy of the liver", scar_pct, "%", rows, text,
        "Tissue decides. A needle samples one place, and bleeding is a risk when there is ascites.",
        points_to,
    )  # fmt: skip


def pressures(case: Case) -> Finding:
    """Hepatic vein catheter: the wedged gradient, which misses what lies before the sinusoids."""
    wedged = case.liver.scars.hvpg_mmhg
    now, varices = float(wedged[case.index]), int(case.liver.scars.varices[case.index])
    high = now >= SIGNIFICANT_MMHG
    text = f"Hepatic venous pressure gradient {now:.0f} mmHg (normal 1 to 5; from 10 on clinically significant)."
    if not high and varices:
        text += " Varices with such a gradient: the block lies before the sinusoids."
    elif not high:
        text += " A block before the sinusoids would be missed."
    return _finding(
        "pressures", "Hepatic vein pressures", now, "mmHg", (("HVPG", float(wedged[0]), now),), text,
        "Cirrhosis is sinusoidal: the wedge shows it. Nodular regenerative hyperplasia lies before the sinusoids: the "
        "wedge underestimates the portal pressure.",
        PSEUDOCIRRHOSIS if not high and varices else NEITHER,
    )  # fmt: skip


def endoscopy(case: Case) -> Finding:
    """Varices at endoscopy."""
    before, now = (int(case.liver.scars.varices[i]) for i in (0, case.index))
    text = f"Oesophageal varices: {VARICES[now]}."
    return _finding(
        "endoscopy", "Endoscopy", float(now), "grade", (("Varices, 0 none to 3 large", before, now),), text,
        "Shows what the portal pressure has done, not why.",
        NEITHER,
    )  # fmt: skip


def rescan(case: Case) -> Finding:
    """The same CT three months later, treatment unchanged."""
    later = case.ahead(case.day + RESCAN_D)
    now, then = float(case.liver.surface_mm[case.index]), float(later.surface_mm[-1])
    change = then - now
    word = "has hardly changed" if abs(change) < SURFACE_CHANGE_MM else "is rougher" if change > 0 else "is smoother"
    words = contour.contour_words(then, case.values["nodule_mm"])
    text = f"Three months later the surface {word}; a reader calls it {words}."
    moved, nodular = abs(change) >= SURFACE_CHANGE_MM, now >= contour.SEEN_MM
    return _finding(
        "rescan", "Rescan in 3 months", then, "mm", (("Surface, RMS", now, then),), text,
        "A contour that moves within months is not cirrhosis. One that stays speaks for cirrhosis, but may be "
        "a pseudocirrhosis at rest. It costs time.",
        PSEUDOCIRRHOSIS if moved else CIRRHOSIS if nodular else NEITHER,
    )  # fmt: skip


TESTS = {
    test.__name__: test
    for test in (old_studies, risk_factors, late_arterial, segmental_volumes, biopsy, pressures, endoscopy, rescan)
}


def order(test: str, case: Case) -> Finding:
    """The finding of one test by its id in `TESTS`; ValueError for an unknown one."""
    if test not in TESTS:
        raise ValueError(f"test is {test!r}; allowed: {', '.join(TESTS)}.")
    return TESTS[test](case)


def _finding(test, title, value, value_unit, rows, text, separates, points_to):
    return Finding(test, title, float(value), value_unit, rows, text, separates, points_to, value_unit)


def _months(months):
    whole = round(months)
    return "One month" if whole == 1 else f"{whole} months"
