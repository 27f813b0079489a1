"""MRI pictures: every sequence orders tissues and lesions as a radiologist expects, and shares the anatomy with CT."""

import numpy as np
import pytest

from liverlab.imaging import anatomy, ct, mr_signal, mri
from liverlab.imaging.anatomy_canvas import TISSUE_INDEX, TISSUES

from .in_the_magnet import EV, INDEX, PARTS, PLACES, lesions, magnet, roi

SPOTS = {"liver": (-110.0, -10.0), "spleen": (112.0, -10.0), "aorta": (13.0, -31.0), "muscle": (36.0, 60.0)}


def signals(sequence, matrix=128):
    """Mean signal of tissues and lesions without noise."""
    scene = magnet(sequence)
    picture = scene.signal(sequence, INDEX, matrix, noise=False)
    return {name: float(roi(picture, place).mean()) for name, place in {**SPOTS, **PLACES}.items()}


def test_t1_in_phase():
    seen = signals("t1_in")
    assert seen["liver"] > seen["spleen"] > seen["cyst"]
    assert seen["liver"] > seen["metastasis"] > seen["cyst"]


def test_opposed_phase_takes_signal_from_fatty_liver_only():
    in_phase, opposed = signals("t1_in"), signals("t1_opposed")
    assert opposed["focal_fat"] < 0.8 * in_phase["focal_fat"]
    for name in ("liver", "metastasis", "spleen"):
        assert opposed[name] > 0.9 * in_phase[name]


def test_opposed_phase_draws_a_black_line_where_fat_meets_water():
    lines = [magnet(name).signal(name, INDEX, 256, noise=False) for name in ("t1_in", "t1_opposed")]
    body = anatomy.default()
    one = np.eye(len(TISSUES), dtype=np.float32)
    water, fat = (body.prepare(INDEX, 256).hu(one[TISSUE_INDEX[name]], texture=False) for name in ("liver", "fat"))
    border = (water > 0.3) & (fat > 0.3)
    assert border.sum() > 50
    assert np.median(lines[1][border] / lines[0][border]) < 0.6


@pytest.mark.parametrize("sequence", ["t2", "t2_fat_saturated"])
def test_t2(sequence):
    seen = signals(sequence)
    assert seen["cyst"] > seen["haemangioma"] > seen["metastasis"] > seen["liver"] > seen["muscle"]
    assert seen["spleen"] > seen["liver"]
    assert seen["aorta"] < 0.3 * seen["liver"]  # flow void


def test_fat_saturation_blackens_fat_and_nothing_else():
    body = anatomy.default()
    plain, saturated = (magnet(name).signal(name, INDEX, 128, noise=False) for name in ("t2", "t2_fat_saturated"))
    one = np.zeros(len(TISSUES), np.float32)
    one[[TISSUE_INDEX["fat"], TISSUE_INDEX["subcutaneous_fat"]]] = 1
    fat = body.prepare(INDEX, 128).hu(one, texture=False) > 0.99
    assert np.median(saturated[fat]) < 0.1 * np.median(plain[fat])
    assert roi(saturated, SPOTS["liver"]).mean() > 0.9 * roi(plain, SPOTS["liver"]).mean()


def test_diffusion_weighting_keeps_what_is_cellular_and_fades_what_is_fluid():
    low, high = signals("dwi_50"), signals("dwi_800")
    assert low["cyst"] > low["metastasis"] > low["liver"]
    assert high["metastasis"] > 1.3 * high["liver"]
    assert high["metastasis"] > high["cyst"]
    assert high["spleen"] > high["liver"]
    assert low["aorta"] < 0.1 * low["liver"]  # black blood


def test_the_adc_map_gives_back_the_adc_of_every_tissue():
    picture = magnet("adc").render(INDEX, 256) / 1000.0
    for name in ("metastasis", "cyst", "haemangioma", "fnh"):
        assert roi(picture, PLACES[name]).mean() == pytest.approx(EV.tissues["mri"][name].adc_um2_ms, rel=0.15)
    around = roi(picture, SPOTS["liver"], 10.0)
    assert around.mean() == pytest.approx(1.28, rel=0.08)
    assert around.std() > 0.02  # a map of noisy pictures is noisy


def test_hepatobiliary_phase_shows_all_that_has_no_hepatocytes_dark():
    seen = signals("t1_hepatobiliary")
    before = signals("t1_before")
    assert seen["liver"] > 1.6 * before["liver"]
    for name in ("metastasis", "cyst", "haemangioma", "aorta", "spleen"):
        assert seen[name] < 0.75 * seen["liver"]
    assert seen["fnh"] > 0.85 * seen["liver"]


def test_a_liver_without_uptake_does_not_brighten_late():
    def liver(function_pct):
        scene = magnet("t1_hepatobiliary", function_pct=function_pct)
        return roi(scene.signal("t1_hepatobiliary", INDEX, 128, noise=False), SPOTS["liver"]).mean()

    levels = [liver(p) for p in (0, 50, 100)]
    assert levels[0] < levels[1] < levels[2]
    assert levels[0] < 0.7 * levels[2]


