"""What takes longer than a slider may wait: measured when asked, and from then on whenever the hand rests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from liverlab.ui import theme
from liverlab.ui.figure_view import FigureView
from liverlab.ui.page import Page

Answer = tuple[str, Sequence[dict[str, Any]]]


class OnDemand:
    """A button and what it brings.

    ``measure(page.state)`` returns HTML (escaped by the caller) and figures; it is called on the button, and after
    that once a change has come to rest.
    """

    def __init__(self, page: Page, label: str, measure: Callable[[Any], Answer]) -> None:
        self.page, self._measure = page, measure
        self.asked = False
        self.button = theme.button(label, "", page.run(lambda _: self.ask(), label.lower()))
        self.words = theme.html("")
        self.figure = FigureView()
        theme.show(self.figure, False)
        tools = theme.box(self.button, classes=("lp-tools",), row=True)
        self.widget = theme.section(tools, self.words, self.figure)
        page.subscribe(lambda _: self._follow(), when_still=True)

    def ask(self) -> None:
        """Measure now."""
        self.asked = True
        self.words.value, figures = self._measure(self.page.state)
        self.figure.figures = list(figures)
        theme.show(self.figure, bool(figures))
        self.button.description = "Measured again after every change"
        self.button.disabled = True

    def _follow(self) -> None:
        if self.asked:
            self.ask()
