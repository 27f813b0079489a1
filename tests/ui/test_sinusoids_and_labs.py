"""The sinusoids drawn from counts, the strip chart, survival: what is drawn is what was given."""

import math
import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.ui import lab_figures, sinusoid_picture
from liverlab.ui.lab_figures import Dot, Event
from liverlab.ui.sinusoid_picture import HEPATOCYTES, ROOM

SHARES = st.floats(0.0, 1.0)


def drawn(svg):
    """class -> how many, and where."""
    root = ElementTree.fromstring(svg)
    found = {}
    for shape in root:
        if name := shape.get("class"):
            found.setdefault(name, []).append((shape.get("x") or shape.get("cx"), shape.get("y") or shape.get("cy")))
    return found


@settings(max_examples=25, deadline=None)
@given(SHARES, SHARES, SHARES, st.floats(0, 100), st.floats(0, 100))
def test_every_share_is_a_count(living, debris, blocked, alive, working):
    occupancy = min(1.0, living + debris * (1 - living))
    svg = sinusoid_picture.picture(living, occupancy, blocked, alive, min(alive, working))
    places = {name: len(where) for name, where in drawn(svg).items()}
    assert places.get("tumour", 0) == pytest.approx(ROOM * living, abs=0.51)
    assert places.get("tumour", 0) + places.get("dead-tumour", 0) == pytest.approx(ROOM * occupancy, abs=0.51)
    assert places.get("working", 0) == pytest.approx(HEPATOCYTES * min(alive, working) / 100, abs=0.51)
    hepatocytes = sum(places.get(name, 0) for name in ("working", "cut-off", "dead"))
    assert hepatocytes == HEPATOCYTES
    assert places.get("dead", 0) == pytest.approx(HEPATOCYTES * (1 - alive / 100), abs=0.51)
    assert sum(places.get(name, 0) for name in ("tumour", "dead-tumour", "blood")) <= ROOM


def test_more_tumour_adds_cells_and_moves_none():
    few, many = (set(drawn(sinusoid_picture.picture(share, share, 0.1, 100, 90))["tumour"]) for share in (0.2, 0.4))
    assert few < many


def test_the_picture_says_its_numbers_to_those_who_do_not_see_it():
    svg = sinusoid_picture.picture(0.39, 0.39, 0.45, 50, 28)
    said = re.search(r'aria-label="([^"]+)"', svg).group(1)
    assert re.findall(r"\d+ %", said) == ["39 %", "45 %", "50 %", "28 %"]


def test_the_table_counts_what_is_drawn_and_every_kind_has_a_shape_of_its_own():
    state = (0.3, 0.5, 0.45, 50, 28)
    places = {name: len(where) for name, where in drawn(sinusoid_picture.picture(*state)).items()}
    rows = re.findall(r'<th scope="row">([^<]+)</th><td>(\d+)</td><td>(\d+) %', sinusoid_picture.table(*state))
    kinds = {text: kind.replace(" ", "-") for kind, text in sinusoid_picture.WORDS.items()}
    assert {kinds[text]: int(count) for text, count, _ in rows} == places
    shapes = re.findall(r"<svg.*?</svg>", sinusoid_picture.legend())
    grey = {re.sub(r'#\w{6}|class="[^"]*"', "", shape) for shape in shapes}
    assert len(grey) == len(sinusoid_picture.WORDS), "colour never stands alone"


def chart(**more):
    curves = {"ldh_u_l": ("LDH", [1.0, 20.0, 30.0]), "inr": ("INR", [0.85, 1.3, 2.0])}
    return lab_figures.strip_chart([0, 5, 10], curves, 5, (-14, 45), alt="a", **more)


def test_the_strip_chart_keeps_three_digits_and_a_log_axis():
    figure = chart()
    lines = {trace["name"]: trace for trace in figure["data"]}
    assert lines["INR"]["y"] == [0.85, 1.3, 2.0]
    axis = figure["layout"]["yaxis"]
    assert axis["type"] == "log"
    assert axis["range"] == [math.log10(lab_figures.LOWEST), math.log10(lab_figures.HIGHEST)]
    looks = [(one["line"]["color"], one["line"]["dash"]) for one in figure["data"]]
    assert len(set(looks)) == len(looks), "colour never stands alone"


def test_published_dots_stand_beside_their_curve_and_say_who_it_was():
    figure = chart(dots=[Dot(0.3, "inr", 1.42, "TR6"), Dot(0, "alt_u_l", 5, "nobody draws ALT here")])
    (dots,) = (trace for trace in figure["data"] if trace["mode"] == "markers")
    assert (dots["x"], dots["y"], dots["text"]) == ([0.3], [1.42], ["TR6"])


def test_events_are_written_on_their_day_and_never_over_each_other():
    figure = chart(events=[Event(-80, "long ago"), Event(8, "biopsy"), Event(11, "report"), Event(11, "chemotherapy")])
    (words,) = (trace for trace in figure["data"] if trace["mode"] == "text")
    assert words["text"] == ["biopsy", "report", "chemotherapy"]
    assert words["x"] == [8, 11, 11]
    assert len(set(words["y"])) == 3
    assert chart(events=[Event(-80, "long ago")])["data"][-1]["mode"] == "lines"


def test_the_truth_is_drawn_only_when_asked_for():
    names = {trace["name"] for trace in chart(truth={"tumour": [0.5, 0.9, 1.1]})["data"]}
    assert names == {"LDH", "INR", "tumour"}
    assert {trace["name"] for trace in chart()["data"]} == {"LDH", "INR"}


def test_survival_draws_steps_and_published_points_with_their_range():
    figure = lab_figures.survival(
        {"untreated": ([0, 1, 2], [100, 60, 20])}, [(4, 50, "intensive care", (2, 18))], "day", "Survival: ten", "a"
    )
    step, dot = figure["data"]
    assert step["line"]["shape"] == "hv"
    assert (dot["error_x"]["array"], dot["error_x"]["arrayminus"]) == ([14], [2])
