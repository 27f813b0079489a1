"""Severity of a failing liver, and what the response criteria say meanwhile."""

import math

import numpy as np
import pytest

from liverlab import evidence
from liverlab.disease import sinusoid
from liverlab.reading import diffuse_disease, severity

EV = evidence.load()
VALUES = {key: p.value for key, p in EV.parameters.items()} | {"chemo_kill_pct": 0.0}
DAYS = np.arange(-56.0, 61.0)


@pytest.fixture(scope="module")
def course():
    return sinusoid.simulate(VALUES, DAYS, EV.labs)


def graded(course, day):
    return severity.grade(course, int(np.searchsorted(DAYS, day)), 58.0)


def test_scores_rise_day_by_day_and_failure_begins_with_inr_and_coma_together(course):
    meld = [graded(course, day).meld3 for day in range(0, 28)]
    assert (np.diff(meld) >= 0).all()
    assert meld[0] < 15 < 20 < meld[-1]
    failing = severity.in_failure(course.labs)
    first = int(failing.argmax())
    assert (
        course.labs.inr[first] >= 1.5 > course.labs.inr[first - 1] or course.labs.encephalopathy_grade[first - 1] == 0
    )
    assert graded(course, DAYS[first]).acute_failure
    assert not graded(course, DAYS[first] - 1).acute_failure


def test_kings_criteria_are_not_even_met_on_the_day_of_death(course):
    """As in the 24 patients of an intensive care unit, who came with a median INR of 1.9."""
    early, last, after = graded(course, 0), graded(course, math.floor(course.death_day)), graded(course, 44)
    assert early.kings_met == 1, "age above 40 alone"
    assert not last.kings
    assert last.inr < 3.5
    assert after.kings
    assert after.kings_met >= 3


def test_a_healthy_liver_has_no_points():
    healthy = sinusoid.simulate({**VALUES, "sinusoidal_occupancy_pct": 0.0}, DAYS, EV.labs)
    found = graded(healthy, 13)
    assert (found.meld3, found.kings, found.acute_failure, found.grade) == (6, False, False, 0)


def test_doubling_time_of_a_course_that_doubles():
    days = np.arange(0.0, 20.0)
    assert severity.doubling_d(2.0 ** (days / 6.15), 12, 4) == pytest.approx(6.15)
    assert severity.doubling_d(np.ones(20), 12, 4) is None
    assert severity.doubling_d(2.0 ** (-days / 5), 12, 4) is None


def test_the_published_tempo_is_the_one_that_was_reported():
    """TR1 6.03 to 13.2 in 7 days, TR2 2.3 to 8.9 in 12 days: 6.2 days each."""
    for first, last, over in ((6.03, 13.2, 7), (2.3, 8.9, 12)):
        assert severity.doubling_d([first] + [0] * (over - 1) + [last], over, over) == pytest.approx(6.17, abs=0.05)


@pytest.mark.parametrize("visit", range(9))
def test_recist_has_no_verdict_and_non_target_disease_stays_where_it_is(visit):
    rows = diffuse_disease.verdicts(visit)
    assert [row["call"] for row in rows] == ["NE", "non-CR/non-PD"]
    assert "nothing to follow" in rows[0]["reason"]


def test_a_visit_before_the_first_is_refused():
    with pytest.raises(ValueError, match=r"^visit is -1; it must be at least 0\.$"):
        diffuse_disease.verdicts(-1)
