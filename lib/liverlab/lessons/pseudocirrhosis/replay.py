"""The reported case, replayed: before treatment, at six months, at twelve, with the words of its report."""

from __future__ import annotations

import ipywidgets as widgets

from liverlab import evidence
from liverlab.lessons.lesson import Lesson
from liverlab.ui import theme
from liverlab.ui.describe import quantity

CASE = "pseudocirrhosis_breast"
VISITS = {"Before": 0, "6 months": 3, "12 months": 5}


def replay_tab(lesson: Lesson) -> widgets.Widget:
    """Three scans of the first preset and what the report says of each."""
    patient = lesson.simulate(evidence.Scenario(CASE))
    view = lesson.viewer_of({name: (patient, visit) for name, visit in VISITS.items()}, "The reported case, replayed")
    seen, liver = patient.follow_up, patient.liver
    volume, count = liver.scars.liver_ml[patient.at], patient.phase.readings.visible.sum(axis=0)
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td>{patient.contour_at(at)}</td><td>{quantity(seen.sum_mm[at], "mm")}</td>'
        f"<td>{quantity(volume[at], 'mL')}</td><td>{int(count[at])}</td></tr>"
        for name, at in VISITS.items()
    )
    heads = "".join(
        f'<th scope="col">{head}</th>' for head in ("visit", "contour", "sum of targets", "liver", "metastases seen")
    )
    table = (
        '<div class="lp-scroll" tabindex="0" role="region" aria-label="What was reported, replayed">'
        f'<table class="lp-table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )
    report = "".join(f"<li>{lesson.words.mark(line)}</li>" for line in lesson.data["explain"]["reported"]["lines"])
    return theme.section(view.viewer, theme.html(table), theme.html(f"<ul>{report}</ul>"))
