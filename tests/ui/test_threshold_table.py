"""The table of a limit: every reading is shown, and marked exactly where it reaches the limit as it is written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liverlab.ui.threshold_table import reaches, threshold_table


def cells(markup):
    return re.findall(r"<td>(−?\d+) HU(.*?)</td>", markup)


@given(st.lists(st.tuples(st.floats(-100, 400), st.floats(-100, 400)), min_size=1, max_size=4))
def test_a_mark_stands_where_the_number_shown_reaches_the_limit(values):
    rows = [(f"row {number}", pair) for number, pair in enumerate(values)]
    found = cells(threshold_table("Rule", ("now", "plain"), rows, 130.0, "HU", "≥ 130"))
    assert len(found) == 2 * len(values)
    for shown, mark in found:
        assert ("≥ 130" in mark) == (int(shown.replace("−", "-")) >= 130)


@pytest.mark.parametrize(("value", "yes"), [(129.4, False), (129.6, True), (130.0, True), (-200.0, False)])
def test_the_limit_itself_counts(value, yes):
    assert reaches(value, 130.0) is yes


def test_names_are_escaped_and_every_head_has_words():
    markup = threshold_table("A <rule>", ("<b>",), [("<i>", (1.0,))], 130.0, "HU", "yes")
    assert "<b>" not in markup
    assert "<i>" not in markup
    assert not re.search(r"<th[^>]*></th>", markup)
