"""RECIST 1.1: Eisenhauer 2009, Eur J Cancer 45:228-247, doi 10.1016/j.ejca.2008.10.026.

Core on arrays: `time_points`. One patient, with reasons: `assess_rows` (list of dicts) and `assess` (DataFrame).
Once PR is reached it stays PR until PD (EORTC FAQ, recist.eortc.org); `keep_response=False` is the strict alternative.
"""

from dataclasses import dataclass

import numpy as np

from liverlab.reading import codes, rows
from liverlab.reading.codes import BASELINE, CR, NE, NON_CR_NON_PD, PD, PR, SD

PR_FALL_PCT = 30
PD_RISE_PCT = 20
PD_RISE_MM = 5.0


@dataclass(frozen=True)
class TimePoints:
    """Codes (..., T) of `liverlab.reading.codes`; nadir_mm (..., T) is the smallest sum before each visit."""

    target: np.ndarray
    overall: np.ndarray
    best: np.ndarray
    nadir_mm: np.ndarray


def time_points(
    sum_mm, non_target="none", new_lesion="none", evaluated=True, target_gone=None, keep_response=True
) -> TimePoints:
    """RECIST 1.1 response at every visit, for any number of patients at once.

    sum_mm (..., T): sum of target diameters, visit 0 is the baseline, 0..1000 mm, no NaN. A patient whose baseline
    sum is 0 has no target lesions and is judged by the non-targets alone.
    non_target: "none" (no such lesions), "CR", "non-CR/non-PD", "PD" or "NE", or an array of their codes.
    new_lesion: "none", "equivocal" (not counted) or "unequivocal" (PD), or an array of their codes.
    evaluated: False where a target could not be measured; sum_mm is then the sum of the others, the visit is NE (or
    PD if those others alone have grown enough) and does not count for the nadir.
    target_gone: True where every target has vanished and every target node is < 10 mm; default: the sum is 0.
    All of them broadcast to sum_mm. Visit 0 gets the code BASELINE. ValueError names a bad argument.
    """
    size = codes.hundredths(sum_mm, "sum_mm", 0, codes.LARGEST_MM, "mm")
    if size.ndim == 0 or size.shape[-1] == 0:
        raise ValueError("sum_mm is empty: give at least the baseline visit on the last axis.")
    non_target = codes.coded(non_target, "non_target", codes.NON_TARGET_LABELS, size.shape)
    new_lesion = codes.coded(new_lesion, "new_lesion", codes.NEW_LESION_LABELS, size.shape)
    evaluated = codes.flags(evaluated, "evaluated", size.shape)
    if not evaluated[..., 0].all():
        raise ValueError("evaluated is False at the baseline; allowed: True, without a baseline there is no response.")
    gone = (size == 0) if target_gone is None else codes.flags(target_gone, "target_gone", size.shape)

    baseline = size[..., :1]
    measured = np.where(evaluated, size, np.iinfo(np.int64).max)
    nadir = np.concatenate([baseline, np.minimum.accumulate(measured, axis=-1)[..., :-1]], axis=-1)

    rise = size - nadir
    progressed = (100 * rise >= PD_RISE_PCT * nadir) & (rise >= round(PD_RISE_MM * 100))
    responded = 100 * (baseline - size) >= PR_FALL_PCT * baseline
    target = np.select([progressed, ~evaluated, gone, responded], [PD, NE, CR, PR], SD).astype(np.int8)
    if keep_response:
        ended = progressed | (non_target == codes.NON_TARGET_PD) | (new_lesion == codes.NEW_UNEQUIVOCAL)
        target = _kept(target, ended)

    has_target = np.broadcast_to(baseline > 0, size.shape)
    overall = _overall(np.where(has_target, target, NON_CR_NON_PD), non_target, new_lesion)
    target, overall = target.copy(), overall.copy()
    target[~has_target] = NON_CR_NON_PD
    target[..., 0] = overall[..., 0] = BASELINE
    return TimePoints(target, overall, codes.best_so_far(overall), nadir / 100)


def _kept(target, ended):
    """SD after a PR or CR, with no PD in between, reads PR: a response is lost by PD only."""
    visit = np.arange(target.shape[-1])
    last_response = np.maximum.accumulate(np.where((target == PR) | (target == CR), visit, -1), axis=-1)
    last_progression = np.maximum.accumulate(np.where(ended, visit, -1), axis=-1)
    return np.where((target == SD) & (last_response > last_progression), np.int8(PR), target)


def _overall(target, non_target, new_lesion):
    """Tables 1 and 2 of RECIST 1.1; target NON_CR_NON_PD stands for "no target lesions"."""
    no_target = target == NON_CR_NON_PD
    clear = (non_target == codes.NO_NON_TARGET) | (non_target == codes.NON_TARGET_CR)
    return np.select(
        [
            (target == PD) | (non_target == codes.NON_TARGET_PD) | (new_lesion == codes.NEW_UNEQUIVOCAL),
            no_target & (non_target == codes.NON_TARGET_CR),
            no_target & (non_target == codes.NON_TARGET_PRESENT),
            no_target | (target == NE),
            (target == CR) & clear,
            (target == CR) | (target == PR),
        ],
        [PD, CR, NON_CR_NON_PD, NE, CR, PR],
        SD,
    ).astype(np.int8)


def assess(readings, keep_response=True):
    """One patient as a pandas DataFrame, a row per visit; see `assess_rows` for columns and errors."""
    import pandas as pd  # only tables need pandas; the live page uses assess_rows

    return pd.DataFrame(assess_rows(readings, keep_response=keep_response))


