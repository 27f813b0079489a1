"""The verdict table: every criterion, what it says and why, for both readings of a new dark spot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

from liverlab.ui import theme
from liverlab.ui.describe import typeset
from liverlab.ui.page import Page

Row = Mapping[str, str]
# Colour never stands alone: each call has its own symbol and its words.
CALLS = {
    "CR": ("✔✔", "complete", "complete response"),
    "PR": ("✔", "response", "partial response"),
    "SD": ("=", "stable", "stable disease"),
    "PD": ("▲", "progression", "progressive disease"),
    "non-CR/non-PD": ("=", "", "non-target disease, neither gone nor clearly worse"),
    "NE": ("?", "no verdict", "not evaluable"),
    "baseline": ("○", "first scan", "first scan: nothing to compare with yet"),
}
NEW_LESION_CALLS = (("No new spot", "none"), ("Equivocal", "equivocal"), ("New", "unequivocal"))
CALL_TOOLTIPS = (
    "Nothing counts as new",
    "It may have been there before: treat on and look again",
    "Counted as a new lesion",
)
READING_OF_CALL = {"unequivocal": "called new", "equivocal": "called equivocal", "none": "not called new"}


def badge(call: str) -> str:
    """One verdict as symbol, abbreviation and words."""
    if call not in CALLS:
        raise ValueError(f"call {call!r} must be one of {', '.join(CALLS)}")
    symbol, short, words = CALLS[call]
    return (
        f'<span class="lp-call lp-{call.lower().replace("/", "-")}"><span aria-hidden="true">{symbol}</span> '
        f'<abbr title="{words}">{call}</abbr> <span class="lp-words">{short}</span></span>'
    )


def verdict_table(rows: Sequence[Row], chosen: str | None = None, title: str = "What the criteria say") -> str:
    """HTML of the verdicts.

    Parameters
    ----------
    rows
        Mappings with criterion, call (one of CALLS), reason, and reading ("unequivocal", "equivocal", "none", or words
        of your own); one column per reading.
    chosen
        The reading the learner has switched to: its column is marked and its reasons stand below the table. The
        reasons of the other readings open on demand. None shows the reasons of every reading.
    title
        Caption of the table.
    """
    chosen = reading_words(chosen) if chosen else None
    criteria = list(dict.fromkeys(row["criterion"] for row in rows))
    cells = {(row["criterion"], reading_words(row.get("reading", ""))): row for row in rows}
    readings = list(dict.fromkeys(reading for _, reading in cells))
    head = "".join(_reading_head(reading, reading == chosen) for reading in readings)
    body = "".join(_criterion_row(criterion, readings, cells, chosen) for criterion in criteria)
    reasons = "".join(_reasons(reading, criteria, cells, chosen in readings, reading == chosen) for reading in readings)
    kind = "lp-verdicts lp-many" if len(readings) > 2 else "lp-verdicts"
    return (
        f'<table class="{kind}"><caption>{escape(title)}</caption>'
        f'<thead><tr><th scope="col">Criterion</th>{head}</tr></thead><tbody>{body}</tbody></table>{reasons}'
    )


def reading_words(reading: str) -> str:
    """What the page calls a reading."""
    return READING_OF_CALL.get(reading, reading)


def _reading_head(reading: str, chosen: bool) -> str:
    words = escape(f"if {reading}" if reading else "verdict")
    mark = '<span class="lp-yours"><span aria-hidden="true">●</span> your call</span>' if chosen else ""
    return f'<th scope="col" class="{"lp-chosen" if chosen else ""}">{words} {mark}</th>'


def _criterion_row(criterion: str, readings: Sequence[str], cells: Mapping, chosen: str | None) -> str:
    tds = ""
    for reading in readings:
        row = cells.get((criterion, reading))
        mark = ' class="lp-chosen"' if reading == chosen else ""
        tds += f"<td{mark}>{badge(row['call']) if row else '–'}</td>"
    return f'<tr><th scope="row">{escape(criterion)}</th>{tds}</tr>'


def _reasons(reading: str, criteria: Sequence[str], cells: Mapping, someone_chose: bool, chosen: bool) -> str:
    """Why each criterion says so: open for the learner's reading, folded for the others."""
    given = {name: cells[name, reading]["reason"] for name in criteria if (name, reading) in cells}
    items = "".join(
        f"<li><b>{escape(name)}</b> {escape(typeset(reason))}</li>" for name, reason in given.items() if reason
    )
    if not items:
        return ""
    head = escape(f"Why, if {reading}" if reading else "Why")
    if someone_chose and not chosen:
        return f'<details class="lp-fold"><summary>{head}</summary><ul class="lp-why">{items}</ul></details>'
    title = "" if chosen else f'<p class="lp-label">{head}</p>'
    return f'{title}<ul class="lp-why" aria-label="{head}">{items}</ul>'


class Verdicts:
    """The switch "How do you call the new dark spot?" and the table below it, both bound to the page.

    ``rows(state)`` returns the verdict rows of every reading for ``page.state``.
    """

    def __init__(self, page: Page, rows: Callable[[Any], Sequence[Row]], title: str = "What the criteria say") -> None:
        self.page, self._rows, self._title = page, rows, title
        self.switch = widgets.ToggleButtons(
            options=NEW_LESION_CALLS,
            value=page.scenario.new_lesion_call,
            description="How do you call the new dark spot?",
            tooltips=CALL_TOOLTIPS,
            style={"description_width": "initial", "button_width": "auto"},
        )
        self.switch.add_class("lp-switch")
        self.switch.observe(page.run(lambda change: page.call(change["new"]), "call the spot"), "value")
        self.table = theme.html("", "lp-verdict-table")
        self.widget = theme.box(self.switch, self.table, classes=("liverlab", "lp-verdict-box"))
        page.subscribe(self.follow)
        self.follow(page)

    def follow(self, page: Page) -> None:
        """Bring switch and table to the page's scenario."""
        call = page.scenario.new_lesion_call
        self.switch.value = call
        self.table.value = verdict_table(self._rows(page.state), call, self._title)
