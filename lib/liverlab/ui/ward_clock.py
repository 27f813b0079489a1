"""The ward clock on the page: order, wait, read what comes back, name the diagnosis, see what it came to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

from liverlab.reading import ward as wards
from liverlab.ui import theme
from liverlab.ui.describe import quantity, typeset
from liverlab.ui.page import Page

KEY = "ward"
AWAKE = ("awake and clear", "slow", "drowsy", "hard to wake", "in coma")
WAITS = (("Wait 6 hours", 6.0), ("Wait a day", 24.0))


class WardClock:
    """One patient after the other. `patients`: functions that give a `reading.ward.Hidden`, the first one first;
    `orders`: items with id, label and feedback (`decisions` of the lesson file); `names`: (id, words) of the diagnoses.
    """

    def __init__(
        self,
        page: Page,
        patients: Sequence[Callable[[], wards.Hidden]],
        orders: Sequence[Any],
        names: Sequence[tuple[str, str]],
    ) -> None:
        self.page, self._patients, self._names = page, list(patients), dict(names)
        self.orders = {item["id"]: item for item in orders}
        self.number = 0
        self.buttons = {
            id_: theme.button(
                item["label"], cost_words(id_), page.run(lambda _, i=id_: self.order(i), "place this order")
            )
            for id_, item in self.orders.items()
        }
        waits = [theme.button(label, "", page.run(lambda _, h=hours: self.wait(h), "wait")) for label, hours in WAITS]
        self.head, self.log = theme.html(""), theme.html("")
        self.choice = widgets.ToggleButtons(
            options=[(words, id_) for id_, words in names],
            value=None,
            description="Close the case. What does he have?",
            style={"description_width": "initial", "button_width": "auto"},
        )
        self.choice.add_class("lp-switch")
        self.choice.observe(page.run(self._named, "close the case"), "value")
        self._ask = theme.box(self.choice)
        self.next_button = theme.button("Next patient", "", page.run(lambda _: self.next(), "bring the next patient"))
        self.end = theme.html("")
        tests, treatments = (
            theme.box(*(self.buttons[id_] for id_ in self.orders if bool(wards.ORDERS[id_].tests) == kind),
                      classes=("lp-tools",), row=True)
            for kind in (True, False)
        )  # fmt: skip
        self._open = theme.box(
            theme.html('<p class="lp-label">Order:</p>'), tests,
            theme.html('<p class="lp-label">Treat:</p>'), treatments,
            theme.html(self._costs()),  # on a phone or by keyboard nobody can point at a button to read its tooltip
            theme.box(*waits, classes=("lp-tools",), row=True),
        )  # fmt: skip
        self.widget = theme.section(
            self.head, self._open, self.log, self._ask, self.end, self.next_button, classes=("lp-card", "lp-ward")
        )
        self.ward = wards.Ward(self._patients[0]())
        self.show()

    def order(self, id_: str) -> None:
        """Place an order."""
        self._become(wards.place(self.ward, id_))

    def wait(self, hours: float) -> None:
        """Let time pass."""
        self._become(wards.wait(self.ward, hours))

    def next(self) -> None:
        """The next patient; after the last one the first again."""
        self.number = (self.number + 1) % len(self._patients)
        self.choice.value = None
        self._become(wards.Ward(self._patients[self.number]()))

    def show(self) -> None:
        """Bring everything to the ward as it is."""
        ward = self.ward
        self.head.value = f'<p class="lp-question" role="status">{escape(self.state_words())}</p>'
        self.log.value = self._log()
        theme.show(self._open, not ward.over)
        theme.show(self._ask, not ward.over)
        theme.show(self.next_button, ward.over)
        self.end.value = self._end() if ward.over else ""

    def state_words(self) -> str:
        """What everybody at the bedside can see, and the time."""
        ward = self.ward
        if ward.dead and not ward.named:
            return f"Patient {self.number + 1}. He died on day {quantity(float(ward.course.death_day), '', 1)}."
        return f"Patient {self.number + 1}. {time_words(ward.clock_h)}. He is {AWAKE[ward.grade]}."

    def _become(self, ward: wards.Ward) -> None:
        self.ward = ward
        if ward.over:
            self.page.record(KEY, answer=f"{self.number + 1}: {ward.score.total}", correct=ward.score.diagnosis > 0)
        self.show()

    def _named(self, change: dict) -> None:
        if change["new"] is not None and not self.ward.over:
            self._become(wards.close(self.ward, change["new"]))

    def _costs(self) -> str:
        rows = "".join(
            f"<tr><th scope='row'>{escape(item['label'])}</th><td>{cost_words(id_)}.</td></tr>"
            for id_, item in self.orders.items()
        )
        return (
            '<details class="lp-fold"><summary>What each order costs</summary><table class="lp-table"><thead><tr>'
            '<th scope="col">Order</th><th scope="col">Time and points</th></tr></thead>'
            f"<tbody>{rows}</tbody></table></details>"
        )

    def _log(self) -> str:
        ward = self.ward
        rows = "".join(
            f"<tr><td>{escape(time_words(one.at_h))}</td><th scope='row'>{escape(self._label(one.order))}</th>"
            f"<td>{escape(typeset(one.text))}</td></tr>"
            for one in ward.results
        )
        done = "".join(
            f"<tr><td>{escape(time_words(one.at_h))}</td><th scope='row'>{escape(self._label(one.order))}</th>"
            "<td>Started.</td></tr>"
            for one in ward.placed
            if not wards.ORDERS[one.order].tests
        )
        waiting = "".join(
            f"<tr><td>{escape(time_words(one.at_h))}</td><th scope='row'>{escape(self._label(one.order))}</th>"
            f"<td>Expected: {escape(time_words(one.at_h + wards.ORDERS[one.order].returns_h))}.</td></tr>"
            for one in ward.waiting
        )
        if not (rows or done or waiting):
            return ""
        return (
            '<div class="lp-scroll" tabindex="0" role="region" aria-label="Orders and results">'
            '<table class="lp-table"><thead><tr><th scope="col">When</th><th scope="col">Order</th>'
            f'<th scope="col">Result</th></tr></thead><tbody>{waiting}{rows}{done}</tbody></table></div>'
        )

    def _end(self) -> str:
        ward, score = self.ward, self.ward.score
        truth = self._names[ward.hidden.diagnosis]
        right = ward.named == ward.hidden.diagnosis
        mark, kind = ("✔", "lp-done") if right and ward.survives else ("✘", "lp-wrong")
        said = f"You said: {self._names[ward.named]}." if ward.named else "You named no diagnosis in time."
        lives = "He lives" if ward.survives else f"He dies on day {quantity(float(ward.course.death_day), '', 1)}"
        parts = (
            ("Diagnosis", score.diagnosis, f"{said} It was: {truth}."),
            ("Outcome", score.outcome, f"{lives} (simulated; what early treatment gains is illustrative)."),
            ("What you ordered", score.burden, "Every order costs the patient something."),
            ("Harm", score.harm, " ".join(score.words) or "None."),
            ("Together", score.total, "Out of 100. A name without any result is a guess and counts half."),
        )
        rows = "".join(
            f'<tr><th scope="row">{escape(name)}</th><td>{quantity(points, "", 0)}</td><td>{escape(words)}</td></tr>'
            for name, points, words in parts
        )
        advice = "".join(
            f"<li><b>{escape(self._label(one))}</b> {escape(self.orders[one].get('feedback') or '')}</li>"
            for one in dict.fromkeys(placed.order for placed in ward.placed)
        )
        return (
            f'<div class="lp-status {kind}" role="status"><p><span aria-hidden="true">{mark}</span> '
            f'<b>{score.total} points.</b></p><table class="lp-table"><tbody>{rows}</tbody></table>'
            f'<ul class="lp-why">{advice}</ul></div>'
        )

    def _label(self, id_: str) -> str:
        return self.orders[id_]["label"]


def time_words(hours: float) -> str:
    """Day and hour of the clock, which starts at eight in the morning of day 0."""
    whole = hours + wards.FIRST_HOUR
    return f"Day {int(whole // 24)}, {int(whole % 24):02d}:00"


def cost_words(id_: str) -> str:
    """What an order costs: tooltip of its button, and row of the table."""
    order = wards.ORDERS[id_]
    back = f", result after {order.returns_h:g} h" if order.tests else ""
    return f"Takes {order.busy_h:g} h{back}, costs {order.burden} points"
