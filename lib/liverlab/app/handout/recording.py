"""Every state of a lesson that its handout shows: recorded here, replayed in the browser without a kernel."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from liverlab.app.handout import MOST_SLICES
from liverlab.app.handout.pictures import PictureBook
from liverlab.app.handout.still import Still
from liverlab.lessons.ct_view import CtView, Scans
from liverlab.lessons.lesson import Lesson
from liverlab.ui.controls import choices, control_row, visit_days

MATRIX = 256
VALUES = 5  # of a control whose lesson file names none
VISIT, PRESET = "visit", "preset"
DIGITS = 5  # of a number of a curve; more cannot be seen


@dataclass(frozen=True)
class Control:
    """One control of a handout: the values it stops at, what it says there, and where it starts."""

    key: str
    label: str
    note: str
    values: tuple[Any, ...]
    words: tuple[str, ...]
    start: int


def controls_of(lesson: Lesson) -> tuple[Control, ...]:
    """The controls of a lesson's handout: the presets and main controls that its file names under `handout` (otherwise
    its first main control), then the visit where that is a main control."""
    main, wanted = lesson.data["controls"]["main"], lesson.data["handout"]
    named = wanted.get("controls") or ({} if wanted.get("presets") else {main[0]: ()})
    made = [_preset_control(lesson, wanted["presets"])] if wanted.get("presets") else []
    made += [_control(lesson, key, values) for key, values in named.items()]
    return (*made, _control(lesson, VISIT, range(len(visit_days(lesson.page))))) if VISIT in main else tuple(made)


def _preset_control(lesson: Lesson, ids: Sequence[str]) -> Control:
    presets = {preset["id"]: preset for preset in lesson.data["presets"]}
    opened = next(n for n, id_ in enumerate(ids) if presets[id_]["case"] == lesson.page.scenario.case)
    return Control(PRESET, "Patient", "", tuple(ids), tuple(presets[id_]["label"] for id_ in ids), opened)


def _control(lesson: Lesson, key: str, values: Sequence[float]) -> Control:
    parameter, now = lesson.ev.parameters[key], lesson.page.values[key]
    if not len(values):
        grid = choices(parameter)
        values = {grid[round(share * (len(grid) - 1))] for share in np.linspace(0, 1, VALUES)}
    # The page opens as the lesson does, so that value is always there.
    stops = tuple(sorted({*map(float, values), float(now)}))
    row = control_row(lesson.page, key)
    words = tuple(row.words(value) for value in stops)
    return Control(key, row.slider.description, parameter.note, stops, words, stops.index(float(now)))


class Table:
    """Different things, each kept once; ``add`` returns the number of a thing."""

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self._numbers: dict[str, int] = {}

    def add(self, thing: Any) -> int:
        key = json.dumps(thing, sort_keys=True)
        if key not in self._numbers:
            self._numbers[key] = len(self.kept)
            self.kept.append(thing)
        return self._numbers[key]


class Take:
    """The states of one viewer, and what they share."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.config = {**config, "rest_matrix": MATRIX, "drag_matrix": MATRIX}
        self.states: list[dict[str, Any]] = []
        self.start = 0
        self.lists, self.figures, self.shared = Table(), Table(), Table()

    def figure(self, figure: Mapping[str, Any], buffers: Sequence[Any] = ()) -> int:
        """The number of a figure; ``buffers`` as in a viewer's message."""
        return self.figures.add(self._plain(figure, buffers))

    def script(self, slices: Sequence[int], form: Mapping[str, Any]) -> dict[str, Any]:
        """All of it as JSON, with the pictures of these ``slices``, counted from 0."""
        stacks = Table()
        states = []
        for state in self.states:
            panes = {}
            for name, pane in state["panes"].items():
                held = [[visit, [pictures[k] for k in slices]] for visit, pictures in pane["held"]]
                panes[name] = {**pane, "held": stacks.add(held)}
            states.append({**state, "panes": panes})
        config = {**self.config, "z_mm": [self.config["z_mm"][k] for k in slices]}
        config["slice"] = min(max(config["slice"] - slices[0], 0), len(slices) - 1)
        return {
            "form": form,
            "config": config,
            "states": states,
            "start": self.start,
            "stacks": stacks.kept,
            "shared": self.shared.kept,
            "figures": self.figures.kept,
            "lists": self.lists.kept,
        }

    def _plain(self, node: Any, buffers: Sequence[Any]) -> Any:
        """As JSON; a list of numbers becomes a reference into `lists`, which states and figures share."""
        if isinstance(node, Mapping) and "$buffer" in node:
            return self._plain(np.frombuffer(buffers[node["$buffer"]], node["dtype"]), buffers)
        if isinstance(node, np.ndarray) and node.ndim == 1:
            node = node.tolist()
        if isinstance(node, Mapping):
            return {key: self._plain(value, buffers) for key, value in node.items()}
        if isinstance(node, list | tuple | np.ndarray):
            made = [self._plain(value, buffers) for value in node]
            numbers = len(made) > 6 and all(value is None or type(value) in (int, float) for value in made)
            return {"$list": self.lists.add(made)} if numbers else made
        if isinstance(node, float | np.floating):
            return float(f"{node:.{DIGITS}g}") if np.isfinite(node) else None
        return node.item() if isinstance(node, np.generic) else node


