"""The viewer's pure JavaScript functions against values worked out by hand."""

import math

import pytest

from .stage import Stage
from .viewer_case import Patient


@pytest.fixture(scope="module")
def pure(browser):
    page = browser.new_page()
    yield Stage(page, Patient().viewer).pure
    page.close()


def test_liver_window_of_the_dossier(pure):
    # W150 L50: black at -25, white at 125, HU 105 -> 0.867, HU 65 -> 0.60 (dossier 2.7).
    assert pure("[-26, -25, 125, 126].map((hu) => p.greyOfHu(hu, 150, 50))") == [0, 0, 255, 255]
    assert pure("p.greyOfHu(105, 150, 50)") == round(255 * 130 / 150)
    assert pure("p.greyOfHu(65, 150, 50)") == round(255 * 0.6)
    assert pure("p.greyOfHu(65, 150, 50, true)") == 255 - round(255 * 0.6)


def test_table_paints_opaque_greys_and_clips_values_outside_it(pure):
    words = pure("""(() => { const table = p.greyTable(150, 50);
        const hu = new Int16Array([-3000, -1024, 65, 3071, 32000]);
        return [...p.applyGreyTable(hu, table, new Uint32Array(5))]; })()""")
    grey = round(255 * 0.6)
    assert words == [0xFF000000, 0xFF000000, 0xFF000000 | grey << 16 | grey << 8 | grey, 0xFFFFFFFF, 0xFFFFFFFF]


def test_dragging_widens_to_the_right_and_darkens_downwards_within_limits(pure):
    assert pure("p.dragWindow({window_hu: 300, level_hu: 40}, 50, 0)") == {"window_hu": 350, "level_hu": 40}
    assert pure("p.dragWindow({window_hu: 300, level_hu: 40}, 0, 25)") == {"window_hu": 300, "level_hu": 65}
    assert pure("p.dragWindow({window_hu: 300, level_hu: 40}, -9999, -9999)") == {"window_hu": 1, "level_hu": -1024}


def test_signs_are_typographic_and_zero_has_none(pure):
    assert pure("[p.signed(-12.34, 1), p.signed(-0.01, 1), p.signed(7)]") == ["\u221212.3", "0.0", "7"]


GEOMETRY = "{fov_mm: 400, centre_mm: [10, -30], crop: [0.1, 0.9]}"
BOX = "{width: 400, height: 320}"


def test_patient_and_picture_frames_are_inverse(pure):
    assert pure(f"p.patientToPicture({GEOMETRY}, 10, -30)") == {"u": 200, "v": 200}
    assert pure(f"p.patientToPicture({GEOMETRY}, -90, 20)") == {"u": 100, "v": 250}
    assert pure(f"p.pictureToPatient({GEOMETRY}, 100, 250)") == {"x_mm": -90, "y_mm": 20}


def test_fit_shows_the_cropped_rows_from_edge_to_edge(pure):
    assert pure(f"p.toScreen({GEOMETRY}, {BOX}, p.fitView({GEOMETRY}), 0, 40)") == {"px": 0, "py": 0}
    assert pure(f"p.toScreen({GEOMETRY}, {BOX}, p.fitView({GEOMETRY}), 400, 360)") == {"px": 400, "py": 320}


def test_zooming_keeps_the_point_under_the_pointer_and_the_view_inside(pure):
    before = pure(f"p.toPicture({GEOMETRY}, {BOX}, p.fitView({GEOMETRY}), 100, 200)")
    zoomed = f"p.zoomAt({GEOMETRY}, {BOX}, p.fitView({GEOMETRY}), 3, 100, 200)"
    after = pure(f"p.toPicture({GEOMETRY}, {BOX}, {zoomed}, 100, 200)")
    assert after == pytest.approx(before)
    edge = pure(f"p.panBy({GEOMETRY}, {BOX}, {zoomed}, 9999, 9999)")
    assert pure(f"p.toPicture({GEOMETRY}, {BOX}, {edge_js(edge)}, 0, 0)") == pytest.approx({"u": 0, "v": 40})
    assert pure(f"p.zoomAt({GEOMETRY}, {BOX}, p.fitView({GEOMETRY}), 0.1, 5, 5)") == {"zoom": 1, "u": 200, "v": 200}


def edge_js(view):
    return f"{{zoom: {view['zoom']}, u: {view['u']}, v: {view['v']}}}"


def test_scale_bar_is_the_longest_round_length_that_fits(pure):
    assert pure("[p.scaleBarMm(1, 400), p.scaleBarMm(2, 400), p.scaleBarMm(30, 400)]") == [100, 50, 2]


def test_ellipsoid_outline_shrinks_towards_its_pole_and_flat_outline_stays_on_its_slice(pure):
    ball = "{z_mm: 0, rx_mm: 10, ry_mm: 20, rz_mm: 5}"
    assert pure(f"p.crossSection({ball}, 3, false).rx_mm") == pytest.approx(8)
    assert pure(f"p.crossSection({ball}, 3, false).ry_mm") == pytest.approx(16)
    assert pure(f"p.crossSection({ball}, 5, true)") is None
    assert pure("p.crossSection({rx_mm: 4}, 3, false)") is None
    assert pure("p.crossSection({rx_mm: 4}, 3, true).rx_mm") == 4


