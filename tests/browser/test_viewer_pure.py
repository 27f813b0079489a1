"""The viewer's pure JavaScript functions against values worked out by hand."""

import math

import pytest

from liverlab.ui import figures

from .stage import Stage
from .viewer_case import Patient


@pytest.fixture(scope="module")
def pure(browser):
    page = browser.new_page()
    yield Stage(page, Patient().viewer).pure
    page.close()


def test_liver_window_of_the_dossier(pure):
    # W150 L50: black at -25, white at 125, HU 105 -> 0.867, HU 65 -> 0.60 (dossier 2.7).
    assert pure("[-26, -25, 125, 126].map((hu) => p.greyOf(hu, 150, 50))") == [0, 0, 255, 255]
    assert pure("p.greyOf(105, 150, 50)") == round(255 * 130 / 150)
    assert pure("p.greyOf(65, 150, 50)") == round(255 * 0.6)
    assert pure("p.greyOf(65, 150, 50, true)") == 255 - round(255 * 0.6)


def test_table_paints_opaque_greys_and_clips_values_outside_it(pure):
    words = pure("""(() => { const table = p.paintTable({window_hu: 150, level_hu: 50, invert: false});
        const counts = new Int16Array([-3000, -1024, 65, 3071, 32000]);
        return [...p.applyTable(counts, table, new Uint32Array(5))]; })()""")
    grey = round(255 * 0.6)
    assert words == [0xFF000000, 0xFF000000, 0xFF000000 | grey << 16 | grey << 8 | grey, 0xFFFFFFFF, 0xFFFFFFFF]


def test_dragging_widens_to_the_right_and_darkens_downwards_within_limits(pure):
    assert pure("p.dragWindow({window_hu: 300, level_hu: 40}, 50, 0)") == {"window_hu": 350, "level_hu": 40}
    assert pure("p.dragWindow({window_hu: 300, level_hu: 40}, 0, 25)") == {"window_hu": 300, "level_hu": 65}
    assert pure("p.dragWindow({window_hu: 300, level_hu: 40}, -9999, -9999)") == {"window_hu": 1, "level_hu": -1024}


def test_signs_are_typographic_and_zero_has_none(pure):
    assert pure("[p.signed(-12.34, 1), p.signed(-0.01, 1), p.signed(7)]") == ["\u221212.3", "0.0", "7"]


PLANES = (
    "p.makePlanes({fov_mm: 400, centre_mm: [10, -30], crop: [0.1, 0.9], z_mm: [-6, -3, 0, 3, 6], drag_matrix: 200})"
)
GEOMETRY = f"{PLANES}.axial"
BOX = "{width: 400, height: 320}"


def test_patient_and_picture_frames_are_inverse(pure):
    assert pure(f"p.patientToPlane({GEOMETRY}, {{x_mm: 10, y_mm: -30, z_mm: 0}})") == {"u": 200, "v": 200}
    assert pure(f"p.patientToPlane({GEOMETRY}, {{x_mm: -90, y_mm: 20, z_mm: 0}})") == {"u": 100, "v": 250}
    assert pure(f"p.planeToPatient({GEOMETRY}, 100, 250, 3)") == {"x_mm": -90, "y_mm": 20, "z_mm": 3}


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
    ball = "{x_mm: 50, y_mm: 0, z_mm: 0, rx_mm: 10, ry_mm: 20, rz_mm: 5}"
    cut = lambda plane, depth: pure(f"p.crossSection({ball}, {PLANES}.{plane}, {depth}, false)")  # noqa: E731
    radii = lambda found: (found["ru_mm"], found["rv_mm"])  # noqa: E731
    assert radii(cut("axial", 3)) == pytest.approx((8, 16))
    assert radii(cut("coronal", 12)) == pytest.approx((8, 4))
    assert radii(cut("sagittal", 58)) == pytest.approx((12, 3))
    assert cut("axial", 5) is None
    flat = "{rx_mm: 4, ry_mm: 6}"
    assert pure(f"p.crossSection({flat}, {GEOMETRY}, 3, false)") is None
    assert radii(pure(f"p.crossSection({flat}, {GEOMETRY}, 3, true)")) == (4, 6)
    assert pure(f"p.crossSection({flat}, {PLANES}.coronal, 3, true)") is None


