"""CT morphology of colorectal liver metastases: Chun 2009, JAMA 302:2338-44, doi 10.1001/jama.2009.1755.

Size plays no part. Every lesion gets a group: 3, heterogeneous with an ill-defined border; 1, homogeneous and dark with
a sharp border, like a cyst, any bright rim gone; 2, in between. Optimal response: from group 3 or 2 to 1; incomplete:
from 3 to 2; none: the rest. With several lesions the response most of them show; without a majority, the middle one of
the two in doubt counted down (that last rule is ours). A lesion that is in group 1 from the start cannot respond.
Core on arrays: `time_points`. One patient, with reasons: `assess_rows` and `assess`.
"""

from dataclasses import dataclass

import numpy as np

from liverlab.reading import codes, reasons, rows

NE, NONE, INCOMPLETE, OPTIMAL, BASELINE = range(5)
LABELS = ("NE", "none", "incomplete", "optimal", "baseline")


@dataclass(frozen=True)
class TimePoints:
    """Codes of LABELS: lesion (..., L, T), overall (..., T), best (..., T), the best overall response so far."""

    lesion: np.ndarray
    overall: np.ndarray
    best: np.ndarray


def group(heterogeneous, ill_defined, rim):
    """Group 1..3 from what is seen, arrays of True and False that broadcast.

    heterogeneous: patchy attenuation; ill_defined: thick, blurred border; rim: a bright rim of enhancement is left.
    """
    heterogeneous, ill_defined, rim = (np.asarray(value, dtype=bool) for value in (heterogeneous, ill_defined, rim))
    return np.where(heterogeneous & ill_defined, 3, np.where(heterogeneous | ill_defined | rim, 2, 1))[()]


def time_points(groups) -> TimePoints:
    """Morphologic response at every visit, for any number of patients at once.

    groups (..., L, T): group 1, 2 or 3 of every lesion, 0 where it could not be judged; visit 0 is the baseline.
    Lesions without a group at baseline are left out. Visit 0 is BASELINE; NE where no lesion can be judged.
    """
    groups = np.asarray(groups)
    if groups.ndim < 2 or groups.size == 0:
        raise ValueError(f"groups has shape {groups.shape}; allowed: lesions and visits on the last two axes.")
    bad = ~np.isin(groups, (0, 1, 2, 3))
    if bad.any():
        raise ValueError(f"groups is {groups[bad].flat[0]}; allowed: 1, 2 or 3, and 0 where a lesion is not judged.")
    first = groups[..., :1]
    lesion = np.select(
        [(groups == 0) | (first == 0), (first > 1) & (groups == 1), (first == 3) & (groups == 2)],
        [NE, OPTIMAL, INCOMPLETE],
        NONE,
    ).astype(np.int8)
    judged = (lesion != NE).sum(axis=-2, keepdims=True)
    # Sorted upwards the lesions not judged come first, then the judged ones: their lower middle.
    middle = lesion.shape[-2] - judged + (judged - 1) // 2
    overall = np.take_along_axis(np.sort(lesion, axis=-2), np.clip(middle, 0, lesion.shape[-2] - 1), axis=-2)[..., 0, :]
    overall[..., 0] = 0
    best = np.maximum.accumulate(overall, axis=-1)
    lesion[..., 0] = overall[..., 0] = best[..., 0] = BASELINE
    return TimePoints(lesion, overall, best)


def assess(readings):
    """One patient as a pandas DataFrame, a row per visit; see `assess_rows`."""
    return rows.as_frame(assess_rows(readings))


def assess_rows(readings) -> list[dict]:
    """Morphologic response of one patient, a dict per visit: visit, day, groups, overall, best, reason.

    readings: as in `recist.assess_rows`, targets with `group` (1..3) instead of a diameter. A lesion that has vanished
    has no group: the paper does not say what it counts.
    """
    patient = rows.collect(readings, sizes=("group",))
    if not patient.targets:
        raise ValueError("readings has no target; allowed: at least one lesion with role target and a group.")
    groups = np.nan_to_num(patient.columns["group"])
    tp = time_points(groups)
    groups = groups.astype(int)
    return [
        {
            "visit": visit,
            "day": patient.days[k],
            "groups": groups[:, k].tolist(),
            "overall": codes.label(tp.overall[k], LABELS),
            "best": codes.label(tp.best[k], LABELS),
            "reason": _reason(patient, groups, tp, k),
        }
        for k, visit in enumerate(patient.visits)
    ]


def _reason(patient, groups, tp, k):
    if k == 0:
        counts = [f"{(groups[:, 0] == g).sum()} in group {g}" for g in (3, 2, 1) if (groups[:, 0] == g).any()]
        done = "" if (groups[:, 0] > 1).any() else " Group 1 from the start: no response can be shown."
        return f"Baseline: {reasons.listed(counts)}.{done}"
    if tp.overall[k] == NE:
        return "NE: no lesion could be judged."
    changes = [
        f"{name} {before} to {now}"
        for name, before, now in zip(patient.targets, groups[:, 0], groups[:, k], strict=True)
        if now
    ]
    word = codes.label(tp.overall[k], LABELS)
    count, of = int((tp.lesion[:, k] == tp.overall[k]).sum()), len(changes)
    judged = f"{count} of {of} lesions" if of > 1 else "the lesion"
    return f"{word}: {judged} ({', '.join(changes)}); optimal is 3 or 2 to 1, incomplete 3 to 2."