def assess_rows(readings, keep_response=True) -> list[dict]:
    """RECIST 1.1 for one patient, a dict per visit, with the reason of each call.

    readings: DataFrame or list of dicts with visit, day, lesion, organ, role ("target" | "non_target" | "new"), node,
    diameter_mm, status (see `liverlab.reading.rows.collect` for values, defaults and refusals).
    Returns visit, day, sum_mm, change_from_baseline (%), change_from_nadir (%), target, non_target, new_lesion,
    overall, best, reason, progression_day. Percentages are None where there is nothing to divide by.
    """
    patient = rows.collect(readings)
    tp = time_points(
        patient.sum_mm, patient.non_target, patient.new_lesion, patient.evaluated, patient.target_gone, keep_response
    )
    table = []
    for k, (visit, day) in enumerate(zip(patient.visits, patient.days, strict=True)):
        size, first, low = (int(np.rint(v * 100)) for v in (patient.sum_mm[k], patient.sum_mm[0], tp.nadir_mm[k]))
        table.append(
            {
                "visit": visit,
                "day": day,
                "sum_mm": size / 100 if patient.evaluated[k] else None,
                "change_from_baseline": _percent(size, first) if patient.evaluated[k] else None,
                "change_from_nadir": _percent(size, low) if patient.evaluated[k] else None,
                "target": codes.label(tp.target[k]),
                "non_target": codes.NON_TARGET_LABELS[patient.non_target[k]],
                "new_lesion": codes.NEW_LESION_LABELS[patient.new_lesion[k]],
                "overall": codes.label(tp.overall[k]),
                "best": codes.label(tp.best[k]),
                "reason": _reason(patient, tp, k, size, first, low),
                "progression_day": patient.progression_day(k) if tp.overall[k] == PD else None,
            }
        )
    return table


def _percent(now, before):
    return 100 * (now - before) / before if before else None


def _reason(patient, tp, k, size, first, low):
    """One or a few short sentences with the numbers that decided."""
    if k == 0:
        return rows.baseline_reason(patient, first)
    overall = tp.overall[k]
    sentences = []
    if patient.new_lesion[k] == codes.NEW_UNEQUIVOCAL:
        names = rows.listed(patient.new_names(k, "unequivocal"))
        sentences.append(f"PD: {names} called unequivocally new; one new lesion is enough.")
        since = patient.progression_day(k)
        if since != patient.days[k] and patient.was_equivocal(since):
            sentences.append(f"Progression dates back to day {since:g}, when it was first seen and called equivocal.")
    elif patient.non_target[k] == codes.NON_TARGET_PD:
        sentences.append("PD: unequivocal progression of non-target lesions.")
    if sentences and tp.target[k] not in (PD, NON_CR_NON_PD):
        sentences.append(f"The targets alone would be {codes.label(tp.target[k])}:")
        sentences[-1] += " " + _target_sentence(patient, tp.target[k], k, size, first, low)
    elif tp.target[k] == NON_CR_NON_PD:
        if not sentences:
            seen = codes.NON_TARGET_LABELS[patient.non_target[k]]
            sentences.append(f"{codes.label(overall)}: no target lesions; non-target lesions: {seen}.")
    else:
        kept = overall == PR and tp.target[k] == PR and 100 * (first - size) < PR_FALL_PCT * first
        head = "PR kept" if kept else codes.label(overall)
        sentences.append(f"{head}: " + _target_sentence(patient, tp.target[k], k, size, first, low))
        if tp.target[k] == CR and overall == PR:
            sentences.append("Non-target lesions have not all vanished, so not CR.")
    if patient.new_lesion[k] == codes.NEW_EQUIVOCAL:
        sentences.append(rows.equivocal_sentence(patient.new_names(k, "equivocal")))
    return " ".join(sentences)


def _target_sentence(patient, target, k, size, first, low):
    mm, signed = codes.number_text, codes.signed_text
    if target == CR:
        return "all target lesions are gone" + (" (nodes below 10 mm)." if size else ".")
    if target == NE:
        return f"{rows.listed(patient.missing_targets(k))} could not be measured, so there is no sum."
    if low == 0:
        return f"{mm(size)} mm after complete disappearance; PD needs {PD_RISE_MM:g} mm."
    from_nadir = codes.percent_text(size, low, (PD_RISE_PCT,))
    needs = f"PD needs +{PD_RISE_PCT} % and {PD_RISE_MM:g} mm"
    place = "baseline" if low == first else "nadir"
    if target == PD:
        partial = "" if patient.evaluated[k] else " even without the lesions not measured"
        rise = f"{from_nadir} and {signed(size - low)} mm above the {place} of {mm(low)} mm"
        return f"{mm(size)} mm is {rise}{partial}; {needs}."
    from_baseline = codes.percent_text(size, first, (-PR_FALL_PCT,))
    if 100 * (first - size) >= PR_FALL_PCT * first and size <= low:
        return f"{mm(size)} mm is {from_baseline} from the baseline of {mm(first)} mm; PR needs -{PR_FALL_PCT} %."
    if 100 * (size - low) >= PD_RISE_PCT * low:
        return (
            f"{mm(size)} mm is {from_nadir} but only {signed(size - low)} mm above the {place} of {mm(low)} mm; "
            f"PD needs {PD_RISE_MM:g} mm."
        )
    if target == PR:
        return (
            f"{mm(size)} mm is {from_baseline} from baseline and {from_nadir} from the nadir of {mm(low)} mm; {needs}."
        )
    if low == first:
        return (
            f"{mm(size)} mm is {from_baseline} from the baseline of {mm(first)} mm; PR needs -{PR_FALL_PCT} %, {needs}."
        )
    return (
        f"{mm(size)} mm is {from_baseline} from the baseline of {mm(first)} mm and {from_nadir} from the nadir of "
        f"{mm(low)} mm; PR needs -{PR_FALL_PCT} %, {needs}."
    )
