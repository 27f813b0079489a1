"""Measure the virtual abdomen beside a real scan, by the same code, and draw them side by side.

    python tools/compare_with_scan.py [--reference FOLDER] [--sheet FILE.png] [--write]

The scan is the public sample of TotalSegmentator (Wasserthal 2023, Apache-2.0): 20 portal venous slices as DICOM with
labels as NIfTI. It is not part of the project and its pictures must not become part of it: the sheet is written outside
the project only; --write puts the table of figures into docs/picture.md. Needs the extra [dicom] and pillow, which
decodes its JPEG 2000.
"""

import argparse
import gzip
import io
import sys
import zipfile
from pathlib import Path

import numpy as np

from liverlab import evidence
from liverlab.imaging import anatomy, contrast, ct, png, quality
from liverlab.imaging.protocol import REFERENCE
from liverlab.imaging.tissue_share import share_of

ROOT = Path(__file__).resolve().parents[1]
SCAN, LABELS = "totalsegmentator_example_ct_dicom_20slices.zip", "example_seg_dicom.nii.gz"
# What is measured: name -> labels of the scan, tissues of ours, pixels taken off the edge.
MASKS = {
    "liver": ((5,), ("liver",), 3),
    "spleen": ((1,), ("spleen",), 3),
    "aorta": ((52,), ("aorta",), 3),
    "portal vein": ((64,), ("portal_vein",), 2),
    "muscle of the back": ((86, 87), ("muscle",), 2),
    "vertebral core": ((32, 33), ("bone_trabecular",), 5),
    "stomach without gas": ((6,), ("stomach_wall", "stomach_content"), 2),
}
WHOLE_LIVER = (5,), ("liver", "portal_vein", "hepatic_vein", "hepatic_artery")
# What issue 4 of the project asks of the virtual abdomen in the portal venous phase: name -> lowest, highest.
BARS = {
    "liver": (95, 115), "spleen": (100, 130), "aorta": (140, 180), "portal vein": (150, 190),
    "muscle of the back": (50, 65), "fat": (-110, -90), "vertebral core": (130, 200), "noise SD": (10, 17),
    "lag 1 px, x": (0.25, 0.6), "lag 1 px, y": (0.25, 0.6), "lag 2 px, x": (-0.3, 0.3), "lag 2 px, y": (-0.3, 0.3),
    "noise mean frequency": (0.2, 0.35),
}  # fmt: skip
AORTA_MM = (14.0, -31.0)  # from the vertebral body's centre, PHANTOM 4.2: ties the scan to the patient frame
# Boxes in the patient frame (mm): x, y ranges.
BACK, BODY, STOMACH_BED = ((-80, 80), (36, 90)), ((-16, 16), (-11, 9)), ((18, 118), (-112, -16))
LOWEST_MM, HIGHEST_MM = -18.0, 24.0  # heights of the virtual abdomen that show what the scan shows
MATRIX = 369  # pixels of 0.976 mm
PAGE = ROOT / "docs" / "picture.md"
BEGIN, END = "<!-- figures: begin (python tools/compare_with_scan.py --write) -->", "<!-- figures: end -->"


def read_nifti(path):
    """Voxels (z, y, x) of a NIfTI-1 file, as stored, and its pixel size in mm (x)."""
    raw = gzip.decompress(Path(path).read_bytes())
    dim, kind = np.frombuffer(raw, "<i2", 8, 40), int(np.frombuffer(raw, "<i2", 1, 70)[0])
    start = int(np.frombuffer(raw, "<f4", 1, 108)[0])
    dtype = {2: "<u1", 4: "<i2", 8: "<i4", 16: "<f4", 256: "<i1", 512: "<u2"}[kind]
    shape = dim[3], dim[2], dim[1]
    voxels = np.frombuffer(raw, dtype, int(np.prod(shape, dtype=int)), start).reshape(shape)
    return voxels, float(np.frombuffer(raw, "<f4", 1, 80)[0])


