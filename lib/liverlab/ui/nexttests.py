"""Next tests: order one, see what it returns for the scenario shown now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from liverlab.ui import theme
from liverlab.ui.describe import typeset
from liverlab.ui.page import Page

Result = Mapping[str, Any]


def result_card(title: str, result: Result) -> str:
    """HTML of one result: ``result`` (what the report says), ``meaning``, and ``rows`` of (name, value)."""
    rows = "".join(
        f'<tr><th scope="row">{escape(str(name))}</th><td>{escape(typeset(str(value)))}</td></tr>'
        for name, value in result.get("rows", ())
    )
    table = f'<table class="lp-values"><tbody>{rows}</tbody></table>' if rows else ""
    meaning = f'<p class="lp-meaning">{escape(result["meaning"])}</p>' if result.get("meaning") else ""
    found = escape(typeset(result["result"]))
    return f'<article class="lp-result-card"><h3>{escape(title)}</h3><p>{found}</p>{table}{meaning}</article>'


class NextTests:
    """Buttons of tests and a card for each that was ordered; cards follow the scenario.

    ``result_of(id, page.state)`` returns a mapping with result, and optionally meaning and rows.
    """

    def __init__(self, page: Page, tests: Sequence[Any], result_of: Callable[[str, Any], Result]) -> None:
        self.page, self._result_of = page, result_of
        self.tests = {test["id"]: test for test in tests}
        self.ordered: list[str] = []
        self.buttons = {
            id_: theme.button(
                test["label"],
                test.get("note") or "",
                page.run(lambda _, i=id_: self.order(i), "run this test"),
            )
            for id_, test in self.tests.items()
        }
        self.cards = theme.html("", "lp-cards")
        buttons = theme.box(*self.buttons.values(), classes=("lp-tools",), row=True)
        self.widget = theme.section(buttons, self.cards, classes=("lp-tests",))
        page.subscribe(lambda _: self.show(), when_still=True)
        page.answers.subscribe(self._restore)
        self._restore()

    def order(self, id_: str) -> None:
        """Order a test: its card appears (first in the row if it was there already)."""
        if id_ in self.ordered:
            self.ordered.remove(id_)
        self.ordered.insert(0, id_)
        self.show()
        self.page.record("tests", answer=" ".join(reversed(self.ordered)))

    def show(self) -> None:
        """Work every ordered test out again for the scenario shown now."""
        cards = (result_card(self.tests[id_]["label"], self._result_of(id_, self.page.state)) for id_ in self.ordered)
        self.cards.value = "".join(cards)
        for id_, button in self.buttons.items():
            button.icon = "check" if id_ in self.ordered else ""

    def _restore(self) -> None:
        entry = self.page.answered("tests")
        ordered = [id_ for id_ in (entry["answer"].split() if entry else ()) if id_ in self.tests]
        if ordered[::-1] != self.ordered:
            self.ordered = ordered[::-1]
            self.show()


def next_tests(page: Page, tests: Sequence[Any], result_of: Callable[[str, Any], Result]) -> NextTests:
    """Panel of tests; ``tests`` are items with id, label and note (``tests`` of the lesson file)."""
    return NextTests(page, tests, result_of)
