"""The class code on a page: there once something is answered, and always that of the answers given so far."""

import pytest

from liverlab.evidence.class_code import CONFIDENCE_IDS, decode
from liverlab.ui.class_code import ClassCode
from liverlab.ui.commit import CONFIDENCE_WORDS
from liverlab.ui.predict import PredictGate
from liverlab.ui.quiz import Quiz

pytestmark = pytest.mark.usefixtures("no_page_errors")


def test_the_code_follows_the_answers(page, lesson):
    panel = ClassCode(page)
    assert panel.widget.layout.display == "none"
    assert panel.copy.text == ""
    gate = PredictGate(page)
    gate.choice.value = "less"
    gate.sure.buttons["certain"].click()
    assert panel.widget.layout.display != "none"
    assert decode(panel.copy.text, {lesson["id"]: lesson}).entries == {
        "predict": {"answer": "less", "confidence": "certain"}
    }
    item = Quiz(page, lesson["quiz"], {"low_loss": lambda _: (True, "")}).items[0]
    item.choice.value = "b"
    item.sure.buttons["guess"].click()
    entry = decode(panel.copy.text, {lesson["id"]: lesson}).entries["quiz:which"]
    assert entry == {"answer": "b", "confidence": "guess", "correct": True, "first_correct": True, "attempts": 1}
    page.answers.delete_mine()
    assert panel.widget.layout.display == "none"


def test_the_buttons_of_confidence_are_those_that_a_code_knows():
    assert tuple(CONFIDENCE_WORDS) == CONFIDENCE_IDS
