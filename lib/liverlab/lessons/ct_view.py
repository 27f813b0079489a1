"""Keeps one viewer showing one page's patient: renders what is missing, resends only what changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from liverlab.evidence import Evidence
from liverlab.imaging import anatomy, ct
from liverlab.imaging.phases import phase_name
from liverlab.lessons.patient import Patient
from liverlab.ui.viewer import Viewer

PRIOR, CURRENT = "prior", "current"
DRAG, STILL = 256, 512


class CtView:
    """Prior and current scan of the patient in a viewer, with figures and text in the same message."""

    def __init__(
        self,
        ev: Evidence,
        patient: Callable[[], Patient],
        figures: Callable[[Patient, bool], list[dict]] = lambda patient, truth: [],
        text: Callable[[Patient], str] = lambda patient: "",
        z_mm: float = 3.0,
        controls: tuple[Any, ...] = (),
        visit_control: Any = None,
        **config: Any,
    ) -> None:
        self._ev, self._patient, self._figures, self._text = ev, patient, figures, text
        self.anatomy = anatomy.default()
        heights = [float(z) for z in self.anatomy.z_mm]
        self.viewer = Viewer(
            {
                "z_mm": heights,
                "slice": int(np.argmin(np.abs(np.array(heights) - z_mm))),
                "fov_mm": float(self.anatomy.fov_mm),
            }
            | config,
            provider=self._render,
            on_rest=self._rest,
            controls=list(controls),
            visit_control=visit_control,
        )
        self._slice = self.viewer.config["slice"]
        self._version = 0
        self._keys: dict[str, tuple[Any, int]] = {}
        self.viewer.observe(self._truth_changed, "truth")
        self.viewer.observe(self._moved, "position")

    def show(self) -> None:
        """Paint the page's patient; only panes whose content changed are rendered and sent."""
        patient = self._patient()
        self._version += 1
        panes, pictures = {}, []
        for pane, visit in self._visits(patient).items():
            version, changed = self._pane_version(pane, patient, visit)
            panes[pane] = self._describe(patient, visit) | {"version": version}
            if changed:
                pictures.append(self._picture(pane, visit, self._slice, DRAG))
        truth = bool(self.viewer.truth)
        self.viewer.show(
            {
                "version": self._version,
                "slice": self._slice,
                "visit": patient.visit,
                "panes": panes,
                "figures": self._figures(patient, truth),
                "text": self._text(patient),
                "overlays": {pane: self._outlines(patient, visit) for pane, visit in self._visits(patient).items()},
                "truth": truth,
            },
            pictures,
        )

    def _visits(self, patient: Patient) -> dict[str, int]:
        return {PRIOR: 0, CURRENT: patient.visit}

    def _pane_version(self, pane: str, patient: Patient, visit: int) -> tuple[int, bool]:
        """A pane keeps its version while nothing its pictures depend on has changed."""
        key = _content(patient, visit if pane == PRIOR else slice(None))
        held = self._keys.get(pane)
        if held is None or held[0] != key:
            self._keys[pane] = (key, self._version)
        changed = held is None or held[0] != key or (pane == CURRENT and visit != self._last_visit)
        if pane == CURRENT:
            self._last_visit = visit
        return self._keys[pane][1], changed

    _last_visit = -1

    def _render(self, pane: str, visit: int, index: int, matrix: int) -> np.ndarray:
        patient = self._patient()
        return ct.render(
            self.anatomy,
            patient.tissue_hu(self._ev, visit),
            patient.lesion_state(visit),
            index,
            patient.protocol,
            matrix=matrix,
            seed=patient.scenario.seed,
        )

    def _picture(self, pane: str, visit: int, index: int, matrix: int) -> dict[str, Any]:
        return {
            "pane": pane,
            "visit": visit,
            "slice": index,
            "matrix": matrix,
            "hu": self._render(pane, visit, index, matrix),
        }

    def _describe(self, patient: Patient, visit: int) -> dict[str, Any]:
        day = float(patient.course.days[visit])
        return {
            "visit": visit,
            "label": "Before treatment" if visit == 0 else f"Day {day:.0f}",
            "phase": _phase(patient.protocol.delay_s),
            "slice_mm": patient.protocol.slice_mm,
        }

    def _outlines(self, patient: Patient, visit: int) -> list[dict[str, Any]]:
        """Where the lesions really are on every slice they cross, for the truth switch."""
        state = patient.lesion_state(visit)
        label = {lesion.id: lesion.label for lesion in patient.case.lesions}
        return [
            {
                "id": id_,
                "label": label[id_],
                "x_mm": float(centre[0]),
                "y_mm": float(centre[1]),
                "z_mm": float(centre[2]),
                "rx_mm": float(axes[0]),
                "ry_mm": float(axes[1]),
                "rz_mm": float(axes[2]),
                "kind": "lesion",
            }
            for id_, centre, axes in zip(state.ids, state.centre_mm, state.semi_axes_mm, strict=True)
        ]

    def _rest(self, version: int) -> None:
        """The hand is still: sharpen the visible slice, then bring the other visits so that scrubbing needs no kernel."""
        patient = self._patient()
        here = [self._picture(pane, visit, self._slice, STILL) for pane, visit in self._visits(patient).items()]
        self.viewer.add(here)
        others = [visit for visit in range(len(patient.course.days)) if visit != patient.visit]
        self.viewer.add([self._picture(CURRENT, visit, self._slice, DRAG) for visit in others])

    def _moved(self, change: dict[str, Any]) -> None:
        self._slice = int(change["new"].get("slice", self._slice))

    def _truth_changed(self, _: dict[str, Any]) -> None:
        self.show()


def _content(patient: Patient, visits: int | slice) -> tuple[Any, ...]:
    """Everything the pictures of these visits depend on, as something that can be compared."""
    return (
        patient.protocol,
        patient.scenario.seed,
        patient.scenario.case,
        patient.values["liver_unenhanced_hu"],
        patient.course.diameter_mm[:, visits].tobytes(),
        patient.rim_hu[:, visits].tobytes(),
        patient.core_hu[:, visits].tobytes(),
        patient.liver_hu[visits].tobytes(),
    )


def _phase(delay_s: float) -> str:
    return phase_name(delay_s) if delay_s == 0 else f"{phase_name(delay_s)}, {delay_s:.0f} s"
