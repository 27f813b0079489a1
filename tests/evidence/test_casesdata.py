"""The casesdata that ships: complete, consistent with its sources, and fit to be drawn."""

from __future__ import annotations

import csv
import json
import math
import os
import re
import subprocess
import sys
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from liverlab import evidence
from liverlab.evidence.tables import on_step
from liverlab.evidence.units import UNITS, unit_of_name

FOLDER = evidence.data_folder()
EV = evidence.load()

KEYS = """
weight_kg cardiac_output_l_min renal_clearance_ml_min perfusion_loss_pct shrinkage_rate_per_week
growth_rate_per_week resistance_rate_per_week vascular_time_constant_d necrosis_time_constant_d swelling_pct
swelling_time_constant_d occult_count new_lesion_count new_lesion_seed_mm new_lesion_doubling_d
liver_enhancement_change_hu second_line_effect_pct baseline_enhancement_hu hypovascular_enhancement_hu
tumour_unenhanced_hu necrosis_hu liver_unenhanced_hu delay_s kvp iodine_g_per_kg injection_rate_ml_s
iodine_concentration_mg_ml flush_ml dose_pct slice_mm noise_hu visibility_threshold_mm reader_low_pct reader_high_pct
suv_tumour suv_liver marker_half_life_d marker_surge_pct visit
tumour_doubling_d sinusoidal_occupancy_pct flow_threshold_pct cell_loss_pct_per_d hepatic_reserve_pct tumour_ldh_u_l
tumour_nse_ug_l chemo_day_d chemo_kill_pct ischaemia_day_d ischaemia_kill_pct ischaemia_duration_d death_function_pct
alt_half_life_h ast_half_life_h mitochondrial_ast_half_life_h ldh_half_life_h alp_half_life_d ggt_half_life_d
conjugated_bilirubin_half_life_h delta_bilirubin_half_life_d albumin_half_life_d factor_vii_half_life_h nse_half_life_h
"""
TISSUES = """
air lung fat subcutaneous_fat skin muscle bone_cortex bone_trabecular cartilage disc spinal_canal table gas
bile liver spleen kidney_cortex kidney_medulla pancreas adrenal stomach_wall stomach_content bowel_wall
bowel_content
"""
VESSELS = ("aorta", "portal_vein", "hepatic_vein", "ivc", "splenic_vein", "hepatic_artery")


def test_parameters_are_the_agreed_ones() -> None:
    assert set(KEYS.split()) <= set(EV.parameters)


@pytest.mark.parametrize("key", list(EV.parameters))
def test_parameter_can_go_on_a_slider(key: str) -> None:
    p = EV.parameters[key]
    assert p.low <= p.value <= p.high
    assert on_step(p.value, p.low, p.step)
    assert p.on_grid(p.value) == p.value
    assert p.low <= p.on_grid(p.high) <= p.high
    assert 2 <= (p.high - p.low) / p.step + 1 <= 2001
    assert p.unit in UNITS
    assert unit_of_name(key) == p.unit
    assert p.note.endswith(".")
    assert p.label[0].isupper()


def test_labels_and_symbols_differ() -> None:
    labels = [p.label for p in EV.parameters.values()]
    symbols = [p.symbol for p in EV.parameters.values()]
    assert len(set(labels)) == len(labels)
    assert len(set(symbols)) == len(symbols)


@pytest.mark.parametrize(
    ("value", "snapped"), [(0, 0.0), (69, 70.0), (72.4, 70.0), (72.6, 75.0), (300, 300.0), (299, 300.0)]
)
def test_grid_of_a_parameter(value: float, snapped: float) -> None:
    assert EV.parameters["delay_s"].on_grid(value) == snapped


def test_grid_never_leaves_the_range() -> None:
    """120..140 kV in steps of 15: the last step that fits is the last value."""
    odd = EV.parameters["kvp"]._replace(low=120, high=140, step=15)
    assert odd.on_grid(140) == 135


