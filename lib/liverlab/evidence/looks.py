"""Looks of lesions: what a kind of lesion is made of, part by part (casesdata/lesions)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from liverlab.evidence import checks
from liverlab.evidence.problems import Report, did_you_mean
from liverlab.evidence.tables import LONGEST_LABEL, check_columns, keyed_rows, number_in, read_rows

LOOK_COLUMNS = (
    "key", "label", "family", "tissue", "form", "edge_mm", "lobulation", "pattern", "deposit", "deposit_hu",
    "deposit_share_pct", "basis", "source", "note",
)  # fmt: skip
MATTER_COLUMNS = ("look", "part", "tissue", "hepatocyte_pct")
PART_COLUMNS = ("look", "part", "fraction", "roughness", "unenhanced_hu", "enhancement_hu", "kinetics")
FAMILIES = ("metastasis", "primary", "benign", "after_treatment")
PARTS = ("rim", "inner", "centre", "sediment")
KINETICS = ("hyper", "hypo", "none", "blood", "fill_in", "delayed", "liver", "arterial")
PATTERNS = ("", "punctate", "linear", "rim", "amorphous", "solid", "psammomatous")
DEPOSITS = ("", "calcium", "iodine", "metal")


class Part(NamedTuple):
    """One compartment: diameter over the lesion's (of a sediment: share of the height), RMS of its border, density
    before contrast medium, enhancement 70 s after the reference injection at 120 kV, and its time course; the tissue
    it is in a magnet and on PET, with its hepatocytes in per cent of those of liver."""

    fraction: float
    roughness: float
    unenhanced_hu: float
    enhancement_hu: float
    kinetics: str
    tissue: str = "metastasis"
    hepatocyte_pct: float = 0.0


class Look(NamedTuple):
    """One kind of lesion.

    `tissue`: `mass` replaces the liver; `liver` changes it, its HU count from the liver's own and vessels run through.
    `form`: `ellipsoid` or `wedge`; `edge_mm`, `lobulation` of its border; `pattern` of a `deposit` of calcium, iodine
    or metal, which adds `deposit_hu` at 120 kV in 25 cm of water where it fills a voxel, `deposit_share_pct` of the
    volume. `parts`: name -> Part, `rim` always among them.
    """

    key: str
    label: str
    family: str
    tissue: str
    form: str
    edge_mm: float
    lobulation: float
    pattern: str
    deposit: str
    deposit_hu: float
    deposit_share_pct: float
    basis: str
    source: tuple[str, ...]
    note: str
    parts: Mapping[str, Part]


def read_looks(
    folder: Path, known_sources: Iterable[str], known_tissues: Iterable[str], report_of: Callable[[Path], Report]
) -> dict[str, Look]:
    """looks.csv, parts.csv and matter.csv of a folder as key -> Look; a folder without them has no looks."""
    file, parts_file = folder / "looks.csv", folder / "parts.csv"
    if not file.exists() and not parts_file.exists():
        return {}
    report = report_of(file)
    header, rows = read_rows(file, report)
    if not header or not check_columns(header, LOOK_COLUMNS, report):
        return {}
    looks = {key: _look(key, row, line, known_sources, report) for line, key, row in keyed_rows(rows, report)}
    lines = {row["key"]: line for line, row in rows}
    parts = _read_parts(parts_file, looks, report_of(parts_file))
    for key in looks:
        if "rim" not in parts.get(key, {}):
            report.add(lines.get(key, 0), key, "no rim in parts.csv", "a row with part rim")
    matter_file = folder / "matter.csv"
    if matter_file.exists():
        _add_matter(parts, matter_file, set(known_tissues), report_of(matter_file))
    return {key: look._replace(parts=MappingProxyType(parts.get(key, {}))) for key, look in looks.items()}


def _add_matter(parts: dict[str, dict[str, Part]], path: Path, tissues: set[str], report: Report) -> None:
    """What each part is made of, into the parts; one without a row stays living metastasis."""
    header, rows = read_rows(path, report)
    if not header or not check_columns(header, MATTER_COLUMNS, report):
        return
    seen = set()
    for line, row in rows:
        look, part = row["look"], row["part"]
        name = f"{look}.{part}"
        if part not in parts.get(look, {}):
            report.add(line, name, "a part that parts.csv does not have", "a part of a look")
            continue
        if name in seen:
            report.add(line, name, "the part again", "each part once")
        seen.add(name)
        if row["tissue"] not in tissues:
            report.add(line, f"{name}.tissue", row["tissue"], did_you_mean(row["tissue"], tissues))
        share = number_in(row, "hepatocyte_pct", 0, 100, line, name, report)
        parts[look][part] = parts[look][part]._replace(tissue=row["tissue"], hepatocyte_pct=share)


def _look(key: str, row: dict[str, str], line: int, known_sources: Iterable[str], report: Report) -> Look:
    def number(column: str, low: float, high: float) -> float:
        return number_in(row, column, low, high, line, key, report)

    def choice(column: str, allowed: tuple[str, ...]) -> str:
        return checks.choice(row[column], allowed, line, f"{key}.{column}", report)

    basis, cited = checks.basis_and_source(row["basis"], row["source"], (line, line), key, known_sources, report)
    look = Look(
        key=key,
        label=checks.text(row["label"], line, f"{key}.label", report, longest=LONGEST_LABEL),
        family=choice("family", FAMILIES),
        tissue=choice("tissue", ("mass", "liver")),
        form=choice("form", ("ellipsoid", "wedge")),
        edge_mm=number("edge_mm", 0, 20),
        lobulation=number("lobulation", 0, 0.15),
        pattern=choice("pattern", PATTERNS),
        deposit=choice("deposit", DEPOSITS),
        deposit_hu=number("deposit_hu", 0, 3071),
        deposit_share_pct=number("deposit_share_pct", 0, 100),
        basis=basis,
        source=cited,
        note=checks.text(row["note"], line, f"{key}.note", report),
        parts=MappingProxyType({}),
    )
    has = (bool(look.pattern), bool(look.deposit), look.deposit_hu > 0, look.deposit_share_pct > 0)
    if any(has) and not all(has):
        report.add(
            line, f"{key}.deposit", "half a deposit", "pattern, deposit, deposit_hu and deposit_share_pct, or none"
        )
    return look


def _read_parts(path: Path, looks: Mapping[str, Look], report: Report) -> dict[str, dict[str, Part]]:
    header, rows = read_rows(path, report)
    if not header or not check_columns(header, PART_COLUMNS, report):
        return {}
    parts: dict[str, dict[str, Part]] = {}
    for line, row in rows:
        look, part = row["look"], row["part"]
        name = f"{look}.{part}"
        if look not in looks:
            report.add(line, name, f"the look {look}", f"a key of looks.csv: {did_you_mean(look, looks)}")
            continue
        checks.choice(part, PARTS, line, f"{look}.part", report)
        if part in parts.setdefault(look, {}):
            report.add(line, name, "the part again", "each part once")
        low = -150.0 if looks[look].tissue == "liver" else -1024.0
        fraction = number_in(row, "fraction", 0, 1, line, name, report)
        parts[look][part] = Part(
            fraction=fraction,
            roughness=number_in(row, "roughness", 0, 0.6, line, name, report),
            unenhanced_hu=number_in(row, "unenhanced_hu", low, 3071, line, name, report),
            enhancement_hu=number_in(row, "enhancement_hu", 0, 500, line, name, report),
            kinetics=checks.choice(row["kinetics"], KINETICS, line, f"{name}.kinetics", report),
        )
        if fraction == 0 or (part == "rim" and fraction != 1):
            report.add(line, f"{name}.fraction", row["fraction"], "1 for the rim, above 0 for the others")
    for look, found in parts.items():
        if "inner" in found and "centre" in found and found["centre"].fraction > found["inner"].fraction:
            report.add(0, f"{look}.centre", "a centre larger than the inner part", "a smaller fraction")
    return parts
