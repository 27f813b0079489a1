"""The liver in 3-D, built only when somebody asks for it, turned and switched in the browser without the kernel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from liverlab.ui import plotly_loader, theme
from liverlab.ui.figures import Figure
from liverlab.ui.viewer import assets, messages


class SurfaceView(anywidget.AnyWidget):
    """A button that shows the figure ``make()`` returns (`ui.surface_figure`); arrays travel as raw buffers.

    ``note`` is a sentence that stands below the figure. ``bytes_sent`` counts what figures cost, plotly.js not counted.
    """

    _esm = "\n".join(
        [
            assets.part("dom"),
            assets.part("store"),
            assets.part("tables"),
            assets.part("figures"),
            theme.asset("surface_view.js"),
        ]
    )
    _css = assets.style() + theme.asset("surface_view.css")
    note = traitlets.Unicode().tag(sync=True)

    def __init__(self, make: Callable[[], Figure], note: str = "", **traits: Any) -> None:
        super().__init__(note=note, **traits)
        self._make, self._version, self._asked = make, 0, False
        self.bytes_sent = 0
        self.on_msg(self._receive)

    def outdate(self) -> None:
        """The patient has changed: a figure that somebody looks at is asked for again, another when it is seen."""
        self._version += 1
        if self._asked:
            self.send({"type": "outdated", "version": self._version})

    def _receive(self, _widget: Any, content: dict, _buffers: Any) -> None:
        if content.get("type") == "plotly":
            self.send({"type": "plotly"}, buffers=[plotly_loader.plotly_js_gzip()])
        elif content.get("type") == "show":
            self._show()

    def _show(self) -> None:
        self._asked = True
        try:
            buffers: list = []
            content = {
                "type": "surface",
                "version": self._version,
                "figure": messages.pack_arrays(self._make(), buffers),
            }
        except Exception as error:
            # ipywidgets would swallow it: the learner must see that something failed.
            self.send({"type": "failed", "text": f"The 3-D picture could not be built: {error}"})
            raise
        self.bytes_sent += messages.size_bytes(content, buffers)
        self.send(content, buffers=buffers)
