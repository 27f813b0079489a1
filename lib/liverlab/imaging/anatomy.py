"""The virtual abdomen: an adult from the dome of the liver to its tip as an implicit model, sliced on demand.

Patient frame in mm: x to the patient's left, y posterior, z superior; the origin is the vertebral body centre in x and
y and the centroid of the liver in z. Pictures have row 0 anterior and column 0 at the patient's right. Slices lie on a
3 mm grid, index 0 most caudal. Layout and shapes: the measurements of two scans and the fitted liver in the dossier.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from liverlab.disease.checks import number
from liverlab.imaging import anatomy_canvas as canvas
from liverlab.imaging import anatomy_deform as deform
from liverlab.imaging import anatomy_form, anatomy_slices, organs_fluid
from liverlab.imaging import anatomy_liver as liver
from liverlab.imaging.anatomy_lattice import Lattice
from liverlab.imaging.anatomy_layers import Kept
from liverlab.imaging.anatomy_paint import Painter
from liverlab.imaging.liver_state import NORMAL, OWN_SPLEEN_ML
from liverlab.imaging.organs_wall import Wall

SLICE_SPACING_MM = 3.0
FIRST_Z_MM = -96.0
SLICE_COUNT = 64
CACHE_BYTES = 90_000_000  # pictures of slices and their layers
FIELD_BYTES = 3_000_000  # fields of the free liver, quickly made again
LARGEST_SEMI_AXIS_MM = 150.0  # of a lesion: longer than any liver is wide
_MATRIX_RANGE = (64, 1024)
_FORMS_KEPT = 64
_DOME_FITS_ML = 1900.0  # over a smaller liver the right dome stands lower, by half of what the liver is less high
_STILL_MM = 0.05  # a surface that moved less did not move

# The standard patient's own liver (scale and volume), so that the first picture does not wait for it to be solved; a
# test solves it again.
_STANDARD = {(328.0, 1900.0, 1, "M"): (0.8428, 1900.0)}


@dataclass(frozen=True)
class Anatomy:
    """One virtual patient: body width (mm), liver volume (mL) after contact with the wall, seed of fine detail, sex."""

    body_width_mm: float = 328.0
    liver_ml: float = 1900.0
    seed: int = 1
    sex: str = "M"
    _cache: Kept = field(default_factory=Kept, repr=False, compare=False)
    _fields: Kept = field(default_factory=Kept, repr=False, compare=False)
    _forms: OrderedDict = field(default_factory=OrderedDict, repr=False, compare=False)

    def __post_init__(self):
        number("body_width_mm", self.body_width_mm, 280, 350, "mm")
        number("liver_ml", self.liver_ml, 600, 3000, "mL")
        check_seed(self.seed)
        if self.sex not in ("M", "F"):
            raise ValueError(f"sex is {self.sex!r}; it must be 'M' or 'F'.")

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
        dome = 0.5 + 0.5 * min(self.liver_ml / _DOME_FITS_ML, 1.0) ** (1 / 3)
        return Wall(self.body_width_mm, self.seed, self.sex, dome)

    def pixel_mm(self, matrix):
        return canvas.FOV_MM / matrix

    # ---- liver -------------------------------------------------------------------------------------------------

    @cached_property
    def _painter(self):
        return Painter(self.wall, self.seed, lambda: self.liver_scale)

    @cached_property
    def _lattice(self):
        return Lattice(self.wall, self._painter, self.seed)

    @cached_property
    def _own(self):
        """Scale of the free liver whose volume in contact is liver_ml, and that volume."""
        return _STANDARD.get(self._key) or self.solve_liver()

    @property
    def _key(self):
        return self.body_width_mm, self.liver_ml, self.seed, self.sex

    def solve_liver(self):
        """(scale, volume in mL) of the undeformed liver that fills liver_ml after contact; ValueError if none does."""
        return anatomy_form.own_scale(self._lattice, self.liver_ml, self.body_width_mm)

    @property
    def liver_scale(self):
        """Scale of the patient's own free liver, in which its vessels and landmarks lie."""
        return self._own[0]

    def form(self, shape=NORMAL):
        """anatomy_form.Form of a shape in this body, solved on first use; ValueError where it does not fit."""
        if shape in self._forms:
            self._forms.move_to_end(shape)
            return self._forms[shape]
        if shape == NORMAL and self._key in _STANDARD:
            found = anatomy_form.Form(self._own[0], liver_ml=self._own[1], spleen_ml=OWN_SPLEEN_ML)
        else:
            found = anatomy_form.solve(self._lattice, shape, *self._own, self.body_width_mm)
        self._forms[shape] = found
        if len(self._forms) > _FORMS_KEPT:
            self._forms.popitem(last=False)
        return found

    def liver_field(self, x_mm, y_mm, z_mm, shape=NORMAL):
        """Signed distance-like field of the liver (mm, negative inside) at points; arrays broadcast."""
        x, y, z = np.broadcast_arrays(*(np.asarray(v, np.float32) for v in (x_mm, y_mm, z_mm)))
        outline, (x, y, z) = x.shape, (v.reshape(-1) for v in (x, y, z))
        form = self.form(shape)
        cx, cy, cz = liver.LIVER_CENTRE_MM
        free = liver.free_liver(x - cx, y - cy, z - cz, form.scale)
        free = free + np.float32(form.offset_mm) + deform.lobar(shape, form.scale, x, y, z)
        cavity = self._cavity_at(x, y, z)
        if form.fluid_mm:
            cavity += organs_fluid.rim(y, form.fluid_mm) * (1 - organs_fluid.dry(x, y, z))
        weight = liver.weight_at(liver.parietal(x, y), x, z)
        local = deform.local_at(shape, form.dimples, self.seed, x, y, z)
        return liver.contact(free, cavity, weight, liver.column(x, y), local).reshape(outline)

    def surface_mechanism(self, points_mm, shape):
        """What moved the surface at points (n, 3) on it: {retraction, nodules, atrophy: share (n,)}.

        Shares of the displacement add up to 1; all are 0 where the surface stayed within 0.05 mm. Atrophy is what the
        liver lost evenly or in the right lobe; growth of the caudate and organs lifted by fluid do not count.
        """
        form = self.form(shape)
        x, y, z = np.asarray(points_mm, np.float32).T
        shrunk = 1 - form.scale / self.liver_scale
        lost = form.offset_mm + shrunk * np.sqrt(
            sum((v - c) ** 2 for v, c in zip((x, y, z), liver.LIVER_CENTRE_MM, strict=True))
        )
        nodules = deform.nodules_at(self.seed, shape.nodule_mm, x, y, z)
        moved = {
            "retraction": sum((deform.dimple(x, y, z, row) for row in form.dimples), np.zeros_like(x)),
            "nodules": np.float32(shape.nodularity_mm) * np.abs(nodules),
            "atrophy": np.maximum(lost + deform.lobar(shape, form.scale, x, y, z), 0),
        }
        total = sum(moved.values())
        return {name: np.where(total > _STILL_MM, mm / np.maximum(total, _STILL_MM), 0) for name, mm in moved.items()}

    def wall_gap_mm(self, points_mm):
        """Distance (n,) of points (n, 3) inside the abdomen to its wall or the diaphragm (mm)."""
        x, y, z = np.asarray(points_mm, np.float32).T
        return -self._cavity_at(x, y, z)

    def _cavity_at(self, x, y, z):
        """Field of the room inside wall and diaphragm at points (n,)."""
        cavity = self.wall.domes(x, y, z)
        for height in sorted(set(z.tolist())):
            here = z == height
            cavity[here] = np.maximum(cavity[here], self.wall.inner_field_at(x[here], y[here], height))
        return cavity

    def liver_mask(self, spacing_mm=3.0, shape=NORMAL):
        """Liver as a boolean volume (nz, ny, nx) with its axes: (mask, z_mm, y_mm, x_mm); isotropic spacing."""
        number("spacing_mm", spacing_mm, 1, 20, "mm")
        x = np.arange(-150, 90, spacing_mm, np.float32)
        y = np.arange(-150, 64, spacing_mm, np.float32)
        z = np.arange(-92, 100, spacing_mm, np.float32)
        plane = [self.liver_field(x[None, :], y[:, None], k, shape) < 0 for k in z]
        return np.stack(plane), z, y, x

    # ---- slices ------------------------------------------------------------------------------------------------

    def slice_index(self, z_index_or_mm):
        """Index of a slice from an index (int) or a height in mm (float, nearest slice)."""
        if isinstance(z_index_or_mm, int | np.integer) and not isinstance(z_index_or_mm, bool):
            index = int(z_index_or_mm)
            if not 0 <= index < SLICE_COUNT:
                raise ValueError(f"z_index is {index}; it must lie between 0 and {SLICE_COUNT - 1}.")
            return index
        low, high = self.z_mm[0] - 1.5, self.z_mm[-1] + 1.5
        if not (isinstance(z_index_or_mm, float | np.floating) and low <= z_index_or_mm <= high):
            raise ValueError(
                f"z_mm is {z_index_or_mm}; it must be a height from {low:g} to {high:g} mm, or the index of a slice."
            )
        return int(np.clip(np.rint((z_index_or_mm - FIRST_Z_MM) / SLICE_SPACING_MM), 0, SLICE_COUNT - 1))

    def prepare(self, z_index, matrix=256, shape=NORMAL):
        """anatomy_layers.Slice of one slice, built on first use and kept (least recently used parts go first)."""
        index, matrix, form = self.slice_index(z_index), check_matrix(matrix), self.form(shape)
        z, key = float(self.z_mm[index]), (index, matrix)
        trees = form.scale, shape.portal_vein_mm
        around = shape.collaterals_pct, round(form.spleen_size, 2) if shape.collaterals_pct else 1.0
        parts = {
            ("bed", *key): lambda: anatomy_slices.bed(self._painter, self.wall, z, matrix),
            ("veins", *key, *trees): lambda: anatomy_slices.veins(self._painter, self.wall, z, matrix, *trees),
            ("collaterals", *key, *around): lambda: anatomy_slices.collaterals(self._painter, z, matrix, *around),
        }

        def compose():
            layers = [self._cache.get(name, make, CACHE_BYTES) for name, make in parts.items()]
            fields = [
                self._fields.get(name, make, FIELD_BYTES)
                for name, make in (
                    ((*key, form.scale), lambda: anatomy_slices.free_planes(z, matrix, form.scale)),
                    (("growth", matrix), lambda: anatomy_slices.growth(matrix)),
                )
            ]
            return anatomy_slices.compose(*layers, *fields, shape, form, self.seed)

        whole = self._cache.get(("slice", *key, shape), compose, CACHE_BYTES)
        self._cache.touch(parts)  # a slice holds its parts: it has to go before them
        return whole


