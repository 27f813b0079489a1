"""The ward clock: time passes, results come later, treatment acts, and ordering everything never pays."""

from dataclasses import replace

import numpy as np
import pytest

from liverlab import evidence
from liverlab.reading import ward as wards
from liverlab.reading.ward import ORDERS, TUMOUR, Hidden, Ward, close, place, wait

EV = evidence.load()
SUV, ADC = (
    (getattr(EV.tissues[table]["liver"], name), getattr(EV.tissues[table]["metastasis"], name))
    for table, name in (("pet", "suv"), ("mri", "adc_um2_ms"))
)
CASES = ("ward_sclc", "mimic_checkpoint", "mimic_obstruction", "mimic_sepsis", "mimic_drug", "mimic_ischaemic")
ALL_TESTS = tuple(order for order, one in ORDERS.items() if one.tests)
CURE = {TUMOUR: "chemotherapy", "checkpoint": "steroids", "obstruction": "drain", "drug": "stop_drugs"}


def hidden(case="ward_sclc", seed=1, **changes):
    values = {**{key: p.value for key, p in EV.parameters.items()}, **EV.cases[case].parameters, **changes}
    return Hidden(values, EV.cases[case].injury, EV.labs, SUV, ADC, seed)


def play(who, steps, name=None):
    """A ward after steps (an order, or hours to wait), closed with a name if the case is still open."""
    ward = Ward(who)
    for step in steps:
        if ward.over:
            return ward
        ward = place(ward, step) if isinstance(step, str) else wait(ward, step)
    return ward if ward.over else close(ward, name or who.diagnosis)


def test_a_result_comes_when_its_time_has_come_and_not_before():
    ward = place(Ward(hidden()), "ldh")
    assert ward.clock_h == ORDERS["ldh"].busy_h
    assert ward.results == ()
    assert [one.order for one in ward.waiting] == ["ldh"]
    before, after = wait(ward, 2.9), wait(ward, 3.0)
    assert before.results == ()
    (result,) = after.results
    assert result.returned_h == ORDERS["ldh"].returns_h
    assert "LDH over ALT" in result.text
    assert after.waiting == ()


def test_a_result_says_how_it_was_when_it_was_ordered():
    early = wait(place(Ward(hidden()), "blood"), 24.0)
    late = wait(place(wait(Ward(hidden()), 120.0), "blood"), 24.0)
    assert early.results[0].text != late.results[0].text
    assert wait(early, 24.0).results == tuple(early.results), "what was printed stays"


def test_without_treatment_the_first_patient_dies_and_nothing_can_be_ordered_any_more():
    ward = Ward(hidden())
    assert 8 < ward.course.death_day < 15
    ward = wait(wait(ward, 240.0), 100.0)
    assert ward.dead
    assert ward.over
    for act in (lambda: place(ward, "ldh"), lambda: wait(ward, 6.0), lambda: close(ward, TUMOUR)):
        with pytest.raises(ValueError, match=r"^The case is closed; start another patient\.$"):
            act()
    assert ward.score.total == 0


def test_chemotherapy_in_time_saves_in_the_model_and_too_late_does_not():
    saved = [
        play(hidden(), [*waits, "transjugular", "chemotherapy"]).survives for waits in ([24.0], [120.0], [240.0, 24.0])
    ]
    assert saved == [True, True, False]


def test_intensive_care_buys_days_but_cures_nothing():
    plain, intensive = Ward(hidden()), place(Ward(hidden()), "intensive")
    assert plain.course.death_day + 0.5 < intensive.course.death_day < plain.course.death_day + 8


@pytest.mark.parametrize("case", CASES)
def test_ordering_everything_never_pays(case):
    who = hidden(case)
    cure = (CURE[who.diagnosis],) if who.diagnosis in CURE else ()
    sample = ("transjugular",) if who.diagnosis == TUMOUR else ()
    thoughtful = play(who, ["blood", "ldh", "ultrasound", *sample, 6.0, *cure]).score
    everything = play(who, [*ALL_TESTS, 72.0, *cure]).score
    treated_blindly = play(who, [*ALL_TESTS, 72.0, *(order for order in ORDERS if order not in ALL_TESTS)]).score
    assert thoughtful.diagnosis == thoughtful.outcome == 50
    assert thoughtful.total > everything.total + 10
    assert everything.total > treated_blindly.total
    # Whatever was ordered, one more order that changes nothing costs points.
    for order in ALL_TESTS:
        more = play(who, ["blood", "ldh", "ultrasound", *sample, order, 6.0, *cure]).score
        assert more.total < thoughtful.total, order


