"""`start.py handout`: what is in the file is what the lesson shows, it fits, and it asks nobody for anything."""

import base64
import json
import pathlib
import re
import zlib

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from liverlab import evidence
from liverlab.app.handout import __main__ as command
from liverlab.app.handout import page, recording
from liverlab.app.handout.pictures import STEP_HU, PictureBook, zigzag
from liverlab.app.handout.recording import Recording, Take, controls_of
from liverlab.app.handout.still import Still
from liverlab.lessons import pseudoprogression
from liverlab.lessons.liver_metastases import open_lesson as open_overview
from liverlab.lessons.pseudocirrhosis import open_lesson as open_pseudocirrhosis
from liverlab.ui import theme
from liverlab.ui.figure_view import FigureView

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "notebooks" / "02_pseudoprogression.ipynb"


def unpacked(packed, form):
    """HU of every picture of a slice, as the browser makes them, written down a second time."""
    plain = np.frombuffer(zlib.decompress(base64.b64decode(packed["data"])), np.uint8).astype(np.int32)
    low, high = plain[: plain.size // 2], plain[plain.size // 2 :]
    whole = (low | high << 8).reshape(len(packed["refs"]), form["rows"], form["matrix"])
    differences = np.where(whole % 2, -(whole + 1) // 2, whole // 2)
    made = []
    for ref, difference in zip(packed["refs"], differences, strict=True):
        made.append(np.cumsum(difference, axis=1) if ref < 0 else made[ref] + difference)
    return np.array(made) * form["step_hu"]


# --- pictures ---


@given(st.integers(-32768, 32767))
def test_zigzag_keeps_every_number_apart_and_small_ones_small(number):
    packed = int(zigzag(np.array([number]))[0])
    assert packed == (2 * number if number >= 0 else -2 * number - 1)


@settings(deadline=None, max_examples=40)
@given(arrays.arrays(np.int16, (4, 8, 8), elements=st.integers(-1024, 3071)))
def test_pictures_come_back_within_half_a_step(pictures):
    book = PictureBook(8, (0.25, 0.9))
    numbers = [book.add(3, hu) for hu in pictures]
    packed = book.packed(3)
    assert all(ref < number for number, ref in enumerate(packed["refs"]))
    back = unpacked(packed, book.form)[numbers]
    rows = slice(book.form["row0"], book.form["row0"] + book.form["rows"])
    assert (rows.start, rows.stop) == (2, 8)
    assert np.abs(back - pictures[:, rows]).max() <= STEP_HU / 2


def test_equal_pictures_are_kept_once_and_alike_ones_cost_little():
    noise = np.random.default_rng(1).normal(100, 15, (64, 64)).astype(np.int16)
    spot = noise.copy()
    spot[20:30, 20:30] -= 40
    book = PictureBook(64, (0, 1))
    assert [book.add(0, noise), book.add(0, noise.copy()), book.add(0, spot)] == [0, 0, 1]
    assert book.count(0) == 2
    alone = PictureBook(64, (0, 1))
    alone.add(0, noise)
    assert len(book.packed(0)["data"]) < 1.1 * len(alone.packed(0)["data"])


@pytest.mark.parametrize("hu", [np.zeros((8, 8)), np.zeros((8, 7), np.int16)])
def test_a_wrong_picture_is_refused(hu):
    with pytest.raises(ValueError, match=r"hu is .*must be int16 of shape \(8, 8\)"):
        PictureBook(8, (0, 1)).add(0, hu)


# --- widgets ---


def test_texts_and_figures_stay_and_what_nobody_could_answer_goes():
    shown, figure = theme.html("<b>one</b>", "lp-mine"), FigureView([{"id": "a"}])
    hidden = theme.html("secret")
    theme.show(hidden, False)
    still = Still("part", theme.box(shown, hidden, widgets.Button(description="press"), figure))
    assert "<b>one</b>" in still.html
    assert 'class="lp-html lp-mine"' in still.html
    assert "secret" not in still.html
    assert "press" not in still.html
    shown.value = "two"
    assert still.texts == {"part-0": "two"}
    assert still.figures == {"part-f0": [{"id": "a"}]}
    assert all(f'"{place}"' in still.html for place in (*still.texts, *still.figures))


# --- recording ---


def test_a_lesson_without_a_word_about_handouts_gets_its_first_control_and_the_visit():
    lesson = pseudoprogression.open_lesson()
    lesson.data = {**lesson.data, "handout": {}}
    first, visit = controls_of(lesson)
    assert first.key == lesson.data["controls"]["main"][0]
    assert visit.key == "visit"
    assert 5 <= len(first.values) <= 6
    assert visit.words[visit.start] == "day 84"


LESSONS = [pseudoprogression.open_lesson, open_overview, open_pseudocirrhosis]


@pytest.mark.parametrize("opened", LESSONS)
def test_a_handout_opens_where_the_lesson_does(opened):
    lesson = opened()
    controls = controls_of(lesson)
    for control in controls:
        now = control.values[control.start]
        if control.key == "preset":
            assert {p["id"]: p["case"] for p in lesson.data["presets"]}[now] == lesson.page.scenario.case
        else:
            assert now == lesson.page.values[control.key]
        assert len(control.words) == len(control.values) == len(set(control.words))
    assert np.prod([len(control.values) for control in controls]) <= 200


@pytest.fixture(scope="module")
def recorded():
    """Two slices of lesson 02 with three losses of perfusion at two visits."""
    lesson = pseudoprogression.open_lesson()
    lesson.data = {**lesson.data, "handout": {"controls": {"perfusion_loss_pct": [0, 60]}}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recording, "visit_days", lambda page: (0, 28, 56, 84))
        made = Recording(lesson, slices=2)
    checker = lesson.checkers["smallest_visible_perfusion_loss"]
    take = made.explore({"side": Still("side", *lesson.side())}, {"question:threshold": checker})
    packed = made.trim(10_000_000)
    return lesson, made, packed, json.loads(json.dumps(made.script(take)))


def test_every_state_says_what_the_lesson_says_of_that_patient(recorded):
    lesson, made, _, script = recorded
    loss, visit = made.controls
    assert len(script["states"]) == len(loss.values) * len(visit.values)
    for at, state in enumerate(script["states"]):
        changes = {"perfusion_loss_pct": loss.values[at // 4], "visit": visit.values[at % 4]}
        patient = lesson.simulate(evidence.Scenario(lesson.data["case"]).with_changes(**changes))
        assert state["text"] == lesson.text(patient)
        assert script["shared"][state["checks"]["question:threshold"]] == list(
            lesson.checkers["smallest_visible_perfusion_loss"](patient)
        )
        assert patient.verdict("Choi", "unequivocal") in script["shared"][state["texts"]["side-0"]]
        # The outlines are there for who asks for the truth, and only in the figures of the truth stands more.
        outlined = [one["id"] for one in script["shared"][state["overlays"]]["current"]]
        assert outlined == [one["id"] for one in patient.outlines(patient.visit)]
        assert state["truth_figures"] != state["figures"]
        assert [script["figures"][n]["title"] for n in state["figures"]] == [
            figure["title"] for figure in lesson.figures(patient, False)
        ]


def test_every_picture_is_that_of_its_patient(recorded):
    lesson, made, packed, script = recorded
    pictures = [unpacked(packed[k], script["form"]) for k in made.slices]
    rows = slice(script["form"]["row0"], script["form"]["row0"] + script["form"]["rows"])
    for at in (0, 3, 5, 11):
        state = script["states"][at]
        loss, visit = divmod(at, 4)
        values = made.controls[0].values
        patient = lesson.simulate(
            evidence.Scenario(lesson.data["case"]).with_changes(perfusion_loss_pct=values[loss], visit=visit)
        )
        held = dict(map(tuple, script["stacks"][state["panes"]["current"]["held"]]))
        for number, k in enumerate(made.slices):
            shown = pictures[number][held[visit][number]]
            assert np.abs(shown - patient.scene(visit).render(k, 256)[rows]).max() <= STEP_HU / 2


def test_the_slices_farthest_from_the_opening_one_go_first(recorded):
    lesson, made, packed, _ = recorded
    opened = lesson.view.viewer.slice_index
    whole = dict(packed)
    assert opened in whole
    assert list(made.trim(len(whole[opened]["data"]))) == [opened]
    assert made.slices == [opened]
    config = made.script(Take(lesson.view.viewer.config))["config"]
    assert config["z_mm"] == [lesson.view.viewer.config["z_mm"][opened]]
    assert config["slice"] == 0
    assert made.trim(10) == {}


def test_numbers_of_a_curve_are_shared_and_gaps_stay_gaps():
    take = Take({})
    curve = [0.1, 1 / 3, float("nan"), 1e-7, 2.0, 3.0, 4.0]
    assert take.figure({"x": curve, "y": np.array(curve), "range": [0, 1]}) == 0
    assert take.figures.kept == [{"x": {"$list": 0}, "y": {"$list": 0}, "range": [0, 1]}]
    assert take.lists.kept == [[0.1, 0.33333, None, 1e-07, 2.0, 3.0, 4.0]]


# --- the file ---


@pytest.fixture(scope="module")
def html():
    """The handout of lesson 02 with one slice."""
    return page.build(NOTEBOOK, slices=1)


def test_the_file_needs_nobody(html):
    assert len(html.encode()) < page.MOST_BYTES
    assert "default-src 'none'" in html
    # Addresses may stand in texts and in plotly.js; nothing is loaded from one.
    ours = re.sub(r'(?s)<script type="text/plain"[^>]*>.*?</script>', "", html)
    assert not re.findall(r"(?:src|href|action)\s*=\s*[\"']?(?:https?:)?//", ours)
    assert "import(" not in ours
    assert "fetch(" not in ours


def test_the_file_has_the_text_of_the_notebook_and_nothing_that_only_jupyter_can_do(html):
    lesson = evidence.load().lessons["02_pseudoprogression"]
    assert theme.DISCLAIMER in html
    for words in ("Better or worse?", "CT shows contrast, not tumour.", "A report you could sign"):
        assert words in html
    for words in ("Run All Cells", "Binder", "Self-check", "Each tab answers"):
        assert words not in html
    for item in lesson["quiz"]:
        assert f'data-quiz="{item["id"]}"' in html
    order = [
        html.index(f'data-part="{part}"') for part in ("hook", "predict", "explore", "explain", "quiz", "takehome")
    ]
    assert order == sorted(order)
    assert html.count("lp-result-card") >= len(lesson["tests"])


def test_words_of_a_lesson_cannot_end_the_element_they_stand_in():
    assert "<" not in page._json({"text": "</script><b>"})
    assert json.loads(page._json({"text": "</script><b>"})) == {"text": "</script><b>"}


def test_a_notebook_without_a_lesson_is_refused():
    with pytest.raises(ValueError, match=r"00_start_here.ipynb opens no lesson"):
        page.build(ROOT / "notebooks" / "00_start_here.ipynb")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["99"], "There is no lesson '99'; there are 01_liver_metastases,"),
        (["02", "--slices", "0"], "--slices is 0; it must be 1 to 24."),
        (["02", "--slices", "1", "--to", __file__], "cannot be written to"),
    ],
)
def test_what_cannot_be_written_gets_a_sentence(arguments, said, capsys):
    assert command.main(arguments) == 1
    assert said in capsys.readouterr().err


def test_every_lesson_can_be_asked_for_by_its_number():
    notebooks = [
        path
        for path in (ROOT / "notebooks").glob("*.ipynb")
        if command._asked(path, ["03", "05_sinusoidal_metastasis"])
    ]
    assert sorted(path.stem[:2] for path in notebooks) == ["03", "05"]
