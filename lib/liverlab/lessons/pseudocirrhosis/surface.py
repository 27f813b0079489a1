"""The surface measured, and seen in 3-D with what moved it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import numpy as np

from liverlab.imaging import surfaces
from liverlab.lessons.lesson import Lesson
from liverlab.lessons.pseudocirrhosis.patient import Patient
from liverlab.lessons.pseudocirrhosis.published import lobe_ratios
from liverlab.ui import theme
from liverlab.ui.describe import quantity, sentences, typeset
from liverlab.ui.on_demand import OnDemand
from liverlab.ui.surface_figure import surface_figure
from liverlab.ui.surface_view import SurfaceView

COLOUR_BY = (
    ("Not coloured", ""),
    ("Retraction", "retraction"),
    ("Nodules", "nodules"),
    ("Diffuse tumour", "infiltration"),
    ("Lost tissue", "atrophy"),
)
REMARK = (
    "Ten slices of 512 pixels. The floor is the same measurement on the same liver with a smooth surface; what does "
    "not pass its limit has not been shown. Published means (2.26 without, 3.19 with cirrhosis; another software) are "
    "of chronic liver disease. For pseudocirrhosis none has been published."
)


def surface_tab(lesson: Lesson) -> widgets.Widget:
    """LSN with its noise floor and the lobes of the patient of the sliders, measured when asked."""

    def measure(patient: Patient) -> tuple[str, list[dict]]:
        ratios = lobe_ratios(lesson.ev, patient)
        words = "".join(
            f"<p>{theme.escape(typeset(line))}</p>" for line in (surface_words(patient), lobe_words(patient))
        )
        return words + f'<p class="lp-meaning">{lesson.words.mark(REMARK)}</p>', [ratios]

    return OnDemand(lesson.page, "Measure the surface and the lobes", measure).widget


def surface_words(patient: Patient) -> str:
    """The measured nodularity, with its floor."""
    found = patient.measured
    verdict = "above the floor: uneven" if found.uneven else "within the floor: no unevenness shown"
    lsn, smooth, limit = (quantity(value, digits=2) for value in (found.lsn, found.smooth, found.limit))
    return sentences(
        [
            f"{patient.visit_name(patient.visit)}: surface nodularity (LSN) {lsn} tenths of a mm",
            f"on the smooth liver {smooth}, limit {limit}: {verdict}",
        ]
    )


def lobe_words(patient: Patient) -> str:
    """Ratios of the lobes at the first scan and now."""
    before, now = patient.lobes(0), patient.lobes(patient.visit)
    return sentences(
        [
            f"LSVR {before.lsvr:.2f} at the first scan, {now.lsvr:.2f} now; cut-off for cirrhosis 0.35, area under the "
            "curve 0.916",
            f"caudate over right lobe {before.caudate_right:.2f}, {now.caudate_right:.2f} now; a cut-off of 0.65 was "
            "proposed from 50 patients, in 312 adults the area under the curve was 0.567: hardly better than chance",
        ]
    )


def space_tab(lesson: Lesson) -> widgets.Widget:
    """Liver, lesions and vessels in 3-D, coloured by what moved the surface, built when somebody asks."""
    choice = widgets.ToggleButtons(
        options=COLOUR_BY,
        value="retraction",
        description="Colour by",
        style={"description_width": "initial", "button_width": "auto"},
    )
    choice.add_class("lp-switch")

    def make() -> dict[str, Any]:
        patient = lesson.page.state
        scene = patient.scene(patient.visit)
        values = mechanism(patient, choice.value) if choice.value else None
        built = surfaces.build(scene.anatomy, scene.lesions, values=values, shape=scene.shape)
        title = f"{dict((key, name) for name, key in COLOUR_BY)[choice.value]}: share of the displacement"
        return surface_figure(built, patient.lesion_labels, title if values else "", (0.0, 1.0))

    view = SurfaceView(make, "Drawn from the patient, not from the scan: this is the hidden truth.")
    lesson.page.subscribe(lambda _: view.outdate(), when_still=True)
    choice.observe(lambda _: view.outdate(), "value")
    return theme.section(choice, view)


def mechanism(patient: Patient, which: str) -> Callable[[np.ndarray], np.ndarray]:
    """Share of one mechanism in how far the surface was moved, a function of points (V, 3)."""
    scene = patient.scene(patient.visit)
    uneven, diffuse = (float(part[patient.now]) for part in (patient.liver.surface_mm, patient.liver.infiltration_mm))
    # Both make the same bumps; squares add up.
    of_diffuse = (diffuse / uneven) ** 2 if uneven else 0.0
    part = {"nodules": 1 - of_diffuse, "infiltration": of_diffuse}.get(which, 1.0)

    def share(points: np.ndarray) -> np.ndarray:
        moved = scene.anatomy.surface_mechanism(points, scene.shape)
        return part * moved["nodules" if which == "infiltration" else which]

    return share
