"""Simulated tumours beside real ones: the page shows what the tool gives, and the tool reads the data as published."""

import csv
import importlib.util
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
QUARTILES = ROOT.parent / "shared" / "reference" / "laleh_vpc_quantiles.csv"


def _tool():
    spec = importlib.util.spec_from_file_location("compare_tumour_series", ROOT / "tools" / "compare_tumour_series.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tool = _tool()
beside = pytest.mark.skipif(
    not (tool.DATA.is_file() and QUARTILES.is_file()), reason="the public reference data is not beside this project"
)


@beside
def test_the_page_shows_what_the_tool_gives_today():
    page = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    assert tool.with_text(page) == page, "run: python tools/compare_tumour_series.py"


@beside
def test_the_quartiles_of_the_raw_data_are_those_computed_independently():
    real, _ = tool.observed()
    with QUARTILES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["week"]) for row in rows] == list(tool.WINDOWS)
    for row in rows:
        sizes = real.at(float(row["week"]))
        assert len(sizes) == int(row["n"])
        expected = [float(row[name]) for name in ("rel_q25", "rel_q50", "rel_q75")]
        assert tool.quartiles(sizes) == pytest.approx(expected, abs=0.004)


def test_a_reading_counts_where_it_is_nearest_and_inside_the_window():
    nan = np.nan
    series = tool.Series(np.array([0.0, 5.0, 7.5, 30.0]), np.array([[1.0, 0.9, 0.8, 0.1], [1.0, nan, 0.7, nan]]))
    assert series.at(6).tolist() == [0.9, 0.7]
    assert series.at(12).size == 0
    assert tool.Series(np.array([0.0, 9.0]), np.ones((1, 2))).at(6).size == 0


def test_progression_needs_a_fifth_and_five_millimetres_above_the_smallest_reading():
    size = np.array([[20.0, 10.0, 12.0, 15.0, np.nan], [100.0, 110.0, 119.9, 120.0, 90.0]])
    assert tool.progressed(size).tolist() == [[False, False, True, False], [False, False, True, False]]


def test_those_who_leave_take_the_large_tumours_with_them():
    leaving, staying, exact = tool.simulated(), tool.simulated(stay_on=True), tool.simulated(error_sd=0.0)
    for week in (24, 52):
        assert np.median(leaving.at(week)) < np.median(staying.at(week))
        assert leaving.at(week).size / len(leaving.relative) < staying.at(week).size / len(staying.relative)
    assert np.median(leaving.at(6)) < np.median(exact.at(6))
    seen = (~np.isnan(leaving.relative)).sum(axis=1)
    assert seen.min() == tool.FEWEST_READINGS
    assert (leaving.relative[:, 0] == 1.0).all()
