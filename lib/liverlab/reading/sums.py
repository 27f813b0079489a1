"""Criteria that follow a sum: response by its fall from baseline, progression by its rise above the nadir.

RECIST 1.1, mRECIST, WHO and EASL differ in what is summed and in the limits (`Rule`); everything else is written here
once: nadir, kept response, non-target and new lesions, the tables of overall response, the reasons. Sizes are integers
of 1/scale unit, so that every comparison is exact.
"""

from dataclasses import dataclass

import numpy as np

from liverlab.reading import best, codes, reasons
from liverlab.reading.codes import BASELINE, CR, NE, NON_CR_NON_PD, PD, PR, SD


@dataclass(frozen=True)
class Rule:
    """Limits of one criterion. pd_rise: smallest rise that counts, in `unit`; scale: integers per unit.

    gone: what the report says of a complete response of the targets.
    """

    pr_fall_pct: int
    pd_rise_pct: int
    pd_rise: float = 0.0
    unit: str = "mm"
    scale: int = 100
    gone: str = "all target lesions are gone"
    limits: bool = True  # whether RECIST's limits on number and size of targets apply

    @property
    def pd_needs(self):
        """What progression of the targets takes, as text."""
        absolute = f" and {self.pd_rise:g} {self.unit}" if self.pd_rise else ""
        return f"PD needs +{self.pd_rise_pct} %{absolute}"

    def text(self, size):
        """A size with its unit, as text."""
        return f"{codes.number_text(size, self.scale)} {self.unit}"


@dataclass(frozen=True)
class TimePoints:
    """Codes (..., T) of `liverlab.reading.codes`; nadir (..., T): smallest sum before each visit, in the sum's unit."""

    target: np.ndarray
    overall: np.ndarray
    best: np.ndarray
    nadir: np.ndarray


def time_points(
    rule,
    size,
    non_target="none",
    new_lesion="none",
    evaluated=True,
    target_gone=None,
    keep_response=True,
    days=None,
    confirm=False,
    min_sd_d=0,
    one_grown=False,
) -> TimePoints:
    """Response by `rule` at every visit, for any number of patients at once; arguments as in `recist.time_points`.

    size (..., T): sums as integers of 1/rule.scale unit. one_grown (..., T): True where a single lesion has grown
    enough to be progression whatever the sum does (WHO).
    """
    shape = codes.visits_last(size, "sum").shape
    non_target = codes.coded(non_target, "non_target", codes.NON_TARGET_LABELS, shape)
    new_lesion = codes.coded(new_lesion, "new_lesion", codes.NEW_LESION_LABELS, shape)
    evaluated = codes.flags(evaluated, "evaluated", shape)
    if not evaluated[..., 0].all():
        raise ValueError("evaluated is False at the baseline; allowed: True, without a baseline there is no response.")
    gone = (size == 0) if target_gone is None else codes.flags(target_gone, "target_gone", shape)
    elapsed_d = _elapsed_d(days, shape, confirm, min_sd_d)

    nadir = _nadir(size, evaluated)
    grown = progressed(rule, size, nadir) | codes.flags(one_grown, "one_grown", shape)
    responded = 100 * (size[..., :1] - size) >= rule.pr_fall_pct * size[..., :1]
    has_target = np.broadcast_to(size[..., :1] > 0, shape)
    target = np.select([~has_target, grown, ~evaluated, gone, responded], [NON_CR_NON_PD, PD, NE, CR, PR], SD)
    met = overall_response(target, non_target, new_lesion)
    met[..., 0] = BASELINE

    held = best.confirmed(met, elapsed_d) if confirm else np.where((met == CR) | (met == PR), met, 0)
    if keep_response:
        target = _kept(target, held > 0, met == PD)
    overall = overall_response(target, non_target, new_lesion)
    target[..., 0] = overall[..., 0] = BASELINE
    timed = confirm or min_sd_d
    best_code = best.with_confirmation(overall, held, elapsed_d, min_sd_d) if timed else best.so_far(overall)
    return TimePoints(target.astype(np.int8), overall, best_code, nadir / rule.scale)


def _elapsed_d(days, shape, confirm, min_sd_d):
    if days is None and (confirm or min_sd_d):
        raise ValueError("days is missing; allowed: the day of every visit, when confirm or min_sd_d asks for time.")
    if not min_sd_d >= 0:
        raise ValueError(f"min_sd_d is {min_sd_d:g} days; allowed: 0 days or more.")
    if days is None:
        return None
    days = codes.visit_days(days, shape)
    return days - days[..., :1]


def _nadir(size, evaluated):
    measured = np.where(evaluated, size, np.iinfo(np.int64).max)
    return np.concatenate([size[..., :1], np.minimum.accumulate(measured, axis=-1)[..., :-1]], axis=-1)


def progressed(rule, size, nadir):
    """Whether sizes have risen by the rule above their nadir."""
    rise = size - nadir
    # Without an absolute limit a rise still has to be one: 0 is "+20 %" of 0.
    return (100 * rise >= rule.pd_rise_pct * nadir) & (rise >= max(1, round(rule.pd_rise * rule.scale)))


def single_lesions_grown(rule, sizes, measured):
    """(..., L, T): which lesions of sizes (..., L, T) have risen by the rule above their own nadir."""
    return measured & progressed(rule, sizes, _nadir(sizes, measured))


