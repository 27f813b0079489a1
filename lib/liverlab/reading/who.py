"""WHO criteria: products of two diameters. Miller 1981, Cancer 47:207-214.

Every lesion counts by its longest diameter times the longest one perpendicular to it. CR: all gone. PR: sum of the
products -50 % from baseline, which the paper wants seen twice, 4 weeks apart (`confirm=True`). PD: +25 % in one or more
lesions, or a new lesion; many later papers apply the +25 % to the sum (`one_lesion=False`). Measured from the nadir.
The same arithmetic serves `easl`, on enhancing tissue.
"""

import numpy as np

from liverlab.reading import codes, rows, sums

RULE = sums.Rule(pr_fall_pct=50, pd_rise_pct=25, unit="mm²", scale=10_000, limits=False)


def time_points(
    longest_mm, perpendicular_mm, non_target="none", new_lesion="none", measured=True, one_lesion=True, **options
):
    """WHO response at every visit, for any number of patients at once.

    longest_mm, perpendicular_mm (..., L, T): the two diameters of every lesion, mm, 0 where it is gone; visit 0 is the
    baseline. measured (..., L, T): False where a lesion could not be measured; the visit is NE unless the others make
    it PD. one_lesion: whether +25 % in a single lesion is PD. non_target, new_lesion and options (keep_response, days,
    confirm, min_sd_d) and the answer as in `recist.time_points`, nadir in mm².
    """
    return by_products(
        RULE, products(longest_mm, perpendicular_mm), non_target, new_lesion, measured, one_lesion, **options
    )


def products(longest_mm, perpendicular_mm):
    """Exact products (..., L, T) in 1/10,000 mm²; ValueError for a bad size or a longer perpendicular diameter."""
    longest = codes.hundredths(longest_mm, "longest_mm", 0, codes.LARGEST_MM, "mm")
    across = codes.hundredths(perpendicular_mm, "perpendicular_mm", 0, codes.LARGEST_MM, "mm")
    if longest.ndim < 2 or longest.size == 0 or longest.shape != across.shape:
        raise ValueError(
            f"longest_mm and perpendicular_mm have shapes {longest.shape} and {across.shape}; "
            "allowed: the same shape, lesions and visits on the last two axes."
        )
    if (across > longest).any():
        at = np.argmax((across > longest).ravel())
        raise ValueError(
            f"perpendicular_mm is {across.flat[at] / 100:g} mm beside longest_mm of {longest.flat[at] / 100:g} mm; "
            "allowed: at most as long."
        )
    return longest * across


def by_products(rule, sizes, non_target, new_lesion, measured, one_lesion, **options):
    """Response of lesions (..., L, T) by their sum and, with one_lesion, by each of them."""
    measured = codes.flags(measured, "measured", sizes.shape)
    grown = sums.single_lesions_grown(rule, sizes, measured).any(axis=-2) if one_lesion else False
    total = np.where(measured, sizes, 0).sum(axis=-2)
    return sums.time_points(rule, total, non_target, new_lesion, measured.all(axis=-2), one_grown=grown, **options)


def assess(readings, **options):
    """One patient as a pandas DataFrame, a row per visit; see `assess_rows`."""
    return rows.as_frame(assess_rows(readings, **options))


def assess_rows(readings, one_lesion=True, **options) -> list[dict]:
    """WHO criteria for one patient: as `recist.assess_rows`, targets with diameter_mm and perpendicular_mm; sum_mm2."""
    return rows_by_products(RULE, readings, ("diameter_mm", "perpendicular_mm"), one_lesion, **options)


def rows_by_products(rule, readings, diameters, one_lesion, **options):
    """The table of a criterion that sums products of two columns of the readings."""
    patient = rows.collect(readings, sizes=diameters)
    both = [np.where(patient.measured, patient.columns[name], 0.0) for name in diameters]
    sizes = products(*both) if patient.targets else np.zeros((0, len(patient.visits)), dtype=np.int64)
    grown = sums.single_lesions_grown(rule, sizes, patient.measured) if one_lesion else np.zeros(sizes.shape, bool)
    total = sizes.sum(axis=0)
    tp = sums.of_patient(rule, patient, total, target_gone=None, one_grown=grown.any(axis=0), **options)
    said = [_grown_sentence(rule, patient, sizes, grown, k) for k in range(len(patient.visits))]
    return sums.table(rule, patient, total, tp, said)


def _grown_sentence(rule, patient, sizes, grown, k):
    """Which single lesion makes the visit PD, or "" if none does."""
    if not grown[:, k].any():
        return ""
    i = int(np.argmax(grown[:, k]))
    low = int(sizes[i, :k][patient.measured[i, :k]].min())
    name, now = patient.targets[i], rule.text(int(sizes[i, k]))
    if low == 0:
        return f"{name} is back with {now} after it had vanished; in one lesion any regrowth is PD."
    above = codes.percent_text(sizes[i, k], low, (rule.pd_rise_pct,))
    return f"{name} alone, {now}, is {above} above its smallest, {rule.text(low)}; {rule.pd_needs} in one lesion."
