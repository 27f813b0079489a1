"""Driving questions and quiz: checked from the state, stored, and silent about the answer before it is given."""

import json

import pytest

from liverlab.ui.questions import checked_questions
from liverlab.ui.quiz import parse_number, quiz, within

pytestmark = pytest.mark.usefixtures("no_page_errors")

CHECKERS = {
    "low_loss": lambda state: (state["loss_pct"] <= 20, f"It is {state['loss_pct']:.0f} % <now>."),
    "fast": lambda state: (state["rate_per_week"] > 0.08, ""),
}


@pytest.fixture
def questions(page, lesson):
    return checked_questions(page, lesson, CHECKERS)


@pytest.fixture
def asked(page, lesson):
    return quiz(page, lesson, CHECKERS)


def test_status_follows_the_state(questions, page):
    first = questions.items[0]
    assert "Not yet" in first.status.value
    assert "It is 85 % &lt;now&gt;." in first.status.value
    page.set(loss_pct=20.0)
    assert "Solved." in first.status.value
    assert "That was it." in first.status.value
    page.set(loss_pct=21.0)
    assert "Solved before" in first.status.value
    assert "Not yet" in questions.items[1].status.value


def test_the_first_solution_is_kept_as_scenario_code(questions, page):
    page.set(loss_pct=20.0)
    code = page.scenario.code()
    page.set(loss_pct=10.0)
    assert page.answered("question:low")["answer"] == code


def test_hint_on_demand(questions):
    first = questions.items[0]
    assert first.hint.layout.display == "none"
    first.hint_button.click()
    assert first.hint.layout.display is None
    assert "go &lt;down&gt;" in first.hint.value
    first.hint_button.click()
    assert first.hint.layout.display == "none"


def test_while_a_slider_is_dragged_questions_wait_until_the_page_is_still(questions, page):
    page.rest()
    page.set(loss_pct=20.0)
    assert not questions.items[0].solved
    page.rest()
    assert questions.items[0].solved


@pytest.mark.parametrize("make", [checked_questions, quiz])
def test_an_unknown_checker_is_named(page, lesson, make):
    with pytest.raises(ValueError, match=r"check '\w+' of item '\w+' must be one of other"):
        make(page, lesson, {"other": CHECKERS["fast"]})


def every_text(widget):
    """All that travels to the browser for a widget and what it holds."""
    state = {key: value for key, value in widget.get_state().items() if key not in ("layout", "style", "children")}
    return json.dumps(state, default=str) + "".join(every_text(child) for child in getattr(widget, "children", ()))


def test_nothing_in_the_page_tells_the_answer_before_it_is_given(asked):
    text = every_text(asked.widget)
    assert "Second" in text
    for leak in ("SECRET", "correct", "4.8", "Done.", "Go on."):
        assert leak not in text


def test_choice_gives_feedback_and_keeps_attempts_and_confidence(asked, page):
    item = asked.items[0]
    assert item.sure.buttons["guess"].disabled
    item.choice.value = "a"
    item.sure.buttons["certain"].click()
    assert "Not right." in item.feedback.value
    assert "SECRET-A" in item.feedback.value
    assert "SECRET-B" not in item.feedback.value
    item.choice.value = "b"
    item.sure.buttons["fairly"].click()
    assert "Right." in item.feedback.value
    assert "SECRET-A" in item.feedback.value, "after the right answer every option explains itself"
    entry = page.answered("quiz:which")
    assert (entry["answer"], entry["attempts"], entry["correct"], entry["first_correct"]) == ("b", 2, True, False)
    assert entry["confidence"] == "fairly"


@pytest.mark.parametrize(
    ("typed", "right"),
    [("4.8", True), ("4,8", True), (" 4.80 mm", True), ("4.9", True), ("4.7", True), ("4.91", False), ("−4.8", False)],
)
def test_number(asked, page, typed, right):
    item = asked.items[1]
    item.typed.value = typed
    item.sure.buttons["guess"].click()
    assert page.answered("quiz:how_many")["correct"] is right
    assert ("SECRET-YES" if right else "SECRET-NO") in item.feedback.value


@pytest.mark.parametrize("typed", ["", "mm", "4.8.1", "1,234.5", "4 8", "1e3"])
def test_what_is_not_one_number_cannot_be_committed(asked, page, typed):
    item = asked.items[1]
    item.typed.value = "5"
    item.typed.value = typed
    assert item.sure.buttons["guess"].disabled
    assert bool(typed) == ("is not one number" in item.message.value)
    with pytest.raises(ValueError, match="not one number"):
        parse_number(typed)


def test_the_limit_of_the_tolerance_counts_in_spite_of_floats():
    assert within(0.3, 0.2, 0.1)
    assert not within(0.3001, 0.2, 0.1)
    assert not within(float("inf"), 1.0, 1.0)


def test_simulator_item_asks_the_state(asked, page):
    item = asked.items[2]
    item.check_button.click()
    assert "Go on." in item.feedback.value
    page.set(loss_pct=5.0)
    item.check_button.click()
    assert "It is 5 % &lt;now&gt;. Done." in item.feedback.value
    assert page.answered("quiz:do")["answer"] == page.scenario.code()


def test_result_line_counts_and_weighs_certainty(asked):
    assert asked.summary() == "3 questions, none answered yet."
    asked.items[0].choice.value = "a"
    asked.items[0].sure.buttons["certain"].click()
    asked.items[1].typed.value = "4,8"
    asked.items[1].sure.buttons["certain"].click()
    assert asked.summary() == "1 of 3 right, 1 at the first try. Of 2 answered with certainty, 1 is right."


def test_answers_come_back_and_go_with_the_learner(page, lesson, asked):
    asked.items[0].choice.value = "b"
    asked.items[0].sure.buttons["certain"].click()
    again = quiz(page, lesson, CHECKERS)
    assert again.items[0].choice.value == "b"
    assert "Right." in again.items[0].feedback.value
    page.answers.new_learner()
    assert again.items[0].choice.value is None
    assert again.items[0].feedback.value == ""


def test_an_unknown_kind_is_refused(page):
    item = {"id": "x", "kind": "essay", "text": "?"}
    with pytest.raises(ValueError, match="kind 'essay' of quiz item 'x' must be one of choice, number, simulator"):
        quiz(page, {"quiz": [item]})
