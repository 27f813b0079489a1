"""The same liver on FDG PET and in the magnet: tumour too fine to see, mixed into every voxel."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import ipywidgets as widgets
import numpy as np

from liverlab.imaging import anatomy, ct, diffuse_liver
from liverlab.imaging.mri import MriScene
from liverlab.imaging.pet import PetScene
from liverlab.lessons.ct_view import CtView, Scans
from liverlab.lessons.scanned import ScannedPatient
from liverlab.lessons.sinusoidal_metastasis.patient import Patient, Staging
from liverlab.ui import theme
from liverlab.ui.describe import typeset

PET, DWI = "pet", "dwi_800"
LABELS = {PET: "FDG PET", DWI: "DWI b 800"}


class Elsewhere(ScannedPatient):
    """A patient, at staging or at the visit, in another modality: one scan."""

    def __init__(self, patient: Patient | Staging, modality: str) -> None:
        self.patient, self.modality, self.scenario, self.visit = patient, modality, patient.scenario, 0

    @property
    def days(self) -> np.ndarray:
        """(1,) the day of the scan."""
        return self.patient.days[[self.patient.visit]]

    @property
    def lesion_labels(self) -> Mapping[str, str]:
        """There is no lesion."""
        return {}

    @property
    def at(self) -> int:
        """Index, in the course, of the day of the scan."""
        return self.patient.scanned_at(self.patient.visit)

    @property
    def share(self) -> float:
        """Living tumour as a share of the liver."""
        return float(self.patient.course.living_tumour[self.at])

    def visit_name(self, visit: int) -> str:
        """How the scan is named on the picture."""
        return f"{LABELS[self.modality]}, {self.patient.visit_name(self.patient.visit)}"

    def content(self, visit: int) -> Hashable:
        """Everything the picture depends on."""
        return (self.modality, self.scenario.seed, self.patient.shape_at(self.at), round(self.share, 4))

    def make_scene(self, visit: int) -> Any:
        """The scan."""
        table = "pet" if self.modality == PET else "mri"
        tissues = diffuse_liver.with_tumour(self.patient.ev.tissues[table], self.share)
        body, seed, shape = anatomy.default(), self.scenario.seed, self.patient.shape_at(self.at)
        if self.modality == PET:
            return PetScene(tissues, ct.NO_LESIONS, {}, body, {}, seed, shape=shape)
        protocol = self.patient.protocol
        return MriScene(self.modality, tissues, ct.NO_LESIONS, {}, protocol, body, seed, shape=shape)


def elsewhere_tab(lesson: Any) -> widgets.Widget:
    """PET and DWI, at staging and at the visit of the sliders, and what they come to in numbers."""
    said, room = theme.html(""), theme.box()
    views: dict[str, CtView] = {}

    def scans() -> Scans:
        patient = lesson.page.state
        return {
            f"{LABELS[modality]}, {when}": (Elsewhere(one, modality), 0)
            for modality in LABELS
            for when, one in (("staging", patient.staging), ("visit", patient))
        }

    def update() -> None:
        patient = lesson.page.state
        said.value = "".join(f"<p>{theme.escape(typeset(patient.order(test).text))}</p>" for test in ("pet", "dwi"))
        if not views:
            views["all"] = CtView(scans, z_mm=lesson.view.z_mm, title="PET and DWI", truth_button=False)
            room.children = (views["all"].viewer,)
        views["all"].show()

    return lesson.follow_in_tab(theme.section(said, room), update)
