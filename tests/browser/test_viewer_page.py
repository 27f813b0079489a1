"""The viewer as part of a page: curves, description, accessibility, narrow screens, fingers, themes."""

import pytest
from playwright.sync_api import expect

from .axe import violations
from .stage import Stage
from .viewer_case import Patient

FIGURES = [
    {
        "id": name,
        "title": f"Curve {name}",
        "alt": f"Curve {name} falls from 3 to 1.",
        "data": [{"x": [0, 1, 2], "y": [3, 2, 1], "name": "line"}],
        "layout": {"xaxis": {"title": "day"}},
    }
    for name in ("size", "hu")
]


@pytest.fixture
def patient():
    patient = Patient(figures=2)
    patient.figures, patient.text = [dict(figure) for figure in FIGURES], "Day 0: the lesion measures 40 mm."
    return patient


@pytest.fixture
def stage(blank_page, patient):
    patient.show()
    stage = Stage(blank_page, patient.viewer, patient.controls)
    stage.painted(1)
    return stage


def settled(stage, version):
    stage.page.wait_for_selector(f".liverlab-viewer[data-settled='{version}']", timeout=20_000)


def test_curves_are_drawn_after_the_picture_from_the_same_message(stage, patient):
    settled(stage, 1)
    events = stage.page.evaluate("() => window.stage.events.map((e) => e.name)")
    assert events.index("liverlab-painted") < events.index("liverlab-settled")
    expect(stage.page.locator(".ll-plot .scatterlayer .trace")).to_have_count(2)
    assert stage.page.locator(".ll-plot[role=img]").first.get_attribute("aria-label") == "Curve size falls from 3 to 1."
    patient.figures[0]["data"] = [{"x": [0, 1], "y": [1, 9]}, {"x": [0, 1], "y": [2, 3]}]
    stage.move("lesion", 60)
    settled(stage, 2)
    expect(stage.page.locator("[data-figure=size] .scatterlayer .trace")).to_have_count(2)
    assert len(stage.sent("plotly")) == 1


def test_numpy_curves_travel_as_raw_numbers(stage, patient):
    import numpy as np

    settled(stage, 1)
    patient.figures[0]["data"] = [{"x": np.arange(50.0), "y": np.linspace(0, 7, 50, dtype=np.float32)}]
    stage.move("lesion", 60)
    settled(stage, 2)
    drawn = stage.page.evaluate("""() => {
        const { x, y } = document.querySelector('[data-figure=size] .ll-plot').data[0];
        return [y.constructor.name, x.length, y[49]]; }""")
    assert drawn == ["Float32Array", 50, 7]


def test_curves_and_text_may_be_made_after_the_picture_has_left(stage, patient):
    settled(stage, 1)
    made = []
    first = dict(FIGURES[0], data=[{"x": [0, 1], "y": [4, 5]}])

    def figures():
        made.append(len(stage._outbox))
        return [first]

    patient.figures, patient.text = figures, lambda: "Made later."
    patient.lesion.value = 60
    assert [message["content"]["type"] for message in stage._outbox] == ["frame", "later"]
    assert made == [1]
    stage.flush()
    settled(stage, 2)
    assert stage.page.locator(".ll-text").inner_text() == "Made later."
    assert stage.page.evaluate("() => document.querySelector('[data-figure=size] .ll-plot').data[0].y") == [4, 5]
    stage.open()
    settled(stage, 2)
    assert stage.page.locator(".ll-text").inner_text() == "Made later."


def test_room_for_curves_and_text_is_kept_before_they_come(blank_page, patient):
    patient.show()
    stage = Stage(blank_page, patient.viewer)
    heights = []
    for selector in ("[data-painted='1']", "[data-settled='1']"):
        stage.page.wait_for_selector(f".liverlab-viewer{selector}", timeout=20_000)
        heights.append(stage.page.locator(".liverlab-viewer").bounding_box()["height"])
    assert heights[0] == heights[1]


def test_a_figure_goes_where_the_page_offers_a_place(blank_page, patient):
    patient.show()
    stage = Stage(blank_page, patient.viewer)
    stage.page.evaluate("""() => {
        const slot = document.createElement('div');
        slot.dataset.liverlabFigure = 'hu';
        slot.style.display = 'none';
        document.querySelector('main').append(slot); }""")
    stage.page.wait_for_selector(".liverlab-viewer[data-painted='1']")
    patient.lesion.value = 60
    stage.flush()
    settled(stage, 2)
    assert stage.page.locator("[data-liverlab-figure=hu] .scatterlayer").count() == 0
    stage.page.evaluate("() => { document.querySelector('[data-liverlab-figure=hu]').style.display = 'block'; }")
    stage.page.wait_for_selector("[data-liverlab-figure=hu] .scatterlayer .trace", state="attached")


