"""Differences between patients and lesions: medians, spread, correlation, seeds, bad input."""

import numpy as np
import pytest

from liverlab.disease import tumour, variability
from liverlab.disease import tumour_drugs as drugs

SETS = {name: getattr(variability, name) for name in ("BRUNO", "HANSSON", "SCHINDLER", "KERIOUI")}


def scaled(spread, values):
    return np.log(values) if spread.scale == "log" else np.log(values / (1.0 - values))


@pytest.mark.parametrize("name", SETS)
def test_the_median_patient_is_the_typical_one_and_the_spread_is_the_published_one(name):
    drawn = variability.sample(np.random.default_rng(1), SETS[name], 100_000)
    for key, spread in SETS[name].items():
        values = scaled(spread, drawn[key])
        # The standard error of a median of 100,000 is 0.4 % of the spread: five of them.
        assert np.median(values) == pytest.approx(scaled(spread, spread.typical), abs=0.02 * spread.omega)
        assert values.std() == pytest.approx(spread.omega, rel=0.02)
        assert (drawn[key] > 0).all()


@pytest.mark.parametrize("rho", [0.0, 0.3, variability.LESION_CORRELATION, 1.0])
def test_lesions_of_one_patient_correlate_as_asked_and_patients_do_not(rho):
    drawn = variability.sample(np.random.default_rng(2), SETS["KERIOUI"], 50_000, lesions=3, correlation=rho)
    for key, spread in SETS["KERIOUI"].items():
        values = scaled(spread, drawn[key])
        assert values.shape == (50_000, 3)
        assert values.std(axis=0) == pytest.approx(np.full(3, spread.omega), rel=0.02)
        between = np.corrcoef(values.T)
        assert between[0, 1] == pytest.approx(rho, abs=0.02)
        assert between[1, 2] == pytest.approx(rho, abs=0.02)
        assert np.corrcoef(values[:-1, 0], values[1:, 0])[0, 1] == pytest.approx(0.0, abs=0.02)


def test_the_same_seed_gives_the_same_patients():
    one, same, other = (
        variability.sample(np.random.default_rng(seed), SETS["BRUNO"], 10, lesions=2) for seed in (5, 5, 6)
    )
    assert all((one[key] == same[key]).all() for key in one)
    assert not any((one[key] == other[key]).any() for key in one)


def test_keys_are_those_of_the_models():
    for name, model in (("HANSSON", drugs.HANSSON), ("SCHINDLER", drugs.SCHINDLER)):
        assert all(getattr(model, key) == spread.typical for key, spread in SETS[name].items())


def test_a_population_of_tumours_is_never_negative_and_spreads_around_the_typical_course():
    drawn = variability.sample(np.random.default_rng(3), SETS["KERIOUI"], 20_000)
    day = np.array([0.0, 42.0, 365.0])
    keys = ("growth_per_day", "decay_per_day", "sensitive_fraction")
    size = tumour.stein_fojo_phi(day, *(drawn[key][:, None] for key in keys))
    assert (size > 0).all()
    assert size[:, 0] == pytest.approx(1.0)
    typical = tumour.stein_fojo_phi(day, *(SETS["KERIOUI"][key].typical for key in keys))
    low, high = np.quantile(size[:, 1:], [0.25, 0.75], axis=0)
    assert (low < typical[1:]).all()
    assert (typical[1:] < high).all()


SPREAD = {"rate": variability.Spread(1.0, 0.5)}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda rng: variability.sample(rng, SPREAD, 0), r"^patients is 0; it must be at least 1\.$"),
        (lambda rng: variability.sample(rng, SPREAD, 2.5), r"^patients is 2\.5; it must be a whole number\.$"),
        (lambda rng: variability.sample(rng, SPREAD, 3, lesions=0), r"^lesions is 0; it must be at least 1\.$"),
        (lambda rng: variability.sample(rng, SPREAD, 3, 2, 1.5), r"^correlation is 1\.5; it must be 0 to 1\.$"),
        (
            lambda rng: variability.sample(rng, {"rate": variability.Spread(1.0, -1.0)}, 3),
            r"^omega of rate is -1; it must be at least 0\.$",
        ),
        (
            lambda rng: variability.sample(rng, {"rate": variability.Spread(1.2, 1.0, "logit")}, 3),
            r"^typical of rate is 1\.2; it must be 0 to 1\.$",
        ),
        (
            lambda rng: variability.sample(rng, {"rate": variability.Spread(1.0, 1.0, "probit")}, 3),
            r"^scale of rate is 'probit'; it must be one of log, logit\.$",
        ),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call(np.random.default_rng(0))
