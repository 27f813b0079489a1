"""Paint one axial slice of the body as tissue coverage, and keep it small.

Shapes are painted back to front with anti-aliased edges on three planes around a slice, averaged, blurred by the
scanner's point spread and stored as a label per pure pixel plus a short list of tissue weights per mixed pixel.
A picture is then linear in the tissues' HU: changing delay, kVp or dose never paints again.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

TISSUES = (
    "air",
    "lung",
    "fat",
    "subcutaneous_fat",
    "skin",
    "muscle",
    "bone_cortex",
    "bone_trabecular",
    "cartilage",
    "disc",
    "spinal_canal",
    "liver",
    "spleen",
    "kidney_cortex",
    "kidney_medulla",
    "pancreas",
    "adrenal",
    "stomach_wall",
    "stomach_content",
    "bowel_wall",
    "bowel_content",
    "gas",
    "bile",
    "aorta",
    "portal_vein",
    "hepatic_vein",
    "ivc",
    "splenic_vein",
    "hepatic_artery",
    "table",
)
TISSUE_INDEX = {name: index for index, name in enumerate(TISSUES)}

FOV_MM = 360.0
FOV_CENTRE_MM = (0.0, -34.0)  # x, y: leaves room for the table behind the back
POLAR_CENTRE_MM = (2.0, -39.0)  # centre of the body's box, PHANTOM 4.1
SUB_SLICES_MM = (-1.0, 0.0, 1.0)  # three planes stand for a 3 mm slice, PHANTOM 3.5
_STEP_MM = 1.0  # edges are at least as soft as the step between planes: flat tops would show as terraces
PSF_SIGMA_MM = 0.65  # scanner blur in the plane, PHANTOM 3.5
PURE = 0.997  # a pixel this pure is stored as its label alone
_BINS = 2880
_WEIGHT_UNIT = 1.0 / 32767.0
_TEXTURE_UNIT_HU = 1.0 / 32.0
_FIELD_UNIT_MM = 0.25


@dataclass(frozen=True)
class Grid:
    """Pixel centres of a square picture and its polar coordinates about the body's centre (mm, degrees)."""

    matrix: int
    pixel_mm: float
    x_mm: np.ndarray
    y_mm: np.ndarray
    radius_mm: np.ndarray
    angle_bin: np.ndarray

    def around_angle(self, degrees, values):
        """Periodic table over the angle (0 anterior, 90 patient's left), as a full-frame map."""
        return around(degrees, values)[self.angle_bin]


def around(degrees, values):
    """Periodic piecewise-linear table over the angle, sampled in fine bins (float32)."""
    centres = (np.arange(_BINS) + 0.5) * (360.0 / _BINS)
    return np.interp(centres, degrees, values, period=360.0).astype(np.float32)


def smooth_around(degrees, values, harmonics=8):
    """Periodic table smoothed by keeping its first harmonics, as the body outline of PHANTOM 4.1."""
    spectrum = np.fft.rfft(around(degrees, values))
    spectrum[harmonics + 1 :] = 0
    return np.fft.irfft(spectrum, _BINS).astype(np.float32)


@lru_cache(maxsize=4)
def grid(matrix):
    """Grid of a picture with matrix x matrix pixels over the field of view."""
    pixel = FOV_MM / matrix
    line = (np.arange(matrix, dtype=np.float32) + np.float32(0.5)) * np.float32(pixel) - np.float32(FOV_MM / 2)
    x, y = line + np.float32(FOV_CENTRE_MM[0]), line + np.float32(FOV_CENTRE_MM[1])
    dx, dy = x[None, :] - np.float32(POLAR_CENTRE_MM[0]), y[:, None] - np.float32(POLAR_CENTRE_MM[1])
    angle = np.arctan2(dx, -dy) * np.float32(_BINS / (2 * np.pi))
    bins = np.floor(angle).astype(np.intp) % _BINS
    return Grid(matrix, pixel, x, y, np.sqrt(dx * dx + dy * dy), bins)


class Box:
    """A rectangle of the canvas: its pixel slices and the coordinates inside (x: 1 x W, y: H x 1)."""

    __slots__ = ("cols", "rows", "x", "y")

    def __init__(self, grid_, x0, x1, y0, y1):
        g = grid_
        c0, c1 = np.searchsorted(g.x_mm, (x0 - g.pixel_mm, x1 + g.pixel_mm))
        r0, r1 = np.searchsorted(g.y_mm, (y0 - g.pixel_mm, y1 + g.pixel_mm))
        self.rows, self.cols = slice(int(r0), int(r1)), slice(int(c0), int(c1))
        self.x, self.y = g.x_mm[None, self.cols], g.y_mm[self.rows, None]

    @classmethod
    def of_pixels(cls, grid_, rows, cols):
        box = cls.__new__(cls)
        box.rows, box.cols = rows, cols
        box.x, box.y = grid_.x_mm[None, cols], grid_.y_mm[rows, None]
        return box

    @property
    def empty(self):
        return self.rows.start >= self.rows.stop or self.cols.start >= self.cols.stop

    def of(self, full):
        return full[self.rows, self.cols]


