"""PERCIST 1.0: response on FDG PET. Wahl 2009, J Nucl Med 50 Suppl 1:122S-150S, doi 10.2967/jnumed.108.057307.

SULpeak is the mean of a 1 mL sphere at the hottest place, normalised to lean body mass; the hottest lesion counts and
need not be the same at each scan. At baseline it must exceed 1.5 x mean + 2 SD of the liver (2 x mean + 2 SD of the
blood pool when the liver is diseased). CMR: below the mean of the liver and like the tissue around. PMR: -30 % and at
least -0.8. PMD: +30 % and at least +0.8 from baseline, or total lesion glycolysis +75 %, or a new lesion. Scans compare
only if the liver does (within 20 % and 0.3 SUL of the baseline). Tables on the web that print 8 SUV or 1 SUL are wrong.
Core on arrays: `time_points`. One patient, with reasons: `assess_rows` and `assess`.
"""

from dataclasses import dataclass

import numpy as np

from liverlab.reading import best, codes, reasons, rows
from liverlab.reading.codes import BASELINE, CR, NE, PD, PR, SD

LABELS = ("NE", "CMR", "PMR", "SMD", "PMD", "", "baseline")
# reference tissue -> factor of its mean that the hottest lesion must exceed at baseline, 2 SD on top.
REFERENCES = {"liver": 1.5, "blood pool": 2.0}
CHANGE_PCT, CHANGE_SUL = 30, 0.8
TLG_RISE_PCT = 75
COMPARABLE_PCT, COMPARABLE_SUL = 20, 0.3


@dataclass(frozen=True)
class TimePoints:
    """Codes (..., T): overall, best; comparable (..., T): liver as at baseline; measurable (...): hot enough then."""

    overall: np.ndarray
    best: np.ndarray
    comparable: np.ndarray
    measurable: np.ndarray


def time_points(
    sul_peak,
    liver_sul_mean,
    liver_sul_sd,
    tlg=None,
    new_lesion="none",
    non_target="none",
    evaluated=True,
    like_background=True,
    reference="liver",
) -> TimePoints:
    """PERCIST response at every visit, for any number of patients at once.

    sul_peak (..., T): SULpeak of the hottest lesion, 0..1000, visit 0 is the baseline. liver_sul_mean, liver_sul_sd
    (..., T): reference tissue at each visit. tlg (..., T): total lesion glycolysis, or None. new_lesion, non_target,
    evaluated: as in `recist.time_points`; like_background: False where uptake below the liver still stands out.
    reference: "liver" or "blood pool". Codes of `liverlab.reading.codes`, words in LABELS. NE where a scan is not
    comparable or the baseline was not hot enough, unless new lesions or non-targets make it PMD.
    """
    if reference not in REFERENCES:
        raise ValueError(f"reference is {reference!r}; allowed: {' or '.join(REFERENCES)}.")
    peak = codes.visits_last(codes.hundredths(sul_peak, "sul_peak", 0, 1000, "SUL"), "sul_peak")
    liver = codes.hundredths(liver_sul_mean, "liver_sul_mean", 0.01, 100, "SUL")
    liver = codes.broadcast(liver, "liver_sul_mean", peak.shape)
    spread = codes.broadcast(codes.hundredths(liver_sul_sd, "liver_sul_sd", 0, 100, "SUL"), "liver_sul_sd", peak.shape)
    new_lesion = codes.coded(new_lesion, "new_lesion", codes.NEW_LESION_LABELS, peak.shape)
    non_target = codes.coded(non_target, "non_target", codes.NON_TARGET_LABELS, peak.shape)
    evaluated = codes.flags(evaluated, "evaluated", peak.shape)

    first, shift = peak[..., :1], np.abs(liver - liver[..., :1])
    comparable = (100 * shift <= COMPARABLE_PCT * liver[..., :1]) & (shift <= 100 * COMPARABLE_SUL)
    measurable = 2 * peak[..., 0] >= round(2 * REFERENCES[reference]) * liver[..., 0] + 4 * spread[..., 0]
    judged = evaluated & comparable & measurable[..., None]
    rise = peak - first
    hotter = (100 * rise >= CHANGE_PCT * first) & (rise >= 100 * CHANGE_SUL)
    cooler = (-100 * rise >= CHANGE_PCT * first) & (-rise >= 100 * CHANGE_SUL)
    if tlg is not None:
        load = codes.broadcast(codes.hundredths(tlg, "tlg", 0, 1e6, "mL"), "tlg", peak.shape)
        hotter |= (load > load[..., :1]) & (100 * (load - load[..., :1]) >= TLG_RISE_PCT * load[..., :1])
    elsewhere = (new_lesion == codes.NEW_UNEQUIVOCAL) | (non_target == codes.NON_TARGET_PD)
    clear = (non_target == codes.NO_NON_TARGET) | (non_target == codes.NON_TARGET_CR)
    cold = (peak < liver) & codes.flags(like_background, "like_background", peak.shape)
    overall = np.select([(hotter & judged) | elsewhere, ~judged, cold & clear, cooler], [PD, NE, CR, PR], SD)
    overall = overall.astype(np.int8)
    overall[..., 0] = BASELINE
    return TimePoints(overall, best.so_far(overall), comparable, measurable)


