"""Decide, then see the consequence, simulated again from the same patient."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets

from liverlab.ui import theme
from liverlab.ui.nexttests import result_card
from liverlab.ui.page import Page

KEY = "decision"


class DecisionPanel:
    """Buttons of decisions, a card with the consequence, and a slot for its figure.

    ``consequence(id, page.state)`` returns a mapping with result, and optionally meaning, rows and figure (a plotly
    dictionary handed to ``draw(figure)``). ``decided(id)`` is called after a click, for example to add an action.
    """

    def __init__(
        self,
        page: Page,
        decisions: Sequence[Any],
        consequence: Callable[[str, Any], Mapping[str, Any]],
        draw: Callable[[dict], Any] | None = None,
        figure: widgets.Widget | None = None,
    ) -> None:
        self.page, self._consequence, self._draw = page, consequence, draw
        self.decisions = {item["id"]: item for item in decisions}
        self.chosen: str | None = None
        self.figure: dict | None = None
        self.buttons = widgets.ToggleButtons(
            options=[(item["label"], id_) for id_, item in self.decisions.items()],
            value=None,
            description="What do you do?",
            style={"description_width": "initial", "button_width": "auto"},
        )
        self.buttons.add_class("lp-switch")
        self.buttons.observe(page.run(self._decided, "work out this decision"), "value")
        self.card = theme.html("", "lp-cards")
        self.slot = theme.box(*(() if figure is None else (figure,)), classes=("lp-figure-slot",))
        theme.show(self.slot, False)
        self.widget = theme.section(self.buttons, self.card, self.slot, classes=("lp-decision",))
        page.subscribe(lambda _: self.show(), when_still=True)
        page.answers.subscribe(self._restore)
        self._restore()

    def show(self) -> None:
        """Work the consequence of the chosen decision out again for the scenario shown now."""
        if self.chosen is None:
            self.card.value, self.figure = "", None
            theme.show(self.slot, False)
            return
        item = self.decisions[self.chosen]
        result = dict(self._consequence(self.chosen, self.page.state))
        result["meaning"] = " ".join(filter(None, (result.get("meaning"), item.get("feedback"))))
        self.card.value = result_card(item["label"], result)
        self.figure = result.get("figure")
        theme.show(self.slot, self.figure is not None)
        if self.figure is not None and self._draw is not None:
            self._draw(self.figure)

    def _decided(self, change: dict) -> None:
        if change["new"] != self.chosen:
            self.chosen = change["new"]
            self.show()
            if self.chosen is not None:
                self.page.record(KEY, answer=self.chosen)

    def _restore(self) -> None:
        entry = self.page.answered(KEY)
        chosen = entry["answer"] if entry and entry["answer"] in self.decisions else None
        if chosen != self.chosen:
            self.chosen = self.buttons.value = chosen
            self.show()


def decision_panel(
    page: Page,
    decisions: Sequence[Any],
    consequence: Callable[[str, Any], Mapping[str, Any]],
    draw: Callable[[dict], Any] | None = None,
    figure: widgets.Widget | None = None,
) -> DecisionPanel:
    """Panel of decisions; ``decisions`` are items with id, label and feedback (``decisions`` of the lesson file)."""
    return DecisionPanel(page, decisions, consequence, draw, figure)
