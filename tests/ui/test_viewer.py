"""The viewer's Python side: what it refuses, what it packs, what it sends and what it keeps back."""

import gzip
import json
import subprocess
import sys

import numpy as np
import pytest

from liverlab.ui import plotly_loader
from liverlab.ui.viewer import Viewer, assets, messages
from liverlab.ui.viewer.config import PRESETS, complete_config
from liverlab.ui.viewer.widget import AUTO_BYTES

Z_MM = (-3.0, 0.0, 3.0)


def picture(pane="current", visit=0, slice_index=1, matrix=256, hu=50):
    array = np.full((matrix, matrix), hu, np.int16)
    return {"pane": pane, "visit": visit, "slice": slice_index, "matrix": matrix, "hu": array}


def frame(version=1, **changes):
    panes = {"prior": {"visit": 0, "label": "Day 0"}, "current": {"visit": 0, "label": "Day 84"}}
    return {"version": version, "slice": 1, "visit": 0, "panes": panes} | changes


class Wire:
    """A viewer whose messages are kept instead of sent."""

    def __init__(self, **config):
        self.sent, self.asked = [], []
        self.viewer = Viewer({"z_mm": Z_MM} | config, provider=self.provide)
        self.viewer.send = lambda content, buffers=(): self.sent.append((content, list(buffers)))

    def provide(self, pane, visit, slice_index, matrix):
        self.asked.append((pane, visit, slice_index, matrix))
        return np.full((matrix, matrix), slice_index, np.int16)

    def hear(self, **content):
        self.viewer._receive(self.viewer, content, [])

    def kinds(self):
        return [content["type"] for content, _ in self.sent]


@pytest.fixture
def wire():
    wire = Wire()
    wire.hear(type="ready", number=-1)
    return wire


