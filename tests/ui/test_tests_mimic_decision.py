"""Next tests, mimic, decision: results from the state; the truth only after the learner has decided."""

import pytest

from liverlab.ui.decision import decision_panel
from liverlab.ui.mimic import mimic
from liverlab.ui.nexttests import next_tests

pytestmark = pytest.mark.usefixtures("no_page_errors")


def hidden(widget):
    return widget.layout.display == "none"


RESULTS = {
    "pet": {"results": ("SUV 1.9", "SUV <7.4>"), "tells": True},
    "lab": {"results": ("same", "same"), "tells": False},
}


def result_of(id_, state):
    return {"result": f"{id_} at <{state['loss_pct']:.0f}>", "meaning": "it means", "rows": [("a", 1)]}


def test_a_test_returns_a_card_that_follows_the_state(page, lesson):
    panel = next_tests(page, lesson["tests"], result_of)
    assert panel.cards.value == ""
    panel.buttons["pet"].click()
    assert "pet at &lt;85&gt;" in panel.cards.value
    assert "it means" in panel.cards.value
    page.set(loss_pct=10.0)
    assert "pet at &lt;10&gt;" in panel.cards.value
    panel.buttons["lab"].click()
    assert panel.cards.value.index("Marker") < panel.cards.value.index("PET"), "the newest comes first"
    assert page.answered("tests")["answer"] == "pet lab"


def test_tests_ordered_before_come_back(page, lesson):
    next_tests(page, lesson["tests"], result_of).buttons["pet"].click()
    again = next_tests(page, lesson["tests"], result_of)
    assert "PET" in again.cards.value
    page.answers.new_learner()
    assert again.cards.value == ""


def test_a_decision_shows_its_consequence_and_figure_and_follows_the_state(page, lesson):
    drawn = []

    def consequence(id_, state):
        return {"result": f"{id_} {state['loss_pct']:.0f}", "figure": {"id": id_} if id_ == "go" else None}

    panel = decision_panel(page, lesson["decisions"], consequence, draw=drawn.append)
    assert hidden(panel.slot)
    panel.buttons.value = "go"
    assert "go 85" in panel.card.value
    assert "feedback of go" in panel.card.value
    assert not hidden(panel.slot)
    assert page.answered("decision")["answer"] == "go"
    page.set(loss_pct=1.0)
    assert "go 1" in panel.card.value
    assert [figure["id"] for figure in drawn] == ["go", "go"]
    panel.buttons.value = "stop"
    assert hidden(panel.slot)
    page.answers.new_learner()
    assert panel.card.value == ""
    assert panel.buttons.value is None


@pytest.fixture
def riddle(page, lesson):
    return mimic(page, lesson["mimic"], lesson["tests"], RESULTS, wanted=1)


def test_one_decides_only_after_a_test(riddle):
    assert hidden(riddle._decide)
    riddle.buttons["lab"].click()
    assert not hidden(riddle._decide)


def test_the_table_shows_both_patients_and_not_which_test_tells(riddle):
    riddle.buttons["pet"].click()
    assert "SUV 1.9" in riddle.table.value
    assert "SUV &lt;7.4&gt;" in riddle.table.value
    assert "A &lt;1&gt;" in riddle.table.value
    assert "Tells them apart" not in riddle.table.value
    assert riddle.revealed.value == ""


def test_reveal_says_what_told_them_apart(riddle, page):
    riddle.buttons["pet"].click()
    riddle.choice.value = "1"
    riddle.sure.buttons["certain"].click()
    assert "Right." in riddle.revealed.value
    assert "It is B. The reveal." in riddle.revealed.value
    assert "told them apart: PET" in riddle.revealed.value
    assert "✔ yes" in riddle.table.value
    assert page.answered("mimic")["correct"] is True


def test_a_lucky_guess_is_named_as_such(riddle):
    riddle.buttons["lab"].click()
    riddle.choice.value = "0"
    riddle.sure.buttons["guess"].click()
    assert "No." in riddle.revealed.value
    assert "you could only guess" in riddle.revealed.value


def test_results_may_be_worked_out_on_demand(page, lesson):
    asked = []

    def results(id_):
        asked.append(id_)
        return RESULTS[id_]

    riddle = mimic(page, lesson["mimic"], lesson["tests"], results, wanted=0)
    assert asked == []
    riddle.buttons["pet"].click()
    assert set(asked) == {"pet"}


def test_wanted_must_be_a_branch(page, lesson):
    with pytest.raises(ValueError, match="must be 0 to 1"):
        mimic(page, lesson["mimic"], lesson["tests"], RESULTS, wanted=2)
