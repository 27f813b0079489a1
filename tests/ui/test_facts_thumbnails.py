"""A table of facts that follows the page, and small pictures that any browser can read."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liverlab.ui import thumbnails
from liverlab.ui.facts import Facts, facts_table

WINDOW = {"window_hu": 150.0, "level_hu": 80.0}


@pytest.mark.usefixtures("no_page_errors")
def test_facts_follow_the_page_and_show_no_markup(page):
    facts = Facts(page, lambda state: [("Loss <of>", f"{page.values['loss_pct']:.0f} %")], "Now")
    before = facts.table.value
    assert "Loss &lt;of&gt;" in before
    page.set(loss_pct=20.0)
    assert "20" in facts.table.value
    assert facts.table.value != before


def test_every_fact_is_a_row_with_a_heading():
    table = facts_table([("One", "1 mm"), ("Two", "2 mm")], "Facts")
    assert table.count('<th scope="row">') == 2
    assert "<caption>Facts</caption>" in table


def test_a_window_makes_black_below_white_above_and_grey_between():
    levels = thumbnails.grey(np.array([[-500.0, 5.0, 80.0, 155.0, 900.0]]), WINDOW)
    assert levels.tolist() == [[0, 0, 127, 255, 255]]


def test_colours_run_from_the_bottom_to_the_top_of_the_table():
    picture = thumbnails.coloured(np.array([[0, 255]], np.uint8), [[0, 0, 0], [255, 0, 0], [255, 255, 255]])
    assert picture[0].tolist() == [[0, 0, 0], [255, 255, 255]]


@given(st.integers(1, 9), st.integers(1, 9), st.booleans(), st.integers(0, 2**31))
def test_a_png_holds_exactly_the_picture(height, width, colour, seed):
    shape = (height, width, 3) if colour else (height, width)
    picture = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    data = thumbnails.png(picture)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    found, at = {}, 8
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + size]
        assert struct.unpack(">I", data[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + body)
        found[kind], at = body, at + 12 + size
    assert struct.unpack(">IIBBBBB", found[b"IHDR"])[:4] == (width, height, 8, 2 if colour else 0)
    rows = np.frombuffer(zlib.decompress(found[b"IDAT"]), np.uint8).reshape(height, -1)
    assert not rows[:, 0].any()
    assert np.array_equal(rows[:, 1:].reshape(shape), picture)


@pytest.mark.parametrize("wrong", [np.zeros((4, 4)), np.zeros((4, 4, 2), np.uint8), np.zeros(4, np.uint8)])
def test_what_is_no_picture_is_refused(wrong):
    with pytest.raises(ValueError, match=r"picture is .* it must be uint8"):
        thumbnails.png(wrong)