# Numbers that follow from others must follow.
def test_shrinkage_follows_from_the_published_model() -> None:
    """Hansson 2013 at AUC 1.47 mg h/L: E = KDRUG AUC + (K_sKIT + K_sVEGFR3) AUC / (1 + AUC), per week."""
    auc = 1.47
    fall = auc / (1 + auc)
    effect = 0.0050 * auc + (0.00282 + 0.0371) * fall
    assert effect == pytest.approx(0.03115, abs=5e-5)
    assert EV.parameters["shrinkage_rate_per_week"].value == pytest.approx(effect, abs=5e-4)


def test_visibility_threshold_follows_from_the_reader_study() -> None:
    """Contrast x diameter / noise at the thresholds of scanner A, regular dose: 16.3 mm at 5 and 10 mm."""
    rows = [row for row in EV.series("yan2025") if row["scanner"] == "A" and row["dose"] == "regular"]
    rose = {row["diameter_mm"]: -row["contrast_hu"] * row["diameter_mm"] / row["noise_hu"] for row in rows}
    assert EV.parameters["visibility_threshold_mm"].value == pytest.approx(rose[10], abs=0.05)
    assert rose[5] == pytest.approx(rose[10])


def test_liver_numbers_follow_from_the_dresden_series() -> None:
    liver = {(row["phase"], row["treatment"]): row["liver_hu"] for row in EV.series("dresden2011")}
    assert EV.parameters["liver_unenhanced_hu"].value == liver["unenhanced", "before"]
    assert EV.tissues["ct"]["liver"].unenhanced_hu == liver["unenhanced", "before"]
    change = liver["portal venous", "after"] - liver["portal venous", "before"]
    assert EV.cases["chemo_liver"].parameters["liver_enhancement_change_hu"] == pytest.approx(change)


def test_hypovascular_enhancement_follows_from_choi() -> None:
    choi = {row["quantity"]: row["value"] for row in EV.series("choi2007")}
    expected = choi["mean_density_hu"] - EV.parameters["tumour_unenhanced_hu"].value
    assert EV.parameters["hypovascular_enhancement_hu"].value == pytest.approx(expected, abs=0.5)
    assert round(100 * choi["choi_true_positive"] / choi["good_responders_pet"]) == 97
    assert round(100 * choi["recist_true_positive"] / choi["good_responders_pet"]) == 52
    assert choi["good_responders_pet"] + choi["poor_responders_pet"] == choi["patients"]


def test_sunitinib_series_adds_up() -> None:
    rows = EV.series("sunitinib2011")
    for criterion in ("RECIST", "Choi"):
        mine = [row for row in rows if row["criterion"] == criterion]
        assert sum(row["patients"] for row in mine) == 51
        for row in mine:
            assert row["percent"] == pytest.approx(100 * row["patients"] / 51, abs=0.1)


def test_imatinib_course_follows_from_the_published_model() -> None:
    model = {row["quantity"]: row["value"] for row in EV.series("schindler2017")}
    case, table = EV.cases["gist_imatinib"], EV.parameters
    for key in ("growth_rate_per_week", "shrinkage_rate_per_week", "resistance_rate_per_week"):
        assert case.parameters[key] == pytest.approx(model[key], abs=table[key].step / 2 + 1e-9)
    effect = 1 + model["density_drug_effect"]
    assert model["final_density_hu"] == pytest.approx(model["baseline_density_hu"] / effect, abs=0.05)
    assert model["density_time_constant_d"] == pytest.approx(
        7 / (model["density_loss_rate_per_week"] * effect), abs=0.1
    )


def test_liver_suv_is_the_published_mean() -> None:
    assert EV.parameters["suv_liver"].value == pytest.approx((1.85 + 1.88 + 1.89) / 3, abs=0.05)


def test_true_progression_passes_twenty_per_cent_on_day_84() -> None:
    growth = EV.cases["true_progression"].parameters["growth_rate_per_week"]
    assert 1.20 < math.exp(growth * 84 / 7) < 1.25


