"""mRECIST, WHO and EASL: limits, what they share with RECIST and where they part, core against wrapper, refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.reading import codes, easl, mrecist, recist, who

from .readings import rows_of


def words(answer):
    return [codes.label(code) for code in answer.overall]


@pytest.mark.parametrize(
    ("sums", "last"),
    [
        ([100, 70], "PR"),
        ([100, 70.01], "SD"),
        ([100, 120], "PD"),
        ([100, 119.99], "SD"),
        ([20, 12, 14.4], "PD"),  # +20 % but only +2.4 mm: RECIST 1.1 says PR, mRECIST has no smallest rise
        ([20, 12, 14.39], "PR"),
        ([20, 0], "CR"),
        ([20, 0, 0.01], "PD"),
    ],
)
def test_limits_of_mrecist(sums, last):
    assert words(mrecist.time_points(np.array(sums, float)))[-1] == last


def test_the_five_millimetres_are_the_only_difference_between_mrecist_and_recist():
    rng = np.random.default_rng(5)
    sums = np.round(rng.uniform(10, 200, (4000, 1)) * np.exp(rng.normal(0, 0.25, (4000, 7)).cumsum(1)), 2).clip(0, 900)
    ours, theirs = recist.time_points(sums, keep_response=False), mrecist.time_points(sums, keep_response=False)
    apart = ours.target != theirs.target
    rise = sums - ours.nadir
    assert apart.any()
    assert (rise[apart] < 5).all()
    assert (theirs.target[apart] == codes.PD).all()


def test_necrosis_is_a_response_for_mrecist_and_easl_but_not_for_recist_and_who():
    """An embolised tumour of 50 x 40 mm keeps its size; of its enhancing part 15 x 10 mm are left."""
    rows = rows_of(
        diameter_mm=[50, 50], perpendicular_mm=[40, 40], viable_mm=[50, 15], viable_perpendicular_mm=[40, 10]
    )
    calls = [one.assess_rows(rows)[1]["overall"] for one in (recist, who, mrecist, easl)]
    assert calls == ["SD", "SD", "PR", "PR"]
    rows[1] |= {"viable_mm": 0, "viable_perpendicular_mm": 0}
    assert [one.assess_rows(rows)[1]["overall"] for one in (mrecist, easl)] == ["CR", "CR"]
    assert mrecist.assess_rows(rows)[1]["reason"] == "CR: no arterial enhancement is left in any target."


def products(longest, perpendicular, **options):
    longest, perpendicular = np.atleast_2d(longest).astype(float), np.atleast_2d(perpendicular).astype(float)
    return words(who.time_points(longest, perpendicular, **options))[-1]


@pytest.mark.parametrize(
    ("longest", "perpendicular", "last"),
    [
        ([20, 10], [10, 10], "PR"),
        ([20, 10.01], [10, 10], "SD"),
        ([20, 20], [10, 12.5], "PD"),
        ([20, 20], [10, 12.49], "SD"),
        ([20, 12, 15], [10, 8, 8], "PD"),  # 96 to 120 mm² is +25 % above the nadir, below baseline
        ([20, 0], [10, 0], "CR"),
    ],
)
def test_limits_of_who(longest, perpendicular, last):
    assert products(longest, perpendicular) == last


def test_one_lesion_or_the_sum():
    longest, perpendicular = [[50, 40], [10, 12.5]], [[50, 40], [10, 10]]
    assert products(longest, perpendicular) == "PD"
    assert products(longest, perpendicular, one_lesion=False) == "SD"
    assert words(easl.time_points(np.array(longest), np.array(perpendicular)))[-1] == "SD"
    rows = rows_of(lesion="A", diameter_mm=[50, 40], perpendicular_mm=[50, 40])
    rows += rows_of(lesion="B", diameter_mm=[10, 12.5], perpendicular_mm=[10, 10])
    table = who.assess_rows(rows)
    assert table[1]["reason"] == (
        "PD: B alone, 125 mm², is +25.0 % above its smallest, 100 mm²; PD needs +25 % in one lesion."
    )
    assert table[1]["sum_mm2"] == 1725
    assert who.assess_rows(rows, one_lesion=False)[1]["overall"] == "SD"


def test_who_on_squares_is_recist_with_other_limits():
    """A sphere's product falls by half when its diameter falls by 29.3 %: PR by WHO a little before RECIST's -30 %."""
    size = np.array([100, 70.71])
    assert words(who.time_points(size[None], size[None]))[-1] == "PR"
    assert words(recist.time_points(size))[-1] == "SD"
    size = np.array([100, 111.81])  # +11.8 % in diameter is +25 % in product, RECIST still waits for +20 %
    assert words(who.time_points(size[None], size[None]))[-1] == "PD"
    assert words(recist.time_points(size))[-1] == "SD"


def test_a_lesion_not_measured_leaves_the_visit_open_and_its_nadir_alone():
    longest, across = np.array([[30.0, 0, 30], [30, 30, 30]]), np.array([[20.0, 0, 20], [20, 20, 20]])
    measured = np.array([[True, False, True], [True, True, True]])
    assert words(who.time_points(longest, across, measured=measured)) == ["baseline", "NE", "SD"]


def random_lesions(rng):
    lesions, visits = int(rng.integers(1, 4)), int(rng.integers(2, 7))
    shape = (lesions, visits)
    longest = np.round(rng.uniform(10, 60, (lesions, 1)) * np.exp(rng.normal(0, 0.2, shape).cumsum(1)), 2).clip(0, 150)
    longest[:, 1:][rng.random((lesions, visits - 1)) < 0.1] = 0
    across = np.floor(100 * longest * rng.uniform(0.5, 1, shape)) / 100
    measured = rng.random(shape) > 0.05
    measured[:, 0] = True
    new = rng.choice(codes.NEW_LESION_LABELS, visits, p=[0.85, 0.1, 0.05])
    new[0] = "none"
    return longest, across, measured, new


@pytest.mark.parametrize("name", ["mrecist", "who", "easl"])
def test_core_and_wrapper_agree_on_1000_random_patients(name):
    rng = np.random.default_rng(11)
    seen = set()
    for _ in range(1000):
        longest, across, measured, new = random_lesions(rng)
        rows = []
        for i in range(len(longest)):
            for k in range(longest.shape[1]):
                sizes = {"diameter_mm": longest[i, k], "perpendicular_mm": across[i, k]}
                sizes |= {"viable_mm": longest[i, k], "viable_perpendicular_mm": across[i, k]}
                found = sizes if measured[i, k] else {"status": "not_evaluated"}
                rows.append({"visit": k, "day": 60 * k, "lesion": f"T{i}"} | found)
        rows += [
            {"visit": k, "day": 60 * k, "lesion": "X", "role": "new", "status": word}
            for k, word in enumerate(new)
            if word != "none"
        ]
        if name == "mrecist":
            total = np.where(measured, np.rint(100 * longest), 0).sum(0) / 100
            answer = mrecist.time_points(total, new_lesion=list(new), evaluated=measured.all(0))
            table = mrecist.assess_rows(rows)
        else:
            one = {"who": who, "easl": easl}[name]
            answer = one.time_points(longest, across, new_lesion=list(new), measured=measured)
            table = one.assess_rows(rows)
        assert [row["overall"] for row in table] == words(answer)
        assert [row["best"] for row in table] == [codes.label(code) for code in answer.best]
        assert all(row["reason"].endswith(".") and "nan" not in row["reason"] for row in table)
        seen |= {row["overall"] for row in table}
    assert seen == {"baseline", "NE", "CR", "PR", "SD", "PD"}


diameters = st.lists(st.lists(st.integers(1, 9000), min_size=4, max_size=4), min_size=1, max_size=4)


@given(diameters, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_order_of_lesions_does_not_matter(drawn, random):
    size = np.array(drawn) / 100
    order = list(range(len(size)))
    random.shuffle(order)
    for one in (who, easl):
        assert words(one.time_points(size[order], size[order])) == words(one.time_points(size, size))


def test_cores_broadcast_over_patients_and_frames_come_out():
    rng = np.random.default_rng(2)
    longest = np.round(rng.uniform(0, 60, (30, 3, 5)), 2)
    together = who.time_points(longest, longest)
    for i in range(30):
        assert (who.time_points(longest[i], longest[i]).overall == together.overall[i]).all()
    rows = rows_of(diameter_mm=[20, 10], perpendicular_mm=[10, 10], viable_mm=[20, 9], viable_perpendicular_mm=[10, 9])
    assert [list(one.assess(rows)["overall"]) for one in (who, easl, mrecist)] == [["baseline", "PR"]] * 3


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: who.time_points([[10, 9]], [[12, 9]]), "perpendicular_mm is 12 mm beside longest_mm of 10 mm"),
        (lambda: who.time_points([10, 9], [10, 9]), r"shapes \(2,\) and \(2,\); allowed: the same shape, lesions and"),
        (lambda: who.time_points([[10, -9]], [[10, 9]]), "longest_mm is -9 mm; allowed: 0 to 1000 mm"),
        (lambda: easl.time_points([[10, np.nan]], [[10, 9]]), "longest_mm is nan mm"),
        (lambda: mrecist.time_points([]), "viable_mm is empty"),
        (lambda: mrecist.time_points([10, np.nan]), "viable_mm is nan mm"),
        (lambda: mrecist.assess_rows(rows_of(diameter_mm=[20, 10])), "viable_mm is None for lesion 'T1' at visit 0"),
        (lambda: who.assess_rows(rows_of(diameter_mm=[20, 10])), "perpendicular_mm is None for lesion 'T1' at visit 0"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