def test_ruler_and_probe(pure):
    assert pure("p.distanceMm({u: 1, v: 2}, {u: 4, v: 6})") == 5
    picture = "p.axialPicture({matrix: 2, row0: 0, rows: 2}, new Int16Array([1, 2, 3, 4]), 40)"
    places = "[[10, 10], [30, 10], [10, 30], [39.9, 39.9]]"
    assert pure(f"{places}.map(([u, v]) => p.countAt({picture}, u, v))") == [1, 2, 3, 4]
    assert pure(f"[[-1, 10], [40, 10], [10, 41]].map(([u, v]) => p.countAt({picture}, u, v))") == [None] * 3
    cropped = "p.axialPicture({matrix: 2, row0: 1, rows: 1}, new Int16Array([3, 4]), 40)"
    assert pure(f"[p.countAt({cropped}, 10, 30), p.countAt({cropped}, 10, 10)]") == [3, None]


def test_ellipse_statistics_are_those_of_the_pixels_whose_centre_is_inside(pure):
    numbers = pure("""(() => { const n = 64, counts = new Int16Array(n * n);
        for (let i = 0; i < n * n; i++) counts[i] = (i * 37) % 101 - 20;
        const picture = p.axialPicture({matrix: n, row0: 0, rows: n}, counts, 128);
        return { hu: [...counts], stats: p.ellipseStats(picture, {u: 61, v: 40}, 17, 9),
          scaled: p.ellipseStats(picture, {u: 61, v: 40}, 17, 9, 0.01) }; })()""")
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
            "mean": mean,
            "sd": math.sqrt(sum((hu - mean) ** 2 for hu in inside) / len(inside)),
            "min": min(inside),
            "max": max(inside),
            "area_mm2": math.pi * 17 * 9,
        }
    )
    assert numbers["scaled"]["mean"] == pytest.approx(mean / 100)
    assert numbers["scaled"]["sd"] == pytest.approx(numbers["stats"]["sd"] / 100)


def test_ellipse_outside_the_picture_has_no_mean(pure):
    picture = "p.axialPicture({matrix: 2, row0: 0, rows: 2}, new Int16Array(4), 40)"
    stats = pure(f"p.ellipseStats({picture}, {{u: 900, v: 10}}, 5, 5)")
    assert stats["count"] == 0
    assert stats["mean"] is None


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
        ("{key: 'ArrowUp'}", "scroll", {"action": "slice", "up": 1}),
        ("{key: 'ArrowLeft'}", "scroll", None),
        ("{key: 'PageDown'}", "ruler", {"action": "slice", "up": -5}),
        ("{key: 'ArrowLeft', shiftKey: true}", "ruler", {"action": "cursor", "dx": -1, "dy": 0, "coarse": True}),
        ("{key: 'ArrowDown'}", "window", {"action": "window", "key": "ArrowDown", "coarse": False}),
        ("{key: '3'}", "scroll", {"action": "preset", "index": 2}),
        ("{key: 'R'}", "scroll", {"action": "tool", "tool": "ruler"}),
        ("{key: 'Enter'}", "ellipse", {"action": "place"}),
        ("{key: 'Enter'}", "scroll", {"action": "place"}),
        ("{key: ' '}", "scroll", None),
        ("{key: '['}", "scroll", {"action": "stack", "by": -1}),
        ("{key: ']', ctrlKey: true, altKey: true}", "scroll", {"action": "stack", "by": 1}),
        ("{key: 'C'}", "ruler", {"action": "cine"}),
        ("{key: 'm', repeat: true}", "scroll", {"action": "none"}),
        ("{key: 'i', repeat: true}", "scroll", {"action": "none"}),
        ("{key: 'ArrowUp', repeat: true}", "scroll", {"action": "slice", "up": 1}),
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
    read = """[0, 1].map((shift) => { const bytes = new ArrayBuffer(9);
        new DataView(bytes).setInt16(shift, -321, true);
        return [...p.bufferToCounts(new DataView(bytes, shift, 2))]; })"""
    assert pure(read) == [[-321], [-321]]


def test_figure_layout_takes_the_theme_but_keeps_its_own_axes(pure):
    layout = pure("""p.themedLayout({yaxis: {title: "mm", range: [0, 5]}, xaxis2: {title: {text: "day"}}},
        {ink: "#111", paper: "#fff", line: "#ccc", dark: false}, 300, 150)""")
    assert layout["yaxis"]["range"] == [0, 5]
    assert layout["yaxis"]["title"]["text"] == "mm"
    assert layout["xaxis2"]["title"]["text"] == "day"
    assert layout["font"]["color"] == "#111"
    assert (layout["width"], layout["height"]) == (300, 150)


# ---- planes and reformats


