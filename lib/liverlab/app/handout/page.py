"""The HTML file: the notebook's own text and order, with a part of the page in place of each cell."""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any

import mistune
import nbformat

from liverlab.app.handout import MOST_SLICES
from liverlab.app.handout.recording import PRESET, Control, Recording, Take
from liverlab.app.handout.still import Still
from liverlab.lessons import panels
from liverlab.lessons.lesson import Lesson
from liverlab.ui import plotly_loader, theme
from liverlab.ui.commit import CONFIDENCES
from liverlab.ui.nexttests import result_card
from liverlab.ui.predict import SHUT
from liverlab.ui.provenance import provenance_table
from liverlab.ui.questions import checker_of
from liverlab.ui.viewer import assets

HERE = Path(__file__).parent
MOST_BYTES = 8_000_000  # of a file: what a phone may be asked to keep and open
SCRIPTS = ("kernel", "controls", "predict", "quiz", "main")
CELL = re.compile(r"lesson\.(\w+)\(\)")
FOR_JUPYTER = "**To start:**"
# Nothing may leave the reader's device: the browser itself refuses.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; img-src data: blob:"
)
GONE = (
    "This file needs no network and no server. It shows fewer settings than the lesson, keeps no answers, and its "
    "pictures are as fine as those of the lesson while a slider moves."
)


def build(notebook: Path, say: Callable[[str], Any] = lambda text: None, slices: int = MOST_SLICES) -> str:
    """The handout of a lesson's notebook as HTML, with ``slices`` slices or as many of them as fit.

    Raises ValueError where the notebook is no lesson, or the text alone is larger than a handout may be.
    """
    cells = nbformat.read(notebook, as_version=4).cells
    module = next(
        (found.group(1) for c in cells if (found := re.search(r"lesson = (\w+)\.open_lesson", c.source))), None
    )
    if module is None:
        raise ValueError(f"{notebook.name} opens no lesson; handouts are made of lessons.")
    return Handout(import_module(f"liverlab.lessons.{module}").open_lesson(), cells, say, slices).html()


class Handout:
    """One lesson on its way into a file."""

    def __init__(self, lesson: Lesson, cells: list, say: Callable[[str], Any], slices: int) -> None:
        self.lesson, self.data, self._cells = lesson, lesson.data, cells
        lesson.gate.skip_button.click()  # the browser shuts what the reader has not earned yet
        # What stays as it is comes from a page of its own, which no slider touches.
        self._calm = type(lesson)()
        self._calm.gate.skip_button.click()
        self.record = Recording(lesson, say, slices)
        self.side = Still("side", *lesson.side())
        self.explained = Still("explain", lesson.explain())
        hook_scans = lesson.hook_scans(lesson.page.state)
        # Recorded before all others: its pictures are the first of their slice.
        self.hook = self.record.one(lesson.viewer_of(hook_scans, "The scans"), hook_scans)
        self._hook_pictures = self.record.book.count(lesson.view.viewer.slice_index)

    def html(self) -> str:
        """The whole file; ValueError if it cannot be made small enough."""
        body = self._body()
        checks = {
            f"{kind}:{item['id']}": checker_of(item, self.lesson.checkers)
            for kind, items in (("question", self.data["questions"]), ("quiz", self.data["quiz"]))
            for item in items
            if "check" in item
        }
        explore = self.record.explore({"side": self.side, "explain": self.explained}, checks)
        spare = 50_000  # the places of the slices, and their names
        room = MOST_BYTES - len((self._frame(body) + self._explored(explore)).encode()) - spare
        packed = self.record.trim(room)
        if not packed:
            raise ValueError(f"the text of {self.lesson.id} leaves no room for pictures in {MOST_BYTES / 1e6:.0f} MB.")
        slices = "".join(_slice(f"lh-slice-{number}", packed[k]) for number, k in enumerate(self.record.slices))
        html = self._frame(body, self._explored(explore) + slices)
        if len(html.encode()) > MOST_BYTES:
            raise ValueError(f"the handout of {self.lesson.id} takes {len(html.encode())} bytes; {MOST_BYTES} may be.")
        return html

    # --- the file ---

    def _explored(self, take: Take) -> str:
        controls = [asdict(control) for control in self.record.controls]
        script = json.dumps({**self.record.script(take), "controls": controls}, ensure_ascii=False)
        return _store("lh-explore", script)

    def _frame(self, body: str, rest: str = "") -> str:
        """The file: what the first pictures need stands before the script, everything else behind it."""
        opened = self.lesson.view.viewer.slice_index
        first = _slice("lh-first", self.record.book.packed(opened, self._hook_pictures))
        words = {key: self.data[key] for key in ("predict", "questions", "quiz")}
        words["hook"] = self.record.script(self.hook)
        title = escape(self.data["title"])
        style = theme.Theme._css + assets.style() + theme.asset("figure_view.css") + _own("handout.css")
        script = "\n".join([assets.script(), *(_own(f"{name}.js") for name in SCRIPTS)])
        plotly = base64.b64encode(_plotly()).decode("ascii")
        return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{title} – liverlab handout</title>
