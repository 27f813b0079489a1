"""What one reader writes about one patient: which lesions are followed, which look new, and what the criteria say.

Sorted by `followed.follow`. A new spot the reader has to call: new (unequivocal), equivocal, or not mention it (none).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from liverlab.reading import choi, modified_choi, reasons, recist
from liverlab.reading.analytic import Readings
from liverlab.reading.followed import follow

CALLS = ("unequivocal", "equivocal", "none")


@dataclass(frozen=True, eq=False)
class FollowUp:
    """Readings of one patient sorted by what the reader does with them; arrays are (lesion, visit).

    sum_mm (visit,): sum of target diameters, a target that is not seen counts 0. mean_hu (visit,): mean of the seen
    targets' mean attenuation; at a visit where none is seen, the baseline's.
    """

    days: np.ndarray
    labels: tuple[str, ...]
    visible: np.ndarray
    diameter_mm: np.ndarray
    hu: np.ndarray
    sum_mm: np.ndarray
    mean_hu: np.ndarray
    targets: tuple[int, ...]
    non_targets: tuple[int, ...]

    def new_spots(self, visit: int) -> tuple[int, ...]:
        """Lesions unseen at baseline and seen at ``visit``."""
        return tuple(int(i) for i in np.flatnonzero(self.visible[:, visit] & ~self.visible[:, 0]))

    def unseen_targets(self, visit: int) -> tuple[int, ...]:
        """Targets that the reader does not find at ``visit``."""
        return tuple(i for i in self.targets if not self.visible[i, visit])

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
        rows, unseen = self.rows(visit, call), self._of_the_unseen(visit)
        return [
            {"criterion": name, "call": _call(row), "reason": row["reason"] + unseen, "reading": call}
            for name, row in ((name, assess(rows)[visit]) for name, assess in CRITERIA.items())
        ]

    def _of_the_unseen(self, visit: int) -> str:
        # The criteria take a target that is not found for gone; it may only have become as bright as liver.
        unseen = self.unseen_targets(visit)
        if not unseen:
            return ""
        names, one = reasons.listed(self.labels[i] for i in unseen), len(unseen) == 1
        return f" {names} {'is not seen and counts' if one else 'are not seen and count'} as 0 mm, gone or not."


CRITERIA = {
    "RECIST 1.1": recist.assess_rows,
    "Choi": choi.assess_rows,
    "modified Choi": modified_choi.assess_rows,
}


def follow_up(readings: Readings, days: np.ndarray, labels: tuple[str, ...]) -> FollowUp:
    """Sort the readings (lesion, visit) of one patient."""
    found = follow(readings)
    return FollowUp(
        days=np.asarray(days, dtype=float),
        labels=labels,
        visible=readings.visible,
        diameter_mm=found.diameter_mm,
        hu=found.hu,
        sum_mm=found.sum_mm,
        mean_hu=found.mean_hu,
        targets=tuple(np.flatnonzero(found.targets).tolist()),
        non_targets=tuple(np.flatnonzero(found.non_targets).tolist()),
    )


def _call(row: dict) -> str:
    return str(row["overall"])


def _change_pct(values: np.ndarray) -> np.ndarray:
    return 100.0 * (values / values[0] - 1.0) if values[0] > 0 else np.zeros_like(values)
