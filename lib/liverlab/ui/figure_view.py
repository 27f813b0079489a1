"""Figures that stand alone, drawn by the plotly.js that the viewer uses; with the numbers as a table on demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

from liverlab.ui import plotly_loader, theme
from liverlab.ui.page import Page
from liverlab.ui.viewer import assets


class FigureView(anywidget.AnyWidget):
    """Draws a list of figures (dictionaries of `ui.figures`); set ``figures`` to draw others."""

    _esm = "\n".join([assets.part("dom"), assets.part("figures"), theme.asset("figure_view.js")])
    _css = assets.style() + theme.asset("figure_view.css")
    figures = traitlets.List().tag(sync=True)

    def __init__(self, figures: Sequence[dict[str, Any]] = (), **traits: Any) -> None:
        super().__init__(figures=list(figures), **traits)
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, content: dict, _buffers: Any) -> None:
        if content.get("type") == "plotly":
            self.send({"type": "plotly"}, buffers=[plotly_loader.plotly_js_gzip()])


def figures_that_follow(page: Page, figures_of: Callable[[Any], Sequence[dict[str, Any]]]) -> widgets.Widget:
    """Figures of ``page.state`` with their numbers; brought up to date when the hand rests."""
    drawn = FigureView(figures_of(page.state))
    table = theme.html(numbers_table(drawn.figures))

    def follow(_: Page) -> None:
        drawn.figures = list(figures_of(page.state))
        table.value = numbers_table(drawn.figures)

    page.subscribe(follow, when_still=True)
    return theme.box(drawn, table)


def numbers_table(figures: Sequence[dict[str, Any]]) -> str:
    """HTML of the numbers behind figures, folded: what the picture says to those who do not see it."""
    tables = "".join(_table(figure) for figure in figures)
    return f'<details class="lp-fold"><summary>The numbers</summary>{tables}</details>'


def _table(figure: dict[str, Any]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(str(trace.get("name", "")))}</th><td>{escape(_cell(x))}</td>'
        f"<td>{escape(_cell(y))}</td></tr>"
        for trace in figure["data"]
        for x, y in zip(trace["x"], trace["y"], strict=True)
    )
    axes = (figure["layout"].get(name, {}).get("title", {}).get("text", "") for name in ("xaxis", "yaxis"))
    head = "".join(f'<th scope="col">{escape(title) or "value"}</th>' for title in axes)
    return (
        f'<div class="lp-scroll" tabindex="0" role="region" aria-label="{escape(figure["title"])}">'
        f'<table class="lp-table"><caption>{escape(figure["title"])}</caption><thead><tr><th scope="col">line</th>'
        f"{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)
