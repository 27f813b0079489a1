"""Resection and risk.

Clinical risk score of colorectal liver metastases, and how much liver standard resections leave.
"""

from liverlab.imaging import anatomy
from liverlab.imaging.lesions import NO_LESIONS
from liverlab.reading import resection, staging

from . import Vector


def _left_pct(name):
    return resection.standard(anatomy.default(), NO_LESIONS, name).left_pct


VECTORS = [
    Vector("F-0", "N0, 24 months, one lesion, CEA 5 ng/mL, 30 mm: clinical risk score", 0, "Fong 1999",
           lambda: staging.clinical_risk_score(False, 24, 1, 5, 30)),
    Vector("F-3", "N+, 6 months, two lesions, CEA 5 ng/mL, 30 mm: clinical risk score", 3, "Fong 1999",
           lambda: staging.clinical_risk_score(True, 6, 2, 5, 30)),
    Vector("F-5", "N+, 6 months, two lesions, CEA 250 ng/mL, 60 mm: clinical risk score", 5, "Fong 1999",
           lambda: staging.clinical_risk_score(True, 6, 2, 250, 60)),
    Vector("FLR-right", "Right hepatectomy: liver left, %", 37.0, "usual range 25-50 %",
           lambda: _left_pct("right hepatectomy"), 12.0),
    Vector("FLR-right tri", "Right trisectionectomy: liver left, %", 20.0, "usual range 10-30 %",
           lambda: _left_pct("right trisectionectomy"), 10.0),
]  # fmt: skip
