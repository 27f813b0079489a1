"""Compact layers of one slice and how a picture is put together from them.

A layer holds shares of tissues, not HU: a picture is linear in the tissues' HU, so a new delay, kVp or dose paints
nothing again. From back to front: everything behind liver and spleen; fat, spleen and fluid; the trunks of vessels;
the inside of the liver; collaterals; everything in front. Disease changes the shares of the middle ones only.
"""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from liverlab.imaging.anatomy_canvas import TISSUE_INDEX, Box, blur

_PURE = 0.997  # a pixel this pure is stored as its label alone
_WEIGHT_UNIT = 1.0 / 32767.0
TEXTURE_UNIT_HU = 1.0 / 32.0
PULP_UNIT_HU, MOIRE_UNIT = 1.0 / 8.0, 1.0 / 32.0  # liver and spleen are even: a byte does
FIELD_UNIT_MM = 1.0 / 64.0
_FAT, _SPLEEN, _ASCITES = (TISSUE_INDEX[name] for name in ("fat", "spleen", "ascites"))


def nbytes(thing):
    """Bytes of the arrays a dataclass holds, layers inside it included."""
    held = (getattr(thing, name) for name in thing.__dataclass_fields__)
    return sum(v.nbytes if isinstance(v, np.ndarray) else nbytes(v) for v in held if hasattr(v, "nbytes"))


class Kept:
    """Parts of pictures by key, each with `nbytes`; least recently used ones go when together they exceed a limit."""

    def __init__(self):
        self._parts, self.nbytes = OrderedDict(), 0

    def __iter__(self):
        return iter(self._parts)

    def touch(self, keys):
        """Count parts as just used."""
        for key in keys:
            if key in self._parts:
                self._parts.move_to_end(key)

    def get(self, key, make, limit):
        """The part of a key, made on first use."""
        if key in self._parts:
            self._parts.move_to_end(key)
            return self._parts[key][0]
        made = make()
        size = made.nbytes
        self._parts[key] = made, size
        self.nbytes += size
        while self.nbytes > limit and len(self._parts) > 1:
            self.nbytes -= self._parts.popitem(last=False)[1][1]
        return made


def small(values, unit, kind=np.int16):
    """Numbers as whole multiples of a unit, clipped to what the kind can hold."""
    limit = np.iinfo(kind).max
    return np.rint(np.clip(values * np.float32(1 / unit), -limit, limit)).astype(kind)


@dataclass(frozen=True)
class Mixed:
    """Pixels of several tissues: flat index (M,), where each one's list starts (M,), tissue and weight of the lists."""

    index: np.ndarray
    first: np.ndarray
    tissue: np.ndarray
    weight: np.ndarray

    @classmethod
    def of(cls, index, names, columns, total):
        """columns (M, T) shares of the tissues `names` at the pixels `index`, which add up to total (M,)."""
        share = columns * (total / np.maximum(columns.sum(1), np.float32(1e-9)))[:, None]
        units = np.rint(share * np.float32(1 / _WEIGHT_UNIT)).astype(np.int16)
        units[:, 0] += units.sum(1, dtype=np.int32) == 0  # every pixel keeps an entry, so that the lists stay apart
        pixel, which = np.nonzero(units)
        first = np.searchsorted(pixel, np.arange(len(index))).astype(np.int32)
        return cls(index.astype(np.int32), first, np.array(names, np.uint8)[which], units[pixel, which])

    @property
    def nbytes(self):
        return nbytes(self)

    def hu(self, vector):
        parts = np.take(vector * np.float32(_WEIGHT_UNIT), self.tissue)
        parts *= self.weight
        return np.add.reduceat(parts, self.first) if parts.size else parts


