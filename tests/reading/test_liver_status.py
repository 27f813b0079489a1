"""Is the liver failing: scores of one liver over time."""

import numpy as np
import pytest
from tests.disease.scarred import FAILING, VISITS, liver

from liverlab.reading import liver_status, scores


def status(one):
    return liver_status.read(one.labs, one.scars.ascites_ml, one.sodium_mmol_l, female=True)


def test_scores_are_those_of_the_laboratory_values():
    ill = liver(**FAILING)
    read, at = status(ill), int(ill.at(VISITS)[5])
    labs = ill.labs
    assert read.albi[at] == scores.albi(labs.bilirubin_umol_l[at], labs.albumin_g_l[at]).value
    child = scores.child_pugh(
        labs.bilirubin_umol_l[at] / 17.1, labs.albumin_g_l[at] / 10, labs.inr[at],
        scores.ASCITES[read.ascites[at]], int(labs.encephalopathy_grade[at]),
    )  # fmt: skip
    assert (read.child_pugh[at], read.child_pugh_class[at]) == (child.value, child.grade)
    assert 6 <= read.meld3[at] <= 40


def test_a_failing_liver_gets_worse_on_every_score_and_decompensates():
    ill = liver(**FAILING)
    read, visits = status(ill), ill.at(VISITS)
    for name in ("albi", "child_pugh", "meld3"):
        values = getattr(read, name)[visits]
        assert values[5] > values[0], name
    assert not read.decompensated[visits[0]]
    assert read.decompensated[visits[5]]
    well = status(liver(nodule_amplitude_mm=0.0, scar_share_pct=0.0))
    assert not well.decompensated.any()
    assert set(well.child_pugh_class) == {"A"}


def test_ascites_is_graded_from_the_fluid():
    assert liver_status.ascites_grade([0.0, 99.0, 100.0, 999.0, 1000.0]).tolist() == [0, 0, 1, 1, 2]
    with pytest.raises(ValueError, match="ascites_ml is -1"):
        liver_status.ascites_grade(np.array([-1.0]))
