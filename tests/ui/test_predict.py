"""The prediction comes before anything is revealed, and stays beside the outcome."""

import pytest

from liverlab.ui import theme
from liverlab.ui.predict import predict_gate

pytestmark = pytest.mark.usefixtures("no_page_errors")


def hidden(widget):
    return widget.layout.display == "none"


def test_the_rest_stays_shut_until_choice_and_confidence(page):
    gate = predict_gate(page)
    rest = theme.html("the picture")
    gate.guard(rest)
    assert hidden(rest)
    assert all(button.disabled for button in gate.sure.buttons.values())
    gate.choice.value = "less"
    assert hidden(rest), "a choice alone is no prediction yet"
    gate.sure.buttons["fairly"].click()
    assert not hidden(rest)
    assert page.answered("predict")["answer"] == "less"
    assert page.answered("predict")["confidence"] == "fairly"
    assert hidden(gate._form)


def test_a_prediction_is_made_once(page):
    gate = predict_gate(page)
    gate.choice.value = "less"
    gate.sure.buttons["guess"].click()
    gate.choice.value = "more"
    gate.sure.buttons["certain"].click()
    assert page.answered("predict")["answer"] == "less"


def test_teacher_can_skip(page):
    gate = predict_gate(page)
    rest = theme.html("the picture")
    gate.guard(rest)
    gate.skip_button.click()
    assert not hidden(rest)
    assert page.answered("predict") is None


def test_the_environment_opens_every_gate(page, monkeypatch):
    monkeypatch.setenv("LIVERLAB_GATE", "open")
    rest = theme.html("the picture")
    predict_gate(page).guard(rest)
    assert not hidden(rest)


def test_outcome_stands_beside_the_prediction_and_follows_the_page(page):
    gate = predict_gate(page)
    shown = gate.outcome(lambda state: f"<loss> is {state['loss_pct']:.0f} %").children[-1]
    assert shown.value == "", "nothing is revealed before the prediction"
    gate.choice.value = "more"
    gate.sure.buttons["certain"].click()
    assert "More &amp; more" in shown.value
    assert "(certain)" in shown.value
    assert "feedback of more" in shown.value
    assert "&lt;loss&gt; is 85 %" in shown.value
    page.set(loss_pct=10.0)
    assert "&lt;loss&gt; is 10 %" in shown.value


def test_another_learner_predicts_anew(page):
    gate = predict_gate(page)
    rest = theme.html("the picture")
    gate.guard(rest)
    gate.choice.value = "more"
    gate.sure.buttons["certain"].click()
    page.answers.new_learner()
    assert hidden(rest)
    assert gate.choice.value is None
    assert not hidden(gate._form)


def test_question_is_escaped_and_outcomes_not_in_the_page_before(page):
    gate = predict_gate(page)
    texts = [child.value for child in gate.widget.children if hasattr(child, "value")]
    assert any("More or &lt;less&gt;?" in text for text in texts)
    assert not any("feedback" in text for text in texts)