class Recording:
    """What the browser replays: a take of every viewer, and the pictures of all of them."""

    def __init__(
        self, lesson: Lesson, say: Callable[[str], Any] = lambda text: None, slices: int = MOST_SLICES
    ) -> None:
        self.lesson, self._say = lesson, say
        self.controls = controls_of(lesson)
        viewer = lesson.view.viewer
        self.book = PictureBook(MATRIX, tuple(viewer.config["crop"]))
        opened, count = viewer.slice_index, len(viewer.config["z_mm"])
        first = min(max(opened - slices // 2, 0), max(count - slices, 0))
        self.slices = list(range(first, min(first + slices, count)))
        self._rendered: dict[Any, dict[int, int]] = {}

    # --- recording ---

    def explore(self, parts: Mapping[str, Still], checks: Mapping[str, Callable[[Any], tuple[bool, str]]]) -> Take:
        """Every combination of the controls: viewer, live parts of the page, and what each check says."""
        lesson, page = self.lesson, self.lesson.page
        take = Take(lesson.view.viewer.config)
        lesson.view.viewer.truth = True  # so that frames bring the outlines; the browser leaves them out until asked
        followed = self.controls[-1].key == VISIT
        shown = None
        for values in product(*(control.values for control in self.controls)):
            changes = {control.key: value for control, value in zip(self.controls, values, strict=True)}
            preset = changes.pop(PRESET, None)
            if preset != shown:
                page.preset(preset)
                shown = preset
            page.set(**changes)
            patient = page.state
            state = self._state(take, lesson.view, lesson.scans(patient), followed)
            state["truth_figures"] = state.pop("figures")
            state["figures"] = [take.figure(figure) for figure in lesson.figures(patient, False)]
            state["texts"] = {k: take.shared.add(v) for part in parts.values() for k, v in part.texts.items()}
            state["drawn"] = {
                place: [take.figure(figure) for figure in figures]
                for part in parts.values()
                for place, figures in part.figures.items()
            }
            state["checks"] = {name: take.shared.add(list(check(patient))) for name, check in checks.items()}
            take.states.append(state)
            if len(take.states) % 25 == 0:
                self._say(f"{len(take.states)} states")
        for control in self.controls:
            take.start = take.start * len(control.values) + control.start
        return take

    def one(self, view: CtView, scans: Scans) -> Take:
        """A viewer that shows one state."""
        take = Take(view.viewer.config)
        take.states.append({**self._state(take, view, scans, False), "truth_figures": []})
        return take

    def _state(self, take: Take, view: CtView, scans: Scans, all_visits: bool) -> dict[str, Any]:
        newest = view.viewer.newest
        frame = newest["content"]["frame"]
        last = view.viewer.config["stacks"][view.viewer.config["panes"][-1]]
        panes = {}
        for name, info in frame["panes"].items():
            patient, visit = scans[name]
            visits = range(len(patient.days)) if all_visits and name in last else (visit,)
            panes[name] = {key: value for key, value in info.items() if key != "version"}
            panes[name]["held"] = [[one, self._pictures(patient, one)] for one in visits]
        return {
            "panes": panes,
            "visit": frame["visit"],
            "visits": frame["visits"],
            "text": frame["text"],
            "figures": [take.figure(figure, newest["buffers"]) for figure in frame["figures"]],
            "overlays": take.shared.add(frame["overlays"]),
            "marks": take.shared.add(frame.get("marks", {})),
        }

    def _pictures(self, patient: Any, visit: int) -> dict[int, int]:
        """Slice -> number of its picture in that slice."""
        content = patient.content(visit)
        if content not in self._rendered:
            scene = patient.scene(visit)
            self._rendered[content] = {k: self.book.add(k, scene.render(k, MATRIX)) for k in self.slices}
        return self._rendered[content]

    # --- what goes into the file ---

    def trim(self, most_bytes: int) -> dict[int, dict]:
        """The packed slices that fit into ``most_bytes``: those farthest from where the lesson opens go first."""
        opened = self.lesson.view.viewer.slice_index
        packed: dict[int, dict] = {}
        total = 0
        for k in sorted(self.slices, key=lambda k: (abs(k - opened), k)):
            one = self.book.packed(k)
            total += len(one["data"])
            if total > most_bytes:
                break
            packed[k] = one
        self.slices = sorted(packed)
        return packed

    def script(self, take: Take) -> dict[str, Any]:
        """A take as JSON, with the slices that are kept."""
        return take.script(self.slices, self.book.form)
