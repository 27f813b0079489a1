"""A small table of findings: what, at the first scan, now; what is out of range is marked with a sign and words."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from liverlab.ui.describe import typeset


class Finding(NamedTuple):
    """One line: `before` and `now` as words; `alarm` says what is wrong now, or is empty."""

    name: str
    before: str
    now: str
    alarm: str = ""


def status_table(findings: Sequence[Finding], title: str, heads: tuple[str, str] = ("first scan", "now")) -> str:
    """HTML of the findings; colour never stands alone: an alarm has a sign and its own words."""
    body = "".join(_line(finding) for finding in findings)
    cells = "".join(f'<th scope="col">{escape(head)}</th>' for head in ("finding", *heads))
    return (
        f'<table class="lp-verdicts lp-status-table"><caption>{escape(title)}</caption>'
        f"<thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"
    )


def _line(finding: Finding) -> str:
    mark = ""
    if finding.alarm:
        mark = f' <span class="lp-alarm"><span aria-hidden="true">▲</span> {escape(finding.alarm)}</span>'
    before, now = (escape(typeset(text)) for text in (finding.before, finding.now))
    return f'<tr><th scope="row">{escape(finding.name)}</th><td>{before}</td><td>{now}{mark}</td></tr>'