# ---- configuration


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"fov": 400}, "unknown viewer setting 'fov'"),
        ({"z_mm": []}, "z_mm must hold at least one"),
        ({"z_mm": [float("nan")]}, "z_mm must hold at least one finite"),
        ({"fov_mm": 0}, "fov_mm must be above 0, got 0.0"),
        ({"crop": (0.9, 0.1)}, "crop must be two rising fractions"),
        ({"z_mm": [0, 3, 3]}, "z_mm must rise"),
        ({"panes": list("abcde")}, "panes must name one to four different panes"),
        ({"panes": ["a", "a"]}, "panes must name one to four different panes"),
        ({"presets": [{"name": "x", "window_hu": 0, "level_hu": 1}]}, "preset 'x' must have a window above 0"),
        ({"stacks": {"later": ["a"]}}, "stacks name the pane 'later'"),
        ({"stacks": {"current": []}}, "stacks must give every pane one series or more"),
        ({"stacks": {"current": ["prior"]}}, "stacks must give every pane one series or more, each once"),
        ({"series": {"pet": {}}}, "series 'pet' is shown in no pane"),
        ({"series": {"prior": {"colour": "iron"}}}, "unknown setting of series 'prior' 'colour'"),
        ({"series": {"prior": {"unit": ""}}}, "unit of series 'prior' must be a text"),
        ({"series": {"prior": {"scale": 0}}}, "scale of series 'prior' must be above 0"),
        ({"series": {"prior": {"digits": 4}}}, "digits of series 'prior' must be 0 to 3"),
        ({"series": {"prior": {"opacity": 0}}}, "opacity of series 'prior' must be above 0"),
        ({"series": {"prior": {"colours": "pink"}}}, "colours of series 'prior' must be one of iron"),
        ({"series": {"prior": {"colours": [[0, 0, 0], [0, 0, 256]]}}}, "must be two or more"),
        ({"series": {"prior": {"over": "pet"}}}, "series 'prior' must lie over a plain series, got 'pet'"),
        ({"presets": []}, "presets must hold one to five windows, got 0"),
        ({"z_mm": Z_MM, "slice": 3}, "slice must be 0 to 2, got 3"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value(config, words):
    with pytest.raises(ValueError, match=words):
        complete_config(config)


def test_the_middle_slice_is_the_first_one_shown_and_defaults_are_not_shared():
    config = complete_config({"z_mm": Z_MM})
    assert config["slice"] == 1
    config["presets"][0]["window_hu"] = 1
    assert PRESETS[0]["window_hu"] == 150
    assert [preset["name"] for preset in config["presets"]] == ["Liver", "Soft tissue", "Bone", "Lung", "Custom"]


# ---- packing


def test_only_the_rows_of_the_crop_travel():
    hu = np.arange(256 * 256, dtype=np.int32).astype(np.int16).reshape(256, 256)
    records, buffers = messages.pack_pictures([picture() | {"hu": hu}], {"current": 7}, (0.1, 0.9))
    record = records[0]
    assert (record["row0"], record["rows"], record["version"]) == (25, 206, 7)
    assert np.array_equal(np.frombuffer(buffers[0], np.int16).reshape(206, 256), hu[25:231])


@pytest.mark.parametrize("hu", [np.zeros((256, 256)), np.zeros((256, 255), np.int16), np.zeros(256, np.int16)])
def test_a_picture_that_is_not_int16_and_square_is_refused(hu):
    with pytest.raises(ValueError, match="hu of pane 'current' must be an int16 array of shape"):
        messages.pack_pictures([picture() | {"hu": hu}], {"current": 1}, (0, 1))


def test_a_picture_for_an_unknown_pane_is_refused():
    with pytest.raises(ValueError, match="pane must be one of"):
        messages.pack_pictures([picture(pane="left")], {"current": 1}, (0, 1))


def test_arrays_in_figures_become_buffers_and_numpy_numbers_plain_ones():
    buffers = [b"first"]
    packed = messages.pack_arrays(
        {"x": np.arange(3.0), "n": np.int64(4), "z": np.zeros((2, 2)), "t": (1, "a")}, buffers
    )
    assert packed == {"x": {"$buffer": 1, "dtype": "f8"}, "n": 4, "z": [[0, 0], [0, 0]], "t": [1, "a"]}
    assert np.frombuffer(buffers[1]).tolist() == [0, 1, 2]
    json.dumps(packed)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"panes": {"prior": {"visit": 0}}}, "frame panes must be"),
        ({"slice": 3}, "frame slice must be 0 to 2, got 3"),
        ({"panes": {"prior": {}, "current": {"visit": 0}}}, "frame pane 'prior' must have the key 'visit'"),
    ],
)
def test_a_wrong_frame_is_refused_before_anything_is_sent(wire, changes, words):
    with pytest.raises(ValueError, match=words):
        wire.viewer.show(frame(**changes))
    assert wire.sent == []


def test_a_frame_without_a_version_is_refused(wire):
    with pytest.raises(ValueError, match="frame must have the key 'version'"):
        wire.viewer.show({"slice": 0, "visit": 0, "panes": {}})


# ---- sending


def test_before_the_page_listens_the_frame_is_state_afterwards_a_message():
    wire = Wire()
    wire.viewer.show(frame(), [picture()])
    assert wire.sent == []
    assert wire.viewer._initial["content"]["frame"]["version"] == 1
    wire.hear(type="ready", number=0)
    assert wire.sent == []
    wire.viewer.show(frame(2), [picture()])
    assert wire.kinds() == ["frame"]
    assert wire.viewer.get_state("_initial")["_initial"]["content"]["frame"]["version"] == 2


def test_a_page_that_comes_late_is_sent_the_newest_frame():
    wire = Wire()
    wire.viewer.show(frame(), [picture()])
    wire.hear(type="ready", number=-1)
    assert wire.kinds() == ["frame"]
    assert len(wire.sent[0][1]) == 1


