"""CT morphology of Chun 2009: groups, response of one lesion, majority over lesions, refusals."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.reading import chun, codes

from .readings import is_one_sentence, rows_of


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (3, 1, "optimal"),
        (2, 1, "optimal"),
        (3, 2, "incomplete"),
        (3, 3, "none"),
        (2, 2, "none"),
        (2, 3, "none"),
        (1, 1, "none"),
        (1, 3, "none"),
    ],
)
def test_response_of_one_lesion(before, after, wanted):
    assert codes.label(chun.time_points([[before, after]]).overall[1], chun.LABELS) == wanted


@pytest.mark.parametrize(
    ("after", "wanted"),
    [((1, 1, 3), "optimal"), ((1, 3, 3), "none"), ((1, 2, 3), "incomplete"), ((1, 2), "incomplete"), ((1, 3), "none")],
)
def test_the_majority_decides_and_a_tie_counts_down(after, wanted):
    groups = np.array([[3, group] for group in after])
    for order in itertools.permutations(range(len(after))):
        assert codes.label(chun.time_points(groups[list(order)]).overall[1], chun.LABELS) == wanted


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3)), min_size=1, max_size=9))
@settings(max_examples=300, deadline=None)
def test_what_more_than_half_of_the_lesions_show_is_the_answer(pairs):
    answer = chun.time_points(np.array(pairs))
    each = answer.lesion[:, 1][answer.lesion[:, 1] != chun.NE]
    if not each.size:
        assert answer.overall[1] == chun.NE
    for code in set(each.tolist()):
        if 2 * (each == code).sum() > each.size:
            assert answer.overall[1] == code


def test_group_from_what_is_seen():
    assert chun.group(True, True, True) == 3
    assert chun.group(True, True, False) == 3
    assert chun.group(False, False, False) == 1
    assert list(chun.group([True, False, False], [False, True, False], [False, False, True])) == [2, 2, 2]


def test_table_with_best_and_reasons():
    rows = rows_of(lesion="A", group=[3, 2, 1, 2]) + rows_of(lesion="B", group=[3, 3, 1, 2])
    table = chun.assess_rows(rows)
    assert [row["overall"] for row in table] == ["baseline", "none", "optimal", "incomplete"]
    assert [row["best"] for row in table] == ["baseline", "none", "optimal", "optimal"]
    assert table[0]["reason"] == "Baseline: 2 in group 3."
    assert (
        table[2]["reason"] == "optimal: 2 of 2 lesions (A 3 to 1, B 3 to 1); optimal is 3 or 2 to 1, incomplete 3 to 2."
    )
    assert "no response can be shown" in chun.assess_rows(rows_of(group=[1, 1]))[0]["reason"]
    gone = rows_of(group=[3, None], status=["", "absent"])
    assert chun.assess_rows(gone)[1]["reason"] == "NE: no lesion could be judged."
    assert list(chun.assess(rows)["overall"]) == ["baseline", "none", "optimal", "incomplete"]


def test_core_and_wrapper_agree_on_1000_random_patients():
    rng = np.random.default_rng(19)
    for _ in range(1000):
        groups = rng.integers(0, 4, (int(rng.integers(1, 5)), int(rng.integers(1, 6))))
        groups[:, 0] = np.maximum(groups[:, 0], 1)
        rows = []
        for i, course in enumerate(groups.tolist()):
            rows += rows_of(
                lesion=f"T{i}", group=[g or None for g in course], status=["" if g else "ne" for g in course]
            )
        answer, table = chun.time_points(groups), chun.assess_rows(rows)
        assert [row["overall"] for row in table] == [codes.label(code, chun.LABELS) for code in answer.overall]
        assert [row["best"] for row in table] == [codes.label(code, chun.LABELS) for code in answer.best]


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: chun.time_points([[3, 4]]), "groups is 4; allowed: 1, 2 or 3"),
        (lambda: chun.time_points([3, 1]), r"groups has shape \(2,\); allowed: lesions and visits"),
        (lambda: chun.time_points([[3, np.nan]]), "groups is nan"),
        (lambda: chun.assess_rows(rows_of(group=[3, 4])), "group is 4 for lesion 'T1' at visit 1; allowed: 1 to 3"),
        (lambda: chun.assess_rows(rows_of(group=[3, 2.5])), "groups is 2.5; allowed: 1, 2 or 3"),
        (lambda: chun.assess_rows(rows_of(role="non_target")), "readings has no target"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(attempt, sentence):
    with pytest.raises(ValueError, match=sentence) as refusal:
        attempt()
    assert is_one_sentence(refusal)
