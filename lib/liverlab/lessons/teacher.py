"""The teacher's notebook: the class codes of a class in, what the class thought and learnt out; cards for later."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets

from liverlab import evidence
from liverlab.evidence import cards
from liverlab.evidence import class_results as results
from liverlab.ui import theme
from liverlab.ui.browser import DownloadButton, ProjectorSwitch
from liverlab.ui.commit import CONFIDENCE_WORDS
from liverlab.ui.describe import counted, quantity

NOTHING_YET = "This part fills when codes stand above."


class Teacher:
    """The page of the teacher's notebook. Each method builds one cell; all follow the pasted codes."""

    def __init__(self) -> None:
        self.ev = evidence.load()
        self.pasted = widgets.Textarea(
            description="Class codes, one a line",
            placeholder="LC1-…",
            rows=8,
            style={"description_width": "initial"},
        )
        self.pasted.add_class("lp-codes")
        self.collected = results.collect("", self.ev.lessons)
        self._views: list[tuple[widgets.HTML, Callable[[], str]]] = []
        self.pasted.observe(lambda _: self._read(), "value")

    # --- cells ---

    def codes(self) -> widgets.Widget:
        """Where the codes are pasted, and which of them cannot be used."""
        what = "Replaces the codes by those of an invented class"
        tries = [theme.button(f"Try it: lesson {id_[:2]}", what, self._try(id_)) for id_ in self.ev.lessons]
        tools = theme.box(*tries, classes=("lp-tools",), row=True)
        return theme.section(ProjectorSwitch(), self.pasted, tools, self._view(self._status, always=True))

    def predictions(self) -> widgets.Widget:
        """What the class predicted, and how its quiz went afterwards."""
        return theme.section(self._view(self._predictions))

    def confidence(self) -> widgets.Widget:
        """Whether those who were certain were right."""
        return theme.section(self._view(self._calibration))

    def items(self) -> widgets.Widget:
        """Every item, the hardest first."""
        return theme.section(self._view(self._items))

    def export(self) -> widgets.Widget:
        """All answers as a file."""
        button = DownloadButton("Export the class (CSV)", lambda: ("liverlab-class.csv", results.table(self.collected)))
        return theme.section(button)

    def week_later(self) -> widgets.Widget:
        """Cards to be asked a week after class, for Anki: all of them, or those of one lesson."""
        everything = DownloadButton("All cards (CSV)", lambda: ("liverlab-cards.csv", cards.deck()))
        each = [DownloadButton(f"Cards of lesson {id_[:2]}", _deck(id_)) for id_ in cards.files()]
        return theme.section(theme.box(everything, *each, classes=("lp-tools",), row=True))

    # --- inside ---

    @property
    def lesson(self) -> dict[str, Any]:
        """The lesson that the codes are from."""
        return self.ev.lessons[self.collected.lesson]

    def _try(self, lesson: str) -> Callable[[Any], None]:
        return lambda _: setattr(self.pasted, "value", results.invented(self.ev.lessons[lesson]))

    def _read(self) -> None:
        self.collected = results.collect(self.pasted.value, self.ev.lessons)
        for view, draw in self._views:
            view.value = draw()

    def _view(self, draw: Callable[[], str], always: bool = False) -> widgets.HTML:
        drawn = draw if always else lambda: draw() if self.collected.answers else theme.note(NOTHING_YET)
        view = theme.html(drawn())
        self._views.append((view, drawn))
        return view

    def _status(self) -> str:
        problems = self.collected.problems
        said = "No code yet." if not problems else "No code can be used."
        if self.collected.answers:
            said = f"{counted(len(self.collected.answers), 'learner').capitalize()}: {self.lesson['title']}."
        if problems:
            said += f" {counted(len(problems), 'row').capitalize()} not counted:"
        rows = "".join(f"<li>Row {row}: {escape(why)}</li>" for row, why in problems.items())
        return theme.note(said) + (f"<ul>{rows}</ul>" if rows else "")

    def _predictions(self) -> str:
        texts = {option["id"]: option["text"] for option in self.lesson["predict"]["options"]}
        total = len(self.collected.answers)
        rows = [
            (
                escape(texts.get(row.option, "No prediction")),
                _bar(row.learners, total),
                str(row.certain),
                _percent(row.quiz_first),
                _percent(row.quiz_end),
            )
            for row in results.predictions(self.lesson, self.collected.answers.values())
        ]
        heads = ("Before: predicted", "Learners", "Certain", "After: quiz right at once", "After: right in the end")
        question = f'<p class="lp-question">{escape(self.lesson["predict"]["question"])}</p>'
        return question + _table("Predictions, and the quiz afterwards", heads, rows)

    def _calibration(self) -> str:
        found = results.calibration(self.collected.answers.values())
        rows = [
            (CONFIDENCE_WORDS[row.confidence].capitalize(), str(row.answers), _bar(row.right, row.answers))
            for row in found
        ]
        certain = found[-1]
        wrong = certain.answers - certain.right
        said = f"Of {counted(certain.answers, 'certain answer')}, {wrong} {'was' if wrong == 1 else 'were'} wrong."
        note = f'<p class="lp-note">{said} Second attempts are left out.</p>'
        return _table("Confidence", ("How sure", "Answers", "Right"), rows) + note

    def _items(self) -> str:
        texts, options = self._words()
        rows = [
            (
                escape(texts[row.key]),
                str(row.answered),
                _bar(row.first, row.answered),
                str(row.end),
                escape(f"{options.get((row.key, row.mistake), row.mistake)} ({row.mistaken})") if row.mistake else "",
            )
            for row in results.hardest(self.lesson, self.collected.answers.values())
        ]
        heads = ("Item, hardest first", "Learners", "Right at once", "Right in the end", "Most common mistake")
        return _table("Items", heads, rows)

    def _words(self) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
        """Text of every item by key, and of its options by (key, option)."""
        lesson = self.lesson
        texts, options = {"mimic": lesson["mimic"].get("question", "")}, {}
        for item in lesson["questions"]:
            texts[f"question:{item['id']}"] = item["text"]
        for item in lesson["quiz"]:
            key = f"quiz:{item['id']}"
            texts[key] = item["text"]
            options |= {(key, option["id"]): option["text"] for option in item.get("options", ())}
        for item in lesson["gallery"].get("items", ()):
            key = f"gallery:{item['id']}"
            texts[key] = item["history"]
            options |= {(key, name["id"]): name["text"] for name in lesson["gallery"]["names"]}
        return texts, options


def _deck(lesson: str) -> Callable[[], tuple[str, str]]:
    return lambda: (f"liverlab-cards-{lesson}.csv", cards.deck(lesson))


def _percent(share: float | None) -> str:
    return "" if share is None else quantity(100 * share, "%")


def _bar(count: int, total: int) -> str:
    """A count with its share, as words and as a bar that a screen reader passes over."""
    if not total:
        return str(count)
    share = 100 * count / total
    return (
        f'{count} ({quantity(share, "%")})<span class="lp-bar" aria-hidden="true">'
        f'<span style="width:{share:.0f}%"></span></span>'
    )


def _table(title: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """HTML of a table; cells are HTML already."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(
        f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in rest) + "</tr>"
        for first, *rest in rows
    )
    return (
        f'<div class="lp-scroll" tabindex="0" role="region" aria-label="{escape(title)}"><table class="lp-table">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def open_page() -> Teacher:
    """The page of the teacher's notebook."""
    return Teacher()