@dataclass(frozen=True)
class Opaque:
    """A layer that covers a rectangle: label (H, W) of pure pixels, lists for the mixed ones, texture (H, W).

    The texture is in units of texture_unit_hu; where one byte is to do, it is clipped to 127 of them.
    """

    label: np.ndarray
    mixed: Mixed
    texture: np.ndarray
    texture_unit_hu: float

    @classmethod
    def of(cls, dense, textures, box, z_mm, texture_unit_hu=TEXTURE_UNIT_HU, kind=np.int16):
        """dense {tissue: (H, W)} adding up to 1; textures {tissue: f(box, z) -> HU}."""
        names = sorted(dense, key=TISSUE_INDEX.get)
        shape = dense[names[0]].shape
        label, best = np.zeros(shape, np.uint8), np.zeros(shape, np.float32)
        texture = np.zeros(shape, np.float32)
        for name in names:
            higher = dense[name] > best
            label[higher] = TISSUE_INDEX[name]
            np.maximum(best, dense[name], out=best)
            if name in textures:
                _add_texture(texture, dense[name], textures[name], box, z_mm)
        index = np.flatnonzero(best.reshape(-1) < _PURE)
        columns = np.stack([dense[name].reshape(-1)[index] for name in names], axis=1)
        mixed = Mixed.of(index, [TISSUE_INDEX[name] for name in names], columns, np.ones(index.size, np.float32))
        return cls(label, mixed, small(texture, texture_unit_hu, kind), texture_unit_hu)

    @property
    def nbytes(self):
        return nbytes(self)

    def grain(self):
        """The texture in HU."""
        return self.texture * np.float32(self.texture_unit_hu)

    def hu(self, vector):
        picture = np.take(vector, self.label)
        picture.reshape(-1)[self.mixed.index] = self.mixed.hu(vector)
        return picture


@dataclass(frozen=True)
class Sheet:
    """A layer of few pixels: their tissues, what share of the layers behind still shows (uint8 / 255), texture."""

    mixed: Mixed
    left: np.ndarray
    texture: np.ndarray

    @classmethod
    def of(cls, dense, left, textures, grid, z_mm):
        """dense {tissue: (N, N)}, left (N, N): together 1 everywhere."""
        left = np.rint(left.reshape(-1) * 255).astype(np.uint8)
        index, names = np.flatnonzero(left < 255), sorted(dense, key=TISSUE_INDEX.get)
        texture = np.zeros((grid.matrix, grid.matrix), np.float32)
        full = Box(grid, -1e3, 1e3, -1e3, 1e3)
        for name in names:
            if name in textures:
                _add_texture(texture, dense[name], textures[name], full, z_mm)
        columns = np.stack([dense[name].reshape(-1)[index] for name in names] or [np.zeros(index.size)], axis=1)
        total = 1 - left[index] * np.float32(1 / 255)
        mixed = Mixed.of(index, [TISSUE_INDEX[name] for name in names] or [0], columns, total)
        return cls(mixed, left[index], small(texture.reshape(-1)[index], TEXTURE_UNIT_HU))

    @property
    def nbytes(self):
        return nbytes(self)

    def cover(self, flat, values):
        """Put values, already weighted, over a flat picture."""
        at = self.mixed.index
        if at.size:
            flat[at] = flat[at] * (self.left * np.float32(1 / 255)) + values


def _add_texture(texture, cover, function, box, z_mm):
    """Add a tissue's texture where it is: worked on the rectangle it fills."""
    rows, cols = np.flatnonzero(cover.any(1)), np.flatnonzero(cover.any(0))
    if rows.size:
        rows, cols = slice(rows[0], rows[-1] + 1), slice(cols[0], cols[-1] + 1)
        texture[rows, cols] += cover[rows, cols] * function(box.cut(rows, cols), z_mm)


