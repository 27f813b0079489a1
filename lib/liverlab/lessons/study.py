"""A lesson's patient as a study that can be exported: every visit, at every delay asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from liverlab import evidence
from liverlab.imaging.export.study import Series, Study


def study_of(
    scenario: evidence.Scenario,
    delays_s: Sequence[float] = (),
    visits: Sequence[int] = (),
    matrix: int = 512,
    ev: evidence.Evidence | None = None,
) -> Study:
    """The study of a scenario.

    delays_s : seconds after the start of the injection, one series each (0: without contrast medium); by default the
    scenario's own. visits : indices of visits; by default all. Raises ValueError for a visit or delay that cannot be.
    """
    ev = ev or evidence.load()
    case = ev.cases[scenario.case]
    count = len(case.visits_day)
    for visit in visits:
        if not 0 <= visit < count:
            raise ValueError(f"visits holds {visit}; {scenario.case} has visits 0 to {count - 1}.")
    simulate = _lesson(case.phenomenon).simulate
    scenarios = [scenario.with_changes(delay_s=delay) for delay in delays_s] or [scenario]
    patients = [simulate(one, ev) for one in scenarios]
    series = [
        Series(patient.days[visit], patient.visit_name(visit), patient.scene(visit), patient.lesion_labels)
        for visit in visits or range(count)
        for patient in patients
    ]
    return Study(scenario.case, case.title, scenario.code(), tuple(series), matrix)


def _lesson(phenomenon: str):
    """The lesson of a phenomenon: the folder of its name."""
    name = f"liverlab.lessons.{phenomenon}"
    if find_spec(name) is None:
        raise ValueError(f"phenomenon is {phenomenon!r}, for which there is no lesson yet.")
    return import_module(name)
