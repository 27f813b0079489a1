"""Sentences that the reasons of several criteria share."""

from collections import Counter

from liverlab.reading import codes, targets


def listed(names):
    """Names as text: "a", "a and b", "a, b and c"."""
    names = [str(name) for name in names]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def baseline(patient, size, more="", limits=True):
    """Sentences for the baseline row: what is followed, and where the choice of targets leaves RECIST 1.1.

    size: the sum as text ("30 mm"); more: what else is to be said of it; limits: whether RECIST's limits apply.
    """
    if not patient.targets:
        return "Baseline: no target lesions; response rests on the non-target lesions."
    count = len(patient.targets)
    said = f"Baseline: {count} target lesion{'s' if count > 1 else ''}, sum {size}{more}."
    if not limits:
        return said
    rows = [patient.table[name, patient.visits[0]] for name in patient.targets]
    places = Counter("lymph nodes" if row["node"] else row["organ"] for row in rows)
    crowded, most = places.most_common(1)[0]
    small = [
        row["lesion"]
        for row in rows
        if row["diameter_mm"] is not None and row["diameter_mm"] < targets.smallest_target_mm(row["node"])
    ]
    if count > targets.TARGETS_MAX:
        said += f" RECIST 1.1 follows at most {targets.TARGETS_MAX} targets."
    if most > targets.TARGETS_PER_ORGAN_MAX:
        limit = targets.TARGETS_PER_ORGAN_MAX
        said += f" RECIST 1.1 follows at most {limit} in one organ; {most} are in: {crowded}."
    if small:
        said += f" Too small for a target (10 mm, nodes 15 mm): {listed(small)}."
    return said


def elsewhere(patient, k, whatever="one new lesion is enough"):
    """Sentences for what makes a visit PD outside the targets: a new lesion, or the non-targets; [] if nothing does."""
    if patient.new_lesion[k] == codes.NEW_UNEQUIVOCAL:
        said = [f"PD: {listed(patient.new_names(k, 'unequivocal'))} called unequivocally new; {whatever}."]
        since = patient.progression_day(k)
        if since != patient.days[k] and patient.was_equivocal(since):
            said.append(f"Progression dates back to day {since:g}, when it was first seen and called equivocal.")
        return said
    if patient.non_target[k] == codes.NON_TARGET_PD:
        return ["PD: unequivocal progression of non-target lesions."]
    return []


def equivocal(patient, k):
    """RECIST 1.1 on equivocal new lesions: go on, look again; [] if there is none."""
    if patient.new_lesion[k] != codes.NEW_EQUIVOCAL:
        return []
    names = patient.new_names(k, "equivocal")
    verb = "is" if len(names) == 1 else "are"
    return [
        f"{listed(names)} {verb} equivocal: not counted; re-examine at the next visit; "
        "if it proves new, progression dates back to today."
    ]


def unmeasured(patient, k):
    """Which targets are missing at visit number k."""
    return f"{listed(patient.missing_targets(k))} could not be measured"
