"""RECIST 1.1: Eisenhauer 2009, Eur J Cancer 45:228-247, doi 10.1016/j.ejca.2008.10.026.

Which lesions are followed: `choose_targets`. Core on arrays: `time_points`. One patient, with reasons: `assess_rows`
(list of dicts) and `assess` (DataFrame). Once PR is reached it stays PR until PD (EORTC FAQ, recist.eortc.org);
`keep_response=False` is the strict alternative. Targets that reappear after a complete response are PD from 5 mm on;
the FAQ calls any malignant lesion that reappears after a certain CR PD, which is for the reader to say (`new_lesion`).
"""

from liverlab.reading import codes, rows, sums
from liverlab.reading.targets import choose_targets

__all__ = ["PD_RISE_MM", "PD_RISE_PCT", "PR_FALL_PCT", "RULE", "assess", "assess_rows", "choose_targets", "time_points"]

PR_FALL_PCT = 30
PD_RISE_PCT = 20
PD_RISE_MM = 5.0
RULE = sums.Rule(PR_FALL_PCT, PD_RISE_PCT, PD_RISE_MM)


def time_points(
    sum_mm,
    non_target="none",
    new_lesion="none",
    evaluated=True,
    target_gone=None,
    keep_response=True,
    days=None,
    confirm=False,
    min_sd_d=0,
) -> sums.TimePoints:
    """RECIST 1.1 response at every visit, for any number of patients at once.

    sum_mm (..., T): sum of target diameters, visit 0 is the baseline, 0..1000 mm, no NaN. A patient whose baseline
    sum is 0 has no target lesions and is judged by the non-targets alone.
    non_target: "none" (no such lesions), "CR", "non-CR/non-PD", "PD" or "NE", or an array of their codes.
    new_lesion: "none", "equivocal" (not counted) or "unequivocal" (PD), or an array of their codes.
    evaluated: False where a target could not be measured; sum_mm is then the sum of the others, the visit is NE (or
    PD if those others alone have grown enough) and does not count for the nadir.
    target_gone: True where every target has vanished and every target node is < 10 mm; default: the sum is 0.
    All of them broadcast to sum_mm.
    keep_response: SD after a response reads PR until PD.
    confirm: a response counts, and is kept, only from the next one at least 28 days later on, with no PD in between;
    asked for where response is the end point of a trial without a control arm.
    min_sd_d: SD sooner than that many days after baseline does not count as best response.
    days (T,) or (..., T): needed for these two.
    Returns `sums.TimePoints`: target, overall, best, nadir (mm). Visit 0 gets the code BASELINE; what comes after the
    first PD does not change the best response. ValueError names a bad argument.
    """
    size = codes.hundredths(sum_mm, "sum_mm", 0, codes.LARGEST_MM, "mm")
    codes.visits_last(size, "sum_mm")
    given = (non_target, new_lesion, evaluated, target_gone, keep_response, days, confirm, min_sd_d)
    return sums.time_points(RULE, size, *given)


def assess(readings, **options):
    """One patient as a pandas DataFrame, a row per visit; see `assess_rows` for columns and errors."""
    return rows.as_frame(assess_rows(readings, **options))


def assess_rows(readings, **options) -> list[dict]:
    """RECIST 1.1 for one patient, a dict per visit, with the reason of each call.

    readings: DataFrame or list of dicts with visit, day, lesion, organ, role ("target" | "non_target" | "new"), node,
    diameter_mm, status (see `liverlab.reading.rows.collect` for values, defaults and refusals).
    options: keep_response, confirm, min_sd_d as in `time_points`.
    Returns visit, day, sum_mm, change_from_baseline (%), change_from_nadir (%), target, non_target, new_lesion,
    overall, best, reason, progression_day. Percentages are None where there is nothing to divide by.
    """
    patient = rows.collect(readings)
    size = codes.hundredths(patient.sum_mm, "sum_mm", 0, codes.LARGEST_MM, "mm")
    tp = sums.of_patient(RULE, patient, size, **options)
    return sums.table(RULE, patient, size, tp)
