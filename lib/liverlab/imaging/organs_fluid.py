"""Ascites: where free fluid lies in a supine patient, and how far it lifts liver and spleen off the wall.

Fluid fills the dependent recesses first: it is a rim along the wall whose thickness falls from back to front, and a
thinner film on the visceral side (Morison's pouch, around the spleen). The bare area of the liver stays dry. [by eye]
"""

import numpy as np

from liverlab.imaging.anatomy_shapes import at_z, ellipse

MOST_DEPENDENT_MM = 52.0  # y of the deepest recess behind
_TILT = 0.13  # the rim is thinner by this much per mm towards the front
_THICKEST_MM = 45.0
_VISCERAL = 0.55  # film on the visceral surface, as a share of the rim at the same height
_FILL_MM = 2.6  # the fluid reaches this far beyond the gap between organ and wall
_LINING_MM, _FILM_MM = 0.4, 2.0
_RETRO = ((8.0, -18.0), (52.0, 34.0))  # great vessels, pancreas head, crura: behind the peritoneum
_BACK = (4.0, 44.0), 62.0  # centre and depth of the space behind the kidneys, whose half width changes with height:
_BACK_WIDTH = ((-40.0, 92.0), (0.0, 66.0), (40.0, 58.0))
_RENAL_FAT_MM = 9.0
HIGHEST_LEVEL_MM = 90.0


def dry(x, y, z):
    """1 in the bare area (behind the right lobe, beside the vena cava), 0 elsewhere; broadcasts.

    Under the right dome the liver hangs from the diaphragm by its ligaments: only a thin layer lies there.
    """
    back = np.clip((y + np.float32(30)) / np.float32(18), 0, 1)
    across = np.clip((x + np.float32(100)) / np.float32(18), 0, 1) * np.clip((np.float32(0) - x) / np.float32(10), 0, 1)
    along = np.clip((z + np.float32(16)) / np.float32(12), 0, 1) * np.clip((np.float32(64) - z) / np.float32(16), 0, 1)
    dome = np.clip((z - np.float32(24)) / np.float32(36), 0, 1) * np.clip(-x / np.float32(30), 0, 1)
    return np.maximum(back * across * along, np.float32(0.8) * dome)


def rim(y, level_mm):
    """Thickness (mm) of the fluid along the wall at a height y; level_mm: thickness in the deepest recess."""
    return np.clip(np.float32(level_mm) - np.float32(_TILT) * (np.float32(MOST_DEPENDENT_MM) - y), 0, _THICKEST_MM)


def back(box, z):
    """Signed distance (negative inside) to the space behind the kidneys and beside the spine."""
    centre, depth = _BACK
    return ellipse(box, centre, (*at_z(z, _BACK_WIDTH), depth))


def behind_peritoneum(box, z, kidneys):
    """Signed distance (negative inside) to what fluid does not reach: great vessels, kidneys with their fat."""
    field = np.minimum(ellipse(box, *_RETRO), back(box, z))
    for kidney in kidneys:
        field = np.minimum(field, kidney - np.float32(_RENAL_FAT_MM))
    return field


def fluid(cavity, rim_mm, liver, spleen, pixel_mm):
    """Share of free fluid (0-1) in pixels of a size, from fields that broadcast; organs in front are not cut out.

    rim_mm : thickness along the wall where fluid may lie, 0 where it is dry. Layers are differences of coverages, so
    that a film thinner than a pixel keeps its volume.
    """

    def within(field):
        return np.clip(0.5 - field * np.float32(1 / pixel_mm), 0, 1)

    film = np.float32(_VISCERAL) * rim_mm
    dry_core = within(cavity + rim_mm + np.float32(_FILL_MM))
    dry_core *= 1 - within(np.minimum(liver, spleen) - film)
    share = within(cavity + np.float32(_LINING_MM)) - dry_core
    # what is thinner than a film fades: the gaps between organ and wall are fat without fluid
    share *= np.clip(rim_mm * np.float32(1 / _FILM_MM), 0, 1)
    return np.maximum(share, 0)
