"""What tests return in a liver that fails without a lesion: flip the hidden truth, and the answers flip."""

from dataclasses import replace

import numpy as np
import pytest

from liverlab import evidence
from liverlab.disease import liver_injury, sinusoid
from liverlab.reading import failure_tests
from liverlab.reading.failure_tests import OTHER, TUMOUR, Seen
from liverlab.reading.next_tests import NEITHER

EV = evidence.load()
DAYS = np.arange(-56.0, 61.0)
PET, MRI = EV.tissues["pet"], EV.tissues["mri"]
MIMICS = [case for case in EV.cases.values() if case.injury]


def seen(case, day=0.0, seed=1, **changes):
    values = {**{key: p.value for key, p in EV.parameters.items()}, **EV.cases[case].parameters}
    values |= {"chemo_kill_pct": 0.0} | changes
    injury = EV.cases[case].injury
    course = (
        liver_injury.course(liver_injury.INJURIES[injury], values, DAYS, EV.labs)
        if injury
        else sinusoid.simulate(values, DAYS, EV.labs)
    )
    suv, adc = ((table["liver"], table["metastasis"]) for table in (PET, MRI))
    return Seen(
        values, course, int(np.searchsorted(DAYS, day)), EV.labs, tuple(row.suv for row in suv),
        tuple(row.adc_um2_ms for row in adc), injury, seed,
    )  # fmt: skip


def points(case, test, **how):
    return failure_tests.order(test, seen(case, **how)).points_to


def test_there_is_a_mimic_for_every_injury_of_the_model():
    assert {case.injury for case in MIMICS} == set(liver_injury.INJURIES)


@pytest.mark.parametrize("case", MIMICS, ids=lambda case: case.injury)
def test_mimics_match_the_tumour_on_day_0_within_the_error_of_a_laboratory(case):
    tumour, mimic = seen("sclc_sinusoidal"), seen(case.id)
    for key in ("alt_u_l", "bilirubin_umol_l"):
        assert mimic.lab(key) == pytest.approx(tumour.lab(key), rel=0.05), key


@pytest.mark.parametrize("test", ["ldh", "nse", "pet", "percutaneous", "transjugular"])
def test_these_point_to_tumour_where_there_is_some_and_nowhere_else(test):
    assert points("sclc_sinusoidal", test) == TUMOUR
    for case in ("no_tumour", *(mimic.id for mimic in MIMICS)):
        assert points(case, test) != TUMOUR, case


def test_what_each_mimic_is_told_by():
    assert points("mimic_viral", "viral") == OTHER
    assert points("mimic_budd_chiari", "ultrasound") == points("mimic_obstruction", "ultrasound") == OTHER
    assert points("mimic_ischaemic", "repeat") == OTHER
    for test in ("viral", "ultrasound", "repeat", "enzymes", "clotting"):
        assert points("sclc_sinusoidal", test) == NEITHER, test


def test_the_r_factor_alone_does_not_decide():
    """Cholestatic, mixed: half of the mimics have a pattern that tumour has too; high ALT is not what tells."""
    patterns = [points(case.id, "enzymes") for case in MIMICS]
    assert {NEITHER, OTHER} == set(patterns)


def test_pet_is_even_and_its_mean_rises_with_the_tumour():
    staging, now = (failure_tests.pet(seen("sclc_sinusoidal", day)) for day in (-56.0, 13.0))
    assert staging.value < failure_tests.HIGH_LIVER_SUV < now.value
    assert "No focus" in now.text
    assert failure_tests.pet(seen("no_tumour")).value == PET["liver"].suv


def test_diffusion_moves_little():
    now = failure_tests.dwi(seen("sclc_sinusoidal", 13.0))
    assert MRI["metastasis"].adc_um2_ms < now.value < MRI["liver"].adc_um2_ms
    assert now.points_to == NEITHER
    assert points("sclc_sinusoidal", "dwi", sinusoidal_occupancy_pct=60.0) == TUMOUR


def test_the_needle_through_the_skin_gets_more_dangerous_day_by_day_the_vein_does_not():
    skin = [failure_tests.percutaneous(seen("sclc_sinusoidal", day)).text for day in (0.0, 19.0)]
    harm = [float(text.split("major harm ")[1].split(" %")[0]) for text in skin]
    assert harm[1] > 2 * harm[0]


def test_samples_are_found_as_often_as_they_say():
    first = seen("sclc_sinusoidal", sinusoidal_occupancy_pct=5.0)
    lucky = [replace(first, seed=seed) for seed in range(200)]
    early = [failure_tests.shows_tumour(one, "percutaneous") for one in lucky]
    assert np.mean(early) == pytest.approx(failure_tests.percutaneous(first).value / 100, abs=0.1)
    marrow = [failure_tests.shows_tumour(one, "marrow") for one in lucky]
    assert np.mean(marrow) == pytest.approx(0.25, abs=0.1)


def test_a_repeat_that_comes_too_late_says_so():
    late = seen("sclc_sinusoidal", 19.0)
    assert late.course.death_day < 21
    assert "does not live" in failure_tests.repeat(late).text


@pytest.mark.parametrize("test", failure_tests.TESTS)
def test_every_test_answers_in_sentences_for_everybody(test):
    for case in ("sclc_sinusoidal", "no_tumour", *(mimic.id for mimic in MIMICS)):
        found = failure_tests.order(test, seen(case))
        assert found.test == test
        assert found.text.endswith(".")
        assert found.separates.endswith(".")
        assert np.isfinite(found.value)


def test_an_unknown_test_is_refused():
    with pytest.raises(ValueError, match=r"^test is 'horoscope'; allowed: enzymes, "):
        failure_tests.order("horoscope", seen("no_tumour"))