def test_compact_enough_for_a_small_laptop(stage):
    settled(stage, 1)
    box = stage.page.locator(".liverlab-viewer").bounding_box()
    assert box["width"] <= 760
    assert box["height"] <= 600
    assert 290 <= stage.pane("current").bounding_box()["height"] <= 350


def test_axe_finds_nothing_in_light_and_dark_with_help_and_banners(stage, patient):
    settled(stage, 1)
    assert violations(stage.page) == []
    stage.page.evaluate("""() => {
        const b = document.body;
        b.dataset.jpThemeLight = 'false';
        b.style.background = '#111';
        const dark = { 'ui-font-color1': '#fff', 'layout-color0': '#111', 'layout-color1': '#212121' };
        for (const [name, value] of Object.entries(dark)) b.style.setProperty('--jp-' + name, value); }""")
    stage.page.wait_for_timeout(300)
    patient.viewer.show_error("A sentence about what failed.")
    stage.flush()
    assert violations(stage.page, ".liverlab") == []
    stage.pane("current").focus()
    stage.page.keyboard.press("?")
    assert violations(stage.page, ".liverlab") == []


def test_axe_finds_nothing_while_things_move_in_another_plane_and_a_note_is_typed(stage):
    settled(stage, 1)
    stage.pane("current").focus()
    for key in ("v", "b"):
        stage.page.keyboard.press(key)
    stage.page.locator(".ll-strip").wait_for(state="visible")
    assert violations(stage.page) == []
    for key in ("b", "v", "v", "c"):
        stage.page.keyboard.press(key)
    stage.page.locator(".ll-strip").wait_for(state="visible")
    assert violations(stage.page) == []
    for key in ("a", "Enter", "Enter"):
        stage.page.keyboard.press(key)
    stage.page.locator(".ll-note-field").wait_for(state="visible")
    assert violations(stage.page) == []


def rows_of_buttons(page):
    return page.locator(".ll-toolbar .ll-button").evaluate_all(
        "(all) => new Set(all.map((b) => Math.round(b.getBoundingClientRect().top))).size"
    )


@pytest.mark.parametrize("width", [760, 734])
def test_the_toolbar_is_one_row_beside_the_sliders_of_a_lesson(blank_page, patient, width):
    patient.show()
    stage = Stage(blank_page, patient.viewer, width=width)
    stage.painted(1)
    assert rows_of_buttons(stage.page) == 1


def test_targets_are_large_enough(stage):
    sizes = stage.page.locator(".ll-button:visible").evaluate_all(
        "(all) => all.map((b) => b.getBoundingClientRect()).map((r) => Math.min(r.width, r.height))"
    )
    assert len(sizes) >= 15
    assert min(sizes) >= 24


def test_every_button_has_a_name_and_the_toolbar_one_tab_stop(stage):
    names = [
        button.get_attribute("aria-label") or button.inner_text()
        for button in stage.page.locator(".ll-toolbar button").all()
    ]
    assert all(names)
    assert len(set(names)) == len(names)
    stage.page.keyboard.press("Tab")
    assert stage.page.evaluate("() => document.activeElement.dataset.action") == "scroll"
    stage.page.keyboard.press("ArrowRight")
    assert stage.page.evaluate("() => document.activeElement.dataset.action") == "window"
    stage.page.keyboard.press("Enter")
    assert stage.page.locator(".liverlab-viewer").get_attribute("data-tool") == "window"
    stage.page.keyboard.press("Tab")
    assert stage.page.evaluate("() => document.activeElement.dataset.pane") == "prior"


def test_a_screen_reader_hears_slice_window_and_measurement(stage):
    live = stage.page.locator(".ll-live")
    stage.pane("current").focus()
    stage.page.keyboard.press("ArrowUp")
    stage.page.wait_for_function(
        "() => document.querySelector('.ll-live').textContent === 'Slice 12 of 21, 3 millimetres.'"
    )
    stage.page.keyboard.press("2")
    stage.page.wait_for_function(
        "() => document.querySelector('.ll-live').textContent.includes('Soft tissue. Window 400, level 40.')"
    )
    for key in ("r", "Enter", "Shift+ArrowRight", "Enter"):
        stage.page.keyboard.press(key)
    stage.page.wait_for_function(
        "() => document.querySelector('.ll-live').textContent.includes('Ruler 10.0 mm in current, slice 12.')"
    )
    assert live.get_attribute("aria-live") == "polite"
    label = stage.pane("current").get_attribute("aria-label")
    for part in ("current", "Day 0", "slice 12 of 21", "W 400"):
        assert part in label