def test_dynamic_phases_follow_the_contrast_medium():
    phases = [signals(f"t1_{name}") for name in ("before", "arterial", "portal", "transitional")]
    aorta = [seen["aorta"] for seen in phases]
    assert np.argmax(aorta) == 1
    assert phases[1]["haemangioma"] / phases[1]["liver"] > phases[2]["haemangioma"] / phases[2]["liver"]
    assert [seen["cyst"] for seen in phases] == pytest.approx([phases[0]["cyst"]] * 4, rel=0.02)
    assert phases[2]["liver"] > phases[1]["liver"] > phases[0]["liver"]


def test_noise_is_fixed_in_the_body_and_has_the_snr_of_the_sequence():
    scene = magnet("t1_before")
    one, again = scene.render(INDEX, 256), magnet("t1_before").render(INDEX, 256)
    assert np.array_equal(one, again)
    assert not np.array_equal(one, magnet("t1_before", seed=2).render(INDEX, 256))
    noise = one - scene.signal("t1_before", INDEX, 256, noise=False)
    liver = roi(scene.signal("t1_before", INDEX, 256, noise=False), SPOTS["liver"], 12.0).mean()
    assert liver / roi(noise, SPOTS["liver"], 12.0).std() == pytest.approx(mri.SEQUENCES["t1_before"].snr, rel=0.25)
    air = one[4:20, 4:20].astype(float)
    assert air.mean() > 0.8 * liver / mri.SEQUENCES["t1_before"].snr  # magnitude: never below zero
    assert one.min() >= 0


def test_every_sequence_shows_the_lesion_where_ct_has_it():
    state, parts = lesions(names=("metastasis",))
    truth = ct.truth(anatomy.default(), state, INDEX, 256).astype(bool)
    for name in mri.SEQUENCES:
        scene = mri.MriScene(name, EV.tissues["mri"], state, parts, magnet("t2").protocol, anatomy.default())
        bare = mri.MriScene(name, EV.tissues["mri"], ct.NO_LESIONS, {}, magnet("t2").protocol, anatomy.default())
        change = np.abs(scene.signal(name, INDEX, 256, noise=False) - bare.signal(name, INDEX, 256, noise=False))
        seen = change > 0.5 * np.median(change[truth])  # a vessel that it displaces changes more
        assert (seen & truth).sum() / (seen | truth).sum() > 0.7, name


def test_signal_of_a_tissue_is_the_equation():
    row, sequence = EV.tissues["mri"]["metastasis"], mri.SEQUENCES["t2"]
    water, fat = mri.tissue_signal(row, sequence, 0.0, 0.0)
    assert water == pytest.approx(0.88 * mr_signal.spin_echo(row.t1_ms, row.t2_ms, 3500.0, 90.0))
    assert fat == 0


@pytest.mark.parametrize("sequence", ["t1_in", "t1_opposed", "t2_fat_saturated", "dwi_800", "t1_hepatobiliary"])
def test_signal_over_liver_is_that_of_the_picture(sequence):
    scene, seen = magnet(sequence, radius_mm=10.0), signals(sequence)
    for k, name in enumerate(PLACES):
        assert scene.over_liver()[k] == pytest.approx(seen[name] / seen["liver"], rel=0.12), name


def test_the_adc_over_liver_is_that_of_the_table():
    rows = EV.tissues["mri"]
    assert magnet("adc").over_liver()[0] == pytest.approx(rows["metastasis"].adc_um2_ms / rows["liver"].adc_um2_ms)


def test_unknown_sequences_and_lesions_outside_are_refused():
    with pytest.raises(ValueError, match="sequence is 'flair'; it must be one of t1_in"):
        magnet("flair")
    state, parts = lesions(names=("cyst",))
    outside = ct.LesionState(("a",), [[100.0, 0.0, 3.0]], [[5.0] * 3], [0.0])
    with pytest.raises(ValueError, match="outside the liver"):
        mri.MriScene("t2", EV.tissues["mri"], outside, parts, magnet("t2").protocol, anatomy.default())
    with pytest.raises(ValueError, match="matrix is 7"):
        mri.MriScene("t2", EV.tissues["mri"], state, parts, magnet("t2").protocol, anatomy.default()).render(33, 7)


def test_series_fit_twelve_bits():
    for name in (*mri.SEQUENCES, "adc"):
        scene = magnet(name)
        picture = scene.render(INDEX, 64)
        assert picture.dtype == np.int16
        assert picture.max() < 3071 or name == "adc"
        window = scene.series["presets"][0]
        assert window["window_hu"] > 0


def test_parts_cover_every_tissue_that_is_painted():
    assert {part.tissue for part in PARTS.values()} <= set(EV.tissues["mri"])
    assert set(TISSUES) <= set(EV.tissues["mri"])
    assert set(TISSUES) <= set(EV.tissues["pet"])
    assert set(EV.tissues["mri"]) == set(EV.tissues["pet"])
