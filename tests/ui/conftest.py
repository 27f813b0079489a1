"""A tiny lesson with three parameters: the pieces of the page are generic, so they are tested without a real lesson."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest

from liverlab.ui.page import Page


class StandInCodeError(ValueError):
    pass


@dataclass(frozen=True)
class StandInScenario:
    case: str
    changes: tuple = ()
    actions: tuple = ()
    new_lesion_call: str = "unequivocal"

    def with_changes(self, **changes):
        return replace(self, changes=tuple(sorted((dict(self.changes) | changes).items())))

    def with_action(self, action):
        return replace(self, actions=(*self.actions, action))

    def with_call(self, call):
        return replace(self, new_lesion_call=call)

    def code(self):
        return "LL1:" + json.dumps([self.case, dict(self.changes), self.new_lesion_call])

    @classmethod
    def from_code(cls, text, evidence):
        try:
            case, changes, call = json.loads(text.removeprefix("LL1:"))
        except ValueError:
            raise StandInCodeError("this scenario code is damaged <b>") from None
        return cls(case, tuple(sorted(changes.items())), (), call)


def parameter(key, value, low, high, step, unit, label):
    return SimpleNamespace(
        key=key,
        symbol=key[0],
        label=label,
        value=value,
        low=low,
        high=high,
        step=step,
        unit=unit,
        basis="published" if key == "kvp" else "illustrative",
        source=("choi2007",) if key == "kvp" else (),
        note="",
    )


class StandInEvidence:
    def __init__(self):
        rows = [
            parameter("loss_pct", 85.0, 0.0, 100.0, 1.0, "%", "Loss of perfusion"),
            parameter("rate_per_week", 0.031, 0.0, 0.1, 0.001, "1/week", "Shrinkage rate"),
            parameter("kvp", 120.0, 80.0, 140.0, 20.0, "kV", "Tube voltage"),
            parameter("visit", 3.0, 0.0, 8.0, 1.0, "", "Visit"),
        ]
        self.parameters = {row.key: row for row in rows}
        self.cases = {
            "first": SimpleNamespace(id="first", visits_day=(0, 28, 56, 84, 168), parameters={}),
            "second": SimpleNamespace(id="second", visits_day=(0, 42, 84), parameters={"loss_pct": 20.0, "visit": 1.0}),
        }

    def values(self, scenario):
        defaults = {key: row.value for key, row in self.parameters.items()}
        return defaults | self.cases[scenario.case].parameters | dict(scenario.changes)

    def provenance(self, scenario):
        now = self.values(scenario)
        return tuple(SimpleNamespace(**(vars(row) | {"value": now[key]})) for key, row in self.parameters.items())

    def reference(self, key):
        return SimpleNamespace(key=key, text="Choi H et al. <2007>", doi="10.1200/x", url="")


LESSON = {
    "id": "99_stand_in",
    "title": "Stand-in <lesson>",
    "case": "first",
    "presets": [
        {"id": "one", "label": "First case", "case": "first", "note": "as it opens"},
        {"id": "two", "label": "Second case", "case": "second", "changes": {"rate_per_week": 0.05}, "note": "another"},
    ],
    "predict": {
        "question": "More or <less>?",
        "options": [
            {"id": "more", "text": "More & more", "feedback": "feedback of more"},
            {"id": "less", "text": "Less", "feedback": "feedback of less"},
        ],
    },
    "questions": [
        {"id": "low", "text": "Make it low", "hint": "go <down>", "check": "low_loss", "solved": "That was it."},
        {"id": "fast", "text": "Make it fast", "hint": "go up", "check": "fast", "solved": "Fast."},
    ],
    "quiz": [
        {
            "id": "which",
            "kind": "choice",
            "text": "Which?",
            "options": [
                {"id": "a", "text": "First", "correct": False, "feedback": "SECRET-A"},
                {"id": "b", "text": "Second", "correct": True, "feedback": "SECRET-B"},
            ],
        },
        {
            "id": "how_many",
            "kind": "number",
            "text": "How many?",
            "answer": 4.8,
            "tolerance": 0.1,
            "unit": "mm",
            "feedback_right": "SECRET-YES",
            "feedback_wrong": "SECRET-NO",
        },
        {
            "id": "do",
            "kind": "simulator",
            "text": "Do it",
            "check": "low_loss",
            "feedback_right": "Done.",
            "feedback_wrong": "Go on.",
        },
    ],
    "tests": [{"id": "pet", "label": "PET", "note": "uptake"}, {"id": "lab", "label": "Marker", "note": ""}],
    "decisions": [
        {"id": "go", "label": "Go on", "feedback": "feedback of go"},
        {"id": "stop", "label": "Stop", "feedback": "feedback of stop"},
    ],
    "mimic": {"question": "Which is which?", "labels": ["A <1>", "B"], "reveal": "The reveal."},
    "sections": ["hook", "predict", "explore", "questions", "tests", "mimic", "decision", "quiz", "takehome"],
}


class Clock:
    """A clock the test moves by hand."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def lesson():
    return dict(LESSON)


@pytest.fixture
def evidence():
    return StandInEvidence()


@pytest.fixture(autouse=True)
def own_home(monkeypatch, tmp_path):
    """No test touches the answers of whoever runs it, or depends on where it runs."""
    monkeypatch.setenv("LIVERLAB_HOME", str(tmp_path / "home"))
    for name in ("BINDER_SERVICE_HOST", "LIVERLAB_GATE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def page(monkeypatch, lesson, evidence, clock):
    monkeypatch.setattr(Page, "_scenario_of", lambda self, case: StandInScenario(case))
    return Page(lesson, evidence, compute=evidence.values, clock=clock)


@pytest.fixture
def no_page_errors(page):
    """ipywidgets swallows what a button's callback raises; the page does not."""
    yield
    assert page.errors == []
