"""What a reader writes: a target that is not found counts as 0 mm, and the verdict says so."""

import numpy as np
import pytest

from liverlab.reading import analytic, report

DAYS = np.array([0.0, 60.0, 120.0])


def followed(visible, diameter_mm=((30.0, 28.0, 27.0), (20.0, 19.0, 18.0))):
    visible = np.array(visible, dtype=bool)
    size = np.where(visible, diameter_mm, 0.0)
    hu = np.where(visible, 70.0, 0.0)
    fields = dict.fromkeys(analytic.Readings.__dataclass_fields__, hu) | {"visible": visible, "diameter_mm": size}
    return report.follow_up(analytic.Readings(**fields), DAYS, ("A", "B"))


def reasons_of(patient, visit):
    return {row["criterion"]: (row["call"], row["reason"]) for row in patient.verdicts(visit, "none")}


def test_a_complete_response_of_targets_that_are_only_not_seen_says_so():
    for call, reason in reasons_of(followed([[1, 1, 0], [1, 1, 0]]), 2).values():
        assert call == "CR"
        assert reason.endswith(" A and B are not seen and count as 0 mm, gone or not.")


def test_one_unseen_target_is_named_in_every_verdict_that_counts_it():
    for _, reason in reasons_of(followed([[1, 1, 1], [1, 1, 0]]), 2).values():
        assert reason.endswith(" B is not seen and counts as 0 mm, gone or not.")


@pytest.mark.parametrize("visit", [0, 1])
def test_nothing_is_said_while_all_targets_are_seen(visit):
    for _, reason in reasons_of(followed([[1, 1, 0], [1, 1, 0]]), visit).values():
        assert "not seen" not in reason
