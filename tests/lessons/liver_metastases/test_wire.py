"""What a slider of lesson 01 costs on the wire."""

from liverlab.lessons import liver_metastases

from ..test_first_picture import REST_BYTES, figure_bytes

LESSON = liver_metastases


def test_one_rest_of_any_slider_stays_within_two_megabytes(page):
    viewer, slow = page.lesson.view.viewer, {}
    page.browser.rest()
    for key, slider in page.lesson.panel.sliders.items():
        before = viewer.bytes_sent
        if hasattr(slider, "options"):
            slider.value = next(value for _, value in slider.options if value != slider.value)
        else:
            slider.value += slider.step if slider.value + slider.step <= slider.max else -slider.step
        page.browser.rest()
        slow[key] = viewer.bytes_sent - before + figure_bytes(page.lesson)
    assert max(slow.values()) <= REST_BYTES, slow
