"""Widgets as they stand now, as HTML: texts and figures stay, buttons and fields go (nobody would answer them)."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from liverlab.ui.figure_view import FigureView


class Still:
    """A tree of widgets as HTML, with a place for each text and each group of figures that changes with the page.

    ``html`` is the tree as it stands when this is made; `texts` and `figures` say what its places hold now.
    """

    def __init__(self, name: str, *roots: widgets.Widget) -> None:
        self._name = name
        self._texts: list[widgets.HTML] = []
        self._figures: list[FigureView] = []
        self.html = "".join(map(self._markup, roots))

    @property
    def texts(self) -> dict[str, str]:
        """Place -> HTML."""
        return {f"{self._name}-{number}": widget.value for number, widget in enumerate(self._texts)}

    @property
    def figures(self) -> dict[str, list[dict]]:
        """Place -> figures."""
        return {f"{self._name}-f{number}": list(widget.figures) for number, widget in enumerate(self._figures)}

    def _markup(self, widget: widgets.Widget) -> str:
        if not isinstance(widget, widgets.DOMWidget) or widget.layout.display == "none":
            return ""
        if isinstance(widget, FigureView):
            self._figures.append(widget)
            return f'<div data-figures="{self._name}-f{len(self._figures) - 1}"></div>'
        classes = escape(" ".join(widget._dom_classes))
        if isinstance(widget, widgets.HTML):
            self._texts.append(widget)
            place = f"{self._name}-{len(self._texts) - 1}"
            inside = f'<div class="widget-html-content" data-text="{place}">{widget.value}</div>'
            return f'<div class="{classes}">{inside}</div>'
        if isinstance(widget, widgets.Box):
            return f'<div class="{classes}">{"".join(map(self._markup, widget.children))}</div>'
        return ""