@pytest.mark.parametrize(("plane", "depth_mm"), [("axial", 3), ("coronal", -20), ("sagittal", 41)])
def test_every_plane_knows_its_way_to_the_patient_and_back(pure, plane, depth_mm):
    there = pure(f"p.planeToPatient({PLANES}.{plane}, 120, 7, {depth_mm})")
    assert pure(f"p.patientToPlane({PLANES}.{plane}, {there})") == pytest.approx({"u": 120, "v": 7})
    depth = {"axial": "z_mm", "coronal": "y_mm", "sagittal": "x_mm"}[plane]
    assert there[depth] == depth_mm


def test_letters_and_directions_of_the_planes(pure):
    # Right of the patient on the left of the screen, front on the left of a sagittal picture, head up.
    letters = {plane: "".join(pure(f"{PLANES}.{plane}.letters")) for plane in ("axial", "coronal", "sagittal")}
    assert letters == {"axial": "RLAP", "coronal": "RLHF", "sagittal": "APHF"}
    head, foot = (pure(f"p.patientToPlane({PLANES}.coronal, {{x_mm: 0, y_mm: 0, z_mm: {z}}}).v") for z in (6, -6))
    assert head < foot
    front, back = (pure(f"p.patientToPlane({PLANES}.sagittal, {{x_mm: 0, y_mm: {y}, z_mm: 0}}).u") for y in (-90, 60))
    assert front < back
    assert pure(f"p.depthWords({PLANES}.coronal, 0)").endswith("anterior")
    assert pure(f"p.depthWords({PLANES}.sagittal, 0)").endswith("right")


VOLUME = """const z_mm = [0, 3, 6, 9, 12, 15, 18, 21];
    const config = {fov_mm: 64, centre_mm: [0, 0], crop: [0.25, 1], z_mm, drag_matrix: 32};
    const planes = p.makePlanes(config);
    const slice = (value, matrix = 32) => { const row0 = matrix / 4, rows = matrix - row0, mm = 64 / matrix;
      const counts = new Int16Array(matrix * rows);
      for (let i = 0; i < counts.length; i++) {
        const column = i % matrix, row = Math.floor(i / matrix) + row0;
        counts[i] = value((column + 0.5) * mm - 32, (row + 0.5) * mm - 32); }
      return p.axialPicture({matrix, row0, rows}, counts, 64); };"""


def test_a_reformat_of_a_linear_volume_is_that_linear_volume(pure):
    told = pure(f"""(() => {{ {VOLUME}
        const slices = config.z_mm.map((z) => slice((x, y) => 10 * x + 20 * y + 30 * z));
        return ["coronal", "sagittal"].map((plane) => {{ const g = planes[plane];
          const made = p.reformat(slices, config.z_mm, g, 9);
          const at = g.positions_mm[9];
          let worst = 0;
          for (let row = 0; row < made.rows; row++) for (let c = 0; c < made.columns; c++) {{
            const v = (row + 0.5) * made.dv, u = made.u0 + (c + 0.5) * made.du;
            const here = p.planeToPatient(g, u, v, at);
            if (here.z_mm < 0 || here.z_mm > 21) continue;
            const want = 10 * here.x_mm + 20 * here.y_mm + 30 * here.z_mm;
            worst = Math.max(worst, Math.abs(made.counts[row * made.columns + c] - want)); }}
          return [worst, made.columns * made.du, made.rows * made.dv]; }}); }})()""")
    # Width is the field of view (or its cropped rows), height eight slices of 3 mm; half a count is rounding.
    assert told[0] == [pytest.approx(0, abs=0.51), 64, pytest.approx(24)]
    assert told[1] == [pytest.approx(0, abs=0.51), 48, pytest.approx(24)]


def test_a_ball_stays_round_in_a_reformat(pure):
    width, height = pure(f"""(() => {{ {VOLUME}
        const ball = (z) => (x, y) => (x * x + y * y + (z - 10.5) ** 2 < 81 ? 100 : 0);
        const slices = config.z_mm.map((z) => slice(ball(z)));
        const g = planes.coronal, made = p.reformat(slices, config.z_mm, g, p.nearestIndex(g.positions_mm, 0));
        const inside = [...made.counts.keys()].filter((i) => made.counts[i] >= 50);
        const span = (list, mm) => (Math.max(...list) - Math.min(...list) + 1) * mm;
        const [across, down] = [inside.map((i) => i % made.columns), inside.map((i) => Math.floor(i / made.columns))];
        return [span(across, made.du), span(down, made.dv)];
        }})()""")
    assert width == pytest.approx(18, abs=2)
    assert height == pytest.approx(18, abs=3)


