"""The one place where a page keeps its state.

Views never talk to each other: they read :attr:`Page.scenario` (or what the lesson computes from it,
:attr:`Page.state`) and subscribe to changes.
"""

from __future__ import annotations

import functools
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

UNDO_STEPS = 100
DRAG_GAP_S = 1.5  # pause after which moving the same slider again counts as a new undo step


@dataclass(frozen=True)
class PageError:
    """What a callback could not do: sentence for the learner, scenario code, traceback for the developer."""

    sentence: str
    code: str
    details: str


class Page:
    """State of one lesson page: a scenario, its history, its subscribers and its errors.

    Parameters
    ----------
    lesson
        One entry of ``evidence.lessons``.
    evidence
        What :func:`liverlab.evidence.load` returns.
    scenario
        First scenario; by default the lesson's default case.
    compute
        ``scenario -> state``: everything the lesson derives from a scenario, computed once per scenario.
    clock
        Seconds, monotonic; only tests replace it.
    """

    def __init__(
        self,
        lesson: Any,
        evidence: Any,
        scenario: Any = None,
        compute: Callable[[Any], Any] | None = None,
        answers: Any = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.lesson = lesson
        self.evidence = evidence
        self.compute = compute
        self.version = 0
        self.errors: list[PageError] = []
        self._clock = clock
        self._subscribers: list[Callable[[Page], Any]] = []
        self._when_still: list[Callable[[Page], Any]] = []
        self._rests = self._still_due = False
        self._error_listeners: list[Callable[[PageError | None], Any]] = []
        self._history: list[Any] = []
        self._drag: tuple[frozenset[str], float] | None = None
        self._initial = scenario if scenario is not None else self._scenario_of(lesson["case"])
        self._scenario = self._initial
        self._cache: dict[str, tuple[Any, Any]] = {}
        self._answers = answers
        self._words: Any = None

    # --- what is shown now ---

    @property
    def id(self) -> str:
        """Id of the lesson."""
        return self.lesson["id"]

    @property
    def scenario(self) -> Any:
        """The scenario shown now (immutable)."""
        return self._scenario

    @property
    def values(self) -> Mapping[str, float]:
        """Every parameter now: defaults, overridden by the case, overridden by the learner."""
        return self._cached("values", self._scenario, self.evidence.values)

    @property
    def default_values(self) -> Mapping[str, float]:
        """Every parameter of the current case before the learner changed anything."""
        return self._cached("defaults", self._scenario.case, lambda case: self.evidence.values(self._scenario_of(case)))

    @property
    def state(self) -> Any:
        """What the lesson computes from the scenario; the scenario itself where the page has no ``compute``."""
        return self._cached("state", self._scenario, self.compute) if self.compute else self._scenario

    def mark(self, text: str) -> str:
        """HTML of a plain text of this lesson, escaped, in which the terms of the glossary explain themselves."""
        if self._words is None:
            from liverlab.ui.glossary import glossary

            self._words = glossary(getattr(self.evidence, "glossary", None), self.lesson.get("glossary"))
        return self._words.mark(text)

    @property
    def answers(self) -> Any:
        """Where the learner's answers are kept; made on first use."""
        if self._answers is None:
            from liverlab.ui.answers import Answers

            self._answers = Answers()
        return self._answers

    def record(self, key: str, **entry: Any) -> None:
        """Keep an answer of this lesson (see :class:`~liverlab.ui.answers.Answers`)."""
        self.answers.record(self.id, key, **entry)

    def answered(self, key: str) -> Mapping[str, Any] | None:
        """The learner's answer of this lesson, or None."""
        return self.answers.get(self.id, key)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._history)

    # --- changes ---

    def set(self, **changes: float) -> None:
        """Change parameters by key. One drag of one slider, however many values it sends, is one undo step."""
        keys, now = frozenset(changes), self._clock()
        same_drag = self._drag is not None and self._drag[0] == keys and now - self._drag[1] < DRAG_GAP_S
        self._replace(self._scenario.with_changes(**changes), keep=not same_drag, dragged=True)
        self._drag = (keys, now)

    def act(self, action: Any) -> None:
        """Add a dated action (drug switched, biopsy, test ordered ...)."""
        self._replace(self._scenario.with_action(action))

    def call(self, new_lesion_call: str) -> None:
        """Say how the reader calls a new dark spot: none, equivocal or unequivocal."""
        self._replace(self._scenario.with_call(new_lesion_call))

    def reset(self) -> None:
        """Back to how the page opened (undo brings the work back)."""
        self._replace(self._initial)

    def undo(self) -> None:
        """Take back the last step; nothing happens where there is none."""
        if self._history:
            self._replace(self._history.pop(), keep=False)

    def preset(self, id_: str) -> None:
        """Show a preset of the lesson.

        Raises
        ------
        ValueError
            If the lesson has no preset of that id.
        """
        presets = {p["id"]: p for p in self.lesson.get("presets") or ()}
        if id_ not in presets:
            raise ValueError(f"preset {id_!r} is not one of {', '.join(presets)}")
        chosen = presets[id_]
        scenario = self._scenario_of(chosen["case"] or self.lesson["case"])
        changes = dict(chosen.get("changes") or {})
        self._replace(scenario.with_changes(**changes) if changes else scenario)

    def load_code(self, text: str) -> None:
        """Show the scenario of a code; a bad code raises its own one-sentence error and changes nothing."""
        self._replace(type(self._scenario).from_code(text.strip(), self.evidence))

    # --- subscribers ---

    def subscribe(self, listener: Callable[[Page], Any], when_still: bool = False) -> Callable[[], None]:
        """Call ``listener(page)`` after every change; returns a function that ends it.

        ``when_still`` is for what costs more than a picture or is read only afterwards: while a slider is dragged it
        waits for :meth:`rest`, so that it never holds up the next picture.
        """
        listeners = self._when_still if when_still else self._subscribers
        listeners.append(listener)
        return lambda: listeners.remove(listener) if listener in listeners else None

    def rest(self) -> None:
        """The viewer says that its picture is painted and the hand still. Before the first call nobody waits for it."""
        self._rests = True
        if self._still_due:
            failed = self._notify_still()
            if failed is not None:
                raise failed

    def on_error(self, listener: Callable[[PageError | None], Any]) -> None:
        """Call ``listener`` with each error, and with ``None`` once a later change went well."""
        self._error_listeners.append(listener)

    def refresh(self) -> None:
        """Tell every subscriber about the current scenario again."""
        self._notify()

    # --- errors ---

    def run(self, callback: Callable[..., Any], what: str = "answer this action") -> Callable[..., Any]:
        """Wrap a widget callback: an exception shows the banner, is kept in ``errors`` and is raised again.

        Raised again, because ipywidgets callbacks run inside a cell too: nbval and the sweep must see it.
        """

        @functools.wraps(callback)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                return callback(*args, **kwargs)
            except Exception as error:
                self.report(error, what)
                raise

        return guarded

    def report(self, error: Exception, what: str = "answer this action") -> PageError:
        """Record an exception once and show it in the banner."""
        known = getattr(error, "_liverlab_report", None)
        if known is not None:
            return known
        sentence = f"The page could not {what}: {error or type(error).__name__}"
        report = PageError(sentence, self._code(), "".join(traceback.format_exception(error)))
        error._liverlab_report = report  # type: ignore[attr-defined]
        self.errors.append(report)
        self._tell(report)
        return report

    # --- inside ---

    def _scenario_of(self, case: str) -> Any:
        from liverlab.evidence import Scenario

        return Scenario(case=case)

    def _cached(self, name: str, key: Any, compute: Callable[[Any], Any]) -> Any:
        held = self._cache.get(name)
        if held is None or held[0] != key:
            held = self._cache[name] = (key, compute(key))
        return held[1]

    def _replace(self, scenario: Any, keep: bool = True, dragged: bool = False) -> None:
        self._drag = None
        if scenario == self._scenario:
            return
        if keep:
            self._history = [*self._history[1 - UNDO_STEPS :], self._scenario]
        self._scenario = scenario
        self.version += 1
        self._notify(wait=dragged and self._rests)

    def _notify(self, wait: bool = False) -> None:
        self._still_due = True
        first = self._call(self._subscribers)
        if not wait:
            later = self._notify_still()
            first = first or later
        if first is not None:
            raise first
        self._tell(None)

    def _notify_still(self) -> Exception | None:
        self._still_due = False
        return self._call(self._when_still)

    def _call(self, listeners: list[Callable[[Page], Any]]) -> Exception | None:
        """Call all listeners, even after one failed: half an updated page would contradict itself."""
        first: Exception | None = None
        for listener in tuple(listeners):
            try:
                listener(self)
            except Exception as error:
                self.report(error, "show this scenario")
                first = first or error
        return first

    def _tell(self, report: PageError | None) -> None:
        for listener in tuple(self._error_listeners):
            listener(report)

    def _code(self) -> str:
        try:
            return self._scenario.code()
        except Exception as error:  # the banner must come up even when the code itself is what fails
            return f"(no scenario code: {error})"
