"""Build the layers of one slice, and put a shape of liver, spleen and fluid between them.

Shapes are painted on three planes that stand for a 3 mm slice (PHANTOM 3.5). Diaphragm, liver and spleen are worked on
the two outer planes; in the middle they are their mean. What disease does not move is kept, so that a new shape costs
a few additions and thresholds on the rectangle where it may lie.
"""

from dataclasses import dataclass

import numpy as np

from liverlab.imaging import anatomy_canvas as canvas
from liverlab.imaging import anatomy_deform as deform
from liverlab.imaging import anatomy_liver as liver
from liverlab.imaging import organs_fluid as fluid
from liverlab.imaging import organs_spleen as spleen
from liverlab.imaging import organs_upper as upper
from liverlab.imaging import vessels
from liverlab.imaging.anatomy_lattice import LIVE_BOX, LIVER_BOX
from liverlab.imaging.anatomy_layers import (
    FIELD_UNIT_MM,
    MOIRE_UNIT,
    PULP_UNIT_HU,
    Opaque,
    Sheet,
    Slice,
    distance,
    nbytes,
    small,
)
from liverlab.imaging.anatomy_paint import beside_spleen

_OUTER_MM = (canvas.SUB_SLICES_MM[0], canvas.SUB_SLICES_MM[-1])
_PLANES = len(canvas.SUB_SLICES_MM)
_HALO_MM = np.float32(1.2)  # fat line between touching organs, PHANTOM 5.5,
_NO_HALO_MM = np.float32(2.4)  # but not where the liver lies against wall and diaphragm
_UNIT = np.float32(FIELD_UNIT_MM)
_FINE_MM = 1 / 16  # unit of small differences


@dataclass(frozen=True)
class Bed:
    """What disease does not move in one slice: layers behind and in front, and fields in which organs are fitted.

    cavity (H, W): room inside wall and diaphragm on the middle plane, in FIELD_UNIT_MM; rise: half of what it changes
    between the two outer planes, in _FINE_MM; room: share (of 255) that free fluid may fill; all on the live box.
    spleen_border: unevenness of its surface, in _FINE_MM; spleen_texture, spleen_moire: in their units.
    """

    behind: Opaque
    front: Sheet
    boxes: dict
    cavity: np.ndarray
    rise: np.ndarray
    room: np.ndarray
    spleen_border: np.ndarray
    spleen_texture: np.ndarray
    spleen_moire: np.ndarray
    pixel_mm: float
    z_mm: float

    @property
    def nbytes(self):
        return nbytes(self)

    def within(self, name):
        """Where a box lies in the live one, as slices."""
        return _within(self.boxes[name], self.boxes["live"])

    def cover(self, fields):
        """Mean coverage over the three planes of a shape given on the two outer ones."""
        soft = np.float32(1.0 / max(self.pixel_mm, canvas.STEP_MM))
        low, high = fields
        total = np.clip(0.5 - low * soft, 0, 1)
        total += np.clip(0.5 - high * soft, 0, 1)
        total += np.clip(0.5 - (low + high) * (0.5 * soft), 0, 1)
        return total * np.float32(1 / _PLANES)


@dataclass(frozen=True)
class Collaterals:
    """Collateral veins of one slice: those behind the liver, and the one in the falciform ligament in front of it."""

    behind: Sheet
    ligament: Sheet

    @property
    def nbytes(self):
        return nbytes(self)


@dataclass(frozen=True)
class Veins:
    """Vessels of one slice: the inside of a liver that would fill its box, and trunks that run on outside it."""

    inside: Opaque
    outside: Sheet

    @property
    def nbytes(self):
        return nbytes(self)


def _within(part, whole):
    """Where one box lies inside another, as slices."""
    rows, cols = part.rows, part.cols
    top, left = whole.rows.start, whole.cols.start
    return slice(rows.start - top, rows.stop - top), slice(cols.start - left, cols.stop - left)


def _empty(matrix):
    return np.full((matrix, matrix), np.float32(1 / _PLANES))


