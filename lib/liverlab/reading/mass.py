"""MASS and SACT: size and attenuation of metastases of renal cell cancer under antiangiogenic drugs, portal phase.

MASS: Smith 2010, AJR 194:1470-8, doi 10.2214/AJR.09.3456; SACT: Smith 2010, AJR 194:157-65, doi 10.2214/AJR.09.2941.
Both were made for the first scan under treatment and compare with the baseline; attenuation falls in HU, not in per
cent, and not in the lung. The 40 HU stand in the abstracts; the other limits are unverified: the papers were not read.

| call | MASS | SACT |
|---|---|---|
| unfavourable | new lesion, marked central fill-in, new enhancement, or size +20 % unless a lesion has lost 40 HU or its centre | new lesion, fill-in, new enhancement, or size +20 % |
| favourable | size -20 %, or a lesion that lost 40 HU or has marked central necrosis | size -20 %, or a lesion that lost 40 HU, or size -10 % and half of the lesions lost 20 HU |
| indeterminate | the rest | the rest |

Core on arrays: `time_points`. One patient, with reasons: `assess_rows` and `assess`.
"""  # noqa: E501  (a table)

from dataclasses import dataclass

import numpy as np

from liverlab.reading import codes, reasons, rows

NE, FAVOURABLE, INDETERMINATE, UNFAVOURABLE, BASELINE = range(5)
LABELS = ("NE", "favourable", "indeterminate", "unfavourable", "baseline")
CRITERIA = ("MASS", "SACT")

SIZE_PCT = 20
SMALL_FALL_PCT = 10
MARKED_FALL_HU = 40
SMALL_FALL_HU = 20


@dataclass(frozen=True)
class TimePoints:
    """overall (..., T): codes of LABELS; marked, dimmed (..., L, T): lesions that lost at least 40 and 20 HU."""

    overall: np.ndarray
    marked: np.ndarray
    dimmed: np.ndarray


def time_points(
    size_mm,
    hu,
    new_lesion="none",
    necrosis=False,
    fill_in=False,
    new_enhancement=False,
    measured=True,
    in_lung=False,
    criterion="MASS",
) -> TimePoints:
    """MASS or SACT call at every visit, for any number of patients at once.

    size_mm (..., L, T): longest diameters, 0 where a lesion is gone, visit 0 is the baseline (its sum above 0). hu:
    mean attenuation of each, HU, ignored where it is gone, not measured or in the lung. new_lesion (..., T): as in
    `recist.time_points`. necrosis, fill_in, new_enhancement (..., T): some solid lesion shows marked central necrosis,
    a dark centre has filled in, something has begun to enhance. measured (..., L, T); in_lung (..., L).
    NE where a lesion was not measured, unless something else makes the visit unfavourable.
    """
    if criterion not in CRITERIA:
        raise ValueError(f"criterion is {criterion!r}; allowed: {' or '.join(CRITERIA)}.")
    size = codes.hundredths(size_mm, "size_mm", 0, codes.LARGEST_MM, "mm")
    if size.ndim < 2 or size.size == 0 or np.shape(hu) != size.shape:
        raise ValueError(
            f"size_mm and hu have shapes {size.shape} and {np.shape(hu)}; "
            "allowed: the same shape, lesions and visits on the last two axes."
        )
    measured = codes.flags(measured, "measured", size.shape)
    aired = codes.flags(np.asarray(in_lung)[..., None], "in_lung", size.shape)
    seen = measured & (size > 0) & ~aired
    density = codes.hundredths(np.where(seen, hu, 0.0), "hu", -1000, codes.LARGEST_HU, "HU")
    evaluated, total = measured.all(axis=-2), np.where(measured, size, 0).sum(axis=-2)
    if not (evaluated[..., 0] & (total[..., 0] > 0)).all():
        raise ValueError(
            "size_mm has a baseline without a measured lesion; allowed: every lesion measured, sum above 0 mm."
        )
    new_lesion = codes.coded(new_lesion, "new_lesion", codes.NEW_LESION_LABELS, total.shape)
    signs = (("necrosis", necrosis), ("fill_in", fill_in), ("new_enhancement", new_enhancement))
    necrosis, fill_in, new_enhancement = (codes.flags(value, name, total.shape) for name, value in signs)

    first = total[..., :1]
    fall = np.where(seen & seen[..., :1], density[..., :1] - density, 0)
    marked, dimmed = fall >= 100 * MARKED_FALL_HU, fall >= 100 * SMALL_FALL_HU
    changed = marked.any(axis=-2) | (necrosis if criterion == "MASS" else False)
    grown = evaluated & (100 * (total - first) >= SIZE_PCT * first)
    favourable = (100 * (first - total) >= SIZE_PCT * first) | changed
    if criterion == "MASS":
        grown = grown & ~changed
    else:
        half = 2 * dimmed.sum(axis=-2) >= np.maximum(1, (~aired).sum(axis=-2))
        favourable |= (100 * (first - total) >= SMALL_FALL_PCT * first) & half
    worse = (new_lesion == codes.NEW_UNEQUIVOCAL) | fill_in | new_enhancement | grown
    overall = np.select([worse, ~evaluated, favourable], [UNFAVOURABLE, NE, FAVOURABLE], INDETERMINATE).astype(np.int8)
    overall[..., 0] = BASELINE
    return TimePoints(overall, marked, dimmed)


