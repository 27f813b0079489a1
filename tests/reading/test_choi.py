"""Choi and modified Choi: worked examples, published counts, boundaries, properties, refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.reading import choi, codes, recist


def rows_of(sizes_mm, densities_hu, **extra):
    return [
        {"visit": k, "day": 60 * k, "lesion": "T1", "role": "target", "diameter_mm": size, "hu": hu, **extra}
        for k, (size, hu) in enumerate(zip(sizes_mm, densities_hu, strict=True))
    ]


def call(sizes_mm, densities_hu, **options):
    answer = choi.time_points(np.array(sizes_mm, float), np.array(densities_hu, float), **options)
    return codes.label(answer.overall[-1])


@pytest.mark.parametrize(
    ("size", "hu", "by_choi", "by_modified", "by_recist"),
    [
        ((60, 58), (80, 66), "PR", "SD", "SD"),  # -3.3 %, -17.5 %
        ((60, 66), (80, 60), "PR", "SD", "SD"),  # +10 % in size, but -25 % in density
        ((60, 54), (80, 80), "PR", "SD", "SD"),
        ((60, 54), (80, 68), "PR", "PR", "SD"),
        ((60, 54.01), (80, 68.01), "SD", "SD", "SD"),
        ((60, 66), (80, 68.01), "PD", "PD", "SD"),
        ((60, 65.99), (80, 80), "SD", "SD", "SD"),
        ((60, 0), (80, 0), "CR", "CR", "CR"),
    ],
)
def test_worked_examples_and_boundaries(size, hu, by_choi, by_modified, by_recist):
    assert call(size, hu) == by_choi
    assert call(size, hu, modified=True) == by_modified
    assert codes.label(recist.time_points(np.array(size, float)).overall[-1]) == by_recist


def test_counts_of_choi_2007():
    """40 patients, 33 good responders by PET: Choi finds 32 of 33, RECIST 17 of 33, no false response among 7."""
    size = np.r_[np.full((17, 1), 38.0), np.full((15, 1), 50.0), np.full((1, 1), 52.0), np.full((7, 1), 54.0)]
    hu = np.r_[np.full((17, 1), 70.0), np.full((15, 1), 58.0), np.full((1, 1), 66.0), np.full((7, 1), 71.0)]
    sums = np.hstack([np.full((40, 1), 55.0), size])
    density = np.hstack([np.full((40, 1), 72.8), hu])
    good = np.arange(40) < 33
    by_choi = choi.time_points(sums, density).overall[:, 1] == codes.PR
    by_recist = recist.time_points(sums).overall[:, 1] == codes.PR
    assert (by_choi[good].sum(), by_choi[~good].sum()) == (32, 0)
    assert (by_recist[good].sum(), by_recist[~good].sum()) == (17, 0)
    assert round(100 * 32 / 33) == 97
    assert round(100 * 17 / 33) == 52


def test_counts_of_the_sunitinib_series_at_three_months():
    """51 patients: RECIST 1 PR, 37 SD, 13 PD; Choi 16, 21, 14. The groups are rebuilt from sizes and densities."""
    groups = [  # patients, size after (from 100), density after (from 100), new lesion
        (1, 65.0, 80.0, "none"),  # PR by both
        (15, 97.0, 80.0, "none"),  # RECIST SD, Choi PR by density
        (21, 101.0, 97.0, "none"),  # SD by both
        (1, 112.0, 97.0, "none"),  # RECIST SD, Choi PD
        (10, 125.0, 97.0, "none"),  # PD by both
        (3, 100.0, 97.0, "unequivocal"),  # new lesion
    ]
    sums = np.array([[100.0, after] for n, after, _, _ in groups for _ in range(n)])
    density = np.array([[100.0, after] for n, _, after, _ in groups for _ in range(n)])
    new = np.array([[0, codes.NEW_LESION_LABELS.index(word)] for n, _, _, word in groups for _ in range(n)])
    by_recist = recist.time_points(sums, new_lesion=new).overall[:, 1]
    by_choi = choi.time_points(sums, density, new_lesion=new).overall[:, 1]
    count = lambda calls: [int((calls == code).sum()) for code in (codes.PR, codes.SD, codes.PD)]  # noqa: E731
    assert count(by_recist) == [1, 37, 13]
    assert count(by_choi) == [16, 21, 14]


def test_the_founding_example_flips_with_the_readers_call():
    """60 mm, 100 -> 50 HU, and a spot nobody saw before: PD if called new; SD and PR if called equivocal."""
    rows = rows_of([60, 58], [100, 50])
    answers = {}
    for word in ("unequivocal", "equivocal"):
        spot = [{"visit": 1, "day": 60, "lesion": "spot", "role": "new", "status": word}]
        answers[word] = (
            recist.assess_rows(rows + spot)[1]["overall"],
            choi.assess_rows(rows + spot)[1]["overall"],
        )
    assert answers == {"unequivocal": ("PD", "PD"), "equivocal": ("SD", "PR")}


def test_reasons_name_the_numbers_and_the_rule():
    text = choi.assess_rows(rows_of([60, 58], [80, 66]))[1]["reason"]
    assert text == (
        "PR: size -3.3 % (60 to 58 mm), density -17.5 % (80 to 66 HU); PR by density (size -10 % or density -15 %)."
    )
    text = choi.assess_rows(rows_of([60, 58], [80, 66]), modified=True)[1]["reason"]
    assert text.endswith("PR needs size -10 % and density -15 %.")
    text = choi.assess_rows(rows_of([60, 66], [80, 75]))[1]["reason"]
    assert text.endswith("PD is size +10 % without a density fall of 15 %.")


def test_reason_never_blurs_a_limit():
    """-9.998 % is SD and must not be printed as -10.0 %."""
    text = choi.assess_rows(rows_of([500, 450.01], [80, 79]))[1]["reason"]
    assert "SD: size -9.998 %" in text


def test_densities_are_told_in_whole_hu_and_judged_exactly():
    """Two targets' mean, 72.85 -> 61.95 HU, is -14.96 %: SD, and not printed as -15.0 %."""
    text = choi.assess_rows(rows_of([60, 60], [72.85, 61.95]))[1]["reason"]
    assert text.startswith("SD: size 0.0 % (60 to 60 mm), density -14.9 % (73 to 62 HU);")
    text = choi.assess_rows(rows_of([60, 60], [72.85, 61.92]))[1]["reason"]
    assert text.startswith("PR: size 0.0 % (60 to 60 mm), density -15.0 % (73 to 62 HU);")
    assert "mean density 73 HU" in choi.assess_rows(rows_of([60, 60], [72.85, 61.95]))[0]["reason"]


