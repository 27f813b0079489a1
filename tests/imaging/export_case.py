"""A small study for the export tests: two visits of one patient, a lesion that shrinks and one that is new."""

from dataclasses import replace

from liverlab.imaging import ct
from liverlab.imaging.export.study import Series, Study
from liverlab.imaging.protocol import REFERENCE
from liverlab.imaging.scene import Scene

from .scan_setting import ARTERIAL, PORTAL

MATRIX = 64
LABELS = {"a": "A", "b": "B"}


def lesions(*radii_mm):
    count = len(radii_mm)
    centres = [[-100, -34, 3], [-70, -60, 30]][:count]
    return ct.LesionState(
        tuple("ab"[:count]), centres, [[r] * 3 for r in radii_mm], [50] * count, [30] * count, [0] * count
    )


def series(day=0.0, radii_mm=(14.0,), delay_s=70.0, visit="Before treatment", hu=PORTAL):
    return Series(day, visit, Scene(hu, lesions(*radii_mm), replace(REFERENCE, delay_s=delay_s)), LABELS)


def study(*all_series, matrix=MATRIX, code="LL1-TEST"):
    all_series = all_series or (
        series(),
        series(84.0, (9.0, 12.0), 35.0, "Day 84", ARTERIAL),
    )
    return Study("gist_imatinib", "Gastrointestinal stromal tumour on imatinib", code, all_series, matrix)
