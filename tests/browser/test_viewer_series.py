"""Several series: stacks that turn in one frame, units and windows of their own, colours, fusion, lesion marks."""

import numpy as np
import pytest

from liverlab.ui.viewer import Viewer

from .stage import Stage
from .viewer_case import CENTRE_MM, FOV_MM, LESION, Z_MM, at, burnt, drag, settle, wait_slice

IODINE = {"unit": "mg/mL", "scale": 0.01, "digits": 1, "colours": [[0, 0, 0], [255, 0, 0]]}
IODINE |= {
    "presets": [{"name": "Iodine", "window_hu": 5, "level_hu": 2.5}, {"name": "Custom", "window_hu": 2, "level_hu": 1}]
}
PET = {"unit": "SUV", "scale": 0.01, "digits": 1, "colours": "iron", "over": "70 s", "opacity": 0.5}
PET |= {"presets": [{"name": "SUV 0 to 10", "window_hu": 10, "level_hu": 5}]}
COUNTS = {"80 kVp": 140, "140 kVp": 90, "iodine": 300, "prior": 60, "70 s": 100, "PET": 0}


class Study:
    """A viewer whose series are flat but for a ball; every count is known."""

    def __init__(self, **config):
        self.asked = []
        settings = {"fov_mm": FOV_MM, "centre_mm": CENTRE_MM, "z_mm": Z_MM, "crop": (0.1, 0.9)} | config
        self.viewer = Viewer(settings, provider=self.provider)
        self.show(1)

    def provider(self, series, visit, slice_index, matrix):
        self.asked.append((series, slice_index, matrix))
        counts = np.full((matrix, matrix), COUNTS[series], np.int16)
        if series == "PET":
            axis = (np.arange(matrix) + 0.5) * FOV_MM / matrix - FOV_MM / 2
            x, y = axis[None, :] + CENTRE_MM[0], axis[:, None] + CENTRE_MM[1]
            counts[(x - LESION["x_mm"]) ** 2 + (y - LESION["y_mm"]) ** 2 < 400] = 1000
        return counts

    def show(self, version, **more):
        panes = {name: {"visit": 0, "label": "Day 0"} for name in self.viewer.config["series"]}
        self.viewer.show({"version": version, "slice": 10, "visit": 0, "panes": panes} | more)


def mount(page, study):
    stage = Stage(page, study.viewer)
    stage.painted(1)
    stage.pane(study.viewer.config["panes"][-1]).focus()
    return stage


def colour(stage, pane, x_mm, y_mm):
    return stage.page.evaluate(
        """([name, u, v]) => { const c = document.querySelector(`.ll-pane[data-pane=${name}] canvas`);
        const scale = c.width / 400;
        const [x, y] = [Math.round(u * scale), Math.round((v - 40) * scale)];
        return [...c.getContext("2d").getImageData(x, y, 1, 1).data]; }""",
        [pane, x_mm - CENTRE_MM[0] + 200, y_mm - CENTRE_MM[1] + 200],
    )[:3]


def grey(value, window, level):
    return [round(255 * (value - level + window / 2) / window)] * 3


# ---- stacks


@pytest.fixture
def energies():
    stacks = {"current": ["80 kVp", "140 kVp", "iodine"]}
    return Study(panes=["prior", "current"], stacks=stacks, series={"iodine": IODINE})


def test_bracket_keys_and_button_turn_the_stack(blank_page, energies):
    stage = mount(blank_page, energies)
    assert burnt(stage, "current").startswith("80 kVp: Day 0")
    assert colour(stage, "current", 0, 0) == pytest.approx(grey(140, 150, 80), abs=1)
    stage.page.keyboard.press("]")
    stage.page.wait_for_selector("[data-series='140 kVp'][data-slice]")
    assert colour(stage, "current", 0, 0) == pytest.approx(grey(90, 150, 80), abs=1)
    assert colour(stage, "prior", 0, 0) == pytest.approx(grey(60, 150, 80), abs=1)
    stage.page.locator("[data-action=stack]").click()
    stage.page.wait_for_selector("[data-series='iodine'][data-slice]")
    stage.pane("current").focus()
    stage.page.keyboard.press("]")
    stage.page.wait_for_selector("[data-series='80 kVp'][data-slice]")
    stage.page.keyboard.press("[")
    stage.page.wait_for_selector("[data-series='iodine'][data-slice]")
    stage.until(lambda: energies.viewer.position.get("series") == "iodine")