def read_scan(folder):
    """HU and labels (z, y, x), pixel size in mm; rows run from anterior, columns from the patient's right."""
    try:
        import pydicom
    except ImportError:
        sys.exit("This tool needs pydicom and pillow: pip install 'liverlab[dicom]' pillow")
    with zipfile.ZipFile(folder / SCAN) as archive:
        slices = [pydicom.dcmread(io.BytesIO(archive.read(name))) for name in archive.namelist()]
    slices.sort(key=lambda one: float(one.ImagePositionPatient[2]))
    hu = np.stack([one.pixel_array * float(one.RescaleSlope) + float(one.RescaleIntercept) for one in slices])
    labels, pixel_mm = read_nifti(folder / LABELS)
    return hu, labels[:, ::-1], pixel_mm  # NIfTI rows run from posterior


class Real:
    """The scan: pictures, masks by label, and boxes of the patient frame."""

    def __init__(self, folder):
        self.hu, self._labels, self.pixel_mm = read_scan(folder)
        rows, cols = np.nonzero(np.isin(self._labels, MASKS["aorta"][0]).any(0))
        self._origin = rows.mean() - AORTA_MM[1] / self.pixel_mm, cols.mean() - AORTA_MM[0] / self.pixel_mm

    def mask(self, labels, tissues):
        return np.isin(self._labels, labels)

    def box(self, ranges):
        (x0, x1), (y0, y1) = ranges
        rows = (np.arange(self.hu.shape[1]) - self._origin[0]) * self.pixel_mm
        cols = (np.arange(self.hu.shape[2]) - self._origin[1]) * self.pixel_mm
        inside = ((rows > y0) & (rows < y1))[:, None] & ((cols > x0) & (cols < x1))[None, :]
        return np.broadcast_to(inside, self.hu.shape)


class Ours:
    """The virtual abdomen on the same pixels."""

    def __init__(self, noise=True):
        ev = evidence.load()
        values = ev.values(evidence.Scenario("gist_imatinib"))
        tissues = contrast.tissue_hu(REFERENCE, ev.tissues["ct"], values)
        self._patient = anatomy.default()
        at = np.unique([self._patient.slice_index(float(z)) for z in np.arange(LOWEST_MM, HIGHEST_MM, 3.0)])
        self._at, self.pixel_mm = at.tolist(), self._patient.pixel_mm(MATRIX)
        pictures = [
            ct.render(self._patient, tissues, ct.NO_LESIONS, k, REFERENCE, MATRIX, noise=noise) for k in self._at
        ]
        self.hu = np.stack(pictures).astype(float)

    def mask(self, labels, tissues):
        return np.stack([share_of(self._patient, (k, MATRIX), tissues) > 0.98 for k in self._at])

    def box(self, ranges):
        (x0, x1), (y0, y1) = ranges
        line = (np.arange(MATRIX) + 0.5) * self.pixel_mm - self._patient.fov_mm / 2
        cols, rows = line + self._patient.fov_centre_mm[0], line + self._patient.fov_centre_mm[1]
        inside = ((rows > y0) & (rows < y1))[:, None] & ((cols > x0) & (cols < x1))[None, :]
        return np.broadcast_to(inside, self.hu.shape)


