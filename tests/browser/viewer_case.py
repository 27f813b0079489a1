"""A known patient for the viewer tests: numbers one can compute by hand."""

import ipywidgets
import numpy as np

from liverlab.ui.viewer import Viewer

FOV_MM = 400.0
CENTRE_MM = (0.0, -30.0)
Z_MM = tuple(float(z) for z in range(-30, 31, 3))
LESION = {"id": "L1", "label": "L1", "kind": "target", "x_mm": -60.0, "y_mm": -50.0, "rx_mm": 20.0, "ry_mm": 20.0}


def picture(pane, visit, slice_index, matrix, lesion_hu=50):
    """Liver 100 HU with a lesion; the top left quarter tells pane, visit and slice as HU."""
    pixel_mm = FOV_MM / matrix
    axis = (np.arange(matrix) + 0.5) * pixel_mm - FOV_MM / 2
    x, y = axis[None, :] + CENTRE_MM[0], axis[:, None] + CENTRE_MM[1]
    hu = np.full((matrix, matrix), 100, np.int16)
    hu[(x - LESION["x_mm"]) ** 2 + (y - LESION["y_mm"]) ** 2 < LESION["rx_mm"] ** 2] = lesion_hu
    hu[: matrix // 4, : matrix // 4] = 100 * (pane == "current") + 10 * visit + slice_index
    return hu


class Patient:
    """Viewer, two controls and a count of what was rendered."""

    def __init__(self, visits=4, **config):
        self.lesion = ipywidgets.FloatSlider(value=50, min=0, max=100)
        self.visit = ipywidgets.IntSlider(value=0, min=0, max=visits - 1)
        self.idle = ipywidgets.IntSlider(value=0, max=5)  # a control that nothing answers
        self.visits, self.version, self.rendered = visits, 0, []
        self.figures, self.text = [], ""
        settings = {"fov_mm": FOV_MM, "centre_mm": CENTRE_MM, "z_mm": Z_MM, "crop": (0.1, 0.9)} | config
        self.viewer = Viewer(settings, provider=self.provider)
        self.viewer.controls, self.viewer.visit_control = [self.lesion, self.idle], self.visit
        for control in (self.lesion, self.visit):
            control.observe(lambda _: self.show(), "value")

    @property
    def controls(self):
        return {"lesion": self.lesion, "idle": self.idle, "visit": self.visit}

    def provider(self, pane, visit, slice_index, matrix):
        self.rendered.append((pane, visit, slice_index, matrix))
        return picture(pane, visit, slice_index, matrix, self.lesion.value if pane == "current" else 100)

    def frame(self, **changes):
        self.version += 1
        panes = {
            "prior": {"visit": 0, "label": "Day 0", "phase": "portal venous, 70 s", "slice_mm": 3, "version": 0},
            "current": {"visit": self.visit.value, "label": f"Day {28 * self.visit.value}", "slice_mm": 3}
            | {"phase": "portal venous, 70 s", "version": int(self.lesion.value)},
        }
        frame = {"version": self.version, "slice": self.viewer.slice_index, "visit": self.visit.value, "panes": panes}
        frame |= {"visits": [f"Day {28 * k}" for k in range(self.visits)], "figures": self.figures, "text": self.text}
        return frame | {"overlays": {"prior": [], "current": [dict(LESION)]}} | changes

    def show(self, **changes):
        frame = self.frame(**changes)
        wanted = [(name, info["visit"], frame["slice"], 256) for name, info in frame["panes"].items()]
        self.viewer.show(
            frame,
            [
                dict(zip(("pane", "visit", "slice", "matrix"), key, strict=True), hu=self.provider(*key))
                for key in wanted
                if not self.viewer.holds(key[0], frame["panes"][key[0]]["version"], *key[1:])
            ],
        )
        return frame["version"]


# ---- what the tests of a mounted viewer share


def grey(stage, pane, x_mm, y_mm):
    """Grey on the screen at a patient position (fitted view)."""
    return stage.page.evaluate(
        """([name, u, v]) => { const c = document.querySelector(`.ll-pane[data-pane=${name}] canvas`);
        const scale = c.width / 400;
        return c.getContext("2d").getImageData(Math.round(u * scale), Math.round((v - 40) * scale), 1, 1).data[0]; }""",
        [pane, x_mm - CENTRE_MM[0] + 200, y_mm - CENTRE_MM[1] + 200],
    )


def at(stage, pane, x_mm, y_mm):
    """Page coordinates of a patient position (fitted view)."""
    box = stage.pane(pane).bounding_box()
    scale = box["width"] / FOV_MM
    return box["x"] + (x_mm - CENTRE_MM[0] + 200) * scale, box["y"] + (y_mm - CENTRE_MM[1] + 200 - 40) * scale


def drag(page, start, end, button="left", modifier=None, steps=5):
    page.mouse.move(*start)
    if modifier:
        page.keyboard.down(modifier)
    page.mouse.down(button=button)
    page.mouse.move(*end, steps=steps)
    page.mouse.up(button=button)
    if modifier:
        page.keyboard.up(modifier)


def window_grey(hu, window_hu=150, level_hu=80):
    return round(255 * min(1, max(0, (hu - level_hu + window_hu / 2) / window_hu)))


def burnt(stage, pane):
    return stage.pane(pane).locator(".ll-burnt").inner_text()


def settle(stage, condition):
    stage.page.wait_for_function(condition)


def wait_slice(stage, pane, index):
    stage.page.wait_for_selector(f".ll-pane[data-pane={pane}][data-slice='{index}']")
