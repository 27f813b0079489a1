"""PERCIST: limits, what is comparable and measurable, core against wrapper, refusals."""

import numpy as np
import pytest

from liverlab.reading import codes, percist

from .readings import is_one_sentence, rows_of


def call(before, after, **options):
    answer = percist.time_points(np.array([before, after], float), 2.0, 0.3, **options)
    return codes.label(answer.overall[1], percist.LABELS)


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (10, 7, "PMR"),
        (10, 7.01, "SMD"),
        (3.6, 2.8, "SMD"),  # -0.8 but only -22 %
        (10, 13, "PMD"),
        (10, 12.99, "SMD"),
        (3.6, 4.68, "PMD"),
        (10, 1.99, "CMR"),
        (10, 2.0, "PMR"),
    ],
)
def test_limits(before, after, wanted):
    assert call(before, after) == wanted


def test_both_the_per_cent_and_the_units_are_needed():
    """Small uptakes change by 30 % before they change by 0.8 SUL: a cold liver makes a lesion of 2.0 measurable."""
    quiet = {"liver_sul_mean": 0.9, "liver_sul_sd": 0.1}
    for after, wanted in ((2.75, "SMD"), (2.8, "PMD"), (1.25, "SMD"), (1.2, "PMR")):
        answer = percist.time_points([2.0, after], **quiet)
        assert codes.label(answer.overall[1], percist.LABELS) == wanted


def test_new_lesions_glycolysis_and_background():
    assert call(10, 5, new_lesion=["none", "unequivocal"]) == "PMD"
    assert call(10, 5, new_lesion=["none", "equivocal"]) == "PMR"
    assert call(10, 10, tlg=[100, 175]) == "PMD"
    assert call(10, 10, tlg=[100, 174.99]) == "SMD"
    assert call(10, 1.5, like_background=False) == "PMR"
    assert call(10, 1.5, non_target="non-CR/non-PD") == "PMR"


@pytest.mark.parametrize(
    ("peak", "reference", "hot"),
    [(3.6, "liver", True), (3.59, "liver", False), (4.6, "blood pool", True), (4.59, "blood pool", False)],
)
def test_the_baseline_has_to_be_hot_enough(peak, reference, hot):
    answer = percist.time_points([peak, 1.0], 2.0, 0.3, reference=reference)
    assert bool(answer.measurable) == hot
    assert codes.label(answer.overall[1], percist.LABELS) == ("CMR" if hot else "NE")


@pytest.mark.parametrize(("after", "compares"), [(2.3, True), (2.31, False), (1.7, True), (1.69, False)])
def test_scans_compare_only_if_the_liver_does(after, compares):
    answer = percist.time_points([10, 6], [2.0, after], 0.3)
    assert codes.label(answer.overall[1], percist.LABELS) == ("PMR" if compares else "NE")
    faint = percist.time_points([10, 6], [1.0, 1.21], 0.1)  # 0.21 SUL, but 21 %
    assert not faint.comparable[1]


def pet_rows(**columns):
    return rows_of(liver_sul_mean=columns.pop("liver", 2.0), liver_sul_sd=0.3, **columns)


def test_the_hottest_lesion_need_not_be_the_same():
    rows = pet_rows(lesion="A", sul_peak=[10, 2]) + pet_rows(lesion="B", sul_peak=[6, 6.5])
    table = percist.assess_rows(rows)
    assert table[1]["overall"] == "PMR"
    assert table[0]["reason"] == (
        "Baseline: A is hottest, SULpeak 10; it can be followed (1.5 x mean + 2 SD of the liver)."
    )
    assert (
        table[1]["reason"] == "PMR: B is hottest, SULpeak -35.0 %, -3.5 (10 to 6.5); a change needs 30 % and 0.8 SUL."
    )


def test_reasons_say_why_there_is_no_answer():
    assert "too faint to be followed" in percist.assess_rows(pet_rows(sul_peak=[3, 1]))[1]["reason"]
    said = percist.assess_rows(pet_rows(sul_peak=[10, 5], liver=[2.0, 2.5]))[1]["reason"]
    assert said == "NE: the scans do not compare (liver 2 to 2.5; allowed: within 20 % and 0.3 SUL)."
    missing = pet_rows(sul_peak=[10, None], status=["", "not evaluated"])
    assert percist.assess_rows(missing)[1]["reason"] == "NE: T1 could not be measured."
    new = [*pet_rows(sul_peak=[10, 5]), {"visit": 1, "day": 60, "lesion": "X", "role": "new"}]
    assert percist.assess_rows(new)[1]["reason"].startswith("PMD: X called unequivocally new")


def test_core_and_wrapper_agree_on_1000_random_patients():
    rng = np.random.default_rng(17)
    seen = set()
    for _ in range(1000):
        lesions, visits = int(rng.integers(1, 4)), int(rng.integers(2, 6))
        peaks = np.round(
            rng.uniform(1, 15, (lesions, 1)) * np.exp(rng.normal(-0.1, 0.5, (lesions, visits)).cumsum(1)), 2
        ).clip(0, 90)
        liver = np.round(2 + rng.normal(0, 0.15, visits), 2)
        tlg = np.round(peaks * rng.uniform(1, 9, (lesions, 1)), 2)
        measured = rng.random(visits) > 0.1
        measured[0] = True
        rows = []
        for i in range(lesions):
            rows += pet_rows(
                lesion=f"T{i}",
                sul_peak=list(peaks[i]),
                tlg=list(tlg[i]),
                liver=list(liver),
                status=["" if m or i else "ne" for m in measured],
            )
        answer = percist.time_points(peaks.max(0), liver, 0.3, np.rint(100 * tlg).sum(0) / 100, evaluated=measured)
        table = percist.assess_rows(rows)
        assert [row["overall"] for row in table] == [codes.label(c, percist.LABELS) for c in answer.overall]
        assert [row["best"] for row in table] == [codes.label(c, percist.LABELS) for c in answer.best]
        assert all(row["reason"].endswith(".") and "nan" not in row["reason"] for row in table)
        seen |= {row["overall"] for row in table}
    assert seen == {"baseline", "NE", "CMR", "PMR", "SMD", "PMD"}
    assert list(percist.assess(pet_rows(sul_peak=[10, 7]))["overall"]) == ["baseline", "PMR"]


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: percist.time_points([10, np.nan], 2, 0.3), "sul_peak is nan SUL; allowed: 0 to 1000 SUL"),
        (lambda: percist.time_points([10, 5], 0, 0.3), "liver_sul_mean is 0 SUL; allowed: 0.01 to 100 SUL"),
        (lambda: percist.time_points([10, 5], 2, -1), "liver_sul_sd is -1 SUL"),
        (lambda: percist.time_points([10, 5], 2, 0.3, tlg=[1, -1]), "tlg is -1 mL"),
        (lambda: percist.time_points([10, 5], 2, 0.3, reference="spleen"), "reference is 'spleen'; allowed: liver or"),
        (lambda: percist.time_points([], 2, 0.3), "sul_peak is empty"),
        (lambda: percist.assess_rows(rows_of(sul_peak=[10, 5])), "liver_sul_mean is missing at visit 0; allowed: one"),
        (lambda: percist.assess_rows(pet_rows(lesion="X", role="non_target", sul_peak=10)), "readings has no target"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(attempt, sentence):
    with pytest.raises(ValueError, match=sentence) as refusal:
        attempt()
    assert is_one_sentence(refusal)
