"""iRECIST: progression under immunotherapy has to be confirmed. Seymour 2017, Lancet Oncol 18:e143-152,
doi 10.1016/S1470-2045(17)30074-8; EORTC FAQ, recist.eortc.org.

RECIST progression reads iUPD (unconfirmed). A scan 4 weeks later or more confirms it, iCPD, if what progressed goes on:
target sum 5 mm or more above that of the iUPD (small steps add up), non-targets larger again, measured new lesions 5 mm
more in sum or others larger; or if something else progresses: another new lesion, or RECIST progression of targets or
non-targets that had not progressed. An earlier scan is disregarded, except that an additional new lesion together with
new symptoms confirms. Shrinkage to iSD, iPR or iCR resets the bar: the next progression is a first iUPD again. An iUPD
from a new lesion is reset only if something has shrunk since; without any change it stays iUPD.
Core on arrays: `time_points`. One patient, with reasons: `assess_rows` and `assess`.
"""

from dataclasses import dataclass

import numpy as np

from liverlab.reading import best, codes, reasons, recist, rows, sums, targets
from liverlab.reading.codes import BASELINE, CR, NE, NON_CR_NON_PD, PR, SD

IUPD, ICPD = codes.PD, 7
LABELS = ("NE", "iCR", "iPR", "iSD", "iUPD", "non-iCR/non-iUPD", "baseline", "iCPD")
BY_TARGET, BY_NON_TARGET, BY_NEW = 1, 2, 4  # bits of `TimePoints.cause`
CONFIRM_AFTER_D = best.CONFIRM_AFTER_D
FURTHER_MM = 5.0

# iCPD stands for progression in the best response; an iUPD counts only if nothing better or surer follows.
_RANK_OF_CODE = np.array([7, 1, 2, 3, 6, 4, 8, 5], dtype=np.int8)
_CODE_OF_RANK = np.array([0, 1, 2, 3, NON_CR_NON_PD, ICPD, IUPD, NE, BASELINE], dtype=np.int8)


@dataclass(frozen=True)
class TimePoints:
    """overall, best (..., T): codes of LABELS. cause (..., T): bits, what made an iUPD or iCPD. nadir_mm (..., T):
    smallest sum before the visit. first_iupd (..., T): number of the visit with the first iUPD of the open or confirmed
    progression, -1 where there is none; its day is the day of progression once it is confirmed. reset (..., T): the
    visit ends an unconfirmed progression.
    """

    overall: np.ndarray
    best: np.ndarray
    cause: np.ndarray
    nadir_mm: np.ndarray
    first_iupd: np.ndarray
    reset: np.ndarray


