"""The worked example of founding text 002 and its counter-example, in the page's own scenarios."""

import numpy as np
import pytest

from liverlab import evidence
from liverlab.evidence import Scenario
from liverlab.lessons import pseudoprogression
from liverlab.lessons.pseudoprogression import patient as patients
from liverlab.reading import visibility

LESSON = pseudoprogression
EV = evidence.load()
THRESHOLD_MM = EV.parameters["visibility_threshold_mm"].value


def simulate(case="gist_imatinib", call="unequivocal", **changes):
    scenario = Scenario(case).with_call(call)
    return patients.simulate(scenario.with_changes(**changes) if changes else scenario, EV)


def test_the_textbook_lesion_of_12_mm_is_invisible_before_and_visible_after():
    # Liver 106 HU, noise 15 HU: at 100 HU |6| 12 / 15 = 4.8 mm, at 50 HU 44.8 mm; 16.3 mm are needed.
    scores = visibility.detectability(np.array([6.0, 56.0]), 12.0, 15.0)
    assert scores == pytest.approx([4.8, 44.8])
    assert visibility.is_visible(np.array([6.0, 56.0]), 12.0, 15.0, THRESHOLD_MM).tolist() == [False, True]


def test_the_page_shows_that_lesion():
    # G, the third hidden one.
    patient = simulate(occult_count=3, noise_hu=15, perfusion_loss_pct=70)
    lesion = patient.labels.index("G")
    assert patient.case.lesions[lesion].diameter_mm == 12
    assert float(patient.phase.liver_hu[0]) == pytest.approx(106, abs=1)
    assert patient.phase.rim_hu[lesion, 0] == pytest.approx(100, abs=1)
    assert patient.phase.rim_hu[lesion, 3] == pytest.approx(50, abs=1)
    score = patient.phase.readings.detectability_mm[lesion]
    assert score[0] == pytest.approx(4.8, abs=0.6)
    assert score[3] == pytest.approx(44.8, rel=0.12)  # it is smaller by then, and blur takes a little
    assert patient.follow_up.visible[lesion].tolist() == [False, *[True] * 6]
    assert patient.course.diameter_mm[lesion, 3] < 12, "it has not grown, it has shrunk"


def test_called_new_both_criteria_say_progression_called_equivocal_neither():
    patient = simulate()
    for name in ("RECIST 1.1", "Choi", "modified Choi"):
        assert patient.verdict(name, "unequivocal") == "PD"
    assert patient.verdict("RECIST 1.1", "equivocal") == "SD"
    assert patient.verdict("Choi", "equivocal") == "PR"
    assert patient.living_pct[patient.visit] < 20
    reasons = {row["criterion"]: row["reason"] for row in patient.verdicts("equivocal")}
    assert "equivocal" in reasons["RECIST 1.1"]
    assert "E and F" in reasons["RECIST 1.1"]


def test_uptake_falls_while_the_criteria_say_progression():
    # Published: SUVmax 22.7 % lower after one week of imatinib (Schindler 2016).
    patient = simulate(visit=1)
    finding = patient.order("pet")
    for _, before, now in finding.rows:
        assert now < (1 - 0.227) * before
    assert patient.verdict("RECIST 1.1", "unequivocal") == "PD"


def test_most_lesions_are_dark_from_the_start_and_the_late_arterial_phase_shows_the_rest():
    patient = simulate()
    there = np.flatnonzero(patient.course.diameter_mm[:, 0] > 0)
    seen = patient.follow_up.visible[there, 0]
    assert seen.sum() > (~seen).sum() > 0
    assert patient.follow_up.mean_hu[0] == pytest.approx(72.8, abs=2)  # Choi 2007, 172 lesions
    hidden = [patient.labels[i] for i in there[~seen]]
    assert hidden == ["E", "F"]
    assert simulate(delay_s=35).follow_up.visible[there, 0].all()


def test_half_visible_lesion_looks_larger_although_it_shrinks():
    patient = simulate("anti_angiogenic")
    measured, true = patient.follow_up.diameter_mm[0], patient.course.diameter_mm[0]
    assert measured[1] > 1.1 * measured[0]
    assert true[1] < true[0]


