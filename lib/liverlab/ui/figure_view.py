"""Figures that stand alone, drawn by the plotly.js that the viewer uses; the browser makes their tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

from liverlab.ui import plotly_loader, theme
from liverlab.ui.page import Page
from liverlab.ui.viewer import assets


class FigureView(anywidget.AnyWidget):
    """Draws a list of figures (dictionaries of `ui.figures`); set ``figures`` to draw others."""

    _esm = "\n".join([assets.part("dom"), assets.part("tables"), assets.part("figures"), theme.asset("figure_view.js")])
    _css = assets.style() + theme.asset("figure_view.css")
    figures = traitlets.List().tag(sync=True)

    def __init__(self, figures: Sequence[dict[str, Any]] = (), **traits: Any) -> None:
        super().__init__(figures=list(figures), **traits)
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, content: dict, _buffers: Any) -> None:
        if content.get("type") == "plotly":
            self.send({"type": "plotly"}, buffers=[plotly_loader.plotly_js_gzip()])


def figures_that_follow(page: Page, figures_of: Callable[[Any], Sequence[dict[str, Any]]]) -> widgets.Widget:
    """Figures of ``page.state``; brought up to date when the hand rests."""
    drawn = FigureView(figures_of(page.state))

    def follow(_: Page) -> None:
        drawn.figures = list(figures_of(page.state))

    page.subscribe(follow, when_still=True)
    return drawn
