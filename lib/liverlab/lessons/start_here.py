"""Notebook 00: which lessons there are, and the viewer learnt in two minutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets

from liverlab import evidence
from liverlab.lessons import pseudoprogression
from liverlab.lessons.ct_view import CURRENT, CtView, prior_and_current
from liverlab.ui import theme
from liverlab.ui.answers import Answers, AnswersBar
from liverlab.ui.browser import ProjectorSwitch
from liverlab.ui.measure_task import MeasureTask, Target
from liverlab.ui.progress import lesson_steps

Seen = Mapping[str, Any]


def _scrolled(now: Seen, first: Seen, _measured: Seen) -> bool:
    return now.get("slice") != first.get("slice")


def _windowed(now: Seen, first: Seen, _measured: Seen) -> bool:
    return any(key in now and now[key] != first[key] for key in ("window_hu", "level_hu"))


def _outlined(_now: Seen, _first: Seen, measured: Seen) -> bool:
    return measured.get("tool") == "ellipse"


TOUR_CASE = "gist_imatinib"

# key, what to do, how the page knows. A measured lesion comes last: the point of the tour.
STEPS: tuple[tuple[str, str, Callable[[Seen, Seen, Seen], bool]], ...] = (
    ("scroll", "Scroll through the liver: mouse wheel, one finger, or the arrow keys.", _scrolled),
    ("window", "Change the window: drag with the right button, or press 2, then 1.", _windowed),
    ("roi", "Press E and draw an ellipse inside a dark lesion: read its mean HU.", _outlined),
)
MEASURE = "Press R and measure the largest lesion on the right, where it is widest: drag from edge to edge."


class StartHere:
    """The page of notebook 00."""

    def __init__(self, answers: Any = None) -> None:
        self.ev = evidence.load()
        self.answers = Answers() if answers is None else answers
        self.done: set[str] = set()

    def lessons(self) -> widgets.Widget:
        """The map: every lesson, what it teaches, how far this learner is."""
        table, onwards = theme.html(""), theme.html("")

        def draw() -> None:
            table.value, onwards.value = self._table(), self._onwards()

        self.answers.subscribe(draw)
        draw()
        return theme.section(ProjectorSwitch(), onwards, table, AnswersBar(self.answers).widget)

    def tour(self) -> widgets.Widget:
        """A scan with lesions of every size, three things to try, and one lesion to measure."""
        patient = pseudoprogression.simulate(evidence.Scenario(TOUR_CASE), self.ev)
        self.view = CtView(lambda: prior_and_current(patient), title="Tour of the viewer", truth_button=False)
        self.list, self.end = theme.html(""), theme.html("")
        self.task = MeasureTask(self.view.viewer, MEASURE, _largest(patient))
        self.view.viewer.observe(lambda _: self._check(), ["position", "measurement"])
        self._check()
        return theme.section(self.list, self.task.widget, self.end, self.view.viewer)

    def _check(self) -> None:
        now, measured = self.view.viewer.position, self.view.viewer.measurement
        # The browser speaks only once something has been done: how the view began is in the configuration.
        first = {"slice": self.view.viewer.config["slice"], **self.view.viewer.config["presets"][0]}
        self.done |= {key for key, _, seen in STEPS if seen(now, first, measured)}
        items = "".join(
            f'<li><span aria-hidden="true">{"✔" if key in self.done else "○"}</span> {theme.escape(what)}'
            f'<span class="lp-hidden">, {"done" if key in self.done else "to do"}</span></li>'
            for key, what, _ in STEPS
        )
        self.list.value = f'<ul class="lp-steps">{items}</ul>'
        done = self.task.ok and len(self.done) == len(STEPS)
        self.end.value = theme.note("You know the viewer. Press ? in it for every key.") if done else ""

    def _done(self, id_: str) -> tuple[int, int]:
        """Steps of a lesson that this learner has done, and how many there are."""
        keys = [key for keys in lesson_steps(self.ev.lessons[id_]).values() for key in keys]
        return sum(key in self.answers.of_lesson(id_) for key in keys), len(keys)

    def _onwards(self) -> str:
        """One sentence: which lesson comes next."""
        done = {id_: self._done(id_) for id_ in self.ev.lessons}
        begun = [id_ for id_, (have, of) in done.items() if 0 < have < of]
        new = [id_ for id_, (have, _) in done.items() if have == 0]
        if not begun and not new:
            return '<p class="lp-note">You have done every step of every lesson.</p>'
        verb, id_ = ("Go on with", begun[0]) if begun else ("Begin with" if len(new) == len(done) else "Next:", new[0])
        link = f'<a href="{id_}.ipynb">{theme.escape(self.ev.lessons[id_]["title"])}</a>'
        return f'<p class="lp-note">{verb} {link}.</p>'

    def _table(self) -> str:
        rows = ""
        for id_, lesson in self.ev.lessons.items():
            done, steps = self._done(id_)
            bar = f'<progress max="{steps}" value="{done}" aria-label="{theme.escape(lesson["title"])}"></progress>'
            rows += (
                f'<tr><th scope="row"><a href="{id_}.ipynb">{theme.escape(lesson["title"])}</a></th>'
                f"<td>{theme.escape(lesson['idea'])}</td><td class='lp-yours'>{lesson['minutes']:g} min</td>"
                f"<td class='lp-yours'>{bar}<br>{done} of {steps} steps done</td></tr>"
            )
        head = "".join(f'<th scope="col">{name}</th>' for name in ("Lesson", "The idea to leave with", "Time", "You"))
        return (
            '<div class="lp-scroll" tabindex="0" role="region" aria-label="Lessons"><table class="lp-table">'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )


def _largest(patient: Any) -> Target:
    """The widest lesion of the visit: its longest axis in an axial slice."""
    state = patient.lesion_state(patient.visit)
    widest = int(state.semi_axes_mm[:, :2].max(axis=1).argmax())
    centre = tuple(float(mm) for mm in state.centre_mm[widest])
    return Target("the largest lesion", CURRENT, centre, 2 * float(state.semi_axes_mm[widest, :2].max()))


def open_page() -> StartHere:
    """The page of notebook 00."""
    return StartHere()