def test_what_the_browser_holds_is_known_per_version(wire):
    panes = {"prior": {"visit": 0, "version": "a"}, "current": {"visit": 0, "version": "b"}}
    wire.viewer.show(frame(panes=panes), [picture("prior"), picture("current")])
    assert wire.viewer.holds("prior", "a", 0, 1, 256)
    panes = {"prior": {"visit": 0, "version": "a"}, "current": {"visit": 0, "version": "c"}}
    assert not wire.viewer.holds("current", "c", 0, 1, 256)
    wire.viewer.show(frame(2, panes=panes), [])
    assert wire.viewer.holds("prior", "a", 0, 1, 256)
    assert not wire.viewer.holds("current", "c", 0, 1, 256)
    assert not wire.viewer.holds("current", "b", 0, 1, 256)


def test_rest_sharpens_what_is_visible_and_calls_back(wire):
    rested = []
    wire.viewer.on_rest = rested.append
    wire.viewer.show(frame(), [picture("prior"), picture("current")])
    wire.hear(type="rest", version=1)
    assert wire.asked == [("prior", 0, 1, 512), ("current", 0, 1, 512)]
    assert rested == [1]
    wire.hear(type="rest", version=0)
    wire.hear(type="rest", version=1, wishes=[], calm=False)
    assert rested == [1]


def test_a_wish_for_a_frame_that_is_gone_is_dropped(wire):
    wire.viewer.show(frame(), [])
    wire.hear(type="need", version=0, wishes=[{"pane": "prior", "visit": 0, "slice": 0, "matrix": 256}])
    assert wire.asked == []


@pytest.mark.parametrize("wish", [{"pane": "x"}, {"slice": 9}, {"slice": -1}, {"matrix": 100000}])
def test_a_wish_that_makes_no_sense_never_reaches_the_renderer(wire, wish):
    wire.viewer.show(frame(), [])
    wire.hear(type="need", version=1, wishes=[{"pane": "prior", "visit": 0, "slice": 0, "matrix": 256} | wish])
    assert wire.asked == []


def test_guesses_stop_at_two_megabytes_but_what_the_learner_asks_for_does_not(wire):
    wire.viewer.show(frame(), [picture("prior"), picture("current")])
    wishes = [{"pane": "current", "visit": visit, "slice": 1, "matrix": 512} for visit in range(1, 9)]
    wire.hear(type="need", auto=True, version=1, wishes=wishes)
    content = wire.sent[-1][0]
    assert content["exhausted"] is True
    assert wire.viewer.bytes_sent <= AUTO_BYTES
    assert wire.viewer.bytes_sent > AUTO_BYTES - 600_000
    assert content["refused"] == [f"current/{visit}/1/512" for visit in range(4, 9)]
    wire.hear(type="need", auto=False, version=1, wishes=wishes[3:])
    assert len(wire.sent[-1][0]["pictures"]) == 5
    wire.viewer.show(frame(2), [])
    wire.hear(type="need", auto=True, version=2, wishes=wishes[:1])
    assert wire.sent[-1][0]["exhausted"] is False


def test_bytes_are_counted_as_they_travel(wire):
    wire.viewer.show(frame(), [picture()])
    content, buffers = wire.sent[0]
    assert wire.viewer.bytes_sent == len(json.dumps(content)) + sum(memoryview(buffer).nbytes for buffer in buffers)
    assert memoryview(buffers[0]).nbytes == 2 * 256 * 256


def test_a_renderer_that_fails_is_reported_to_the_page_and_raised(wire):
    def broken(*_):
        raise ValueError("slice_mm must be 1 to 10, got 0.")

    wire.viewer.provider = broken
    wire.viewer.show(frame(), [])
    with pytest.raises(ValueError, match="slice_mm"):
        wire.hear(type="rest", version=1)
    assert wire.sent[-1][0] == {
        "type": "error",
        "text": "The kernel could not answer: ValueError: slice_mm must be 1 to 10, got 0.",
    }


def test_go_to_refuses_a_slice_that_does_not_exist(wire):
    with pytest.raises(ValueError, match="slice_index must be 0 to 2, got 3"):
        wire.viewer.go_to(3)
    wire.viewer.go_to(2)
    assert wire.viewer.slice_index == 2


def test_unknown_messages_are_ignored(wire):
    wire.hear(type="something else")
    wire.hear()
    assert wire.sent == []


