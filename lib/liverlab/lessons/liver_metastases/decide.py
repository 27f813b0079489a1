"""The tab "Where are they, and what does that decide?": segments, volume, stage, risk, and what would be left."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from liverlab.imaging import anatomy
from liverlab.imaging.segments import SEGMENTS
from liverlab.lessons.lesson import Lesson
from liverlab.lessons.liver_metastases.maps import segment_maps
from liverlab.lessons.liver_metastases.patient import Patient
from liverlab.reading import resection, staging
from liverlab.ui import theme
from liverlab.ui.describe import counted, listing, quantity
from liverlab.ui.facts import facts_table
from liverlab.ui.figure_view import FigureView

OWN_PLANE = "own plane"


class Decide:
    """What imaging adds to the tumour board's decision, for the patient of the sliders."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson, self.page = lesson, lesson.page
        named = [(name, name) for name in resection.RESECTIONS]
        self.cut = _drop("Resection", [*named, ("a plane of your own", OWN_PLANE)], "right hepatectomy")
        self.angle = _slide("Plane: turn to the left", -80, 40, 5, -35, "degrees")
        self.side = _drop("Take the", [("right side", "right"), ("left side", "left")], "right")
        self.nodes = widgets.Checkbox(value=True, description="Primary with positive nodes", indent=False)
        self.interval = _slide("Months since the primary", 0, 60, 1, 8, "months")
        self.cea = _slide("CEA, ng/mL", 0, 500, 10, 40, "")
        self.map, self.stage, self.table = FigureView(), theme.html(""), theme.html("")
        self.plane = theme.box(self.angle, self.side, classes=("lp-tools",), row=True)
        self.fong = theme.box(
            theme.html('<p class="lp-label">For the clinical risk score:</p>'),
            theme.box(self.nodes, self.interval, self.cea, classes=("lp-tools",), row=True),
        )
        for one in (self.cut, self.angle, self.side, self.nodes, self.interval, self.cea):
            one.observe(lesson.page.run(lambda _: self.follow(), "work this out"), "value")
        treat = lesson.data["explain"]["treatment"]
        lines = "".join(f"<li>{lesson.words.mark(line)}</li>" for line in treat["lines"])
        self.widget = theme.section(
            theme.box(self.cut, classes=("lp-tools",), row=True),
            self.plane,
            self.map,
            self.table,
            self.stage,
            self.fong,
            theme.html(f"<h3>{escape(treat['title'])}</h3><ul>{lines}</ul>"),
        )

    def follow(self) -> None:
        """Bring everything to the patient and to what is chosen here."""
        patient = self.page.state
        theme.show(self.plane, self.cut.value == OWN_PLANE)
        theme.show(self.fong, patient.case.look == "colorectal")
        chosen = self.chosen(patient)
        angle = self.angle.value if self.cut.value == OWN_PLANE else None
        self.map.figures = segment_maps(patient, chosen, angle, segments_text(patient))
        self.stage.value = facts_table(self.stage_rows(patient), "What stands in the letter")
        self.table.value = remnant_table(patient, chosen)

    def chosen(self, patient: Patient) -> resection.Remnant:
        """What the resection chosen here leaves."""
        if self.cut.value == OWN_PLANE:
            return resection.along_plane(anatomy.default(), patient.known, self.angle.value, self.side.value)
        return next(one for one in patient.remnants if one.name == self.cut.value)

    def stage_rows(self, patient: Patient) -> list[tuple[str, str]]:
        """Segments, volume, M category and, where it was made for, the clinical risk score."""
        rows = [
            ("Lesions", counted(len(patient.known.ids), "lesion")),
            ("Segments", segments_text(patient)),
            ("Tumour", f"{quantity(patient.tumour_ml, 'mL')} of {quantity(liver_ml(), 'mL')} liver"),
            ("M category", m_category(patient)),
        ]
        if patient.case.look == "colorectal":
            rows.append(("Clinical risk score", self.fong_text(patient)))
        return rows

    def fong_text(self, patient: Patient) -> str:
        """The score with its points and what one series found."""
        largest = float(patient.diameter_mm[patient.largest, patient.visit])
        given = (self.nodes.value, self.interval.value, len(patient.known.ids), self.cea.value, largest)
        points = staging.clinical_risk_points(*given)
        score = staging.clinical_risk_score(*given)
        met = [name for name, point in zip(staging.CRITERIA, points, strict=True) if point]
        rows = [row for row in patient.ev.series("fong") if row["source"] == "adelaide2004"]
        row = next(row for row in rows if float(row["score_low"]) <= score <= float(row["score_high"]))
        return (
            f"{score} of 5 ({listing(met)}). In {float(row['patients']):.0f} resected patients with a score of "
            f"{float(row['score_low']):.0f} or {float(row['score_high']):.0f}, {float(row['survival_5y_pct']):g} % "
            "lived five years"
        )


