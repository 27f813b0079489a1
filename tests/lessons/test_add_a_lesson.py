"""docs/add-a-lesson.md walked step by step: a throw-away lesson in a copy of the project, loaded, shown, found.

Each step of the walk is a function here, in its order; a step that the page gains or loses fails the first test.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from liverlab.app import new_case

ROOT = Path(__file__).resolve().parents[2]
WALK = (ROOT / "docs" / "add-a-lesson.md").read_text(encoding="utf-8")
ID, NAME, CASE = "09_shrinking", "shrinking", "shrinks"
TITLE, IDEA = "Shrinking: slower than it dies", "Cells die first; the diameter follows."
GOALS = ["Say which falls first.", "Read a curve of size.", "Name a test that looks behind it."]

INIT = '''"""Lesson 09."""

from liverlab.lessons.shrinking.page import open_lesson, self_check
from liverlab.lessons.shrinking.patient import simulate

__all__ = ["open_lesson", "self_check", "simulate"]
'''

PATIENT = '''"""The patient of lesson 09."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from liverlab import evidence
from liverlab.disease import course as disease_course
from liverlab.imaging import contrast, ct
from liverlab.imaging.protocol import Protocol
from liverlab.imaging.scene import Scene
from liverlab.lessons.scanned import ScannedPatient
from liverlab.reading import scan


@dataclass(frozen=True, eq=False)
class Patient(ScannedPatient):
    ev: evidence.Evidence
    scenario: evidence.Scenario
    values: dict
    case: object
    visit: int
    course: disease_course.Course
    protocol: Protocol
    phase: scan.Phase

    @property
    def days(self):
        return self.course.days

    @cached_property
    def lesion_labels(self):
        return {lesion.id: lesion.label for lesion in self.case.lesions}

    def content(self, visit):
        return self.protocol, self.scenario, visit

    def make_scene(self, visit):
        here = [i for i in range(len(self.case.lesions)) if self.course.diameter_mm[i, visit] > 0]
        lesions = [self.case.lesions[i] for i in here]
        axes = np.array([lesion.axes for lesion in lesions]) * self.course.diameter_mm[here, visit][:, None] / 2
        state = ct.LesionState(
            ids=tuple(lesion.id for lesion in lesions),
            centre_mm=np.array([lesion.centre_mm for lesion in lesions]),
            semi_axes_mm=axes,
            rim_hu=self.phase.rim_hu[here, visit],
            inner_hu=self.phase.core_hu[here, visit],
            inner_fraction=np.array([lesion.core_fraction for lesion in lesions]),
        )
        tissues = contrast.tissue_hu(self.protocol, self.ev.tissues["ct"], self.values, 0.0)
        return Scene(tissues, state, self.protocol, 1)


def simulate(scenario, ev=None):
    ev = ev or evidence.load()
    values, case = ev.values(scenario), ev.cases[scenario.case]
    course = disease_course.simulate(values, case.lesions, np.asarray(case.visits_day, float), scenario.actions)
    protocol = Protocol.from_values(values)
    visit = min(round(values["visit"]), len(case.visits_day) - 1)
    phase = scan.read(values, case.lesions, course, protocol)
    return Patient(ev, scenario, values, case, visit, course, protocol, phase)
'''

PAGE = '''"""The page of lesson 09."""

from liverlab import evidence
from liverlab.lessons import panels
from liverlab.lessons.lesson import Lesson
from liverlab.lessons.shrinking import patient as patients
from liverlab.ui import figures
from liverlab.ui.describe import quantity


def size(patient):
    return [float(mm) for mm in patient.course.diameter_mm[0]]


