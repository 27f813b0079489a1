"""Small things only a browser can do: copy a text, save a file, remember who is learning and how a room reads."""

from __future__ import annotations

from collections.abc import Callable

import anywidget
import traitlets

from liverlab.ui.theme import asset


class CopyText(anywidget.AnyWidget):
    """A text under its label, with a button that copies it."""

    _esm = asset("copy.js") + asset("copy_text.js")
    label = traitlets.Unicode("").tag(sync=True)
    text = traitlets.Unicode("").tag(sync=True)


class DownloadButton(anywidget.AnyWidget):
    """Button that saves what ``make()`` returns at the moment of the click; nothing travels before."""

    _esm = asset("download.js")
    label = traitlets.Unicode("Download").tag(sync=True)

    def __init__(self, label: str, make: Callable[[], tuple[str, str]]) -> None:
        super().__init__(label=label)
        self._make = make
        self.on_msg(self._answer)

    def _answer(self, _widget: object, content: dict, _buffers: list) -> None:
        if content.get("type") == "make":
            filename, text = self._make()
            self.send({"type": "file", "filename": filename, "text": text})


class ProjectorSwitch(anywidget.AnyWidget):
    """Button for large type and strong contrast, remembered by the browser; nothing of it reaches the kernel."""

    _esm = asset("projector.js") + asset("projector_switch.js")


class Learner(anywidget.AnyWidget):
    """The learner id this browser made for itself and keeps in localStorage; empty until a browser answers.

    Where people log in, ``account`` is a sign of who has: the browser keeps an id per account, and begins with the id
    it is given.
    """

    _esm = asset("learner.js")
    account = traitlets.Unicode("").tag(sync=True)
    learner_id = traitlets.Unicode("").tag(sync=True)
