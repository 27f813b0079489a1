"""RECIST 1.1: published vectors, boundaries, invariances, agreement of core and wrapper, refusals."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.reading import codes, recist


def rows_of(sums_mm, **extra):
    """One target lesion measured at visits 30 days apart."""
    return [
        {"visit": k, "day": 30 * k, "lesion": "T1", "role": "target", "diameter_mm": size, **extra}
        for k, size in enumerate(sums_mm)
    ]


def overall(sums_mm, **options):
    return [codes.label(code) for code in recist.time_points(np.array(sums_mm, dtype=float), **options).overall]


# pyrecist (github.com/robertorojasp06/pyrecist), synthetic evaluation: measurements of three targets a visit.
PYRECIST = {
    "A": [10, 8, 7, 8, 8, 10],
    "B": [10, 8, 7, 8, 8, 10],
    "C": [10, 8, 7, 9.2, 10, 10],
}


def pyrecist_rows():
    return [
        {"visit": k, "day": 91 * k, "lesion": name, "organ": f"organ {name}", "role": "target", "diameter_mm": size}
        for name, sizes in PYRECIST.items()
        for k, size in enumerate(sizes)
    ]


def test_pyrecist_vector():
    table = recist.assess_rows(pyrecist_rows())
    assert [row["sum_mm"] for row in table] == [30, 24, 21, 25.2, 26, 30]
    assert [row["overall"] for row in table[:5]] == ["baseline", "SD", "PR", "PR", "PD"]
    assert [row["change_from_nadir"] for row in table[1:5]] == pytest.approx([-20, -12.5, 20, 23.8095238])
    assert [row["change_from_baseline"] for row in table[1:5]] == pytest.approx([-20, -30, -16, -13.3333333])
    assert table[4]["best"] == "PR"


def test_reason_of_the_kept_response_has_its_numbers():
    reason = recist.assess_rows(pyrecist_rows())[3]["reason"]
    assert reason == "PR kept: 25.2 mm is +20.0 % but only +4.2 mm above the nadir of 21 mm; PD needs 5 mm."


def test_eortc_faq_response_is_kept_until_progression():
    sums = [100, 70, 70, 80, 80, 80]
    assert overall(sums)[1:] == ["PR"] * 5
    assert overall(sums, keep_response=False)[1:] == ["PR", "PR", "SD", "SD", "SD"]


@pytest.mark.parametrize(
    ("sums", "last"),
    [
        ([20, 12, 16], "PR"),  # +33 % but only +4 mm; 12 was a PR
        ([100, 110, 130], "PD"),  # nadir is the baseline of 100, not 110
        ([130, 110, 130], "SD"),  # +18 % above the nadir
        ([87, 23, 46], "PD"),  # -47 % from baseline, +100 % from nadir
        ([232, 172, 180, 175], "SD"),
        ([30, 0], "CR"),
        ([30, 0, 4.99], "PR"),
        ([30, 0, 5], "PD"),
        ([30, 21.01], "SD"),
        ([30, 21], "PR"),
        ([25, 29.99], "SD"),
        ([25, 30], "PD"),
        ([20, 24.99], "SD"),
        ([20, 25], "PD"),
        ([100, 119.99], "SD"),
        ([100, 120], "PD"),
    ],
)
def test_boundaries(sums, last):
    assert overall(sums)[-1] == last


def test_frailtypack_patient_progresses_below_baseline():
    sums = [87, 32, 28, 28, 23, 46, 69]
    assert overall(sums)[1:] == ["PR", "PR", "PR", "PR", "PD", "PD"]


@pytest.mark.parametrize(
    ("target_mm", "non_target", "new", "call"),
    [
        (0, "none", "none", "CR"),
        (0, "CR", "none", "CR"),
        (0, "non-CR/non-PD", "none", "PR"),
        (0, "NE", "none", "PR"),
        (20, "non-CR/non-PD", "none", "PR"),
        (20, "NE", "none", "PR"),
        (30, "NE", "none", "SD"),
        (30, "PD", "none", "PD"),
        (0, "CR", "unequivocal", "PD"),
        (20, "none", "equivocal", "PR"),
        (20, "none", "unequivocal", "PD"),
    ],
)
def test_table_of_overall_response(target_mm, non_target, new, call):
    answer = recist.time_points(np.array([30.0, target_mm]), non_target=non_target, new_lesion=["none", new])
    assert codes.label(answer.overall[1]) == call


@pytest.mark.parametrize(
    ("non_target", "call"), [("CR", "CR"), ("non-CR/non-PD", "non-CR/non-PD"), ("NE", "NE"), ("PD", "PD")]
)
def test_without_target_lesions(non_target, call):
    answer = recist.time_points(np.zeros(2), non_target=["non-CR/non-PD", non_target])
    assert codes.label(answer.overall[1]) == call


def test_a_lesion_not_measured_makes_the_visit_unevaluable_unless_the_rest_progressed():
    rows = rows_of([30, 25, 25]) + [
        {"visit": k, "day": 30 * k, "lesion": "T2", "role": "target", "diameter_mm": d, "status": s}
        for k, (d, s) in enumerate([(20, ""), (None, "not evaluated"), (20, "")])
    ]
    table = recist.assess_rows(rows)
    assert [row["overall"] for row in table] == ["baseline", "NE", "SD"]
    assert table[1]["sum_mm"] is None
    assert "T2 could not be measured" in table[1]["reason"]
    rows[1]["diameter_mm"] = 61
    assert recist.assess_rows(rows)[1]["overall"] == "PD"


def test_too_small_to_measure_counts_five_millimetres():
    rows = rows_of([30, 25])
    rows[1] |= {"status": "too small to measure", "diameter_mm": None}
    assert recist.assess_rows(rows)[1]["sum_mm"] == 5


def test_nodes_below_ten_millimetres_are_normal():
    node = [{"visit": k, "day": 30 * k, "lesion": "N", "node": True, "diameter_mm": d} for k, d in enumerate((18, 9.9))]
    table = recist.assess_rows(node)
    assert table[1]["overall"] == "CR"
    assert table[1]["sum_mm"] == 9.9


def test_baseline_says_where_the_choice_of_targets_leaves_the_rules():
    table = recist.assess_rows(
        [{"visit": 0, "day": 0, "lesion": name, "diameter_mm": 9 + k} for k, name in enumerate("ABC")]
    )
    assert table[0]["reason"] == (
        "Baseline: 3 target lesions, sum 30 mm. RECIST 1.1 follows at most 2 in one organ; 3 are in: liver. "
        "Too small for a target (10 mm, nodes 15 mm): A."
    )
    assert recist.assess_rows(pyrecist_rows())[0]["reason"] == "Baseline: 3 target lesions, sum 30 mm."


def test_equivocal_spot_is_not_counted_and_progression_dates_back_when_it_proves_new():
    rows = rows_of([60, 58, 57, 57])
    for visit, call in ((1, "equivocal"), (2, "equivocal"), (3, "unequivocal")):
        rows.append({"visit": visit, "day": 30 * visit, "lesion": "S7", "role": "new", "status": call})
    table = recist.assess_rows(rows)
    assert [row["overall"] for row in table] == ["baseline", "SD", "SD", "PD"]
    assert table[1]["reason"].endswith(
        "S7 is equivocal: not counted; re-examine at the next visit; if it proves new, progression dates back to today."
    )
    assert table[3]["progression_day"] == 30
    assert "Progression dates back to day 30" in table[3]["reason"]


def test_a_spot_called_new_twice_does_not_read_as_equivocal():
    rows = rows_of([60, 58, 57])
    rows += [{"visit": k, "day": 30 * k, "lesion": "S7", "role": "new", "status": "unequivocal"} for k in (1, 2)]
    table = recist.assess_rows(rows)
    assert table[2]["progression_day"] == 30
    assert "equivocal," not in table[2]["reason"]


def test_assess_gives_the_same_table_as_a_data_frame():
    frame = recist.assess(pyrecist_rows())
    assert list(frame["overall"]) == [row["overall"] for row in recist.assess_rows(pyrecist_rows())]
    wanted = ["visit", "day", "sum_mm", "change_from_baseline", "change_from_nadir", "target", "non_target"]
    assert [*wanted, "new_lesion", "overall", "best", "reason"] == list(frame.columns)[:11]
    assert list(recist.assess(frame_of(pyrecist_rows()))["overall"]) == list(frame["overall"])


def frame_of(rows):
    import pandas as pd

    return pd.DataFrame(rows)


def random_patient(rng):
    """Rows of a random patient: nodes, gaps, lesions too small to measure, non-targets, new spots; and as arrays."""
    visits, targets = int(rng.integers(1, 8)), int(rng.integers(0, 4))
    days = np.cumsum(rng.integers(1, 90, visits))
    sizes = np.round(rng.uniform(10, 60, targets)[:, None] * np.exp(rng.normal(0, 0.4, (targets, visits)).cumsum(1)), 2)
    sizes = np.where(rng.random(sizes.shape) < 0.1, 0, np.minimum(sizes, 150))
    measured, tiny = rng.random(sizes.shape) > 0.05, rng.random(sizes.shape) < 0.1
    sizes[:, 0], measured[:, 0], tiny[:, 0] = np.maximum(sizes[:, 0], 15), True, False
    sizes[tiny] = 5
    node = rng.random(targets) < 0.3
    non_target = rng.choice(
        ["", "present", "absent", "progression", "not_evaluated"], visits, p=[0, 0.7, 0.1, 0.1, 0.1]
    )
    has_other = rng.random() < 0.7 or targets == 0
    new = rng.choice(["none", "equivocal", "unequivocal"], visits, p=[0.8, 0.1, 0.1])
    new[0] = "none"
    rows = []
    for k in range(visits):
        at = {"visit": k, "day": int(days[k])}
        for i in range(targets):
            seen = {"status": "too small to measure"} if tiny[i, k] else {"diameter_mm": sizes[i, k]}
            seen = seen if measured[i, k] else {"status": "not_evaluated"}
            rows.append({**at, "lesion": f"T{i}", "role": "target", "node": bool(node[i]), **seen})
        if has_other:
            rows.append({**at, "lesion": "N", "role": "non_target", "status": non_target[k]})
        if new[k] != "none":
            rows.append({**at, "lesion": "X", "role": "new", "status": new[k]})
    word = {"present": "non-CR/non-PD", "absent": "CR", "progression": "PD", "not_evaluated": "NE"}
    arrays = {
        "sum_mm": np.where(measured, sizes, 0).sum(0),
        "non_target": [word[w] for w in non_target] if has_other else "none",
        "new_lesion": list(new),
        "evaluated": measured.all(0),
        "target_gone": (sizes < np.where(node, 10, 0.01)[:, None]).all(0),
        "days": days,
    }
    return rows, arrays


def test_core_and_wrapper_agree_on_1000_random_patients():
    rng = np.random.default_rng(7)
    seen = set()
    for _ in range(1000):
        rows, arrays = random_patient(rng)
        options = {"keep_response": bool(rng.random() < 0.8), "confirm": bool(rng.random() < 0.3)}
        options["min_sd_d"] = int(rng.choice([0, 42]))
        answer = recist.time_points(**arrays, **options)
        table = recist.assess_rows(rows, **options)
        assert [row["overall"] for row in table] == [codes.label(c) for c in answer.overall]
        assert [row["best"] for row in table] == [codes.label(c) for c in answer.best]
        assert [row["target"] for row in table] == [codes.label(c) for c in answer.target]
        assert all(row["reason"].endswith((".", "today.")) and "nan" not in row["reason"] for row in table)
        seen |= {row["overall"] for row in table}
    assert seen == set(codes.RESPONSE_LABELS)


def test_core_broadcasts_over_patients():
    rng = np.random.default_rng(1)
    sums = np.round(rng.uniform(0, 100, (5, 4, 6)), 2)
    together = recist.time_points(sums)
    for i, j in itertools.product(range(5), range(4)):
        alone = recist.time_points(sums[i, j])
        assert (alone.overall == together.overall[i, j]).all()
        assert (alone.best == together.best[i, j]).all()


hundredths = st.lists(st.integers(0, 20000), min_size=2, max_size=8)


@given(hundredths, st.booleans())
@settings(max_examples=300, deadline=None)
def test_target_progression_needs_five_millimetres_and_a_fifth(sizes, keep):
    sums = np.array(sizes) / 100
    target = recist.time_points(sums, keep_response=keep).target
    for k in range(1, len(sizes)):
        rise = sizes[k] - min(sizes[:k])
        assert (target[k] == codes.PD) == (sizes[0] > 0 and rise >= 500 and 5 * rise >= min(sizes[:k]))


@given(hundredths, st.data())
@settings(max_examples=200, deadline=None)
def test_unequivocal_new_lesion_is_always_progression(sizes, data):
    new = [0, *data.draw(st.lists(st.integers(0, 2), min_size=len(sizes) - 1, max_size=len(sizes) - 1))]
    other = data.draw(st.sampled_from(codes.NON_TARGET_LABELS))
    answer = recist.time_points(np.array(sizes) / 100, non_target=other, new_lesion=np.array(new))
    assert (answer.overall[1:][np.array(new[1:]) == codes.NEW_UNEQUIVOCAL] == codes.PD).all()


@given(hundredths)
@settings(max_examples=100, deadline=None)
def test_an_equivocal_new_lesion_changes_nothing(sizes):
    sums = np.array(sizes) / 100
    plain, doubt = recist.time_points(sums), recist.time_points(sums, new_lesion="equivocal")
    assert (plain.overall == doubt.overall).all()


@given(st.lists(st.integers(1000, 9000), min_size=2, max_size=8), st.integers(2, 9))
@settings(max_examples=100, deadline=None)
def test_response_and_regression_do_not_depend_on_scale(sizes, factor):
    """Everything but the 5 mm rule is relative: larger lesions keep PR, SD and CR, and never lose PD."""
    small = recist.time_points(np.array(sizes) / 100, keep_response=False).overall
    large = recist.time_points(np.array(sizes) * factor / 100, keep_response=False).overall
    same = small == large
    assert (same | ((large == codes.PD) & (small != codes.PD))).all()


@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_order_of_lesions_and_rows_does_not_matter(seed, random):
    rows, _ = random_patient(np.random.default_rng(seed))
    shuffled = rows.copy()
    random.shuffle(shuffled)
    numbers = [name for name in recist.assess_rows(rows)[0] if name != "reason"]
    ours, theirs = recist.assess_rows(rows), recist.assess_rows(shuffled)
    assert [[row[name] for name in numbers] for row in theirs] == [[row[name] for name in numbers] for row in ours]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"diameter_mm": float("nan")}, r"diameter_mm is nan mm for lesion 'T1' at visit 1; allowed: 0 to 1000 mm\."),
        ({"diameter_mm": -3}, r"diameter_mm is -3 mm for lesion 'T1' at visit 1; allowed: 0 to 1000 mm\."),
        ({"diameter_mm": "ten"}, r"diameter_mm is 'ten' for lesion 'T1'"),
        ({"day": -1}, r"day is -1 at visit 1, after day 0 at visit 0; allowed: days that rise with the visits\."),
        ({"role": "targets"}, r"role is 'targets' for lesion 'T1' at visit 1; allowed: target, non_target, new\."),
        ({"role": "new"}, r"role of lesion 'T1' changes from 'target' to 'new'"),
        ({"status": "tiny"}, r"status is 'tiny' for lesion 'T1' at visit 1; allowed: measured,"),
        ({"visit": 0}, r"lesion 'T1' appears twice at visit 0|day is 0 and 30 at visit 0"),
        ({"lesion": None}, r"lesion is missing in a row"),
    ],
)
def test_bad_rows_are_refused_in_one_sentence(change, sentence):
    rows = rows_of([30, 28])
    rows[1] |= change
    with pytest.raises(ValueError, match=sentence) as refusal:
        recist.assess_rows(rows)
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


def test_empty_readings_duplicates_and_missing_baselines_are_refused():
    with pytest.raises(ValueError, match="readings is empty"):
        recist.assess_rows([])
    with pytest.raises(ValueError, match="lesion 'T1' appears twice at visit 1; allowed: once a visit"):
        recist.assess_rows(rows_of([30, 28]) + rows_of([30, 28])[1:])
    with pytest.raises(ValueError, match="target 'T2' is not measured at baseline"):
        recist.assess_rows([*rows_of([30, 28]), {"visit": 1, "day": 30, "lesion": "T2", "diameter_mm": 12}])
    with pytest.raises(ValueError, match="lesion 'S7' is new at the baseline visit"):
        recist.assess_rows([*rows_of([30]), {"visit": 0, "day": 0, "lesion": "S7", "role": "new"}])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"sum_mm": [30, float("nan")]}, "sum_mm is nan mm; allowed: 0 to 1000 mm"),
        ({"sum_mm": [30, -1]}, "sum_mm is -1 mm"),
        ({"sum_mm": []}, "sum_mm is empty"),
        ({"sum_mm": 30}, "sum_mm is empty"),
        ({"sum_mm": [30, 20], "non_target": "stable"}, "non_target is 'stable'; allowed: none, CR"),
        ({"sum_mm": [30, 20], "new_lesion": [0, 3]}, "new_lesion is 3; allowed: 0 to 2"),
        ({"sum_mm": [30, 20], "new_lesion": [0, 1, 2]}, r"new_lesion has shape \(3,\)"),
        ({"sum_mm": [30, 20], "evaluated": [False, True]}, "evaluated is False at the baseline"),
    ],
)
def test_bad_arrays_are_refused_in_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        recist.time_points(**arguments)
