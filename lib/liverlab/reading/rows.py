"""Readings of one patient (a row per lesion and visit) checked and gathered into arrays over visits."""

import itertools
import math
from collections import Counter
from dataclasses import dataclass

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
# RECIST 1.1 (Eisenhauer 2009, Eur J Cancer 45:228-247).
TOO_SMALL_MM = 5.0  # entered for a target that is seen but too small to measure
NODE_NORMAL_MM = 10.0  # a node below this short axis is normal
TARGET_MIN_MM = 10.0  # smallest target, longest diameter
TARGET_NODE_MIN_MM = 15.0  # smallest target node, short axis
TARGETS_MAX = 5
TARGETS_PER_ORGAN_MAX = 2


@dataclass(frozen=True)
class Patient:
    """Arrays over visits (T,) of one patient; `hu` and `nodule` are used by the Choi criteria only."""

    visits: tuple
    days: tuple
    sum_mm: np.ndarray
    evaluated: np.ndarray
    target_gone: np.ndarray
    non_target: np.ndarray
    new_lesion: np.ndarray
    hu: np.ndarray
    nodule: np.ndarray
    table: dict  # (lesion, visit) -> row
    targets: tuple
    nodes: frozenset

    def missing_targets(self, k):
        """Names of the targets not measured at visit number k."""
        return [name for name in self.targets if not _is_measured(self.table.get((name, self.visits[k])))]

    def new_names(self, k, call):
        """Names of the new lesions with this call ("equivocal" | "unequivocal") at visit number k."""
        found = [row["lesion"] for (_, visit), row in self.table.items() if visit == self.visits[k]]
        return [name for name in found if self._new_call(name, self.visits[k]) == call]

    def _new_call(self, name, visit):
        row = self.table.get((name, visit))
        return _new_call(row) if row and row["role"] == "new" else "none"

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


def collect(readings, with_hu=False) -> Patient:
    """Check the rows of one patient and gather them by visit.

    readings: pandas DataFrame or list of dicts with the columns
    visit (number; the smallest is the baseline), day, lesion (name), organ (default "liver"), role ("target" default,
    "non_target", "new"), node (short axis is measured; default False), diameter_mm (0..1000; may be missing unless a
    target is "measured"), status: "measured" (default), "present", "absent" (0 mm), "too_small" (5 mm unless a
    diameter is given), "not_evaluated", "progression" (non-target), "equivocal" or "unequivocal" (new; default
    unequivocal); for Choi also hu and, optionally, nodule (True: a new or growing enhancing nodule inside the lesion).
    A target or non-target without a row at a visit counts as not evaluated there.
    ValueError, in one sentence, for: no rows, NaN or negative sizes, unknown words, days that do not rise with the
    visits, a lesion twice at a visit, a changing role, a target not measured at baseline, a new lesion at baseline.
    """
    table = [_clean(row, with_hu) for row in _as_dicts(readings)]
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
        if row["role"] == "new" and row["visit"] == visits[0] and _new_call(row) != "none":
            raise ValueError(f"lesion {row['lesion']!r} is new at the baseline visit; allowed: new at a later one.")
        by_key[key] = row
        if row["node"]:
            nodes.add(row["lesion"])
    targets = tuple(name for name, role in roles.items() if role == "target")
    for name in targets:
        if not _is_measured(by_key.get((name, visits[0]))):
            raise ValueError(
                f"target {name!r} is not measured at baseline; allowed: a diameter_mm at visit {visits[0]:g}."
            )
    return _gather(visits, days, by_key, roles, targets, frozenset(nodes))


def _gather(visits, days, by_key, roles, targets, nodes):
    shape = len(visits)
    sum_mm, hu = np.zeros(shape), np.full(shape, np.nan)
    evaluated, gone, nodule = np.ones(shape, bool), np.zeros(shape, bool), np.zeros(shape, bool)
    non_target, new_lesion = np.zeros(shape, np.int8), np.zeros(shape, np.int8)
    others = [name for name, role in roles.items() if role == "non_target"]
    for k, visit in enumerate(visits):
        seen = [by_key.get((name, visit)) for name in targets]
        measured = [row for row in seen if _is_measured(row)]
        evaluated[k] = len(measured) == len(seen)
        sizes = [round(_size_mm(row) * 100) for row in measured]
        sum_mm[k] = sum(sizes) / 100
        limits = [NODE_NORMAL_MM * 100 if row["lesion"] in nodes else 1 for row in measured]
        gone[k] = evaluated[k] and all(size < limit for size, limit in zip(sizes, limits, strict=True))
        values = [row["hu"] for row, size in zip(measured, sizes, strict=True) if size > 0 and row["hu"] is not None]
        if values:
            hu[k] = sum(values) / len(values)
        nodule[k] = any(row["nodule"] for (_, v), row in by_key.items() if v == visit)
        non_target[k] = _non_target([by_key.get((name, visit)) for name in others], nodes)
        calls = [_new_call(row) for (_, v), row in by_key.items() if v == visit and row["role"] == "new"]
        new_lesion[k] = max((codes.NEW_LESION_LABELS.index(call) for call in calls), default=0)
    arrays = (sum_mm, evaluated, gone, non_target, new_lesion, hu, nodule)
    return Patient(visits, days, *arrays, by_key, targets, nodes)


def _as_dicts(readings):
    if hasattr(readings, "to_dict"):
        return readings.to_dict("records")
    return list(readings)


