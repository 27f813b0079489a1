"""The 3-D figure as a plotly dictionary: liver, lesions and vessels from `imaging.surfaces`, arrays left as arrays.

Seen from the front, the patient's right on the left, as on every slice. Colours are Okabe and Ito's; what they mean is
also written beside the switches and, for lesions, at the lesion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from liverlab.imaging.isosurface import Mesh
from liverlab.imaging.surfaces import Surfaces
from liverlab.ui.describe import counted, listing, quantity
from liverlab.ui.figures import BLUE, VERMILION, Figure, figure

PALE_BLUE = "#56b4e9"  # hepatic veins: next to the portal vein's blue, on any paper
TISSUE = "#c4a484"  # liver: pale, so that lesions and vessels stand out in it
# A lamp above the reader's left shoulder that goes with the eye (plotly places it in the picture: x right, y up, z into
# the depth); little gloss, so that the surface reads as a shape.
_LIGHT = {
    "lighting": {"ambient": 0.4, "diffuse": 0.62, "specular": 0.1, "roughness": 0.6, "fresnel": 0.05},
    "lightposition": {"x": -1500, "y": 2500, "z": -250},
}
_MARGIN_MM = 16.0
_HEIGHT = 1.9  # of the liver with its letters, where the picture is 2 high (parallel projection)
_MOST_NAMED = 12  # lesions whose volumes are read out one by one


def surface_figure(
    surfaces: Surfaces, labels: Mapping[str, str], values_title: str = "", values_range: Sequence[float] | None = None
) -> Figure:
    """The figure; each trace's ``meta`` says which switch it belongs to: liver, lesions, portal, hepatic.

    labels : lesion id -> name; values_title, values_range : name (with unit) and ends of the colour scale where
    surfaces.liver_values are there; by default the scale spans them.
    """
    lesions = [(labels.get(id_, id_), mesh) for id_, mesh in zip(surfaces.lesion_ids, surfaces.lesions, strict=True)]
    data = [
        # What is see-through is drawn last, over what shines through.
        *(_solid(mesh, VERMILION, "lesions", f"Lesion {name}, {_volume(mesh)}") for name, mesh in lesions),
        _solid(surfaces.portal, BLUE, "portal", "Portal vein"),
        _solid(surfaces.hepatic, PALE_BLUE, "hepatic", "Hepatic veins and vena cava"),
        _liver(surfaces, values_title, values_range),
    ]
    low, high = surfaces.liver.vertices.min(0) - _MARGIN_MM, surfaces.liver.vertices.max(0) + _MARGIN_MM
    ratio = (high - low) * _HEIGHT / (high - low)[2]
    axes = {
        f"{axis}axis": {"visible": False, "showspikes": False, "range": [float(start), float(end)]}
        for axis, start, end in zip("xyz", low, high, strict=True)
    }
    layout = {
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "hoverlabel": {"align": "left"},
        "scene": {
            **axes,
            "aspectmode": "manual",
            "aspectratio": dict(zip("xyz", map(float, ratio), strict=True)),
            "camera": {"eye": {"x": 0, "y": -2, "z": 0.14}, "up": {"x": 0, "y": 0, "z": 1},
                       "center": {"x": 0, "y": 0, "z": 0}, "projection": {"type": "orthographic"}},
            "dragmode": "orbit",
            "annotations": [*_directions(low, high), *_names(lesions)],
        },
    }  # fmt: skip
    return figure("surface", "", alt_text(surfaces, labels), data, layout)


def alt_text(surfaces: Surfaces, labels: Mapping[str, str]) -> str:
    """What the 3-D picture shows, in words and numbers."""
    count = len(surfaces.lesions)
    parts = [f"Liver of {_volume(surfaces.liver)} with portal vein and hepatic veins, seen from the front"]
    if count:
        together = sum(mesh.volume_ml for mesh in surfaces.lesions)
        parts[0] += f"; {counted(count, 'lesion')}, {quantity(together, 'mL', _digits(together))} together"
    else:
        parts[0] += "; no lesions"
    if 1 < count <= _MOST_NAMED:
        named = zip(surfaces.lesion_ids, surfaces.lesions, strict=True)
        parts.append(listing([f"{labels.get(id_, id_)} {_volume(mesh)}" for id_, mesh in named]))
    return ". ".join(parts) + "."


def _digits(millilitres: float) -> int:
    return 0 if millilitres >= 100 else 1


def _volume(mesh: Mesh) -> str:
    volume = mesh.volume_ml
    return quantity(volume, "mL", _digits(volume))


def _mesh(mesh: Mesh, switch: str, words: str) -> dict[str, Any]:
    axes = dict(zip("xyz", np.ascontiguousarray(mesh.vertices.T, np.float32), strict=True))
    # Front triangles first: a see-through surface then shows its near side only, without a patchwork of both.
    order = np.argsort(mesh.vertices[:, 1][mesh.triangles].sum(axis=1), kind="stable")
    corners = dict(zip("ijk", np.ascontiguousarray(mesh.triangles[order].T, np.int32), strict=True))
    return {
        "type": "mesh3d",
        "name": words,
        "meta": switch,
        "hovertemplate": f"{words}<extra></extra>",
        **axes,
        **corners,
        **_LIGHT,
    }


def _solid(mesh: Mesh, colour: str, switch: str, words: str) -> dict[str, Any]:
    return _mesh(mesh, switch, words) | {"color": colour}


def _liver(surfaces: Surfaces, title: str, ends: Sequence[float] | None) -> dict[str, Any]:
    trace = _mesh(surfaces.liver, "liver", f"Liver, {_volume(surfaces.liver)}")
    values = surfaces.liver_values
    if values is None:
        return trace | {"color": TISSUE}
    low, high = (float(values.min()), float(values.max())) if ends is None else ends
    return trace | {
        "intensity": values,
        "cmin": low,
        "cmax": high,
        "colorscale": "Cividis",
        "colorbar": {"title": {"text": title, "side": "right"}, "thickness": 12, "len": 0.7, "x": 0.98},
        "hovertemplate": f"{title} %{{intensity:.3g}}<extra></extra>",
    }


def _word(point: Sequence[float], text: str, name: str, size: int) -> dict[str, Any]:
    place = dict(zip("xyz", map(float, point), strict=True))
    return {**place, "text": text, "name": name, "showarrow": False, "font": {"size": size}}


def _names(lesions: Sequence[tuple[str, Mesh]]) -> list[dict[str, Any]]:
    """Each lesion's name at its upper pole."""
    poles = [mesh.vertices[mesh.vertices[:, 2].argmax()] + (0.0, 0.0, 4.0) for _, mesh in lesions]
    return [_word(pole, name, "lesion", 12) for pole, (name, _) in zip(poles, lesions, strict=True)]


def _directions(low: np.ndarray, high: np.ndarray) -> list[dict[str, Any]]:
    """The sides of the patient around the liver; words, where a letter could be taken for a lesion's name."""
    inner = _MARGIN_MM / 2
    words = []
    for axis, pair in enumerate((("R", "L"), ("Front", "Back"), ("Head", "Feet"))):
        for text, end in zip(pair, (low[axis] + inner, high[axis] - inner), strict=True):
            point = (low + high) / 2
            point[axis] = end if axis < 2 else low[axis] + high[axis] - end
            words.append(_word(point, text, "xyz"[axis], 14))
    return words