class Canvas:
    """Paint on one plane: calls are ordered back to front, a later one covers an earlier one."""

    def __init__(self, grid_, z_mm):
        self.grid, self.z, self.slice_z = grid_, float(z_mm), float(z_mm)
        self.pixel_mm = grid_.pixel_mm
        self.full = Box(grid_, -1e3, 1e3, -1e3, 1e3)
        self._strokes, self._waves = [], {}

    def moved(self, offset_mm):
        """An empty canvas on a neighbouring plane of the same slice, sharing its random fields."""
        other = Canvas(self.grid, self.z + offset_mm)
        other.slice_z, other._waves = self.slice_z, self._waves
        return other

    def wave(self, waves, box, offset_mm=0.0):
        """A random field on a box, worked once for all planes of a slice: it hardly changes over a millimetre."""
        key = (id(waves), box.rows.start, box.rows.stop, box.cols.start, box.cols.stop, offset_mm)
        if key not in self._waves:
            self._waves[key] = waves.on(box, self.slice_z + offset_mm)
        return self._waves[key]

    def box(self, x0, x1, y0, y1):
        return Box(self.grid, x0, x1, y0, y1)

    def coverage(self, distance_mm):
        """Share of a pixel inside a shape whose signed distance is negative inside (PHANTOM 3.5)."""
        return np.clip(0.5 - distance_mm * np.float32(1.0 / max(self.pixel_mm, _STEP_MM)), 0.0, 1.0)

    def paint(self, tissue, distance_mm, box=None, opacity=1.0):
        """Cover with a tissue (or a {tissue: share} mixture) where the signed distance is negative."""
        self.paint_coverage(tissue, self.coverage(distance_mm) * np.float32(opacity), box)

    def paint_coverage(self, tissue, coverage, box=None):
        box = self.full if box is None else box
        if not box.empty:
            self._strokes.append((tissue, box, coverage))

    def add_to(self, dense, left):
        """Resolve the strokes front to back: each takes its share of left (N, N) and adds it to dense {tissue: map}.

        What remains in left shows whatever lies behind this canvas.
        """
        for tissue, box, coverage in reversed(self._strokes):
            rest = box.of(left)
            seen = rest * coverage
            rest -= seen
            for name, part in tissue.items() if isinstance(tissue, dict) else ((tissue, 1.0),):
                if name not in dense:
                    dense[name] = np.zeros_like(left)
                box.of(dense[name])[...] += seen if part == 1.0 else seen * np.float32(part)


@lru_cache(maxsize=32)
def _kernel(pixel_mm, sigma_mm=PSF_SIGMA_MM):
    half = max(1, round(2.5 * sigma_mm / pixel_mm))
    offsets = np.arange(-half, half + 1) * pixel_mm
    taps = np.exp(-0.5 * (offsets / sigma_mm) ** 2)
    return (taps / taps.sum()).astype(np.float32)


def blur(picture, pixel_mm, sigma_mm=PSF_SIGMA_MM):
    """Separable Gaussian blur, by default the scanner's point spread, with edge pixels repeated."""
    taps = _kernel(float(pixel_mm), float(sigma_mm))
    half = len(taps) // 2
    for axis in (0, 1):
        pad = [(0, 0), (0, 0)]
        pad[axis] = (half, half)
        wide = np.pad(picture, pad, mode="edge")
        size = picture.shape[axis]
        picture = wide[half : half + size] * taps[half] if axis == 0 else wide[:, half : half + size] * taps[half]
        for k in range(half):
            low, high = slice(k, k + size), slice(2 * half - k, 2 * half - k + size)
            pair = wide[low] + wide[high] if axis == 0 else wide[:, low] + wide[:, high]
            pair *= taps[k]
            picture += pair
    return picture