def time_points(
    sum_mm,
    days,
    non_target="none",
    new_count=0,
    new_mm=0.0,
    evaluated=True,
    target_gone=None,
    non_target_larger=False,
    new_change=0,
    symptoms=False,
) -> TimePoints:
    """iRECIST response at every visit, for any number of patients at once.

    sum_mm (..., T), non_target, evaluated, target_gone: as in `recist.time_points`; days (T,) or (..., T), rising.
    new_count: how many new lesions have been found so far, those that vanished again included. new_mm: sum of the
    diameters of the new lesions that are measured, mm. new_change: -1, 0 or 1, whether the other new lesions are
    smaller, the same or larger than at the scan before. non_target_larger: True where non-targets grew since the scan
    before, unequivocally or not. symptoms: True where new symptoms led to the scan. All broadcast to sum_mm. After iCPD
    every visit is iCPD. ValueError names a bad argument.
    """
    size = codes.visits_last(codes.hundredths(sum_mm, "sum_mm", 0, codes.LARGEST_MM, "mm"), "sum_mm")
    shape = size.shape
    days = codes.visit_days(days, shape)
    non_target = codes.coded(non_target, "non_target", codes.NON_TARGET_LABELS, shape)
    evaluated = codes.flags(evaluated, "evaluated", shape)
    gone = (size == 0) if target_gone is None else codes.flags(target_gone, "target_gone", shape)
    new_mm = codes.broadcast(codes.hundredths(new_mm, "new_mm", 0, codes.LARGEST_MM, "mm"), "new_mm", shape)
    new_count = _whole(new_count, "new_count", 0, 1000, shape)
    new_change = _whole(new_change, "new_change", -1, 1, shape)
    larger = codes.flags(non_target_larger, "non_target_larger", shape)
    symptoms = codes.flags(symptoms, "symptoms", shape)
    if not evaluated[..., 0].all():
        raise ValueError("evaluated is False at the baseline; allowed: True, without a baseline there is no response.")
    if (new_count[..., 0] > 0).any() or (np.diff(new_count, axis=-1) < 0).any():
        raise ValueError("new_count starts above 0 or falls; allowed: 0 at the baseline, then the number found so far.")

    lead, further = shape[:-1], round(FURTHER_MM * 100)
    overall, cause = np.full(shape, BASELINE, dtype=np.int8), np.zeros(shape, dtype=np.int8)
    first_iupd, reset = np.full(shape, -1), np.zeros(shape, dtype=bool)
    nadirs = np.empty(shape, dtype=np.int64)
    nadir, new_nadir = size[..., 0], np.full(lead, np.iinfo(np.int64).max)
    has_target = size[..., 0] > 0
    responded = 100 * (size[..., :1] - size) >= recist.RULE.pr_fall_pct * size[..., :1]
    opened, why, found = np.full(lead, -1), np.zeros(lead, dtype=np.int8), np.zeros(lead, dtype=int)
    done, held = np.zeros(lead, dtype=bool), np.zeros(lead, dtype=bool)
    nadirs[..., 0] = nadir
    at_iupd = {"day": days[..., 0], "size": size[..., 0], "new": new_mm[..., 0]}
    for k in range(1, shape[-1]):
        nadirs[..., k] = nadir
        now, new, seen = size[..., k], new_mm[..., k], evaluated[..., k]
        by_target = has_target & sums.progressed(recist.RULE, now, nadir)
        by_non_target = non_target[..., k] == codes.NON_TARGET_PD
        another = new_count[..., k] > found
        # New lesions that were let pass count again once they progress by RECIST's own rule.
        regrown = (found > 0) & sums.progressed(recist.RULE, new, np.minimum(new_nadir, new))

        # An open iUPD is confirmed, reset, or stays; an early scan can only confirm, and otherwise does not count.
        is_open = (opened >= 0) & ~done
        early = is_open & (days[..., k] - at_iupd["day"] < CONFIRM_AFTER_D)
        target_on = np.where(why & BY_TARGET > 0, now - at_iupd["size"] >= further, by_target)
        non_target_on = np.where(why & BY_NON_TARGET > 0, larger[..., k], by_non_target)
        new_larger = (new - at_iupd["new"] >= further) | (new_change[..., k] > 0)
        new_on = another | (why & BY_NEW > 0) & new_larger
        proof = np.where(early, BY_NEW * (another & symptoms[..., k]), _bits(target_on, non_target_on, new_on))
        confirmed = is_open & (proof > 0)
        shrunk = (now < at_iupd["size"]) | (new < at_iupd["new"]) | (new_change[..., k] < 0)
        settled = seen & ~by_target & ~by_non_target & ((why & BY_NEW == 0) | shrunk)
        resets = is_open & ~confirmed & ~early & settled
        stays = is_open & ~confirmed & ~resets
        fresh = _bits(by_target, by_non_target, another | regrown)
        starts = ~is_open & ~done & (fresh > 0)

        target = np.select([~has_target, ~seen, gone[..., k], responded[..., k]], [NON_CR_NON_PD, NE, CR, PR], SD)
        plain = sums.overall_response(target, non_target[..., k], np.zeros(lead, dtype=np.int8))
        plain = np.where(held & (plain == SD), PR, plain)
        waiting = np.where(seen | early | by_target | by_non_target, IUPD, NE)
        overall[..., k] = np.select([done | confirmed, stays, starts], [ICPD, waiting, IUPD], plain)
        cause[..., k] = np.select([done, confirmed, stays, starts], [cause[..., k - 1], proof, why, fresh], 0)
        reset[..., k] = resets

        held = ~starts & ~stays & (held | (plain == PR) | (plain == CR))
        opened = np.where(starts, k, np.where(resets, -1, opened))
        why = np.where(starts, fresh, np.where(resets, 0, why)).astype(np.int8)
        here = {"day": days[..., k], "size": now, "new": new}
        at_iupd = {name: np.where(starts, value, at_iupd[name]) for name, value in here.items()}
        done |= confirmed
        first_iupd[..., k] = opened
        counts = ~early | confirmed
        found = np.where(counts, new_count[..., k], found)
        nadir = np.where(counts & seen, np.minimum(nadir, now), nadir)
        new_nadir = np.where(counts & (found > 0), np.minimum(new_nadir, new), new_nadir)
    answer = _CODE_OF_RANK[np.minimum.accumulate(_RANK_OF_CODE[overall], axis=-1)]
    return TimePoints(overall, answer, cause, nadirs / 100, first_iupd, reset)


def _bits(by_target, by_non_target, by_new):
    return BY_TARGET * by_target + BY_NON_TARGET * by_non_target + BY_NEW * by_new