def test_missing_slices_are_bridged_and_sharper_ones_serve_as_well(pure):
    told = pure(f"""(() => {{ {VOLUME}
        const made_of = (z, k) => slice(() => 30 * z, k === 4 ? 64 : 32);
        const slices = z_mm.map((z, k) => ([0, 4, 7].includes(k) ? made_of(z, k) : null));
        const made = p.reformat(slices, config.z_mm, planes.coronal, 3);
        return [[...made.counts].filter((_, i) => i % made.columns === 5), made.rows, made.dv,
          p.enoughSlices(slices), p.enoughSlices([...slices.slice(0, 4), null, null, null, slices[7]]),
          p.reformat(slices.map(() => null), config.z_mm, planes.coronal, 3)]; }})()""")
    column, rows, dv, enough, gap, nothing = told
    heights = [min(21, max(0, 22.5 - (row + 0.5) * dv)) for row in range(rows)]
    assert column == pytest.approx([30 * z for z in heights], abs=1)
    assert (enough, gap, nothing) == (True, False, None)


@pytest.mark.parametrize("count", [1, 5, 64])
def test_a_volume_is_fetched_from_coarse_to_fine_and_whole(pure, count):
    order = pure(f"p.coarseToFine({count})")
    assert sorted(order) == list(range(count))
    assert order[: math.ceil(count / 4)] == list(range(0, count, 4))


# ---- colours, units


def test_a_colour_ramp_runs_through_its_stops(pure):
    ramp = pure("[...p.colourRamp([[0, 0, 0], [200, 100, 0], [255, 255, 255]])]")
    assert [ramp[3 * i : 3 * i + 3] for i in (0, 255)] == [[0, 0, 0], [255, 255, 255]]
    assert ramp[3 * 127 : 3 * 127 + 3] == pytest.approx([200, 100, 0], abs=2)


def test_a_fused_series_is_clear_where_nothing_glows(pure):
    fused = "{scale: 0.01, digits: 1, colours: [[0, 0, 0], [255, 0, 0]], over: 'ct', opacity: 0.5}"
    look = "{window_hu: 10, level_hu: 5, invert: false}"
    # SUV 0, 5 and 10 are counts 0, 500 and 1000.
    words = pure(
        f"(() => {{ const t = p.paintTable({look}, {fused}); return [0, 500, 1000].map((c) => t[c + 1024]); }})()"
    )
    assert [word >> 24 for word in words] == pytest.approx([0, 128, 128], abs=1)
    assert [word & 255 for word in words] == pytest.approx([0, 128, 255], abs=1)


def test_windows_move_in_steps_of_the_series_and_stay_in_its_range(pure):
    suv = "{scale: 0.01, digits: 1}"
    assert pure(f"p.keyWindow({{window_hu: 6, level_hu: 3}}, 'ArrowRight', false, {suv})") == {
        "window_hu": 6.2,
        "level_hu": 3,
    }
    assert pure(f"p.dragWindow({{window_hu: 6, level_hu: 3}}, 50, -25, {suv})") == {"window_hu": 7, "level_hu": 2.5}
    low = pure(f"p.dragWindow({{window_hu: 6, level_hu: 3}}, -99999, 99999, {suv})")
    assert low == {"window_hu": 0.1, "level_hu": 30.7}


# ---- cine, flicker, notes


def test_cine_turns_round_at_both_ends(pure):
    played = pure("""(() => { let at = {slice: 2, direction: 1}; const seen = [];
        for (let i = 0; i < 8; i++) { at = p.nextCine(at.slice, at.direction, 4); seen.push(at.slice); }
        return seen; })()""")
    assert played == [3, 2, 1, 0, 1, 2, 3, 2]
    assert pure("p.nextCine(0, 1, 1)") == {"slice": 0, "direction": 1}


def test_no_flicker_rate_makes_more_than_three_flashes_a_second(pure):
    rates = pure("p.FLICKER_RATES")
    assert max(rates) / 2 <= 3
    assert pure("p.nextRate(p.FLICKER_RATES, 3, 1)") == max(rates)
    assert pure("p.nextRate(p.FLICKER_RATES, 1, -1)") < 1


def test_words_of_a_note_are_wrapped_and_never_lost(pure):
    text = "ring enhancement here, size unclear supercalifragilistic"
    lines = pure(f"p.wrapWords('{text}', 12)")
    assert max(map(len, lines)) <= 12
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert pure("p.wrapWords('  ', 12)") == [""]


