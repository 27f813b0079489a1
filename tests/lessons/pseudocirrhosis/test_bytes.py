"""What a slider of lesson 03 costs on the wire."""

import json

from liverlab.lessons import pseudocirrhosis

LESSON = pseudocirrhosis
REST_BYTES = 2_000_000


def test_one_rest_of_any_slider_stays_within_two_megabytes(page):
    viewer, slow = page.lesson.view.viewer, {}
    page.browser.rest()
    for key, slider in page.lesson.panel.sliders.items():
        before = viewer.bytes_sent
        slider.value += slider.step if slider.value + slider.step <= slider.max else -slider.step
        page.browser.rest()
        slow[key] = viewer.bytes_sent - before + len(json.dumps(page.lesson.published(page.lesson.page.state)))
    assert max(slow.values()) <= REST_BYTES, slow
