"""The CSV files of casesdata: parameters, tissues, laboratory values, published series."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from liverlab.evidence import checks
from liverlab.evidence.problems import Report, did_you_mean
from liverlab.evidence.units import UNITS, unit_of_name

LONGEST_LABEL = 28
PARAMETER_COLUMNS = ("key", "symbol", "label", "value", "low", "high", "step", "unit", "basis", "source", "note")
LAB_COLUMNS = ("key", "label", "unit", "typical", "low", "high", "basis", "source", "note")
# What a table of casesdata/tissues holds beside key, label and origin: column -> lowest, highest, unit.
TISSUE_COLUMNS = {
    "ct": {"unenhanced_hu": (-1024, 3071, "HU"), "sd_hu": (0, 500, "HU")},
    "mri": {
        **dict.fromkeys(("t1_ms", "t2_ms", "t2_star_ms"), (0.1, 5000, "ms")),
        **dict.fromkeys(("density_pct", "fat_pct", "flow_loss_pct"), (0, 100, "%")),
        "adc_um2_ms": (0, 100, "um2/ms"),
    },
    "pet": {"suv": (0, 50, "SUV")},
}


class Parameter(NamedTuple):
    """A number that a case or a slider may change; `value` is its default, `step` the grid it lives on, from `low`."""

    key: str
    symbol: str
    label: str
    value: float
    low: float
    high: float
    step: float
    unit: str
    basis: str
    source: tuple[str, ...]
    note: str

    def on_grid(self, value: float) -> float:
        """The nearest value of the grid low, low + step, ... that is not above `high`."""
        steps = min(round((value - self.low) / self.step), math.floor((self.high - self.low) / self.step + 1e-9))
        return round(self.low + steps * self.step, decimals(self.step, self.low)) + 0.0

    def refuse(self, value: float) -> str:
        """Why `value` cannot be used, as one sentence; empty where it can."""
        unit = "" if self.unit == self.key else f" {self.unit}"
        # numpy's numbers come from sweeps and searches; True and "35" are mistakes.
        if isinstance(value, (bool, str)) or not hasattr(value, "__float__") or not math.isfinite(value):
            return f"{self.key} is {value!r}; it must be a number from {self.low:g} to {self.high:g}{unit}."
        if not self.low <= value <= self.high:
            return f"{self.key} is {value:g}{unit}; it must be {self.low:g} to {self.high:g}{unit}."
        return ""


class Tissue(NamedTuple):
    """One tissue of the CT: density before contrast medium and the standard deviation of its texture, both in HU."""

    key: str
    label: str
    unenhanced_hu: float
    sd_hu: float
    basis: str
    source: tuple[str, ...]
    note: str


class MrTissue(NamedTuple):
    """One tissue in the magnet, 1.5 T: relaxation times of its water, protons and fat of them, diffusion, flow."""

    key: str
    label: str
    t1_ms: float
    t2_ms: float
    t2_star_ms: float
    density_pct: float
    fat_pct: float
    adc_um2_ms: float
    flow_loss_pct: float
    basis: str
    source: tuple[str, ...]
    note: str


class PetTissue(NamedTuple):
    """One tissue on FDG PET: its standardised uptake value."""

    key: str
    label: str
    suv: float
    basis: str
    source: tuple[str, ...]
    note: str


TISSUE_KINDS = {"ct": Tissue, "mri": MrTissue, "pet": PetTissue}


class Lab(NamedTuple):
    """One laboratory value: what is typical in health, and the limits of normal (`high`: the upper limit, ULN)."""

    key: str
    label: str
    unit: str
    typical: float
    low: float
    high: float
    basis: str
    source: tuple[str, ...]
    note: str


def decimals(*numbers: float) -> int:
    """Decimal places that write every one of the numbers exactly as it was typed (at most 10)."""
    return max(len(f"{number:.10f}".rstrip("0").partition(".")[2]) for number in numbers)


def read_rows(path: Path, report: Report) -> tuple[tuple[str, ...], list[tuple[int, dict[str, str]]]]:
    """Header and rows of a CSV file with the line each row starts on; faults of the table go to the report."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        report.add(0, "", f"a byte that is not UTF-8 at position {error.start}", "a text file saved as UTF-8")
        return (), []
    except OSError as error:
        report.add(0, "", f"no readable file ({error.strerror})", "a CSV file")
        return (), []
    reader = csv.reader(StringIO(content, newline=""), strict=True)
    header: tuple[str, ...] = ()
    rows = []
    line = 1
    try:
        for cells in reader:
            if cells and not header:
                header = tuple(cell.strip() for cell in cells)
            elif any(cell.strip() for cell in cells):
                if len(cells) == len(header):
                    rows.append((line, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
                else:
                    found = f"{len(cells)} cells"
                    report.add(line, cells[0], found, f"{len(header)} cells (a comma inside a text needs quotes)")
            line = reader.line_num + 1
    except csv.Error as error:
        report.add(line, "", f"broken CSV ({error})", "valid CSV")
        return (), []
    if not header or not rows:
        report.add(1, "", "a header without rows" if header else "an empty file", "a header and at least one row")
        return (), []
    if len(set(header)) != len(header):
        report.add(1, "", "a column name twice", "each column once")
        return (), []
    return header, rows


def check_columns(header: tuple[str, ...], expected: tuple[str, ...], report: Report) -> bool:
    """Unknown and missing columns of a table. True when none is missing."""
    for column in header:
        if column not in expected:
            report.add(1, column, "an unknown column", did_you_mean(column, expected))
    missing = [column for column in expected if column not in header]
    for column in missing:
        report.add(1, column, "nothing", "this column")
    return not missing


def _number(row: dict[str, str], column: str, line: int, key: str, report: Report) -> float:
    try:
        value = float(row[column])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        report.add(line, f"{key}.{column}", checks.show(row[column]), "a finite number")
        return math.nan
    return value


def number_in(row: dict[str, str], column: str, low: float, high: float, line: int, key: str, report: Report) -> float:
    """A finite number of a cell inside [low, high]; what lies outside is noted."""
    value = _number(row, column, line, key, report)
    if math.isfinite(value) and not low <= value <= high:
        report.add(line, f"{key}.{column}", f"{value:g}", f"{low:g} to {high:g}")
    return value


def keyed_rows(rows: Iterable[tuple[int, dict[str, str]]], report: Report) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Line, key and cells of the rows whose key is a name not used before."""
    first: dict[str, int] = {}
    for line, row in rows:
        key = checks.identifier(row["key"], line, "key", report)
        if key in first:
            report.add(line, key, f"the key again (first on line {first[key]})", "each key once")
        elif key:
            first[key] = line
            yield line, key, row


def read_parameters(path: Path, known_sources: Iterable[str], report: Report) -> dict[str, Parameter]:
    """casesdata/parameters.csv as key -> Parameter."""
    header, rows = read_rows(path, report)
    if not header or not check_columns(header, PARAMETER_COLUMNS, report):
        return {}
    result = {}
    for line, key, row in keyed_rows(rows, report):
        value, low, high, step = (
            _number(row, column, line, key, report) for column in ("value", "low", "high", "step")
        )
        _check_range(key, value, low, high, step, line, report)
        _check_unit(key, row["unit"], line, report)
        label = checks.text(row["label"], line, f"{key}.label", report, longest=LONGEST_LABEL)
        checks.text(row["symbol"], line, f"{key}.symbol", report, longest=12)
        note = checks.text(row["note"], line, f"{key}.note", report)
        basis, cited = checks.basis_and_source(row["basis"], row["source"], (line, line), key, known_sources, report)
        result[key] = Parameter(key, row["symbol"], label, value, low, high, step, row["unit"], basis, cited, note)
    return result


def _check_range(key: str, value: float, low: float, high: float, step: float, line: int, report: Report) -> None:
    if not all(map(math.isfinite, (value, low, high, step))):
        return
    if not low < high:
        report.add(line, f"{key}.low", f"{low:g} to {high:g}", "low below high")
    elif step <= 0 or step > high - low:
        report.add(line, f"{key}.step", f"{step:g}", f"a step above 0 and at most {high - low:g}")
    elif not low <= value <= high:
        report.add(line, f"{key}.value", f"{value:g}", f"{low:g} to {high:g}")
    elif not on_step(value, low, step):
        report.add(line, f"{key}.value", f"{value:g}", f"a value on the steps {low:g}, {low + step:g}, ... {high:g}")


def on_step(value: float, low: float, step: float) -> bool:
    """True where value = low + n * step, up to rounding of decimal numbers."""
    steps = (value - low) / step
    return abs(steps - round(steps)) < 1e-6


def _check_unit(key: str, unit: str, line: int, report: Report) -> None:
    promised = unit_of_name(key)
    if unit not in UNITS:
        report.add(line, f"{key}.unit", checks.show(unit), "one of " + ", ".join(sorted(UNITS)))
    elif promised is not None and unit != promised:
        report.add(line, f"{key}.unit", f"the unit {unit}", f"{promised}, as the name {key} says")


def read_tissues(path: Path, known_sources: Iterable[str], report: Report) -> dict[str, Any]:
    """A table of casesdata/tissues as key -> Tissue, MrTissue or PetTissue, by the name of the file."""
    if path.stem not in TISSUE_KINDS:
        report.add(0, "", f"a table of tissues named {path.stem}", did_you_mean(path.stem, TISSUE_KINDS))
        return {}
    kind, columns = TISSUE_KINDS[path.stem], TISSUE_COLUMNS[path.stem]
    header, rows = read_rows(path, report)
    if not header or not check_columns(header, kind._fields, report):
        return {}
    result = {}
    for line, key, row in keyed_rows(rows, report):
        numbers = {}
        for column, (low, high, unit) in columns.items():
            value = numbers[column] = _number(row, column, line, key, report)
            if math.isfinite(value) and not low <= value <= high:
                report.add(line, f"{key}.{column}", f"{value:g} {unit}", f"{low:g} to {high:g} {unit}")
        label = checks.text(row["label"], line, f"{key}.label", report, longest=LONGEST_LABEL)
        note = checks.text(row["note"], line, f"{key}.note", report)
        basis, cited = checks.basis_and_source(row["basis"], row["source"], (line, line), key, known_sources, report)
        result[key] = kind(key=key, label=label, **numbers, basis=basis, source=cited, note=note)
    return result


def read_labs(path: Path, known_sources: Iterable[str], report: Report) -> dict[str, Lab]:
    """casesdata/labs.csv as key -> Lab."""
    header, rows = read_rows(path, report)
    if not header or not check_columns(header, LAB_COLUMNS, report):
        return {}
    result = {}
    for line, key, row in keyed_rows(rows, report):
        typical, low, high = (_number(row, column, line, key, report) for column in ("typical", "low", "high"))
        if not 0 <= low <= typical <= high and all(map(math.isfinite, (typical, low, high))):
            report.add(line, f"{key}.typical", f"{low:g}, {typical:g}, {high:g}", "low, typical, high in rising order")
        _check_unit(key, row["unit"], line, report)
        label = checks.text(row["label"], line, f"{key}.label", report, longest=LONGEST_LABEL)
        note = checks.text(row["note"], line, f"{key}.note", report)
        basis, cited = checks.basis_and_source(row["basis"], row["source"], (line, line), key, known_sources, report)
        result[key] = Lab(key, label, row["unit"], typical, low, high, basis, cited, note)
    return result


def read_series(path: Path, known_sources: Iterable[str], report: Report) -> tuple[dict[str, float | str], ...]:
    """A table of casesdata/series as a tuple of rows; cells that are numbers come as floats, empty ones as ''."""
    header, rows = read_rows(path, report)
    if not header:
        return ()
    if "source" not in header:
        report.add(1, "source", "nothing", "a column with the key of references.bib for every row")
        return ()
    result = []
    for line, row in rows:
        entry: dict[str, float | str] = {}
        for column, cell in row.items():
            try:
                entry[column] = float(cell)
            except ValueError:
                entry[column] = checks.text(cell, line, column, report, empty=True)
                continue
            if not math.isfinite(entry[column]):
                report.add(line, column, cell, "a finite number or text")
        if not checks.sources(row["source"], line, "source", known_sources, report):
            report.add(line, "source", "nothing", "a key of references.bib")
        result.append(entry)
    return tuple(result)
