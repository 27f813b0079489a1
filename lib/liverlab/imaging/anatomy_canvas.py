"""Paint one axial slice of the body as tissue coverage, and keep it small.

Shapes are painted back to front with anti-aliased edges on three planes around a slice, averaged, blurred by the
scanner's point spread and stored as a label per pure pixel plus a short list of tissue weights per mixed pixel.
A picture is then linear in the tissues' HU: changing delay, kVp or dose never paints again.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from liverlab.imaging.anatomy_liver import POLAR_CENTRE_MM

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
    "ascites",
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
SUB_SLICES_MM = (-1.0, 0.0, 1.0)  # three planes stand for a 3 mm slice, PHANTOM 3.5
STEP_MM = 1.0  # edges are at least as soft as the step between planes: flat tops would show as terraces
PSF_SIGMA_MM = 0.65  # scanner blur in the plane, PHANTOM 3.5
_BINS = 2880


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

    def cut(self, rows, cols):
        """A part of the box, by slices that count from its own corner."""
        part = Box.__new__(Box)
        part.rows = slice(self.rows.start + rows.start, self.rows.start + rows.stop)
        part.cols = slice(self.cols.start + cols.start, self.cols.start + cols.stop)
        part.x, part.y = self.x[:, cols], self.y[rows]
        return part

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
        return np.clip(0.5 - distance_mm * np.float32(1.0 / max(self.pixel_mm, STEP_MM)), 0.0, 1.0)

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
