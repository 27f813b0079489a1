"""The worked example of founding text 001, the rule of 130 HU, and the published points."""

import numpy as np
import pytest

from liverlab import evidence
from liverlab.evidence import Scenario
from liverlab.imaging import calcium
from liverlab.imaging.anatomy_canvas import grid
from liverlab.lessons import calcified_metastasis
from liverlab.lessons.calcified_metastasis import patient as patients

LESSON = calcified_metastasis
EV = evidence.load()
DATA = EV.lessons["04_calcified_metastasis"]


def simulate(case="calcified_breast", **changes):
    scenario = Scenario(case)
    return patients.simulate(scenario.with_changes(**changes) if changes else scenario, EV)


def test_the_founding_case_several_dark_calcified_lesions_in_the_portal_phase():
    case, patient = EV.cases["calcified_breast"], simulate()
    assert "Woman of 54" in case.patient
    assert "five years ago" in case.patient
    assert patient.protocol.delay_s == 70
    held = [label for label, mg in zip(patient.labels, patient.calcium_mg_ml[:, 0], strict=True) if mg > 0]
    assert held == ["A", "B", "C"]
    seen = patient.phase.readings
    assert seen.visible[:4, 0].all()
    assert (seen.contrast_hu[:4, 0] < -15).all(), "hypodense, calcium or not"
    assert set(patient.patterns[:3]) == {"punctate"}


def test_contrast_medium_takes_conspicuity_from_the_dots():
    """Vector B5: calcium of 130 HU stands out by 74 HU unenhanced, by 24 HU in the portal phase."""
    patient = simulate()
    assert calcium.CALCIUM_HU - patient.unenhanced.liver_hu(0) == pytest.approx(74, abs=0.5)
    assert calcium.CALCIUM_HU - patient.liver_hu(0) == pytest.approx(24, abs=1)
    before, after = (one.spot_hu() - one.liver_hu(0) for one in (patient.unenhanced, patient))
    assert after < before - 15
    t_s = np.arange(0.0, 200.0, 5.0)
    assert simulate().spot_hu(t_s)[0] == pytest.approx(patient.unenhanced.spot_hu())


def test_the_130_hu_rule_holds_for_the_scan_it_was_made_for():
    patient = simulate()
    # Without contrast medium at 120 kV: the dots pass, the enhancing nodule does not; a thick slice loses the speck.
    rule = patient.by_the_rule
    assert rule.spot_hu() > 130
    assert rule.lesion_tissue_hu(rule.enhancing_lesion) < 60
    assert rule.speck_reads_hu < 130
    assert simulate(slice_mm=3).by_the_rule.speck_reads_hu >= 130
    # With it, or at a low voltage, it calls tissue calcium.
    low = simulate(kvp=80, calcium_start_mg_ml=0)
    assert low.lesion_tissue_hu(low.enhancing_lesion) > 155
    assert calcium.same_calcium_hu(80, 25.0) == pytest.approx(181.4, abs=0.1)


def test_the_spot_the_page_follows_is_the_brightest_pixel_of_the_picture():
    patient = simulate(noise_hu=5, dose_pct=200)
    picture = patient.scene(0).render(33, 512).astype(float)
    g, (x, y, _) = grid(512), patient.metastases[0].centre_mm
    inside = np.hypot(g.x_mm[None, :] - x, g.y_mm[:, None] - y) < 15
    assert picture[inside].max() == pytest.approx(patient.spot_hu(), abs=4 * patient.noise_hu)


def test_calcium_of_the_lesion_that_shrinks_becomes_denser_and_grows_thin_in_the_other():
    shrinks, grows = (simulate(case, calcium_necrosis_mg_ml=0) for case in ("calcifying_responder", "diluted_calcium"))
    for patient, sign in ((shrinks, 1), (grows, -1)):
        assert (sign * np.diff(patient.calcium_mg_ml[0]) > 0).all()


# --- misconceptions of the issue, and what must not be claimed ---


def test_the_misconceptions_are_answered():
    quiz = {item["id"]: item for item in DATA["quiz"]}
    first = {option["id"]: option for option in quiz["calcified_under_treatment"]["options"]}
    assert not any(first[wrong]["correct"] for wrong in ("dead", "poor", "mucinous"))
    assert "living cells" in first["dead"]["feedback"]
    assert "9.3 against 6.2" in first["poor"]["feedback"]
    assert "independent of mucinous type" in first["mucinous"]["feedback"]
    best = {option["id"]: option["correct"] for option in quiz["best_scan"]["options"]}
    assert best == {"portal": False, "plain": True, "arterial": False, "thick": False}
    assert "ratio of 1.56" in next(o["feedback"] for o in quiz["two_energies"]["options"] if o["correct"])


def test_no_percentage_is_given_for_breast_and_both_sides_of_prognosis_are():
    rows = {row["key"]: row for row in EV.series("calcification_frequency")}
    assert rows["breast"]["percent"] == ""
    told = " ".join(DATA["explain"]["prognosis"]["lines"])
    for words in ("poor prognosis", "9.3", "6.2", "0.19", "no percentage", "primary tumours"):
        assert words in told
    survival = {row["key"]: row for row in EV.series("calcification_outcome")}
    assert (survival["pfs"]["calcified"], survival["pfs"]["not_calcified"]) == (9.3, 6.2)
    assert survival["risk"]["calcified"] == 0.19


# --- published points ---


def test_overlaid_points_are_those_of_the_series_with_their_source(page):
    figures = {figure["id"]: figure for figure in page.lesson.published(page.lesson.page.state)}
    bars, labels = figures["frequency"]["data"]
    rows = EV.series("calcification_frequency")
    assert bars["y"] == [row["disease"] for row in rows]
    shown = dict(zip(bars["y"], zip(bars["x"], labels["text"], strict=True), strict=True))
    assert shown["Colorectal (Ottawa)"] == (28.0, "31 of 112")
    assert shown["Breast"] == (0.0, "no percentage found")
    for row in rows:
        if row["patients"] != "":
            assert 100 * row["calcified"] / row["patients"] == pytest.approx(row["percent"], abs=0.5)
        assert EV.reference(row["source"]).text
    with_calcium, without = figures["outcome"]["data"]
    months = [row for row in EV.series("calcification_outcome") if row["unit"] == "months"]
    assert with_calcium["x"] == [row["calcified"] for row in months]
    assert without["x"] == [row["not_calcified"] for row in months]
    line, points = figures["obscured"]["data"]
    for x, y in zip(points["x"], points["y"], strict=True):
        assert np.interp(x, line["x"], line["y"]) == pytest.approx(y, abs=6)