# ---- tables of figures


def table(pure, data, layout="{xaxis: {title: {text: 'day'}}, yaxis: {title: 'HU'}}"):
    (found,) = pure(f"p.tablesOf({{data: {data}, layout: {layout}}})")
    return found["head"], found["rows"], found["note"]


def test_lines_over_the_same_days_stand_side_by_side_with_their_unit(pure):
    data = """[{name: "liver", x: new Float32Array([0, 1]), y: [50.1, -2]}, {name: "spot", x: [0, 1], y: [null, 7]},
               {mode: "text", name: "labels", x: [0], y: [0], text: ["a word"]}]"""
    assert table(pure, data) == (["day", "liver, HU", "spot, HU"], [["0", "50.1", ""], ["1", "\u22122", "7"]], "")


def test_lines_over_other_days_stand_one_below_the_other_and_name_the_second_axis(pure):
    data = """[{name: "liver", x: [0, 1], y: [5, 6]}, {name: "portal", x: [3], y: [12], yaxis: "y2", text: ["Ann"]}]"""
    layout = "{xaxis: {title: 'day'}, yaxis: {title: '%'}, yaxis2: {title: 'mmHg'}}"
    rows = [["liver", "0", "5"], ["liver", "1", "6"], ["portal: Ann", "3", "12 mmHg"]]
    assert table(pure, data, layout) == (["what", "day", "%"], rows, "")


def test_dots_among_lines_get_a_table_of_their_own(pure):
    data = """[{name: "a", x: [0, 1], y: [5, 6]}, {name: "dots", x: [3], y: [7]}, {name: "b", x: [0, 1], y: [8, 9]}]"""
    beside, below = pure(f"p.tablesOf({{data: {data}}})")
    assert beside["rows"] == [["0", "5", "8"], ["1", "6", "9"]]
    assert below["rows"] == [["dots", "3", "7"]]


def test_a_long_curve_is_given_at_even_steps_with_its_end_and_says_so(pure):
    x = "Array.from({length: 401}, (_, k) => k)"
    _, rows, note = table(pure, f"[{{name: 'a', x: {x}, y: {x}}}]")
    days = [float(day) for day, _ in rows]
    assert len(days) <= 26
    assert (days[0], days[1] - days[0], days[-1]) == (0, 17, 400)
    assert note == "lines are given at even steps"


def test_flat_bars_are_named_by_their_group_and_whiskers_are_written_out(pure):
    data = """[{type: "bar", orientation: "h", name: "all", y: ["one", "two"], x: [3, 4],
                error_x: {array: [1, 2], arrayminus: [0.5, 0]}}]"""
    layout = "{xaxis: {title: 'patients'}}"
    expected = (["group", "all, patients"], [["one", "3 (2.5 to 4)"], ["two", "4 (4 to 6)"]], "")
    assert table(pure, data, layout) == expected


def test_words_of_an_axis_replace_its_numbers_and_a_map_brings_its_own_table(pure):
    layout = "{xaxis: {tickvals: [1, 2], ticktext: ['low', 'high']}, yaxis: {title: 'mm'}}"
    assert table(pure, "[{x: [2], y: [9]}]", layout)[1] == [["high", "9"]]
    (own,) = pure("p.tablesOf({data: [], table: {head: ['segment', 'mL'], rows: [['I', 40]]}})")
    assert own == {"head": ["segment", "mL"], "rows": [["I", "40"]], "note": ""}


def test_surfaces_are_listed_with_their_volume(pure):
    data = "[{type: 'mesh3d', name: 'Lesion A, 12 mL'}, {type: 'mesh3d', name: 'Portal vein'}]"
    assert table(pure, data)[:2] == (["surface", "volume"], [["Lesion A", "12 mL"], ["Portal vein", ""]])


def test_on_dark_paper_every_colour_stands_out(pure):
    for colour in (
        figures.BLUE,
        figures.VERMILION,
        figures.GREEN,
        figures.PURPLE,
        figures.GREY,
        figures.SKY,
        figures.ORANGE,
    ):
        lighter = pure(f"p.lightened('{colour}')")
        share = [int(lighter[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in share]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert (luminance + 0.05) / (0.0152 + 0.05) >= 3.0, colour  # JupyterLab's dark paper, #212121
        assert pure(f"p.lightened('{colour}29')") == f"{lighter}29"
