"""Choi and modified Choi: size or density (modified: size and density) on portal-phase CT.

Choi 2007, J Clin Oncol 25:1753-9, doi 10.1200/JCO.2006.07.3049 (GIST on imatinib). Modified Choi asks for both changes
(Nathan 2010, Cancer Biol Ther 9:15-9, renal cancer on targeted drugs). Both are written against the baseline scan.
Core on arrays: `time_points`. One patient, with reasons: `assess_rows` (list of dicts) and `assess` (DataFrame).
"""

from dataclasses import dataclass

import numpy as np

from liverlab.reading import best, codes, reasons, rows
from liverlab.reading.codes import BASELINE, CR, NE, PD, PR, SD

PR_SIZE_FALL_PCT = 10
PR_HU_FALL_PCT = 15
PD_SIZE_RISE_PCT = 10


@dataclass(frozen=True)
class TimePoints:
    """Codes (..., T) of `liverlab.reading.codes`; by_size and by_hu (..., T): which part of the PR rule is met."""

    overall: np.ndarray
    best: np.ndarray
    by_size: np.ndarray
    by_hu: np.ndarray


def time_points(
    sum_mm, hu, new_lesion="none", non_target="none", nodule=False, evaluated=True, modified=False
) -> TimePoints:
    """Choi (or modified Choi) response at every visit, for any number of patients at once.

    sum_mm (..., T): sum of target diameters, visit 0 is the baseline, 0..1000 mm. hu (..., T): mean of the targets'
    mean densities, HU in the portal phase; must be > 0 at a baseline with targets, is ignored where sum_mm is 0.
    new_lesion, non_target, evaluated: as in `recist.time_points`; nodule: True for a new or growing enhancing nodule
    inside a lesion (PD).
    PR: size -10 % or density -15 % (modified: and), no new lesion, no progression elsewhere. PD: size +10 % without the
    density fall that makes a PR, or a new lesion, or a nodule. CR: all gone. SD: the rest. Visit 0 is BASELINE; a
    patient without targets at baseline, and a visit not evaluated, is NE unless something else makes it PD.
    """
    size = codes.hundredths(sum_mm, "sum_mm", 0, codes.LARGEST_MM, "mm")
    codes.visits_last(size, "sum_mm")
    hu = np.asarray(hu, dtype=float)
    if hu.shape != size.shape:
        raise ValueError(f"hu has shape {hu.shape}; allowed: the shape of sum_mm, {size.shape}.")
    evaluated = codes.flags(evaluated, "evaluated", size.shape)
    counted = (size > 0) & evaluated
    density = codes.hundredths(np.where(counted, hu, 0.0), "hu", -1000, codes.LARGEST_HU, "HU")
    new_lesion = codes.coded(new_lesion, "new_lesion", codes.NEW_LESION_LABELS, size.shape)
    non_target = codes.coded(non_target, "non_target", codes.NON_TARGET_LABELS, size.shape)
    nodule = codes.flags(nodule, "nodule", size.shape)

    has_target = np.broadcast_to(size[..., :1] > 0, size.shape)
    first_size, first_hu = size[..., :1], density[..., :1]
    if (has_target[..., :1] & (first_hu <= 0)).any():
        low = first_hu[has_target[..., :1] & (first_hu <= 0)].flat[0] / 100
        raise ValueError(f"hu is {low:g} HU at baseline; allowed: more than 0 HU, a fall in percent needs it.")

    judged = has_target & evaluated
    by_size = judged & (100 * (first_size - size) >= PR_SIZE_FALL_PCT * first_size)
    by_hu = judged & (size > 0) & (100 * (first_hu - density) >= PR_HU_FALL_PCT * first_hu)
    grown = judged & (100 * (size - first_size) >= PD_SIZE_RISE_PCT * first_size) & ~by_hu
    elsewhere = (new_lesion == codes.NEW_UNEQUIVOCAL) | (non_target == codes.NON_TARGET_PD) | nodule
    clear = (non_target == codes.NO_NON_TARGET) | (non_target == codes.NON_TARGET_CR)
    responded = (by_size & by_hu) if modified else (by_size | by_hu)
    gone = size == 0
    overall = np.select([grown | elsewhere, ~judged, gone & clear, gone | responded], [PD, NE, CR, PR], SD).astype(
        np.int8
    )
    overall[..., 0] = BASELINE
    return TimePoints(overall, best.so_far(overall), by_size, by_hu)