class Shrinking(Lesson):
    id = "09_shrinking"
    checkers = {"half": lambda patient: (size(patient)[-1] < 0.5 * size(patient)[0], "Compare first and last.")}

    def simulate(self, scenario):
        return patients.simulate(scenario, self.ev)

    def figures(self, patient, truth):
        drawn = figures.line(patient.days, size(patient), "size", figures.BLUE)
        axes = {"xaxis": figures.axis("day", 0, 400), "yaxis": figures.axis("mm", 0, 100)}
        return [figures.figure("size", "Size", self.text(patient), [drawn], axes)]

    def text(self, patient):
        return f"Day {patient.day:.0f}: the first lesion measures {quantity(size(patient)[patient.visit], 'mm')}."

    def outcome(self, patient):
        return self.text(patient)

    def published(self, patient):
        return self.figures(patient, False)

    def tabs(self):
        return {"What does it look like in 3-D?": panels.space_tab(self)}


def open_lesson():
    return Shrinking()


def self_check():
    for case in ("shrinks", "swelling", "gist_imatinib"):
        patient = patients.simulate(evidence.Scenario(case))
        print(f"{case}: {quantity(size(patient)[0], 'mm')}, later {quantity(size(patient)[-1], 'mm')}")
'''

LOOK = """
import json
from liverlab.lessons import shrinking
lesson = shrinking.open_lesson()
cells = [lesson.start(), lesson.hook(), lesson.predict(), lesson.explore(), lesson.questions(), lesson.explain(),
         lesson.more(), lesson.quiz(), lesson.takehome()]
before = lesson.page.state
lesson.panel.sliders["shrinkage_rate_per_week"].value = 0.09
lesson.page.rest()
picture = lesson.page.state.scene(lesson.page.state.visit).render(32, 128)
print(json.dumps({
    "cells": len(cells), "errors": len(lesson.page.errors), "text": lesson.text(lesson.page.state),
    "smaller": float(lesson.page.state.course.diameter_mm[0, -1]) < float(before.course.diameter_mm[0, -1]),
    "case": before.scenario.case, "presets": [one["id"] for one in lesson.data["presets"]],
    "hu": [int(picture.min()), int(picture.max())]}))
"""


class Walk:
    """A copy of the project and what the walk has made in it so far."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name in ("lib", "casesdata", "docs", "notebooks", "tests/notebooks"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)

    def python(self, *words: str) -> str:
        home = {"LIVERLAB_HOME": str(self.folder / "home"), "LIVERLAB_GATE": "open", "PYTHONIOENCODING": "utf-8"}
        env = os.environ | home | {"PYTHONPATH": str(self.folder / "lib")}
        done = subprocess.run(
            [sys.executable, *words], cwd=self.folder, env=env, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout


def numbers(walk):
    assert new_case.main([CASE, "--like", "swelling", "--title", "It shrinks"], walk.folder, ask=None) == 0


def words(walk):
    example = yaml.safe_load((walk.folder / "casesdata/lessons/02_pseudoprogression.yaml").read_text(encoding="utf-8"))
    question = {"id": "half", "text": "Halve it.", "hint": "Faster.", "check": "half", "solved": "Half."}
    lesson = {key: example[key] for key in ("minutes", "hook", "predict", "report", "limits")}
    lesson |= {"id": ID, "title": TITLE, "idea": IDEA, "goals": GOALS, "case": CASE, "questions": [question]}
    lesson |= {"takehome": ["One.", "Two.", "Three."], "quiz": example["quiz"][:1], "glossary": {"size": "How wide."}}
    lesson |= {"sections": ["hook", "predict", "explore", "questions", "explain", "quiz", "takehome"]}
    lesson |= {"controls": {"main": ["shrinkage_rate_per_week", "visit"], "more": ["delay_s"]}}
    lesson |= {"presets": [{"id": "first", "label": "It shrinks", "case": CASE}]}
    path = walk.folder / "casesdata/lessons" / f"{ID}.yaml"
    path.write_text(yaml.safe_dump(lesson, sort_keys=False, allow_unicode=True), encoding="utf-8")


def code_of(walk):
    room = walk.folder / "lib/liverlab/lessons" / NAME
    room.mkdir()
    for name, text in {"__init__": INIT, "patient": PATIENT, "page": PAGE}.items():
        (room / f"{name}.py").write_text(text, encoding="utf-8")


def notebook(walk):
    example = (walk.folder / "notebooks/02_pseudoprogression.ipynb").read_text(encoding="utf-8")
    made = json.loads(example.replace("02_pseudoprogression", ID).replace("pseudoprogression", NAME))
    goals = "\n".join(f"{number}. {goal}" for number, goal in enumerate(GOALS, 1))
    first = f"# {TITLE}\n\n**Simulation for teaching, not for clinical use.** About 25 minutes.\n\n{goals}\n\n"
    first += f"![The virtual patient before and after treatment.](images/{ID}.png)\n\nRun All Cells starts it."
    made["cells"][0]["source"] = first.splitlines(keepends=True)
    tabs = next(cell for cell in made["cells"] if "".join(cell["source"]) == "lesson.more()")
    tabs["metadata"]["tags"] = []
    printed = walk.python("-c", f"from liverlab.lessons import {NAME}; {NAME}.self_check()")
    made["cells"][-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": printed.splitlines(True)}]
    path = walk.folder / "notebooks" / f"{ID}.ipynb"
    path.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    shutil.copy(walk.folder / "notebooks/images/02_pseudoprogression.png", walk.folder / f"notebooks/images/{ID}.png")


# Step of the page -> what this test does for it. Ideas, the tests of a phenomenon and a guide are for people.
STEPS = {
    "Say what it teaches": None,
    "The numbers": numbers,
    "The words": words,
    "The patient": code_of,
    "The page": None,  # written with the patient
    "The notebook": notebook,
    "The tests": None,
    "The rest": None,
}


@pytest.fixture(scope="module")
def walk(tmp_path_factory):
    made = Walk(tmp_path_factory.mktemp("walk"))
    for step in filter(None, STEPS.values()):
        step(made)
    return made


def test_the_steps_are_those_of_the_page():
    assert re.findall(r"^## \d\. (.+)$", WALK, re.M) == list(STEPS)


def test_every_method_that_the_walk_names_is_one_of_the_lesson():
    named = re.search(r"class derived from `lessons.lesson.Lesson` with\n\n(.+)", WALK).group(1)
    methods = set(re.findall(r"`(\w+)`", named)) & set(re.findall(r"    def (\w+)\(self", PAGE))
    assert methods == {"simulate", "figures", "text", "outcome", "published", "tabs"}


def test_the_new_lesson_shows_every_cell_and_answers_a_slider(walk):
    seen = json.loads(walk.python("-W", "error", "-c", LOOK).splitlines()[-1])
    assert (seen["cells"], seen["errors"], seen["case"], seen["presets"]) == (9, 0, CASE, ["first"])
    assert seen["smaller"]
    assert re.fullmatch(r"Day \d+: the first lesion measures \d+\smm\.", seen["text"])
    assert seen["hu"][0] < -900
    assert seen["hu"][1] > 200


def test_the_tests_find_the_new_notebook_by_themselves(walk):
    (walk.folder / "tests/__init__.py").touch()
    options = ("-q", "-p", "no:nbval", "-p", "no:cacheprovider", "-p", "no:xdist", "--import-mode=importlib")
    said = walk.python("-m", "pytest", *options, "tests/notebooks/test_committed.py", "-k", "09_shrinking or start")
    assert re.search(r"\d+ passed", said)
    printed = walk.python(
        "-m", "pytest", *options, "tests/notebooks/test_self_check.py", "-k", "prints and 09_shrinking"
    )
    assert "1 passed" in printed


def test_the_new_lesson_has_a_handout_without_a_further_word(walk):
    walk.python("-W", "error", "-m", "liverlab.app.handout", "09", "--slices", "1", "--to", "out")
    html = (walk.folder / "out" / f"{ID}.html").read_text(encoding="utf-8")
    assert f"<title>{TITLE} " in html
    assert html.count("data-control=") == 2  # its first main control, and the visit
