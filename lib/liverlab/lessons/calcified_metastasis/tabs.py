"""The tabs of lesson 04 that hold words, a figure and a table: window, Choi, treatment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import ipywidgets as widgets
import numpy as np

from liverlab.imaging.window import grey, limits_hu
from liverlab.lessons.calcified_metastasis.curves import names
from liverlab.lessons.calcified_metastasis.patient import Patient
from liverlab.lessons.choi_plane import REGIONS, SIZE_LINES
from liverlab.lessons.lesson import Lesson
from liverlab.reading import recist
from liverlab.ui import figures, theme
from liverlab.ui.describe import change, counted, listing, quantity, sentences
from liverlab.ui.figure_view import FigureView
from liverlab.ui.figures import Figure
from liverlab.ui.verdicts import verdict_table

# The windows of the viewer, in the order of its keys.
WINDOWS = (
    {"name": "Liver", "window_hu": 150, "level_hu": 80},
    {"name": "Soft tissue", "window_hu": 400, "level_hu": 40},
    {"name": "Bone", "window_hu": 2000, "level_hu": 500},
    {"name": "Level 50", "window_hu": 150, "level_hu": 50},
    {"name": "Custom", "window_hu": 100, "level_hu": 90},
)
EXERCISE_HU = (130.0, 800.0)
RAMP_HU = np.arange(-100.0, 1001.0, 10.0)
LOOKS = ((figures.BLUE, "solid"), (figures.GREEN, "dash"), (figures.VERMILION, "dashdot"), (figures.ORANGE, "dot"))


def told(lesson: Lesson, name: str, parts: Callable[[Patient], tuple[str, list[Figure]]]) -> widgets.Widget:
    """A tab of one panel of the lesson file: markup and figures that follow the page, then the lines."""
    markup, plots = theme.html(""), FigureView()

    def update() -> None:
        markup.value, drawn = parts(lesson.page.state)
        if drawn or plots.figures:
            plots.figures = drawn

    return lesson.follow_in_tab(theme.section(markup, plots, theme.html(lines(lesson, name))), update)


def lines(lesson: Lesson, name: str) -> str:
    """The lines of a panel as a list."""
    items = "".join(f"<li>{lesson.words.mark(line)}</li>" for line in lesson.data["explain"][name]["lines"])
    return f"<ul>{items}</ul>"


# --- window ---


def window_tab(lesson: Lesson) -> widgets.Widget:
    """Which windows can tell 130 HU from 800 HU, and where this patient's spots lie."""
    return told(lesson, "window", lambda patient: (window_table(patient), [ramps(patient)]))


def shown_hu(patient: Patient) -> list[tuple[str, float]]:
    """What the exercise looks at: two textbook values, then this patient's."""
    spot, nodule = names(patient)
    return [
        *(("calcium", hu) for hu in EXERCISE_HU),
        (spot, patient.spot_hu()),
        (nodule, patient.lesion_tissue_hu(patient.enhancing_lesion)),
        ("liver", patient.liver_hu(patient.visit)),
    ]


