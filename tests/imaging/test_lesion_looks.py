"""Looks of lesions: phases in the order radiology teaches, dose and voltage as physics asks, and refusals."""

from dataclasses import replace

import numpy as np
import pytest

from liverlab import evidence
from liverlab.imaging import anatomy, contrast, ct, lesion_looks
from liverlab.imaging.protocol import REFERENCE

EV = evidence.load()
LIVER_VALUES = {"liver_unenhanced_hu": 56.3}
PHASES_S = {"unenhanced": 0.0, "arterial": 35.0, "portal": 70.0, "delayed": 180.0, "late": 300.0}


def hu(look, part="rim", phase="portal", **protocol):
    scan = replace(REFERENCE, **protocol)
    return float(lesion_looks.part_hu(EV.looks[look], part, scan, LIVER_VALUES, PHASES_S[phase]))


def whole(look, phase="portal"):
    """Mean HU over the largest section."""
    total, around = hu(look, "rim", phase), hu(look, "rim", phase)
    for part in ("inner", "centre"):
        if part in EV.looks[look].parts:
            here = hu(look, part, phase)
            total, around = total + (here - around) * EV.looks[look].parts[part].fraction ** 2, here
    return total


def liver(phase, **protocol):
    return float(contrast.liver_hu(LIVER_VALUES, 0.0, replace(REFERENCE, **protocol), PHASES_S[phase]))


def contrast_hu(look, phase, part="rim"):
    return hu(look, part, phase) - liver(phase)


@pytest.mark.parametrize("look", ["neuroendocrine", "renal", "melanoma", "thyroid", "gist_hypervascular"])
def test_hypervascular_metastases_are_best_seen_early(look):
    assert contrast_hu(look, "arterial") > 15
    assert contrast_hu(look, "arterial") > contrast_hu(look, "portal") + 10
    assert contrast_hu(look, "delayed") < 0


def test_a_neuroendocrine_metastasis_may_vanish_when_a_colorectal_one_is_darkest():
    assert abs(contrast_hu("neuroendocrine", "portal")) < 8
    colorectal = {phase: contrast_hu("colorectal", phase, "inner") for phase in PHASES_S}
    assert min(colorectal, key=colorectal.get) == "portal"
    assert -60 < colorectal["portal"] < -35
    assert hu("colorectal", "rim", "arterial") > hu("colorectal", "inner", "arterial") + 15


@pytest.mark.parametrize(
    "look", ["colorectal", "breast", "lung_adeno", "small_cell", "pancreas", "stomach", "ovarian", "gist"]
)
def test_hypovascular_metastases_are_darker_than_liver_in_every_phase(look):
    for phase in PHASES_S:
        assert whole(look, phase) < liver(phase) - 8
    assert 15 <= hu(look, phase="unenhanced") <= 60


def test_gist_reads_the_published_mean():
    published = {row["quantity"]: row["value"] for row in EV.series("choi2007")}
    assert whole("gist") == pytest.approx(72.8, abs=0.5)
    assert 72.8 in published.values()


@pytest.mark.parametrize("look", ["cyst", "cyst_rim"])
def test_a_cyst_is_water_in_every_phase(look):
    assert {round(hu(look, phase=phase), 6) for phase in PHASES_S} == {round(hu(look), 6)}
    assert 0 <= hu(look) <= 20


def test_a_haemangioma_follows_the_blood_from_the_rim_inwards():
    aorta = {phase: contrast.curves(REFERENCE, t)["aorta"] for phase, t in PHASES_S.items()}
    for phase in ("arterial", "portal", "delayed"):
        enhancement = hu("haemangioma", "rim", phase) - hu("haemangioma", "rim", "unenhanced")
        assert 0.6 < enhancement / aorta[phase] < 1.1
    inner = [hu("haemangioma", "inner", phase) for phase in PHASES_S]
    assert inner == sorted(inner)
    assert contrast_hu("haemangioma", "portal", "inner") < -20 < 5 < contrast_hu("haemangioma", "late", "inner")


def test_fnh_is_bright_early_with_a_dark_scar_that_fills_last():
    assert contrast_hu("fnh", "arterial") > 25
    assert abs(contrast_hu("fnh", "delayed")) < 12
    assert contrast_hu("fnh", "portal", "centre") < -20
    assert hu("fnh", "centre", "late") > hu("fnh", "centre", "portal")


def test_hcc_washes_out_inside_a_capsule():
    assert contrast_hu("hcc", "arterial", "inner") > 10
    assert contrast_hu("hcc", "portal", "inner") < 0
    assert contrast_hu("hcc", "delayed", "inner") < -15
    assert contrast_hu("hcc", "delayed") > 5


def test_fibrous_tissue_fills_late():
    for look, part in (("cholangiocarcinoma", "inner"), ("confluent_fibrosis", "rim")):
        filled = [hu(look, part, phase) for phase in ("arterial", "portal", "delayed")]
        assert filled == sorted(filled)
    assert contrast_hu("confluent_fibrosis", "portal") < -15


