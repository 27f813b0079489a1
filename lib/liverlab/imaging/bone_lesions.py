"""Osteolytic and sclerotic metastases of vertebral bodies and ribs.

They are lesions (lesions.LesionState) that replace bone and nothing else: whatever of them lies outside bone shows
nothing. Levels of the vertebrae follow the discs of organs_spine. HU and sizes: illustrative.
"""

import numpy as np

from liverlab.disease.checks import number
from liverlab.imaging.lesions import NO_LESIONS, LesionState
from liverlab.imaging.organs_spine import DISCS
from liverlab.imaging.tissue_share import share_of

# kind: HU of rim and inner part, diameter of the inner part over the lesion's, roughness, lobulation, softness (mm)
_KINDS = {
    "lytic": (70.0, 55.0, 0.7, 0.10, 0.09, 0.4),
    "sclerotic": (560.0, 820.0, 0.7, 0.15, 0.08, 1.0),
    "mixed": (620.0, 60.0, 0.72, 0.12, 0.08, 0.5),
}
KINDS, SITES = tuple(_KINDS), ("vertebra", "rib")
VERTEBRAE = ("L2", "L1", "T12", "T11", "T10", "T9", "T8", "T7")  # between the discs, from below
_BODY_SEMI_MM = (19.0, 13.0)  # room for centres in a vertebral body; x, y about the origin
_BONE = ("bone_trabecular", "bone_cortex")
_SPINE_MM = (-48.0, 48.0, -30.0, 85.0)  # box of the spine: x, y
_MOST = 40


def bone_share(anatomy, where, cortex=True):
    """Share of bone in every pixel of a slice (N, N); where: arguments of anatomy.prepare; cortex: its shell too."""
    return share_of(anatomy, where, _BONE if cortex else _BONE[:1])


def place_bone_lesions(anatomy, count, kind, seed, diameters_mm=14.0, site="vertebra"):
    """LesionState of `count` (0-40) lytic, sclerotic or mixed bone lesions, the same for the same seed.

    diameters_mm : one number or one each (3-40 mm); site : 'vertebra' (spread over the bodies in the scan) or 'rib'.
    Give it to ct.render as bone_lesions. Raises ValueError for an unknown kind or site and for impossible numbers.
    """
    for name, value, allowed in (("kind", kind, KINDS), ("site", site, SITES)):
        if value not in allowed:
            raise ValueError(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")
    if isinstance(count, bool) or not isinstance(count, int | np.integer) or not 0 <= count <= _MOST:
        raise ValueError(f"count is {count}; it must be a whole number between 0 and {_MOST}.")
    diameters = np.asarray(number("diameters_mm", diameters_mm, 3, 40, "mm"), float)
    if diameters.shape not in ((), (count,)):
        raise ValueError(f"diameters_mm has shape {diameters.shape}; it must be one number or {count} of them.")
    if count == 0:
        return NO_LESIONS
    rng = np.random.default_rng((int(seed), 81))
    centre = _in_vertebrae(rng, count) if site == "vertebra" else _in_ribs(anatomy, rng, count)
    semi = np.broadcast_to(diameters, (count,))[:, None] / 2 * rng.uniform(0.75, 1.0, (count, 3))
    rim, inner, fraction, roughness, lobulation, edge = _KINDS[kind]
    return LesionState(
        [f"bone {seed} {kind} {k}" for k in range(count)], centre, semi, rim_hu=rim, inner_hu=inner,
        inner_fraction=fraction, inner_roughness=roughness, lobulation=lobulation, edge_mm=edge,
    )  # fmt: skip


def _in_vertebrae(rng, count):
    """Centres in vertebral bodies: every body once before any body twice."""
    below, above = np.array(DISCS[:-1], float), np.array(DISCS[1:], float)
    low, high = below[:, 0] + below[:, 1], above[:, 0] - above[:, 1]
    order = np.concatenate([rng.permutation(len(low)) for _ in range(-(-count // len(low)))])[:count]
    angle, radius = rng.uniform(0, 2 * np.pi, count), np.sqrt(rng.random(count))
    along = rng.uniform(0.25, 0.75, count)
    z = low[order] + along * (high - low)[order]
    return np.column_stack([_BODY_SEMI_MM[0] * radius * np.cos(angle), _BODY_SEMI_MM[1] * radius * np.sin(angle), z])


def _in_ribs(anatomy, rng, count, matrix=256):
    """Centres in the marrow of ribs on slices drawn at random."""
    places, step = [], anatomy.pixel_mm(matrix)
    x0, y0 = (v - anatomy.fov_mm / 2 for v in anatomy.fov_centre_mm)
    for index in rng.permutation(np.arange(6, len(anatomy.z_mm) - 6)).tolist():
        rows, cols = np.nonzero(share_of(anatomy, (index, matrix), ("bone_trabecular",)) > 0.6)
        x, y = x0 + (cols + 0.5) * step, y0 + (rows + 0.5) * step
        left, right, front, back = _SPINE_MM
        ribs = np.flatnonzero((x < left) | (x > right) | (y < front) | (y > back))
        if ribs.size:
            pick = rng.choice(ribs)
            places.append((x[pick], y[pick], float(anatomy.z_mm[index])))
        if len(places) == count:
            return np.array(places)
    raise ValueError(f"count is {count}; only {len(places)} slices show a rib.")
