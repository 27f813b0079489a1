"""Which lesions are followed: RECIST 1.1, section 3 (Eisenhauer 2009, Eur J Cancer 45:228-247)."""

from liverlab.reading import rows
from liverlab.reading.rows import NODE_NORMAL_MM

TARGET_MIN_MM = 10.0  # smallest target, longest diameter
TARGET_NODE_MIN_MM = 15.0  # smallest target node, short axis
THICK_SLICE_MM = 5.0  # above this a target has to be twice as large as the slice is thick
TARGETS_MAX = 5
TARGETS_PER_ORGAN_MAX = 2


def smallest_target_mm(node=False, slice_mm=THICK_SLICE_MM):
    """Smallest target (mm): 10 mm, a node 15 mm across its short axis; twice the slice thickness above 5 mm."""
    least = TARGET_NODE_MIN_MM if node else TARGET_MIN_MM
    return least if slice_mm <= THICK_SLICE_MM else max(least, 2 * slice_mm)


def choose_targets(lesions) -> list[dict]:
    """The role of every baseline lesion, with the reason; largest first, the same whatever the order of the lesions.

    lesions: DataFrame or list of dicts with lesion (name), diameter_mm (0..1000; short axis of a node), and optionally
    organ (default "liver"), node (default False; all nodes together count as one organ), slice_mm (thickness, default
    5) and simple_cyst (default False). Equal sizes are taken in the order of their names.
    Returns a list in the order given: lesion, organ, role ("target" | "non_target" | "excluded"), reason.
    RECIST also wants targets to represent all organs involved and to be well reproducible: that stays with the reader.
    ValueError for an empty list, a missing or repeated name, a bad size.
    """
    lesions = [_clean(row) for row in rows.as_dicts(lesions)]
    if not lesions:
        raise ValueError("lesions is empty: give at least one lesion of the baseline scan.")
    names = [lesion["lesion"] for lesion in lesions]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"lesion {name!r} appears twice; allowed: once.")
    chosen, roles = [], {}
    for lesion in sorted(lesions, key=lambda one: (-one["diameter_mm"], one["lesion"])):
        role, reason = _role(lesion, chosen)
        if role == "target":
            chosen.append(_place(lesion))
        roles[lesion["lesion"]] = {"lesion": lesion["lesion"], "organ": lesion["organ"], "role": role, "reason": reason}
    return [roles[name] for name in names]


def _role(lesion, chosen):
    size, least = lesion["diameter_mm"], smallest_target_mm(lesion["node"], lesion["slice_mm"])
    what = f"{size:g} mm short axis" if lesion["node"] else f"{size:g} mm"
    if lesion["simple_cyst"]:
        return "excluded", "A simple cyst is not a metastasis."
    if lesion["node"] and size < NODE_NORMAL_MM:
        return "excluded", f"{what}: a node below {NODE_NORMAL_MM:g} mm is normal."
    if size < least:
        thick = f" with slices of {lesion['slice_mm']:g} mm" if lesion["slice_mm"] > THICK_SLICE_MM else ""
        return "non_target", f"{what}: a target needs {least:g} mm{thick}."
    if chosen.count(_place(lesion)) >= TARGETS_PER_ORGAN_MAX:
        return "non_target", f"{what}: {TARGETS_PER_ORGAN_MAX} larger targets in the {_place(lesion)} already."
    if len(chosen) >= TARGETS_MAX:
        return "non_target", f"{what}: {TARGETS_MAX} larger targets are followed already."
    return "target", f"{what}: among the largest; a target needs {least:g} mm."


def _place(lesion):
    return "lymph nodes" if lesion["node"] else lesion["organ"]


def _clean(row):
    name = rows.name_of(row)
    where = f" for lesion {name!r}"
    thick = not rows.missing(row.get("slice_mm"))
    return {
        "lesion": name,
        "organ": rows.text(row, "organ", "liver"),
        "node": rows.flag(row, "node"),
        "simple_cyst": rows.flag(row, "simple_cyst"),
        "diameter_mm": rows.number(row, "diameter_mm", where),
        "slice_mm": rows.number(row, "slice_mm", where) if thick else THICK_SLICE_MM,
    }