def _whole(values, name, low, high, shape):
    values = np.asarray(values)
    bad = ~((values >= low) & (values <= high) & (values == np.rint(values)))
    if bad.any():
        raise ValueError(f"{name} is {values[bad].flat[0]:g}; allowed: a whole number of {low} to {high}.")
    return codes.broadcast(values.astype(int), name, shape)


def assess(readings):
    """One patient as a pandas DataFrame, a row per visit; see `assess_rows`."""
    return rows.as_frame(assess_rows(readings))


def assess_rows(readings) -> list[dict]:
    """iRECIST for one patient, a dict per visit, with the reason of each call.

    readings: as in `recist.assess_rows`. A new lesion is measured if it was 10 mm (a node 15 mm) or more when first
    called unequivocal; of others, and of non-targets, `change` says "smaller", "same" or "larger" than at the scan
    before (default: by diameter_mm where both scans have one, else "same"). symptoms (True on any row of a visit): new
    symptoms led to the scan.
    Returns visit, day, sum_mm, change_from_baseline (%), change_from_nadir (%), non_target, new_count, overall, best,
    reason, progression_day (day of the first iUPD of a confirmed progression).
    """
    patient = rows.collect(readings, flags=("symptoms",))
    found = _follow_new(patient)
    tp = time_points(
        patient.sum_mm,
        patient.days,
        patient.non_target,
        evaluated=patient.evaluated,
        target_gone=patient.target_gone,
        symptoms=patient.flags["symptoms"],
        **found,
    )
    return _table(patient, found, tp)


def _follow_new(patient):
    """new_count, new_mm, new_change and non_target_larger (T,) of a patient of `rows.collect`."""
    visits = len(patient.visits)
    new_count, new_mm = np.zeros(visits, int), np.zeros(visits)
    new_change, larger = np.zeros(visits, int), np.zeros(visits, bool)
    for name in dict.fromkeys(lesion for lesion, _ in patient.table):
        course = [patient.table.get((name, visit)) for visit in patient.visits]
        role = next(row["role"] for row in course if row)
        if role == "non_target":
            larger |= np.array([k > 0 and _change(course, k) > 0 for k in range(visits)])
        if role != "new":
            continue
        first = next((k for k in range(visits) if name in patient.new_names(k, "unequivocal")), None)
        if first is None:
            continue
        new_count[first:] += 1
        size = course[first]["diameter_mm"]
        if size is not None and size >= targets.smallest_target_mm(course[first]["node"]):
            for k in range(first, visits):
                size = size if course[k] is None or course[k]["diameter_mm"] is None else course[k]["diameter_mm"]
                new_mm[k] += size
        else:
            for k in range(first + 1, visits):
                change = _change(course, k)
                new_change[k] = change if new_change[k] == 0 else max(change, new_change[k])
    return {"new_count": new_count, "new_mm": new_mm, "new_change": new_change, "non_target_larger": larger}


def _change(course, k):
    """-1, 0 or 1: how a lesion has changed since the scan before, by the reader's word or by its diameters."""
    now, before = course[k], course[k - 1]
    if now is None:
        return 0
    if now["change"] != "same":
        return {"smaller": -1, "larger": 1}[now["change"]]
    sizes = [row and row["diameter_mm"] for row in (before, now)]
    return 0 if None in sizes else int(np.sign(round(100 * (sizes[1] - sizes[0]))))


def _table(patient, found, tp):
    """One row a visit; see `assess_rows`."""
    size = np.rint(patient.sum_mm * 100).astype(int)
    low = np.rint(tp.nadir_mm * 100).astype(int)
    answer = []
    for k, (visit, day) in enumerate(zip(patient.visits, patient.days, strict=True)):
        seen = bool(patient.evaluated[k])
        answer.append(
            {
                "visit": visit,
                "day": day,
                "sum_mm": size[k] / 100 if seen else None,
                "change_from_baseline": 100 * (size[k] - size[0]) / size[0] if seen and size[0] else None,
                "change_from_nadir": 100 * (size[k] - low[k]) / low[k] if seen and low[k] else None,
                "non_target": codes.NON_TARGET_LABELS[patient.non_target[k]],
                "new_count": int(found["new_count"][k]),
                "overall": codes.label(tp.overall[k], LABELS),
                "best": codes.label(tp.best[k], LABELS),
                "reason": _reason(patient, found, tp, k, size, low),
                "progression_day": patient.days[tp.first_iupd[k]] if tp.overall[k] == ICPD else None,
            }
        )
    return answer


