"""EASL criteria for hepatocellular carcinoma: products of the two diameters of what still enhances.

Bruix 2001, J Hepatol 35:421-430, doi 10.1016/s0168-8278(01)00130-1: the WHO criteria, necrosis left out. CR: no
enhancing tissue. PR: enhancing area -50 % from baseline. PD: +25 % above the nadir, here of the sum as later papers
apply it; `one_lesion=True` takes a single lesion, as WHO does.
"""

from dataclasses import replace

from liverlab.reading import rows, who

RULE = replace(who.RULE, gone="no enhancing tissue is left in any target")


def time_points(
    longest_mm, perpendicular_mm, non_target="none", new_lesion="none", measured=True, one_lesion=False, **options
):
    """EASL response at every visit: as `who.time_points`, the diameters (mm) being those of enhancing tissue."""
    sizes = who.products(longest_mm, perpendicular_mm)
    return who.by_products(RULE, sizes, non_target, new_lesion, measured, one_lesion, **options)


def assess(readings, **options):
    """One patient as a pandas DataFrame, a row per visit; see `assess_rows`."""
    return rows.as_frame(assess_rows(readings, **options))


def assess_rows(readings, one_lesion=False, **options) -> list[dict]:
    """EASL for one patient: as `recist.assess_rows`, targets with viable_mm and viable_perpendicular_mm; sum_mm2."""
    return who.rows_by_products(RULE, readings, ("viable_mm", "viable_perpendicular_mm"), one_lesion, **options)