def test_help_opens_with_a_key_holds_the_focus_and_gives_it_back(stage):
    stage.pane("prior").focus()
    stage.page.keyboard.press("?")
    dialog = stage.page.get_by_role("dialog")
    dialog.wait_for(state="visible")
    assert "ruler: arrows move the cross" in dialog.inner_text()
    stage.page.keyboard.press("Tab")
    assert stage.page.evaluate("() => document.activeElement.closest('.ll-help') !== null")
    stage.page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert stage.page.evaluate("() => document.activeElement.dataset.pane") == "prior"


def test_phone_width_stacks_the_panes_and_never_scrolls_sideways(browser, patient):
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = context.new_page()
    patient.show()
    stage = Stage(page, patient.viewer, patient.controls)
    settled(stage, 1)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    prior, current = stage.pane("prior").bounding_box(), stage.pane("current").bounding_box()
    assert current["y"] >= prior["y"] + prior["height"]
    assert rows_of_buttons(page) <= 3
    assert violations(page) == []
    context.close()


def touch(client, kind, *points):
    client.send(
        "Input.dispatchTouchEvent",
        {"type": kind, "touchPoints": [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]},
    )


def test_fingers_scroll_pinch_and_window(browser, patient):
    context = browser.new_context(viewport={"width": 800, "height": 900}, has_touch=True)
    page = context.new_page()
    patient.show()
    stage = Stage(page, patient.viewer, patient.controls)
    stage.painted(1)
    client = context.new_cdp_session(page)
    box = stage.pane("current").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch(client, "touchStart", (x, y))
    touch(client, "touchEnd")
    page.wait_for_function("() => document.activeElement.dataset.pane === 'current'")
    touch(client, "touchStart", (x, y))
    for step in range(1, 6):
        touch(client, "touchMove", (x, y - 12 * step))
    touch(client, "touchEnd")
    page.wait_for_function("() => Number(document.querySelector('.ll-pane[data-pane=current]').dataset.slice) >= 13")
    touch(client, "touchStart", (x - 30, y), (x + 30, y))
    for step in range(1, 6):
        touch(client, "touchMove", (x - 30 - 6 * step, y), (x + 30 + 6 * step, y))
    touch(client, "touchEnd")
    page.wait_for_function("() => document.querySelector('.ll-burnt').textContent.includes('×2.0')")
    touch(client, "touchStart", (x - 30, y), (x + 30, y))
    for step in range(1, 6):
        touch(client, "touchMove", (x - 30, y + 12 * step), (x + 30, y + 12 * step))
    touch(client, "touchEnd")
    page.wait_for_function("() => document.querySelector('.ll-window').textContent.includes('W 150  L 110')")
    context.close()


def test_slider_handles_get_the_name_of_their_slider(stage):
    names = stage.page.evaluate("""async () => {
        const box = document.createElement('div');
        box.className = 'liverlab';
        box.innerHTML = `<div class="jupyter-widgets widget-slider"><label class="widget-label">Scan delay</label>
          <div class="slider-container"><div class="noUi-handle" role="slider" tabindex="0"></div></div>
          <div class="widget-readout" contenteditable="true">70</div></div>`;
        document.body.append(box);
        await new Promise((r) => setTimeout(r, 200));
        const first = box.querySelector('.noUi-handle').getAttribute('aria-label');
        box.querySelector('.widget-label').firstChild.data = 'Delay in s';
        box.querySelector('.widget-label').textContent = 'Delay in s';
        await new Promise((r) => setTimeout(r, 200));
        const handle = box.querySelector('.noUi-handle');
        return [first, handle.getAttribute('aria-label'), handle.dataset.lmSuppressShortcuts];
    }""")
    assert names == ["Scan delay", "Delay in s", "true"]


def test_figure_text_from_data_never_becomes_markup(stage, patient):
    settled(stage, 1)
    patient.text = '<img src=x onerror="window.hacked=1">'
    patient.figures[0]["title"] = "<script>window.hacked=1</script>"
    patient.lesion.value = 61
    stage.flush()
    settled(stage, 2)
    assert stage.page.evaluate("() => window.hacked === undefined")
    assert "<img" in stage.page.locator(".ll-text").inner_text()


def test_paint_is_quick_at_512(stage):
    stage.page.wait_for_selector(".ll-pane[data-pane=current][data-matrix='512']")
    ms = stage.page.evaluate("""() => { const p = window.pure, hu = new Int16Array(512 * 512).map((_, i) => i % 200);
        const out = new Uint32Array(512 * 512); const times = [];
        for (let i = 0; i < 21; i++) {
          const t = performance.now();
          p.applyTable(hu, p.paintTable({window_hu: 150 + i, level_hu: 60, invert: false}), out);
          times.push(performance.now() - t); }
        return times.sort((a, b) => a - b)[10]; }""")
    assert ms <= 4