def test_series_at_hand_turn_without_the_kernel_in_one_frame(blank_page, energies):
    stage = mount(blank_page, energies)
    stage.until(lambda: {series for series, k, _ in energies.asked if k == 10} == set(energies.viewer.config["series"]))
    stage.page.wait_for_timeout(200)
    ms = stage.page.evaluate("""() => { window.stage.silent = true;
        const pane = document.querySelector('.ll-pane[data-pane=current]');
        const start = performance.now();
        pane.dispatchEvent(new KeyboardEvent('keydown', { key: ']', bubbles: true }));
        return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
          done(pane.dataset.series === '140 kVp' && pane.hasAttribute('data-slice'))))); }""")
    assert ms is True


def test_each_series_has_its_own_window_unit_and_presets(blank_page, energies):
    stage = mount(blank_page, energies)
    stage.page.keyboard.press("3")
    settle(stage, "() => document.querySelector('.ll-window').textContent.includes('W 2000  L 500  Bone')")
    for key in ("]", "]"):
        stage.page.keyboard.press(key)
    stage.page.wait_for_selector("[data-series=iodine][data-slice]")
    assert {"W 5.0  L 2.5  Iodine", "mg/mL"} <= set(burnt(stage, "current").split("\n"))
    options = stage.page.locator("[data-action=preset] option").all_inner_texts()
    assert options == ["Iodine", "Custom"]
    assert colour(stage, "current", 0, 0) == pytest.approx([153, 0, 0], abs=2)  # 3 of 0 to 5 mg/mL
    assert stage.pane("current").locator(".ll-scale").inner_text().split("\n") == ["5.0 mg/mL", "0.0"]
    stage.page.keyboard.press("2")
    settle(stage, "() => document.querySelectorAll('.ll-window')[1].textContent.includes('W 2.0  L 1.0')")
    assert "W 2000  L 500" in burnt(stage, "prior")
    stage.page.keyboard.press("[")
    settle(stage, "() => document.querySelectorAll('.ll-window')[1].textContent.includes('W 2000  L 500')")


def test_probe_and_roi_speak_the_unit_of_the_series(blank_page, energies):
    stage = mount(blank_page, energies)
    stage.page.keyboard.press("[")
    stage.page.wait_for_selector("[data-series=iodine][data-slice]")
    stage.page.mouse.move(*at(stage, "current", 0, 0))
    settle(stage, "() => document.querySelectorAll('.ll-probe')[1].textContent === '3.0 mg/mL'")
    stage.page.locator("[data-action=ellipse]").click()
    drag(stage.page, at(stage, "current", 0, 0), at(stage, "current", 20, 10))
    stage.until(lambda: energies.viewer.measurement)
    told = energies.viewer.measurement
    assert (told["pane"], told["unit"], told["mean"]) == ("iodine", "mg/mL", pytest.approx(3.0))
    assert "3.00 ± 0.00 mg/mL" in stage.pane("current").locator("svg").text_content()
    stage.page.keyboard.press("]")
    stage.page.wait_for_selector("[data-series='80 kVp'][data-slice]")
    assert stage.pane("current").locator(".ll-item").count() == 0, "a measurement stays on its series"


def test_two_series_of_one_pane_flicker(blank_page):
    study = Study(panes=["current"], stacks={"current": ["80 kVp", "140 kVp"]})
    stage = mount(blank_page, study)
    stage.until(lambda: {series for series, _, _ in study.asked} == {"80 kVp", "140 kVp"})
    stage.page.wait_for_timeout(200)
    stage.page.keyboard.press("m")
    stage.page.wait_for_selector("[data-pane=current][data-series='140 kVp']")
    assert stage.page.locator("[data-action=flicker]").get_attribute("aria-pressed") == "true"


def test_the_other_series_of_a_stack_stay_within_the_bytes_of_a_rest(blank_page, energies):
    stage = mount(blank_page, energies)
    stage.page.evaluate("() => document.activeElement.blur()")  # the hand is on a slider, not on the picture
    stage.page.wait_for_timeout(1500)
    before = energies.viewer.bytes_sent
    energies.show(2)
    stage.flush()
    stage.painted(2)
    stage.page.wait_for_timeout(1800)
    assert energies.viewer.bytes_sent - before <= 2_000_000