def _kept(target, held, ended):
    """SD after a response, with no PD in between, reads PR: a response is lost by PD only."""
    visit = np.arange(target.shape[-1])
    last_response = np.maximum.accumulate(np.where(held, visit, -1), axis=-1)
    last_progression = np.maximum.accumulate(np.where(ended, visit, -1), axis=-1)
    return np.where((target == SD) & (last_response > last_progression), PR, target)


def overall_response(target, non_target, new_lesion):
    """Tables 1 and 2 of RECIST 1.1 on codes; target NON_CR_NON_PD stands for "no target lesions"."""
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


def of_patient(rule, patient, size, **options) -> TimePoints:
    """`time_points` of a patient of `rows.collect`; size (T,) as there."""
    options = {"target_gone": patient.target_gone} | options
    given = (patient.non_target, patient.new_lesion, patient.evaluated)
    return time_points(rule, size, *given, days=patient.days, **options)


def table(rule, patient, size, tp, grown=()) -> list[dict]:
    """One row a visit for a patient of `rows.collect`; size (T,) as in `time_points`; see `recist.assess_rows`.

    grown: for every visit the sentence about a single lesion that has grown enough, or "".
    """
    column = f"sum_{rule.unit.replace('²', '2')}"
    answer = []
    for k, (visit, day) in enumerate(zip(patient.visits, patient.days, strict=True)):
        low = int(np.rint(tp.nadir[k] * rule.scale))
        now = int(size[k]) if patient.evaluated[k] else None
        answer.append(
            {
                "visit": visit,
                "day": day,
                column: None if now is None else now / rule.scale,
                "change_from_baseline": _percent(now, int(size[0])),
                "change_from_nadir": _percent(now, low),
                "target": codes.label(tp.target[k]),
                "non_target": codes.NON_TARGET_LABELS[patient.non_target[k]],
                "new_lesion": codes.NEW_LESION_LABELS[patient.new_lesion[k]],
                "overall": codes.label(tp.overall[k]),
                "best": codes.label(tp.best[k]),
                "reason": _reason(rule, patient, tp, k, (int(size[k]), int(size[0]), low), grown[k] if grown else ""),
                "progression_day": patient.progression_day(k) if tp.overall[k] == PD else None,
            }
        )
    return answer


def _percent(now, before):
    return 100 * (now - before) / before if before and now is not None else None


def _reason(rule, patient, tp, k, sizes, grown):
    """One or a few short sentences with the numbers that decided."""
    size, first, _ = sizes
    if k == 0:
        return reasons.baseline(patient, rule.text(first), limits=rule.limits)
    overall, target = tp.overall[k], tp.target[k]
    said = reasons.elsewhere(patient, k)
    if said and target not in (PD, NON_CR_NON_PD):
        said.append(
            f"The targets alone would be {codes.label(target)}: {_target_sentence(rule, patient, tp, k, sizes)}"
        )
    elif target == NON_CR_NON_PD:
        if not said:
            seen = codes.NON_TARGET_LABELS[patient.non_target[k]]
            said.append(f"{codes.label(overall)}: no target lesions; non-target lesions: {seen}.")
    elif grown:
        said.append(f"PD: {grown}")
    else:
        kept = overall == PR and target == PR and 100 * (first - size) < rule.pr_fall_pct * first
        head = "PR kept" if kept else codes.label(overall)
        said.append(f"{head}: {_target_sentence(rule, patient, tp, k, sizes)}")
        if target == CR and overall == PR:
            said.append("Non-target lesions have not all vanished, so not CR.")
    return " ".join(said + reasons.equivocal(patient, k))


def _target_sentence(rule, patient, tp, k, sizes):
    size, first, low = sizes
    target, now = tp.target[k], rule.text(size)
    rise = f"{codes.signed_text(size - low, rule.scale)} {rule.unit}"
    if target == CR:
        return rule.gone + (" (nodes below 10 mm)." if size else ".")
    if target == NE:
        return f"{reasons.unmeasured(patient, k)}, so there is no sum."
    if low == 0:
        needs = f"PD needs {rule.pd_rise:g} {rule.unit}" if rule.pd_rise else "any regrowth is PD"
        return f"{now} after complete disappearance; {needs}."
    from_nadir = codes.percent_text(size, low, (rule.pd_rise_pct,))
    place = f"{'baseline' if low == first else 'nadir'} of {rule.text(low)}"
    if target == PD:
        partial = "" if patient.evaluated[k] else " even without the lesions not measured"
        return f"{now} is {from_nadir} and {rise} above the {place}{partial}; {rule.pd_needs}."
    from_baseline = codes.percent_text(size, first, (-rule.pr_fall_pct,))
    if 100 * (first - size) >= rule.pr_fall_pct * first and size <= low:
        return f"{now} is {from_baseline} from the baseline of {rule.text(first)}; PR needs -{rule.pr_fall_pct} %."
    if 100 * (size - low) >= rule.pd_rise_pct * low:
        return f"{now} is {from_nadir} but only {rise} above the {place}; PD needs {rule.pd_rise:g} {rule.unit}."
    if target == PR:
        return f"{now} is {from_baseline} from baseline and {from_nadir} from the {place}; {rule.pd_needs}."
    also = "" if low == first else f" and {from_nadir} from the {place}"
    return (
        f"{now} is {from_baseline} from the baseline of {rule.text(first)}{also}; "
        f"PR needs -{rule.pr_fall_pct} %, {rule.pd_needs}."
    )
