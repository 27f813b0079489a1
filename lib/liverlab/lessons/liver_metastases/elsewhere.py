"""The same lesions in every phase and modality: what a patient looks like there, and a matrix of all of them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from html import escape
from typing import Any

import ipywidgets as widgets
import numpy as np

from liverlab.imaging import anatomy, mri
from liverlab.imaging.lesion_parts import parts_of
from liverlab.imaging.pet import PetScene
from liverlab.lessons.ct_view import BODY_ROWS, CtView
from liverlab.lessons.lesson import Lesson
from liverlab.lessons.liver_metastases.patient import Patient, simulate
from liverlab.lessons.scanned import ScannedPatient
from liverlab.ui import theme, thumbnails
from liverlab.ui.viewer.config import PRESETS

CT_DELAYS = {"ct_0": 0.0, "ct_35": 35.0, "ct_70": 70.0, "ct_180": 180.0}
CT_LABELS = {"ct_0": "Unenhanced", "ct_35": "Late arterial", "ct_70": "Portal venous", "ct_180": "Delayed"}
FUSED = "fused"
# Row of the matrix -> its pictures, from left to right.
ROWS: Mapping[str, tuple[str, ...]] = {
    "CT": tuple(CT_DELAYS),
    "MRI, T1 and T2": ("t1_in", "t1_opposed", "t2", "t2_fat_saturated"),
    "Diffusion": ("dwi_50", "dwi_400", "dwi_800", "adc"),
    "Gadoxetate": ("t1_arterial", "t1_portal", "t1_transitional", "t1_hepatobiliary"),
    "PET": ("pet", FUSED),
}
LEFT = "CT at 70 s"
_THUMB = 128  # matrix of a thumbnail
_FUSED_OPACITY = 0.7


def label_of(key: str) -> str:
    """Name of a picture of the matrix."""
    if key in CT_LABELS:
        return CT_LABELS[key]
    return {"adc": "ADC map", "pet": "FDG PET", FUSED: "PET over CT"}.get(key) or mri.SEQUENCES[key].label


def modality_of(key: str) -> str:
    """CT, MRI or PET; PET over CT has a name of its own."""
    return "PET over CT" if key == FUSED else "PET" if key == "pet" else "CT" if key in CT_LABELS else "MRI"


class Elsewhere(ScannedPatient):
    """A patient in another phase or modality, as a viewer asks for it."""

    def __init__(self, patient: Patient, key: str) -> None:
        self.patient, self.key, self.scenario, self.visit = patient, key, patient.scenario, patient.visit

    @property
    def days(self) -> np.ndarray:
        """(visit,) days of the scans."""
        return self.patient.days

    @property
    def lesion_labels(self) -> Mapping[str, str]:
        """Lesion id -> name on the page."""
        return self.patient.lesion_labels

    def visit_name(self, visit: int) -> str:
        """What the picture is called."""
        return label_of(self.key)

    def content(self, visit: int) -> Hashable:
        """Everything the picture of ``visit`` depends on."""
        return (self.key, self.patient.content(visit))

    def make_scene(self, visit: int) -> Any:
        """The scene of this modality."""
        patient, lesions = self.patient, self.patient.lesion_state(visit)
        if self.key in CT_DELAYS:
            changed = patient.scenario.with_changes(delay_s=CT_DELAYS[self.key])
            return simulate(changed, patient.ev).scene(visit)
        parts, body, seed = parts_of(patient.looks), anatomy.default(), patient.scenario.seed
        if self.key in ("pet", FUSED):
            return PetScene(
                patient.ev.tissues["pet"], lesions, parts, body, {"liver": patient.values["suv_liver"]}, seed
            )
        return mri.MriScene(self.key, patient.ev.tissues["mri"], lesions, parts, patient.protocol, body, seed)


def thumbnail(elsewhere: Elsewhere, index: int) -> np.ndarray:
    """The middle rows of a slice as a small uint8 picture, in the window it is read in."""
    scene = elsewhere.scene(elsewhere.visit)
    top, bottom = (round(share * _THUMB) for share in BODY_ROWS)
    values = scene.render(index, _THUMB)[top:bottom].astype(float)
    series = scene.series
    window = series.get("presets", PRESETS)[0]
    levels = thumbnails.grey(values * series.get("scale", 1.0), window)
    if elsewhere.key != FUSED:
        return levels if "colours" not in series else thumbnails.coloured(levels, series["colours"])
    below = thumbnails.grey(
        elsewhere.patient.reference.scene(elsewhere.visit).render(index, _THUMB)[top:bottom], PRESETS[0]
    )
    share = levels[..., None] / 255 * _FUSED_OPACITY
    mixed = below[..., None] * (1 - share) + thumbnails.coloured(levels, series["colours"]) * share
    return mixed.astype(np.uint8)


class Matrix:
    """The tab: a button that scans the patient with everything, the matrix, and any of its pictures in full."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson, self.page = lesson, lesson.page
        self.shown: str | None = None
        self.images: dict[str, widgets.HTML] = {}
        self.scan = theme.button(
            "Scan with everything",
            "Eighteen small pictures of this slice",
            self.page.run(lambda _: self.draw(), "scan"),
        )
        self.grid = theme.box(classes=("lp-matrix",))
        self.full = theme.box()
        self.words = theme.html("")
        self.widget = theme.section(
            theme.html(
                "<p>One set of lesions, seen by CT, MRI and PET. Press a name under a picture to open it in full "
                "beside the CT at 70 s. The matrix follows the sliders.</p>"
            ),
            theme.box(self.scan, classes=("lp-tools",), row=True), self.grid, self.words, self.full,
        )  # fmt: skip

    @property
    def index(self) -> int:
        """The slice of the page's viewer."""
        return self.lesson.view.viewer.slice_index

    def draw(self) -> None:
        """Render every picture of the slice that the page's viewer shows."""
        if not self.images:
            self._build()
        for key, image in self.images.items():
            picture = thumbnail(Elsewhere(self.page.state, key), self.index)
            image.value = (
                f'<img src="{thumbnails.source(picture)}" alt="{escape(label_of(key))}" width="100%" '
                'style="image-rendering:auto;display:block">'
            )
        if self.shown is not None:
            self.open(self.shown)

    def follow(self) -> None:
        """Bring what somebody has asked to see to the page's patient."""
        if self.images:
            self.draw()

    def open(self, key: str) -> None:
        """Show one picture in full beside the CT at 70 s."""
        self.shown = key
        patient = self.page.state
        other, name = Elsewhere(patient, key), modality_of(key)
        view = CtView(
            lambda: {LEFT: (patient.reference, patient.visit), name: (other, other.visit)},
            z_mm=self.lesson.view.z_mm,
            title=f"{label_of(key)} beside the CT at 70 s",
            series={name: {"over": LEFT, "opacity": _FUSED_OPACITY}} if key == FUSED else None,
        )
        self.full.children = (view.viewer,)
        self.words.value = f"<p>{escape(words_of(other))}</p>"

    def _build(self) -> None:
        rows = []
        for row, keys in ROWS.items():
            cells = []
            for key in keys:
                self.images[key] = theme.html("")
                opener = theme.button(label_of(key), "", self.page.run(lambda _, k=key: self.open(k), "open this"))
                cells.append(theme.box(self.images[key], opener, classes=("lp-tile",)))
            rows.append(theme.html(f'<p class="lp-label">{escape(row)}</p>'))
            rows.append(theme.box(*cells, classes=("lp-matrix-row",), row=True))
        self.grid.children = tuple(rows)


def words_of(elsewhere: Elsewhere) -> str:
    """What the largest lesion shows in this picture, in numbers."""
    patient, scene, name = elsewhere.patient, elsewhere.scene(elsewhere.visit), label_of(elsewhere.key)
    lesion = patient.lesions[patient.largest].label
    if elsewhere.key in CT_DELAYS:
        other = simulate(patient.scenario.with_changes(delay_s=CT_DELAYS[elsewhere.key]), patient.ev)
        return f"{name}: lesion {lesion} differs from liver by {other.contrast_hu[patient.largest]:+.0f} HU."
    if elsewhere.key in ("pet", FUSED):
        shown, own = scene.hottest_suv()[patient.largest], scene.suv_of("liver")
        return f"{name}: the hottest point of lesion {lesion} shows SUV {shown:.1f}, liver {own:.1f}."
    ratio = scene.over_liver()[patient.largest]
    what = "its diffusion coefficient is" if elsewhere.key == "adc" else "its signal is"
    return f"{name}, lesion {lesion}: {what} {ratio:.1f} times that of liver."