# ---- colours and fusion


def test_pet_glows_over_the_ct_and_leaves_it_visible_elsewhere(blank_page):
    study = Study(panes=["current"], stacks={"current": ["70 s", "PET"]}, series={"PET": PET})
    stage = mount(blank_page, study)
    stage.page.keyboard.press("]")
    stage.page.wait_for_selector("[data-series=PET][data-slice]")
    settle(stage, "() => document.querySelector('.ll-window').textContent.includes('SUV 0 to 10')")
    ct = grey(100, 150, 80)
    assert colour(stage, "current", 80, 0) == pytest.approx(ct, abs=2)
    half = [(part + 255) / 2 for part in ct]  # white at the top of the map, half opaque
    assert colour(stage, "current", LESION["x_mm"], LESION["y_mm"]) == pytest.approx(half, abs=3)
    stage.page.mouse.move(*at(stage, "current", LESION["x_mm"], LESION["y_mm"]))
    settle(stage, "() => document.querySelector('.ll-probe').textContent === '10.0 SUV'")
    stage.page.keyboard.press("ArrowUp")
    wait_slice(stage, "current", 11)
    stage.until(lambda: {("PET", 11, 256), ("70 s", 11, 256)} <= set(study.asked))


# ---- more panes


def test_three_and_four_panes_share_the_width(blank_page):
    names = ["80 kVp", "140 kVp", "iodine", "prior"]
    study = Study(panes=names, series={"iodine": IODINE})
    stage = mount(blank_page, study)
    boxes = [stage.page.locator(f"[data-pane='{name}']").bounding_box() for name in names]
    assert boxes[0]["y"] == boxes[1]["y"] < boxes[2]["y"] == boxes[3]["y"]
    stage.page.keyboard.press("ArrowUp")
    for name in names:
        stage.page.wait_for_selector(f"[data-pane='{name}'][data-slice='11']")


# ---- lesion marks


def test_lesion_marks_are_the_readers_and_need_no_truth(blank_page):
    study = Study(panes=["prior", "current"], stacks={"current": ["70 s"]}, marks_button=True)
    mark = dict(LESION, label="A 40 mm")
    study.show(2, marks={"70 s": [mark], "prior": []})
    stage = Stage(blank_page, study.viewer)
    stage.painted(2)
    assert stage.page.locator(".ll-mark").count() == 0
    stage.pane("current").focus()
    stage.page.keyboard.press("k")
    stage.page.wait_for_selector(".ll-mark", state="attached")
    assert "A 40 mm" in stage.pane("current").locator("svg").text_content()
    assert stage.page.locator(".ll-outline").count() == 0
    assert study.viewer.truth is False
    settle(stage, "() => document.querySelector('.ll-live').textContent.includes('current: A 40 mm')")
    stage.page.locator("[data-action=marks]").click()
    stage.page.wait_for_selector(".ll-mark", state="detached")


@pytest.mark.parametrize("width", [760, 734])
def test_stacks_leave_the_toolbar_one_row_and_the_label_beside_the_letter(blank_page, width):
    stacks = {"compare": ["80 kVp", "140 kVp"], "current": ["70 s"]}
    study = Study(panes=["compare", "current"], stacks=stacks, marks_button=True)
    study.show(
        2, panes={name: {"visit": 0, "label": "Before treatment, arms up"} for name in study.viewer.config["series"]}
    )
    stage = Stage(blank_page, study.viewer, width=width)
    stage.painted(2)
    boxes = "(all) => all.map((e) => e.getBoundingClientRect()).map((r) => [r.left, r.top, r.right, r.bottom])"
    buttons = stage.page.locator(".ll-toolbar .ll-button").evaluate_all(boxes)
    assert len({round(top) for _, top, _, _ in buttons}) == 1
    label = stage.page.locator("[data-pane=compare] .ll-tl").evaluate_all(boxes)[0]
    letter = stage.page.locator("[data-pane=compare] .ll-letter-top").evaluate_all(boxes)[0]
    assert label[2] <= letter[0]
    assert "80 kVp: Before treatment, arms up" in burnt(stage, "compare")
