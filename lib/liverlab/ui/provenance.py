"""Every parameter with its value now, range, unit, basis and source; built when it is opened."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

import ipywidgets as widgets

from liverlab.ui import theme
from liverlab.ui.controls import number
from liverlab.ui.page import Page

BASES = {
    "published": "read in the source",
    "derived": "computed from published numbers",
    "illustrative": "chosen for teaching, no published value",
}


class Provenance:
    """Closed at first: reading the references takes longer than drawing a picture."""

    def __init__(self, page: Page, keys: Iterable[str] | None = None) -> None:
        self.page = page
        self.keys = frozenset(page.evidence.parameters if keys is None else keys)
        self.is_open = False
        self.button = theme.button("Show every parameter and its source", "", page.run(lambda _: self.turn(), "list"))
        self.filter = widgets.Text(
            description="Filter", placeholder="name, unit, basis or source", style={"description_width": "initial"}
        )
        self.filter.observe(page.run(lambda _: self.show(), "filter the parameters"), "value")
        self.table = theme.html("")
        self._inside = theme.box(self.filter, self.table)
        theme.show(self._inside, False)
        tools = theme.box(self.button, classes=("lp-tools",), row=True)
        self.widget = theme.section(tools, self._inside, classes=("lp-provenance",))
        self._texts: dict[str, str] = {}
        page.subscribe(lambda _: self.show(), when_still=True)

    def turn(self) -> None:
        """Open or close."""
        self.is_open = not self.is_open
        self.button.description = f"{'Hide' if self.is_open else 'Show'} every parameter and its source"
        theme.show(self._inside, self.is_open)
        self.show()

    def show(self) -> None:
        """Build the table if it is open."""
        if not self.is_open:
            return
        wanted = self.filter.value.casefold().split()
        parameters = [p for p in self.page.evidence.provenance(self.page.scenario) if p.key in self.keys]
        rows = [row for row in map(self._row, parameters) if all(word in " ".join(row).casefold() for word in wanted)]
        body = "".join(
            f'<tr><th scope="row">{escape(name)}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
            for name, *cells in rows
        )
        heads = "".join(
            f'<th scope="col">{head}</th>' for head in ("Parameter", "Now", "Range", "Unit", "Basis", "Source and note")
        )
        meaning = "; ".join(f"{basis}: {words}" for basis, words in BASES.items())
        self.table.value = (
            f'<p class="lp-note" role="status">{len(rows)} of {len(self.keys)} parameters. {escape(meaning)}.</p>'
            '<div class="lp-scroll" tabindex="0" role="region" aria-label="Parameters and sources">'
            f'<table class="lp-table"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
        )

    def _row(self, p: Any) -> tuple[str, ...]:
        changed = " (changed)" if p.key in dict(self.page.scenario.changes) else ""
        limits = f"{number(p.low, p.step)} to {number(p.high, p.step)}"
        source = " ".join([*map(self._reference, p.source), p.note]).strip()
        return p.label, number(p.value, p.step) + changed, limits, p.unit, p.basis, source

    def _reference(self, name: str) -> str:
        """Text and DOI of a reference; as text, so that opening the page asks nothing of the network."""
        if name not in self._texts:
            reference = self.page.evidence.reference(name)
            doi = reference.doi
            self._texts[name] = f"{reference.text}{f' doi:{doi}' if doi else ''}"
        return self._texts[name]


def provenance_table(page: Page, keys: Iterable[str] | None = None) -> Provenance:
    """Table of every parameter (or of ``keys``) with its source."""
    return Provenance(page, keys)
