"""The banner that says what failed and how to go on; a callback error never leaves a frozen page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anywidget
import traitlets

from liverlab.ui.page import Page, PageError
from liverlab.ui.theme import asset


class Alarm(anywidget.AnyWidget):
    """A panel over the page, wherever the learner has scrolled to; hidden while ``sentence`` is empty."""

    _esm = asset("copy.js") + asset("banner.js")
    sentence = traitlets.Unicode("").tag(sync=True)
    code = traitlets.Unicode("").tag(sync=True)
    details = traitlets.Unicode("").tag(sync=True)
    can_undo = traitlets.Bool(False).tag(sync=True)


class ErrorBanner:
    """What failed, Reset, Undo, scenario code, copy details. Gone after the next change that works."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.widget = Alarm()
        self._actions = {
            "reset": page.run(lambda: (page.reset(), page.refresh()), "reset"),
            "undo": page.run(page.undo, "undo"),
            "close": lambda: self.show(None),
        }
        self.widget.on_msg(self._answer)
        page.on_error(self.show)
        self.show(page.errors[-1] if page.errors else None)

    @property
    def is_shown(self) -> bool:
        """Whether the banner is up."""
        return bool(self.widget.sentence)

    def show(self, error: PageError | None) -> None:
        """Show an error, or hide the banner."""
        with self.widget.hold_sync():
            self.widget.code = "" if error is None else error.code
            self.widget.details = "" if error is None else error.details
            self.widget.can_undo = self.page.can_undo
            self.widget.sentence = "" if error is None else error.sentence

    def _answer(self, _widget: Any, content: Mapping[str, Any], _buffers: list) -> None:
        action = self._actions.get(content.get("type"))
        if action is not None:
            action()
