"""Readings of one patient (a row per lesion and visit) checked and gathered into arrays over visits."""

import itertools
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from liverlab.reading import codes

ROLES = ("target", "non_target", "new")
STATUSES = ("measured", "present", "absent", "too_small", "not_evaluated", "progression", "equivocal", "unequivocal")
_STATUS_SYNONYMS = {
    "": "measured",
    "ok": "measured",
    "gone": "absent",
    "disappeared": "absent",
    "cr": "absent",
    "too_small_to_measure": "too_small",
    "ne": "not_evaluated",
    "not_assessed": "not_evaluated",
    "stable": "present",
    "non_cr/non_pd": "present",
    "pd": "progression",
    "unequivocal_progression": "progression",
}
CHANGES = ("smaller", "same", "larger")
# RECIST 1.1 (Eisenhauer 2009, Eur J Cancer 45:228-247).
TOO_SMALL_MM = 5.0  # entered for a target that is seen but too small to measure
NODE_NORMAL_MM = 10.0  # a node below this short axis is normal


@dataclass(frozen=True)
class Column:
    """What a number in a row may be, and what stands for it where a lesion is absent or too small to measure."""

    low: float
    high: float
    unit: str
    absent: float | None = None
    too_small: float | None = None


_LENGTH = Column(0, codes.LARGEST_MM, " mm", 0.0, TOO_SMALL_MM)
COLUMNS = {
    "diameter_mm": _LENGTH,
    "perpendicular_mm": _LENGTH,
    "viable_mm": _LENGTH,
    "viable_perpendicular_mm": _LENGTH,
    "slice_mm": Column(0.1, 100, " mm"),
    "hu": Column(-1000, codes.LARGEST_HU, " HU"),
    "sul_peak": Column(0, 1000, "", 0.0),
    "tlg": Column(0, 1e6, "", 0.0),
    "liver_sul_mean": Column(0.01, 100, ""),
    "liver_sul_sd": Column(0, 100, ""),
    "group": Column(1, 3, ""),
    "visit": Column(0, 1e6, ""),
    "day": Column(-1e5, 1e5, " d"),
}


@dataclass(frozen=True)
class Patient:
    """One patient: columns, name -> (L, T) over targets and visits, NaN where there is none; flags, name -> (T,)."""

    visits: tuple
    days: tuple
    sizes: tuple  # the columns a target must have to count as measured; the first is its size
    columns: dict
    flags: dict
    target_gone: np.ndarray
    non_target: np.ndarray
    new_lesion: np.ndarray
    table: dict  # (lesion, visit) -> row
    targets: tuple
    nodes: frozenset

    @cached_property
    def measured(self):
        """(L, T): whether a target has its size at a visit."""
        return np.logical_and.reduce([~np.isnan(self.columns[name]) for name in self.sizes])

    @cached_property
    def evaluated(self):
        """(T,): whether all targets have their sizes."""
        return self.measured.all(axis=0)

    @cached_property
    def sum_mm(self):
        """(T,): sum of the measured sizes, exact at 0.01 mm."""
        sizes = np.where(self.measured, self.columns[self.sizes[0]], 0.0)
        return np.rint(sizes * 100).sum(axis=0) / 100

    @cached_property
    def mean_hu(self):
        """(T,): mean density of the measured targets still there, NaN where there is none."""
        there = self.measured & (np.nan_to_num(self.columns[self.sizes[0]]) > 0) & ~np.isnan(self.columns["hu"])
        total = np.where(there, self.columns["hu"], 0.0).sum(axis=0)
        return np.where(there.any(axis=0), total / np.maximum(there.sum(axis=0), 1), np.nan)

    def missing_targets(self, k):
        """Names of the targets not measured at visit number k."""
        return [name for name, found in zip(self.targets, self.measured[:, k], strict=True) if not found]

    def new_names(self, k, call):
        """Names of the new lesions with this call ("equivocal" | "unequivocal") at visit number k."""
        found = [row["lesion"] for (_, visit), row in self.table.items() if visit == self.visits[k]]
        return [name for name in found if self._new_call(name, self.visits[k]) == call]

    def _new_call(self, name, visit):
        row = self.table.get((name, visit))
        return new_call(row) if row and row["role"] == "new" else "none"

    def progression_day(self, k):
        """Day progression is dated to: the first sight of a spot that is called new at visit number k."""
        day = self.days[k]
        for name in self.new_names(k, "unequivocal"):
            for earlier in range(k - 1, 0, -1):
                if self._new_call(name, self.visits[earlier]) == "none":
                    break
                day = min(day, self.days[earlier])
        return day

    def was_equivocal(self, day):
        """Whether the reader called a spot of that day equivocal, and none of them new."""
        k = self.days.index(day)
        return self.new_lesion[k] == codes.NEW_EQUIVOCAL


