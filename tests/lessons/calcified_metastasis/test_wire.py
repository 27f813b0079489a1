"""What a slider and a tab of lesson 04 cost on the wire, and what needs no wire at all."""

import json

import ipywidgets as widgets
import pytest

from liverlab.lessons import calcified_metastasis
from liverlab.lessons.calcified_metastasis.page import UNENHANCED
from liverlab.ui.viewer import Viewer

from ..reading_the_page import StandInBrowser
from .test_truth import every

LESSON = calcified_metastasis
REST_BYTES = 2_000_000


def test_one_rest_of_any_slider_stays_within_two_megabytes(page):
    viewer, spent = page.lesson.view.viewer, {}
    page.browser.rest()
    for key, slider in page.lesson.panel.sliders.items():
        before = viewer.bytes_sent
        if hasattr(slider, "options"):
            slider.value = next(value for _, value in slider.options if value != slider.value)
        else:
            slider.value += slider.step if slider.value + slider.step <= slider.max else -slider.step
        page.browser.rest()
        spent[key] = viewer.bytes_sent - before + len(json.dumps(page.lesson.published(page.lesson.page.state)))
    assert max(spent.values()) <= REST_BYTES, spent


def test_a_control_that_the_unenhanced_scan_does_not_know_does_not_send_it_again(page):
    held = page.browser.painted(UNENHANCED)
    page.lesson.panel.sliders["delay_s"].value = 35.0
    assert page.browser.painted(UNENHANCED) is held
    page.lesson.panel.sliders["baseline_enhancement_hu"].value = 60
    assert page.browser.painted(UNENHANCED) is held


@pytest.mark.parametrize("tab", ["Is it iodine or calcium?", "Is it that small?"])
def test_every_series_of_a_tab_is_with_the_browser_so_that_it_turns_in_one_frame(page, tab):
    (tabs,) = every(page.cells["more"], widgets.Tab)
    tabs.selected_index = tabs.titles.index(tab)
    (viewer,) = every(tabs.children[tabs.selected_index], Viewer)
    assert all(len(stack) > 1 for stack in viewer.config["stacks"].values())
    browser = StandInBrowser(viewer)
    page.lesson.panel.sliders["calcium_start_mg_ml"].value = 40
    page.lesson.page.rest()
    assert {name for name in viewer.config["series"] if browser.painted(name).size} == set(viewer.config["series"])
    tabs.selected_index = 0
