"""The virtual abdomen: an adult from the dome of the liver to its tip as an implicit model, sliced on demand.

Patient frame in mm: x to the patient's left, y posterior, z superior; the origin is the vertebral body centre in x and
y and the centroid of the liver in z. Pictures have row 0 anterior and column 0 at the patient's right. Slices lie on a
3 mm grid, index 0 most caudal. Layout and shapes: the measurements of two scans and the fitted liver in the dossier.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from liverlab.imaging import anatomy_canvas as canvas
from liverlab.imaging import anatomy_liver as liver
from liverlab.imaging import organs_upper as upper
from liverlab.imaging import vessels
from liverlab.imaging.anatomy_texture import Textures
from liverlab.imaging.organs_gut import Clutter, paint_clutter, paint_gut
from liverlab.imaging.organs_spine import paint_spine
from liverlab.imaging.organs_wall import Wall, paint_back, paint_ribs, paint_wall

SLICE_SPACING_MM = 3.0
FIRST_Z_MM = -96.0
SLICE_COUNT = 64
CACHE_BYTES = 96_000_000
_MATRIX_RANGE = (64, 1024)
_SOLVE_GRID_MM = 6.0  # coarse grid on which the liver's volume is solved; within 0.5 % of a 2 mm grid

# The standard patient's answer of solve_liver, so that the first picture does not wait for it; a test solves it again.
_STANDARD = {(328.0, 1900.0, 1): (0.85261, 1898.2)}


@dataclass(frozen=True)
class Anatomy:
    """One virtual patient: body width (mm), liver volume (mL) after contact with the wall, seed of the fine detail."""

    body_width_mm: float = 328.0
    liver_ml: float = 1900.0
    seed: int = 1
    _weights: dict = field(default_factory=dict, repr=False, compare=False)
    _cache: OrderedDict = field(default_factory=OrderedDict, repr=False, compare=False)

    def __post_init__(self):
        for name, value, low, high in (
            ("body_width_mm", self.body_width_mm, 280.0, 350.0),
            ("liver_ml", self.liver_ml, 600.0, 3000.0),
        ):
            if not (np.isfinite(value) and low <= value <= high):
                raise ValueError(f"{name} is {value}; it must lie between {low:g} and {high:g}.")

    @property
    def fov_mm(self):
        """Width and height of a picture (mm)."""
        return canvas.FOV_MM

    @property
    def fov_centre_mm(self):
        """Patient coordinates (x, y) of the centre of a picture (mm)."""
        return canvas.FOV_CENTRE_MM

    @cached_property
    def z_mm(self):
        """Heights of the slices (SLICE_COUNT,), ascending: index 0 is most caudal."""
        return FIRST_Z_MM + SLICE_SPACING_MM * np.arange(SLICE_COUNT)

    @cached_property
    def wall(self):
        return Wall(self.body_width_mm, self.seed)

    def pixel_mm(self, matrix):
        return canvas.FOV_MM / matrix

    # ---- liver -------------------------------------------------------------------------------------------------

    @cached_property
    def _coarse(self):
        """Fields on the coarse grid that do not depend on the liver's scale."""
        h = _SOLVE_GRID_MM
        x, y = np.arange(-150, 90, h, np.float32)[None, :], np.arange(-150, 64, h, np.float32)[:, None]
        z = np.arange(-92, 100, h)
        cavity = np.stack([np.maximum(self.wall.inner_field_at(x, y, k), liver.diaphragm(x, y, k)) for k in z])
        return x[None], y[None], z[:, None, None].astype(np.float32), cavity, self._parietal(x, y), liver.column(x, y)

    @staticmethod
    def _parietal(x, y):
        dx, dy = x - canvas.POLAR_CENTRE_MM[0], y - canvas.POLAR_CENTRE_MM[1]
        return liver.parietal_weight(x, np.rad2deg(np.arctan2(dx, -dy)) % 360)

    def _coarse_volume_ml(self, scale):
        x, y, z, cavity, weight, behind = self._coarse
        cx, cy, cz = liver.LIVER_CENTRE_MM
        free = liver.free_liver(x - cx, y - cy, z - cz, scale)
        filled = liver.contact(free, cavity, liver.weight_at(weight, x, z), behind)
        inside = np.clip(0.5 - filled / np.float32(_SOLVE_GRID_MM), 0, 1)
        return float(inside.sum(dtype=np.float64)) * _SOLVE_GRID_MM**3 / 1000

    @cached_property
    def _solved(self):
        """Scale of the free liver whose volume in contact is liver_ml, and that volume."""
        return _STANDARD.get((self.body_width_mm, self.liver_ml, self.seed)) or self.solve_liver()

    def solve_liver(self):
        """(scale, volume in mL) of the liver that fills liver_ml after contact: power steps inside a bisection."""
        wanted, scale, low, high = self.liver_ml, 0.85 * (self.liver_ml / 1900.0) ** (1 / 2.5), 0.4, 1.7
        for _ in range(14):
            volume = self._coarse_volume_ml(scale)
            if abs(volume - wanted) < 0.001 * wanted:
                return scale, volume
            low, high = (scale, high) if volume < wanted else (low, scale)
            step = scale * (wanted / volume) ** (1 / 2.5)
            scale = step if low < step < high else 0.5 * (low + high)
        raise ValueError(
            f"liver_ml is {wanted:g}; a body {self.body_width_mm:g} mm wide cannot hold a liver of that volume."
        )

    @property
    def liver_scale(self):
        return self._solved[0]

    @property
    def liver_volume_ml(self):
        """Volume of the liver after contact with the wall (mL), vessels included."""
        return self._solved[1]

    def liver_field(self, x_mm, y_mm, z_mm):
        """Signed distance-like field of the liver (mm, negative inside) at points; arrays broadcast."""
        x, y, z = np.broadcast_arrays(*(np.asarray(v, np.float32) for v in (x_mm, y_mm, z_mm)))
        shape, (x, y, z) = x.shape, (v.reshape(-1) for v in (x, y, z))
        cx, cy, cz = liver.LIVER_CENTRE_MM
        free = liver.free_liver(x - cx, y - cy, z - cz, self.liver_scale)
        cavity = liver.diaphragm(x, y, z)
        for height in sorted(set(z.tolist())):
            here = z == height
            cavity[here] = np.maximum(cavity[here], self.wall.inner_field_at(x[here], y[here], height))
        weight = liver.weight_at(self._parietal(x, y), x, z)
        return liver.contact(free, cavity, weight, liver.column(x, y)).reshape(shape)

    def _liver_on(self, g, z, cavity):
        """Field of the liver on a plane: (box, field)."""
        box = canvas.Box(g, -152, 92, -152, 66)
        cx, cy, cz = liver.LIVER_CENTRE_MM
        free = liver.free_liver(box.x - cx, box.y - cy, np.float32(z - cz), self.liver_scale)
        weight = liver.weight_at(self._parietal_on(g.matrix, box), box.x, z)
        return box, liver.contact(free, box.of(cavity), weight, liver.column(box.x, box.y))

    def _parietal_on(self, matrix, box):
        if matrix not in self._weights:
            self._weights[matrix] = self._parietal(box.x, box.y)
        return self._weights[matrix]

    # ---- slices ------------------------------------------------------------------------------------------------

    def slice_index(self, z_index_or_mm):
        """Index of a slice from an index (int) or a height in mm (float, nearest slice)."""
        if isinstance(z_index_or_mm, int | np.integer):
            index = int(z_index_or_mm)
            if not 0 <= index < SLICE_COUNT:
                raise ValueError(f"z_index is {index}; it must lie between 0 and {SLICE_COUNT - 1}.")
            return index
        low, high = self.z_mm[0] - 1.5, self.z_mm[-1] + 1.5
        if not low <= z_index_or_mm <= high:
            raise ValueError(f"z_mm is {z_index_or_mm}; it must lie between {low:g} and {high:g}.")
        return int(np.clip(np.rint((z_index_or_mm - FIRST_Z_MM) / SLICE_SPACING_MM), 0, SLICE_COUNT - 1))

    def prepare(self, z_index, matrix=256):
        """SliceMap of one slice, built on first use and kept (least recently used slices go first)."""
        matrix = check_matrix(matrix)
        key = (self.slice_index(z_index), matrix)
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        built = self._build(*key)
        self._cache[key] = built
        held = sum(item.nbytes for item in self._cache.values())
        while held > CACHE_BYTES and len(self._cache) > 1:
            held -= self._cache.popitem(last=False)[1].nbytes
        return built

    @cached_property
    def _detail(self):
        return upper.Detail(self.seed), Clutter(self.seed), Textures(self.seed)

    def _build(self, index, matrix):
        g, z = canvas.grid(matrix), float(self.z_mm[index])
        dense, middle = {}, np.full((matrix, matrix), np.float32(31.75))
        base = canvas.Canvas(g, z)
        depth, deep = paint_wall(base, self.wall)  # the wall changes slowly with height: painted once for three planes
        paint_back(base, self.wall, depth, self._detail[0])
        inner = self.wall.inner_field(g, z)
        # Diaphragm and liver are worked on the two outer planes; in the middle they are their mean.
        domes = [liver.diaphragm(base.full.x, base.full.y, z + offset) for offset in (-1.0, 1.0)]
        livers = [self._liver_on(g, z + o, np.maximum(inner, d)) for o, d in zip((-1.0, 1.0), domes, strict=True)]
        box, left = livers[0][0], np.zeros((matrix, matrix), np.float32)
        for offset in canvas.SUB_SLICES_MM:
            share = np.float32((offset + 1) / 2)
            mix = [one + share * (other - one) for one, other in (domes, (livers[0][1], livers[1][1]))]
            c, through = base.moved(offset), np.full((matrix, matrix), np.float32(1 / len(canvas.SUB_SLICES_MM)))
            self._paint(c, inner, deep, mix[0], box, mix[1])
            c.add_to(dense, through)
            left += through
            if offset == 0:
                box.of(middle)[...] = mix[1]
        base.add_to(dense, left)
        dense["air"] = dense.get("air", 0) + left
        textures = self._detail[2]
        return canvas.compact(dense, g, z, textures.of, textures.moire, middle)

    def _paint(self, c, inner, deep, domes, box, field_mm):
        """Paint one plane back to front inside the wall; domes, inner: fields of the canvas, field_mm: of the liver."""
        detail, clutter, _ = self._detail
        cavity = np.maximum(inner, domes)
        upper.paint_chest(c, inner, domes, detail, clutter)
        paint_clutter(c, clutter, cavity)
        upper.paint_kidneys(c, detail)
        upper.paint_adrenals(c)
        upper.paint_pancreas(c, detail)
        vessels.paint_named_vessels(c)
        paint_gut(c, cavity, detail)
        upper.paint_spleen(c, cavity, detail)
        c.paint("fat", np.maximum(field_mm - 1.2, box.of(cavity) + 2.4), box)  # not at wall and diaphragm
        c.paint("liver", field_mm, box)
        inside = np.zeros(c.grid.radius_mm.shape, np.float32)
        box.of(inside)[...] = c.coverage(field_mm)
        upper.paint_fissures(c, self.liver_scale, cavity)
        vessels.paint_liver_vessels(c, self.liver_scale, inside)
        upper.paint_gallbladder(c, detail)
        upper.paint_oesophagus(c)
        upper.paint_crura(c)
        vessels.paint_great_vessels(c)
        paint_ribs(c, self.wall, deep)
        paint_spine(c, detail)

    def liver_mask(self, spacing_mm=3.0):
        """Liver as a boolean volume (nz, ny, nx) with its axes: (mask, z_mm, y_mm, x_mm); isotropic spacing."""
        x = np.arange(-150, 90, spacing_mm, np.float32)
        y = np.arange(-150, 64, spacing_mm, np.float32)
        z = np.arange(-92, 100, spacing_mm, np.float32)
        plane = [self.liver_field(x[None, :], y[:, None], k) < 0 for k in z]
        return np.stack(plane), z, y, x


