"""Keeps one viewer showing one page's patient: renders what is missing, resends only what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from liverlab.imaging import anatomy
from liverlab.lessons.scanned import ScannedPatient
from liverlab.ui.viewer import Viewer

PRIOR, CURRENT = "prior", "current"
BODY_ROWS = (0.10, 0.88)  # share of the square field of view that holds the body and the table top


Scans = dict[str, tuple[ScannedPatient, int]]


def prior_and_current(patient: ScannedPatient) -> Scans:
    """The usual pair: the first scan and that of the visit."""
    return {PRIOR: (patient, 0), CURRENT: (patient, patient.visit)}


class CtView:
    """Scans side by side in a viewer, with figures and text in the same message.

    ``scans()`` says what to show: pane -> (patient, visit); the last pane is the current one. ``figures(patient,
    truth)`` and ``text(patient)`` say what stands beside its picture. ``z_mm`` is the slice to open on. Everything else
    goes to the viewer's configuration. Units, windows and colours of a pane come from its scene (`series`), and
    ``series`` (pane -> settings) adds to them.
    """

    def __init__(
        self,
        scans: Callable[[], Scans],
        figures: Callable[[Any, bool], list[dict]] = lambda patient, truth: [],
        text: Callable[[Any], str] = lambda patient: "",
        z_mm: float = 3.0,
        controls: tuple[Any, ...] = (),
        visit_control: Any = None,
        series: Mapping[str, Mapping[str, Any]] | None = None,
        **config: Any,
    ) -> None:
        self._scans, self._figures, self._text = scans, figures, text
        self._version = 0
        self._panes: dict[str, tuple[Any, int]] = {}
        body = anatomy.default()  # the grid of slices is the same for every body
        heights_mm = np.asarray(body.z_mm, dtype=float)
        self.viewer = Viewer(
            {
                "z_mm": heights_mm.tolist(),
                "slice": int(np.argmin(np.abs(heights_mm - z_mm))),
                "fov_mm": float(body.fov_mm),
                "centre_mm": [float(mm) for mm in body.fov_centre_mm],
                "panes": list(scans()),
                "series": {
                    pane: dict(patient.scene(visit).series) | dict((series or {}).get(pane, {}))
                    for pane, (patient, visit) in scans().items()
                },
                "crop": list(BODY_ROWS),
            }
            | config,
            provider=self._render,
            controls=list(controls),
            visit_control=visit_control,
        )
        self.viewer.observe(lambda _: self.show(), "truth")
        self.show()

    @property
    def z_mm(self) -> float:
        """Where the slice on the screen lies."""
        return float(self.viewer.config["z_mm"][self.viewer.slice_index])

    def show(self) -> None:
        """Paint the patient; only pictures the browser does not have yet are rendered and sent."""
        scans = self._scans()
        patient, current = list(scans.values())[-1]
        self._version += 1
        index, matrix, truth = self.viewer.slice_index, self.viewer.config["drag_matrix"], bool(self.viewer.truth)
        marked = self.viewer.config["marks_button"]
        panes = {pane: self._pane(pane, *scan) for pane, scan in scans.items()}
        pictures, rendered = [], {}
        for pane, (one, visit) in scans.items():
            if self.viewer.holds(pane, panes[pane]["version"], visit, index, matrix):
                continue
            content = one.content(visit)  # equal content, equal picture: two panes may show the same scan
            if content not in rendered:
                rendered[content] = one.scene(visit).render(index, matrix)
            where = {"pane": pane, "visit": visit, "slice": index, "matrix": matrix}
            pictures.append(where | {"hu": rendered[content]})
        self.viewer.show(
            {
                "version": self._version,
                "slice": index,
                "visit": current,
                "visits": [patient.visit_name(visit) for visit in range(len(patient.days))],
                "panes": panes,
                # Made after the picture has left, from the same patient: the learner sees it while they are computed.
                "figures": lambda: self._figures(patient, truth),
                "text": lambda: self._text(patient),
                "overlays": {pane: one.outlines(at) for pane, (one, at) in scans.items()} if truth else {},
                "marks": {pane: one.marks(at) for pane, (one, at) in scans.items()} if marked else {},
                "truth": truth,
            },
            pictures,
        )

    def _pane(self, pane: str, patient: ScannedPatient, visit: int) -> dict[str, Any]:
        """Labels of a pane, and the version of its pictures: it stays while nothing they depend on has changed."""
        # The browser keeps every visit of the current pane, so that the visit cursor scrubs without the kernel.
        visits = (visit,) if pane == PRIOR else range(len(patient.days))
        key = tuple(patient.content(one) for one in visits)
        if pane not in self._panes or self._panes[pane][0] != key:
            self._panes[pane] = (key, self._version)
        scene = patient.scene(visit)
        alone = [stack[0] for stack in self.viewer.config["stacks"].values() if len(stack) == 1]
        return {
            "visit": visit,
            "version": self._panes[pane][1],
            # A pane that shows several series says itself which one it is.
            "label": pane if pane in alone and pane not in (PRIOR, CURRENT) else patient.visit_name(visit),
            "phase": scene.caption,
            "slice_mm": scene.slice_mm,
        }

    def _render(self, pane: str, visit: int, index: int, matrix: int) -> np.ndarray:
        patient, _ = self._scans()[pane]
        return patient.scene(visit).render(index, matrix)
