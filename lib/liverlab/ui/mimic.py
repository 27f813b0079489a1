"""Patients who look the same at this visit: choose tests, decide which is which, then see the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from liverlab.ui import theme
from liverlab.ui.commit import SureButtons, choice_buttons
from liverlab.ui.describe import typeset
from liverlab.ui.page import Page

KEY = "mimic"


class Mimic:
    """The mimic of a lesson.

    Parameters
    ----------
    data
        ``mimic`` of the lesson file: question, labels (a patient each), reveal; optionally ask (the question to
        decide).
    tests
        ``tests`` of the lesson file: id, label.
    results
        Test id -> {"results": (a text a patient), "tells": bool}, or a function of the id.
    wanted
        Index of the patient asked for (with the default question: the one in whom the treatment fails).
    """

    def __init__(
        self,
        page: Page,
        data: Any,
        tests: Sequence[Any],
        results: Mapping[str, Mapping[str, Any]] | Callable[[str], Mapping[str, Any]],
        wanted: int,
    ) -> None:
        if wanted not in range(len(data["labels"])):
            raise ValueError(f"wanted {wanted!r} must be 0 to {len(data['labels']) - 1}")
        self.page, self.data, self._wanted = page, data, wanted
        self._result_of = results if callable(results) else results.__getitem__
        self.labels = tuple(data["labels"])
        self.tests = {test["id"]: test["label"] for test in tests}
        self.ordered: list[str] = []
        self.buttons = {
            id_: theme.button(label, "", page.run(lambda _, i=id_: self.order(i), "run this test"))
            for id_, label in self.tests.items()
        }
        self.table = theme.html("")
        self.choice = choice_buttons(((label, str(index)) for index, label in enumerate(self.labels)), self._ask)
        self.sure = SureButtons(page, self._commit)
        self.choice.observe(lambda change: self.sure.enable(change["new"] is not None), "value")
        self.revealed = theme.html("")
        self._decide = theme.box(
            theme.html(f'<p class="lp-question">{escape(self._ask)}</p>'), self.choice, self.sure.widget
        )
        self.widget = theme.section(
            theme.html(f'<p class="lp-question">{page.mark(data["question"])}</p>'),
            theme.html('<p class="lp-label">Choose the next test, for all of them:</p>'),
            theme.box(*self.buttons.values(), classes=("lp-tools",), row=True),
            self.table,
            self._decide,
            self.revealed,
            classes=("lp-card", "lp-mimic"),
        )
        page.answers.subscribe(self.show)
        self.show()

    @property
    def _ask(self) -> str:
        return self.data.get("ask") or "In which of the two does the treatment fail?"

    def order(self, id_: str) -> None:
        """Order a test for both patients."""
        if id_ not in self.ordered:
            self.ordered.append(id_)
        self.show()

    def show(self) -> None:
        """Bring the table and the reveal up to date."""
        entry = self.page.answered(KEY)
        results = {id_: self._result_of(id_) for id_ in self.ordered}
        self.table.value = self._table(results, told=entry is not None) if results else ""
        theme.show(self._decide, bool(results) and entry is None)
        for id_, button in self.buttons.items():
            button.icon = "check" if id_ in self.ordered else ""
        if entry is None:
            self.choice.value = None
            self.revealed.value = ""
            return
        mark, head, kind = ("✔", "Right.", "lp-done") if entry["correct"] else ("✘", "No.", "lp-wrong")
        truth = f"It is {self.labels[self._wanted]}."
        self.revealed.value = (
            f'<div class="lp-status {kind}" role="status"><p><span aria-hidden="true">{mark}</span> <b>{head}</b> '
            f"{escape(truth)} {escape(self.data.get('reveal') or '')}</p>"
            f"<p>{escape(self._advice(entry))}</p></div>"
        )

    def _table(self, results: Mapping[str, Mapping[str, Any]], told: bool) -> str:
        heads = "".join(f'<th scope="col">{escape(label)}</th>' for label in self.labels)
        last = '<th scope="col">Tells them apart</th>' if told else ""
        body = ""
        for id_, result in results.items():
            cells = "".join(f"<td>{escape(typeset(str(text)))}</td>" for text in result["results"])
            tells = ("✔ yes" if result["tells"] else "✘ no") if told else ""
            body += (
                f'<tr><th scope="row">{escape(self.tests[id_])}</th>{cells}{f"<td>{tells}</td>" if told else ""}</tr>'
            )
        return (
            '<div class="lp-scroll" tabindex="0" role="region" aria-label="Test results">'
            f'<table class="lp-table"><thead><tr><th scope="col">Test</th>{heads}{last}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )

    def _advice(self, entry: Mapping[str, Any]) -> str:
        asked = [id_ for id_ in str(entry.get("tests", "")).split() if id_ in self.tests]
        telling = [self.tests[id_] for id_ in asked if self._result_of(id_)["tells"]]
        if telling:
            return f"What you ordered told them apart: {', '.join(telling)}. Order the others to compare."
        return "None of the tests you ordered tells them apart; you could only guess. Order the others to compare."

    def _commit(self, confidence: str) -> None:
        before = self.page.answered(KEY)
        if before is None and self.choice.value is not None and self.ordered:
            self.page.record(
                KEY,
                answer=self.labels[int(self.choice.value)],
                confidence=confidence,
                correct=int(self.choice.value) == self._wanted,
                attempts=1,
                tests=" ".join(self.ordered),
            )


def mimic(page: Page, data: Any, tests: Sequence[Any], results: Any, wanted: int) -> Mimic:
    """The mimic of a lesson; see :class:`Mimic`."""
    return Mimic(page, data, tests, results, wanted)
