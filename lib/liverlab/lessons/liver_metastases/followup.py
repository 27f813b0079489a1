"""The tab "And later?": the same patient at every visit, untreated, and what RECIST 1.1 makes of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from liverlab.lessons.lesson import Lesson
from liverlab.lessons.liver_metastases.patient import CALL, Patient
from liverlab.ui import figures, theme
from liverlab.ui.describe import change, counted, listing, quantity
from liverlab.ui.facts import facts_table
from liverlab.ui.figure_view import FigureView
from liverlab.ui.figures import Figure


def follow_up_tab(lesson: Lesson) -> Any:
    """Sizes over the visits, new lesions, and the verdict at each; follows the sliders when the hand rests."""
    drawn, table = FigureView(), theme.html("")

    def follow() -> None:
        patient = lesson.page.state
        drawn.figures = [sizes(patient)]
        table.value = facts_table(rows(patient), "Follow-up without treatment")

    hint = (
        "<p>Follow-up shows whether lesions grow and whether new ones come. Under More settings: the doubling time, "
        "new lesions (each starts at 5 mm and is too small to see), and the visit in the viewer. A scan every 8 to 12 "
        "weeks is usual; a phase that hides them hides them every time.</p>"
    )
    return lesson.follow_in_tab(theme.section(theme.html(hint), drawn, table), follow)


def sizes(patient: Patient) -> Figure:
    """Diameter of each lesion that is seen at some visit, over the days."""
    seen = patient.follow_up
    data = []
    for k in np.flatnonzero(seen.visible.any(axis=1)):
        new = not seen.visible[k, 0]
        size = np.where(seen.visible[k], seen.diameter_mm[k], np.nan)
        there = np.isfinite(size)
        data.append(
            figures.line(
                patient.days[there], size[there], patient.lesions[k].label, figures.VERMILION if new else figures.BLUE,
                "dash" if new else "solid", mode="lines+markers",
                marker={"symbol": "star" if new else "circle", "size": 8},
            )
        )  # fmt: skip
    top = float(np.nanmax(np.where(seen.visible, seen.diameter_mm, np.nan))) if data else 10.0
    layout = {
        "xaxis": figures.axis("day", -8, 1.05 * patient.days[-1]),
        "yaxis": figures.axis("measured, mm", 0, 1.15 * top),
        "annotations": [] if data else [figures.remark("no lesion is seen at any visit")],
    }
    alt = f"Measured size of {counted(len(data), 'lesion')} over {counted(len(patient.days), 'visit')}."
    return figures.figure("follow-up", "Size at every visit (stars: not seen at first)", alt, data, layout)


def rows(patient: Patient) -> list[tuple[str, str]]:
    """One line a visit: sum, new lesions, verdict."""
    seen = patient.follow_up
    out = []
    for visit in range(1, len(patient.days)):
        spots = [patient.lesions[k].label for k in seen.new_spots(visit)]
        verdict = next(row["call"] for row in seen.verdicts(visit, CALL) if row["criterion"] == "RECIST 1.1")
        sums = f"sum {change(seen.sum_mm[0], seen.sum_mm[visit], 'mm')}, " if seen.targets else ""
        new = f"new: {listing(spots)}" if spots else "no new lesion"
        out.append((f"Day {quantity(patient.days[visit])}", f"{sums}{new}; RECIST 1.1 {verdict}"))
    return out
