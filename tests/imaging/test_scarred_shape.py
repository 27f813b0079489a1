"""From the state of a scarred liver to what is drawn."""

from dataclasses import replace

import numpy as np
import pytest
from tests.disease.scarred import FAILING, VALUES, VISITS, liver

from liverlab.imaging import anatomy
from liverlab.imaging.liver_state import Shape
from liverlab.imaging.scarred_shape import LEAST_DIMPLE_MM, MOST_DIMPLES, fitted, shape_at

COUNT = 24
CENTRES = np.stack([np.linspace(-120, 20, COUNT), np.full(COUNT, -80.0), np.linspace(-40, 40, COUNT)], axis=1)


def shape(visit, one=None, **changes):
    one = one or liver(COUNT, **changes)
    return shape_at(VALUES | changes, one, int(one.at(VISITS)[visit]), CENTRES)


def test_before_treatment_the_liver_is_its_own():
    assert shape(0) == Shape(liver_ml=VALUES["liver_ml"], spleen_ml=VALUES["spleen_ml"])


def test_what_the_disease_did_is_what_is_drawn():
    ill = liver(COUNT, **FAILING)
    drawn, at = shape(5, ill), ill.at(VISITS)[5]
    assert drawn.liver_ml == pytest.approx(ill.scars.liver_ml[at])
    assert drawn.nodularity_mm == pytest.approx(ill.surface_mm[at])
    assert drawn.spleen_ml == pytest.approx(ill.scars.spleen_ml[at])
    assert 0 < drawn.ascites_ml < ill.scars.ascites_ml[at]
    assert drawn.right_atrophy_mm > 2
    assert drawn.caudate_growth_mm > 2
    assert len(drawn.retractions) == COUNT
    assert drawn.retractions[0][1] == pytest.approx(ill.scars.retraction_mm[0, at])


def test_only_dimples_that_can_be_seen_are_drawn_and_the_deepest_first():
    shallow = shape(5, scar_share_pct=5.0, desmoplasia_pct=0.0)
    assert all(depth >= LEAST_DIMPLE_MM for _, depth, _ in shallow.retractions)
    many = liver(2 * MOST_DIMPLES, **FAILING)
    at = int(many.at(VISITS)[5])
    drawn = shape_at(VALUES, many, at, np.zeros((2 * MOST_DIMPLES, 3)))
    assert len(drawn.retractions) == MOST_DIMPLES
    depth = np.sort(many.scars.retraction_mm[:, at])[::-1]
    assert min(one[1] for one in drawn.retractions) == pytest.approx(min(depth[MOST_DIMPLES - 1], 25))


def test_centres_that_do_not_fit_the_lesions_are_refused():
    one = liver(COUNT)
    with pytest.raises(ValueError, match=r"^centre_mm has 3 rows; it must have one for each of 24\.$"):
        shape_at(VALUES, one, 0, np.zeros((3, 3)))


def test_a_body_is_given_as_much_fluid_as_it_holds():
    body, full = anatomy.default(), Shape(liver_ml=2600.0, ascites_ml=1500.0)
    less = fitted(body, full)
    assert 0 < less.ascites_ml < 1500
    assert replace(less, ascites_ml=1500.0) == full
    some = Shape(ascites_ml=300.0)
    assert fitted(body, some) is some
