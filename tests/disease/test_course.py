"""The course of a patient: limits, continuity at actions, gating of lesions, broadcasting, bad input."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab import evidence
from liverlab.disease import course, tumour

from .patient import LESIONS, VALUES, Action, Lesion

DAYS = np.arange(0.0, 731.0, 7.0)
SIMULATED = ("diameter_mm", "viability", "perfusion", "swelling", "viable_volume_ml", "liver_enhancement_change_hu")


def simulate(days=DAYS, actions=(), lesions=LESIONS, **changes):
    return course.simulate({**VALUES, **changes}, lesions, days, actions)


def test_the_words_are_those_of_the_data():
    assert set(course.ACTIONS) == set(evidence.ACTION_KINDS)
    ev = evidence.load()
    defaults = {key: parameter.value for key, parameter in ev.parameters.items()}
    with_lesions = [case for case in ev.cases.values() if case.lesions]
    assert len(with_lesions) > 5
    for case in with_lesions:
        state = course.simulate(defaults, case.lesions, case.visits_day)
        assert state.ids == tuple(lesion.id for lesion in case.lesions)


def test_size_follows_the_published_model_and_perfusion_and_necrosis_their_closed_forms():
    got = simulate()
    rates = [tumour.per_day(VALUES[f"{name}_rate_per_week"]) for name in ("growth", "shrinkage", "resistance")]
    assert got.diameter_mm[0] == pytest.approx(40.0 * tumour.claret(DAYS, *rates))
    assert got.perfusion[0] == pytest.approx(1 - 0.85 * (1 - np.exp(-DAYS / 10)))
    # Necrosis follows the loss of perfusion with the slower of two exponential stages.
    two_stages = 1 - (21 * np.exp(-DAYS / 21) - 10 * np.exp(-DAYS / 10)) / 11
    assert got.viability[0] == pytest.approx(1 - 0.85 * two_stages)
    assert got.perfusion[1] == pytest.approx(1 - 0.425 * (1 - np.exp(-DAYS / 10)))
    assert got.liver_enhancement_change_hu == pytest.approx(-12.3 * (1 - np.exp(-DAYS / 10)))


def test_the_vessels_answer_before_the_cells_and_the_cells_before_the_size():
    got = simulate(days=[0.0, 14.0, 56.0])
    assert (got.perfusion[0, 1:] < got.viability[0, 1:]).all()
    assert got.perfusion[0, 1] < 0.4
    assert got.diameter_mm[0, 1] > 0.95 * 40.0
    assert got.viable_volume_ml[2] < 0.5 * got.viable_volume_ml[0]


def test_without_a_drug_every_lesion_grows_exponentially_and_stays_fed():
    got = simulate(perfusion_loss_pct=0.0, shrinkage_rate_per_week=0.0, swelling_pct=40.0, new_lesion_count=0.0)
    grown = tumour.exponential(DAYS, tumour.per_day(VALUES["growth_rate_per_week"]))
    assert got.diameter_mm[:4] == pytest.approx(np.outer([40.0, 30.0, 14.0, 12.0], grown))
    assert got.perfusion == pytest.approx(np.ones((7, DAYS.size)))
    assert got.viability == pytest.approx(np.ones((7, DAYS.size)))
    assert got.swelling == pytest.approx(np.ones((7, DAYS.size)))


def test_lesions_exist_as_the_counts_say_and_keep_their_place():
    got = simulate(occult_count=1.0, new_lesion_count=2.0)
    assert got.ids == ("T1", "N1", "O1", "O2", "O3", "W1", "W2")
    assert (got.diameter_mm[:, 0] > 0).tolist() == [True, True, True, False, False, True, True]
    assert (simulate(occult_count=0.0, new_lesion_count=0.0).diameter_mm[2:] == 0).all()


def test_a_new_lesion_resists_the_first_drug_and_meets_the_second():
    got = simulate(days=[0.0, 25.0, 50.0])
    assert got.diameter_mm[5, 0] == pytest.approx(5.0)
    assert (got.diameter_mm[5] / 5.0) ** 3 == pytest.approx([1.0, 2.0, 4.0])
    assert got.viability[5] == pytest.approx(np.ones(3))
    assert got.perfusion[5] == pytest.approx(np.ones(3))
    switched = simulate(days=[0.0, 25.0, 50.0], actions=[Action(25.0, "switch")])
    assert switched.diameter_mm[5, :2] == pytest.approx(got.diameter_mm[5, :2])
    assert switched.diameter_mm[5, 2] < got.diameter_mm[5, 2]
    assert switched.perfusion[5, 2] < 1.0


def test_the_second_drug_reaches_a_lesion_that_resisted_the_first():
    lesions = (Lesion("A", response=0.0), Lesion("B"))
    got = simulate(days=[0.0, 60.0, 90.0], lesions=lesions, actions=[Action(60.0, "switch")])
    assert got.diameter_mm[0, 1] > 30.0
    assert got.perfusion[0, 1] == 1.0
    assert got.diameter_mm[0, 2] / got.diameter_mm[0, 1] == pytest.approx(got.diameter_mm[1, 2] / got.diameter_mm[1, 1])
    assert got.perfusion[0, 2] < 0.6


def test_swelling_rises_and_falls_in_responding_lesions_only():
    lesions = (Lesion("A"), Lesion("B", response=0.0), Lesion("C", role="new"))
    got = simulate(days=[0.0, 30.0, 300.0], lesions=lesions, swelling_pct=40.0)
    still = simulate(days=[0.0, 30.0, 300.0], lesions=lesions)
    assert got.swelling[0] == pytest.approx([1.0, 1.4, 1.0], abs=0.01)
    assert got.swelling[1:] == pytest.approx(np.ones((2, 3)))
    assert got.diameter_mm[0, 1] == pytest.approx(1.4 * still.diameter_mm[0, 1])
    # Oedema and blood are no tumour.
    assert got.viable_volume_ml == pytest.approx(still.viable_volume_ml)


def test_before_treatment_lesions_grow():
    got = simulate(days=[-70.0, 0.0])
    assert got.diameter_mm[0] == pytest.approx([40.0 * np.exp(-0.118), 40.0])
    assert (got.viability == 1).all()
    assert got.liver_enhancement_change_hu == pytest.approx([0.0, 0.0])


@pytest.mark.parametrize("kind", ["continue", "biopsy", "wait", "test"])
def test_actions_that_treat_nothing_change_nothing(kind):
    with_action, without = simulate(actions=[Action(100.0, kind)]), simulate()
    for name in SIMULATED:
        assert (getattr(with_action, name) == getattr(without, name)).all()


@pytest.mark.parametrize("kind", ["switch", "stop"])
def test_an_action_changes_the_future_only_and_nothing_jumps(kind):
    days = np.array([0.0, 60.0, 100.0 - 1e-6, 100.0, 100.0 + 1e-6, 300.0])
    got, without = simulate(days=days, actions=[Action(100.0, kind)]), simulate(days=days)
    for name in SIMULATED:
        assert getattr(got, name)[..., :3] == pytest.approx(getattr(without, name)[..., :3])
        assert getattr(got, name)[..., 2:5] == pytest.approx(
            np.repeat(getattr(got, name)[..., 3:4], 3, axis=-1), abs=1e-5
        )
        if name not in ("swelling", "liver_enhancement_change_hu"):
            assert not np.allclose(getattr(got, name)[..., 5], getattr(without, name)[..., 5])


def test_stop_lets_tumour_regrow_and_perfusion_and_liver_recover():
    got = simulate(days=[99.0, 100.0, 110.0, 400.0], actions=[Action(100.0, "stop")])
    away = 1 - got.perfusion[0]
    assert away[2] == pytest.approx(away[1] * np.exp(-1.0))
    assert got.perfusion[0, 3] == pytest.approx(1.0)
    growth = tumour.per_day(VALUES["growth_rate_per_week"])
    assert got.diameter_mm[0, 3] / got.diameter_mm[0, 1] == pytest.approx(np.exp(growth * 300))
    assert got.liver_enhancement_change_hu[3] == pytest.approx(0.0, abs=1e-9)


def test_switch_starts_a_weaker_effect_with_fresh_resistance():
    got = simulate(days=[200.0, 230.0], actions=[Action(200.0, "switch")])
    rates = [tumour.per_day(VALUES[f"{name}_rate_per_week"]) for name in ("growth", "shrinkage", "resistance")]
    rates[1] *= 0.6
    assert got.diameter_mm[0, 1] / got.diameter_mm[0, 0] == pytest.approx(tumour.claret(30.0, *rates))
    late = simulate(days=[200.0, 2000.0], actions=[Action(200.0, "switch")])
    assert late.perfusion[0, 1] == pytest.approx(1 - 0.6 * 0.85)


def test_a_switch_to_the_same_strength_with_no_resistance_is_no_change():
    plain = {"second_line_effect_pct": 100.0, "resistance_rate_per_week": 0.0, "new_lesion_count": 0.0}
    plain["lesions"] = tuple(replace(lesion, response=1.0) for lesion in LESIONS)
    got, without = simulate(actions=[Action(90.0, "switch")], **plain), simulate(**plain)
    for name in SIMULATED:
        if name in ("perfusion", "viability"):  # the absent new lesions do not resist the second drug
            assert getattr(got, name)[:5] == pytest.approx(getattr(without, name)[:5])
        else:
            assert getattr(got, name) == pytest.approx(getattr(without, name))


def test_pieces_do_not_depend_on_the_order_or_the_sampling_of_days():
    actions = [Action(200.0, "stop"), Action(60.0, "switch")]
    dense = simulate(days=np.arange(0.0, 401.0), actions=actions)
    sparse = simulate(days=[0.0, 60.0, 133.0, 200.0, 400.0], actions=reversed(actions))
    for name in SIMULATED:
        assert getattr(sparse, name) == pytest.approx(getattr(dense, name)[..., [0, 60, 133, 200, 400]])


def test_leading_axes_give_the_same_as_a_loop():
    loss, growth = np.array([0.0, 40.0, 100.0]), np.array([[0.01], [0.02]])
    count = np.array([0.0, 1.0, 3.0])
    actions = [Action(80.0, "switch"), Action(150.0, "stop")]
    many = simulate(
        days=[0.0, 50.0, 200.0],
        actions=actions,
        perfusion_loss_pct=loss,
        growth_rate_per_week=growth,
        occult_count=count,
    )
    assert many.diameter_mm.shape == (2, 3, 7, 3)
    assert many.viable_volume_ml.shape == many.liver_enhancement_change_hu.shape == (2, 3, 3)
    for row in range(2):
        for column in range(3):
            one = simulate(
                days=[0.0, 50.0, 200.0],
                actions=actions,
                perfusion_loss_pct=float(loss[column]),
                growth_rate_per_week=float(growth[row, 0]),
                occult_count=float(count[column]),
            )
            for name in SIMULATED:
                assert getattr(many, name)[row, column] == pytest.approx(getattr(one, name), rel=1e-12)


def test_a_count_alone_may_have_leading_axes():
    assert simulate(days=[0.0], new_lesion_count=np.array([0.0, 2.0])).diameter_mm.shape == (2, 7, 1)


@settings(max_examples=40, deadline=None)
@given(
    loss=st.floats(0.0, 100.0),
    kill=st.floats(0.0, 0.1),
    tau_v=st.floats(2.0, 40.0),
    tau_n=st.floats(5.0, 60.0),
    second=st.floats(0.0, 150.0),
    at=st.floats(0.0, 300.0),
    kind=st.sampled_from(["switch", "stop"]),
)
def test_the_state_stays_physical(loss, kill, tau_v, tau_n, second, at, kind):
    got = simulate(
        actions=[Action(at, kind)],
        perfusion_loss_pct=loss,
        shrinkage_rate_per_week=kill,
        vascular_time_constant_d=tau_v,
        necrosis_time_constant_d=tau_n,
        second_line_effect_pct=second,
        swelling_pct=25.0,
    )
    for fraction in (got.perfusion, got.viability):
        assert (fraction >= -1e-12).all()
        assert (fraction <= 1 + 1e-12).all()
    assert (got.diameter_mm >= 0).all()
    assert (got.swelling >= 1).all()
    spheres = tumour.volume_ml(got.diameter_mm / got.swelling) * got.viability
    assert got.viable_volume_ml == pytest.approx(spheres.sum(axis=0))


def test_more_loss_of_perfusion_never_leaves_more_viable_tumour():
    volume = simulate(perfusion_loss_pct=np.linspace(0, 100, 11)).viable_volume_ml
    assert (np.diff(volume, axis=0) <= 1e-12).all()
    assert (np.diff(volume[:, 8:], axis=0) < 0).all()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: simulate(perfusion_loss_pct=120.0), r"^perfusion_loss_pct is 120; it must be 0 to 100 %\.$"),
        (lambda: simulate(growth_rate_per_week=float("nan")), r"^growth_rate_per_week is nan; .* 0 to 10 per week\.$"),
        (
            lambda: simulate(vascular_time_constant_d=0.0),
            r"^vascular_time_constant_d is 0; .* to 10000 days\.$",
        ),
        (lambda: simulate(swelling_pct=np.array([1.0, -5.0])), r"^swelling_pct is -5; it must be 0 to 200 %\.$"),
        (lambda: simulate(days=[]), r"^days has shape \(0,\); it must be one list of at least one day\.$"),
        (lambda: simulate(days=[0.0, 9.0, 3.0]), r"^days goes from 9 back to 3; days must not decrease\.$"),
        (lambda: simulate(days=[0.0, float("nan")]), r"^days holds nan; every day must be a finite number\.$"),
        (lambda: simulate(lesions=()), r"^lesions is empty; it must hold at least one lesion\.$"),
        (lambda: simulate(lesions=(Lesion("A"), Lesion("A"))), r"^lesions holds the id 'A' more than once; .*\.$"),
        (
            lambda: simulate(lesions=(Lesion("A", role="cyst"),)),
            r"^role of lesion A is 'cyst'; it must be one of .*\.$",
        ),
        (
            lambda: simulate(lesions=(Lesion("A", vascular="none"),)),
            r"^vascular of lesion A is 'none'; .* or hypo\.$",
        ),
        (
            lambda: simulate(lesions=(Lesion("A", diameter_mm=-3.0),)),
            r"^diameter_mm of lesion A is -3; .* 300 mm\.$",
        ),
        (lambda: simulate(actions=[Action(3.0, "pray")]), r"^kind of an action is 'pray'; it must be one of .*\.$"),
        (lambda: simulate(actions=[Action(-3.0, "stop")]), r"^day of an action is -3; it must be at least 0 days\.$"),
        (lambda: course.simulate({}, LESIONS, DAYS), r"^values has no perfusion_loss_pct; it must be 0 to 100 %\.$"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


def test_growth_ends_where_the_liver_does_and_a_switch_shrinks_from_there():
    fast = {"new_lesion_doubling_d": 10.0, "shrinkage_rate_per_week": 0.1}
    new = LESIONS.index(next(lesion for lesion in LESIONS if lesion.role == "new"))
    got = simulate(**fast)
    assert got.diameter_mm[new, -1] == pytest.approx(course.LARGEST_MM)
    assert (np.diff(got.diameter_mm[new]) >= 0).all()
    days = np.array([0.0, 400.0, 401.0])
    switched = simulate(days=days, actions=(Action(400.0, "switch"),), **fast | {"second_line_effect_pct": 1000.0})
    assert switched.diameter_mm[new, 1] == pytest.approx(course.LARGEST_MM)
    assert switched.diameter_mm[new, 2] < course.LARGEST_MM
