"""What a page may set about the viewer, with its defaults and checks."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

# Dossier 2.7: soft tissue W350-400 L40-50, bone W2000 L500. Liver W150 is taught with L30-60; level 80 keeps a liver of
# 95-115 HU in the portal phase in the middle greys.
PRESETS = (
    {"name": "Liver", "window_hu": 150, "level_hu": 80},
    {"name": "Soft tissue", "window_hu": 400, "level_hu": 40},
    {"name": "Bone", "window_hu": 2000, "level_hu": 500},
    {"name": "Lung", "window_hu": 1500, "level_hu": -600},
    {"name": "Custom", "window_hu": 100, "level_hu": 90},
)

# From the bottom to the top of the window; "iron" is black - violet - red - yellow - white, as PET is often shown.
COLOURS = {
    "iron": ((0, 0, 0), (70, 0, 110), (180, 20, 70), (245, 110, 10), (255, 215, 60), (255, 255, 255)),
    "blue": ((0, 0, 0), (0, 40, 120), (0, 130, 200), (120, 220, 240), (255, 255, 255)),
}

SERIES = {"unit": "HU", "scale": 1.0, "digits": 0, "presets": None, "colours": None, "over": None, "opacity": 0.7}

DEFAULTS = {
    "title": "CT viewer: prior and current",
    "panes": ["prior", "current"],
    "stacks": {},
    "series": {},
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
    "marks_button": False,
}


def complete_config(config: Mapping) -> dict:
    """The configuration with defaults filled in.

    ``panes`` names one to four places for pictures; ``stacks`` the series a place can show, the first one first
    (default: one series of the pane's own name), for example ``{"current": ["80 kVp", "140 kVp"]}``; ``series`` what is
    particular about a series (see :func:`complete_series`); ``fov_mm`` side of the square field of view; ``centre_mm``
    patient x, y at its centre; ``z_mm`` patient z of every slice, caudal first; ``slice`` the first one shown (default:
    the middle); ``crop`` top and bottom of the rows shown, as fractions of the field of view; ``presets`` up to five
    {"name", "window_hu", "level_hu"}, the last one being the learner's own; ``drag_matrix`` and ``rest_matrix`` pixels
    per side while a slider moves and at rest; ``figures`` how many curve plots to reserve room for;
    ``figure_height_px``, ``max_width_px``, ``text_lines``; ``truth_button`` whether the learner may switch outlines;
    ``marks_button`` whether the learner may switch lesion marks (frame key ``marks``).
    Raises ValueError naming the key, the value and what is allowed.
    """
    merged = _merged("viewer setting", DEFAULTS, config)
    merged["z_mm"] = [float(z) for z in merged["z_mm"]]
    merged["centre_mm"] = [float(value) for value in merged["centre_mm"]]
    merged["crop"] = [float(value) for value in merged["crop"]]
    merged["fov_mm"] = float(merged["fov_mm"])
    merged["panes"] = list(merged["panes"])
    if not merged["z_mm"] or not all(map(math.isfinite, merged["z_mm"])):
        raise ValueError("z_mm must hold at least one finite slice position in mm.")
    if any(above <= below for below, above in pairwise(merged["z_mm"])):
        raise ValueError("z_mm must rise from slice to slice (caudal first).")
    if not (math.isfinite(merged["fov_mm"]) and merged["fov_mm"] > 0):
        raise ValueError(f"fov_mm must be above 0, got {merged['fov_mm']}.")
    top, bottom = merged["crop"]
    if not 0 <= top < bottom <= 1:
        raise ValueError(f"crop must be two rising fractions from 0 to 1, got {merged['crop']}.")
    if not 1 <= len(merged["panes"]) <= 4 or len(set(merged["panes"])) < len(merged["panes"]):
        raise ValueError(f"panes must name one to four different panes, got {merged['panes']}.")
    merged["presets"] = _presets(merged["presets"])
    if merged["slice"] is None:
        merged["slice"] = len(merged["z_mm"]) // 2
    if not 0 <= merged["slice"] < len(merged["z_mm"]):
        raise ValueError(f"slice must be 0 to {len(merged['z_mm']) - 1}, got {merged['slice']}.")
    merged["stacks"] = _stacks(merged["stacks"], merged["panes"])
    merged["series"] = _all_series(merged["series"], merged["stacks"], merged["presets"])
    return merged


def complete_series(name: str, series: Mapping, presets: Sequence[Mapping]) -> dict:
    """One series with its defaults filled in.

    ``unit`` of its values, for example "HU", "SUV", "a.u.", "10⁻⁶ mm²/s", "mg/mL"; ``scale`` value of one stored count
    (int16; counts from -1024 to 3071 can be told apart on the screen); ``digits`` decimals shown; ``presets`` its own
    windows, in its unit (default: the viewer's); ``colours`` a name out of COLOURS or [r, g, b] stops (0-255) from the
    bottom to the top of the window; ``over`` the series it is laid over (fusion), with ``opacity`` (0-1) at the top.
    """
    merged = _merged(f"setting of series {name!r}", SERIES, series)
    if not (isinstance(merged["unit"], str) and 1 <= len(merged["unit"]) <= 14):
        raise ValueError(f"unit of series {name!r} must be a text of 1 to 14 characters, got {merged['unit']!r}.")
    if not (math.isfinite(merged["scale"]) and merged["scale"] > 0):
        raise ValueError(f"scale of series {name!r} must be above 0, got {merged['scale']}.")
    if merged["digits"] not in range(4):
        raise ValueError(f"digits of series {name!r} must be 0 to 3, got {merged['digits']}.")
    if not 0 < merged["opacity"] <= 1:
        raise ValueError(f"opacity of series {name!r} must be above 0 and at most 1, got {merged['opacity']}.")
    merged["presets"] = _presets(presets if merged["presets"] is None else merged["presets"])
    merged["colours"] = _colours(name, merged["colours"])
    return merged


def _merged(what: str, defaults: Mapping, given: Mapping) -> dict:
    unknown = sorted(set(given) - set(defaults))
    if unknown:
        raise ValueError(f"unknown {what} {unknown[0]!r}: allowed are {', '.join(defaults)}.")
    return {**defaults, **given}


def _presets(presets: Sequence[Mapping]) -> list[dict]:
    if not 1 <= len(presets) <= 5:
        raise ValueError(f"presets must hold one to five windows, got {len(presets)}.")
    for preset in presets:
        if not (math.isfinite(preset["level_hu"]) and math.isfinite(preset["window_hu"]) and preset["window_hu"] > 0):
            raise ValueError(f"preset {preset['name']!r} must have a window above 0 and a finite level, got {preset}.")
    return [dict(preset) for preset in presets]


def _stacks(stacks: Mapping[str, Sequence[str]], panes: Sequence[str]) -> dict[str, list[str]]:
    unknown = sorted(set(stacks) - set(panes))
    if unknown:
        raise ValueError(f"stacks name the pane {unknown[0]!r}; panes are {', '.join(panes)}.")
    merged = {pane: list(stacks.get(pane, [pane])) for pane in panes}
    names = [name for stack in merged.values() for name in stack]
    if not all(merged.values()) or len(set(names)) < len(names):
        raise ValueError(f"stacks must give every pane one series or more, each once, got {merged}.")
    return merged


def _all_series(series: Mapping[str, Mapping], stacks: Mapping, presets: Sequence[Mapping]) -> dict[str, dict]:
    names = [name for stack in stacks.values() for name in stack]
    unknown = sorted(set(series) - set(names))
    if unknown:
        raise ValueError(f"series {unknown[0]!r} is shown in no pane; shown are {', '.join(names)}.")
    merged = {name: complete_series(name, series.get(name, {}), presets) for name in names}
    for name, one in merged.items():
        if one["over"] is not None and (one["over"] not in merged or merged[one["over"]]["over"] is not None):
            raise ValueError(f"series {name!r} must lie over a plain series, got {one['over']!r}.")
    return merged


def _colours(name: str, colours) -> list[list[int]] | None:
    if colours is None:
        return None
    if isinstance(colours, str) and colours not in COLOURS:
        raise ValueError(f"colours of series {name!r} must be one of {', '.join(COLOURS)}, got {colours!r}.")
    stops = [[int(part) for part in stop] for stop in (COLOURS[colours] if isinstance(colours, str) else colours)]
    if len(stops) < 2 or not all(len(stop) == 3 and all(0 <= part <= 255 for part in stop) for stop in stops):
        raise ValueError(f"colours of series {name!r} must be two or more [r, g, b] from 0 to 255, got {stops}.")
    return stops