def window_table(patient: Patient) -> str:
    """HTML: how white each value is in each window."""
    windows = WINDOWS[:-1]
    head = "".join(f'<th scope="col">{escape(one["name"])}</th>' for one in windows)
    body = ""
    for name, hu in shown_hu(patient):
        cells = "".join(f"<td>{_white(float(grey(hu, one['window_hu'], one['level_hu'])))}</td>" for one in windows)
        body += f'<tr><th scope="row">{escape(name)} of {quantity(hu, "HU")}</th>{cells}</tr>'
    return (
        '<div class="lp-scroll" tabindex="0" role="region" aria-label="How white"><table class="lp-table">'
        f'<thead><tr><th scope="col">How white is it?</th>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _white(share: float) -> str:
    return "white" if share >= 1 else "black" if share <= 0 else quantity(100 * share, "%")


def ramps(patient: Patient) -> Figure:
    """Grey against HU for every window, with the values of the exercise."""
    data, said = [], []
    for one, (colour, dash) in zip(WINDOWS[:-1], LOOKS, strict=True):
        shade = 100 * grey(RAMP_HU, one["window_hu"], one["level_hu"])
        data.append(figures.line(RAMP_HU, shade, f"W{one['window_hu']} L{one['level_hu']}", colour, dash))
        black, white = limits_hu(one["window_hu"], one["level_hu"])
        said.append(f"{one['name']}: black at {quantity(black, 'HU')}, white at {quantity(white, 'HU')}")
    shapes = [
        {"type": "line", "yref": "paper", "x0": hu, "x1": hu, "y0": 0, "y1": 1, "line": figures.DOTTED}
        for hu in EXERCISE_HU
    ]
    layout = {
        "xaxis": figures.axis("HU", -100, 1000),
        "yaxis": figures.axis("shown as, % white", -4, 108),
        "shapes": shapes,
        **figures.LEGEND,
    }
    return figures.figure("ramps", "Windows. Dotted: 130 and 800 HU", sentences(said), data, layout)


# --- Choi ---


def choi_tab(lesson: Lesson) -> widgets.Widget:
    """The criteria, the course of size and attenuation, and the truth beside them where it is asked for."""
    viewer = lesson.view.viewer
    panel = told(lesson, "choi", lambda patient: choi_parts(patient, bool(viewer.truth)))
    viewer.observe(lambda _: lesson.outdate(panel), "truth")
    return panel


def choi_parts(patient: Patient, truth: bool) -> tuple[str, list[Figure]]:
    """The verdict table and two figures; what really happened, or where to ask for it."""
    if patient.visit == 0:
        return '<p class="lp-question">Choose a later visit under More settings, or a preset with treatment.</p>', []
    seen, visit = patient.follow_up, patient.visit
    held, living = patient.target_calcium_mg_ml, patient.living_pct
    really = [
        f"in truth {quantity(living[visit], '%')} of the living tumour of the first scan is there",
        f"calcium in the measured lesions {change(held[0], held[visit], 'mg/mL')}",
    ]
    said = sentences(really if truth else ["better or worse? Show the truth in the viewer above"])
    drawn = [
        figures.response_over_time(
            patient.days,
            seen.size_change_pct,
            np.clip(seen.hu_change_pct, -100.0, 60.0),
            visit,
            (-recist.PR_FALL_PCT, recist.PD_RISE_PCT),
            truth=(patient.days, np.clip(living - 100.0, -100.0, 60.0)) if truth else None,
        ),
        figures.quadrant(seen.size_change_pct, seen.hu_change_pct, visit, REGIONS, SIZE_LINES),
    ]
    return f"{verdict_table(patient.verdicts)}<p>{escape(said)}</p>", drawn


# --- treatment ---


def treatment_tab(lesson: Lesson) -> widgets.Widget:
    """What the founding text lists, and what decides, with this patient's numbers; then prognosis."""
    panel = told(lesson, "treatment", lambda patient: (extent(patient), []))
    title = lesson.data["explain"]["prognosis"]["title"]
    extra = theme.html(f"<h3>{escape(title)}</h3>{lines(lesson, 'prognosis')}")
    panel.children = (*panel.children, extra)
    return panel


def extent(patient: Patient) -> str:
    """HTML: number, size and place of the metastases seen at the current visit."""
    seen = np.flatnonzero(patient.phase.readings.visible[:, patient.visit])
    if not seen.size:
        return '<p class="lp-question">No metastasis is seen on this scan.</p>'
    size = patient.follow_up.diameter_mm[seen, patient.visit]
    segments = dict.fromkeys(patient.metastases[i].segment for i in seen)
    said = sentences(
        [
            f"this scan shows {counted(len(seen), 'metastasis', 'metastases')} of "
            f"{quantity(size.min(), 'mm')} to {quantity(size.max(), 'mm')}",
            f"segments {listing(list(segments))}, {lobes(list(segments))}",
        ]
    )
    return f'<p class="lp-question">{escape(said)}</p>'


def lobes(segments: Sequence[str]) -> str:
    """Which lobes hold these segments (Couinaud: II to IV left, V to VIII right, I the caudate)."""
    left = any(one in ("II", "III", "IV", "IVa", "IVb") for one in segments)
    right = any(one in ("V", "VI", "VII", "VIII") for one in segments)
    return "both lobes" if left and right else "left lobe" if left else "right lobe" if right else "caudate lobe"
