"""The gallery: a step, a name and a feature each count; the truth comes only after the learner has committed."""

import pytest

from liverlab.ui.gallery import Gallery

pytestmark = pytest.mark.usefixtures("no_page_errors")

DATA = {
    "question": "What <is> it?",
    "steps": [{"id": "plain", "label": "Unenhanced"}, {"id": "pet", "label": "PET"}],
    "names": [{"id": "cyst", "text": "A cyst"}, {"id": "met", "text": "A metastasis"}],
    "features": [{"id": "water", "text": "Water density"}, {"id": "rim", "text": "A rim"}],
    "items": [
        {"id": "one", "history": "First.", "name": "cyst", "feature": "water", "best": ["plain"], "reveal": "It is."},
        {"id": "two", "history": "Second.", "name": "met", "feature": "rim", "best": ["pet"], "reveal": "So."},
    ],
}


@pytest.fixture
def gallery(page):
    shown = []
    made = Gallery(page, DATA, lambda item, step: {"result": f"{item} <{step}>"}, shown.append)
    made.shown = shown
    return made


def commit(gallery, name, feature):
    gallery.name.value, gallery.feature.value = name, feature
    gallery.sure.buttons["certain"].click()


def test_nothing_is_told_before_name_and_feature_are_chosen(gallery):
    assert gallery.revealed.value == gallery.score.value == ""
    assert all(button.disabled for button in gallery.sure.buttons.values())
    gallery.name.value = "cyst"
    assert all(button.disabled for button in gallery.sure.buttons.values())
    gallery.feature.value = "rim"
    assert not any(button.disabled for button in gallery.sure.buttons.values())


def test_step_name_and_feature_are_a_point_each(gallery, page):
    gallery.buttons["plain"].click()
    assert "one &lt;plain&gt;" in gallery.cards.value
    commit(gallery, "cyst", "rim")
    assert page.answered("gallery:one")["points"] == 2
    assert "Right." in gallery.revealed.value
    assert "Water density" in gallery.revealed.value
    assert "1 of 2 patients named, 2 of 3 points" in gallery.score.value


def test_a_lucky_name_without_a_step_is_worth_less_and_says_which_step_helps(gallery, page):
    commit(gallery, "cyst", "water")
    assert page.answered("gallery:one")["points"] == 2
    assert "A step that helps: Unenhanced" in gallery.revealed.value


def test_each_patient_has_its_own_picture_steps_and_answer(gallery, page):
    gallery.buttons["plain"].click()
    gallery.picker.value = "two"
    assert gallery.shown == ["two"]
    assert gallery.cards.value == ""
    assert "Second." in gallery.history.value
    commit(gallery, "cyst", "water")
    assert page.answered("gallery:two")["correct"] is False
    assert "No." in gallery.revealed.value
    gallery.picker.value = "one"
    assert gallery.revealed.value == ""
    assert "one &lt;plain&gt;" in gallery.cards.value


def test_an_answer_is_given_once(gallery, page):
    commit(gallery, "met", "rim")
    gallery._commit("guess")
    assert page.answered("gallery:one")["answer"] == "met"
    assert page.answered("gallery:one")["confidence"] == "certain"


def test_answers_given_before_come_back(gallery, page):
    commit(gallery, "cyst", "water")
    again = Gallery(page, DATA, lambda item, step: {"result": ""}, lambda item: None)
    assert "Right." in again.revealed.value
    page.answers.new_learner()
    assert again.revealed.value == ""
