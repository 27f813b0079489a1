"""Vertebrae with canal, arch and processes; discs between them (layout: PHANTOM 4.3)."""

import numpy as np


def paint_spine(c, wall):
    box = c.box(-50, 50, -25, 80)
    x, y = box.x, box.y
    d = (np.sqrt((x / 24) ** 2 + (y / 18) ** 2) - 1) * 20
    c.paint("bone_cortex", d, box)
    c.paint("bone_trabecular", d + 2, box)
    d = (np.sqrt((x / 13) ** 2 + ((y - 26) / 11) ** 2) - 1) * 10
    c.paint("bone_cortex", d, box)
    c.paint("spinal_canal", d + 3, box)
