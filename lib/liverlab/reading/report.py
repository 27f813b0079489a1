"""What one reader writes about one patient: which lesions are followed, which look new, and what the criteria say.

The reader knows only what is visible. At baseline the largest visible lesions become targets (RECIST 1.1: at least
10 mm, at most two in the liver), other visible ones non-targets. A lesion nobody saw at baseline and everybody sees
later is a new spot, and the reader has to call it: new (unequivocal), equivocal, or not mention it (none).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from liverlab.reading import choi, modified_choi, recist
from liverlab.reading.analytic import Readings
from liverlab.reading.targets import TARGET_MIN_MM, TARGETS_PER_ORGAN_MAX

CALLS = ("unequivocal", "equivocal", "none")


@dataclass(frozen=True, eq=False)
class FollowUp:
    """Readings of one patient sorted by what the reader does with them; arrays are (lesion, visit)."""

    days: np.ndarray
    labels: tuple[str, ...]
    visible: np.ndarray
    diameter_mm: np.ndarray
    hu: np.ndarray
    targets: tuple[int, ...]
    non_targets: tuple[int, ...]

    def new_spots(self, visit: int) -> tuple[int, ...]:
        """Lesions unseen at baseline and seen at ``visit``."""
        return tuple(int(i) for i in np.flatnonzero(self.visible[:, visit] & ~self.visible[:, 0]))

    @cached_property
    def sum_mm(self) -> np.ndarray:
        """(visit,) sum of target diameters; a target that is not seen counts 0."""
        return self.diameter_mm[list(self.targets)].sum(axis=0)

    @cached_property
    def mean_hu(self) -> np.ndarray:
        """(visit,) mean of the seen targets' mean attenuation; at a visit where none is seen, the baseline's."""
        chosen = list(self.targets)
        seen = self.visible[chosen]
        total = np.where(seen, self.hu[chosen], 0.0).sum(axis=0)
        count = seen.sum(axis=0)
        first = total[0] / count[0] if count.size and count[0] else 0.0
        return np.where(count > 0, total / np.maximum(count, 1), first)

    @cached_property
    def size_change_pct(self) -> np.ndarray:
        """(visit,) change of the sum from baseline, per cent; 0 where nothing was measurable at baseline."""
        return _change_pct(self.sum_mm)

    @cached_property
    def hu_change_pct(self) -> np.ndarray:
        """(visit,) change of the mean attenuation from baseline, per cent."""
        return _change_pct(self.mean_hu)

    def rows(self, visit: int, call: str) -> list[dict]:
        """The reader's table up to ``visit`` for `recist.assess_rows` and `choi.assess_rows`."""
        if call not in CALLS:
            raise ValueError(f"call is {call!r}; allowed: {', '.join(CALLS)}.")
        table = []
        for k in range(visit + 1):
            at = {"visit": k, "day": float(self.days[k])}
            for role, chosen in (("target", self.targets), ("non_target", self.non_targets)):
                for i in chosen:
                    seen = {"diameter_mm": float(self.diameter_mm[i, k]), "hu": float(self.hu[i, k])}
                    found = (seen if role == "target" else {"status": "present"}) if self.visible[i, k] else {}
                    table.append(at | {"lesion": self.labels[i], "role": role, "status": "absent"} | found | (
                        {"status": "measured"} if found and role == "target" else {}
                    ))  # fmt: skip
            if call != "none":
                table += [at | {"lesion": self.labels[i], "role": "new", "status": call} for i in self.new_spots(k)]
        return table

    def verdicts(self, visit: int, call: str) -> list[dict[str, str]]:
        """RECIST 1.1, Choi and modified Choi at ``visit``: criterion, call, reason, numbers."""
        if not self.targets:
            why = "No lesion of at least 10 mm was visible at baseline, so nothing can be followed."
            return [{"criterion": name, "call": "NE", "reason": why, "reading": call} for name in CRITERIA]
        rows = self.rows(visit, call)
        return [
            {"criterion": name, "call": _call(answer[visit]), "reason": answer[visit]["reason"], "reading": call}
            for name, answer in ((name, assess(rows)) for name, assess in CRITERIA.items())
        ]


CRITERIA = {
    "RECIST 1.1": recist.assess_rows,
    "Choi": choi.assess_rows,
    "modified Choi": modified_choi.assess_rows,
}


def follow_up(readings: Readings, days: np.ndarray, labels: tuple[str, ...]) -> FollowUp:
    """Sort the readings (lesion, visit) of one patient into targets, non-targets and the rest.

    Targets: the largest lesions seen at baseline, RECIST 1.1's size and number limits for one organ.
    """
    first = np.where(readings.visible[:, 0], readings.diameter_mm[:, 0], 0.0)
    order = np.argsort(-first, kind="stable")
    measurable = [int(i) for i in order if first[i] >= TARGET_MIN_MM]
    targets = tuple(sorted(measurable[:TARGETS_PER_ORGAN_MAX]))
    others = tuple(int(i) for i in np.flatnonzero(first > 0) if int(i) not in targets)
    # A report gives tenths: everything the criteria and the page say is computed from what the report says.
    size_mm, hu = np.round(readings.diameter_mm, 1), np.round(readings.hu, 1)
    return FollowUp(np.asarray(days, dtype=float), labels, readings.visible, size_mm, hu, targets, others)


def _call(row: dict) -> str:
    return str(row["overall"])


def _change_pct(values: np.ndarray) -> np.ndarray:
    return 100.0 * (values / values[0] - 1.0) if values[0] > 0 else np.zeros_like(values)
