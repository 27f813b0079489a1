"""Best overall response with confirmation and a shortest SD: RECIST's table, and what must hold for any course."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.reading import codes, recist

from .readings import rows_of

CR, PR, SD, PD = 0, 60, 90, 130  # sums that give these calls from a baseline of 100
# RECIST 1.1, table 3: response at two visits, and the best one when it has to be confirmed; SD lasts long enough.
# CR and then SD cannot be had by the sum alone: after 0 mm a regrowth of 5 mm is PD.
TABLE_3 = [
    ((CR, CR), "CR"),
    ((CR, PD), "SD"),
    ((PR, CR), "PR"),
    ((PR, PR), "PR"),
    ((PR, SD), "SD"),
    ((PR, PD), "SD"),
    ((SD, PD), "SD"),
    ((PD, PR), "PD"),
]


def best(sums, days, **options):
    answer = recist.time_points(np.array([100.0, *sums]), days=[0, *days], **options)
    return codes.label(answer.best[-1])


@pytest.mark.parametrize(("sums", "wanted"), TABLE_3)
def test_table_of_confirmed_responses(sums, wanted):
    assert best(sums, (42, 84), confirm=True, min_sd_d=42) == wanted


@pytest.mark.parametrize(("sums", "wanted"), [((PR, PD), "PD"), ((CR, PD), "PD"), ((SD, PD), "PD"), ((SD, SD), "SD")])
def test_stable_disease_has_to_last(sums, wanted):
    assert best(sums, (42, 84), confirm=True, min_sd_d=56) == wanted


def test_not_evaluated_neither_confirms_nor_breaks():
    arguments = {"confirm": True, "evaluated": np.array([True, True, False, True])}
    assert best((PR, PR, PR), (42, 84, 126), **arguments) == "PR"
    assert best((CR, 0, CR), (42, 84, 126), **arguments) == "CR"
    assert best((PR, PR), (42, 84), confirm=True, min_sd_d=56, evaluated=np.array([True, True, False])) == "NE"


@pytest.mark.parametrize(("gap_d", "wanted"), [(28, "PR"), (27.9, "SD")])
def test_confirmation_takes_four_weeks(gap_d, wanted):
    assert best((PR, PR), (42, 42 + gap_d), confirm=True) == wanted


def test_an_unconfirmed_response_is_not_kept():
    answer = recist.time_points(np.array([100.0, 68, 80, 80]), days=[0, 42, 84, 126], confirm=True)
    assert [codes.label(c) for c in answer.overall[1:]] == ["PR", "SD", "SD"]
    answer = recist.time_points(np.array([100.0, 68, 68, 80]), days=[0, 42, 84, 126], confirm=True)
    assert [codes.label(c) for c in answer.overall[1:]] == ["PR", "PR", "PR"]


def test_progression_in_between_does_not_confirm():
    assert best((PR, 75, PR), (42, 84, 126), confirm=True) == "SD"


def test_the_table_of_one_patient_knows_the_options():
    rows = rows_of([0, 42, 84], diameter_mm=[100, 68, 80])
    assert [row["best"] for row in recist.assess_rows(rows)] == ["baseline", "PR", "PR"]
    assert [row["best"] for row in recist.assess_rows(rows, confirm=True)] == ["baseline", "SD", "SD"]
    assert [row["best"] for row in recist.assess_rows(rows, confirm=True, min_sd_d=60)] == ["baseline", "NE", "SD"]


@given(st.lists(st.integers(0, 15000), min_size=1, max_size=8), st.lists(st.integers(1, 90), min_size=8, max_size=8))
@settings(max_examples=300, deadline=None)
def test_confirmation_never_improves_and_time_never_worsens_the_best_response(sizes, gaps):
    sums, days = np.array([10000, *sizes]) / 100, np.r_[0, np.cumsum(gaps)][: len(sizes) + 1]
    rank = {"CR": 0, "PR": 1, "SD": 2, "PD": 3, "NE": 4, "baseline": 5}
    plain = [rank[codes.label(c)] for c in recist.time_points(sums).best]
    strict = [rank[codes.label(c)] for c in recist.time_points(sums, days=days, confirm=True, min_sd_d=42).best]
    assert all(s >= p for s, p in zip(strict, plain, strict=True))
    assert strict == sorted(strict, reverse=True)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"confirm": True}, "days is missing"),
        ({"days": [0, 0]}, "days goes from 0 to 0; allowed: days that rise"),
        ({"days": [0, np.nan]}, "days holds nan"),
        ({"days": [0, 1, 2]}, r"days has shape \(3,\)"),
        ({"days": [0, 1], "min_sd_d": -1}, "min_sd_d is -1 days; allowed: 0 days or more"),
    ],
)
def test_bad_times_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        recist.time_points([30, 20], **options)