def test_bilirubin_of_the_two_patients_doubles_in_six_days() -> None:
    """TR1 6.03 to 13.2 mg/dL in 7 days, TR2 2.3 to 8.9 in 12: 6.19 and 6.15 days."""
    for case, expected in (("TR1", 6.19), ("TR2", 6.15)):
        rows = [row for row in EV.series("sinusoidal_cases") if row["case"] == case]
        first, last = (row for row in rows if row["analyte"] == "bilirubin_mg_dl")
        days = last["day"] - first["day"]
        assert days * math.log(2) / math.log(last["value"] / first["value"]) == pytest.approx(expected, abs=0.005)


def test_r_factors_of_the_published_patients() -> None:
    """With 40 and 120 U/L as upper limits, but for TR6, whose report gives 52 and 140."""
    rows = EV.series("sinusoidal_cases")
    value = {(row["case"], row["day"], row["analyte"]): row["value"] for row in rows}
    alt, alp = EV.labs["alt_u_l"].high, EV.labs["alp_u_l"].high
    for case, day, limits, expected in (
        ("TR1", 0, (alt, alp), 2.75),
        ("TR2", 12, (alt, alp), 2.85),
        ("TR4", 0, (alt, alp), 0.95),
        ("TR4", "", (alt, alp), 0.40),
        ("TR5", -30, (alt, alp), 0.45),
        ("TR5", 0, (alt, alp), 3.76),
        ("TR6", 0, (52, 140), 0.82),
    ):
        ratio = value[case, day, "alt_u_l"] / limits[0] / (value[case, day, "alp_u_l"] / limits[1])
        assert ratio == pytest.approx(expected, abs=0.01), case


def test_published_patients_use_units_that_their_names_promise() -> None:
    for row in EV.series("sinusoidal_cases"):
        promised = {"bilirubin_mg_dl": "mg/dL", "uric_acid_mg_dl": "mg/dL", "ammonia_ug_dl": "µg/dL", "death": "event"}
        assert row["unit"] == promised.get(row["analyte"], unit_of_name(row["analyte"])), row
        assert row["day"] == "" or -60 <= row["day"] <= 30


def test_registry_numbers_add_up() -> None:
    rows = {(row["group"], row["quantity"]): row for row in EV.series("liver_failure_registry")}
    kings = rows["King's 1978-95", "share_of_failure_pct"]
    assert kings["value"] == pytest.approx(100 * 18 / kings["patients"], abs=0.02)
    american = rows["US registry", "share_of_failure_pct"]
    assert american["value"] == pytest.approx(100 * 27 / american["patients"], abs=0.05)
    breast = rows["Breast series", "lesions_on_ct_pct"]
    assert breast["value"] == pytest.approx(100 * 6 / breast["patients"])
    for row in rows.values():
        assert row["low"] == "" or row["low"] < row["value"] < row["high"]


def test_nse_half_life_is_the_same_in_both_tables() -> None:
    rows = {row["key"]: row for row in EV.series("marker_half_lives")}
    assert EV.parameters["nse_half_life_h"].value == 24 * rows["nse"]["half_life_d"]


# Laboratory values
@pytest.mark.parametrize("key", list(EV.labs))
def test_laboratory_value_can_be_shown(key: str) -> None:
    lab = EV.labs[key]
    assert lab.unit == unit_of_name(key)
    assert lab.unit in UNITS
    assert 0 <= lab.low < lab.typical < lab.high
    assert lab.note.endswith(".")


def test_limits_of_the_r_factor_are_the_usual_ones() -> None:
    assert (EV.labs["alt_u_l"].high, EV.labs["alp_u_l"].high) == (40, 120)
    assert EV.labs["bilirubin_umol_l"].high == pytest.approx(1.2 * 17.1, abs=0.5)


# Tissues
def test_every_tissue_of_the_ct_is_there() -> None:
    assert {*TISSUES.split(), *VESSELS} <= set(EV.tissues["ct"])