<style>{style}</style>
</head>
<body>
<main class="liverlab lh-page">
{body}
</main>
<script type="application/json" id="lh-words">{_json(words)}</script>
{first}<script type="module" async>{script}</script>
<script type="module" async>{theme.asset("theme.js")}
{theme.asset("projector.js")}
start();
document.getElementById("lh-tools").append(makeProjectorSwitch()[0]);</script>
{rest}<script type="text/plain" id="lh-plotly">{plotly}</script>
</body>
</html>
"""

    def _body(self) -> str:
        """The notebook's cells in their order; the self-check, for those who change the models, stays out."""
        parts, text = [], ""
        for cell in self._cells:
            if "self-check" in cell.metadata.get("tags", []):
                text = ""
            elif cell.cell_type == "markdown":
                parts.append(text)
                text = _words(cell.source)
            elif found := CELL.search(cell.source):
                part = getattr(self, f"_{found.group(1)}")()
                if found.group(1) == "more":
                    text = re.sub(r"(?s)</h2>.*", "</h2>", text)  # what follows speaks of tabs
                guarded = found.group(1) not in ("start", "hook", "predict")
                shut = f'<p class="lp-shut">{escape(SHUT)}</p>' if guarded else ""
                inside = f'<div class="lh-guarded">{part}</div>' if guarded else part
                parts.append(f'{text}<section class="lh-part" data-part="{found.group(1)}">{shut}{inside}</section>')
                text = ""
        return "\n".join(part for part in [*parts, self._answers()] if part)

    # --- what stands in place of a cell ---

    def _start(self) -> str:
        return (
            f"<p>{GONE}</p>"
            '<div class="lp-tools" id="lh-tools">'
            '<button type="button" class="jupyter-button" id="lh-print">Print</button></div>'
            '<noscript><p class="lp-note">The pictures need JavaScript, which this browser does not run.</p></noscript>'
            '<p class="lp-note" id="lh-problem" role="alert" hidden></p>'
        )

    def _hook(self) -> str:
        question = escape(self.data["hook"]["question"])
        return f'<p class="lp-question">{question}</p><div class="lh-viewer" data-view="hook"></div>'

    def _predict(self) -> str:
        predict = self.data["predict"]
        options = _options("predict", [(option["id"], option["text"]) for option in predict["options"]])
        return (
            '<div class="lp-card lp-predict">'
            f'<p class="lp-question" id="lh-predict">{self._mark(predict["question"])}</p>'
            f'<form data-predict><div role="radiogroup" aria-labelledby="lh-predict">{options}</div>{_sure()}'
            '<div class="lp-tools"><button type="button" class="jupyter-button lp-quiet" data-skip>'
            'Show without predicting</button></div></form><div data-said role="status"></div></div>'
        )

    def _explore(self) -> str:
        controls = "".join(_control(number, control) for number, control in enumerate(self.record.controls))
        return (
            '<div class="lp-stage"><div class="lp-left"><div class="lh-viewer" data-view="explore"></div></div>'
            f'<div class="lp-right"><div class="lh-controls">{controls}</div>{self.side.html}</div></div>'
            f'<p class="lp-disclaimer">{theme.DISCLAIMER}</p>'
        )

    def _questions(self) -> str:
        cards = "".join(
            f'<div class="lp-card" data-question="{escape(item["id"])}">'
            f'<p class="lp-question"><b>{number}.</b> {self._mark(item["text"])}</p>'
            f'<div data-status role="status"></div><details class="lp-fold"><summary>Hint</summary>'
            f"<p>{escape(item['hint'])}</p></details></div>"
            for number, item in enumerate(self.data["questions"], 1)
        )
        return f'<div class="lp-questions">{cards}</div>'

    def _explain(self) -> str:
        return self.explained.html

    def _more(self) -> str:
        """The results of the tests for the patient as the page opens, and what only the lesson has."""
        names = "".join(f"<li>{escape(name)}</li>" for name in self._calm.tabs())
        cards = ""
        if self.data["tests"] and hasattr(self._calm.page.state, "order"):
            results = "".join(
                f'<details class="lp-fold" data-print><summary>{escape(test["label"])}</summary>'
                f"{result_card(test['label'], panels.finding(test['id'], self._calm.page.state))}</details>"
                for test in self.data["tests"]
            )
            cards = (
                f"<p>Which test would you order next? Open one at a time: this is what it returns here.</p>{results}"
            )
        return f"{cards}<p>The lesson itself goes on with these questions:</p><ul>{names}</ul>"

    def _quiz(self) -> str:
        return "".join(self._item(number, item) for number, item in enumerate(self.data["quiz"], 1)) + (
            '<p class="lp-result" role="status" data-result></p>'
        )

    def _item(self, number: int, item: dict) -> str:
        name = f"quiz-{item['id']}"
        question = f'<p class="lp-question" id="{name}"><b>{number}.</b> {self._mark(item["text"])}</p>'
        if item["kind"] == "choice":
            options = _options(name, [(option["id"], option["text"]) for option in item["options"]])
            inside = f'<div role="radiogroup" aria-labelledby="{name}">{options}</div>{_sure()}'
        elif item["kind"] == "number":
            unit = escape(item.get("unit") or "")
            inside = (
                f'<div class="lp-tools"><label>Your answer <input type="text" inputmode="decimal" size="8" '
                f'autocomplete="off" data-number></label> <span class="lp-unit">{unit}</span></div>'
                f'<p class="lp-note" data-message role="status"></p>{_sure()}'
            )
        else:
            inside = (
                '<div class="lp-tools"><button type="button" class="jupyter-button" data-check>Check</button></div>'
            )
        return (
            f'<div class="lp-card" data-quiz="{escape(item["id"])}"><form>{question}{inside}</form>'
            '<div data-feedback role="status"></div></div>'
        )

    def _takehome(self) -> str:
        sources = provenance_table(self._calm.page)
        sources.turn()
        return (
            Still("takehome", self._calm.takehome()).html
            + '<details class="lp-fold lh-sources"><summary>Every parameter and its source</summary>'
            + f"{sources.table.value}</details>"
        )

    def _answers(self) -> str:
        """The quiz's answers, for paper only, on a sheet of their own."""
        rows = ""
        for number, item in enumerate(self.data["quiz"], 1):
            if item["kind"] == "choice":
                right = next(option for option in item["options"] if option["correct"])
                words = f"{right['text']} {right['feedback']}"
            else:
                words = item["feedback_right"]
            rows += f"<p><b>{number}.</b> {escape(words)}</p>"
        return f'<section class="lh-answers"><h2>Answers to the quiz</h2>{rows}</section>'

    def _mark(self, text: str) -> str:
        return self.lesson.page.mark(text)