def assess(readings, reference="liver"):
    """One patient as a pandas DataFrame, a row per visit; see `assess_rows`."""
    return rows.as_frame(assess_rows(readings, reference))


def assess_rows(readings, reference="liver") -> list[dict]:
    """PERCIST for one patient, a dict per visit: visit, day, sul_peak, change (%), new_lesion, overall, best, reason.

    readings: as in `recist.assess_rows`, targets with sul_peak instead of a diameter, and on at least one row of every
    visit liver_sul_mean and liver_sul_sd (reference tissue). Optionally tlg on every target, and stands_out (True:
    below the liver but brighter than its surroundings).
    """
    readings = rows.as_dicts(readings)
    with_tlg = any(not rows.missing(row.get("tlg")) for row in readings)
    sizes = ("sul_peak", "tlg") if with_tlg else ("sul_peak",)
    patient = rows.collect(readings, sizes, flags=("stands_out",), per_visit=("liver_sul_mean", "liver_sul_sd"))
    if not patient.targets:
        raise ValueError("readings has no target; allowed: at least one lesion with role target and a sul_peak.")
    hottest = np.where(patient.measured, patient.columns["sul_peak"], 0.0)
    peak = hottest.max(axis=0)
    liver, spread = patient.columns["liver_sul_mean"], patient.columns["liver_sul_sd"]
    tlg = np.where(patient.measured, patient.columns["tlg"], 0.0).sum(axis=0) if with_tlg else None
    given = (tlg, patient.new_lesion, patient.non_target, patient.evaluated, ~patient.flags["stands_out"], reference)
    tp = time_points(peak, liver, spread, *given)
    names = [patient.targets[i] for i in hottest.argmax(axis=0)]
    numbers = {"peak": np.rint(peak * 100).astype(int), "liver": np.rint(liver * 100).astype(int), "tlg": tlg}
    return [
        {
            "visit": visit,
            "day": patient.days[k],
            "sul_peak": peak[k] if patient.evaluated[k] else None,
            "change": 100 * (peak[k] - peak[0]) / peak[0] if patient.evaluated[k] and peak[0] else None,
            "new_lesion": codes.NEW_LESION_LABELS[patient.new_lesion[k]],
            "overall": codes.label(tp.overall[k], LABELS),
            "best": codes.label(tp.best[k], LABELS),
            "reason": _reason(patient, tp, k, numbers, names[k], reference),
        }
        for k, visit in enumerate(patient.visits)
    ]


def _reason(patient, tp, k, numbers, hottest, reference):
    peak, liver, text = numbers["peak"], numbers["liver"], codes.number_text
    if k == 0:
        hot = "can" if tp.measurable else "is too faint to"
        bar = f"{REFERENCES[reference]:g} x mean + 2 SD of the {reference}"
        return f"Baseline: {hottest} is hottest, SULpeak {text(peak[0])}; it {hot} be followed ({bar})."
    said = [sentence.replace("PD:", "PMD:") for sentence in reasons.elsewhere(patient, k)]
    head = "" if said else f"{codes.label(tp.overall[k], LABELS)}: "
    if not patient.evaluated[k]:
        return " ".join([*said, f"{head}{reasons.unmeasured(patient, k)}."])
    if not tp.measurable:
        return " ".join([*said, f"{head}the baseline uptake was too faint to be followed."])
    if not tp.comparable[k]:
        shift = f"{reference} {text(liver[0])} to {text(liver[k])}"
        limits = f"{COMPARABLE_PCT} % and {COMPARABLE_SUL} SUL"
        return " ".join([*said, f"{head}the scans do not compare ({shift}; allowed: within {limits})."])
    change = codes.percent_text(peak[k], peak[0], (-CHANGE_PCT, CHANGE_PCT))
    numbers_text = f"SULpeak {change}, {codes.signed_text(peak[k] - peak[0])} ({text(peak[0])} to {text(peak[k])})"
    if tp.overall[k] == CR:
        numbers_text += f", below the {reference}'s {text(liver[k])}"
    if numbers["tlg"] is not None and numbers["tlg"][0] > 0:
        numbers_text += f", TLG {100 * (numbers['tlg'][k] / numbers['tlg'][0] - 1):+.1f} %"
    needs = f"a change needs {CHANGE_PCT} % and {CHANGE_SUL} SUL"
    return " ".join([*said, f"{head}{hottest} is hottest, {numbers_text}; {needs}."])