def test_tissues_are_in_the_order_every_radiologist_knows() -> None:
    hu = {key: tissue.unenhanced_hu for key, tissue in EV.tissues["ct"].items()}
    assert (
        hu["air"] == -1000 < hu["lung"] < hu["fat"] < 0 < hu["bile"] < hu["spinal_canal"] < hu["spleen"] < hu["liver"]
    )
    assert 8 <= hu["liver"] - hu["spleen"] <= 12
    assert {hu[vessel] for vessel in VESSELS} == {40}
    assert hu["bone_cortex"] > hu["bone_trabecular"] > 100


# Cases
@pytest.mark.parametrize("case_id", list(EV.cases))
def test_case_is_fit_for_a_page(case_id: str) -> None:
    case = EV.cases[case_id]
    assert 2 <= len(case.visits_day) <= 9
    assert case.visits_day[0] == 0
    assert EV.values(evidence.Scenario(case_id))["visit"] < len(case.visits_day)
    assert case.published
    targets = [lesion for lesion in case.lesions if lesion.role == "target"]
    assert len(targets) <= 2, "RECIST 1.1 follows at most two targets in one organ"
    assert all(lesion.diameter_mm >= 10 for lesion in targets)
    if case.phenomenon != "pseudoprogression":
        return
    assert targets
    for key in ("occult_count", "new_lesion_count"):
        role = {"occult_count": "occult", "new_lesion_count": "new"}[key]
        assert sum(lesion.role == role for lesion in case.lesions) >= EV.parameters[key].high


@pytest.mark.parametrize("case_id", list(EV.cases))
def test_lesions_keep_apart(case_id: str) -> None:
    for one, other in combinations(EV.cases[case_id].lesions, 2):
        reach = (one.diameter_mm * max(one.axes) + other.diameter_mm * max(other.axes)) / 2
        assert math.dist(one.centre_mm, other.centre_mm) > reach + 2, f"{one.id} and {other.id}"


@cache
def share_inside_the_liver(lesion: evidence.LesionSpec, margin_mm: float) -> float:
    """Share of points `margin_mm` outside the lesion's surface that lie in the liver that is drawn."""
    import numpy as np

    from liverlab.imaging import anatomy

    polar, around = np.meshgrid(np.linspace(0, np.pi, 9), np.linspace(0, 2 * np.pi, 24, endpoint=False))
    directions = np.array([np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around), np.cos(polar)])
    reach_mm = lesion.diameter_mm / 2 * np.array(lesion.axes) + margin_mm
    x, y, z = np.array(lesion.centre_mm)[:, None] + directions.reshape(3, -1) * reach_mm[:, None]
    return float((anatomy.default().liver_field(x, y, np.round(z, 3)) < 0).mean())


@pytest.mark.parametrize("case_id", list(EV.cases))
def test_lesions_lie_inside_the_liver(case_id: str) -> None:
    """At least 5 mm below its surface."""
    outside = [lesion.id for lesion in EV.cases[case_id].lesions if share_inside_the_liver(lesion, 5) < 1]
    assert not outside


def test_the_measure_of_inside_can_fail() -> None:
    lesion = EV.cases["gist_imatinib"].lesions[0]
    assert share_inside_the_liver(lesion._replace(centre_mm=(-130, -34, 3)), 5) < 0.9
    assert share_inside_the_liver(lesion._replace(centre_mm=(100, 0, 0)), 0) == 0


def test_one_slice_shows_the_story() -> None:
    """At z = 3 mm: at least two lesions that are seen and two that are hidden."""
    cut = {"target": 0, "non_target": 0, "occult": 0, "new": 0}
    for lesion in EV.cases["gist_imatinib"].lesions:
        cut[lesion.role] += abs(lesion.centre_mm[2] - 3) < 0.4 * lesion.diameter_mm * lesion.axes[2]
    assert cut["target"] + cut["non_target"] >= 2
    assert cut["occult"] >= 2
    assert cut["new"] == 4


