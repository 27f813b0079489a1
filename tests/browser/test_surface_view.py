"""The liver in 3-D in a real browser: drawn on demand, turned by keys, switched, and the right way round."""

import base64
import contextlib
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from liverlab.imaging import anatomy, ct, surfaces
from liverlab.ui import theme
from liverlab.ui.surface_figure import surface_figure
from liverlab.ui.surface_view import SurfaceView
from liverlab.ui.viewer import assets

from . import lab

ADDRESS = "http://localhost:9/space"
MOUNT = """async ({ script, note }) => {
  const heard = [];
  const decode = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  window.deliver = (messages) => messages.forEach((m) => heard.forEach((f) => f(m.content, m.buffers.map(decode))));
  const send = (content) => window.kernel(content).then(window.deliver);
  const model = { get: () => note, on: (name, f) => heard.push(f), off() {}, send };
  const module = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  window.pure = module.pure;
  window.close3d = module.default.render({ model, el: document.getElementById("host") });
}"""
LESIONS = ct.LesionState(
    ("a", "b"), [[-100, -34, 3], [-20, -80, 10]], [[14] * 3, [9, 9, 9]], [50] * 2, [30] * 2, [0, 0]
)


class Space:
    """A page with one SurfaceView; the real Python widget answers."""

    def __init__(self, page, view):
        self.page, self.view, self._outbox = page, view, []
        view.send = lambda content, buffers=(): self._outbox.append(
            {
                "content": json.loads(json.dumps(content)),
                "buffers": [base64.b64encode(b).decode() for b in buffers or ()],
            }
        )
        page.expose_function("kernel", self._answer)
        css = assets.style() + theme.asset("theme.css") + theme.asset("surface_view.css")
        body = "<body data-jp-theme-light=true><main><div id=host></div></main></body>"
        html = f"<!doctype html><html lang=en><title>3-D</title><style>{css}</style>{body}"
        page.route(ADDRESS, lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(ADDRESS)
        page.evaluate(MOUNT, {"script": SurfaceView._esm, "note": view.note})
        self.drawn = 0

    def _answer(self, content):
        with contextlib.suppress(ZeroDivisionError):  # a kernel logs what a callback raises and goes on
            self.view._receive(self.view, content, [])
        return self.flush_box()

    def flush_box(self):
        sent, self._outbox = self._outbox, []
        return sent

    def wait_drawn(self):
        self.drawn += 1
        self.page.wait_for_selector(f"[data-drawn='{self.drawn}']", timeout=60_000)

    def eye(self):
        return self.page.evaluate("() => document.querySelector('.ll-space-plot').layout.scene.camera.eye")

    def visible(self):
        return self.page.evaluate(
            "() => Object.fromEntries(document.querySelector('.ll-space-plot').data.map((t) => [t.meta, t.visible]))"
        )

    def picture(self):
        return np.asarray(Image.open(io.BytesIO(self.page.locator(".ll-space-plot").screenshot())).convert("RGB"))


@pytest.fixture(scope="module")
def built():
    return surfaces.build(anatomy.default(), LESIONS, grid_mm=6.0)


@pytest.fixture(scope="module")
def opened(browser, built):
    """One page for the file, with the surfaces drawn; plotly.js is loaded once."""
    made, context = [], browser.new_context(viewport={"width": 1000, "height": 800})
    traffic = lab.Traffic(context)
    view = SurfaceView(lambda: made.append(1) or surface_figure(built, {"a": "A", "b": "B"}), "A note.")
    space = Space(context.new_page(), view)
    space.made = made
    assert made == []
    space.page.get_by_role("button", name="Show in 3-D").click()
    space.wait_drawn()
    yield space
    assert traffic.errors == []
    assert traffic.foreign() == []
    context.close()


@pytest.fixture
def space(opened):
    """Everything shown, from the front."""
    hidden = "[data-switch][aria-pressed=false], [data-choice=see-through]"
    opened.page.evaluate("(which) => document.querySelectorAll(which).forEach((button) => button.click())", hidden)
    opened.page.locator("[data-choice=front]").click()
    opened.page.wait_for_timeout(200)
    return opened


def orange(pixels):
    """Columns of the pixels that have the colour of a lesion."""
    r, g, b = (pixels[..., k].astype(int) for k in range(3))
    return np.nonzero((r > 150) & (r - b > 90) & (r - g > 40))[1]


def test_the_patients_right_is_on_the_left_and_from_behind_it_is_not(space):
    columns, middle = orange(space.picture()), space.picture().shape[1] / 2
    big = np.bincount(columns).argmax()  # lesion A, the larger one, lies in the right lobe
    assert big < middle - 50
    space.page.get_by_role("button", name="Back", exact=True).click()
    space.page.wait_for_timeout(300)
    assert space.eye()["y"] > 1.5
    assert np.bincount(orange(space.picture())).argmax() > middle + 50


def test_switches_hide_and_show(space):
    page = space.page
    assert space.visible() == {"lesions": True, "portal": True, "hepatic": True, "liver": True}
    for name, switch in (("Lesions", "lesions"), ("Portal vein", "portal"), ("Hepatic veins", "hepatic")):
        button = page.get_by_role("button", name=name)
        button.click()
        assert button.get_attribute("aria-pressed") == "false"
        assert space.visible()[switch] is False
    page.wait_for_timeout(300)
    assert orange(space.picture()).size == 0
    page.get_by_role("button", name="hidden").click()
    assert not any(space.visible().values())
    page.get_by_role("button", name="solid").click()
    liver = "document.querySelector('.ll-space-plot').data.find((trace) => trace.meta === 'liver')"
    assert page.evaluate(f"() => {liver}.opacity") == 1


def test_keys_turn_zoom_and_come_home(space):
    page, plot = space.page, space.page.locator(".ll-space-plot")
    front = space.eye()
    plot.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.wait_for_function("() => Math.abs(document.querySelector('.ll-space-plot').layout.scene.camera.eye.x) > 0.2")
    assert space.eye()["z"] > front["z"]
    height = "() => document.querySelector('.ll-space-plot').layout.scene.aspectratio.z"
    before = page.evaluate(height)
    page.keyboard.press("+")
    page.wait_for_timeout(100)
    assert page.evaluate(height) > 1.1 * before
    page.keyboard.press("Home")
    page.wait_for_timeout(100)
    assert space.eye() == pytest.approx(front, abs=0.02)
    assert page.evaluate(height) == pytest.approx(before)


def test_words_before_the_liver_give_way(space):
    hidden = """() => document.querySelector('.ll-space-plot').layout.scene.annotations
        .filter((word) => word.visible === false).map((word) => word.text)"""
    assert space.page.evaluate(hidden) == ["Front", "Back"]
    space.page.get_by_role("button", name="Right side").click()
    space.page.wait_for_timeout(200)
    assert space.page.evaluate(hidden) == ["R", "L"]


def test_a_changed_patient_is_drawn_anew_and_the_view_is_kept(space):
    space.page.get_by_role("button", name="From below").click()
    space.page.wait_for_timeout(200)
    below = space.eye()
    space.view.outdate()
    space.page.evaluate("(messages) => window.deliver(messages)", space.flush_box())
    space.wait_drawn()
    assert len(space.made) == 2
    assert space.eye() == pytest.approx(below, abs=0.02)


def test_words_and_keys_are_read_out(space):
    plot = space.page.locator(".ll-space-plot")
    for words in ("Liver of", "two lesions", "Arrow keys turn"):
        assert words in plot.get_attribute("aria-label")
    assert "A note." in space.page.locator(".ll-space-caption").inner_text()


def test_a_liver_that_is_coloured_by_values_comes_solid(blank_page, built):
    coloured = replace(built, liver_values=built.liver.vertices[:, 2])
    space = Space(blank_page, SurfaceView(lambda: surface_figure(coloured, {}, "height, mm")))
    blank_page.get_by_role("button", name="Show in 3-D").click()
    space.wait_drawn()
    assert blank_page.get_by_role("button", name="solid").get_attribute("aria-pressed") == "true"
    assert orange(space.picture()).size == 0
    blank_page.get_by_text("height, mm").wait_for()


def test_a_failure_is_one_sentence_and_the_button_comes_back(blank_page):
    Space(blank_page, SurfaceView(lambda: 1 / 0))
    button = blank_page.get_by_role("button", name="Show in 3-D")
    button.click()
    blank_page.get_by_text("could not be built: division by zero").wait_for(timeout=5_000)
    assert button.is_enabled()


def test_closing_frees_the_drawing(space):
    """Last: nothing can be drawn afterwards."""
    assert space.page.locator(".ll-space-plot canvas").count() > 0
    space.page.evaluate("() => window.close3d()")
    assert space.page.locator(".ll-space-plot canvas").count() == 0