def _control(number: int, control: Control) -> str:
    id_, at = f"lh-c{number}", control.start
    label = f'<label for="{id_}" title="{escape(control.note)}">{escape(control.label)}</label>'
    if control.key == PRESET:
        options = "".join(
            f'<option value="{n}"{" selected" if n == at else ""}>{escape(words)}</option>'
            for n, words in enumerate(control.words)
        )
        return f'<div class="lh-control">{label}<select id="{id_}" data-control="{number}">{options}</select></div>'
    return (
        f'<div class="lh-control">{label}<output for="{id_}">{escape(control.words[at])}</output>'
        f'<input type="range" id="{id_}" data-control="{number}" min="0" max="{len(control.values) - 1}" value="{at}" '
        f'aria-valuetext="{escape(control.words[at])}"></div>'
    )


def _options(name: str, options: list[tuple[str, str]]) -> str:
    return "".join(
        f'<label class="lh-option"><input type="radio" name="{escape(name)}" value="{escape(id_)}"> '
        f"<span>{escape(text)}</span></label>"
        for id_, text in options
    )


def _sure() -> str:
    buttons = "".join(
        f'<button type="button" class="jupyter-button" data-sure="{id_}" disabled>{words}</button>'
        for words, id_ in CONFIDENCES
    )
    return f'<div class="lp-tools lp-sure"><span class="lp-label">How sure are you?</span>{buttons}</div>'


def _words(markdown: str) -> str:
    """Markdown of a notebook as HTML, without pictures, links (there is nowhere to go) and what is for Jupyter only."""
    kept = "\n\n".join(block for block in markdown.split("\n\n") if not block.startswith((FOR_JUPYTER, "![")))
    return mistune.html(re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", kept))


def _slice(id_: str, packed: dict) -> str:
    refs = json.dumps(packed["refs"])
    return f'<script type="text/plain" id="{id_}" data-refs="{refs}">{packed["data"]}</script>\n'


def _store(id_: str, text: str) -> str:
    packed = base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")
    return f'<script type="text/plain" id="{id_}">{packed}</script>\n'


@cache
def _plotly() -> bytes:
    # A notebook packs it in a hurry; a file that is sent on is worth the second.
    return gzip.compress(plotly_loader.plotly_js_path().read_bytes(), 9, mtime=0)


def _json(thing: Any) -> str:
    """JSON that cannot end the element it stands in."""
    return json.dumps(thing, ensure_ascii=False).replace("<", "\\u003c")


@cache
def _own(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