def test_ruler_and_probe(pure):
    assert pure("p.distanceMm({u: 1, v: 2}, {u: 4, v: 6})") == 5
    picture = "{hu: new Int16Array([1, 2, 3, 4]), matrix: 2, row0: 0, rows: 2}"
    assert pure(f"[[10, 10], [30, 10], [10, 30], [39.9, 39.9]].map(([u, v]) => p.huAt({picture}, 40, u, v))") == [
        1,
        2,
        3,
        4,
    ]
    assert pure(f"[[-1, 10], [40, 10], [10, 41]].map(([u, v]) => p.huAt({picture}, 40, u, v))") == [None] * 3
    cropped = "{hu: new Int16Array([3, 4]), matrix: 2, row0: 1, rows: 1}"
    assert pure(f"[p.huAt({cropped}, 40, 10, 30), p.huAt({cropped}, 40, 10, 10)]") == [3, None]


def test_ellipse_statistics_are_those_of_the_pixels_whose_centre_is_inside(pure):
    numbers = pure("""(() => { const n = 64, hu = new Int16Array(n * n);
        for (let i = 0; i < n * n; i++) hu[i] = (i * 37) % 101 - 20;
        const stats = p.ellipseStats({hu, matrix: n, row0: 0, rows: n}, 128, {u: 61, v: 40}, 17, 9);
        return { hu: [...hu], stats }; })()""")
    inside = [
        numbers["hu"][row * 64 + column]
        for row in range(64)
        for column in range(64)
        if ((2 * column + 1 - 61) / 17) ** 2 + ((2 * row + 1 - 40) / 9) ** 2 <= 1
    ]
    mean = sum(inside) / len(inside)
    assert numbers["stats"] == pytest.approx(
        {
            "count": len(inside),
            "mean_hu": mean,
            "sd_hu": math.sqrt(sum((hu - mean) ** 2 for hu in inside) / len(inside)),
            "min_hu": min(inside),
            "max_hu": max(inside),
            "area_mm2": math.pi * 17 * 9,
        }
    )


def test_ellipse_outside_the_picture_has_no_mean(pure):
    stats = pure("p.ellipseStats({hu: new Int16Array(4), matrix: 2, row0: 0, rows: 2}, 40, {u: 900, v: 10}, 5, 5)")
    assert stats["count"] == 0
    assert stats["mean_hu"] is None


def test_handles_move_only_what_they_hold(pure):
    ellipse = "{tool: 'ellipse', a: {u: 50, v: 60}, b: {u: 70, v: 70}}"
    east = pure(f"p.ellipseRadii(p.dragHandle({ellipse}, 'east', {{u: 80, v: 0}}))")
    assert east == {"ru": 30, "rv": 10}
    moved = pure(f"p.dragHandle({ellipse}, 'move', {{u: 10, v: 20}})")
    assert (moved["a"], moved["b"]) == ({"u": 10, "v": 20}, {"u": 30, "v": 30})
    ruler = pure("p.dragHandle({tool: 'ruler', a: {u: 0, v: 0}, b: {u: 4, v: 0}}, 'move', {u: 2, v: 3})")
    assert (ruler["a"], ruler["b"]) == ({"u": 0, "v": 3}, {"u": 4, "v": 3})


@pytest.mark.parametrize(
    ("event", "tool", "action"),
    [
        ("{key: 'ArrowUp'}", "scroll", {"action": "slice", "by": 1}),
        ("{key: 'ArrowLeft'}", "scroll", None),
        ("{key: 'PageDown'}", "ruler", {"action": "slice", "by": -5}),
        ("{key: 'ArrowLeft', shiftKey: true}", "ruler", {"action": "cursor", "dx": -1, "dy": 0, "coarse": True}),
        ("{key: 'ArrowDown'}", "window", {"action": "window", "key": "ArrowDown", "coarse": False}),
        ("{key: '3'}", "scroll", {"action": "preset", "index": 2}),
        ("{key: 'R'}", "scroll", {"action": "tool", "tool": "ruler"}),
        ("{key: 'Enter'}", "ellipse", {"action": "place"}),
        ("{key: 'Enter'}", "scroll", None),
        ("{key: 'z', ctrlKey: true}", "scroll", {"action": "undo"}),
        ("{key: 's', ctrlKey: true}", "scroll", None),
        ("{key: 'Tab'}", "scroll", None),
        ("{key: '?', shiftKey: true}", "scroll", {"action": "help"}),
    ],
)
def test_keys(pure, event, tool, action):
    assert pure(f"p.keyAction({event}, '{tool}')") == action


def test_every_key_in_the_help_does_something(pure):
    dead = pure("""p.KEY_TABLE.flatMap((entry) => entry.keys)
        .filter((key) => !["scroll", "ruler"].some((tool) => p.keyAction({key}, tool)))""")
    assert dead == []


def test_pictures_survive_any_alignment(pure):
    assert (
        pure("""[0, 1].map((shift) => { const bytes = new ArrayBuffer(9);
        new DataView(bytes).setInt16(shift, -321, true); return [...p.bufferToHu(new DataView(bytes, shift, 2))]; })""")
        == [
            [-321],
            [-321],
        ]
    )


def test_figure_layout_takes_the_theme_but_keeps_its_own_axes(pure):
    layout = pure("""p.themedLayout({yaxis: {title: "mm", range: [0, 5]}, xaxis2: {title: {text: "day"}}},
        {ink: "#111", paper: "#fff", line: "#ccc", dark: false}, 300, 150)""")
    assert layout["yaxis"]["range"] == [0, 5]
    assert layout["yaxis"]["title"]["text"] == "mm"
    assert layout["xaxis2"]["title"]["text"] == "day"
    assert layout["font"]["color"] == "#111"
    assert (layout["width"], layout["height"]) == (300, 150)
