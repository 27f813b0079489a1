"""Clinical risk score: five points, strict limits, arrays."""

import numpy as np
import pytest

from liverlab import evidence
from liverlab.reading import staging


@pytest.mark.parametrize(
    ("patient", "score"),
    [
        ((False, 24, 1, 5, 30), 0),
        ((True, 24, 1, 5, 30), 1),
        ((True, 6, 1, 5, 30), 2),
        ((True, 6, 2, 5, 30), 3),
        ((True, 6, 2, 250, 30), 4),
        ((True, 6, 2, 250, 60), 5),
        ((False, 12, 1, 200, 50), 0),  # every limit is to be passed, not met
        ((False, 11.9, 1, 200.1, 50.1), 3),
    ],
)
def test_points_add_up(patient, score):
    assert staging.clinical_risk_score(*patient) == score


def test_arrays_broadcast_and_every_criterion_has_its_name():
    points = staging.clinical_risk_points(True, 6.0, np.array([1, 2, 9]), 10.0, 20.0)
    assert points.shape == (3, len(staging.CRITERIA))
    assert staging.clinical_risk_score(True, 6.0, np.array([1, 2, 9]), 10.0, 20.0).tolist() == [2, 3, 3]


def test_impossible_values_are_refused():
    with pytest.raises(ValueError, match="lesion_count is 0; it must be 1 to"):
        staging.clinical_risk_score(True, 6, 0, 10, 20)
    with pytest.raises(ValueError, match="largest_mm is 0"):
        staging.clinical_risk_score(True, 6, 1, 10, 0)


def test_m_categories_know_one_from_several():
    rows = {row["primary"]: row for row in evidence.load().series("m_category")}
    assert rows["colorectal"]["one"] == rows["colorectal"]["several"] == "M1a"
    assert (rows["small_cell"]["one"], rows["small_cell"]["several"]) == ("M1b", "M1c")
    assert all(str(row[key]).startswith("M1") for row in rows.values() for key in ("one", "several"))
