"""Draw the contact sheet of docs/picture.md: six levels of the virtual abdomen in four phases.

    python tools/contact_sheets.py [FOLDER]          default: docs/images

Needs pillow, for the labels.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from liverlab import evidence
from liverlab.imaging import anatomy, contrast, ct, png
from liverlab.imaging.phases import phase_name
from liverlab.imaging.protocol import REFERENCE

ROOT = Path(__file__).resolve().parents[1]
LEVELS_MM = (60.0, 36.0, 12.0, -12.0, -42.0, -72.0)
DELAYS_S = (0.0, 35.0, 70.0, 180.0)
WINDOW_HU, LEVEL_HU = 350.0, 50.0
TILE, BODY_ROWS = 256, slice(22, 226)  # what lies above and below the body is left out
GREYS = 64  # steps of grey: fewer than 256 halve the file, and no eye misses them


def main(folder):
    """Write contact_sheet.png."""
    ev, patient = evidence.load(), anatomy.default()
    values = ev.values(evidence.Scenario("gist_imatinib"))
    scans = [replace(REFERENCE, delay_s=delay, iodine_g_per_kg=0.5 if delay else 0.0) for delay in DELAYS_S]
    columns = []
    for scan in scans:
        tissues = contrast.tissue_hu(scan, ev.tissues["ct"], values)
        slices = [ct.render(patient, tissues, ct.NO_LESIONS, z, scan, TILE)[BODY_ROWS] for z in LEVELS_MM]
        columns.append(np.vstack([png.windowed(picture, WINDOW_HU, LEVEL_HU) for picture in slices]))
    grey = np.hstack(columns)
    step = 256 // GREYS
    sheet = Image.fromarray(grey // step * step)
    draw, height = ImageDraw.Draw(sheet), BODY_ROWS.stop - BODY_ROWS.start
    for column, scan in enumerate(scans):
        name = phase_name(scan.delay_s) + (f", {scan.delay_s:.0f} s" if scan.delay_s else "")
        draw.text((column * TILE + 6, 3), name, fill=255)
    for row, z in enumerate(LEVELS_MM):
        draw.text((6, (row + 1) * height - 14), f"{z:+.0f} mm", fill=255)
    folder.mkdir(parents=True, exist_ok=True)
    sheet.save(folder / "contact_sheet.png", optimize=True)
    print(folder / "contact_sheet.png", f"{(folder / 'contact_sheet.png').stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
