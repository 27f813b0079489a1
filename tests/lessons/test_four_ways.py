"""Notebook four_ways: one slice in all panes, each scan misleads, and the truth comes after the vote."""

import re

import numpy as np
import pytest

from liverlab.lessons import four_ways, pseudocirrhosis


@pytest.fixture
def page(open_gate, monkeypatch):
    monkeypatch.setenv("LIVERLAB_GATE", "closed")
    made = four_ways.open_page()
    made.look()
    made.truth()
    return made


def shut(page):
    return page.opened.layout.display == "none"


def vote(page, number):
    page.choice.value = number


def test_every_lesson_that_tells_of_a_pitfall_is_one_pane(page):
    told = [id_ for id_, lesson in page.ev.lessons.items() if lesson.get("misled")]
    assert [lesson["id"] for lesson in page.lessons.values()] == told
    assert len(told) == 4, "the page promises four, and the viewer has four panes"
    assert page.view.viewer.config["panes"] == [f"Patient {number}" for number in page.lessons]
    assert sum(bool(lesson["misled"].get("worst")) for lesson in page.lessons.values()) == 1


def test_it_is_one_body_and_only_the_disease_differs(page):
    pictures = [page.view._render(pane, 0, page.view.viewer.slice_index, 256) for pane in page._scans()]
    spine = [picture[155:175, 118:140].astype(float) for picture in pictures]
    for other, bone in zip(pictures[1:], spine[1:], strict=True):
        assert np.corrcoef(bone.ravel(), spine[0].ravel())[0, 1] > 0.9
        assert not np.array_equal(other, pictures[0])


def test_nothing_is_told_before_the_vote_and_everything_after_it(page):
    assert shut(page)
    assert not page.view.viewer.truth
    vote(page, page.worst)
    assert not shut(page)
    assert page.view.viewer.truth
    assert page.choice.disabled
    assert f"Patient {page.worst} is." in page.said.value
    for lesson in page.lessons.values():
        for key in ("seems", "truth", "tells"):
            assert four_ways.escape(lesson["misled"][key]) in page.table.value
        assert f'href="{lesson["id"]}.ipynb"' in page.table.value


def test_a_vote_for_an_alarming_scan_is_answered_and_kept(page):
    other = next(number for number in page.lessons if number != page.worst)
    vote(page, other)
    assert f"You chose patient {other}." in page.said.value
    vote(page, page.worst)
    assert page.answers.get(four_ways.PAGE, four_ways.KEY)["answer"] == other
    page.answers.delete_mine()
    assert shut(page)
    assert not page.choice.disabled


def test_the_first_scans_can_be_shown_and_today_comes_back(page):
    vote(page, page.worst)
    today = [scan.content(0) for scan, _ in page._scans().values()]
    page.turn[four_ways.FIRST].click()
    assert all(scan.day == 0 for scan, _ in page._scans().values())
    assert "first scan" in page.shown.value
    page.turn[four_ways.TODAY].click()
    assert [scan.content(0) for scan, _ in page._scans().values()] == today
    days = [int(day) for day in re.findall(r"on day (\d+)", page.shown.value)]
    assert days == [round(scan.day) for scan, _ in page._scans().values()]
    assert all(days)


def test_what_the_page_says_is_true_of_its_patients(page):
    by_lesson = {lesson["id"]: page.patients[number] for number, lesson in page.lessons.items()}
    treated, calcified = by_lesson["02_pseudoprogression"], by_lesson["04_calcified_metastasis"]
    scarred = by_lesson["03_pseudocirrhosis"]
    assert scarred.follow_up.size_change_pct[scarred.visit] < 0, "metastases that shrink"
    told = pseudocirrhosis.key_numbers(scarred)
    assert (told["month"], told["contour"], told["retractions"]) == (6, "finely nodular", 0)
    assert told["liver"] == pytest.approx(scarred.values["liver_ml"], rel=0.05), "its size is kept"
    assert treated.living_pct[treated.visit] < 50
    assert treated.follow_up.new_spots(treated.visit)
    assert calcified.living_pct[calcified.visit] == pytest.approx(25, abs=5), "three quarters are dead"
    assert calcified.follow_up.hu_change_pct[calcified.visit] > 0
    assert calcified.verdict("Choi") != "PR"
    assert not by_lesson["05_sinusoidal_metastasis"].survives
