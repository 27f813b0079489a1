"""The CT viewer: prior and current side by side, live curves and a live description, all from one message."""

from collections.abc import Callable, Mapping, Sequence

import anywidget
import ipywidgets
import numpy as np
import traitlets

from liverlab.ui.viewer import assets, messages

PRESETS = (
    {"name": "Liver", "window_hu": 150, "level_hu": 60},
    {"name": "Soft tissue", "window_hu": 400, "level_hu": 40},
    {"name": "Bone", "window_hu": 2000, "level_hu": 500},
    {"name": "Lung", "window_hu": 1500, "level_hu": -600},
    {"name": "Custom", "window_hu": 100, "level_hu": 80},
)

DEFAULTS = {
    "title": "CT viewer: prior and current",
    "panes": ["prior", "current"],
    "fov_mm": 400.0,
    "centre_mm": [0.0, 0.0],
    "z_mm": [0.0],
    "slice": None,
    "crop": [0.0, 1.0],
    "presets": list(PRESETS),
    "drag_matrix": 256,
    "rest_matrix": 512,
    "max_width_px": 760,
    "figure_height_px": 190,
    "text_lines": 2,
    "truth_button": True,
}

AUTO_BYTES = 2_000_000  # what one slider rest may put on the wire without the learner asking: think of weak Wi-Fi


class Viewer(anywidget.AnyWidget):
    """CT panes, curves and description, painted in the browser."""

    _esm = assets.script()
    _css = assets.style()

    config = traitlets.Dict().tag(sync=True)
    controls = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)
    visit_control = traitlets.Any(None, allow_none=True).tag(sync=True, **ipywidgets.widget_serialization)
    measurement = traitlets.Dict().tag(sync=True)
    position = traitlets.Dict().tag(sync=True)
    truth = traitlets.Bool(False).tag(sync=True)
    _initial = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        config: Mapping | None = None,
        *,
        provider: Callable[[str, int, int, int], np.ndarray] | None = None,
        on_rest: Callable[[int], None] | None = None,
        **traits,
    ):
        super().__init__(config=_complete(config or {}), **traits)
        self.provider = provider
        self.on_rest = on_rest
        self.bytes_sent = 0
        self._ready = False
        self._frame = None
        self._versions: dict[str, object] = {}
        self._held: dict[str, set] = {}
        self._auto_bytes = 0
        self.on_msg(self._receive)

    def show(self, frame: Mapping, pictures: Sequence[Mapping] = ()) -> None:
        """Paint a frame: one message with pictures, figures, text and overlays."""
        frame = dict(frame)
        frame["panes"] = {name: {"version": frame["version"], **info} for name, info in frame["panes"].items()}
        versions = {name: info["version"] for name, info in frame["panes"].items()}
        records, buffers = messages.pack_pictures(pictures, versions, self.config["crop"])
        frame["figures"] = messages.pack_arrays(list(frame.get("figures", ())), buffers)
        for name, version in versions.items():
            if self._versions.get(name) != version:
                self._held[name] = set()
        self._versions = versions
        for record in records:
            self._held[record["pane"]].add((record["visit"], record["slice"], record["matrix"]))
        self._frame = frame
        self._auto_bytes = 0
        content = {"type": "frame", "frame": frame, "pictures": records}
        if self._ready:
            self._transmit(content, buffers)
        else:
            self.bytes_sent += messages.size_bytes(content, buffers)
            self._initial = {"content": content, "buffers": buffers}

    def _transmit(self, content: Mapping, buffers: Sequence = ()) -> int:
        size = messages.size_bytes(content, buffers)
        self.bytes_sent += size
        self.send(content, buffers=list(buffers))
        return size

    def _receive(self, _widget, content: Mapping, _buffers) -> None:
        if content.get("type") == "ready":
            self._ready = True


def _complete(config: Mapping) -> dict:
    config = {**DEFAULTS, **config}
    config["z_mm"] = [float(z) for z in config["z_mm"]]
    if config["slice"] is None:
        config["slice"] = len(config["z_mm"]) // 2
    return config
