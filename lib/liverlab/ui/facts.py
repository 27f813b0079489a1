"""A short table of what the picture holds now: one line a fact, bound to the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from liverlab.ui import theme
from liverlab.ui.describe import typeset
from liverlab.ui.page import Page

Row = tuple[str, str]


def facts_table(rows: Sequence[Row], title: str) -> str:
    """HTML of (name, value) rows."""
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(typeset(value))}</td></tr>' for name, value in rows
    )
    return f'<table class="lp-values lp-facts"><caption>{escape(title)}</caption><tbody>{body}</tbody></table>'


class Facts:
    """The table, for ``rows(page.state)``; with ``when_still`` it waits until the hand rests."""

    def __init__(self, page: Page, rows: Callable[[Any], Sequence[Row]], title: str, when_still: bool = False) -> None:
        self._rows, self._title = rows, title
        self.table = theme.html("")
        self.widget = theme.box(self.table, classes=("liverlab", "lp-facts-box"))
        page.subscribe(self.follow, when_still=when_still)
        self.follow(page)

    def follow(self, page: Page) -> None:
        """Bring the table to the page's scenario."""
        self.table.value = facts_table(self._rows(page.state), self._title)