@pytest.mark.parametrize("case", CASES)
def test_the_right_name_counts_and_a_guess_counts_half(case):
    who = hidden(case)
    wrong = "viral" if who.diagnosis != "viral" else "drug"
    known, guessed, missed = play(who, ["blood", 6.0]), play(who, []), play(who, ["blood", 6.0], wrong)
    assert (known.score.diagnosis, guessed.score.diagnosis, missed.score.diagnosis) == (50, 25, 0)


def test_treatment_of_the_wrong_patient_does_harm():
    assert play(hidden("mimic_drug"), ["blood", 6.0, "chemotherapy"]).score.harm == -wards.NEEDLESS_CHEMOTHERAPY
    assert play(hidden("mimic_sepsis"), ["blood", 6.0, "steroids"]).score.harm == -wards.STEROIDS_IN_SEPSIS
    suspicion, proven = (play(hidden(), ["blood", 6.0, *first, "chemotherapy"]) for first in ((), ("transjugular",)))
    assert suspicion.score.harm == -wards.UNPROVEN
    assert proven.score.harm == 0
    # Suspicion is a line of its own: right name, and he lives.
    assert suspicion.survives
    assert suspicion.score.total > 70


def test_what_ends_an_injury_ends_it_and_nothing_else_does():
    for case, order in (("mimic_drug", "stop_drugs"), ("mimic_checkpoint", "steroids"), ("mimic_obstruction", "drain")):
        untreated, right, other = (
            Ward(hidden(case)),
            place(Ward(hidden(case)), order),
            place(Ward(hidden(case)), "chemotherapy"),
        )
        assert right.course.labs.alt_u_l[-1] < 0.7 * untreated.course.labs.alt_u_l[-1], case
        assert other.course.labs.alt_u_l[-1] == pytest.approx(untreated.course.labs.alt_u_l[-1]), case


def test_needles_bleed_as_often_as_they_say_and_a_bleeding_costs():
    bled = [
        bool(place(Ward(hidden(seed=seed, percutaneous_bleeding_pct=30.0)), "percutaneous").bleedings)
        for seed in range(100)
    ]
    inr = float(Ward(hidden()).course.labs.inr[0])
    assert np.mean(bled) == pytest.approx(0.30 * inr**2, abs=0.12)
    unlucky = hidden(seed=bled.index(True), percutaneous_bleeding_pct=30.0)
    lucky = replace(unlucky, seed=bled.index(False))
    with_bleeding, without = (play(who, ["blood", "percutaneous", "chemotherapy"]).score for who in (unlucky, lucky))
    if with_bleeding.words:
        assert with_bleeding.harm == without.harm - wards.BLEEDING
    shocked, calm = (place(Ward(who), "percutaneous").course for who in (unlucky, lucky))
    assert shocked.labs.alt_u_l[8] > 2 * calm.labs.alt_u_l[8]


def test_the_ward_is_the_same_for_the_same_steps():
    steps = ["blood", "ldh", 24.0, "transjugular", 48.0, "chemotherapy"]
    first, second = play(hidden(), steps), play(hidden(), steps)
    assert first.results == second.results
    assert first.score == second.score


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: place(Ward(hidden()), "prayer"), r"^order is 'prayer'; it must be one of blood, .*\.$"),
        (lambda: wait(Ward(hidden()), 0), r"^hours is 0; it must be above 0 to 240\.$"),
        (lambda: wait(Ward(hidden()), np.nan), r"^hours is nan; it must be above 0 to 240\.$"),
        (lambda: close(Ward(hidden()), "flu"), r"^diagnosis is 'flu'; it must be one of tumour, .*\.$"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
