"""iRECIST: the scenarios of the EORTC working group, the rules of confirmation and reset, core against wrapper."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.reading import codes, irecist, recist

from .readings import rows_of


def words(sums, days=None, **arguments):
    days = 42 * np.arange(len(sums)) if days is None else days
    answer = irecist.time_points(np.array(sums, float), days, **arguments)
    return [codes.label(code, irecist.LABELS) for code in answer.overall[1:]]


def best(sums, **arguments):
    answer = irecist.time_points(np.array(sums, float), 42 * np.arange(len(sums)), **arguments)
    return codes.label(answer.best[-1], irecist.LABELS)


@pytest.mark.parametrize(
    ("sums", "calls"),
    [
        ([100, 130, 135], ["iUPD", "iCPD"]),
        ([100, 130, 134.99], ["iUPD", "iUPD"]),
        ([100, 130, 134, 136], ["iUPD", "iUPD", "iCPD"]),  # 4 mm and then 2 mm add up
        ([100, 130, 110], ["iUPD", "iSD"]),
        ([100, 130, 65], ["iUPD", "iPR"]),
        ([100, 130, 0], ["iUPD", "iCR"]),
        ([100, 130, 110, 132], ["iUPD", "iSD", "iUPD"]),  # the bar was reset: a first iUPD again
        ([100, 130, 60, 75, 81], ["iUPD", "iPR", "iUPD", "iCPD"]),  # now the nadir is 60
        ([100, 130, 60, 64], ["iUPD", "iPR", "iPR"]),
        ([100, 70, 70, 80, 80, 80], ["iPR"] * 5),  # EORTC FAQ: a response is kept
        ([100, 130, 140, 50], ["iUPD", "iCPD", "iCPD"]),  # confirmed is confirmed
    ],
)
def test_progression_by_targets(sums, calls):
    assert words(sums) == calls


def test_scenarios_b_d_and_f_of_the_working_group():
    """B: new lesion, then targets shrink. D: targets grow, then shrink. F: PR, then a new lesion, then no change."""
    assert words([100, 100, 65], new_count=[0, 1, 1]) == ["iUPD", "iPR"]
    assert words([100, 100, 100, 130, 65]) == ["iSD", "iSD", "iUPD", "iPR"]
    assert words([100, 65, 65, 65], new_count=[0, 0, 1, 1]) == ["iPR", "iUPD", "iUPD"]


@pytest.mark.parametrize(
    ("new", "call"),
    [
        ({"new_mm": [0, 12, 17]}, "iCPD"),
        ({"new_mm": [0, 12, 16.99]}, "iUPD"),
        ({"new_change": [0, 0, 1]}, "iCPD"),
        ({"new_change": [0, 0, 0]}, "iUPD"),
        ({"new_change": [0, 0, -1]}, "iSD"),
        ({"new_mm": [0, 12, 11]}, "iSD"),
        ({"new_count": [0, 1, 2]}, "iCPD"),
        ({"non_target": ["none", "none", "PD"]}, "iCPD"),  # another category progresses
    ],
)
def test_what_confirms_a_new_lesion(new, call):
    arguments = {"new_count": [0, 1, 1]} | new
    assert words([100, 100, 100], **arguments) == ["iUPD", call]


def test_non_targets_need_not_progress_unequivocally_twice():
    other = ["non-CR/non-PD", "PD", "PD"]
    assert words([100, 100, 100], non_target=other) == ["iUPD", "iUPD"]
    assert words([100, 100, 100], non_target=other, non_target_larger=[False, True, True]) == ["iUPD", "iCPD"]
    assert words([100, 100, 100], non_target=["non-CR/non-PD", "PD", "non-CR/non-PD"]) == ["iUPD", "iSD"]


def test_a_scan_before_four_weeks_confirms_only_with_a_new_lesion_and_new_symptoms():
    """EORTC FAQ: iUPD by a new liver lesion, 14 days later a scan for symptoms shows one more."""
    days, sums = [0, 60, 74], [100, 100, 100]
    assert words(sums, days, new_count=[0, 1, 2], symptoms=[False, False, True]) == ["iUPD", "iCPD"]
    assert words(sums, days, new_count=[0, 1, 2]) == ["iUPD", "iUPD"]
    assert words([100, 130, 150], days) == ["iUPD", "iUPD"]
    assert words([100, 130, 150, 151], [0, 60, 74, 88]) == ["iUPD", "iUPD", "iCPD"]
    assert words([100, 130, 60, 132], [0, 60, 74, 90]) == ["iUPD", "iUPD", "iUPD"]  # an early scan resets nothing
    # What the early scan showed still counts as new at the scan that is on time.
    assert words([100] * 4, [0, 60, 74, 92], new_count=[0, 1, 2, 2]) == ["iUPD", "iUPD", "iCPD"]


def test_not_evaluated_keeps_an_open_progression_open():
    arguments = {"evaluated": [True, True, False, True]}
    assert words([100, 130, 0, 136], **arguments) == ["iUPD", "NE", "iCPD"]
    assert words([100, 130, 0, 100], **arguments) == ["iUPD", "NE", "iSD"]


def test_without_targets():
    other = ["non-CR/non-PD", "CR", "PD", "PD"]
    assert words([0] * 4, non_target=other, non_target_larger=[False, False, True, True]) == ["iCR", "iUPD", "iCPD"]


@pytest.mark.parametrize(
    ("sums", "new_count", "wanted"),
    [
        ([100, 0, 20, 20, 26], [0] * 5, "iCR"),
        ([100, 130, 65, 0, 0], [0] * 5, "iCR"),
        ([100, 130, 65, 65, 90], [0] * 5, "iPR"),
        ([100, 130, 110, 110, 110], [0] * 5, "iSD"),
        ([100, 130, 140], [0] * 3, "iCPD"),
        ([100, 130, 131, 140], [0] * 4, "iCPD"),
        ([100, 130, 131], [0] * 3, "iUPD"),
    ],
)
def test_best_response_follows_table_3(sums, new_count, wanted):
    assert best(sums, new_count=new_count) == wanted


@given(st.lists(st.integers(0, 20000), min_size=2, max_size=8))
@settings(max_examples=300, deadline=None)
def test_first_progression_is_recists_and_confirmation_needs_an_open_one(sizes):
    sums = np.array(sizes) / 100
    answer, plain = irecist.time_points(sums, 42 * np.arange(len(sums))), recist.time_points(sums)
    progressed = np.flatnonzero(plain.overall == codes.PD)
    unconfirmed = np.flatnonzero(answer.overall == irecist.IUPD)
    assert (unconfirmed[:1] == progressed[:1]).all()
    for k in np.flatnonzero(answer.overall == irecist.ICPD):
        assert answer.overall[k - 1] in (irecist.IUPD, irecist.ICPD)
        assert 0 < answer.first_iupd[k] < k
    stop = progressed[0] if progressed.size else len(sizes)
    assert (answer.overall[:stop] == plain.overall[:stop]).all()


def test_reasons_name_numbers_days_and_limits():
    said = [
        row["reason"] for row in irecist.assess_rows(rows_of([0, 60, 74, 102, 130], diameter_mm=[50, 65, 66, 69, 71]))
    ]
    assert said[1] == (
        "iUPD: 65 mm is +30.0 % and +15 mm above the nadir of 50 mm (needs +20 % and 5 mm). "
        "To be confirmed from day 88 on."
    )
    assert "only 14 days after the iUPD of day 60" in said[2]
    assert "the target sum is +4 mm on it; iCPD needs 5 mm" in said[3]
    assert said[4] == (
        "iCPD: 71 mm is +6 mm above the iUPD of 65 mm (needs 5 mm), 70 days after the iUPD of day 60: confirmed."
    )
    table = irecist.assess_rows(rows_of(diameter_mm=[50, 65, 34]))
    assert table[2]["reason"] == (
        "iPR: 34 mm is -32.0 % from baseline and -32.0 % from the nadir. "
        "The unconfirmed progression was not confirmed: the bar is reset."
    )


def test_reasons_name_the_new_lesions():
    def patient(sizes, more=()):
        rows = rows_of(diameter_mm=[50] * 3)
        return rows + rows_of(lesion="S1", role="new", status=["absent", "", ""], diameter_mm=sizes) + list(more)

    said = [row["reason"] for row in irecist.assess_rows(patient([0, 12, 17.5]))]
    assert said[1] == "iUPD: S1 is new. To be confirmed from day 88 on."
    assert "the measured new lesions have grown by 5.5 mm (needs 5 mm)" in said[2]
    another = {"visit": 2, "day": 120, "lesion": "S2", "role": "new"}
    assert "iCPD: S2 is also new, 60 days" in irecist.assess_rows(patient([0, 12, 12], [another]))[2]["reason"]
    still = irecist.assess_rows(patient([0, 12, 13]))[2]["reason"]
    assert "the target sum is +0 mm on it, the measured new lesions +1 mm; iCPD needs 5 mm" in still


def test_new_lesions_are_measured_from_ten_millimetres_on():
    rows = rows_of(diameter_mm=[50, 50, 50]) + rows_of(
        lesion="S", role="new", status="unequivocal", diameter_mm=[0, 10, 14]
    )
    assert [row["overall"] for row in irecist.assess_rows(rows)] == ["baseline", "iUPD", "iUPD"]
    small = rows_of(diameter_mm=[50, 50, 50]) + rows_of(
        lesion="S", role="new", status="unequivocal", diameter_mm=[0, 9, 9.1]
    )
    table = irecist.assess_rows(small)
    assert [row["overall"] for row in table] == ["baseline", "iUPD", "iCPD"]
    assert table[2]["progression_day"] == 60
    assert "new lesions are larger than before" in table[2]["reason"]
    told = rows_of(diameter_mm=[50, 50, 50]) + rows_of(
        lesion="S", role="new", status=["absent", "", ""], change=["same", "same", "larger"]
    )
    assert [row["overall"] for row in irecist.assess_rows(told)] == ["baseline", "iUPD", "iCPD"]


def test_core_and_wrapper_agree_on_1000_random_patients():
    rng = np.random.default_rng(13)
    seen = set()
    for _ in range(1000):
        visits = int(rng.integers(2, 8))
        days = np.r_[0, np.cumsum(rng.integers(10, 70, visits - 1))]
        sums = np.round(rng.uniform(20, 100) * np.exp(rng.normal(0.05, 0.2, visits).cumsum()), 2).clip(0, 200)
        evaluated = rng.random(visits) > 0.05
        evaluated[0] = True
        symptoms = rng.random(visits) < 0.3
        other = rng.choice(["present", "progression", "absent"], visits, p=[0.85, 0.1, 0.05])
        change = rng.choice(["smaller", "same", "larger"], visits)
        starts = rng.integers(1, 2 * visits, 3)
        found = np.array([[max(0.0, 4 * s + 2 * (k - s) * (s - 2)) * (k >= s) for k in range(visits)] for s in starts])
        rows = rows_of(
            list(days), diameter_mm=list(sums), status=["" if e else "ne" for e in evaluated], symptoms=list(symptoms)
        )
        rows += rows_of(list(days), lesion="N", role="non_target", status=list(other), change=list(change))
        for i, start in enumerate(starts):
            rows += [
                {
                    "visit": k,
                    "day": days[k],
                    "lesion": f"X{i}",
                    "role": "new",
                    "diameter_mm": found[i, k],
                    "status": "unequivocal" if found[i, k] else "absent",
                }
                for k in range(start, visits)
            ]
        first_size = [next((d for d in course if d > 0), 0.0) for course in found]
        identified = np.maximum.accumulate(found > 0, axis=1)
        measured = np.array(first_size)[:, None] >= 10
        step = (
            np.sign(np.diff(found, axis=1, prepend=0)).astype(int) * np.c_[np.zeros((3, 1), bool), identified[:, :-1]]
        )
        step = np.where(measured, 0, step)
        answer = irecist.time_points(
            np.where(evaluated, sums, 0),
            days,
            [{"present": "non-CR/non-PD", "progression": "PD", "absent": "CR"}[word] for word in other],
            new_count=identified.sum(0),
            new_mm=np.where(measured & identified, found, 0).sum(0),
            evaluated=evaluated,
            non_target_larger=(change == "larger") & (np.arange(visits) > 0),
            new_change=np.where((step > 0).any(0), 1, np.where((step < 0).any(0), -1, 0)),
            symptoms=symptoms,
        )
        table = irecist.assess_rows(rows)
        assert [row["overall"] for row in table] == [codes.label(c, irecist.LABELS) for c in answer.overall]
        assert [row["best"] for row in table] == [codes.label(c, irecist.LABELS) for c in answer.best]
        assert all(row["reason"].endswith(".") and "nan" not in row["reason"] for row in table)
        seen |= {row["overall"] for row in table}
    assert seen >= {"baseline", "NE", "iPR", "iSD", "iUPD", "iCPD"}


def test_core_broadcasts_over_patients():
    rng = np.random.default_rng(1)
    sums, days = np.round(rng.uniform(0, 100, (200, 6)), 2), 30 * np.arange(6)
    new = np.maximum.accumulate(rng.integers(0, 3, (200, 6)) * (np.arange(6) > 0), axis=1)
    together = irecist.time_points(sums, days, new_count=new)
    for i in range(200):
        alone = irecist.time_points(sums[i], days, new_count=new[i])
        assert (alone.overall == together.overall[i]).all()
        assert (alone.best == together.best[i]).all()
    assert list(irecist.assess(rows_of(diameter_mm=[50, 65]))["overall"]) == ["baseline", "iUPD"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"days": [0, 0]}, "days goes from 0 to 0"),
        ({"new_count": [1, 1]}, "new_count starts above 0 or falls"),
        ({"new_count": [0, 1.5]}, "new_count is 1.5; allowed: a whole number of 0 to 1000"),
        ({"new_change": [0, 2]}, "new_change is 2; allowed: a whole number of -1 to 1"),
        ({"new_mm": [0, np.nan]}, "new_mm is nan mm; allowed: 0 to 1000 mm"),
        ({"sum_mm": [100, np.nan]}, "sum_mm is nan mm"),
        ({"evaluated": [False, True]}, "evaluated is False at the baseline"),
    ],
)
def test_bad_arrays_are_refused_in_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        irecist.time_points(**({"sum_mm": [100, 100], "days": [0, 60]} | arguments))
    with pytest.raises(
        ValueError, match="change is 'worse' for lesion 'T1' at visit 0; allowed: smaller, same, larger"
    ):
        irecist.assess_rows(rows_of(diameter_mm=[50, 65], change="worse"))
