"""The teacher's page: every part follows the pasted codes, in words that need no colour."""

import pytest

from liverlab.evidence import class_results as results
from liverlab.evidence import load
from liverlab.lessons import teacher

LESSON = load().lessons["02_pseudoprogression"]


@pytest.fixture
def page():
    made = teacher.open_page()
    made.cells = [made.codes(), made.predictions(), made.confidence(), made.items(), made.export()]
    return made


def shown(page):
    return [view.value for view, _ in page._views]


def test_an_empty_page_says_what_to_do(page):
    status, *parts = shown(page)
    assert "No code yet" in status
    assert all(teacher.NOTHING_YET in part for part in parts)


def test_every_part_fills_and_bad_rows_are_told(page):
    page.pasted.value = results.invented(LESSON, learners=5) + "\nLC1-AAAAA\n<b>Anna</b>"
    status, predictions, confidence, items = shown(page)
    assert "5 learners" in status or "Five learners" in status
    assert "Row 6:" in status
    assert "Row 7:" in status
    assert "<b>Anna" not in status
    for option in LESSON["predict"]["options"]:
        assert option["text"] in predictions
    assert all(word in confidence for word in ("Guessing", "Fairly sure", "Certain"))
    assert LESSON["quiz"][0]["text"] in items
    page.pasted.value = ""
    assert teacher.NOTHING_YET in shown(page)[1]


def test_one_learner_is_one_learner(page):
    page.pasted.value = results.invented(LESSON, learners=1)
    assert "One learner:" in shown(page)[0]


@pytest.mark.parametrize("id_", load().lessons)
def test_the_invented_class_of_each_lesson_can_be_shown(page, id_):
    page._try(id_)(None)
    assert load().lessons[id_]["title"] in shown(page)[0]
    assert all(teacher.NOTHING_YET not in part for part in shown(page))
