"""Figures of pictures: right where they are known, and within the asked bounds on the virtual abdomen."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from liverlab.imaging import quality

ROOT = Path(__file__).resolve().parents[2]
SCAN = ROOT.parent / "shared" / "reference" / "ct"


@pytest.fixture(scope="module")
def tool():
    """tools/compare_with_scan.py as a module."""
    spec = importlib.util.spec_from_file_location("compare_with_scan", ROOT / "tools" / "compare_with_scan.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def ours(tool):
    return tool.Ours()


@pytest.fixture(scope="module")
def found(tool, ours):
    return tool.figures(ours)


ALL = np.ones((128, 128), bool)


# ---- measuring -------------------------------------------------------------------------------------------------------


def test_white_noise_has_its_sd_no_correlation_and_a_flat_spectrum():
    picture = np.random.default_rng(1).normal(40, 9, (128, 128))
    figures = quality.noise([picture], [ALL], 1.0)
    assert figures.sd_hu == pytest.approx(9, rel=0.05)
    assert [*figures.lag_x, *figures.lag_y] == pytest.approx([0] * 4, abs=0.04)
    assert figures.mean_frequency == pytest.approx(0.383, abs=0.01)  # mean distance from the centre of a unit square
    assert quality.noise([picture], [ALL], 0.5).mean_frequency == pytest.approx(2 * figures.mean_frequency)


def test_a_slope_is_no_noise():
    y, x = np.mgrid[:128, :128]
    assert quality.noise([3.0 * x - 2 * y + 0.01 * x * y], [ALL], 1.0).sd_hu == pytest.approx(0, abs=1e-6)


def test_blurred_noise_correlates_along_the_blur():
    white = np.random.default_rng(2).normal(0, 10, (128, 129))
    figures = quality.noise([(white[:, 1:] + white[:, :-1]) / 2], [ALL], 1.0)
    assert figures.lag_x[0] == pytest.approx(0.5, abs=0.04)
    assert figures.lag_y[0] == pytest.approx(0, abs=0.04)
    assert figures.lag_x[1] == pytest.approx(0, abs=0.04)


def test_means_and_shares_are_those_of_the_mask():
    picture, mask = np.full((40, 40), -100.0), np.zeros((40, 40), bool)
    picture[:10] = 50.0
    mask[:20] = True
    assert quality.mean_sd([picture], [mask]) == pytest.approx((-25, 75))
    assert quality.shares([picture], [mask]) == {"gas": 0, "fat": 0.5, "mixed": 0, "soft": 0.5, "bright": 0}


def test_eroding_takes_the_edge_and_vessels_are_left_out():
    mask = np.zeros((20, 20), bool)
    mask[5:15, 5:15] = True
    assert quality.eroded(mask, 2).sum() == 36
    picture = np.full((60, 60), 100.0)
    picture[30:34, 20:24] = 170.0
    kept = quality.without_vessels(picture, np.ones((60, 60), bool))
    assert not kept[31, 21]
    assert kept[2:20, 2:-2].all()


@pytest.mark.parametrize("call", [quality.mean_sd, quality.shares, lambda p, m: quality.noise(p, m, 1.0)])
def test_nothing_to_measure_is_said(call):
    with pytest.raises(ValueError, match="masks hold no"):
        call([np.zeros((64, 64))], [np.zeros((64, 64), bool)])


# ---- the virtual abdomen ---------------------------------------------------------------------------------------------


def test_every_figure_lies_within_what_was_asked(tool, found):
    assert set(tool.BARS) <= set(found)
    outside = {name: found[name] for name, (low, high) in tool.BARS.items() if not low <= found[name] <= high}
    assert outside == {}


def test_the_page_shows_the_sheet_and_the_figures(tool, found):
    page = tool.PAGE.read_text(encoding="utf-8")
    picture = tool.PAGE.parent / "images" / "contact_sheet.png"
    assert f"(images/{picture.name})" in page
    assert picture.stat().st_size <= 600_000
    again = tool.written(page, found, found)
    assert again.count("\n") == page.count("\n")
    assert f"| liver, HU | {found['liver']:.1f} |" in again
    shown = float(next(line for line in page.splitlines() if line.startswith("| spleen, HU")).split("|")[3])
    assert shown == pytest.approx(found["spleen"], abs=2)


def test_tissues_are_not_flat(ours, tool, found):
    """Trabeculae and parenchyma vary beyond the noise."""
    assert 30 < found["vertebral core, SD"] < 70
    assert found["stomach without gas, SD"] > 20
    quiet = tool.Ours(noise=False)
    liver = [quality.eroded(mask, 2) for mask in quiet.mask(*tool.MASKS["liver"][:2])]
    figures = quality.mean_sd(quiet.hu, liver)
    assert 1.5 < figures[1] < 5


def test_the_real_scan_measures_what_was_published_of_it(tool):
    """The same code on the public sample: liver noise and HU as measured independently."""
    if not (SCAN / tool.SCAN).exists():
        pytest.skip("the public reference data is not beside this project")
    real = tool.figures(tool.Real(SCAN))
    assert real["liver"] == pytest.approx(91.0, abs=1)
    assert real["noise SD"] == pytest.approx(12.75, abs=1.5)
    assert real["noise mean frequency"] == pytest.approx(0.27, abs=0.03)
    assert real["vertebral core"] == pytest.approx(151, abs=10)
    assert len(tool.table(real, real)) == len(real) + 1
