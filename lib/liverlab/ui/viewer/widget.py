"""The CT viewer: prior and current side by side, live curves and a live description, all from one message."""

from collections.abc import Callable, Mapping, Sequence

import anywidget
import ipywidgets
import numpy as np
import traitlets

from liverlab.ui import plotly_loader
from liverlab.ui.viewer import assets, messages
from liverlab.ui.viewer.config import complete_config

AUTO_BYTES = 2_000_000  # what one slider rest may put on the wire without the learner asking: think of weak Wi-Fi


class Viewer(anywidget.AnyWidget):
    """CT panes, curves and a description, painted in the browser from one message per change.

    The browser scrolls, windows, zooms, measures, plays and reformats by itself. It asks the kernel only for pictures
    it does not hold: those come from ``provider(series, visit, slice, matrix)``, an int16 array (matrix, matrix) in HU
    or counts of the series' unit. A pane shows one series of its stack; without stacks, the series of its own name.

    ``config``        see :func:`liverlab.ui.viewer.config.complete_config`.
    ``controls``      widgets whose change should light "computing…" until the kernel has answered.
    ``visit_control`` the widget that chooses the visit: held pictures of a visit are painted without the kernel.
    ``measurement``   from the browser: the last ruler or ellipse: tool, pane (its series), plane, visit, slice (index
                      in the plane), unit, x_mm, y_mm, z_mm, and length_mm with both ends (x1_mm ... z2_mm), or mean,
                      sd, min, max in the unit, area_mm2 and radii (rx_mm, ry_mm; in a reformat rz_mm); ``{}`` when
                      deleted.
    ``notes``         both ways: arrows with a few words: [{"id", "pane", "plane", "slice", "x_mm", "y_mm", "z_mm",
                      "text_at": {"x_mm", "y_mm", "z_mm"}, "text"}].
    ``position``      from the browser: slice, pane, series, plane, window_hu, level_hu (in the series' unit), zoom,
                      linked.
    ``truth``         both ways: lesion outlines shown.
    """

    _esm = assets.script()
    _css = assets.style()

    config = traitlets.Dict().tag(sync=True)
    controls = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)
    visit_control = traitlets.Any(None, allow_none=True).tag(sync=True, **ipywidgets.widget_serialization)
    measurement = traitlets.Dict().tag(sync=True)
    notes = traitlets.List(traitlets.Dict()).tag(sync=True)
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
        config = complete_config(config or {})
        traits.setdefault("position", {"slice": config["slice"]})
        super().__init__(config=config, **traits)
        self.provider = provider
        self.on_rest = on_rest
        self.bytes_sent = 0  # since the viewer was made, plotly.js not counted
        self._frame: dict | None = None
        self._versions: dict[str, object] = {}
        self._held: dict[str, set[tuple[int, int, int]]] = {}
        self._auto_bytes = 0
        self._listening = False
        self.on_msg(self._receive)

    @traitlets.validate("notes")
    def _check_notes(self, proposal):
        return messages.checked_notes(proposal["value"], list(self.config["series"]))

    @property
    def slice_index(self) -> int:
        """The slice the learner is looking at, as far as the kernel has been told."""
        return int(self.position.get("slice", self.config["slice"]))

    @property
    def newest(self) -> Mapping:
        """The newest frame and the pictures that came with it, as they travel: ``content`` and ``buffers``."""
        return self._initial

    def holds(self, pane: str, version, visit: int, slice_index: int, matrix: int) -> bool:
        """Whether the browser already has this picture for this version of the series (then it need not be sent)."""
        return self._versions.get(pane) == version and (visit, slice_index, matrix) in self._held.get(pane, ())

    def show(self, frame: Mapping, pictures: Sequence[Mapping] = ()) -> None:
        """Paint a frame: pictures, figures, overlays and text travel in one message.

        ``frame``: ``version`` (int, grows), ``slice``, ``visit``, ``panes`` ({series: {"visit", "label", "phase",
        "slice_mm", "version"}}), ``figures`` ([{"id", "title", "alt", "data", "layout"}]), ``text``, ``overlays``
        ({series: [{"id", "label", "kind", "x_mm", "y_mm", "rx_mm", "ry_mm"}]}, optionally "z_mm" and "rz_mm": then the
        outline follows the ellipsoid through slices and planes), ``marks`` (as overlays: what the reader has marked,
        not the hidden truth), ``visits`` (the label at each visit, optional: needed to scrub visits without the
        kernel), ``truth``.
        A series' ``version`` says to which state its pictures belong (default: the frame's). While it stays the same,
        pictures already sent stay valid and may be left out of ``pictures``
        ([{"pane", "visit", "slice", "matrix", "hu"}], ``hu`` an int16 array (matrix, matrix) in HU).
        ``figures`` and ``text`` may be functions without arguments: they are called, and sent, after the picture has
        left, so that the learner sees it while they are computed.
        Raises ValueError for unknown panes, wrong arrays or a missing key.
        """
        frame = messages.checked_frame(frame, self.config["series"], len(self.config["z_mm"]))
        later = {key: frame.pop(key) for key in ("figures", "text") if callable(frame.get(key))}
        if not self._listening:
            frame |= {key: make() for key, make in later.items()}
            later = {}
        versions = {name: info["version"] for name, info in frame["panes"].items()}
        records, buffers = messages.pack_pictures(pictures, versions, self.config["crop"])
        frame["figures"] = messages.pack_arrays(list(frame.get("figures", ())), buffers)
        frame["later"] = sorted(later)
        for name, version in versions.items():
            if self._versions.get(name) != version:
                self._held[name] = set()
        self._versions = versions
        for record in records:
            self._held[record["pane"]].add((record["visit"], record["slice"], record["matrix"]))
        frame["number"] = 0 if self._frame is None else self._frame["number"] + 1
        content = {"type": "frame", "frame": frame, "pictures": records}
        size = messages.size_bytes(content, buffers)
        self._auto_bytes = size
        first = self._frame is None
        self._frame = frame
        newest = {"content": content, "buffers": buffers}
        self.bytes_sent += size
        if self._listening:
            # Kept without a state update: a page that is loaded later asks for the whole state and finds it here.
            self._trait_values["_initial"] = newest
            self.send(content, buffers=buffers)
        else:
            # Until the page has said that it listens, a message could be lost; state cannot.
            self._initial = newest
        if first:
            plotly_loader.prepare()
        if later:
            self._show_later({key: make() for key, make in later.items()}, newest)

    def _show_later(self, words: dict, newest: dict) -> None:
        # The picture is on its way; the page paints it while figures and text are made here.
        buffers: list = []
        sent = {key: messages.pack_arrays(value, buffers) for key, value in words.items()}
        self._transmit({"type": "later", "number": self._frame["number"], **sent}, buffers)
        for key, value in words.items():
            self._frame[key] = messages.pack_arrays(value, newest["buffers"])
        self._frame["later"] = []

    def go_to(self, slice_index: int) -> None:
        """Scroll every pane to a slice."""
        if not 0 <= slice_index < len(self.config["z_mm"]):
            raise ValueError(f"slice_index must be 0 to {len(self.config['z_mm']) - 1}, got {slice_index}.")
        self.position = {**self.position, "slice": int(slice_index)}
        self._transmit({"type": "goto", "slice": int(slice_index)})

    def acknowledge(self) -> None:
        """Tell the page that a control was answered although nothing is to be painted."""
        self._transmit({"type": "ack"})

    def show_error(self, text: str) -> None:
        """Show one sentence in a banner over the panes."""
        self._transmit({"type": "error", "text": str(text)})

    def _transmit(self, content: Mapping, buffers: Sequence = ()) -> int:
        size = messages.size_bytes(content, buffers)
        self.bytes_sent += size
        self.send(content, buffers=list(buffers))
        return size

    def _receive(self, _widget, content: Mapping, _buffers) -> None:
        answers = {"ready": self._ready, "rest": self._rest, "need": self._need, "plotly": self._plotly}
        answer = answers.get(content.get("type"))
        if answer is None:
            return
        try:
            answer(content)
        except Exception as error:
            # ipywidgets would swallow it: the learner must see that something failed.
            self.show_error(f"The kernel could not answer: {type(error).__name__}: {error}")
            raise

    def _ready(self, content: Mapping) -> None:
        self._listening = True
        if self._frame is not None and content.get("number") != self._frame["number"]:
            newest = self._initial
            self.bytes_sent += messages.size_bytes(newest["content"], newest["buffers"])
            self.send(newest["content"], buffers=newest["buffers"])
            self._forget_but(newest["content"]["pictures"])

    def _forget_but(self, records: Sequence[Mapping]) -> None:
        # A new page holds only what the newest message carries.
        self._held = {name: set() for name in self._held}
        for record in records:
            self._held[record["pane"]].add((record["visit"], record["slice"], record["matrix"]))

    def _rest(self, content: Mapping) -> None:
        if self._frame is None or content.get("version") != self._frame["version"]:
            return
        matrix, slice_index = self.config["rest_matrix"], self.slice_index
        default = [
            {"pane": name, "visit": info["visit"], "slice": slice_index, "matrix": matrix}
            for name, info in self._frame["panes"].items()
        ]
        self._send_pictures(content.get("wishes", default), auto=True)
        if self.on_rest is not None and content.get("calm", True):
            self.on_rest(self._frame["version"])

    def _need(self, content: Mapping) -> None:
        if self._frame is None or content.get("version") != self._frame["version"]:
            return  # asked for a state that is gone: the next frame has cleared the wish
        self._send_pictures(content["wishes"], auto=bool(content.get("auto")))

    def _send_pictures(self, wishes: Sequence[Mapping], auto: bool) -> None:
        """Answer wishes in their order; the browser's own ideas (``auto``) only within AUTO_BYTES per frame."""
        if not wishes:
            return
        if self.provider is None:
            self._transmit({"type": "pictures", "pictures": [], "exhausted": True, "refused": _names(wishes)})
            return
        rows = self.config["crop"][1] - self.config["crop"][0]
        pictures, refused, planned = [], [], self._auto_bytes
        for wish in wishes:
            pane, visit, slice_index, matrix = wish["pane"], int(wish["visit"]), int(wish["slice"]), int(wish["matrix"])
            known = matrix in (self.config["drag_matrix"], self.config["rest_matrix"])
            if pane not in self._versions or not known or not 0 <= slice_index < len(self.config["z_mm"]):
                continue
            size = int(2 * matrix * (matrix * rows + 2)) + 1000
            if auto and planned + size > AUTO_BYTES:
                refused.append(wish)
                continue
            planned += size
            hu = self.provider(pane, visit, slice_index, matrix)
            pictures.append({"pane": pane, "visit": visit, "slice": slice_index, "matrix": matrix, "hu": hu})
        records, buffers = messages.pack_pictures(pictures, self._versions, self.config["crop"])
        for record in records:
            self._held[record["pane"]].add((record["visit"], record["slice"], record["matrix"]))
        content = {"type": "pictures", "pictures": records, "exhausted": bool(refused), "refused": _names(refused)}
        size = self._transmit(content, buffers)
        if auto:
            self._auto_bytes += size

    def _plotly(self, _content: Mapping) -> None:
        self.send({"type": "plotly"}, buffers=[plotly_loader.plotly_js_gzip()])


def _names(wishes: Sequence[Mapping]) -> list[str]:
    return [f"{wish['pane']}/{wish['visit']}/{wish['slice']}/{wish['matrix']}" for wish in wishes]