def bed(painter, wall, z, matrix):
    """Bed of a slice."""
    g = canvas.grid(matrix)
    places = {"live": LIVE_BOX, "liver": LIVER_BOX, "spleen": spleen.BOX, "fissure": upper.FISSURE_BOX}
    boxes = {name: canvas.Box(g, *place) for name, place in places.items()}
    base = canvas.Canvas(g, z)
    inner, deep = painter.outside(base)  # the wall changes slowly with height: painted once for the three planes
    outer_domes = [wall.domes(base.full.x, base.full.y, z + offset) for offset in _OUTER_MM]
    behind, front, shown = {}, {}, np.zeros((matrix, matrix), np.float32)
    room, clear = np.zeros((matrix, matrix), np.float32), np.zeros((matrix, matrix), np.float32)
    for offset in canvas.SUB_SLICES_MM:
        share = np.float32((offset - _OUTER_MM[0]) / (_OUTER_MM[1] - _OUTER_MM[0]))
        domes = outer_domes[0] + share * (outer_domes[1] - outer_domes[0])
        cavity = np.maximum(inner, domes)
        far, organs, near = (base.moved(offset) for _ in range(3))
        painter.bed(far, inner, domes, cavity)
        painter.organs(organs, cavity)
        painter.front(near, deep)
        left = _empty(matrix)
        near.add_to(front, left)
        clear += left
        left = _empty(matrix)
        organs.add_to(behind, left)
        room += left
        far.add_to(behind, left)
        shown += left
    base.add_to(behind, shown)
    behind["air"] = behind.get("air", 0) + shown
    live, part = boxes["live"], boxes["spleen"]
    room = live.of(room) * np.clip(0.5 + painter.behind_peritoneum(live, z), 0, 1)
    textures = painter.textures
    border = 1.3 * painter.detail.coarse.on(part, z) + 0.5 * painter.detail.medium.on(part, z)
    low, high = (np.maximum(live.of(inner), live.of(domes)) for domes in outer_domes)
    return Bed(
        Opaque.of(behind, textures.of, base.full, z),
        Sheet.of(front, clear, textures.of, g, z),
        boxes,
        small((low + high) / 2, FIELD_UNIT_MM),
        small((high - low) / 2, _FINE_MM, np.int8),
        _bytes(room),
        small(border, _FINE_MM, np.int8),
        small(textures.of["spleen"](part, z), PULP_UNIT_HU, np.int8),
        small(textures.moire(part, z), MOIRE_UNIT, np.int8),
        float(g.pixel_mm),
        z,
    )


def veins(painter, wall, z, matrix, scale, portal_vein_mm):
    """Veins of a slice for a free liver of a scale and a portal trunk of a diameter (mm)."""
    g = canvas.grid(matrix)
    box, base = canvas.Box(g, *LIVER_BOX), canvas.Canvas(g, z)
    inner = wall.inner_field(g, z)
    inside, outside, clear = {}, {}, np.zeros((matrix, matrix), np.float32)
    cavity = np.maximum(inner, wall.domes(base.full.x, base.full.y, z))
    for offset in canvas.SUB_SLICES_MM:
        within, around = base.moved(offset), base.moved(offset)
        painter.inside(within, around, scale, cavity, portal_vein_mm)
        within.add_to(inside, _empty(matrix))
        left = _empty(matrix)
        around.add_to(outside, left)
        clear += left
    inside = {name: box.of(cover) for name, cover in inside.items()}
    textures = painter.textures.of
    return Veins(Opaque.of(inside, textures, box, z, PULP_UNIT_HU, np.int8), Sheet.of(outside, clear, textures, g, z))


def free_planes(z, matrix, scale):
    """Field of the free liver (2, H, W) on the outer planes of a slice, in FIELD_UNIT_MM, on the liver's box."""
    box = canvas.Box(canvas.grid(matrix), *LIVER_BOX)
    cx, cy, cz = liver.LIVER_CENTRE_MM
    planes = [liver.free_liver(box.x - cx, box.y - cy, np.float32(z + k - cz), scale) for k in _OUTER_MM]
    return np.stack([small(plane, FIELD_UNIT_MM) for plane in planes])


def collaterals(painter, z, matrix, percent, spleen_size):
    """Collaterals of a slice beside a spleen of a size."""
    sheets = (_sheet(painter, z, matrix, rows) for rows in vessels.collaterals(percent, spleen_size))
    return Collaterals(*sheets)


def _sheet(painter, z, matrix, rows):
    g = canvas.grid(matrix)
    base, dense, clear = canvas.Canvas(g, z), {}, np.zeros((matrix, matrix), np.float32)
    for offset in canvas.SUB_SLICES_MM:
        c, left = base.moved(offset), _empty(matrix)
        vessels.paint_veins(c, rows[rows[:, 3] > 0])
        c.add_to(dense, left)
        clear += left
    return Sheet.of(dense, clear, painter.textures.of, g, z)


def growth(matrix):
    """Weight of the growth towards the wall on the liver's box, the same at every height."""
    box = canvas.Box(canvas.grid(matrix), *LIVER_BOX)
    return liver.parietal(box.x, box.y)


