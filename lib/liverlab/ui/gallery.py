"""A gallery of findings: look, choose the next step, name what it is and what told you, then see the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import ipywidgets as widgets

from liverlab.evidence.class_code import GALLERY_POINTS as POINTS
from liverlab.ui import theme
from liverlab.ui.commit import SureButtons, choice_buttons
from liverlab.ui.nexttests import result_card
from liverlab.ui.page import Page

KEY = "gallery"


class Gallery:
    """The gallery of a lesson.

    Parameters
    ----------
    data
        ``gallery`` of the lesson file: question, steps, names, features and items.
    result_of
        ``(item id, step id) -> {"result": text, ...}`` as `result_card` takes it; also shows the picture, if there is
        one.
    show_item
        Called with the id of the item to look at.
    """

    def __init__(
        self,
        page: Page,
        data: Mapping[str, Any],
        result_of: Callable[[str, str], Mapping[str, Any]],
        show_item: Callable[[str], Any],
    ) -> None:
        self.page, self.data, self._result_of, self._show_item = page, data, result_of, show_item
        self.items = {item["id"]: item for item in data["items"]}
        self.steps = {step["id"]: step["label"] for step in data["steps"]}
        self.taken: dict[str, list[str]] = {id_: [] for id_ in self.items}
        self.now = next(iter(self.items))
        self.picker = widgets.ToggleButtons(
            options=[(str(number), id_) for number, id_ in enumerate(self.items, 1)],
            value=self.now,
            description="Patient",
            style={"description_width": "initial", "button_width": "auto"},
        )
        self.picker.add_class("lp-switch")
        self.picker.observe(page.run(lambda change: self.look_at(change["new"]), "show this patient"), "value")
        self.history = theme.html("")
        self.buttons = {
            id_: theme.button(label, "", page.run(lambda _, i=id_: self.take(i), "take this step"))
            for id_, label in self.steps.items()
        }
        self.cards = theme.html("", "lp-cards")
        self.name = choice_buttons(((one["text"], one["id"]) for one in data["names"]), "What is it?")
        self.feature = choice_buttons(((one["text"], one["id"]) for one in data["features"]), "What told you?")
        self.sure = SureButtons(page, self._commit)
        for choice in (self.name, self.feature):
            choice.observe(lambda _: self._enable(), "value")
        self.revealed, self.score = theme.html(""), theme.html("")
        self._decide = theme.box(
            theme.html('<p class="lp-question">What is it?</p>'),
            self.name,
            theme.html('<p class="lp-question">Which feature told you?</p>'),
            self.feature,
            self.sure.widget,
        )
        self.head = theme.section(
            theme.html(f'<p class="lp-question">{page.mark(data["question"])}</p>'), self.picker, self.history
        )
        self.widget = theme.section(
            theme.html('<p class="lp-label">Choose the next step:</p>'),
            theme.box(*self.buttons.values(), classes=("lp-tools",), row=True),
            self.cards,
            self._decide,
            self.revealed,
            self.score,
            classes=("lp-card", "lp-gallery"),
        )
        page.answers.subscribe(self.show)
        self.show()

    def key(self, item: str) -> str:
        """Under which key the answer to an item is kept."""
        return f"{KEY}:{item}"

    def look_at(self, item: str) -> None:
        """Turn to an item."""
        self.now = item
        self.name.value = self.feature.value = None
        self._show_item(item)
        self.show()

    def take(self, step: str) -> None:
        """Take a step for the item looked at; its result stays."""
        if step not in self.taken[self.now]:
            self.taken[self.now].append(step)
        self.show(latest=step)

    def show(self, latest: str | None = None) -> None:
        """Bring everything to the item looked at."""
        item, entry = self.items[self.now], self.page.answered(self.key(self.now))
        self.history.value = f"<p>{self.page.mark(item['history'])}</p>"
        taken = self.taken[self.now]
        order = [*([latest] if latest else []), *(step for step in reversed(taken) if step != latest)]
        # The newest last: its picture is the one that stays in the viewer.
        cards = {step: result_card(self.steps[step], self._result_of(self.now, step)) for step in reversed(order)}
        self.cards.value = "".join(cards[step] for step in order)
        for id_, button in self.buttons.items():
            button.icon = "check" if id_ in taken else ""
        theme.show(self._decide, entry is None)
        self.revealed.value = "" if entry is None else self._truth(item, entry)
        done = [found for id_ in self.items if (found := self.page.answered(self.key(id_)))]
        points = sum(int(found["points"]) for found in done)
        self.score.value = (
            theme.note(f"{len(done)} of {len(self.items)} patients named, {points} of {POINTS * len(done)} points.")
            if done
            else ""
        )

    def _enable(self) -> None:
        self.sure.enable(self.name.value is not None and self.feature.value is not None)

    def _text(self, block: str, id_: str) -> str:
        return next(one["text"] for one in self.data[block] if one["id"] == id_)

    def _truth(self, item: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
        right = bool(entry["correct"])
        mark, head, kind = ("✔", "Right.", "lp-done") if right else ("✘", "No.", "lp-wrong")
        helped = [self.steps[step] for step in str(entry.get("tests", "")).split() if step in item["best"]]
        step = (
            f"The step that helped: {', '.join(helped)}."
            if helped
            else f"A step that helps: {' or '.join(self.steps[step] for step in item['best'])}."
        )
        feature = f"What tells: {self._text('features', item['feature'])}."
        return (
            f'<div class="lp-status {kind}" role="status"><p><span aria-hidden="true">{mark}</span> <b>{head}</b> '
            f"{escape(self._text('names', item['name']))}. {self.page.mark(item['reveal'])}</p>"
            f"<p>{escape(step)} {escape(feature)} {entry['points']} of {POINTS} points.</p></div>"
        )

    def _commit(self, confidence: str) -> None:
        item = self.items[self.now]
        if self.page.answered(self.key(self.now)) is not None or None in (self.name.value, self.feature.value):
            return
        taken = self.taken[self.now]
        named, told = self.name.value == item["name"], self.feature.value == item["feature"]
        helped = any(step in item["best"] for step in taken)
        self.page.record(
            self.key(self.now),
            answer=self.name.value,
            feature=self.feature.value,
            confidence=confidence,
            correct=named,
            points=int(helped) + int(named) + int(told),
            attempts=1,
            tests=" ".join(taken),
        )
