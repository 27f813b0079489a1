"""What the way to the first picture loads, and what a slider costs on the wire."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import liverlab
from liverlab import evidence
from liverlab.lessons import pseudoprogression

LESSON = pseudoprogression
LIB = Path(liverlab.__file__).parent.parent  # the same tree as this test, wherever .venv points
HEAVY = ("pandas", "scipy", "plotly", "bibtexparser", "jsonschema", "matplotlib", "PIL", "sklearn")
REST_BYTES = 2_000_000


MODULES = [lesson.split("_", 1)[1] for lesson in evidence.load().lessons]
OPENINGS = {"tour": "from liverlab.lessons import start_here; start_here.open_page().tour()"} | {
    f"{cell} of {module}": f"from liverlab.lessons import {module} as m; one = m.open_lesson(); one.{cell}()"
    for module in MODULES
    for cell in ("hook", "explore")
}


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=list(OPENINGS))
def test_nothing_heavy_is_imported_before_the_first_picture(opening, tmp_path):
    code = f"import sys\n{opening}\nprint([name for name in {HEAVY} if name in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": "", "LIVERLAB_HOME": str(tmp_path), "HOME": str(tmp_path), "PYTHONPATH": str(LIB)},
    )
    assert answer.stderr == ""
    assert answer.stdout.strip() == "[]"


def figure_bytes(lesson):
    """The figures below the page follow when the hand rests: they count too."""
    return len(json.dumps(lesson.published(lesson.page.state)))


def test_one_rest_of_any_slider_stays_within_two_megabytes(page):
    viewer, slow = page.lesson.view.viewer, {}
    page.browser.rest()
    for key, slider in page.lesson.panel.sliders.items():
        before, heard = viewer.bytes_sent, page.browser.bytes_received
        if hasattr(slider, "options"):
            slider.value = next(value for _, value in slider.options if value != slider.value)
        else:
            slider.value += slider.step if slider.value + slider.step <= slider.max else -slider.step
        page.browser.rest()
        sent = viewer.bytes_sent - before + figure_bytes(page.lesson)
        assert viewer.bytes_sent - before == page.browser.bytes_received - heard
        slow[key] = sent
    assert max(slow.values()) <= REST_BYTES, slow


def test_a_rest_brings_the_sharp_slice_and_every_visit(page):
    page.lesson.panel.sliders["perfusion_loss_pct"].value = 60
    page.browser.rest()
    frame, held = page.browser.frame, page.browser.held
    z, config = frame["slice"], page.lesson.view.viewer.config
    for pane in ("prior", "current"):
        assert (frame["panes"][pane]["visit"], z, config["rest_matrix"]) in held[pane]
    visits = {visit for visit, slice_index, _ in held["current"] if slice_index == z}
    assert visits == set(range(len(frame["visits"]))), "the visit cursor scrubs without the kernel"
    assert config["fov_mm"] / config["rest_matrix"] <= 0.8


def test_a_drag_sends_only_visible_slices(page):
    viewer, slider = page.lesson.view.viewer, page.lesson.panel.sliders["perfusion_loss_pct"]
    before = viewer.bytes_sent
    for value in range(80, 60, -1):
        slider.value = value
    one = 2 * 256 * 256
    assert viewer.bytes_sent - before < 20 * (one + 30_000)
    assert set(page.browser.held["current"]) == {(3, page.browser.frame["slice"], 256)}
