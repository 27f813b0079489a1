"""The founding case replayed, and the published patients beside it."""

import json

import numpy as np
import pytest

from liverlab import evidence
from liverlab.evidence import Scenario
from liverlab.lessons import sinusoidal_metastasis
from liverlab.lessons.sinusoidal_metastasis import charts, published
from liverlab.lessons.sinusoidal_metastasis import patient as patients

LESSON = sinusoidal_metastasis
EV = evidence.load()
REST_BYTES = 2_000_000


def made(case="sclc_sinusoidal", **changes):
    scenario = Scenario(case)
    return patients.simulate(scenario.with_changes(**changes) if changes else scenario, EV)


def test_the_founding_case_is_a_man_of_58_who_dies_within_days_to_weeks():
    patient = made()
    assert "58" in patient.case.patient
    assert patient.case.founding == "003"
    assert 7 < patient.died_d < 28
    assert "no values were published" in " ".join(fact.text for fact in patient.case.published)
    assert all(one.basis == "illustrative" for one in patient.case.overrides.values()), "nothing of it was published"


def test_the_hook_says_the_states_numbers():
    from pathlib import Path

    path = Path(__file__).parents[3] / "notebooks" / "05_sinusoidal_metastasis.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    hook = "".join(next(cell["source"] for cell in cells if cell["id"] == "hook-text"))
    patient = made()
    assert f"Bilirubin is {patient.lab('bilirubin_umol_l'):.0f} µmol/L" in hook
    assert f"({patient.lab('bilirubin_umol_l') / 17.1:.0f} mg/dL)" in hook
    assert f"INR {patient.lab('inr'):.1f}" in hook


def test_the_prediction_is_about_what_happened():
    """Bilirubin thirteenfold and doubling in six days, tumour doubled."""
    patient = made()
    bilirubin, at = patient.course.labs.bilirubin_umol_l, patient.at
    assert bilirubin[at] / bilirubin[0] == pytest.approx(13, abs=0.5)
    doubling = 4 * np.log(2) / np.log(bilirubin[at] / bilirubin[at - 4])
    assert doubling == pytest.approx(6, abs=0.6)
    assert patient.course.occupancy[at] / patient.course.occupancy[0] == pytest.approx(2, abs=0.25)
    assert patient.values["tumour_doubling_d"] == 53


def test_nothing_is_there_to_measure_and_the_scan_changes_little_before_the_liver_fails():
    patient = made()
    scene = patient.scene(0)
    assert scene.lesions.ids == ()
    before, day_0 = patient.staging.liver_hu_at(0), patient.liver_hu_at(patient.scanned_at(0))
    assert abs(day_0 - before) < EV.parameters["noise_hu"].value
    assert patient.shape_at(patient.scanned_at(0)).liver_ml < 1.15 * patient.shape_at(0).liver_ml


def test_the_order_of_the_analytes_ends_with_albumin():
    """LDH is high when nothing else is; then enzymes, then INR and bilirubin; albumin is normal on the last day."""
    patient = made()
    days = patients.DAYS

    def first(key, times):
        return days[(patient.times_upper(key) > times).argmax()]

    assert first("ldh_u_l", 5) < first("alt_u_l", 2) < first("inr", 1.1) <= first("bilirubin_umol_l", 3)
    last = int(patient.died_d) - int(patients.STAGING_D)
    assert patient.course.labs.albumin_g_l[last] > EV.labs["albumin_g_l"].low


def test_pattern_of_the_founding_case_is_the_published_one():
    patient = made()
    r, ratio = patient.r_factor.raw, patient.ldh_over_alt.raw
    alive = (patients.DAYS >= 0) & (patient.died_d > patients.DAYS)
    assert (r[alive] >= 0.4).all()
    assert (r[alive] <= 2.9).all()
    assert (np.abs(ratio[alive] - 3.63) < 1.1).all()


@pytest.mark.parametrize("case", ["TR1", "TR2"])
def test_tempo_of_the_published_patients_within_15_percent(case):
    """What the figure shows: a shift in time, and then the second value is within 15 % of the simulated one."""
    days, bilirubin = published.published_bilirubin(EV, case)
    usual = published.untreated(EV)
    shift = published.start_d(usual, bilirubin[0])
    simulated = np.interp(days + shift, patients.DAYS, usual.course.labs.bilirubin_mg_dl)
    assert simulated[-1] == pytest.approx(bilirubin[-1], rel=0.15)


def test_overlaid_points_are_those_of_the_series_on_their_days():
    dots = charts.published_dots(EV)
    rows = [row for row in EV.series("sinusoidal_cases") if row["case"] in charts.OVERLAID and row["day"] != ""]
    drawn = {"ast_u_l", "alt_u_l", "alp_u_l", "ldh_u_l", "inr", "bilirubin_mg_dl"}
    wanted = [row for row in rows if row["analyte"] in drawn]
    assert len(dots) == len(wanted) > 25
    assert {dot.who.split(",")[0] for dot in dots} == set(charts.OVERLAID)
    for dot, row in zip(dots, wanted, strict=True):
        assert dot.day == pytest.approx(float(row["day"]), abs=1.3), "moved apart by at most a day"
        key = {"bilirubin_mg_dl": "bilirubin_umol_l"}.get(row["analyte"], row["analyte"])
        factor = 17.1 if row["analyte"] == "bilirubin_mg_dl" else 1.0
        assert dot.times_upper == pytest.approx(float(row["value"]) * factor / EV.labs[key].high)
        assert EV.reference(row["source"]).text


def test_published_figures_read_their_numbers_from_the_series(page):
    figures = {figure["id"]: figure for figure in page.lesson.published(page.lesson.page.state)}
    rows = charts.registry(EV)
    means = {trace["name"]: trace["x"] for trace in figures["ratios"]["data"]}
    assert means["small cell failure"] == [rows["Small cell failure", "ldh_over_alt"]["value"]]
    assert means["other failure"] == [rows["Other failure", "ldh_over_alt"]["value"]]
    doubling = [row for row in EV.series("doubling_times") if row["key"].startswith("sclc")]
    drawn = [trace["x"][0] for trace in figures["doubling"]["data"]]
    assert drawn[:-1] == [row["doubling_d"] for row in doubling]
    assert drawn[-1] == page.lesson.page.values["tumour_doubling_d"]
    for figure in figures.values():
        assert "handful" in figure["alt"] or figure["id"] != "ratios"


def test_misconceptions_of_the_dossier_are_answered():
    lesson = EV.lessons["05_sinusoidal_metastasis"]
    options = [option for item in (*lesson["quiz"], lesson["predict"]) for option in item.get("options", ())]
    told = " ".join(f"{option['text']} {option['feedback']}" for option in options)
    for words in ("44 %", "6 of 16", "quarter", "17 to 21 days", "20 days", "4 to 6 hours", "12 to 209 days"):
        assert words in told, words


def test_what_is_not_known_is_said():
    limits = " ".join(EV.lessons["05_sinusoidal_metastasis"]["limits"])
    for words in ("published no values", "Nobody has measured", "illustrative", "13 %", "handful"):
        assert words in limits


def test_one_rest_of_any_slider_stays_within_two_megabytes(page):
    viewer, sent = page.lesson.view.viewer, {}
    page.browser.rest()
    for key, slider in page.lesson.panel.sliders.items():
        before = viewer.bytes_sent
        slider.value += slider.step if slider.value + slider.step <= slider.max else -slider.step
        page.browser.rest()
        sent[key] = viewer.bytes_sent - before + len(json.dumps(page.lesson.published(page.lesson.page.state)))
    assert max(sent.values()) <= REST_BYTES, sent
