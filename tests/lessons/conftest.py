"""A lesson page with an open gate and its stand-in browser, made once for all tests of a file.

A test file says which lesson it is about: `LESSON = pseudoprogression`, the module that opens it.
"""

import os
from types import SimpleNamespace

import pytest

from .reading_the_page import StandInBrowser


@pytest.fixture(scope="module")
def open_gate(tmp_path_factory):
    """Every gate open, answers in a folder of their own."""
    before = {key: os.environ.get(key) for key in ("LIVERLAB_GATE", "LIVERLAB_HOME")}
    os.environ |= {"LIVERLAB_GATE": "open", "LIVERLAB_HOME": str(tmp_path_factory.mktemp("answers"))}
    yield
    for key, value in before.items():
        os.environ.pop(key, None) if value is None else os.environ.__setitem__(key, value)


@pytest.fixture(scope="module")
def whole_page(request, open_gate):
    """Every cell of the lesson's notebook, and the browser that shows its viewer."""
    lesson = request.module.LESSON.open_lesson()
    cells = ("start", "hook", "predict", "explore", "questions", "explain", "more", "quiz", "takehome")
    shown = {name: getattr(lesson, name)() for name in cells}
    return SimpleNamespace(lesson=lesson, browser=StandInBrowser(lesson.view.viewer), cells=shown)


@pytest.fixture
def page(whole_page):
    """The whole page as it opens, whatever the test before has done."""
    whole_page.lesson.page.reset()
    whole_page.lesson.page.errors.clear()
    yield whole_page
    assert whole_page.lesson.page.errors == []


def pytest_generate_tests(metafunc):
    """Controls and presets of a class derived from `sweep.Sweep`."""
    declared = getattr(metafunc.cls, "declared", {})
    wanted = {
        "control": list(declared),
        "directed": [key for key, moved in declared.items() if moved.rises or moved.falls],
        "preset": getattr(metafunc.cls, "presets", ()),
    }
    for name, values in wanted.items():
        if declared and name in metafunc.fixturenames:
            metafunc.parametrize(name, values)
