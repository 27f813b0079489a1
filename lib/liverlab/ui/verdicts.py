"""The verdict table: every criterion, what it says and why, for both readings of a new dark spot."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping

CALLS = {
    "CR": ("✔✔", "complete response"),
    "PR": ("✔", "partial response"),
    "SD": ("=", "stable disease"),
    "PD": ("▲", "progressive disease"),
    "NE": ("?", "not evaluable"),
}


def verdict_table(rows: Iterable[Mapping[str, str]], title: str = "What the criteria say") -> str:
    """HTML table of verdicts (thin version)."""
    rows = list(rows)
    body = "".join(
        f'<tr><th scope="row">{html.escape(r["criterion"])}</th><td>{html.escape(r["call"])}</td>'
        f"<td>{html.escape(r['reason'])}</td></tr>"
        for r in rows
    )
    return f'<table class="ll-verdicts"><caption>{html.escape(title)}</caption><tbody>{body}</tbody></table>'