def test_hidden_lesions_are_as_bright_as_the_liver() -> None:
    values = EV.values(evidence.Scenario("gist_imatinib"))
    portal = {row["treatment"]: row["liver_hu"] for row in EV.series("dresden2011") if row["phase"] == "portal venous"}
    contrast = values["tumour_unenhanced_hu"] + values["baseline_enhancement_hu"] - portal["before"]
    for lesion in EV.cases["gist_imatinib"].lesions:
        if lesion.role == "occult":
            seen = abs(contrast) * lesion.diameter_mm / values["noise_hu"]
            assert seen < values["visibility_threshold_mm"] / 2


# Sources
def test_every_reference_can_be_shown() -> None:
    """The cheap scan and the real parser agree, and every entry gives a readable line."""
    for key in EV.reference_keys:
        reference = EV.reference(key)
        assert reference.key == key
        assert len(reference.text) > 20
        assert reference.text.endswith(".")
        assert not re.search(r"[{}<>]", reference.text)
        assert not reference.doi or re.fullmatch(r"10\.\d{4,9}/\S+", reference.doi)
        assert not reference.url or reference.url.startswith("https://")


def test_no_reference_is_unused() -> None:
    used = "\n".join(
        path.read_text(encoding="utf-8")
        for path in FOLDER.rglob("*")
        if path.suffix in (".csv", ".yaml") and path.is_file()
    )
    code = "\n".join(path.read_text(encoding="utf-8") for path in Path(evidence.__file__).parents[1].rglob("*.py"))
    quoted = {"bae2010", "seymour2017", "smith2010", "finlay1988"}  # for the texts of lessons and models
    assert {key for key in EV.reference_keys if key not in used and key not in code} <= quoted


def test_unknown_reference_and_series() -> None:
    with pytest.raises(KeyError, match="did you mean choi2007"):
        EV.reference("choi2008")
    with pytest.raises(KeyError, match="did you mean dresden2011"):
        EV.series("dresden2010")


def test_series_cannot_be_changed_by_a_caller() -> None:
    EV.series("dresden2011")[0]["liver_hu"] = 0
    assert EV.series("dresden2011")[0]["liver_hu"] == 56.3


# The data dictionary
def test_readme_names_every_file_and_column() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in FOLDER.rglob("*"):
        if path.suffix in (".csv", ".yaml", ".bib"):
            assert f"`{path.relative_to(FOLDER).as_posix()}`" in readme, path
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                for column in next(csv.reader(file)):
                    assert f"`{column}`" in readme, f"{column} of {path.name}"


# Speed: on the way to the first picture
OURS = "from liverlab import evidence; evidence.load()"
PEER = """
import csv, yaml
for path in sorted(pathlib.Path({folder!r}).rglob("*")):
    if path.suffix == ".yaml":
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    elif path.suffix == ".csv":
        list(csv.reader(path.open(encoding="utf-8", newline="")))
"""
COUNT = """
import dataclasses, json, pathlib, sys
calls = 0
def count(frame, event, argument):
    global calls
    calls += event in ("call", "c_call")
sys.setprofile(count)
"""
REPORT = """
sys.setprofile(None)
heavy = {"pandas", "scipy", "plotly", "ipywidgets", "numpy", "bibtexparser", "difflib"} & set(sys.modules)
print(json.dumps([calls, sorted(heavy)]))
"""


def test_loading_is_quick_and_light(tmp_path: Path) -> None:
    """From nothing to checked Evidence at most 2.5 times the calls that merely parsing the files takes.

    Imports are included in both. Calls are counted, not time, since test machines are shared; modules are compiled
    before, as in an installation.
    """
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(tmp_path)

    def calls(code: str) -> int:
        run = subprocess.run(
            [sys.executable, "-c", f"{COUNT}\n{code}\n{REPORT}"],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        )
        made, heavy = json.loads(run.stdout)
        assert heavy == []
        return made

    peer = PEER.format(folder=str(FOLDER))
    ours, parsing = (min(calls(code) for _ in range(2)) for code in (OURS, peer))
    assert ours <= 2.5 * parsing, f"{ours:,} calls against {parsing:,}"
