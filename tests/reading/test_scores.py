"""Clinical scores: limits, monotony, classes, slips of units, and the cases of other calculators."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liverlab.reading import scores

BILIRUBIN, CREATININE, INR = st.floats(0.1, 24), st.floats(0.2, 14), st.floats(0.6, 9)
SODIUM, ALBUMIN = st.floats(105, 175), st.floats(0.6, 6.5)


def family(bilirubin, creatinine, inr, sodium, albumin, female):
    """The four scores, unrounded."""
    blood = (bilirubin, creatinine, inr)
    return np.array(
        [
            scores.meld(*blood).raw,
            scores.meld_na(*blood, sodium).raw,
            scores.meld_na(*blood, sodium, formula="kim2008").raw,
            scores.meld3(*blood, sodium, albumin, female).raw,
        ]
    )


@given(BILIRUBIN, CREATININE, INR, SODIUM, ALBUMIN, st.booleans(), st.floats(1.0, 2.0))
def test_more_bilirubin_creatinine_or_inr_never_lowers_a_score(b, c, i, sodium, albumin, female, factor):
    now = family(b, c, i, sodium, albumin, female) - 1e-9
    assert (family(b * factor, c, i, sodium, albumin, female) >= now).all()
    assert (family(b, c * factor, i, sodium, albumin, female) >= now).all()
    assert (family(b, c, i * factor, sodium, albumin, female) >= now).all()


@given(BILIRUBIN, CREATININE, INR, SODIUM, ALBUMIN, st.booleans(), st.floats(0.9, 1.0))
def test_less_sodium_or_albumin_never_lowers_a_score(b, c, i, sodium, albumin, female, factor):
    now = family(b, c, i, sodium, albumin, female) - 1e-9
    # Beyond 40 points both formulas of MELD-Na turn round, and MELD 3.0's albumin does above a creatinine of 2.7 mg/dL.
    below_the_cap = np.array([True, now[0] < 40, now[0] < 40, True])
    assert (family(b, c, i, max(100, sodium * factor), albumin, female) >= now)[below_the_cap].all()
    if c < 2.7:
        assert (family(b, c, i, sodium, albumin * factor, female) >= now).all()


@given(BILIRUBIN, CREATININE, INR, SODIUM, ALBUMIN, st.booleans())
def test_the_meld_family_is_whole_and_within_6_to_40(bilirubin, creatinine, inr, sodium, albumin, female):
    for score in (
        scores.meld(bilirubin, creatinine, inr),
        scores.meld_na(bilirubin, creatinine, inr, sodium),
        scores.meld_na(bilirubin, creatinine, inr, sodium, formula="kim2008"),
        scores.meld3(bilirubin, creatinine, inr, sodium, albumin, female),
    ):
        assert isinstance(score.value, int)
        assert isinstance(score.raw, float)
        assert 6 <= score.value <= 40
    simple = scores.meld(bilirubin, creatinine, inr)
    assert abs(simple.raw - simple.value) <= 0.5 or simple.raw > simple.value == 40


def test_sex_is_worth_a_point_and_a_third():
    woman, man = (scores.meld3(3.0, 1.2, 1.6, 132, 2.9, female).raw for female in (True, False))
    assert woman - man == pytest.approx(1.33)


def test_dialysis_sets_creatinine_to_the_cap():
    for score, cap in ((scores.meld, 4.0), (lambda *x, **k: scores.meld3(*x, 135, 3.0, True, **k), 3.0)):
        assert score(3.0, 0.7, 1.6, dialysis=True).raw == score(3.0, cap, 1.6).raw > score(3.0, 0.7, 1.6).raw
        assert any("dialysis" in note for note in score(3.0, 0.7, 1.6, dialysis=True).notes)
        assert any("limit" in note for note in score(3.0, cap + 1, 1.6).notes)


def test_the_two_formulas_of_meld_na_say_which_they_are():
    a, b = (scores.meld_na(2.0, 2.0, 1.8, 131, formula=name) for name in ("unos2016", "kim2008"))
    assert a.raw != b.raw
    assert "2016" in a.notes[-1]
    assert "Kim 2008" in b.notes[-1]
    # Sodium does not count at a MELD of 11 or less, and at 137 or more.
    assert scores.meld_na(1.0, 1.0, 1.0, 120).value == scores.meld(1.0, 1.0, 1.0).value
    assert scores.meld_na(4.0, 2.0, 2.0, 145).raw == scores.meld(4.0, 2.0, 2.0).raw
    with pytest.raises(ValueError, match=r"^formula is 'unos'; it must be 'unos2016' or 'kim2008'\.$"):
        scores.meld_na(2, 2, 2, 130, formula="unos")


def test_child_pugh_changes_points_exactly_at_its_limits():
    def total(**changes):
        usual = {"bilirubin_mg_dl": 1.0, "albumin_g_dl": 4.0, "inr": 1.0, "ascites": "none", "encephalopathy": 0}
        return scores.child_pugh(**(usual | changes))

    assert (total().value, total().grade) == (5, "A")
    for key, values in {
        "bilirubin_mg_dl": (1.99, 2.0, 3.0, 3.01),
        "albumin_g_dl": (3.51, 3.5, 2.8, 2.79),
        "inr": (1.69, 1.7, 2.3, 2.31),
        "encephalopathy": (0, 1, 2, 3),
    }.items():
        assert [total(**{key: value}).value for value in values] == [5, 6, 6, 7]
    assert [total(ascites=word).value for word in scores.ASCITES] == [5, 6, 7]
    worst = total(bilirubin_mg_dl=9, albumin_g_dl=2, inr=3, ascites="moderate-severe", encephalopathy=4)
    assert (worst.value, worst.grade) == (15, "C")
    assert [total(inr=3, encephalopathy=e).grade for e in (0, 1)] == ["B", "B"]


def test_injury_patterns_and_fibrosis_classes_change_at_their_limits():
    assert [scores.r_factor(r * 40, 40, 120, 120).grade for r in (2.0, 2.1, 4.9, 5.0)] == [
        "cholestatic",
        "mixed",
        "mixed",
        "hepatocellular",
    ]
    assert [scores.apri(ast, 40, 100).grade for ast in (20, 21, 60, 61)] == [
        "low",
        "indeterminate",
        "indeterminate",
        "high",
    ]
    assert [scores.fib4(50, ast, 25, 100).grade for ast in (12, 13, 26, 27)] == [
        "low",
        "indeterminate",
        "indeterminate",
        "high",
    ]
    assert [scores.albi(1.0, a).grade for a in (30.6, 30.5, 16.4, 16.3)] == [1, 2, 2, 3]


def test_hys_law_needs_all_four_conditions():
    base = {"alt_u_l": 120, "ast_u_l": 30, "alp_u_l": 239, "bilirubin_mg_dl": 2.5}
    assert scores.hys_law(**base).value is True
    assert scores.hys_law(**(base | {"alt_u_l": 30, "ast_u_l": 120})).value is True
    for change in ({"alt_u_l": 119}, {"bilirubin_mg_dl": 2.4}, {"alp_u_l": 240}, {"other_cause": True}):
        refused = scores.hys_law(**(base | change))
        assert refused.value is False
        assert refused.raw == 3


def test_kings_college_without_paracetamol():
    few = {"age_y": 30, "bilirubin_umol_l": 250, "jaundice_to_encephalopathy_d": 3, "unfavourable_cause": False}
    assert scores.kings_college(False, 6.6, **few).value is True
    assert scores.kings_college(False, 6.5, **few).value is False
    two = few | {"age_y": 41, "bilirubin_umol_l": 301}
    assert (scores.kings_college(False, 3.5, **two).value, scores.kings_college(False, 3.5, **two).raw) == (False, 2)
    assert scores.kings_college(False, 3.51, **two).value is True
    assert scores.kings_college(False, 3.5, **(two | {"jaundice_to_encephalopathy_d": 8})).value is True
    assert scores.kings_college(False, 3.5, **(two | {"age_y": 9})).raw == 2


def test_kings_college_with_paracetamol():
    given_ = {"arterial_ph": 7.35, "creatinine_umol_l": 310, "encephalopathy_grade": 3}
    assert scores.kings_college(True, 6.6, **given_).value is True
    for change in ({"creatinine_umol_l": 300}, {"encephalopathy_grade": 2}):
        assert scores.kings_college(True, 6.6, **(given_ | change)).value is False
    assert scores.kings_college(True, 2.0, **(given_ | {"arterial_ph": 7.29})).value is True
    assert scores.kings_college(True, 2.0, **given_, lactate_early_mmol_l=3.6).value is True
    assert scores.kings_college(True, 2.0, **given_, lactate_late_mmol_l=3.1).value is True
    assert scores.kings_college(True, 2.0, **given_, lactate_early_mmol_l=3.5, lactate_late_mmol_l=3.0).value is False
    with pytest.raises(ValueError, match=r"^arterial_ph is missing; this list of criteria needs arterial_ph, "):
        scores.kings_college(True, 2.0)
    with pytest.raises(ValueError, match=r"^age_y is missing; "):
        scores.kings_college(False, 2.0)


def test_arrays_give_what_the_scalars_give():
    bilirubin = np.array([[0.8, 4.0], [12.0, 24.0]])
    creatinine = np.array([0.9, 4.5])
    many = scores.meld3(bilirubin, creatinine, 1.7, 128, 2.2, np.array([True, False]))
    assert many.value.shape == (2, 2)
    assert many.value.dtype.kind == "i"
    for i in range(2):
        for j in range(2):
            one = scores.meld3(bilirubin[i, j], creatinine[j], 1.7, 128, 2.2, j == 0)
            assert (many.value[i, j], many.raw[i, j]) == (one.value, pytest.approx(one.raw))
    classes = scores.child_pugh(bilirubin, 3.0, 1.5, 0, np.array([0, 3]))
    assert classes.grade.tolist() == [["A", "C"], ["B", "C"]]


def test_values_in_another_unit_are_refused_or_asked_about():
    assert scores.meld(24.9, 1, 1).notes == ()
    assert scores.meld(3, 5, 1).notes == ("Creatinine 5 mg/dL counts as 4 mg/dL, the limit of this score.",)
    assert scores.meld([3, 3, 3], [5, 6, 2], 1).notes == (
        "Creatinine of 2 of 3 counts as 4 mg/dL, the limit of this score.",
    )
    (question,) = scores.meld(30, 1, 1).notes
    assert question == "bilirubin_mg_dl 30 is very high: is it 30 µmol/L, that is 1.75 mg/dL?"
    assert scores.meld(60, 1, 1).value == scores.meld(60.0, 1, 1).value
    with pytest.raises(
        ValueError, match=r"^bilirubin_mg_dl is 61; it must be 0.02 to 60 mg/dL \(61 µmol/L would be 3.57"
    ):
        scores.meld(61, 1, 1)
    with pytest.raises(
        ValueError, match=r"^albumin_g_dl is 40; it must be 0.5 to 7 g/dL \(40 g/L would be 4 g/dL\)\.$"
    ):
        scores.meld3(2, 1, 1, 137, 40, True)
    with pytest.raises(ValueError, match=r"^albumin_g_l is 4; it must be 5 to 70 g/L \(4 g/dL would be 40 g/L\)\.$"):
        scores.albi(20, 4)
    with pytest.raises(ValueError, match=r"^creatinine_mg_dl is 88; .* \(88 µmol/L would be 0.995 mg/dL\)\.$"):
        scores.meld(2, 88, 1)
    with pytest.raises(ValueError, match=r"^inr is 25; it must be 0.5 to 20 \(a prothrombin time .* is no INR\)\.$"):
        scores.meld(2, 1, 25)
    assert any("prothrombin time" in note for note in scores.meld(2, 1, 13).notes)
    assert any("mg/dL" in note for note in scores.albi(1.2, 40).notes)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -1.0, 0.0, "high", None, [], [1.0, float("nan")]])
def test_no_score_swallows_a_bad_value(bad):
    for call in (
        lambda: scores.meld(bad, 1, 1),
        lambda: scores.meld(1, bad, 1),
        lambda: scores.meld(1, 1, bad),
        lambda: scores.meld_na(1, 1, 1, bad),
        lambda: scores.meld3(1, 1, 1, 137, bad, True),
        lambda: scores.albi(bad, 40),
        lambda: scores.fib4(50, bad, 40, 200),
        lambda: scores.apri(40, 40, bad),
        lambda: scores.r_factor(40, bad, 100, 120),
        lambda: scores.hys_law(40, 40, 100, bad),
        lambda: scores.child_pugh(1, 4, bad, 0, 0),
    ):
        with pytest.raises(ValueError, match=r"it must"):
            call()


@pytest.mark.parametrize("bad", ["F", 2, None, float("nan"), 0.5])
def test_yes_or_no_is_not_guessed(bad):
    with pytest.raises(ValueError, match=r"^female is .*; it must be True or False\.$"):
        scores.meld3(1, 1, 1, 137, 4, bad)


@pytest.mark.parametrize("bad", [5, -1, 1.5, "III", float("nan")])
def test_an_unknown_grade_of_encephalopathy_is_refused(bad):
    with pytest.raises(ValueError, match=r"^encephalopathy is .*; it must be a West Haven grade, 0 to 4\.$"):
        scores.child_pugh(1, 4, 1, 0, bad)


def test_mortality_bands():
    assert scores.meld_mortality_3m_pct(np.array([6, 9, 10, 19, 20, 39, 40])).tolist() == [
        1.9, 1.9, 6.0, 6.0, 19.6, 52.6, 71.3,
    ]  # fmt: skip
    with pytest.raises(ValueError, match=r"^points_ is 41; it must be 6 to 40 points\.$"):
        scores.meld_mortality_3m_pct(41)