def check_matrix(matrix):
    """The picture's size as an int, refused before any memory is taken."""
    low, high = _MATRIX_RANGE
    if isinstance(matrix, bool) or not isinstance(matrix, int | np.integer) or not low <= matrix <= high:
        raise ValueError(f"matrix is {matrix}; it must be a whole number between {low} and {high}.")
    return int(matrix)


def check_seed(seed):
    """The seed of the fine detail or the noise as an int."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**32:
        raise ValueError(f"seed is {seed}; it must be a whole number from 0 to {2**32 - 1}.")
    return int(seed)


@lru_cache(maxsize=32)
def _depths(anatomy, centres):
    """Liver field at lesion centres (bytes of (L, 3) float64), kept: a slider rarely moves a lesion."""
    return anatomy.liver_field(*np.frombuffer(centres).reshape(-1, 3).T)


def check_lesions(anatomy, centre_mm, semi_axes_mm):
    """Refuse lesions that do not lie in the liver.

    centre_mm, semi_axes_mm : (L, 3) in the patient frame, mm. Raises ValueError naming the first lesion whose centre
    is outside the liver, or the first semi-axis that is not a number from 0 to LARGEST_SEMI_AXIS_MM.
    """
    centre = np.atleast_2d(np.asarray(centre_mm, float))
    semi = np.atleast_2d(np.asarray(semi_axes_mm, float))
    if centre.shape != semi.shape or centre.shape[-1] != 3:
        raise ValueError(f"centre_mm has shape {centre.shape} and semi_axes_mm {semi.shape}; both must be (L, 3).")
    if not np.isfinite(centre).all():
        raise ValueError("centre_mm holds a value that is not a number; it must be finite (mm).")
    number("semi_axes_mm", semi, 0, LARGEST_SEMI_AXIS_MM, "mm")
    if not len(centre):
        return
    depth = _depths(anatomy, centre.tobytes())
    for place, (point, outside) in enumerate(zip(centre, depth, strict=True)):
        if outside > 0:
            where = ", ".join(f"{v:g}" for v in point)
            raise ValueError(f"centre_mm of lesion {place} is ({where}), {outside:.0f} mm outside the liver.")


@lru_cache(maxsize=1)
def default():
    """The standard patient of the lessons."""
    return Anatomy()