def _missing(value):
    return value is None or (isinstance(value, float) and math.isnan(value)) or type(value).__name__ == "NAType"


def _number(row, name, low, high, unit, where):
    try:
        value = float(row[name])
    except (TypeError, ValueError, KeyError):
        raise ValueError(
            f"{name} is {row.get(name)!r}{where}; allowed: a number of {low:g} to {high:g}{unit}."
        ) from None
    if not low <= value <= high:
        raise ValueError(f"{name} is {value:g}{unit}{where}; allowed: {low:g} to {high:g}{unit}.")
    return value


def _clean(row, with_hu):
    if _missing(row.get("lesion")):
        raise ValueError("lesion is missing in a row; allowed: a name for every row.")
    name = str(row["lesion"])
    visit = _number(row, "visit", 0, 1e6, "", f" for lesion {name!r}")
    day = _number(row, "day", -1e5, 1e5, " d", f" for lesion {name!r} at visit {visit:g}")
    where = f" for lesion {name!r} at visit {visit:g}"
    clean = {"lesion": name, "visit": int(visit) if visit == int(visit) else visit, "day": day}
    clean["organ"] = "liver" if _missing(row.get("organ")) else str(row["organ"])
    clean["role"] = _word(row.get("role"), "target").replace("nontarget", "non_target")
    if clean["role"] not in ROLES:
        raise ValueError(f"role is {row.get('role')!r}{where}; allowed: {', '.join(ROLES)}.")
    status = _word(row.get("status"), "")
    clean["status"] = _STATUS_SYNONYMS.get(status, status)
    if clean["status"] not in STATUSES:
        raise ValueError(f"status is {row.get('status')!r}{where}; allowed: {', '.join(STATUSES)}.")
    clean["node"] = False if _missing(row.get("node")) else bool(row["node"])
    clean["nodule"] = False if _missing(row.get("nodule")) else bool(row["nodule"])
    needs_size = clean["role"] == "target" and clean["status"] == "measured"
    clean["diameter_mm"] = None
    if needs_size or not _missing(row.get("diameter_mm")):
        clean["diameter_mm"] = _number(row, "diameter_mm", 0, codes.LARGEST_MM, " mm", where)
    clean["hu"] = None
    if with_hu and ((needs_size and clean["diameter_mm"] > 0) or not _missing(row.get("hu"))):
        clean["hu"] = _number(row, "hu", -1000, codes.LARGEST_HU, " HU", where)
    return clean


def _word(value, default):
    return default if _missing(value) else str(value).strip().lower().replace(" ", "_").replace("-", "_")


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


def _is_measured(row):
    """A target counts when it has a size: a diameter, "absent" (0 mm) or "too_small" (5 mm)."""
    if row is None or row["status"] == "not_evaluated":
        return False
    return row["diameter_mm"] is not None or row["status"] in ("absent", "too_small")


def _size_mm(row):
    if row["status"] == "absent":
        return 0.0
    if row["diameter_mm"] is None:
        return TOO_SMALL_MM
    return row["diameter_mm"]


def _non_target(seen, nodes):
    if not seen:
        return codes.NO_NON_TARGET
    if any(row and row["status"] == "progression" for row in seen):
        return codes.NON_TARGET_PD
    if any(row is None or row["status"] == "not_evaluated" for row in seen):
        return codes.NON_TARGET_NE
    present = [row for row in seen if not _non_target_gone(row, row["lesion"] in nodes)]
    return codes.NON_TARGET_PRESENT if present else codes.NON_TARGET_CR


def _non_target_gone(row, is_node):
    if row["status"] == "absent":
        return True
    return row["diameter_mm"] is not None and row["diameter_mm"] < (NODE_NORMAL_MM if is_node else 0.005)


def _new_call(row):
    if row["status"] in ("absent", "not_evaluated") or row["diameter_mm"] == 0:
        return "none"
    return "equivocal" if row["status"] == "equivocal" else "unequivocal"


def listed(names):
    """Names as text: "a", "a and b", "a, b and c"."""
    names = [str(name) for name in names]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def baseline_reason(patient, first, density=""):
    """Sentences for the baseline row: what is followed, and where the choice of targets leaves RECIST 1.1."""
    if not patient.targets:
        return "Baseline: no target lesions; response rests on the non-target lesions."
    count = len(patient.targets)
    text = f"Baseline: {count} target lesion{'s' if count > 1 else ''}, sum {codes.number_text(first)} mm{density}."
    rows = [patient.table[name, patient.visits[0]] for name in patient.targets]
    organs = Counter(row["organ"] for row in rows)
    crowded, most = organs.most_common(1)[0]
    small = [row["lesion"] for row in rows if _size_mm(row) < (TARGET_NODE_MIN_MM if row["node"] else TARGET_MIN_MM)]
    if count > TARGETS_MAX:
        text += f" RECIST 1.1 follows at most {TARGETS_MAX} targets."
    if most > TARGETS_PER_ORGAN_MAX:
        text += f" RECIST 1.1 follows at most {TARGETS_PER_ORGAN_MAX} in one organ; {most} are in: {crowded}."
    if small:
        text += f" Too small for a target (10 mm, nodes 15 mm): {listed(small)}."
    return text


def equivocal_sentence(names):
    """RECIST 1.1 on an equivocal new lesion: go on, look again."""
    verb = "is" if len(names) == 1 else "are"
    return (
        f"{listed(names)} {verb} equivocal: not counted; re-examine at the next visit; "
        "if it proves new, progression dates back to today."
    )
