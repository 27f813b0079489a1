"""Couinaud's segments of the liver, from the landmarks of the fitted shape (PHANTOM 1.3).

Three upright planes through the inferior vena cava follow the hepatic veins; the level of the portal vein divides upper
from lower segments; the caudate lies behind the fissure of the ligamentum venosum. Frame of the landmarks: centroid of
the liver, mm at 1500 mL; a liver of another size is scaled. Real segments vary from person to person: for teaching.
"""

import numpy as np

from liverlab.imaging.anatomy_liver import LIVER_CENTRE_MM

SEGMENTS = ("I", "II", "III", "IVa", "IVb", "V", "VI", "VII", "VIII")
RIGHT_LOBE = ("V", "VI", "VII", "VIII")  # right of the middle hepatic vein; the others are the left lobe and caudate
_CAVA = (38.0, 20.0)  # x, y of the confluence of the hepatic veins
_RIGHT_VEIN, _MIDDLE_VEIN = (-36.0, 23.0), (4.0, -26.0)  # x, y of points on their planes; gallbladder and vein
_FISSURE_X, _FISSURE_LEAN = 41.0, 0.06  # round ligament and umbilical part: x at z = 0, its change per mm of z
_PORTAL_Z = ((-60.0, -17.0), (13.0, -12.0), (32.0, -3.0), (90.0, 2.0))  # level of the portal branches: x, z
_LEFT_TILT = 0.45  # the left hepatic vein runs forwards and down between II and III: rise per mm to posterior
_VENOSUM = ((92.0, -6.0), (73.0, -16.0), (58.0, -20.0), (44.0, -20.0), (12.0, 2.0))  # x, y, from its mouth to the porta
_CAUDATE = ((46.0, 10.0, 8.0), (40.0, 28.0, 30.0))  # centre, semi-axes of the room the caudate lies in


def segment_of(point_mm, liver_scale):
    """Couinaud segment of points (..., 3) in the patient frame (mm): a name of SEGMENTS, or an array of them (...).

    liver_scale : Anatomy.liver_scale. Points outside the liver get the segment whose sector they lie in. Raises
    ValueError for points that are not finite numbers.
    """
    point = np.asarray(point_mm, float)
    if point.shape[-1:] != (3,) or not np.isfinite(point).all():
        raise ValueError(f"point_mm has shape {point.shape} or an undefined value; it must be finite (..., 3) in mm.")
    x, y, z = np.moveaxis((point - LIVER_CENTRE_MM) / liver_scale, -1, 0)
    upper = z > np.interp(x, *np.array(_PORTAL_Z).T)
    names = np.where(upper, "VII", "VI")
    names = np.where(_left_of(x, y, _RIGHT_VEIN), np.where(upper, "VIII", "V"), names)
    names = np.where(_left_of(x, y, _MIDDLE_VEIN), np.where(upper, "IVa", "IVb"), names)
    lateral = x > _FISSURE_X + _FISSURE_LEAN * z
    names = np.where(
        lateral & _left_of(x, y, _MIDDLE_VEIN), np.where(z + _LEFT_TILT * (y + 20) > -2, "II", "III"), names
    )
    fissure_y = np.interp(x, *np.array(_VENOSUM[::-1]).T)
    centre, semi = np.array(_CAUDATE)
    near = sum(((v - c) / s) ** 2 for v, c, s in zip((x, y, z), centre, semi, strict=True)) < 1
    names = np.where(near & (y > fissure_y), "I", names)
    return str(names) if names.ndim == 0 else names


def _left_of(x, y, vein):
    """Whether points lie on the patient's left of the upright plane through the cava and a point in front of it."""
    ax, ay = _CAVA
    bx, by = vein
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0