def collect(readings, sizes=("diameter_mm",), also=(), flags=(), per_visit=()) -> Patient:
    """Check the rows of one patient and gather them by visit.

    readings: pandas DataFrame or list of dicts with the columns
    visit (number; the smallest is the baseline), day, lesion (name), organ (default "liver"), role ("target" default,
    "non_target", "new"), node (short axis is measured; default False), diameter_mm (0..1000; may be missing unless a
    target is "measured"), status: "measured" (default), "present", "absent" (0 mm), "too_small" (5 mm unless a
    diameter is given), "not_evaluated", "progression" (non-target), "equivocal" or "unequivocal" (new; default
    unequivocal); and what the criterion needs:
    sizes: columns every measured target has (see COLUMNS); also: columns it has while its size is above 0; flags:
    columns that are True or False, gathered as "any row of the visit"; per_visit: columns every visit has in a row.
    A target or non-target without a row at a visit counts as not evaluated there.
    ValueError, in one sentence, for: no rows, NaN or negative sizes, unknown words, days that do not rise with the
    visits, a lesion twice at a visit, a changing role, a target not measured at baseline, a new lesion at baseline.
    """
    needs = {"sizes": sizes, "also": also, "flags": flags, "per_visit": per_visit}
    lengths = tuple(dict.fromkeys(("diameter_mm", *sizes)))
    table = [_clean(row, lengths, **needs) for row in as_dicts(readings)]
    if not table:
        raise ValueError("readings is empty: give at least one row, the baseline visit.")
    visits, days = _visits(table)
    by_key, roles, nodes = {}, {}, set()
    for row in table:
        key = (row["lesion"], row["visit"])
        if key in by_key:
            raise ValueError(
                f"lesion {row['lesion']!r} appears twice at visit {row['visit']:g}; allowed: once a visit."
            )
        if roles.setdefault(row["lesion"], row["role"]) != row["role"]:
            raise ValueError(
                f"role of lesion {row['lesion']!r} changes from {roles[row['lesion']]!r} to {row['role']!r}; "
                "allowed: one role throughout."
            )
        if row["role"] == "new" and row["visit"] == visits[0] and new_call(row) != "none":
            raise ValueError(f"lesion {row['lesion']!r} is new at the baseline visit; allowed: new at a later one.")
        by_key[key] = row
        if row["node"]:
            nodes.add(row["lesion"])
    targets = tuple(name for name, role in roles.items() if role == "target")
    for name in targets:
        first = by_key.get((name, visits[0]))
        if first is None or any(first[column] is None for column in sizes):
            raise ValueError(
                f"target {name!r} is not measured at baseline; allowed: a {sizes[0]} at visit {visits[0]:g}."
            )
    return _gather(visits, days, by_key, roles, targets, frozenset(nodes), needs)


def _gather(visits, days, by_key, roles, targets, nodes, needs):
    columns = {name: np.full((len(targets), len(visits)), np.nan) for name in (*needs["sizes"], *needs["also"])}
    columns |= {name: np.full(len(visits), np.nan) for name in needs["per_visit"]}
    gone, non_target, new_lesion = np.zeros(len(visits), bool), np.zeros(len(visits), int), np.zeros(len(visits), int)
    flags = {name: np.zeros(len(visits), bool) for name in needs["flags"]}
    others = [name for name, role in roles.items() if role == "non_target"]
    for k, visit in enumerate(visits):
        seen = [by_key.get((name, visit)) for name in targets]
        for name in (*needs["sizes"], *needs["also"]):
            columns[name][:, k] = [np.nan if row is None or row[name] is None else row[name] for row in seen]
        gone[k] = all(row is not None and _gone(row, needs["sizes"], row["lesion"] in nodes) for row in seen)
        here = [row for (_, v), row in by_key.items() if v == visit]
        for name in needs["per_visit"]:
            columns[name][k] = _one_number(here, name, visit)
        for name in flags:
            flags[name][k] = any(row[name] for row in here)
        non_target[k] = _non_target([by_key.get((name, visit)) for name in others], nodes)
        calls = [new_call(row) for row in here if row["role"] == "new"]
        new_lesion[k] = max((codes.NEW_LESION_LABELS.index(call) for call in calls), default=0)
    return Patient(visits, days, needs["sizes"], columns, flags, gone, non_target, new_lesion, by_key, targets, nodes)


def _one_number(rows, name, visit):
    found = {row[name] for row in rows if row[name] is not None}
    if len(found) != 1:
        seen = "missing" if not found else f"{min(found):g} and {max(found):g}"
        raise ValueError(f"{name} is {seen} at visit {visit:g}; allowed: one number a visit.")
    return found.pop()


def as_dicts(readings):
    """Rows of a pandas DataFrame or of any list of dicts."""
    if hasattr(readings, "to_dict"):
        return readings.to_dict("records")
    return list(readings)


def as_frame(table):
    """The rows of an answer as a pandas DataFrame."""
    import pandas as pd  # only tables need pandas; the live page does without

    return pd.DataFrame(table)