NOTE = {"id": "m1", "pane": "current", "plane": "axial", "slice": 1, "x_mm": 0.0, "y_mm": 0.0, "z_mm": 0.0}
NOTE |= {"text_at": {"x_mm": 9.0, "y_mm": 0.0, "z_mm": 0.0}, "text": "rim"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pane": "pet"}, "pane of note 'm1' must be one of prior, current, got 'pet'"),
        ({"plane": "oblique"}, "plane of note 'm1' must be one of axial, coronal, sagittal"),
        ({"text": None}, "a note must have the key 'text'"),
    ],
)
def test_a_note_that_no_pane_could_show_is_refused(wire, change, words):
    wire.viewer.notes = [NOTE]
    broken = {key: value for key, value in (NOTE | change).items() if value is not None}
    with pytest.raises(ValueError, match=words):
        wire.viewer.notes = [broken]
    assert wire.viewer.notes == [NOTE]


# ---- series


def test_a_frame_speaks_of_series_and_stacks_say_where_they_are_shown():
    wire = Wire(stacks={"current": ["80 kVp", "140 kVp"]}, series={"140 kVp": {"unit": "HU"}})
    assert list(wire.viewer.config["series"]) == ["prior", "80 kVp", "140 kVp"]
    wire.hear(type="ready", number=-1)
    with pytest.raises(ValueError, match="frame panes must be"):
        wire.viewer.show(frame())
    panes = {name: {"visit": 0} for name in wire.viewer.config["series"]}
    wire.viewer.show(frame(panes=panes), [picture("140 kVp")])
    wire.hear(type="need", version=1, wishes=[{"pane": "80 kVp", "visit": 0, "slice": 2, "matrix": 256}])
    assert wire.asked == [("80 kVp", 0, 2, 256)]


def test_a_series_takes_the_viewers_windows_unless_it_has_its_own():
    own = [{"name": "SUV", "window_hu": 10, "level_hu": 5}]
    series = {
        "current": {"unit": "SUV", "scale": 0.01, "digits": 1, "presets": own, "colours": "iron", "over": "prior"}
    }
    config = complete_config({"z_mm": Z_MM, "series": series})
    assert config["series"]["prior"]["presets"][0]["name"] == "Liver"
    assert config["series"]["current"]["presets"] == own
    assert config["series"]["current"]["colours"][0] == [0, 0, 0]
    assert config["series"]["prior"]["unit"] == "HU"


# ---- files


def test_the_script_is_one_module_whose_parts_import_nothing():
    script = assets.script()
    assert script.count("export default") == 1
    assert "import " not in "".join(line for line in script.splitlines() if line.startswith("import"))
    on_disk = {path.stem for path in (assets.FOLDER / "js").glob("*.js")}
    assert on_disk == set(assets.SCRIPT_PARTS)


def test_no_part_grows_over_four_hundred_lines():
    assert [path.name for path in (assets.FOLDER / "js").glob("*.js") if len(path.read_text().splitlines()) > 400] == []


def test_nothing_is_fetched_from_anywhere():
    for text in (assets.script(), assets.style()):
        assert "https://" not in text
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
        assert "@import" not in text


def test_plotly_js_comes_from_the_wheel_and_is_the_whole_file():
    assert gzip.decompress(plotly_loader.plotly_js_gzip()) == plotly_loader.plotly_js_path().read_bytes()
    assert 1_000_000 < len(plotly_loader.plotly_js_gzip()) < 2_500_000


def test_a_missing_plotly_is_one_clear_sentence(monkeypatch):
    plotly_loader.plotly_js_path.cache_clear()
    monkeypatch.setattr(plotly_loader, "find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match="install the plotly package"):
        plotly_loader.plotly_js_path()
    plotly_loader.plotly_js_path.cache_clear()


def test_viewer_and_its_first_frame_import_neither_pandas_nor_plotly_nor_scipy():
    code = (
        "import sys\nfrom liverlab.ui.viewer.demo import demo_page\ndemo_page()\n"
        "print(sorted({'pandas', 'plotly', 'scipy', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
