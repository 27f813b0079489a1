"""What a learner can see of a lesson page, read back from its widgets: pictures, curves, numbers, verdicts, words."""

from __future__ import annotations

import html
import re

import numpy as np

from liverlab.lessons import moves
from liverlab.ui.viewer import messages


class StandInBrowser:
    """Keeps what the viewer's JavaScript would keep: pictures by pane and version, the newest frame, the bytes."""

    def __init__(self, viewer):
        self.viewer, self.frame, self.held, self.versions = viewer, None, {}, {}
        self.bytes_received = 0
        viewer.send = self._receive
        viewer._receive(viewer, {"type": "ready", "version": -1}, [])

    def _receive(self, content, buffers=()):
        self.bytes_received += messages.size_bytes(content, buffers)
        if content["type"] == "frame":
            self.frame = content["frame"]
            for pane, info in self.frame["panes"].items():
                if self.versions.get(pane) != info["version"]:
                    self.versions[pane], self.held[pane] = info["version"], {}
        for record in content.get("pictures", ()):
            if record["version"] == self.versions[record["pane"]]:
                rows = np.frombuffer(bytes(buffers[record["buffer"]]), np.int16).reshape(-1, record["matrix"])
                self.held[record["pane"]][record["visit"], record["slice"], record["matrix"]] = rows

    def painted(self, pane, matrix=256):
        """The rows of the pane's picture that the browser would paint now; KeyError if the kernel sent none."""
        return self.held[pane][self.frame["panes"][pane]["visit"], self.frame["slice"], matrix]

    def rest(self):
        """What the JavaScript asks for once the hand rests: sharp slices now, then every visit, then two neighbours."""
        config, frame = self.viewer.config, self.frame
        panes, z, slices = frame["panes"], frame["slice"], len(config["z_mm"])
        visible = [self._wish(pane, info["visit"], z, config["rest_matrix"]) for pane, info in panes.items()]
        self._ask({"type": "rest", "version": frame["version"], "wishes": visible})
        visits = [self._wish("current", visit, z, config["drag_matrix"]) for visit in range(len(frame["visits"]))]
        for step in range(0, len(visits), 2):
            self._ask({"type": "need", "auto": True, "version": frame["version"], "wishes": visits[step : step + 2]})
        for near in (z + 1, z - 1):
            if 0 <= near < slices:
                ahead = [self._wish(pane, info["visit"], near, config["drag_matrix"]) for pane, info in panes.items()]
                self._ask({"type": "need", "auto": True, "version": frame["version"], "wishes": ahead})

    def _wish(self, pane, visit, index, matrix):
        return {"pane": pane, "visit": visit, "slice": index, "matrix": matrix}

    def _ask(self, message):
        wanted = [
            wish
            for wish in message["wishes"]
            if (wish["visit"], wish["slice"], wish["matrix"]) not in self.held[wish["pane"]]
        ]
        if message["type"] == "rest" or wanted:
            self.viewer._receive(self.viewer, message | {"wishes": wanted}, [])


def words(markup):
    """Text of HTML, as a reader gets it."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def calls(table):
    """Criterion and reading -> call, from the verdict table's HTML."""
    readings = [words(head) for head in re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", table, re.S)][1:]
    found = {}
    for criterion, cells in re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', table, re.S):
        badges = re.findall(r"<abbr[^>]*>(.*?)</abbr>", cells)
        names = [re.split(r"[^\w ]", reading)[0].strip() for reading in readings]  # without the mark of your call
        found |= {(criterion, name): call for name, call in zip(names, badges, strict=True)}
    return found


def look(lesson, browser):
    """What every page shows now, as values that can be compared; a lesson adds its own outputs to it."""
    return {
        moves.PRIOR: browser.painted("prior").tobytes(),
        moves.CURRENT: browser.painted("current").tobytes(),
        moves.CURVE: repr([figure["data"] for figure in browser.frame["figures"]]),
        moves.TEXT: browser.frame["text"],
    }


def changed(before, after):
    """Names of the outputs that differ between two looks."""
    return {name for name, value in before.items() if value != after[name]}


def roi_hu(lesson, pane, lesion_id):
    """HU inside the middle half of a lesion's true outline on the slice through it, from the rendered picture."""
    viewer, patient = lesson.view.viewer, lesson.page.state
    visit = 0 if pane == "prior" else patient.visit
    state, heights = patient.scene(visit).lesions, np.asarray(viewer.config["z_mm"])
    at = state.ids.index(lesion_id)
    (x, y, z), (rx, ry, _) = state.centre_mm[at], state.semi_axes_mm[at]
    hu = viewer.provider(pane, visit, int(np.abs(heights - z).argmin()), 512)
    pixel = viewer.config["fov_mm"] / 512
    axis = (np.arange(512) + 0.5) * pixel - viewer.config["fov_mm"] / 2
    centre = viewer.config["centre_mm"]
    inside = ((axis[None, :] + centre[0] - x) / rx) ** 2 + ((axis[:, None] + centre[1] - y) / ry) ** 2 < 0.25
    return hu[inside]