@dataclass(frozen=True)
class SliceMap:
    """What is where in one slice, ready to be multiplied by HU.

    label : (N, N) uint8, tissue of the pure pixels
    mixed : (M,) int32 flat index of mixed pixels; first : (M,) start of each in tissue, weight (uint8, int16)
    texture : (N, N) int16, fixed HU deviations; moire : flat index and pattern of unit SD in the spleen
    liver_field : (N, N) int8, signed distance to the liver's surface (negative inside)
    """

    label: np.ndarray
    mixed: np.ndarray
    first: np.ndarray
    tissue: np.ndarray
    weight: np.ndarray
    texture: np.ndarray
    moire_index: np.ndarray
    moire: np.ndarray
    liver_field: np.ndarray

    @property
    def nbytes(self):
        return sum(getattr(self, name).nbytes for name in self.__dataclass_fields__)

    def hu(self, hu_of_tissue, moire_hu=0.0, texture=True):
        """Noise-free HU (N, N) float32 for HU per tissue (len(TISSUES),) float32."""
        picture = np.take(hu_of_tissue, self.label)
        if self.mixed.size:
            parts = np.take(hu_of_tissue * np.float32(_WEIGHT_UNIT), self.tissue)
            parts *= self.weight
            picture.reshape(-1)[self.mixed] = np.add.reduceat(parts, self.first)
        if moire_hu and self.moire_index.size:
            picture.reshape(-1)[self.moire_index] += self.moire.astype(np.float32) * np.float32(moire_hu)
        if texture:
            picture += self.texture * np.float32(_TEXTURE_UNIT_HU)
        return picture

    def liver_distance_mm(self):
        return self.liver_field * np.float32(_FIELD_UNIT_MM)


def _bounds(picture, pad):
    """Rows and columns (slices) where a picture is not zero, padded; None if it is empty."""
    rows, cols = np.flatnonzero(picture.any(1)), np.flatnonzero(picture.any(0))
    if rows.size == 0:
        return None
    return slice(max(rows[0] - pad, 0), rows[-1] + pad + 1), slice(max(cols[0] - pad, 0), cols[-1] + pad + 1)


def compact(dense, grid_, z_mm, textures, moire, liver_field):
    """Blur coverage maps {tissue: (N, N)} and store them as a SliceMap.

    textures : {tissue: function(box, z_mm) -> HU deviations}, weighted by the blurred maps; moire : the same with unit
    SD, for the spleen; liver_field : (N, N) signed distance on the middle plane (mm).
    """
    pad = 2 * (len(_kernel(float(grid_.pixel_mm))) // 2)
    parts = []  # (index of the tissue, where it is, its blurred coverage there)
    for name in sorted(dense, key=TISSUE_INDEX.get):
        bounds = _bounds(dense[name], pad)
        if bounds is not None:
            parts.append((TISSUE_INDEX[name], bounds, blur(dense[name][bounds], grid_.pixel_mm)))
    shape = (grid_.matrix, grid_.matrix)
    label, best = np.zeros(shape, np.uint8), np.zeros(shape, np.float32)
    for index, bounds, weight in parts:
        higher = weight > best[bounds]
        label[bounds][higher] = index
        np.maximum(best[bounds], weight, out=best[bounds])
    mixed = np.flatnonzero(best.reshape(-1) < PURE).astype(np.int32)
    columns = np.zeros((mixed.size, len(parts)), np.float32)
    spread, texture = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    spots, bands = np.zeros(0, np.int32), np.zeros(0, np.float16)
    for column, (index, bounds, weight) in enumerate(parts):
        spread[bounds] = weight
        columns[:, column] = spread.reshape(-1)[mixed]
        if TISSUES[index] == "spleen":
            spots = np.flatnonzero(spread.reshape(-1) > 0.02).astype(np.int32)
            pattern = np.zeros(shape, np.float32)
            pattern[bounds] = weight * moire(Box.of_pixels(grid_, *bounds), z_mm)
            bands = pattern.reshape(-1)[spots].astype(np.float16)
        spread[bounds] = 0
        if TISSUES[index] in textures:
            texture[bounds] += weight * textures[TISSUES[index]](Box.of_pixels(grid_, *bounds), z_mm)
    units = np.rint(columns / (columns.sum(1, keepdims=True) * np.float32(_WEIGHT_UNIT))).astype(np.int16)
    pixel, which = np.nonzero(units)
    first = np.searchsorted(pixel, np.arange(mixed.size)).astype(np.int32)
    tissue = np.array([index for index, _, _ in parts], np.uint8)[which]
    limit = 32767 * _TEXTURE_UNIT_HU
    return SliceMap(
        label,
        mixed,
        first,
        tissue,
        units[pixel, which],
        np.rint(np.clip(texture, -limit, limit) / _TEXTURE_UNIT_HU).astype(np.int16),
        spots,
        bands,
        np.clip(np.rint(liver_field / _FIELD_UNIT_MM), -127, 127).astype(np.int8),
    )