def test_a_nodule_inside_the_mass_is_progression():
    rows = rows_of([60, 40], [80, 40])
    rows[1]["nodule"] = True
    table = choi.assess_rows(rows)
    assert table[1]["overall"] == "PD"
    assert "nodule" in table[1]["reason"]


def test_density_is_the_mean_of_the_targets_still_there():
    rows = [
        {"visit": k, "day": 60 * k, "lesion": name, "diameter_mm": d, "hu": hu}
        for name, cells in {"A": [(30, 80), (28, 40)], "B": [(20, 60), (0, 0)]}.items()
        for k, (d, hu) in enumerate(cells)
    ]
    table = choi.assess_rows(rows)
    assert [row["mean_hu"] for row in table] == [70, 40]
    assert table[1]["hu_change"] == pytest.approx(-100 * 30 / 70)


def test_assess_gives_the_same_table_as_a_data_frame():
    frame = choi.assess(rows_of([60, 58], [80, 66]))
    assert list(frame["overall"]) == ["baseline", "PR"]


def test_core_and_wrapper_agree_on_1000_random_patients():
    rng = np.random.default_rng(3)
    for _ in range(1000):
        visits = int(rng.integers(2, 6))
        sizes = np.round(rng.uniform(10, 100) * np.exp(rng.normal(0, 0.15, visits).cumsum()), 2)
        density = np.round(rng.uniform(40, 120) * np.exp(rng.normal(0, 0.15, visits)), 2)
        new = rng.choice(["none", "equivocal", "unequivocal"], visits, p=[0.8, 0.1, 0.1])
        new[0] = "none"
        rows = rows_of(sizes, density) + [
            {"visit": k, "day": 60 * k, "lesion": "X", "role": "new", "status": word}
            for k, word in enumerate(new)
            if word != "none"
        ]
        for modified in (False, True):
            answer = choi.time_points(sizes, density, new_lesion=list(new), modified=modified)
            table = choi.assess_rows(rows, modified=modified)
            assert [row["overall"] for row in table] == [codes.label(code) for code in answer.overall]
            assert [row["best"] for row in table] == [codes.label(code) for code in answer.best]


sizes = st.lists(st.integers(100, 20000), min_size=2, max_size=6)


@given(sizes, st.data())
@settings(max_examples=300, deadline=None)
def test_rules_hold_for_any_course(size, data):
    n = len(size)
    hu = data.draw(st.lists(st.integers(1000, 15000), min_size=n, max_size=n))
    new = np.array([0, *data.draw(st.lists(st.integers(0, 2), min_size=n - 1, max_size=n - 1))])
    plain = choi.time_points(np.array(size) / 100, np.array(hu) / 100, new_lesion=new).overall
    strict = choi.time_points(np.array(size) / 100, np.array(hu) / 100, new_lesion=new, modified=True).overall
    assert (plain[new == codes.NEW_UNEQUIVOCAL] == codes.PD).all()
    # Whoever responds by both conditions responds by either.
    assert (plain[strict == codes.PR] == codes.PR).all()
    for k in range(1, n):
        if new[k] == codes.NEW_UNEQUIVOCAL:
            continue
        smaller, darker = 10 * (size[0] - size[k]) >= size[0], 100 * (hu[0] - hu[k]) >= 15 * hu[0]
        larger = 10 * (size[k] - size[0]) >= size[0]
        wanted = codes.PR if smaller or darker else codes.PD if larger else codes.SD
        assert plain[k] == wanted


@pytest.mark.parametrize(
    ("hu", "sentence"),
    [
        ([80, float("nan")], "hu is nan HU; allowed: -1000 to 4000 HU"),
        ([0, 20], "hu is 0 HU at baseline; allowed: more than 0 HU"),
        ([80, 70, 60], r"hu has shape \(3,\); allowed: the shape of sum_mm"),
    ],
)
def test_bad_density_is_refused(hu, sentence):
    with pytest.raises(ValueError, match=sentence):
        choi.time_points([60, 58], hu)


def test_a_measured_target_needs_its_density():
    with pytest.raises(ValueError, match="hu is None for lesion 'T1' at visit 1; allowed: a number"):
        choi.assess_rows(rows_of([60, 58], [80, None]))