def assess(readings, modified=False):
    """One patient as a pandas DataFrame, a row per visit; see `assess_rows` for columns and errors."""
    return rows.as_frame(assess_rows(readings, modified=modified))


def assess_rows(readings, modified=False) -> list[dict]:
    """Choi (or modified Choi) for one patient, a dict per visit, with the reason of each call.

    readings: as in `recist.assess_rows`, plus hu (HU, mean over the measured lesion) and optionally nodule.
    Returns visit, day, sum_mm, mean_hu, size_change (%), hu_change (%), new_lesion, overall, best, reason.
    """
    patient = rows.collect(readings, also=("hu",), flags=("nodule",))
    hu = np.nan_to_num(patient.mean_hu)
    tp = time_points(
        patient.sum_mm,
        hu,
        patient.new_lesion,
        patient.non_target,
        patient.flags["nodule"],
        patient.evaluated,
        modified=modified,
    )
    size = np.rint(patient.sum_mm * 100).astype(int)
    density = np.rint(hu * 100).astype(int)
    table = []
    for k, (visit, day) in enumerate(zip(patient.visits, patient.days, strict=True)):
        measured = bool(patient.evaluated[k] and size[0] > 0)
        dense = bool(measured and size[k] > 0)
        table.append(
            {
                "visit": visit,
                "day": day,
                "sum_mm": size[k] / 100 if patient.evaluated[k] else None,
                "mean_hu": density[k] / 100 if dense else None,
                "size_change": 100 * (size[k] - size[0]) / size[0] if measured else None,
                "hu_change": 100 * (density[k] - density[0]) / density[0] if dense else None,
                "new_lesion": codes.NEW_LESION_LABELS[patient.new_lesion[k]],
                "overall": codes.label(tp.overall[k]),
                "best": codes.label(tp.best[k]),
                "reason": _reason(patient, tp, k, size, density, modified),
            }
        )
    return table


def _reason(patient, tp, k, size, density, modified):
    """One or a few short sentences with the numbers that decided."""
    if k == 0:
        density_text = f", mean density {_whole(density[0])} HU"
        return reasons.baseline(patient, f"{codes.number_text(size[0])} mm", density_text)
    call = codes.label(tp.overall[k])
    said = reasons.elsewhere(patient, k, "a new lesion is PD whatever size and density do")
    if patient.flags["nodule"][k] and patient.new_lesion[k] != codes.NEW_UNEQUIVOCAL:
        said = ["PD: a new or growing enhancing nodule inside a lesion, whatever size and density do."]
    head = "" if said else f"{call}: "
    if not patient.evaluated[k]:
        said.append(f"{head}{reasons.unmeasured(patient, k)}.")
    elif not patient.targets:
        said += [] if said else [f"{call}: no target lesions to measure."]
    elif size[k] == 0:
        rest = "" if tp.overall[k] != PR else " Non-target lesions have not all vanished, so not CR."
        said.append(f"{head}all target lesions are gone.{rest}")
    else:
        change = _change_sentence(size, density, k)
        said.append(f"Otherwise: {change}." if said else f"{call}: {change}; {_rule(tp, k, modified)}.")
    return " ".join(said + reasons.equivocal(patient, k))


def _change_sentence(size, density, k):
    size_change = codes.percent_text(size[k], size[0], (-PR_SIZE_FALL_PCT, PD_SIZE_RISE_PCT))
    hu_change = codes.percent_text(density[k], density[0], (-PR_HU_FALL_PCT,), most_decimals=1)
    return (
        f"size {size_change} ({codes.number_text(size[0])} to {codes.number_text(size[k])} mm), "
        f"density {hu_change} ({_whole(density[0])} to {_whole(density[k])} HU)"
    )


def _whole(density):
    # Nobody reads a density to a hundredth; the verdict is decided on hundredths all the same.
    return str(round(density / 100))


def _rule(tp, k, modified):
    joined = "and" if modified else "or"
    need = f"PR needs size -{PR_SIZE_FALL_PCT} % {joined} density -{PR_HU_FALL_PCT} %"
    if tp.overall[k] == PD:
        return f"PD is size +{PD_SIZE_RISE_PCT} % without a density fall of {PR_HU_FALL_PCT} %"
    if tp.overall[k] == PR and not modified:
        met = [word for word, is_met in (("size", tp.by_size[k]), ("density", tp.by_hu[k])) if is_met]
        return f"PR by {' and '.join(met)} ({need[9:]})"
    return need
