"""The ward clock on the page: buttons place orders, results appear when due, the end is told and recorded."""

import pytest

from liverlab import evidence
from liverlab.lessons import sinusoidal_metastasis
from liverlab.lessons.sinusoidal_metastasis import tabs
from liverlab.ui.ward_clock import WardClock, cost_words, time_words


@pytest.fixture
def clock(tmp_path, monkeypatch):
    monkeypatch.setenv("LIVERLAB_HOME", str(tmp_path))
    lesson = sinusoidal_metastasis.open_lesson()
    cases = ("ward_sclc", "mimic_drug")
    patients = [lambda case=case: tabs.hidden(lesson, case, 1) for case in cases]
    return WardClock(lesson.page, patients, lesson.data["decisions"], tabs.WARD_NAMES)


def test_an_order_moves_the_clock_and_its_result_is_expected_then_there(clock):
    assert "Day 0, 08:00" in clock.head.value
    clock.buttons["ldh"].click()
    assert "Day 0, 09:00" in clock.head.value
    assert "Expected: Day 0, 12:00" in clock.log.value
    clock.wait(6.0)
    assert "LDH over ALT" in clock.log.value
    assert "Expected" not in clock.log.value


def test_what_an_order_costs_can_be_read_without_a_pointer(clock):
    costs = next(box.value for box in clock._open.children if "costs" in getattr(box, "value", ""))
    for id_, item in clock.orders.items():
        assert f"{item['label']}</th><td>{cost_words(id_)}" in costs


def test_a_closed_case_tells_points_truth_and_advice_and_is_recorded(clock):
    for order in ("blood", "ldh", "transjugular", "chemotherapy"):
        clock.buttons[order].click()
    clock.choice.value = "tumour"
    score = clock.ward.score
    assert f"{score.total} points" in clock.end.value
    assert "It was: Tumour in the sinusoids" in clock.end.value
    assert "illustrative" in clock.end.value
    assert clock.orders["ldh"]["feedback"][:20] in clock.end.value
    assert clock._open.layout.display == "none"
    entry = clock.page.answered("ward")
    assert entry["answer"] == f"1: {score.total}"
    assert entry["correct"]


def test_the_next_patient_is_another_one_and_after_the_last_the_first_comes_again(clock):
    clock.choice.value = "sepsis"
    assert clock.ward.score.diagnosis == 0
    clock.next_button.click()
    assert "Patient 2" in clock.head.value
    assert clock.choice.value is None
    assert clock.ward.hidden.injury == "drug"
    clock.choice.value = "drug"
    clock.next_button.click()
    assert "Patient 1" in clock.head.value


def test_death_ends_the_case(clock):
    for _ in range(12):
        clock.wait(24.0)
        if clock.ward.over:
            break
    assert "He died on day" in clock.head.value
    assert "You named no diagnosis in time." in clock.end.value


def test_every_order_of_the_lesson_file_exists_and_says_what_it_costs():
    ids = [item["id"] for item in evidence.load().lessons["05_sinusoidal_metastasis"]["decisions"]]
    assert cost_words("pet") == "Takes 6 h, result after 72 h, costs 5 points"
    assert cost_words("steroids") == "Takes 1 h, costs 3 points"
    assert all(cost_words(id_) for id_ in ids)
    assert time_words(40.0) == "Day 2, 00:00"