def test_a_perfusion_change_shows_in_the_arterial_phase_only():
    assert abs(contrast_hu("perfusion", "unenhanced")) < 0.1
    assert contrast_hu("perfusion", "arterial") > 12
    assert abs(contrast_hu("perfusion", "portal")) < 1
    assert abs(contrast_hu("perfusion", "delayed")) < 12


def test_fat_and_sparing_keep_their_distance_from_liver():
    for phase in PHASES_S:
        assert contrast_hu("focal_fat", phase) < -30
        assert contrast_hu("focal_sparing", phase) == pytest.approx(22, abs=1)


def test_an_abscess_is_a_double_target():
    rim, wall, pus = (hu("abscess", part) for part in ("rim", "inner", "centre"))
    assert pus < 30 < rim < liver("portal") < wall
    assert hu("abscess", "centre", "unenhanced") == pus


def test_enhancement_follows_dose_and_voltage_and_calcium_the_voltage():
    plain, portal = hu("renal", phase="unenhanced"), hu("renal")
    thinner = hu("renal", iodine_g_per_kg=0.25, iodine_concentration_mg_ml=175.0)
    assert thinner - plain == pytest.approx((portal - plain) / 2)
    assert (hu("renal", kvp=80.0) - plain) / (portal - plain) == pytest.approx(42.0 / 26.2, rel=0.01)

    def ratio(look):
        return lesion_looks.deposit_hu(EV.looks[look], replace(REFERENCE, kvp=80.0)) / lesion_looks.deposit_hu(
            EV.looks[look], replace(REFERENCE, kvp=140.0)
        )

    assert ratio("lipiodol") == pytest.approx(1.92, abs=0.01)
    assert ratio("granuloma") == pytest.approx(1.56, abs=0.01)
    assert ratio("surgical") == 1.0
    assert lesion_looks.deposit_hu(EV.looks["granuloma"], REFERENCE) == pytest.approx(800)


def test_liver_tissue_follows_a_liver_that_enhances_less():
    values = {"liver_unenhanced_hu": 56.3}
    fat = [
        lesion_looks.part_hu(EV.looks["focal_fat"], "rim", REFERENCE, values, liver_change_hu=change)
        for change in (0.0, -12.0)
    ]
    assert fat[0] - fat[1] == pytest.approx(12.0 * 44 / 48.5, abs=0.3)
    tumour = [
        lesion_looks.part_hu(EV.looks["colorectal"], "rim", REFERENCE, values, liver_change_hu=change)
        for change in (0.0, -12.0)
    ]
    assert tumour[0] == tumour[1]


def test_a_state_holds_every_look_and_can_be_rendered():
    names = list(EV.looks)
    centre = np.column_stack([np.linspace(-130, -70, len(names)), np.full(len(names), -34.0), np.full(len(names), 3.0)])
    looks = [EV.looks[name] for name in names]
    state = lesion_looks.state(looks, names, centre, np.full((len(names), 3), 7.0), REFERENCE, LIVER_VALUES)
    assert state.ids == tuple(names)
    for place, look in enumerate(looks):
        assert state.rim_hu[place] == pytest.approx(hu(look.key))
        assert state.wedge[place] == (look.form == "wedge")
        assert state.calcium_pattern[place] == look.pattern
    tissues = contrast.tissue_hu(REFERENCE, EV.tissues["ct"], EV.values(evidence.Scenario("gist_imatinib")))
    picture = ct.render(anatomy.default(), tissues, state, 33, REFERENCE, 128)
    assert picture.max() <= 3071
    assert lesion_looks.state([], [], np.zeros((0, 3)), np.zeros((0, 3)), REFERENCE, LIVER_VALUES).ids == ()


def test_growing_calcium_replaces_the_share_of_the_look():
    look = EV.looks["breast_calcified"]
    place = np.array([[-100.0, -34, 3]]), np.full((1, 3), 9.0)
    state = lesion_looks.state([look], ["a"], *place, REFERENCE, LIVER_VALUES, deposit_share=0.05)
    assert state.calcium_share.tolist() == [0.05]
    with pytest.raises(ValueError, match="deposit_share is 2"):
        lesion_looks.state([look], ["a"], *place, REFERENCE, LIVER_VALUES, deposit_share=2.0)


def test_bad_questions_are_refused():
    with pytest.raises(ValueError, match="part is 'shell'; the look cyst has rim"):
        hu("cyst", "shell")
    with pytest.raises(ValueError, match="looks has 0 entries for 1 ids"):
        lesion_looks.state([], ["a"], np.zeros((1, 3)), np.ones((1, 3)), REFERENCE, LIVER_VALUES)
    with pytest.raises(ValueError, match="kind is 'sideways'; it must be none, liver or hyper"):
        contrast.lesion_enhancement_hu(REFERENCE, 70.0, 10.0, "sideways")
