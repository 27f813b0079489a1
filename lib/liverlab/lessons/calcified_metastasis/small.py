"""The tab "Is it that small?": slices and kernels side by side, and what they leave of a grain."""

from __future__ import annotations

from functools import cached_property

import ipywidgets as widgets
import numpy as np

from liverlab.imaging import calcium as ct_calcium
from liverlab.imaging.calcium import CALCIUM_HU
from liverlab.imaging.calcium_spot import speck_profile
from liverlab.imaging.window import limits_hu
from liverlab.lessons.calcified_metastasis.patient import Patient
from liverlab.lessons.ct_view import CtView, Scans
from liverlab.lessons.lesson import Lesson
from liverlab.ui import figures, theme
from liverlab.ui.describe import quantity
from liverlab.ui.figure_view import FigureView
from liverlab.ui.figures import Figure

SLICES_MM = (1.0, 3.0, 5.0, 10.0)
KERNELS = {"soft kernel": -100.0, "standard kernel": 0.0, "sharp kernel": 100.0}
DRAWN_MM = np.arange(1.0, 10.01, 0.25)
LIVER_WINDOW = (150.0, 80.0)
LOOKS = ((figures.BLUE, "solid"), (figures.GREEN, "dash"), (figures.VERMILION, "dot"))


class SmallTab:
    """Viewer and plots; brought up to date when the tab is looked at."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson, self.patient, self.plots = lesson, None, FigureView()
        lines = "".join(f"<li>{lesson.words.mark(line)}</li>" for line in lesson.data["explain"]["small"]["lines"])
        how = (
            "Press ] for the next slice thickness, on the right for the next kernel. Follow speck F and the dots in A."
        )
        question = theme.html(f'<p class="lp-question">{theme.escape(how)}</p>')
        self._around = (question, self.plots, theme.html(f"<ul>{lines}</ul>"))
        self.widget = theme.section(question, self._around[2])

    @cached_property
    def view(self) -> CtView:
        """The viewer, made when the tab is first looked at."""
        return CtView(
            self._scans,
            z_mm=self.lesson.slice_z_mm,
            title="Slices and kernels",
            truth_button=False,
            panes=["slice", "kernel"],
            text_lines=0,
            stacks={"slice": [_slice_name(mm) for mm in SLICES_MM], "kernel": list(KERNELS)},
        )

    def _scans(self) -> Scans:
        made = {_slice_name(mm): self.patient.scanned(slice_mm=mm) for mm in SLICES_MM}
        made |= {name: self.patient.scanned(kernel_sharpness_pct=sharp) for name, sharp in KERNELS.items()}
        return {name: (one, one.visit) for name, one in made.items()}

    def update(self) -> None:
        """Follow the page."""
        first = self.patient is None
        if first or self.patient is not self.lesson.page.state:
            self.patient = self.lesson.page.state
            if not first:  # a new viewer shows itself
                self.view.show()
            self.draw()
        if first:
            question, *rest = self._around
            self.widget.children = (self.widget.children[0], question, self.view.viewer, *rest)

    def draw(self) -> None:
        """The plots."""
        self.plots.figures = [partial_volume(self.patient), blooming(self.patient)]


def partial_volume(patient: Patient) -> Figure:
    """What the speck reads against slice thickness: by the slice alone, and with blur, as the picture shows it."""
    liver, grain_mm = patient.liver_hu(patient.visit), patient.values["grain_mm"]
    alone = ct_calcium.partial_volume_hu(patient.speck_hu, liver, grain_mm, DRAWN_MM)
    sharp = patient.protocol.kernel_sharpness_pct
    blurred = [
        liver + float(speck_profile(grain_mm, mm, sharp)[1].max()) * (patient.speck_hu - liver) for mm in DRAWN_MM
    ]
    now = patient.protocol.slice_mm
    shapes = [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": CALCIUM_HU, "y1": CALCIUM_HU, "line": figures.DOTTED},
        {"type": "line", "yref": "paper", "x0": now, "x1": now, "y0": 0, "y1": 1,
         "line": {"color": figures.GREY, "width": 1}},
    ]  # fmt: skip
    data = [
        figures.line(DRAWN_MM, alone, "slice alone (textbook)", figures.GREY, "dash"),
        figures.line(DRAWN_MM, blurred, "slice and blur (the picture)", figures.VERMILION),
    ]
    alt = (
        f"A grain of {quantity(grain_mm, 'mm', 1)} and {quantity(patient.speck_hu, 'HU')} in liver of "
        f"{quantity(liver, 'HU')}. In a slice of {quantity(now, 'mm', 1)} it reads "
        f"{quantity(patient.speck_reads_hu, 'HU')}."
    )
    layout = {
        "xaxis": figures.axis("slice, mm", 0.5, 10.5),
        "yaxis": figures.axis("brightest pixel, HU", 0, 1.1 * max(float(np.max(alone)), CALCIUM_HU)),
        "shapes": shapes,
        **figures.LEGEND,
    }
    return figures.figure("partial-volume", "A grain in thicker slices. Dotted: 130 HU", alt, data, layout)


def blooming(patient: Patient) -> Figure:
    """A line through the speck with three kernels, and where the liver window turns white."""
    liver, grain_mm = patient.liver_hu(patient.visit), patient.values["grain_mm"]
    white = limits_hu(*LIVER_WINDOW)[1]
    data, widths = [], []
    for (name, sharp), (colour, dash) in zip(KERNELS.items(), LOOKS, strict=True):
        mm, share = speck_profile(grain_mm, patient.protocol.slice_mm, sharp)
        hu = liver + share * (patient.speck_hu - liver)
        data.append(figures.line(mm, hu, name, colour, dash))
        wide = float((hu >= white).sum() * (mm[1] - mm[0]))
        widths.append(f"{name} {quantity(wide, 'mm', 1)}")
    half = grain_mm / 2
    grain = {"type": "rect", "yref": "paper", "x0": -half, "x1": half, "y0": 0, "y1": 1, "layer": "below",
             "fillcolor": figures.GREY, "opacity": 0.2, "line": {"width": 0}}  # fmt: skip
    level = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": white, "y1": white, "line": figures.DOTTED}
    alt = f"A grain of {quantity(grain_mm, 'mm', 1)}. White in the liver window: {', '.join(widths)}."
    top = max(float(np.max(trace["y"])) for trace in data)
    layout = {
        "xaxis": figures.axis("mm from the middle of the grain", -6, 6),
        "yaxis": figures.axis("HU", 0, 1.1 * max(top, white)),
        "shapes": [grain, level],
        **figures.LEGEND,
    }
    return figures.figure("blooming", "A line through speck F. Dotted: white in the liver window", alt, data, layout)


def _slice_name(mm: float) -> str:
    return f"slice {mm:.0f} mm"


def small_tab(lesson: Lesson) -> widgets.Widget:
    """The tab, following the page."""
    tab = SmallTab(lesson)
    return lesson.follow_in_tab(tab.widget, tab.update)
