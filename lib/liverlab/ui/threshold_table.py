"""A table of readings against one limit: what a rule says of each, on several scans side by side."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from liverlab.ui.describe import quantity


def threshold_table(
    title: str, heads: Sequence[str], rows: Sequence[tuple[str, Sequence[float]]], limit: float, unit: str, yes: str
) -> str:
    """HTML of readings: a row a name, a column a scan; a reading that reaches ``limit`` is marked and says ``yes``.

    ``rows``: (name, a value for each of ``heads``). Whether a value reaches the limit is decided as it is written, in
    whole units, so that table and mark never disagree.
    """
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(_cell(value, limit, unit, yes) for value in values)}</tr>'
        for name, values in rows
    )
    return (
        f'<table class="lp-verdicts"><caption>{escape(title)}</caption>'
        f'<thead><tr><th scope="col">Reading</th>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def reaches(value: float, limit: float) -> bool:
    """Whether a reading, rounded as it is shown, reaches the limit."""
    return round(value) >= limit


def _cell(value: float, limit: float, unit: str, yes: str) -> str:
    shown = escape(quantity(value, unit))
    if not reaches(value, limit):
        return f"<td>{shown}</td>"
    return f'<td>{shown} <span class="lp-call lp-sd"><span aria-hidden="true">●</span> {escape(yes)}</span></td>'
