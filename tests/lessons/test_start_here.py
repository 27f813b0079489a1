"""Notebook 00 without a browser: the map knows the lessons and the learner, the tour ticks each step once."""

import pytest

from liverlab.lessons import start_here


@pytest.fixture
def page(open_gate):
    return start_here.open_page()


def test_the_map_counts_what_this_learner_has_done(page):
    page.lessons()
    assert "0 of" in page._table()
    page.answers.record("02_pseudoprogression", "predict", answer="less")
    assert "1 of" in page._table()


@pytest.mark.parametrize(
    ("trait", "said", "step"),
    [
        ("position", {"slice": 1, "window_hu": None}, "scroll"),
        ("position", {"window_hu": 400, "level_hu": 40}, "window"),
        ("measurement", {"tool": "ruler", "length_mm": 40.0}, "ruler"),
        ("measurement", {"tool": "ellipse", "mean": 70.0}, "roi"),
    ],
)
def test_the_very_first_thing_done_ticks_its_step_and_no_other(page, trait, said, step):
    page.tour()
    viewer = page.view.viewer
    shown = {key: viewer.config["presets"][0][key] for key in ("window_hu", "level_hu")}
    at = {"slice": viewer.config["slice"], "pane": "current", "zoom": 1} | shown
    said = {key: value for key, value in said.items() if value is not None}
    setattr(viewer, trait, (at | said) if trait == "position" else said)
    assert page.done == {step}
    assert page.list.value.count(", done") == 1


def test_the_end_of_the_tour_says_so(page):
    page.tour()
    viewer = page.view.viewer
    viewer.position = {"slice": 3, "window_hu": 2000, "level_hu": 500}
    for tool in ("ruler", "ellipse"):
        viewer.measurement = {"tool": tool}
    assert "You know the viewer" in page.list.value
    viewer.measurement = {}
    assert page.list.value.count(", done") == 4, "what was done once stays done"
