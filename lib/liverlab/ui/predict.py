"""Predict before looking: one choice and a confidence; the rest of the page stays shut until then."""

from __future__ import annotations

import os
from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets

from liverlab.ui import theme
from liverlab.ui.commit import CONFIDENCE_WORDS, SureButtons, choice_buttons
from liverlab.ui.page import Page

KEY = "predict"
SHUT = "This part opens when you have made your prediction above."


class PredictGate:
    """The prediction of a lesson and the gate it opens.

    ``LIVERLAB_GATE=open`` opens every gate; a teacher opens this one with "Show without predicting".
    """

    def __init__(self, page: Page, data: Any = None) -> None:
        self.page = page
        data = page.lesson["predict"] if data is None else data
        self.options = {option["id"]: option for option in data["options"]}
        self.skipped = os.environ.get("LIVERLAB_GATE") == "open"
        self._guarded: list[tuple[widgets.DOMWidget, widgets.DOMWidget]] = []
        self._outcomes: list[tuple[widgets.HTML, Callable[[Any], str]]] = []
        question = data["question"]
        self.choice = choice_buttons(((o["text"], id_) for id_, o in self.options.items()), question)
        self.choice.observe(page.run(self._chosen, "take your choice"), "value")
        self.sure = SureButtons(page, self._commit)
        self.skip_button = theme.button(
            "Show without predicting", "For teachers", page.run(lambda _: self._skip(), "open the page")
        )
        self.skip_button.add_class("lp-quiet")
        self.said = theme.html("")
        skip = theme.box(self.skip_button, classes=("lp-tools",), row=True)
        heading = theme.html(f'<p class="lp-question">{page.mark(question)}</p>')
        self._form = theme.box(self.choice, self.sure.widget, skip)
        self.widget = theme.section(heading, self._form, self.said, classes=("lp-card", "lp-predict"))
        page.answers.subscribe(self.show)
        page.subscribe(lambda _: self._show_outcomes(), when_still=True)
        self.show()

    @property
    def prediction(self) -> Any:
        """The stored prediction (answer, confidence), or None."""
        return self.page.answered(KEY)

    @property
    def is_open(self) -> bool:
        """Whether the rest of the page may be seen."""
        return self.skipped or self.prediction is not None

    def guard(self, widget: widgets.DOMWidget, sentence: str = SHUT) -> widgets.Box:
        """Hide ``widget`` until the gate is open; a sentence stands in its place."""
        shut = theme.html(f'<p class="lp-shut">{escape(sentence)}</p>')
        self._guarded.append((widget, shut))
        self.show()
        return theme.section(shut, widget)

    def outcome(self, sentence: Callable[[Any], str]) -> widgets.Box:
        """A box with the prediction beside what happened; ``sentence(page.state)`` says the latter."""
        shown = theme.html("")
        self._outcomes.append((shown, sentence))
        self._show_outcomes()
        return theme.section(shown)

    def show(self) -> None:
        """Bring form, guarded widgets and outcomes up to date with the stored prediction."""
        made, is_open = self.prediction, self.is_open
        theme.show(self._form, not is_open)
        for widget, shut in self._guarded:
            theme.show(widget, is_open)
            theme.show(shut, not is_open)
        if made is None:
            self.choice.value = None
            self.said.value = '<p class="lp-note">Opened without a prediction.</p>' if is_open else ""
        else:
            self.said.value = f'<p class="lp-note" role="status">{self._words(made)} The page is open.</p>'
        self._show_outcomes()

    def _chosen(self, change: dict) -> None:
        self.sure.enable(change["new"] is not None)

    def _commit(self, confidence: str) -> None:
        if self.choice.value is not None and self.prediction is None:
            self.page.record(KEY, answer=self.choice.value, confidence=confidence, attempts=1)

    def _skip(self) -> None:
        self.skipped = True
        self.show()

    def _words(self, made: Any) -> str:
        option = self.options.get(made["answer"])
        text = option["text"] if option is not None else made["answer"]
        sure = CONFIDENCE_WORDS.get(made.get("confidence"), "")
        return f"You predicted: <b>{escape(text)}</b>{f' ({sure})' if sure else ''}."

    def _show_outcomes(self) -> None:
        if not self._outcomes or not self.is_open:
            return
        made = self.prediction
        option = self.options.get(made["answer"]) if made is not None else None
        yours = self._words(made) if made is not None else "You made no prediction."
        feedback = f"<p>{escape(option['feedback'])}</p>" if option is not None else ""
        for shown, sentence in self._outcomes:
            happened = escape(sentence(self.page.state))
            shown.value = (
                '<div class="lp-beside"><section><h3>Your prediction</h3>'
                f"<p>{yours}</p>{feedback}</section><section><h3>In this scenario</h3><p>{happened}</p></section></div>"
            )


def predict_gate(page: Page) -> PredictGate:
    """The gate of the page's lesson (``predict`` in its lesson file)."""
    return PredictGate(page)
