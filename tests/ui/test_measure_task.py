"""A measurement against the truth: where the ruler must lie, how far it may be off, and what the page says."""

import pytest

from liverlab.reading import measure
from liverlab.ui.measure_task import MeasureTask, Target, compare
from liverlab.ui.viewer import Viewer

TARGET = Target("lesion A", "current", (-60.0, -50.0, 3.0), 40.0)


def ruler(length_mm=40.0, **changes):
    place = {"x_mm": -60.0, "y_mm": -50.0, "z_mm": 3.0, "length_mm": length_mm}
    return {"tool": "ruler", "pane": "current", "plane": "axial"} | place | changes


def test_nothing_measured_is_no_mistake():
    assert compare({}, TARGET) == (False, "")


@pytest.mark.parametrize(
    ("measured", "words"),
    [
        ({"tool": "ellipse"}, "press R"),
        (ruler(pane="prior"), "in the current scan"),
        (ruler(plane="coronal"), "in an axial slice"),
        (ruler(x_mm=-35.0), "does not lie over lesion A"),
        (ruler(z_mm=27.0), "does not lie over lesion A"),
        (ruler(30.0), "where it is widest"),
        (ruler(50.0), "Stay inside"),
    ],
)
def test_what_is_wrong_is_said(measured, words):
    ok, sentence = compare(measured, TARGET)
    assert not ok
    assert words in sentence


def test_right_means_within_what_one_reader_repeats():
    low, high = measure.limits_pct("lesion", "one reader")
    for percent, right in ((low - 0.1, False), (low + 0.1, True), (0, True), (high - 0.1, True), (high + 0.1, False)):
        assert compare(ruler(40 * (1 + percent / 100)), TARGET)[0] is right
    sentence = compare(ruler(42.0), TARGET)[1]
    assert "You measured 42.0 mm; the truth is 40.0 mm (+5 %)." in sentence
    assert "−18 % to +16 % (Yoon 2016)" in sentence


def test_the_task_follows_the_viewer_and_keeps_what_was_done():
    viewer = Viewer({"z_mm": (0.0,)})
    task = MeasureTask(viewer, "Measure <lesion> A.", TARGET)
    assert "○" in task.widget.value
    assert "&lt;lesion&gt;" in task.widget.value
    viewer.measurement = ruler(20.0)
    assert not task.ok
    assert "20.0 mm" in task.widget.value
    viewer.measurement = ruler(39.0)
    assert task.ok
    assert "✔" in task.widget.value
    viewer.measurement = {}
    assert task.ok
    assert "39.0 mm" in task.sentence


def test_a_lesion_without_size_cannot_be_asked_for():
    with pytest.raises(ValueError, match=r"diameter_mm of B is 0; it must be above 0 mm\."):
        Target("B", "current", (0, 0, 0), 0)
