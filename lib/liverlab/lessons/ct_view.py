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
BODY_ROWS = (0.10, 0.88)  # share of the square field of view that holds the body and the table top


Scans = dict[str, tuple[Patient, int]]


def prior_and_current(patient: Patient) -> Scans:
    """The usual pair: the first scan and that of the visit."""
    return {PRIOR: (patient, 0), CURRENT: (patient, patient.visit)}


class CtView:
    """Scans side by side in a viewer, with figures and text in the same message.

    ``scans()`` says what to show: pane -> (patient, visit); the last pane is the current one. ``figures(patient,
    truth)`` and ``text(patient)`` say what stands beside its picture. ``z_mm`` is the slice to open on. Everything else
    goes to the viewer's configuration.
    """

    def __init__(
        self,
        ev: Evidence,
        scans: Callable[[], Scans],
        figures: Callable[[Patient, bool], list[dict]] = lambda patient, truth: [],
        text: Callable[[Patient], str] = lambda patient: "",
        z_mm: float = 3.0,
        controls: tuple[Any, ...] = (),
        visit_control: Any = None,
        **config: Any,
    ) -> None:
        self._ev, self._scans, self._figures, self._text = ev, scans, figures, text
        self._anatomy = anatomy.default()
        self._version = 0
        self._panes: dict[str, tuple[Any, int]] = {}
        heights_mm = np.asarray(self._anatomy.z_mm, dtype=float)
        self.viewer = Viewer(
            {
                "z_mm": heights_mm.tolist(),
                "slice": int(np.argmin(np.abs(heights_mm - z_mm))),
                "fov_mm": float(self._anatomy.fov_mm),
                "centre_mm": [float(mm) for mm in self._anatomy.fov_centre_mm],
                "panes": list(scans()),
                "crop": list(BODY_ROWS),
            }
            | config,
            provider=self._render,
            controls=list(controls),
            visit_control=visit_control,
        )
        self.viewer.observe(lambda _: self.show(), "truth")
        self.show()

    def show(self) -> None:
        """Paint the patient; only pictures the browser does not have yet are rendered and sent."""
        scans = self._scans()
        patient, current = list(scans.values())[-1]
        self._version += 1
        index, matrix, truth = self.viewer.slice_index, self.viewer.config["drag_matrix"], bool(self.viewer.truth)
        panes = {pane: self._pane(pane, *scan) for pane, scan in scans.items()}
        pictures = [
            {
                "pane": pane,
                "visit": visit,
                "slice": index,
                "matrix": matrix,
                "hu": self._render(pane, visit, index, matrix),
            }
            for pane, (_, visit) in scans.items()
            if not self.viewer.holds(pane, panes[pane]["version"], visit, index, matrix)
        ]
        self.viewer.show(
            {
                "version": self._version,
                "slice": index,
                "visit": current,
                "visits": [_day(patient, visit) for visit in range(len(patient.course.days))],
                "panes": panes,
                # Made after the picture has left, from the same patient: the learner sees it while they are computed.
                "figures": lambda: self._figures(patient, truth),
                "text": lambda: self._text(patient),
                "overlays": {pane: _outlines(*scan) for pane, scan in scans.items()} if truth else {},
                "truth": truth,
            },
            pictures,
        )

    def _pane(self, pane: str, patient: Patient, visit: int) -> dict[str, Any]:
        """Labels of a pane, and the version of its pictures: it stays while nothing they depend on has changed."""
        key = _content(patient, slice(0, 1) if pane == PRIOR else slice(None))
        if pane not in self._panes or self._panes[pane][0] != key:
            self._panes[pane] = (key, self._version)
        protocol = patient.protocol
        name = phase_name(protocol.delay_s)
        return {
            "visit": visit,
            "version": self._panes[pane][1],
            "label": _day(patient, visit) if pane in (PRIOR, CURRENT) else pane,
            "phase": f"{name}, {protocol.delay_s:.0f} s" if protocol.delay_s else name,
            "slice_mm": protocol.slice_mm,
        }

    def _render(self, pane: str, visit: int, index: int, matrix: int) -> np.ndarray:
        patient, _ = self._scans()[pane]
        return ct.render(
            self._anatomy,
            patient.tissue_hu(self._ev, visit),
            patient.lesion_state(visit),
            index,
            patient.protocol,
            matrix=matrix,
            seed=patient.scenario.seed,
        )


def _day(patient: Patient, visit: int) -> str:
    return "Before treatment" if visit == 0 else f"Day {patient.course.days[visit]:.0f}"


def _content(patient: Patient, visits: slice) -> tuple[Any, ...]:
    """Everything the pictures of these visits depend on, as something that can be compared."""
    return (
        patient.protocol,
        patient.scenario.seed,
        patient.scenario.case,
        patient.course.diameter_mm[:, visits].tobytes(),
        patient.phase.rim_hu[:, visits].tobytes(),
        patient.phase.core_hu[:, visits].tobytes(),
        patient.phase.liver_hu[visits].tobytes(),
    )


def _outlines(patient: Patient, visit: int) -> list[dict[str, Any]]:
    """Where the lesions really are, for the truth switch."""
    state = patient.lesion_state(visit)
    label = {lesion.id: lesion.label for lesion in patient.case.lesions}
    names = ("x_mm", "y_mm", "z_mm"), ("rx_mm", "ry_mm", "rz_mm")
    return [
        {"id": id_, "label": label[id_], "kind": "lesion"}
        | dict(zip(names[0], map(float, centre), strict=True))
        | dict(zip(names[1], map(float, axes), strict=True))
        for id_, centre, axes in zip(state.ids, state.centre_mm, state.semi_axes_mm, strict=True)
    ]
