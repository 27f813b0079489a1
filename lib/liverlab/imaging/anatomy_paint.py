"""What stands where in one patient, painted back to front on a plane: behind the liver, inside it, in front of it.

Liver, spleen and free fluid are not painted here: disease moves them, and anatomy_layers puts them in between.
"""

from functools import cached_property

import numpy as np

from liverlab.imaging import organs_fluid, vessels
from liverlab.imaging import organs_upper as upper
from liverlab.imaging.anatomy_texture import Textures
from liverlab.imaging.organs_clutter import Clutter, paint_clutter
from liverlab.imaging.organs_gut import paint_gut
from liverlab.imaging.organs_spine import paint_spine
from liverlab.imaging.organs_wall import paint_back, paint_ribs, paint_wall


class Painter:
    """The organs of one patient: wall, seed of the fine detail, and a function that gives the scale of the liver."""

    def __init__(self, wall, seed, liver_scale):
        self.wall, self._seed, self._liver_scale = wall, seed, liver_scale

    @cached_property
    def detail(self):
        return upper.Detail(self._seed)

    @cached_property
    def textures(self):
        return Textures(self._seed)

    @cached_property
    def _clutter(self):
        return Clutter(self._seed)

    def outside(self, c):
        """Table, wall and back; returns the field of the inner wall and the depth of the ribs for `front`."""
        depth, deep = paint_wall(c, self.wall)
        paint_back(c, self.wall, depth, self.detail)
        return self.wall.inner_field(c.grid, c.z), deep

    def bed(self, c, inner, domes, cavity):
        """Lungs, heart and the fat of the abdomen with its small vessels. Fields on the whole canvas."""
        upper.paint_chest(c, inner, domes, self.detail, self._clutter)
        paint_clutter(c, self._clutter, cavity)

    def organs(self, c, cavity):
        """Kidneys to stomach: what free fluid flows around."""
        upper.paint_kidneys(c, self.detail)
        upper.paint_adrenals(c)
        upper.paint_pancreas(c, self.detail)
        vessels.paint_named_vessels(c)
        paint_gut(c, cavity, self.detail)

    def inside(self, inner, outer, scale, cavity, portal_vein_mm):
        """inner: fissures and vessels of a liver that fills the canvas; outer: its trunks outside it."""
        inner.paint_coverage("liver", np.ones_like(cavity))
        upper.paint_fissures(inner, self.detail, scale, cavity)
        vessels.paint_liver_vessels(inner, outer, scale, portal_vein_mm)

    def front(self, c, deep):
        """Gallbladder to spine: what stands in front of the liver."""
        upper.paint_gallbladder(c, self.detail, self._liver_scale())
        upper.paint_oesophagus(c)
        upper.paint_crura(c)
        vessels.paint_great_vessels(c)
        if deep is not None:
            paint_ribs(c, self.wall, deep)
            paint_spine(c, self.detail)

    def behind_peritoneum(self, box, z):
        """Field of what free fluid does not reach."""
        return organs_fluid.behind_peritoneum(box, z, [upper.kidney(box, z, side) for side in (1, -1)])


def beside_spleen(box, z):
    """Fields (2, H, W) of what the spleen does not enter: left kidney and the space behind it."""
    return np.stack([upper.kidney(box, z, 1), organs_fluid.back(box, z)])
