"""mRECIST for hepatocellular carcinoma: RECIST on what still enhances in the arterial phase.

Lencioni & Llovet 2010, Semin Liver Dis 30:52-60, doi 10.1055/s-0030-1247132. Only the viable part of a target is
measured, so a lesion that has lost its supply counts 0 mm though it is as large as before. CR: no enhancement left in
any target. PR: sum of viable diameters -30 % from baseline. PD: +20 % above the nadir; unlike RECIST 1.1 the paper
names no smallest rise in mm. A new lesion of 10 mm or more with the typical pattern is PD; what is typical is the
reader's call (`new_lesion`).
"""

from liverlab.reading import codes, rows, sums

RULE = sums.Rule(pr_fall_pct=30, pd_rise_pct=20, gone="no arterial enhancement is left in any target")


def time_points(viable_mm, non_target="none", new_lesion="none", evaluated=True, target_gone=None, **options):
    """mRECIST response at every visit: arguments, answer and errors of `recist.time_points`.

    viable_mm (..., T): sum of the longest diameters of arterially enhancing tissue in the targets, mm.
    """
    size = codes.visits_last(codes.hundredths(viable_mm, "viable_mm", 0, codes.LARGEST_MM, "mm"), "viable_mm")
    return sums.time_points(RULE, size, non_target, new_lesion, evaluated, target_gone, **options)


def assess(readings, **options):
    """One patient as a pandas DataFrame, a row per visit; see `assess_rows`."""
    return rows.as_frame(assess_rows(readings, **options))


def assess_rows(readings, **options) -> list[dict]:
    """mRECIST for one patient: as `recist.assess_rows`, with viable_mm instead of diameter_mm for targets.

    status "absent" means no arterial enhancement, whatever is left of the lesion.
    """
    patient = rows.collect(readings, sizes=("viable_mm",))
    size = codes.hundredths(patient.sum_mm, "viable_mm", 0, codes.LARGEST_MM, "mm")
    return sums.table(RULE, patient, size, sums.of_patient(RULE, patient, size, **options))
