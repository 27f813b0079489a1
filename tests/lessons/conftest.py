"""A lesson page with an open gate and its stand-in browser, made once for all tests of a file."""

import os
from types import SimpleNamespace

import pytest

from liverlab.lessons import pseudoprogression

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
def whole_page(open_gate):
    """Every cell of notebook 02, and the browser that shows its viewer."""
    lesson = pseudoprogression.open_lesson()
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