def _reason(patient, found, tp, k, size, low):
    if k == 0:
        return reasons.baseline(patient, f"{codes.number_text(size[0])} mm")
    call, first = tp.overall[k], tp.first_iupd[k]
    head = codes.label(call, LABELS)
    if call == ICPD:
        since = patient.days[first]
        if tp.overall[k - 1] == ICPD:
            return f"iCPD: progression was confirmed before; it dates from day {since:g}."
        later = f"{patient.days[k] - since:g} days after the iUPD of day {since:g}"
        return f"iCPD: {_causes(patient, found, tp, k, size, low, first)}, {later}: confirmed."
    if call == IUPD and first == k:
        due = patient.days[k] + CONFIRM_AFTER_D
        return f"iUPD: {_causes(patient, found, tp, k, size, low, None)}. To be confirmed from day {due:g} on."
    if first >= 0:
        return f"{head}: {_still_open(patient, found, k, size, first)}"
    said = [f"{head}: {_target_text(patient, k, size, low)}."]
    if tp.reset[k]:
        said.append("The unconfirmed progression was not confirmed: the bar is reset.")
    return " ".join(said + reasons.equivocal(patient, k))


def _causes(patient, found, tp, k, size, low, first):
    """What progressed at visit k; against the first iUPD (`first`) where that is already open."""
    said, cause = [], tp.cause[k]
    if cause & BY_TARGET:
        grew_on = first is not None and tp.cause[first] & BY_TARGET
        before, word = (size[first], "iUPD") if grew_on else (low[k], "nadir")
        rise = f"{codes.signed_text(size[k] - before)} mm above the {word} of {codes.number_text(before)} mm"
        percent = f"{codes.percent_text(size[k], before, (20,))} and " if before and not grew_on else ""
        needs = f"needs {FURTHER_MM:g} mm" if grew_on else "needs +20 % and 5 mm"
        said.append(f"{codes.number_text(size[k])} mm is {percent}{rise} ({needs})")
    if cause & BY_NON_TARGET:
        again = first is not None and tp.cause[first] & BY_NON_TARGET
        said.append("non-target lesions are larger again" if again else "unequivocal progression of non-target lesions")
    if cause & BY_NEW:
        said.append(_new_text(patient, found, k, first))
    return reasons.listed(said)


def _new_text(patient, found, k, first):
    """What the new lesions did: named when they appear, measured when they grow."""
    start = k - 1 if first is None else first
    if found["new_count"][k] > found["new_count"][start]:
        known = {name for visit in range(1, start + 1) for name in patient.new_names(visit, "unequivocal")}
        names = [name for name in patient.new_names(k, "unequivocal") if name not in known]
        what = reasons.listed(names) if names else f"{found['new_count'][k] - found['new_count'][start]} since then"
        return f"{what} {'is' if len(names) == 1 else 'are'} {'also ' if first is not None else ''}new"
    rise = round(100 * (found["new_mm"][k] - found["new_mm"][start]))
    if rise >= 100 * FURTHER_MM:
        return f"the measured new lesions have grown by {codes.number_text(rise)} mm (needs {FURTHER_MM:g} mm)"
    return "new lesions are larger than before"


def _still_open(patient, found, k, size, first):
    since, gap = patient.days[first], patient.days[k] - patient.days[first]
    if gap < CONFIRM_AFTER_D:
        return (
            f"only {gap:g} days after the iUPD of day {since:g}; before {CONFIRM_AFTER_D} days only an "
            "additional new lesion with new symptoms confirms it, so this scan does not count."
        )
    if not patient.evaluated[k]:
        return f"{reasons.unmeasured(patient, k)}; the iUPD of day {since:g} stays open."
    rise = f"the target sum is {codes.signed_text(size[k] - size[first])} mm on it"
    if found["new_count"][first]:
        grown = round(100 * (found["new_mm"][k] - found["new_mm"][first]))
        rise += f", the measured new lesions {codes.signed_text(grown)} mm"
    return (
        f"the iUPD of day {since:g} is neither confirmed nor reset; {rise}; "
        f"iCPD needs {FURTHER_MM:g} mm or growth of what progressed."
    )


def _target_text(patient, k, size, low):
    if not patient.evaluated[k]:
        return f"{reasons.unmeasured(patient, k)}, so there is no sum"
    if size[0] == 0:
        return f"no target lesions; non-target lesions: {codes.NON_TARGET_LABELS[patient.non_target[k]]}"
    now = f"{codes.number_text(size[k])} mm is {codes.percent_text(size[k], size[0], (-30,))} from baseline"
    return f"{now} and {codes.percent_text(size[k], low[k], (20,))} from the nadir" if low[k] else now