def missing(value):
    """Whether a cell is empty: None, NaN or pandas' NA."""
    return value is None or (isinstance(value, float) and math.isnan(value)) or type(value).__name__ == "NAType"


def number(row, name, where):
    """A cell as a float; ValueError unless it is a number within the limits of its column."""
    limits = COLUMNS[name]
    try:
        value = float(row[name])
    except (TypeError, ValueError, KeyError):
        raise ValueError(
            f"{name} is {row.get(name)!r}{where}; allowed: a number of {limits.low:g} to {limits.high:g}{limits.unit}."
        ) from None
    if not limits.low <= value <= limits.high:
        allowed = f"{limits.low:g} to {limits.high:g}{limits.unit}"
        raise ValueError(f"{name} is {value:g}{limits.unit}{where}; allowed: {allowed}.")
    return value


def name_of(row):
    """Name of the lesion of a row; ValueError if it has none."""
    if missing(row.get("lesion")):
        raise ValueError("lesion is missing in a row; allowed: a name for every row.")
    return str(row["lesion"])


def text(row, name, default):
    """A cell as text."""
    return default if missing(row.get(name)) else str(row[name])


def flag(row, name):
    """A cell as True or False; empty is False."""
    return False if missing(row.get(name)) else bool(row[name])


def _clean(row, lengths, sizes, also, flags, per_visit):
    name = name_of(row)
    visit = number(row, "visit", f" for lesion {name!r}")
    where = f" for lesion {name!r} at visit {visit:g}"
    day = number(row, "day", where)
    clean = {"lesion": name, "visit": int(visit) if visit == int(visit) else visit, "day": day}
    clean["organ"] = text(row, "organ", "liver")
    clean["role"] = _word(row.get("role"), "target").replace("nontarget", "non_target")
    if clean["role"] not in ROLES:
        raise ValueError(f"role is {row.get('role')!r}{where}; allowed: {', '.join(ROLES)}.")
    status = _word(row.get("status"), "")
    status = clean["status"] = _STATUS_SYNONYMS.get(status, status)
    if status not in STATUSES:
        raise ValueError(f"status is {row.get('status')!r}{where}; allowed: {', '.join(STATUSES)}.")
    clean["change"] = _word(row.get("change"), "same")
    if clean["change"] not in CHANGES:
        raise ValueError(f"change is {row.get('change')!r}{where}; allowed: {', '.join(CHANGES)}.")
    clean |= {name: flag(row, name) for name in ("node", *flags)}
    measured = clean["role"] == "target" and status == "measured"
    for column in lengths:
        clean[column] = None
        if (measured and column in sizes) or not missing(row.get(column)):
            clean[column] = number(row, column, where)
        if status == "absent":
            clean[column] = COLUMNS[column].absent
        elif status == "too_small" and clean[column] is None:
            clean[column] = COLUMNS[column].too_small
        elif status == "not_evaluated" and clean["role"] == "target":
            clean[column] = None
    for column in also:
        needed = measured and clean[sizes[0]] > 0
        clean[column] = number(row, column, where) if needed or not missing(row.get(column)) else None
    for column in per_visit:
        clean[column] = None if missing(row.get(column)) else number(row, column, where)
    return clean


def _word(value, default):
    if value is None or value == default:
        return default
    return default if missing(value) else str(value).strip().lower().replace(" ", "_").replace("-", "_")


def _visits(table):
    day_of = {}
    for row in table:
        if day_of.setdefault(row["visit"], row["day"]) != row["day"]:
            both = f"{day_of[row['visit']]:g} and {row['day']:g}"
            raise ValueError(f"day is {both} at visit {row['visit']:g}; allowed: one day a visit.")
    visits = tuple(sorted(day_of))
    for before, after in itertools.pairwise(visits):
        if day_of[after] <= day_of[before]:
            raise ValueError(
                f"day is {day_of[after]:g} at visit {after:g}, after day {day_of[before]:g} at visit {before:g}; "
                "allowed: days that rise with the visits."
            )
    return visits, tuple(day_of[visit] for visit in visits)


def _gone(row, sizes, is_node):
    limit = NODE_NORMAL_MM if is_node else 0.005
    return row[sizes[0]] is not None and row[sizes[0]] < limit


def _non_target(seen, nodes):
    if not seen:
        return codes.NO_NON_TARGET
    if any(row and row["status"] == "progression" for row in seen):
        return codes.NON_TARGET_PD
    if any(row is None or row["status"] == "not_evaluated" for row in seen):
        return codes.NON_TARGET_NE
    gone = [row["status"] == "absent" or _gone(row, ("diameter_mm",), row["lesion"] in nodes) for row in seen]
    return codes.NON_TARGET_CR if all(gone) else codes.NON_TARGET_PRESENT


def new_call(row):
    """What the reader calls a new spot in one row: "none", "equivocal" or "unequivocal"."""
    if row["status"] in ("absent", "not_evaluated") or row["diameter_mm"] == 0:
        return "none"
    return "equivocal" if row["status"] == "equivocal" else "unequivocal"