def check_matrix(matrix):
    """The picture's size as an int, refused before any memory is taken."""
    low, high = _MATRIX_RANGE
    if isinstance(matrix, bool) or not isinstance(matrix, int | np.integer) or not low <= matrix <= high:
        raise ValueError(f"matrix is {matrix}; it must be a whole number between {low} and {high}.")
    return int(matrix)


@lru_cache(maxsize=32)
def _depths(anatomy, centres):
    """Liver field at lesion centres (bytes of (L, 3) float64), kept: a slider rarely moves a lesion."""
    return anatomy.liver_field(*np.frombuffer(centres).reshape(-1, 3).T)


def check_lesions(anatomy, centre_mm, semi_axes_mm):
    """Refuse lesions that do not lie in the liver.

    centre_mm, semi_axes_mm : (L, 3) in the patient frame, mm. Raises ValueError naming the first lesion whose centre
    is outside the liver or whose axes are not positive and finite.
    """
    centre = np.atleast_2d(np.asarray(centre_mm, float))
    semi = np.atleast_2d(np.asarray(semi_axes_mm, float))
    if centre.shape != semi.shape or centre.shape[-1] != 3:
        raise ValueError(f"centre_mm has shape {centre.shape} and semi_axes_mm {semi.shape}; both must be (L, 3).")
    if not np.isfinite(centre).all():
        raise ValueError("centre_mm holds a value that is not a number; it must be finite (mm).")
    if not (np.isfinite(semi).all() and (semi >= 0).all()):
        raise ValueError("semi_axes_mm holds a negative or undefined value; it must be 0 mm or more.")
    if not len(centre):
        return
    depth = _depths(anatomy, centre.tobytes())
    for number, (point, outside) in enumerate(zip(centre, depth, strict=True)):
        if outside > 0:
            place = ", ".join(f"{v:g}" for v in point)
            raise ValueError(f"centre_mm of lesion {number} is ({place}), {outside:.0f} mm outside the liver.")


@lru_cache(maxsize=1)
def default():
    """The standard patient of the lessons."""
    return Anatomy()
