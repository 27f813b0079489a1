"""The 3-D tab of a lesson: what it draws is the patient of the sliders."""

import pytest

from liverlab.lessons import pseudoprogression
from liverlab.ui.describe import numbers
from liverlab.ui.surface_view import SurfaceView

LESSON = pseudoprogression


def space(lesson, monkeypatch):
    """The view inside the tab, and what it sends."""
    made, sent = [], []
    monkeypatch.setattr(SurfaceView, "send", lambda self, content, buffers=None: sent.append(content))
    init = SurfaceView.__init__
    monkeypatch.setattr(SurfaceView, "__init__", lambda self, *given: init(self, *given) or made.append(self))
    lesson.tabs()
    return made[0], sent


def test_it_draws_the_lesions_of_the_visit_and_hears_of_changes(page, monkeypatch):
    view, sent = space(page.lesson, monkeypatch)
    assert sent == []
    view._receive(view, {"type": "show"}, [])
    figure = sent[-1]["figure"]
    patient = page.lesson.page.state
    state = patient.scene(patient.visit).lesions
    named = [word["text"] for word in figure["layout"]["scene"]["annotations"] if word["name"] == "lesion"]
    assert named == [patient.lesion_labels[id_] for id_ in state.ids]
    assert numbers(figure["alt"])[0] == pytest.approx(patient.scene(0).anatomy.form().liver_ml, rel=0.01)

    page.lesson.panel.sliders["visit"].value = 0
    page.lesson.page.rest()
    assert sent[-1]["type"] == "outdated"
    view._receive(view, {"type": "show"}, [])
    before = page.lesson.page.state.scene(0).lesions
    sphere_ml = 4.18879 * before.semi_axes_mm.prod(1).sum() / 1000
    assert numbers(sent[-1]["figure"]["alt"])[1] == pytest.approx(sphere_ml, rel=0.05)
