"""Lesson 03: the tumour responds, the liver fails. What is particular to pseudocirrhosis; the rest is
`lessons.lesson`."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import ipywidgets as widgets

from liverlab import evidence
from liverlab.lessons import panels
from liverlab.lessons.lesson import Lesson
from liverlab.lessons.pseudocirrhosis import checks, figures, replay, surface
from liverlab.lessons.pseudocirrhosis import patient as patients
from liverlab.lessons.pseudocirrhosis.patient import Patient
from liverlab.lessons.pseudocirrhosis.published import complications, published_figures
from liverlab.reading.liver_status import VARICES
from liverlab.reading.scores import ASCITES
from liverlab.ui import theme
from liverlab.ui.describe import change, counted, quantity, sentences
from liverlab.ui.figure_view import figures_that_follow
from liverlab.ui.status_table import Finding, status_table
from liverlab.ui.verdicts import verdict_table

LIVER_CHANGE_PCT = 10.0  # a volume that a reader calls changed; illustrative
LARGE_SPLEEN_ML = 314.0  # upper limit of normal, textbook value


class Pseudocirrhosis(Lesson):
    """The page of notebook 03."""

    id = "03_pseudocirrhosis"
    slice_z_mm = 9.0  # metastases, and a front that lies free in fat, where the outline is seen

    @property
    def checkers(self) -> dict[str, Any]:
        """Name in the lesson file -> function of the patient."""
        return checks.checkers(self.ev, self.simulate)

    def simulate(self, scenario: evidence.Scenario) -> Patient:
        """Disease, scanner and reader for every visit."""
        return patients.simulate(scenario, self.ev)

    def side(self) -> tuple[Any, ...]:
        """What RECIST says of the tumour, and how the liver is."""
        return (self.status.widget,)

    @cached_property
    def status(self) -> Status:
        """Tumour and liver side by side."""
        return Status(self.page)

    def figures(self, patient: Patient, truth: bool) -> list[dict]:
        """Tumour against liver, and the course."""
        return [figures.uncoupling(patient), figures.course(patient, truth)]

    def text(self, patient: Patient) -> str:
        """What the report would say, in numbers; nothing of the hidden truth."""
        seen, visit, now = patient.follow_up, patient.visit, patient.now
        scars, labs, status = patient.liver.scars, patient.liver.labs, patient.status
        count = int(patient.phase.readings.visible[:, visit].sum())
        dents = patient.retractions
        return sentences(
            [
                f"{patient.visit_name(visit)}: {counted(count, 'metastasis', 'metastases')} visible"
                if not patient.values["liver_disease_years"]
                else f"{patient.visit_name(visit)}: {counted(count, 'focal lesion')} visible",
                f"sum of target diameters {change(seen.sum_mm[0], seen.sum_mm[visit], 'mm')}, "
                f"RECIST 1.1 {patient.verdict()}"
                if seen.targets
                else "nothing measurable at the first scan",
                f"the surface is {patient.contour}"
                + (f", with {counted(dents, 'retraction')} of the capsule" if dents else ""),
                f"liver {change(scars.liver_ml[0], scars.liver_ml[now], 'mL')}, "
                f"spleen {change(scars.spleen_ml[0], scars.spleen_ml[now], 'mL')}",
                f"ascites {ASCITES[status.ascites[now]]}",
                f"ALBI grade {status.albi_grade[now]} ({quantity(status.albi[now], digits=2)}), "
                f"Child-Pugh {status.child_pugh_class[now]} {status.child_pugh[now]}, MELD 3.0 {status.meld3[now]}",
                f"platelets {change(labs.platelets_1e9_l[0], labs.platelets_1e9_l[now], '10⁹/L')}",
            ]
        )

    def outcome(self, patient: Patient) -> str:
        """The truth beside the prediction."""
        now, liver = patient.now, patient.liver
        nodules, dents = float(liver.scars.nodules_mm[now]), float(liver.scars.retraction_mm[:, now].max())
        return sentences(
            [
                f"{patient.visit_name(patient.visit).lower()}: regenerative nodules of {quantity(nodules, 'mm', 1)} "
                f"(RMS), the deepest retraction {quantity(dents, 'mm', 1)}",
                figures.pressure_words(patient),
                "the liver has decompensated" if patient.status.decompensated[now] else "the liver is compensated",
            ]
        )

    def published(self, patient: Patient) -> list[dict]:
        """Tempo and survival."""
        return published_figures(self.ev, patient)

    def tabs(self) -> dict[str, Any]:
        """The surface, the failing liver, the criteria, the reported case, tests, the mimic, the liver in 3-D."""
        return {
            "Is the surface really nodular?": surface.surface_tab(self),
            "Is the liver failing?": self._failing_tab(),
            "What do the criteria say?": panels.verdicts_tab(self, lambda patient: patient.verdicts),
            "What was reported?": replay.replay_tab(self),
            "What else would you order?": panels.tests_tab(self),
            "Cirrhosis or not?": panels.mimic_tab(self, wanted=1),
            "What does it look like in 3-D?": surface.space_tab(self),
            self.data["explain"]["sources"]["title"]: self._lines("sources"),
        }

    def _failing_tab(self) -> widgets.Widget:
        return theme.section(
            figures_that_follow(self.page, lambda patient: [*figures.scores(patient), complications(self.ev, patient)])
        )

    def _lines(self, panel: str) -> widgets.Widget:
        lines = "".join(f"<li>{self.words.mark(line)}</li>" for line in self.data["explain"][panel]["lines"])
        return theme.section(theme.html(f"<ul>{lines}</ul>"))


class Status:
    """RECIST on the tumour, and the findings on the liver, bound to the page."""

    def __init__(self, page: Any) -> None:
        self.table = theme.html("", "lp-verdict-table")
        self.widget = theme.box(self.table, classes=("liverlab", "lp-verdict-box"))
        page.subscribe(self.follow)
        self.follow(page)

    def follow(self, page: Any) -> None:
        """Bring both tables to the page's patient."""
        patient = page.state
        # Only the call: its reason stands in the tab on the criteria.
        recist = [row | {"reason": ""} for row in patient.verdicts if row["criterion"] == "RECIST 1.1"]
        tumour = verdict_table(recist, title="Tumour")
        self.table.value = tumour + status_table(liver_findings(patient), "Liver")


