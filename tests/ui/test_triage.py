"""Triage: nothing is told before everybody is placed; a point for each right urgency and one for the first patient."""

import pytest

from liverlab.ui.triage import KEY, Triage

pytestmark = pytest.mark.usefixtures("no_page_errors")

DATA = {
    "question": "How soon <each>?",
    "urgencies": [{"id": "now", "label": "Now"}, {"id": "today", "label": "Today"}, {"id": "later", "label": "Later"}],
    "patients": [
        {
            "id": "a",
            "label": "Mr A",
            "story": "Fever & pain.",
            "urgency": "now",
            "needs": "A drain.",
            "feedback": "F-A",
        },
        {"id": "b", "label": "Mrs B", "story": "Tired.", "urgency": "later", "needs": "A talk.", "feedback": "F-B"},
        {"id": "c", "label": "Mr C", "story": "Bleeds.", "urgency": "now", "needs": "Blood.", "feedback": "F-C"},
    ],
    "first": "a",
    "also_first": ["c"],
    "reveal": "Because <so>.",
}


@pytest.fixture
def triage(page):
    return Triage(page, DATA)


def commit(triage, first, **urgencies):
    for id_, urgency in urgencies.items():
        triage.choices[id_].value = urgency
    triage.first.value = first
    triage.sure.buttons["certain"].click()


def told(triage):
    return triage.revealed.value + "".join(card.value for card in triage.cards.values())


def test_nothing_is_told_until_everybody_is_placed_and_one_is_first(triage):
    assert told(triage) == ""
    assert all(button.disabled for button in triage.sure.buttons.values())
    triage.choices["a"].value = triage.choices["b"].value = "now"
    triage.first.value = "a"
    assert all(button.disabled for button in triage.sure.buttons.values())
    triage.choices["c"].value = "today"
    assert not any(button.disabled for button in triage.sure.buttons.values())
    assert told(triage) == ""


def test_all_right_is_full_marks_and_every_need_is_told(triage, page):
    commit(triage, "a", a="now", b="later", c="now")
    entry = page.answered(KEY)
    assert (entry["points"], entry["correct"]) == (4, True)
    assert "4 of 4 points" in triage.revealed.value
    assert "Because &lt;so&gt;." in triage.revealed.value
    for patient in DATA["patients"]:
        assert patient["feedback"] in told(triage)
        assert patient["needs"] in told(triage)
    assert "You said" not in told(triage)


def test_either_of_two_emergencies_may_be_first(triage, page):
    commit(triage, "c", a="now", b="later", c="now")
    assert page.answered(KEY)["correct"] is True


def test_wrong_ones_are_told_what_was_said_and_count_less(triage, page):
    commit(triage, "b", a="today", b="later", c="now")
    entry = page.answered(KEY)
    assert (entry["points"], entry["correct"]) == (2, False)
    assert "Not first." in triage.revealed.value
    assert "You said: today." in triage.cards["a"].value
    assert "You said" not in triage.cards["b"].value


def test_an_answer_is_given_once_and_stands_when_the_page_comes_back(triage, page):
    commit(triage, "b", a="today", b="later", c="now")
    triage.first.value = "a"
    triage._commit("guess")
    assert page.answered(KEY)["points"] == 2
    again = Triage(page, DATA)
    assert again.choices["a"].value == "today"
    assert all(choice.disabled for choice in again.choices.values())
    assert told(again) == told(triage)


def test_deleting_the_answers_hides_the_truth_again(triage, page):
    commit(triage, "a", a="now", b="later", c="now")
    page.answers.delete_mine()
    assert told(triage) == ""
    assert not any(choice.disabled for choice in triage.choices.values())
