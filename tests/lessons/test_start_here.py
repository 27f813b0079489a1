"""Notebook 00 without a browser: the map knows the lessons and the learner, the tour ticks each step once."""

import pytest

from liverlab import evidence
from liverlab.lessons import pseudoprogression, start_here


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


def test_the_tour_ends_with_one_lesion_measured_well(page):
    page.tour()
    viewer = page.view.viewer
    viewer.position = {"slice": 3, "window_hu": 2000, "level_hu": 500}
    viewer.measurement = {"tool": "ellipse", "pane": "current", "plane": "axial"}
    assert page.list.value.count(", done") == 3
    target = start_here._largest(pseudoprogression.simulate(evidence.Scenario(start_here.TOUR_CASE), page.ev))
    x_mm, y_mm, z_mm = target.centre_mm
    ruler = {"tool": "ruler", "pane": "current", "plane": "axial", "x_mm": x_mm, "y_mm": y_mm, "z_mm": z_mm}
    viewer.measurement = ruler | {"length_mm": 0.6 * target.diameter_mm}
    assert "You know the viewer" not in page.end.value
    viewer.measurement = ruler | {"length_mm": 1.05 * target.diameter_mm}
    assert "You know the viewer" in page.end.value
    viewer.measurement = {}
    assert "You know the viewer" in page.end.value, "what was done once stays done"


def test_the_lesion_to_measure_is_the_largest_of_the_visit_and_can_be_seen(page):
    patient = pseudoprogression.simulate(evidence.Scenario(start_here.TOUR_CASE), page.ev)
    target = start_here._largest(patient)
    assert target.diameter_mm == pytest.approx(patient.course.diameter_mm[:, patient.visit].max(), rel=0.2)
    assert patient.follow_up.visible[:, patient.visit][patient.course.diameter_mm[:, patient.visit].argmax()]


def test_the_page_says_which_lesson_comes_next(page):
    first, second, *_ = page.ev.lessons
    assert f'Begin with <a href="{first}.ipynb">' in page._onwards()
    page.answers.record(second, "predict", answer="x")
    assert f'Go on with <a href="{second}.ipynb">' in page._onwards()
    for id_, lesson in page.ev.lessons.items():
        for key in (key for keys in start_here.lesson_steps(lesson).values() for key in keys):
            page.answers.record(id_, key, answer="x")
        assert page._done(id_)[0] == page._done(id_)[1] > 0
    assert "every step of every lesson" in page._onwards()
