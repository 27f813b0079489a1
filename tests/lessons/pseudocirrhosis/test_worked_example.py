"""The founding case at 0, 6 and 12 months, the other presets, and what was published about them."""

import numpy as np
import pytest

from liverlab import evidence
from liverlab.evidence import Scenario
from liverlab.lessons import pseudocirrhosis
from liverlab.lessons.pseudocirrhosis import patient as patients
from liverlab.lessons.pseudocirrhosis import published

LESSON = pseudocirrhosis
EV = evidence.load()
DATA = EV.lessons["03_pseudocirrhosis"]


def simulate(case="pseudocirrhosis_breast", **changes):
    scenario = Scenario(case)
    return patients.simulate(scenario.with_changes(**changes) if changes else scenario, EV)


@pytest.fixture(scope="module")
def founding():
    return simulate()


# --- the founding case ---


def test_at_six_months_a_liver_of_normal_size_is_finely_nodular_with_many_small_lesions(founding):
    assert founding.contour_at(0) == "smooth"
    assert founding.contour == "finely nodular"
    volume = founding.liver.scars.liver_ml
    assert volume[founding.now] == pytest.approx(volume[0], rel=0.05)
    assert founding.phase.readings.visible[:, founding.visit].sum() > 80
    assert np.median(founding.diameter_mm[:, founding.visit]) < 12
    assert not founding.status.decompensated.any()


def test_six_months_after_the_change_it_has_markedly_improved(founding):
    surface = founding.liver.surface_mm[founding.at]
    assert founding.values["therapy_change_months"] == 6
    assert surface[5] < 0.15 * surface[3]
    assert founding.contour_at(5) == "smooth"
    seen = founding.phase.readings.visible.sum(axis=0)
    assert seen[5] < 0.5 * seen[3], "less prominent metastases"
    assert simulate(therapy_change_months=24).contour_at(5) == "finely nodular"


def test_the_picture_shows_it(founding):
    before, six, twelve = (simulate(visit=visit).measured for visit in (0, 3, 5))
    assert not before.uneven
    assert six.lsn > 2 * six.limit
    assert not twelve.uneven


def test_bone_lesions_are_drawn_and_stay(founding):
    before, now = (founding.scene(visit).bone_lesions for visit in (0, 5))
    assert len(before.ids) == round(founding.values["bone_metastasis_count"]) > 10
    assert before is now
    without = simulate(bone_metastasis_count=0).scene(3).render(31, 256).astype(float)
    assert (founding.scene(3).render(31, 256) - without).min() < -80, "lytic"


def test_the_report_one_could_sign_says_what_the_simulation_shows(founding):
    report = DATA["report"]
    assert founding.contour in report
    fall = -round(float(founding.follow_up.size_change_pct[founding.visit]))
    assert f"{fall} % smaller" in report
    spleen = founding.liver.scars.spleen_ml
    assert "spleen slightly larger" in report
    assert 1.05 * spleen[0] < spleen[founding.now] < 1.5 * spleen[0]


# --- the other presets ---


def test_coarse_nodules_lose_volume_while_recist_says_stable():
    coarse = simulate("pseudocirrhosis_coarse")
    assert coarse.contour == "coarsely nodular"
    assert coarse.verdict() == "SD"
    volume = coarse.liver.scars.liver_ml
    assert volume[coarse.now] < 0.85 * volume[0]
    assert coarse.status.decompensated[coarse.now]


def test_retraction_over_growing_lesions():
    growing = simulate("pseudocirrhosis_growing")
    assert growing.verdict() == "PD"
    assert growing.retractions > 5
    assert (np.diff(growing.diameter_mm, axis=1) > 0).all()


def test_nodules_alone_raise_the_pressure_and_leave_albumin():
    nodules = simulate("pseudocirrhosis_nodules", visit=8)
    scars, now = nodules.liver.scars, nodules.now
    assert scars.portal_gradient_mmhg[now] > 10 > scars.hvpg_mmhg[now]
    assert scars.varices[now] > 0
    assert not nodules.status.ascites[now]
    assert nodules.liver.labs.albumin_g_l[now] == pytest.approx(nodules.liver.labs.albumin_g_l[0], abs=0.5)


def test_cirrhosis_was_there_before_and_does_not_move():
    cirrhosis = simulate("cirrhosis_breast")
    assert np.ptp(cirrhosis.liver.surface_mm) < 0.01
    assert cirrhosis.contour_at(0) == "finely nodular"


def test_without_tumour_and_injury_the_liver_stays_smooth():
    calm = simulate(tumour_load_pct=0, nodule_amplitude_mm=0)
    assert set(map(calm.contour_at, range(9))) == {"smooth"}
    shapes = [calm.shape(visit) for visit in range(9)]
    assert all(not shape.retractions and shape.nodularity_mm < 1e-6 for shape in shapes)


# --- what was published ---


def test_published_points_are_read_from_the_series(founding):
    rows = EV.series("pseudocirrhosis")
    figure = published.complications(EV, founding)
    for trace in figure["data"]:
        wanted = [row["value"] for row in rows if row["quantity"] == trace["name"]]
        assert trace["x"] == wanted
    medians = [row["value"] for row in rows if row["quantity"] == "median_survival"]
    drawn = [trace["x"][0] for trace in published.survival(EV)["data"] if trace["mode"] == "markers"]
    assert drawn == medians == [7.9, 3.2]
    assert {row["source"] for row in rows} <= EV.reference_keys


def test_survival_under_a_constant_risk_is_vector_a4():
    curve = published.survival(EV)["data"][0]
    at = dict(zip(curve["x"], curve["y"], strict=True))
    assert at[3.0] == pytest.approx(76.9, abs=0.1)
    assert at[12.0] == pytest.approx(34.9, abs=0.1)
    item = next(one for one in DATA["quiz"] if one["id"] == "survival")
    assert item["answer"] == pytest.approx(at[12.0], abs=0.1)


def test_simulated_change_is_done_to_two_thirds_within_the_published_months(founding):
    low, high = published.EVOLUTION_MONTHS
    for trace in published.tempo(founding)["data"]:
        reached = np.interp(1 - np.exp(-1), np.array(trace["y"]) / 100, trace["x"])
        assert low <= reached <= high, trace["name"]


def test_where_sources_disagree_both_are_shown():
    lines = " ".join(DATA["explain"]["sources"]["lines"])
    for said in ("mostly lack", "81 %", "57 %", "7.9 months", "3.2 months", "Not published"):
        assert said in lines