def test_immune_therapy_is_told_apart():
    lesson = EV.lessons["02_pseudoprogression"]
    lines = " ".join(lesson["explain"]["immune"]["lines"])
    assert "iRECIST" in lines
    assert "immune" in lines
    item = next(one for one in lesson["quiz"] if "iRECIST" in one["text"])
    assert sum(option["correct"] for option in item["options"]) == 1


# --- the counter-example ---


def test_chemotherapy_dims_the_liver_and_lesions_stand_out_less():
    patient = simulate("chemo_liver")
    visit = patient.visit
    series = {
        row["treatment"]: float(row["liver_hu"]) for row in EV.series("dresden2011") if float(row["delay_s"]) > 60
    }
    fall = series["before"] - series["after"]
    assert fall == pytest.approx(12.3, abs=0.05)
    assert patient.phase.liver_hu[0] - patient.phase.liver_hu[visit] == pytest.approx(fall, abs=0.3)
    largest = int(np.argmax(patient.course.diameter_mm[:, 0]))
    contrast = patient.phase.liver_hu - patient.phase.rim_hu[largest]
    assert contrast[0] - contrast[visit] == pytest.approx(12, abs=1)
    # Only the liver changes: no new spot, no verdict of progression, less living tumour.
    assert patient.follow_up.new_spots(visit) == ()
    assert {row["call"] for row in patient.verdicts("unequivocal")} == {"SD"}
    assert patient.living_pct[visit] < 100
    score = patient.phase.readings.detectability_mm[largest]
    assert score[visit] < 0.75 * score[0]


# --- size pseudoprogression stands apart ---


def test_swelling_makes_recist_progress_with_every_boundary_visible_and_nothing_new():
    patient = simulate("swelling")
    visit = patient.visit
    there = patient.course.diameter_mm[:, 0] > 0
    assert patient.follow_up.visible[there].all()
    assert patient.follow_up.new_spots(visit) == ()
    for call in ("none", "equivocal", "unequivocal"):
        assert patient.verdict("RECIST 1.1", call) == "PD"
        assert patient.verdict("Choi", call) == "PR"
    assert patient.living_pct[visit] < 60


def test_swelling_is_off_where_unmasking_is_taught_and_adds_no_tumour():
    assert simulate().values["swelling_pct"] == 0
    plain, swollen = simulate(visit=1), simulate(visit=1, swelling_pct=25)
    assert swollen.living_pct == pytest.approx(plain.living_pct)
    assert swollen.follow_up.sum_mm[1] > 1.15 * plain.follow_up.sum_mm[1]
    assert swollen.follow_up.visible.tolist() == plain.follow_up.visible.tolist()


# --- published points ---


def test_overlaid_points_are_those_of_the_series_with_their_source(page):
    figures = {figure["id"]: figure for figure in page.lesson.published(page.lesson.page.state)}
    traces = {trace["name"]: trace for trace in figures["liver-enhancement"]["data"]}
    for treatment in ("before", "after"):
        rows = [row for row in EV.series("dresden2011") if row["treatment"] == treatment]
        drawn = traces[f"published {treatment}"]
        assert drawn["y"] == [float(row["liver_hu"]) for row in rows]
        assert drawn["error_y"]["array"] == [float(row["sd_hu"]) for row in rows]
        assert np.abs(np.array(drawn["x"]) - [float(row["delay_s"]) for row in rows]).max() <= 2
        # The simulated line runs through the published means.
        line = traces[f"simulated {treatment}"]
        for row in rows:
            assert np.interp(float(row["delay_s"]), line["x"], line["y"]) == pytest.approx(
                float(row["liver_hu"]), abs=6
            )
    bars = {trace["name"]: trace["x"] for trace in figures["responders"]["data"]}
    choi = {row["quantity"]: float(row["value"]) for row in EV.series("choi2007")}
    assert bars == {"RECIST": [choi["recist_true_positive"]], "Choi": [choi["choi_true_positive"]]}
    for name in ("dresden2011", "choi2007", "sunitinib2011", "schindler2017"):
        for row in EV.series(name):
            assert EV.reference(row["source"]).text
    shown = sum(sum(trace["x"]) for trace in figures["categories"]["data"])
    assert shown == sum(float(row["patients"]) for row in EV.series("sunitinib2011"))
