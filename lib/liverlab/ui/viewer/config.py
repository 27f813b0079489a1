"""What a page may set about the viewer, with its defaults and checks."""

import math
from collections.abc import Mapping

# Dossier 2.7: soft tissue W350-400 L40-50, bone W2000 L500. Liver W150 is taught with L30-60; level 80 keeps a liver of
# 95-115 HU in the portal phase in the middle greys.
PRESETS = (
    {"name": "Liver", "window_hu": 150, "level_hu": 80},
    {"name": "Soft tissue", "window_hu": 400, "level_hu": 40},
    {"name": "Bone", "window_hu": 2000, "level_hu": 500},
    {"name": "Lung", "window_hu": 1500, "level_hu": -600},
    {"name": "Custom", "window_hu": 100, "level_hu": 90},
)

DEFAULTS = {
    "title": "CT viewer: prior and current",
    "panes": ["prior", "current"],
    "fov_mm": 400.0,
    "centre_mm": [0.0, 0.0],
    "z_mm": [0.0],
    "slice": None,
    "crop": [0.0, 1.0],
    "presets": list(PRESETS),
    "drag_matrix": 256,
    "rest_matrix": 512,
    "max_width_px": 760,
    "figures": 0,
    "figure_height_px": 190,
    "text_lines": 2,
    "truth_button": True,
}


def complete_config(config: Mapping) -> dict:
    """The configuration with defaults filled in.

    ``fov_mm`` side of the square field of view; ``centre_mm`` patient x, y at its centre; ``z_mm`` patient z of every
    slice, caudal first; ``slice`` the first one shown (default: the middle); ``crop`` top and bottom of the rows shown,
    as fractions of the field of view; ``presets`` up to five {"name", "window_hu", "level_hu"}, the last one being the
    learner's own; ``drag_matrix`` and ``rest_matrix`` pixels per side while a slider moves and at rest; ``figures`` how
    many curve plots to reserve room for; ``figure_height_px``, ``max_width_px``, ``text_lines``; ``truth_button``
    whether the learner may switch outlines. Raises ValueError naming the key, the value and what is allowed.
    """
    unknown = sorted(set(config) - set(DEFAULTS))
    if unknown:
        raise ValueError(f"unknown viewer setting {unknown[0]!r}: allowed are {', '.join(DEFAULTS)}.")
    merged = {**DEFAULTS, **config}
    merged["z_mm"] = [float(z) for z in merged["z_mm"]]
    merged["centre_mm"] = [float(value) for value in merged["centre_mm"]]
    merged["crop"] = [float(value) for value in merged["crop"]]
    merged["fov_mm"] = float(merged["fov_mm"])
    merged["panes"] = list(merged["panes"])
    merged["presets"] = [dict(preset) for preset in merged["presets"]]
    if not merged["z_mm"] or not all(map(math.isfinite, merged["z_mm"])):
        raise ValueError("z_mm must hold at least one finite slice position in mm.")
    if not (math.isfinite(merged["fov_mm"]) and merged["fov_mm"] > 0):
        raise ValueError(f"fov_mm must be above 0, got {merged['fov_mm']}.")
    top, bottom = merged["crop"]
    if not 0 <= top < bottom <= 1:
        raise ValueError(f"crop must be two rising fractions from 0 to 1, got {merged['crop']}.")
    if not 1 <= len(merged["panes"]) <= 2:
        raise ValueError(f"panes must name one or two panes, got {merged['panes']}.")
    if not 1 <= len(merged["presets"]) <= 5:
        raise ValueError(f"presets must hold one to five windows, got {len(merged['presets'])}.")
    if merged["slice"] is None:
        merged["slice"] = len(merged["z_mm"]) // 2
    if not 0 <= merged["slice"] < len(merged["z_mm"]):
        raise ValueError(f"slice must be 0 to {len(merged['z_mm']) - 1}, got {merged['slice']}.")
    return merged