def compose(bed_, veins_, collaterals_, free, weight, shape, form, seed):
    """Slice of a shape from its parts: bed, veins and free_planes at form.scale, collaterals, growth.

    form : anatomy_form.Form of the shape; seed : of the nodules.
    """
    live, rim = bed_.boxes["live"], None
    cavity = bed_.cavity * _UNIT
    room = bed_.rise * np.float32(_FINE_MM) * np.array([-1, 1], np.float32)[:, None, None] + cavity
    if form.fluid_mm:
        rim = fluid.rim(live.y, form.fluid_mm) * (1 - fluid.dry(live.x, live.y, np.float32(bed_.z_mm)))
        room += rim
    hepatic = _hepatic(bed_, free, weight, room, shape, form, seed)
    splenic = _splenic(bed_, room, form)
    in_liver, in_spleen = bed_.within("liver"), bed_.within("spleen")
    fat = np.zeros(cavity.shape, np.float32)
    fat[in_liver] = bed_.cover([np.maximum(one - _HALO_MM, gap + _NO_HALO_MM)
                                for one, gap in zip(hepatic, room[:, *in_liver], strict=True)])  # fmt: skip
    organ = bed_.cover(splenic)
    around = bed_.cover([np.maximum(one - _HALO_MM, gap + 1) for one, gap in zip(splenic, room[:, *in_spleen],
                                                                               strict=True)])  # fmt: skip
    bare, wet = 1 - fat, None
    if rim is not None:
        share = _wet(bed_, cavity, rim, hepatic, splenic, organ)
        fat, bare, wet = (1 - share) * fat, (1 - share) * bare, _bytes(share)
    fat[in_spleen] += (1 - organ) * around * bare[in_spleen]
    lobe = bed_.cover(hepatic)
    _open_fissure(bed_, lobe, fat, shape, form)
    organ = _bytes(organ * bare[in_spleen])
    unclaimed = np.full(fat.shape, 255, np.uint8) if wet is None else 255 - wet
    unclaimed[in_spleen] -= organ
    fat = np.minimum(_bytes(fat), unclaimed)  # rounding must not claim more than there is
    middle = distance((hepatic[0] + hepatic[1]) * np.float32(0.5))
    return Slice(bed_, veins_, collaterals_, fat, organ, wet, _bytes(lobe), middle)


def _hepatic(bed_, free, weight, room, shape, form, seed):
    """Field of the liver on the two outer planes of a slice, on its box."""
    box, z = bed_.boxes["liver"], np.float32(bed_.z_mm)
    moved = np.float32(form.offset_mm) + deform.lobar(shape, form.scale, box.x, box.y, z)
    local = local_on(shape, form.dimples, box, z, seed)
    weight, behind = liver.weight_at(weight, box.x, z), liver.column(box.x, box.y)
    return [
        liver.contact(plane * _UNIT + moved, gap, weight, behind, local)
        for plane, gap in zip(free, room[:, *bed_.within("liver")], strict=True)
    ]


def _splenic(bed_, room, form):
    """Field of the spleen on the two outer planes of a slice, on its box."""
    box = bed_.boxes["spleen"]
    taken, border = beside_spleen(box, bed_.z_mm), bed_.spleen_border * np.float32(_FINE_MM)
    return [
        spleen.field(box.x, box.y, np.float32(bed_.z_mm + k), gap, *taken, form.spleen_size) + border
        for k, gap in zip(_OUTER_MM, room[:, *bed_.within("spleen")], strict=True)
    ]


def _open_fissure(bed_, lobe, fat, shape, form):
    """Cut the fissure of the ligamentum venosum into the liver's share, with fat behind it; in place."""
    box = bed_.boxes["fissure"]
    field = upper.venosum(box, bed_.z_mm, form.scale, shape.caudate_growth_mm)
    if field is not None:
        cleft = np.clip(0.5 - field * np.float32(1 / bed_.pixel_mm), 0, 1)
        lobe[_within(box, bed_.boxes["liver"])] *= 1 - cleft * np.float32(upper.venosum_depth(bed_.z_mm, form.scale))
        behind = fat[_within(box, bed_.boxes["live"])]
        behind += (1 - behind) * (cleft > 0)


def _wet(bed_, cavity, rim, hepatic, splenic, organ):
    """Coverage of free fluid on the live box, worked on the middle plane."""
    near_liver = np.full(rim.shape, np.float32(99.0))
    near_liver[bed_.within("liver")] = (hepatic[0] + hepatic[1]) * np.float32(0.5)
    near_spleen = np.full(rim.shape, np.float32(99.0))
    near_spleen[bed_.within("spleen")] = (splenic[0] + splenic[1]) * np.float32(0.5)
    share = fluid.fluid(cavity, rim, near_liver, near_spleen, bed_.pixel_mm)
    share *= bed_.room * np.float32(1 / 255)
    share[bed_.within("spleen")] *= 1 - organ
    return share


def local_on(shape, dimples, box, z, seed):
    """What nodules and dimples add to the liver's field on a plane (H, W), or None where there are none."""
    if not (shape.nodularity_mm or dimples):
        return None
    if shape.nodularity_mm:
        term = np.float32(shape.nodularity_mm) * deform.nodules_on(seed, shape.nodule_mm, box, z)
    else:
        term = np.zeros((box.y.size, box.x.size), np.float32)
    for row in dimples:
        if abs(z - row[2]) < row[12]:
            cols, rows = deform.dimple_part(row, box.x[0], box.y[:, 0])
            term[rows, cols] += deform.dimple(box.x[:, cols], box.y[rows], z, row)
    return term


def _bytes(share):
    return np.rint(share * np.float32(255)).astype(np.uint8)
