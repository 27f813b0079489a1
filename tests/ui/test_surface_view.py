"""The 3-D figure and its view: what the dictionary says, what travels, what happens when it cannot be built."""

import subprocess
import sys

import numpy as np
import pytest

from liverlab.imaging import anatomy, ct, surfaces
from liverlab.ui.describe import numbers
from liverlab.ui.surface_figure import alt_text, surface_figure
from liverlab.ui.surface_view import SurfaceView

LABELS = {"a": "A", "b": "B"}
LESIONS = ct.LesionState(
    ("a", "b"), [[-100, -34, 3], [-70, -60, 30]], [[12] * 3, [18, 14, 15]], [50] * 2, [30] * 2, [0, 0]
)


@pytest.fixture(scope="module")
def built():
    return surfaces.build(anatomy.default(), LESIONS, grid_mm=5.0, values=lambda points: points[:, 2])


@pytest.fixture(scope="module")
def drawn(built):
    return surface_figure(built, LABELS)


def traces(figure, switch):
    return [trace for trace in figure["data"] if trace["meta"] == switch]


def test_every_trace_has_a_switch_and_the_see_through_liver_comes_last(drawn):
    assert [trace["meta"] for trace in drawn["data"]] == ["lesions", "lesions", "portal", "hepatic", "liver"]
    assert {trace["type"] for trace in drawn["data"]} == {"mesh3d"}


def test_the_eye_stands_in_front_with_the_patients_right_on_the_left(drawn):
    camera = drawn["layout"]["scene"]["camera"]
    eye, up = (np.array([camera[name][axis] for axis in "xyz"]) for name in ("eye", "up"))
    assert eye[1] < -1
    to_the_right_of_the_screen = np.cross(-eye, up)
    assert to_the_right_of_the_screen[0] > 0  # the patient's left
    assert abs(to_the_right_of_the_screen[1]) < 1e-9


def test_millimetres_are_equal_on_all_axes(drawn):
    scene = drawn["layout"]["scene"]
    scale = [np.ptp(scene[f"{axis}axis"]["range"]) / scene["aspectratio"][axis] for axis in "xyz"]
    assert np.ptp(scale) < 1e-3 * scale[0]


def test_directions_stand_on_their_side_of_the_liver_and_no_lesion_can_be_taken_for_one(drawn, built):
    words = {word["text"]: word for word in drawn["layout"]["scene"]["annotations"] if word["name"] != "lesion"}
    low, high = built.liver.vertices.min(0), built.liver.vertices.max(0)
    assert set(words) == {"R", "L", "Front", "Back", "Head", "Feet"}
    assert words["R"]["x"] < low[0] < high[0] < words["L"]["x"]
    assert words["Front"]["y"] < low[1] < high[1] < words["Back"]["y"]
    assert words["Feet"]["z"] < low[2] < high[2] < words["Head"]["z"]
    named = [word["text"] for word in drawn["layout"]["scene"]["annotations"] if word["name"] == "lesion"]
    assert named == ["A", "B"]


def test_the_words_say_the_volumes_of_the_meshes(built):
    text = alt_text(built, LABELS)
    together = sum(mesh.volume_ml for mesh in built.lesions)
    wanted = [built.liver.volume_ml, together, *(mesh.volume_ml for mesh in built.lesions)]
    assert numbers(text) == pytest.approx(wanted, abs=0.5)
    assert "two lesions" in text
    assert "A " in text


def test_without_lesions_the_words_say_so(built):
    none = surfaces.Surfaces(built.liver, built.portal, built.hepatic, (), ())
    assert "no lesions" in alt_text(none, {})


def test_values_colour_the_liver(built):
    (liver,) = traces(surface_figure(built, LABELS, "height, mm", (-100, 100)), "liver")
    assert np.array_equal(liver["intensity"], built.liver_values)
    assert (liver["cmin"], liver["cmax"]) == (-100, 100)
    assert liver["colorscale"] == "Cividis"  # readable with every kind of colour blindness
    assert liver["colorbar"]["title"]["text"] == "height, mm"


def shown(make):
    view, sent = SurfaceView(make), []
    view.send = lambda content, buffers=None: sent.append((content, buffers or []))
    return view, sent


def test_nothing_is_built_before_somebody_asks(drawn):
    calls = []
    view, sent = shown(lambda: calls.append(1) or drawn)
    view.outdate()
    assert (calls, sent) == ([], [])
    view._receive(view, {"type": "show"}, [])
    view.outdate()
    assert calls == [1]
    assert [content["type"] for content, _ in sent] == ["surface", "outdated"]


def test_what_travels_is_binary_and_small(built):
    fine = surfaces.build(anatomy.default(), LESIONS)
    view, sent = shown(lambda: surface_figure(fine, LABELS))
    view._receive(view, {"type": "show"}, [])
    content, buffers = sent[0]
    vertices = content["figure"]["data"][-1]["x"]
    assert vertices["dtype"] == "f4"
    assert len(buffers[vertices["$buffer"]]) == 4 * len(fine.liver.vertices)
    assert view.bytes_sent < 1_500_000
    assert view.bytes_sent == pytest.approx(sum(buffer.nbytes for buffer in buffers), rel=0.02)


def test_a_failure_is_told_to_the_page_and_raised():
    view, sent = shown(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        view._receive(view, {"type": "show"}, [])
    assert sent[0][0] == {"type": "failed", "text": "The 3-D picture could not be built: division by zero"}


def test_plotly_is_not_imported_for_it():
    code = "import sys; from liverlab.ui import surface_view, surface_figure; print('plotly' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "False"