def assess(readings, criterion="MASS"):
    """One patient as a pandas DataFrame, a row per visit; see `assess_rows`."""
    return rows.as_frame(assess_rows(readings, criterion))


def assess_rows(readings, criterion="MASS") -> list[dict]:
    """MASS or SACT for one patient, a dict per visit: visit, day, sum_mm, size_change (%), overall, reason.

    readings: as in `choi.assess_rows`; organ "lung" takes no part in attenuation; necrosis, fill_in and new_enhancement
    (True on any row of a visit) as in `time_points`.
    """
    patient = rows.collect(readings, also=("hu",), flags=("necrosis", "fill_in", "new_enhancement"))
    if not patient.targets:
        raise ValueError("readings has no target; allowed: at least one lesion with role target.")
    lung = [patient.table[name, patient.visits[0]]["organ"].lower() == "lung" for name in patient.targets]
    size = np.where(patient.measured, patient.columns["diameter_mm"], 0.0)
    hu = np.nan_to_num(patient.columns["hu"])
    given = (patient.new_lesion, *patient.flags.values(), patient.measured, np.array(lung), criterion)
    tp = time_points(size, hu, *given)
    total = np.rint(size * 100).astype(int).sum(axis=0)
    return [
        {
            "visit": visit,
            "day": patient.days[k],
            "sum_mm": total[k] / 100 if patient.evaluated[k] else None,
            "size_change": 100 * (total[k] - total[0]) / total[0] if patient.evaluated[k] else None,
            "new_lesion": codes.NEW_LESION_LABELS[patient.new_lesion[k]],
            "overall": codes.label(tp.overall[k], LABELS),
            "reason": _reason(patient, total, hu, tp, k, criterion),
        }
        for k, visit in enumerate(patient.visits)
    ]


def _reason(patient, total, hu, tp, k, criterion):
    if k == 0:
        return reasons.baseline(patient, f"{codes.number_text(total[0])} mm")
    call = codes.label(tp.overall[k], LABELS)
    found = []
    if patient.new_lesion[k] == codes.NEW_UNEQUIVOCAL:
        found.append(f"{reasons.listed(patient.new_names(k, 'unequivocal'))} called unequivocally new")
    words = {
        "fill_in": "a dark centre has filled in",
        "new_enhancement": "new enhancement",
        "necrosis": "marked central necrosis",
    }
    found += [
        said for name, said in words.items() if patient.flags[name][k] and (name != "necrosis" or criterion == "MASS")
    ]
    if patient.evaluated[k]:
        change = codes.percent_text(total[k], total[0], (-SIZE_PCT, -SMALL_FALL_PCT, SIZE_PCT))
        found.append(f"size {change} ({codes.number_text(total[0])} to {codes.number_text(total[k])} mm)")
    else:
        found.append(reasons.unmeasured(patient, k))
    falls = [
        f"{name} lost {codes.number_text(np.rint(100 * (hu[i, 0] - hu[i, k])))} HU"
        for i, name in enumerate(patient.targets)
        if tp.dimmed[i, k]
    ]
    found.append(reasons.listed(falls) if falls else f"no lesion lost {SMALL_FALL_HU} HU")
    need = f"size -{SIZE_PCT} %, or {MARKED_FALL_HU} HU in one lesion"
    if criterion == "SACT":
        need += f", or size -{SMALL_FALL_PCT} % and {SMALL_FALL_HU} HU in half of them"
    return f"{call}: {'; '.join(found)}. Favourable is {need}; unfavourable is size +{SIZE_PCT} % or anything new."