@dataclass(frozen=True)
class Slice:
    """One slice of one shape: shared layers, and how much of each shows.

    Shares are uint8 of 255. On the live box (fat, fluid; the rest is what lies behind), on the spleen's box and on the
    liver's (spleen, liver); fluid is None without ascites. liver_mm: signed distance to the liver's surface on its box.
    """

    bed: object  # Bed of anatomy_slices: behind, front, boxes, spleen textures
    veins: object  # Veins: inside of the liver, trunks outside it
    collaterals: object  # Collaterals: behind the liver, and in its ligament
    fat: np.ndarray
    spleen: np.ndarray
    fluid: np.ndarray | None
    liver: np.ndarray
    liver_mm: np.ndarray

    @property
    def nbytes(self):
        """Bytes of what belongs to this shape alone."""
        own = (self.fat, self.spleen, self.fluid, self.liver, self.liver_mm)
        return sum(v.nbytes for v in own if v is not None)

    def hu(self, hu_of_tissue, moire_hu=0.0, texture=True):
        """Noise-free HU (N, N) float32 for HU per tissue (len(TISSUES),) float32."""
        bed, vector = self.bed, np.asarray(hu_of_tissue, np.float32)
        picture = bed.behind.hu(vector)
        live, spleen, inside = (bed.boxes[name].of(picture) for name in ("live", "spleen", "liver"))
        self._mix(live, spleen, vector[_FAT], vector[_ASCITES], vector[_SPLEEN])
        flat = picture.reshape(-1)
        for sheet in (self.veins.outside, self.collaterals.behind):
            sheet.cover(flat, sheet.mixed.hu(vector))
        _blend(inside, self.veins.inside.hu(vector), self.liver)
        for sheet in (self.collaterals.ligament, bed.front):
            sheet.cover(flat, sheet.mixed.hu(vector))
        picture = blur(picture, bed.pixel_mm)
        if texture or moire_hu:
            picture += self._texture(np.float32(moire_hu), texture)
        return picture

    def _mix(self, live, spleen, fat, fluid, spleen_value):
        """Fat, fluid and spleen over what lies behind, in place; spleen is a view into live."""
        rest = 255 - self.fat
        if self.fluid is not None:
            rest -= self.fluid
        within = self.bed.within("spleen")
        rest[within] -= self.spleen
        live *= rest * np.float32(1 / 255)
        if fat:
            live += self.fat * np.float32(fat / 255)
        if self.fluid is not None and fluid:
            live += self.fluid * np.float32(fluid / 255)
        spleen += self.spleen * (spleen_value * np.float32(1 / 255))

    def _texture(self, moire_hu, texture):
        bed = self.bed
        unit = np.float32(TEXTURE_UNIT_HU)
        grain = bed.behind.grain() if texture else np.zeros(bed.behind.label.shape, np.float32)
        live, spleen, inside = (bed.boxes[name].of(grain) for name in ("live", "spleen", "liver"))
        pattern = bed.spleen_texture * np.float32(PULP_UNIT_HU if texture else 0)
        if moire_hu:
            pattern = pattern + bed.spleen_moire * np.float32(MOIRE_UNIT * moire_hu)
        self._mix(live, spleen, 0.0, 0.0, pattern)
        flat = grain.reshape(-1)
        unit = unit if texture else np.float32(0)
        for sheet in (self.veins.outside, self.collaterals.behind):
            sheet.cover(flat, sheet.texture * unit)
        _blend(inside, self.veins.inside.grain() * np.float32(bool(texture)), self.liver)
        for sheet in (self.collaterals.ligament, bed.front):
            sheet.cover(flat, sheet.texture * unit)
        return grain

    def liver_distance_mm(self):
        """Signed distance to the liver's surface (N, N), negative inside, clipped to +-32 mm."""
        whole = np.full(self.bed.behind.label.shape, np.float32(127 * _DISTANCE_UNIT_MM))
        self.bed.boxes["liver"].of(whole)[...] = self.liver_mm * np.float32(_DISTANCE_UNIT_MM)
        return whole


_DISTANCE_UNIT_MM = 0.25


def distance(field):
    """A field as Slice.liver_mm keeps it."""
    return small(field, _DISTANCE_UNIT_MM, np.int8)


def _blend(below, above, share):
    """Cover a view in place with a share (uint8 / 255) of another picture."""
    above -= below
    above *= share
    above *= np.float32(1 / 255)
    below += above