def liver_findings(patient: Patient) -> list[Finding]:
    """What a report says of the liver, first scan and now."""
    status, scars, labs, now = patient.status, patient.liver.scars, patient.liver.labs, patient.now
    volume, spleen, platelets = scars.liver_ml, scars.spleen_ml, labs.platelets_1e9_l
    lost = 100.0 * (1 - volume[now] / volume[0])

    def both(words: Any) -> tuple[str, str]:
        return words(0), words(now)

    return [
        Finding("Contour", patient.contour_at(0), patient.contour),
        Finding("Liver", *both(lambda i: quantity(volume[i], "mL")), "smaller" if lost >= LIVER_CHANGE_PCT else ""),
        Finding("Spleen", *both(lambda i: quantity(spleen[i], "mL")), "large" if spleen[now] > LARGE_SPLEEN_ML else ""),
        Finding("Ascites", *both(lambda i: ASCITES[status.ascites[i]]), "present" if status.ascites[now] else ""),
        Finding(
            "Child-Pugh",
            *both(lambda i: f"{status.child_pugh_class[i]} {status.child_pugh[i]}"),
            "" if status.child_pugh_class[now] == "A" else "not A",
        ),
        Finding(
            "ALBI",
            *both(lambda i: f"grade {status.albi_grade[i]} ({quantity(status.albi[i], digits=2)})"),
            "worse" if status.albi_grade[now] > status.albi_grade[0] else "",
        ),
        Finding(
            "Platelets",
            *both(lambda i: quantity(platelets[i], "10⁹/L")),
            "low" if platelets[now] < patient.ev.labs["platelets_1e9_l"].low else "",
        ),
    ]


def open_lesson() -> Pseudocirrhosis:
    """The page of notebook 03."""
    return Pseudocirrhosis()


def key_numbers(patient: Patient) -> dict[str, float | str]:
    """What the teaching guide quotes of a scenario."""
    scars, status, labs, now = patient.liver.scars, patient.status, patient.liver.labs, patient.now
    return {
        "month": round(float(patient.months[patient.visit])),
        "contour": patient.contour,
        "surface": float(patient.liver.surface_mm[now]),
        "retractions": patient.retractions,
        "seen": int(patient.phase.readings.visible[:, patient.visit].sum()),
        "sum": float(patient.follow_up.size_change_pct[patient.visit]),
        "RECIST": patient.verdict(),
        "liver": float(scars.liver_ml[now]),
        "spleen": float(scars.spleen_ml[now]),
        "gradient": float(scars.portal_gradient_mmhg[now]),
        "HVPG": float(scars.hvpg_mmhg[now]),
        "ascites": ASCITES[status.ascites[now]],
        "varices": VARICES[int(scars.varices[now])],
        "Child-Pugh": f"{status.child_pugh_class[now]}{status.child_pugh[now]}",
        "ALBI": float(status.albi[now]),
        "platelets": float(labs.platelets_1e9_l[now]),
    }


def self_check() -> None:
    """Print key numbers and verdicts of fixed scenarios; the notebook's stored output holds the models to them."""
    for case in ("pseudocirrhosis_breast", "pseudocirrhosis_coarse", "pseudocirrhosis_growing", "cirrhosis_breast"):
        one = patients.simulate(evidence.Scenario(case))
        scars, status, now = one.liver.scars, one.status, one.now
        hidden = math.floor(float(one.liver.surface_mm[now]) * 10 + 0.5)
        print(
            f"{case}: month {one.months[one.visit]:.0f}, {one.contour} ({hidden} tenths of a mm), RECIST "
            f"{one.verdict()} {quantity(one.follow_up.size_change_pct[one.visit], '%', signed=True)}, liver "
            f"{quantity(scars.liver_ml[now], 'mL')}, gradient {quantity(scars.portal_gradient_mmhg[now], 'mmHg')}, "
            f"HVPG {quantity(scars.hvpg_mmhg[now], 'mmHg')}, ascites {ASCITES[status.ascites[now]]}, varices "
            f"{VARICES[int(scars.varices[now])]}, Child-Pugh {status.child_pugh_class[now]}{status.child_pugh[now]}, "
            f"MELD {status.meld3[now]}"
        )
