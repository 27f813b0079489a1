"""How every page looks: style sheet, keyboard and screen-reader helpers, and the layout of a lesson."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets

HERE = Path(__file__).parent
DISCLAIMER = "Simulation for teaching, not for clinical use"


@cache
def asset(name: str) -> str:
    """Text of a JavaScript or style file of this room."""
    return (HERE / name).read_text(encoding="utf-8")


class Theme(anywidget.AnyWidget):
    """Brings style sheets and ``theme.js`` to the page; draws nothing itself."""

    _esm = asset("theme.js")
    _css = asset("theme.css") + asset("projector.css")


_shared: dict[str, widgets.Widget] = {}


def shared(name: str, make: Callable[[], widgets.Widget]) -> widgets.Widget:
    """One widget for many places. A page has hundreds of layouts and styles that are all alike, and every one of them
    would be a message to the browser before the page stands."""
    held = _shared.get(name)
    if held is None or held.comm is None:  # closed: Widget.close_all() in a notebook takes everything away
        held = _shared[name] = make()
    return held


def html(markup: str, *classes: str) -> widgets.HTML:
    """HTML widget with our class; the caller has escaped every text that came from data."""
    layout, style = shared("layout", widgets.Layout), shared("html style", lambda: widgets.HTML().style)
    widget = widgets.HTML(markup, layout=layout, style=style)
    widget._dom_classes = ("lp-html", *classes)
    return widget


def box(*children: widgets.Widget, classes: tuple[str, ...] = (), row: bool = False) -> widgets.Box:
    """Box without the fixed margins and the cut-off overflow of ipywidgets."""
    made = (widgets.HBox if row else widgets.VBox)(children, layout=shared("layout", widgets.Layout))
    made._dom_classes = ("lp-box", *classes)
    return made


def button(label: str, tooltip: str = "", clicked: Callable[[Any], Any] | None = None) -> widgets.Button:
    """Button as wide as its words (the style sheet sees to that)."""
    layout, style = shared("layout", widgets.Layout), shared("button style", lambda: widgets.Button().style)
    made = widgets.Button(description=label, tooltip=tooltip or None, layout=layout, style=style)
    if clicked is not None:
        made.on_click(clicked)
    return made


def show(widget: widgets.DOMWidget, visible: bool) -> None:
    """Show or hide a widget; hidden means out of the layout, the tab order and the screen reader's way."""
    if visible == (widget.layout.display != "none"):
        return
    if widget.layout is _shared.get("layout"):
        widget.layout = widgets.Layout()
    widget.layout.display = None if visible else "none"


def note(text: str, role: str = "status") -> str:
    """A sentence that comes and goes, read out by a screen reader; ``text`` is escaped here."""
    return f'<p class="lp-note" role="{role}">{escape(text)}</p>' if text else ""


def section(*children: widgets.Widget, classes: tuple[str, ...] = ()) -> widgets.Box:
    """A part of the page that may stand in a cell of its own: theme, class ``liverlab``, children."""
    return box(shared("theme", Theme), *children, classes=("liverlab", *classes))


def lesson_layout(viewer: Any, panel: Any, *below: Any, banner: Any = None, side: tuple[Any, ...] = ()) -> widgets.Box:
    """Lay a lesson out: viewer left, main sliders and ``side`` (call switch, verdicts) right, the rest below.

    At 1280x720 the viewer, the main sliders and the verdict fit without scrolling; on a narrow page it is one column.
    ``panel`` is a :class:`~liverlab.ui.controls.ControlPanel`.
    """
    left = box(panel.note, viewer, classes=("lp-left",))
    right = box(panel.main, *side, classes=("lp-right",))
    top = () if banner is None else (banner,)
    stage = box(left, right, classes=("lp-stage",), row=True)
    disclaimer = html(f'<p class="lp-disclaimer">{DISCLAIMER}</p>')
    return section(*top, panel.tools, stage, disclaimer, *below, panel.extras, classes=("lp-lesson",))
