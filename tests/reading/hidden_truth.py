"""Two patients whose scans look alike and whose truth is opposite, from the case files of the lesson."""

from liverlab import evidence
from liverlab.disease import course

VISIT = 3


def patient(case, **changes):
    """(values, lesions, course) of a case, visits as in its file."""
    ev = evidence.load()
    values = ev.values(evidence.Scenario(case)) | changes
    lesions = ev.cases[case].lesions
    return values, lesions, course.simulate(values, lesions, ev.cases[case].visits_day)


def responding(**changes):
    return patient("gist_imatinib", **changes)


def progressing(**changes):
    return patient("true_progression", **changes)
