"""A synthetic patient for trying the viewer: discs of known size and density, no anatomy, no model."""

import numpy as np

FOV_MM = 400.0
Z_MM = tuple(float(z) for z in range(-60, 61, 3))
LESIONS = ((-70.0, -10.0, 18.0), (-110.0, 20.0, 11.0))  # x, y, radius at z = 0, mm


def disc_slice(matrix: int, z_mm: float, lesion_hu: float = 60.0, shrink: float = 1.0, seed: int = 1) -> np.ndarray:
    """Body, liver and lesions as discs: int16 HU of shape (matrix, matrix) over a 400 mm field of view."""
    pixel_mm = FOV_MM / matrix
    axis = (np.arange(matrix) + 0.5) * pixel_mm - FOV_MM / 2
    x, y = axis[None, :], axis[:, None]
    hu = np.full((matrix, matrix), -1000.0)
    hu[(x / 180) ** 2 + (y / 130) ** 2 < 1] = -100
    hu[(x / 165) ** 2 + (y / 115) ** 2 < 1] = 50
    hu[((x + 75) / 85) ** 2 + ((y - 5) / 90) ** 2 < 1] = 105
    hu[x**2 + (y - 60) ** 2 < 20**2] = 180
    for x_mm, y_mm, radius_mm in LESIONS:
        inside = (x - x_mm) ** 2 + (y - y_mm) ** 2 + z_mm**2 < (radius_mm * shrink) ** 2
        hu[inside] = lesion_hu
    noise = np.random.default_rng([seed, matrix, round(z_mm) + 1000]).normal(0, 12, hu.shape)
    return np.clip(np.rint(hu + np.where(hu > -500, noise, 0)), -1024, 3071).astype(np.int16)


def demo_page():
    """A viewer with two sliders on the synthetic patient: what a lesson does, in miniature. Returns one widget."""
    import ipywidgets

    from liverlab.ui.viewer import Viewer

    days = (0, 28, 84, 168)
    lesion = ipywidgets.FloatSlider(value=60, min=20, max=140, step=1, description="Lesion HU")
    visit = ipywidgets.IntSlider(value=3, min=0, max=len(days) - 1, description="Visit")
    cached = {}

    def provider(pane, visit_index, slice_index, matrix):
        shrink = 1 - 0.12 * visit_index
        hu = 105.0 if pane == "prior" or visit_index == 0 else lesion.value
        key = (pane, visit_index, slice_index, matrix, hu)
        if key not in cached:
            if len(cached) > 200:
                cached.clear()
            cached[key] = disc_slice(matrix, Z_MM[slice_index], hu, shrink)
        return cached[key]

    viewer = Viewer({"z_mm": Z_MM, "crop": (0.12, 0.88), "figures": 2}, provider=provider)
    viewer.controls, viewer.visit_control = [lesion], visit
    state = {"version": 0}

    def show(_change=None):
        state["version"] += 1
        now, k = visit.value, viewer.slice_index
        t = np.linspace(0, 200, 60)
        size = 36 * (1 - 0.12 * np.interp(t, days, range(len(days))))
        overlays = {
            pane: [
                {"id": f"{i}", "label": str(i + 1), "kind": ("target", "occult")[i], "x_mm": x, "y_mm": y, "z_mm": 0.0}
                | dict.fromkeys(("rx_mm", "ry_mm", "rz_mm"), radius * (1 - 0.12 * (now if pane == "current" else 0)))
                for i, (x, y, radius) in enumerate(LESIONS)
            ]
            for pane in ("prior", "current")
        }
        frame = {
            "version": state["version"],
            "slice": k,
            "visit": now,
            "panes": {
                "prior": {
                    "visit": 0,
                    "label": "Prior · day 0",
                    "phase": "portal venous, 70 s",
                    "slice_mm": 3,
                    "version": 0,
                },
                "current": {
                    "visit": now,
                    "label": f"Current · day {days[now]}",
                    "phase": "portal venous, 70 s",
                    "slice_mm": 3,
                    "version": lesion.value,
                },
            },
            "visits": [{"label": f"Current · day {day}"} for day in days],
            "figures": lambda: [
                {
                    "id": "size",
                    "title": "Diameter, mm",
                    "alt": f"Diameter falls from 36 mm to {size[-1]:.0f} mm.",
                    "data": [
                        {"x": t, "y": size, "mode": "lines", "name": "lesion 1"},
                        {"x": [days[now]], "y": [36 * (1 - 0.12 * now)], "mode": "markers", "name": "this visit"},
                    ],
                    "layout": {"xaxis": {"title": "day"}, "yaxis": {"title": "mm", "range": [0, 40]}},
                },
                {
                    "id": "hu",
                    "title": "Attenuation, HU",
                    "alt": f"The lesion has {lesion.value:.0f} HU, the liver 105 HU.",
                    "data": [
                        {"x": list(days), "y": [105] + [lesion.value] * 3, "mode": "lines+markers", "name": "lesion 1"},
                        {"x": list(days), "y": [105] * 4, "mode": "lines", "name": "liver", "line": {"dash": "dot"}},
                    ],
                    "layout": {"xaxis": {"title": "day"}, "yaxis": {"title": "HU", "range": [0, 150]}},
                },
            ],
            "text": f"Day {days[now]}: the first lesion measures {36 * (1 - 0.12 * now):.0f} mm "
            f"and {lesion.value:.0f} HU; liver 105 HU.",
            "overlays": overlays,
        }
        pictures = [
            {"pane": pane, "visit": v, "slice": k, "matrix": 256, "hu": provider(pane, v, k, 256)}
            for pane, v in (("prior", 0), ("current", now))
            if not viewer.holds(pane, frame["panes"][pane]["version"], v, k, 256)
        ]
        viewer.show(frame, pictures)

    for control in (lesion, visit):
        control.observe(show, "value")
    show()
    page = ipywidgets.VBox([ipywidgets.HBox([lesion, visit]), viewer])
    page.add_class("liverlab")
    page.viewer = viewer
    return page
