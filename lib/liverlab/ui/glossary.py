"""Terms explained on hover, focus or tap, and listed at the end (behaviour in theme.js, after WCAG 1.4.13)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

import ipywidgets as widgets

from liverlab.ui import theme


class Glossary:
    """Terms and their meaning in plain text."""

    def __init__(self, terms: Mapping[str, str]) -> None:
        self.terms = dict(terms)
        # Capitals are kept apart ("PD" is no "pd"); everyday words match at the start of a sentence too.
        self._by_match = {self._folded(term): term for term in self.terms}
        longest_first = sorted(self.terms, key=len, reverse=True)
        alternatives = "|".join(
            re.escape(t) if self._folded(t) == t and t != t.lower() else f"(?i:{re.escape(t)})" for t in longest_first
        )
        self._pattern = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)") if self.terms else None

    @staticmethod
    def _folded(term: str) -> str:
        return term if any(letter.isupper() for letter in term) else term.lower()

    def mark(self, text: str) -> str:
        """Escaped HTML of a plain text in which each term, at its first occurrence, explains itself."""
        if self._pattern is None:
            return escape(text)
        parts, end, seen = [], 0, set()
        for found in self._pattern.finditer(text):
            term = self._by_match.get(found.group()) or self._by_match.get(found.group().lower())
            if term is None or term in seen:
                continue
            seen.add(term)
            parts += [escape(text[end : found.start()]), self._button(found.group(), term)]
            end = found.end()
        return "".join([*parts, escape(text[end:])])

    def widget(self) -> widgets.Box:
        """The list of all terms, for the end of the page."""
        rows = "".join(
            f"<dt>{escape(term)}</dt><dd>{escape(meaning)}</dd>"
            for term, meaning in sorted(self.terms.items(), key=lambda pair: pair[0].lower())
        )
        fold = f'<details class="lp-fold"><summary>Words used on this page</summary><dl>{rows}</dl></details>'
        return theme.section(theme.html(fold), classes=("lp-glossary",))

    def _button(self, shown: str, term: str) -> str:
        meaning = escape(self.terms[term])
        return f'<button type="button" class="lp-term" data-lp-meaning="{meaning}">{escape(shown)}</button>'


def glossary(*sources: Mapping[str, str] | None) -> Glossary:
    """Glossary from several mappings; a lesson's own words come last and win."""
    terms: dict[str, str] = {}
    for source in sources:
        terms |= dict(source or {})
    return Glossary(terms)