def liver_ml() -> float:
    """Volume of the liver of the virtual body."""
    return float(anatomy.default().form().liver_ml)


def segments_text(patient: Patient) -> str:
    """ "III, V (2) and VIII": where the known lesions lie."""
    found = resection.segments_of(anatomy.default(), patient.known)
    each = [(name, found.count(name)) for name in SEGMENTS if name in found]
    return listing([name if count == 1 else f"{name} ({count})" for name, count in each])


def m_category(patient: Patient) -> str:
    """M category of liver metastases alone, for this primary."""
    rows = {row["primary"]: row for row in patient.ev.series("m_category")}
    if patient.case.look not in rows:
        return "depends on the primary"
    row = rows[patient.case.look]
    note = f" ({row['note']})" if row["note"] else ""
    return f"{row['one'] if len(patient.known.ids) == 1 else row['several']}, AJCC {float(row['edition']):.0f}{note}"


def remnant_table(patient: Patient, chosen: resection.Remnant) -> str:
    """Every resection: what is taken, what stays, whether that is enough; the chosen one is marked."""
    limit = patient.values["remnant_limit_pct"]
    rows = [*patient.remnants, *([] if chosen in patient.remnants else [chosen])]
    body = ""
    for one in rows:
        mark, words = verdict(patient, one, limit)
        here = ' aria-current="true"' if one is chosen or one.name == chosen.name else ""
        name = f"<b>{escape(one.name)}</b>" if here else escape(one.name)
        body += (
            f'<tr{here}><th scope="row">{name}</th><td>{quantity(one.left_ml, "mL")}</td>'
            f"<td>{quantity(one.left_pct, '%')}</td><td>{mark} {escape(words)}</td></tr>"
        )
    limits = ", ".join(
        f"{str(row['liver']).lower()} {float(row['limit_pct']):.0f} %" for row in patient.ev.series("remnant_limits")
    )
    return (
        '<div class="lp-scroll" tabindex="0" role="region" aria-label="Resections"><table class="lp-table">'
        f"<caption>What would be left? You ask for {quantity(limit, '%')} (taught: {escape(limits)})</caption>"
        '<thead><tr><th scope="col">Resection</th><th scope="col">Liver left</th><th scope="col">Remnant</th>'
        f'<th scope="col">Enough?</th></tr></thead><tbody>{body}</tbody></table></div>'
    )


def verdict(patient: Patient, one: resection.Remnant, limit_pct: float) -> tuple[str, str]:
    """Symbol and words for one resection."""
    if not one.cleared:
        known = [lesion for lesion in patient.lesions if lesion.role != "new"]
        left = listing([known[k].label for k in one.left_behind][:3])
        more = len(one.left_behind) - 3
        return "✘", f"leaves {left}{f' and {more} more' if more > 0 else ''}"
    if not one.enough(limit_pct):
        return "✘", "takes everything, leaves too little"
    return "✔", "takes everything, leaves enough"


def _drop(label: str, options: list[tuple[str, str]], value: str) -> widgets.Dropdown:
    return widgets.Dropdown(options=options, value=value, description=label, style={"description_width": "initial"})


def _slide(label: str, low: int, high: int, step: int, value: int, unit: str) -> widgets.IntSlider:
    return widgets.IntSlider(
        value=value, min=low, max=high, step=step, description=label, style={"description_width": "initial"},
        continuous_update=False, tooltip=f"{label} {unit}".strip(),
    )  # fmt: skip
