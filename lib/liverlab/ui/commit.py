"""How a learner commits an answer: choose, then say how sure. Used by prediction and quiz alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import ipywidgets as widgets

from liverlab.evidence.class_code import CONFIDENCE_IDS
from liverlab.ui import theme
from liverlab.ui.page import Page

CONFIDENCES = tuple(zip(("Guessing", "Fairly sure", "Certain"), CONFIDENCE_IDS, strict=True))
CONFIDENCE_WORDS = {id_: words.lower() for words, id_ in CONFIDENCES}


def choice_buttons(options: Iterable[tuple[str, str]], name: str) -> widgets.ToggleButtons:
    """Buttons of (text, id), one under the other, none chosen; ``name`` is what a screen reader calls the group."""
    made = widgets.ToggleButtons(options=list(options), value=None, description=name, style={"button_width": "auto"})
    made.add_class("lp-choices")
    return made


class SureButtons:
    """ "How sure are you?": three buttons; the click commits the answer."""

    def __init__(self, page: Page, commit: Callable[[str], Any]) -> None:
        self.buttons = {id_: theme.button(words) for words, id_ in CONFIDENCES}
        for id_, button in self.buttons.items():
            button.on_click(page.run(lambda _, id_=id_: commit(id_), "take your answer"))
        label = theme.html('<span class="lp-label">How sure are you?</span>')
        self.widget = theme.box(label, *self.buttons.values(), classes=("lp-tools", "lp-sure"), row=True)
        self.enable(False)

    def enable(self, ready: bool) -> None:
        """Buttons work only once there is something to commit."""
        for button in self.buttons.values():
            button.disabled = not ready
