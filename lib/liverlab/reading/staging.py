"""What stands in the letter: clinical risk score of colorectal liver metastases.

M categories differ by primary and stand in casesdata/series/m_category.csv.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from liverlab.disease.checks import number

CEA_NG_ML, SIZE_MM, INTERVAL_MONTHS = 200.0, 50.0, 12.0
CRITERIA = ("node-positive primary", "less than 12 months since the primary", "more than one lesion",
            "CEA above 200 ng/mL", "largest lesion above 5 cm")  # fmt: skip


def clinical_risk_points(
    node_positive: Any, interval_months: Any, lesion_count: Any, cea_ng_ml: Any, largest_mm: Any
) -> np.ndarray:
    """The five points of the clinical risk score, each 0 or 1, last axis in the order of CRITERIA.

    node_positive: True or False; interval_months >= 0: from the primary to the metastases; lesion_count >= 1;
    cea_ng_ml >= 0; largest_mm > 0. All broadcast. Raises ValueError for impossible values.
    Source: Fong et al., Ann Surg 1999;230:309-18. Made for patients whose liver metastases were resected.
    """
    interval = number("interval_months", interval_months, 0, 1200, "months")
    count = number("lesion_count", lesion_count, 1, 10000)
    cea = number("cea_ng_ml", cea_ng_ml, 0, 1e7, "ng/mL")
    largest = number("largest_mm", largest_mm, 0, 500, "mm", above=True)
    points = (
        np.asarray(node_positive, bool), np.asarray(interval) < INTERVAL_MONTHS, np.asarray(count) > 1,
        np.asarray(cea) > CEA_NG_ML, np.asarray(largest) > SIZE_MM,
    )  # fmt: skip
    return np.stack(np.broadcast_arrays(*points), axis=-1).astype(int)


def clinical_risk_score(
    node_positive: Any, interval_months: Any, lesion_count: Any, cea_ng_ml: Any, largest_mm: Any
) -> Any:
    """Sum of `clinical_risk_points`, 0 to 5."""
    total = clinical_risk_points(node_positive, interval_months, lesion_count, cea_ng_ml, largest_mm).sum(axis=-1)
    return int(total) if total.ndim == 0 else total
