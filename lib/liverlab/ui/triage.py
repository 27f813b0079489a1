"""Triage: several patients call at once. How soon does each need help, and whom do you see first?"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import ipywidgets as widgets

from liverlab.ui import theme
from liverlab.ui.commit import SureButtons, choice_buttons
from liverlab.ui.page import Page

KEY = "triage"


class Triage:
    """The triage of a lesson file (`triage`): a story and buttons of urgency for each patient, then one choice of all.

    One point for every urgency that is right and one for a right first patient.
    """

    def __init__(self, page: Page, data: Mapping[str, Any]) -> None:
        self.page, self.data = page, data
        self.urgencies = {one["id"]: one["label"] for one in data["urgencies"]}
        self.patients = {one["id"]: one for one in data["patients"]}
        self.choices: dict[str, widgets.ToggleButtons] = {}
        self.cards: dict[str, widgets.HTML] = {}
        boxes = []
        for id_, patient in self.patients.items():
            choice = widgets.ToggleButtons(
                options=[(label, key) for key, label in self.urgencies.items()],
                value=None,
                description=f"{patient['label']}: how soon?",
                style={"description_width": "initial", "button_width": "auto"},
            )
            choice.add_class("lp-switch")
            choice.observe(lambda _: self._enable(), "value")
            self.choices[id_], self.cards[id_] = choice, theme.html("")
            story = theme.html(f"<p><b>{escape(patient['label'])}.</b> {page.mark(patient['story'])}</p>")
            boxes.append(theme.box(story, choice, self.cards[id_], classes=("lp-card",)))
        self.first = choice_buttons(
            ((one["label"], id_) for id_, one in self.patients.items()), "Whom do you see first?"
        )
        self.first.observe(lambda _: self._enable(), "value")
        self.sure = SureButtons(page, self._commit)
        self.decide = theme.box(
            theme.html('<p class="lp-question">Whom do you see first?</p>'), self.first, self.sure.widget
        )
        self.revealed = theme.html("")
        self.widget = theme.section(
            theme.html(f'<p class="lp-question">{page.mark(data["question"])}</p>'),
            *boxes,
            self.decide,
            self.revealed,
            classes=("lp-triage",),
        )
        page.answers.subscribe(self.show)
        self.show()

    @property
    def right_first(self) -> tuple[str, ...]:
        """Patients who may be seen first."""
        return (self.data["first"], *self.data.get("also_first", ()))

    def show(self) -> None:
        """Bring cards and reveal to what was answered."""
        entry = self.page.answered(KEY)
        theme.show(self.decide, entry is None)
        given = dict(pair.split("=", 1) for pair in str(entry["answer"]).split() if "=" in pair) if entry else {}
        for id_, patient in self.patients.items():
            chosen = given.get(id_)
            self.choices[id_].disabled = entry is not None
            if entry is not None:
                self.choices[id_].value = chosen if chosen in self.urgencies else None
            self.cards[id_].value = self._card(patient, chosen) if entry else ""
        if entry is None:
            self.revealed.value = ""
            return
        right = given.get("first") in self.right_first
        mark, head, kind = ("✔", "Right.", "lp-done") if right else ("✘", "Not first.", "lp-wrong")
        self.revealed.value = (
            f'<div class="lp-status {kind}" role="status"><p><span aria-hidden="true">{mark}</span> <b>{head}</b> '
            f"{self.page.mark(self.data['reveal'])}</p>"
            f"<p>{entry['points']} of {len(self.patients) + 1} points.</p></div>"
        )

    def _card(self, patient: Mapping[str, Any], chosen: str | None) -> str:
        right = chosen == patient["urgency"]
        mark, kind = ("✔", "lp-done") if right else ("✘", "lp-wrong")
        said = "" if right else f" You said: {escape(self.urgencies.get(chosen or '', 'nothing').lower())}."
        return (
            f'<div class="lp-status {kind}"><p><span aria-hidden="true">{mark}</span> '
            f"<b>{escape(self.urgencies[patient['urgency']])}.</b>{said} {self.page.mark(patient['feedback'])}</p>"
            f"<p><b>Needs:</b> {self.page.mark(patient['needs'])}</p></div>"
        )

    def _enable(self) -> None:
        self.sure.enable(self.first.value is not None and all(one.value is not None for one in self.choices.values()))

    def _commit(self, confidence: str) -> None:
        chosen = {id_: choice.value for id_, choice in self.choices.items()}
        if self.page.answered(KEY) is not None or self.first.value is None or None in chosen.values():
            return
        urgent = sum(chosen[id_] == patient["urgency"] for id_, patient in self.patients.items())
        first = self.first.value in self.right_first
        self.page.record(
            KEY,
            answer=" ".join([*(f"{id_}={urgency}" for id_, urgency in chosen.items()), f"first={self.first.value}"]),
            confidence=confidence,
            correct=first and urgent == len(self.patients),
            points=urgent + int(first),
            attempts=1,
        )