def figures(who):
    """Everything that is compared: name -> number."""
    found = {}
    for name, (labels, tissues, pixels) in MASKS.items():
        masks = who.mask(labels, tissues)
        if name == "muscle of the back":
            masks = masks & who.box(BACK)
        if name == "vertebral core":
            masks = masks & who.box(BODY)
        if name == "stomach without gas":
            masks = masks & (who.hu > -200)
        masks = [quality.eroded(mask, pixels) for mask in masks]
        found[name], found[f"{name}, SD"] = quality.mean_sd(who.hu, masks)
    fat = [quality.eroded((picture > -140) & (picture < -60), 1) for picture in who.hu]
    found["fat"], found["fat, SD"] = quality.mean_sd(who.hu, fat)
    liver = [quality.eroded(mask, 4) for mask in who.mask(*WHOLE_LIVER)]
    noise = quality.noise(who.hu, map(quality.without_vessels, who.hu, liver), who.pixel_mm)
    found["noise SD"], found["noise mean frequency"] = noise.sd_hu, noise.mean_frequency
    for lag in (1, 2):
        found[f"lag {lag} px, x"], found[f"lag {lag} px, y"] = noise.lag_x[lag - 1], noise.lag_y[lag - 1]
    bed = who.box(STOMACH_BED) & ~who.mask(*MASKS["liver"][:2]) & ~who.mask(*MASKS["spleen"][:2])
    for name, share in quality.shares(who.hu, bed).items():
        found[f"stomach bed: share of {name}"] = share
    return found


def table(real, ours):
    """The figures as lines of text: real, ours, what is asked of ours."""
    lines = [f"{'':38s}{'real':>9s}{'ours':>9s}   asked of ours"]
    for name, mine in ours.items():
        low, high = BARS.get(name, (-np.inf, np.inf))
        asked = "" if name not in BARS else f"{low:g} to {high:g}{'' if low <= mine <= high else '  OUTSIDE'}"
        lines.append(f"{name:38s}{real[name]:9.2f}{mine:9.2f}   {asked}")
    return lines


def written(page, real, ours):
    """The page with the table between its marks brought up to date."""
    rows = ["| | real | ours | asked of ours |", "|---|---|---|---|"]
    for name, mine in ours.items():
        digits = 2 if name.startswith(("lag", "stomach bed")) or name.endswith("frequency") else 1
        unit = ", per mm" if name.endswith("frequency") else "" if digits == 2 else ", HU"
        asked = "{:g} to {:g}".format(*BARS[name]) if name in BARS else ""
        rows.append(f"| {name}{unit} | {real[name]:.{digits}f} | {mine:.{digits}f} | {asked} |")
    before, rest = page.split(BEGIN)
    return before + "\n".join([BEGIN, *rows, END]) + rest.split(END)[1]


def sheet(real, ours, levels=4):
    """Real slices in the upper row, ours below, at soft tissue and liver windows."""
    bands = []
    for window in ((400, 40), (150, 90)):
        for who in (real, ours):
            rows, cols = (np.flatnonzero((who.hu > -300).any(0).any(axis)) for axis in (1, 0))
            middle = int((rows[0] + rows[-1]) / 2), int((cols[0] + cols[-1]) / 2)
            at = np.linspace(1, len(who.hu) - 2, levels).astype(int)
            around = np.pad(who.hu, ((0, 0), (200, 200), (200, 200)), constant_values=-1000.0)
            top, left = middle[0] + 200 - 150, middle[1] + 200 - 185
            parts = [around[k, top : top + 300, left : left + 370] for k in at]
            bands.append(np.hstack([png.windowed(part, *window) for part in parts]))
    return np.vstack(bands)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reference", type=Path, default=ROOT.parent / "shared" / "reference" / "ct")
    parser.add_argument("--sheet", type=Path, help="write a contact sheet here, outside the project")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/picture.md")
    asked = parser.parse_args()
    if asked.sheet is not None and asked.sheet.resolve().is_relative_to(ROOT):
        parser.error(f"--sheet is {asked.sheet}: pictures of the real scan must stay outside the project.")
    if not (asked.reference / SCAN).exists():
        parser.error(f"{asked.reference} has no {SCAN}: the public reference data is not beside this project.")
    real, ours = Real(asked.reference), Ours()
    found = figures(real), figures(ours)
    print(*table(*found), sep="\n")
    if asked.write:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), *found), encoding="utf-8")
    if asked.sheet is not None:
        asked.sheet.write_bytes(png.encode(sheet(real, ours)))


if __name__ == "__main__":
    main()
