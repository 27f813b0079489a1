"""Maps of the liver for the tab of decisions: its segments from the front and from below, with what is taken."""

from __future__ import annotations

from typing import Any

import numpy as np

from liverlab.imaging import anatomy
from liverlab.imaging.segments import SEGMENTS
from liverlab.lessons.liver_metastases.patient import Patient
from liverlab.reading import resection
from liverlab.ui import figures
from liverlab.ui.describe import quantity
from liverlab.ui.figures import Figure

COLOURS = (figures.GREY, "#8da0cb", figures.SKY, figures.GREEN, "#66c2a5", figures.ORANGE, "#e5c494",
           figures.VERMILION, figures.PURPLE)  # fmt: skip
_CELL_MM, _MARGIN_MM = 6.0, 10.0
_LABEL = {"showarrow": False, "bgcolor": "rgba(255,255,255,0.85)", "font": {"color": "#000000", "size": 11}}
# x runs to the patient's left, y to the back, z to the head. View -> (axis upwards on the page and its sign, axis of
# depth and its sign towards the viewer, title of the axis upwards).
_VIEWS = {"front": ((2, 1), (1, -1), "feet to head, mm"), "below": ((1, -1), (2, -1), "back to front, mm")}


def segment_maps(patient: Patient, chosen: resection.Remnant, angle_deg: float | None, where: str) -> list[Figure]:
    """The liver from the front and from below; ``where`` says in words which segments hold lesions."""
    lost = f"{chosen.name.capitalize()}: {quantity(chosen.left_pct, '%')} of the liver is left."
    titles = {"front": "Seen from the front. Crosses: taken", "below": f"Seen from below. {lost}"}
    return [
        _map(patient, chosen, view, title, f"Lesions in segments {where}. {lost}", angle_deg)
        for view, title in titles.items()
    ]


def _map(patient: Patient, chosen: resection.Remnant, view: str, title: str, alt: str, angle: float | None) -> Figure:
    (up, sign), _, up_title = _VIEWS[view]
    points, names = _seen_from(view)
    taken, data, labels = set(resection.RESECTIONS.get(chosen.name, ())), [], []
    for segment, colour in zip(SEGMENTS, COLOURS, strict=True):
        own, gone = points[names == segment], segment in taken
        look = {"color": colour, "symbol": "x-thin-open" if gone else "square", "size": 6}
        data.append(
            figures.points(
                own[:, 0], sign * own[:, up], f"{segment}{' (taken)' if gone else ''}", colour, look["symbol"],
                marker=look,
            )
        )  # fmt: skip
        if len(own):
            x, y = own[:, 0].mean(), sign * own[:, up].mean()
            labels.append(_LABEL | {"x": round(float(x)), "y": round(float(y)), "text": segment})
    known = patient.known
    size = [max(7.0, 1.6 * float(mm)) for mm in known.semi_axes_mm[:, 0]]
    look = {"color": "#000000", "symbol": "circle", "size": size, "line": {"color": "#ffffff", "width": 2}}
    centre = known.centre_mm
    data.append(figures.points(centre[:, 0], sign * centre[:, up], "lesions", "#000000", "circle", marker=look))
    if angle is not None and view == "below":
        (x0, y0), (x1, y1) = resection.plane_ends_mm(angle)
        thick = {"color": figures.ORANGE, "width": 4}
        data.append(figures.line([x0, x1], [-y0, -y1], "plane", figures.ORANGE, line=thick))
    low, high = points.min(axis=0) - _MARGIN_MM, points.max(axis=0) + _MARGIN_MM
    ends = sorted((sign * float(low[up]), sign * float(high[up])))
    plain = {"showgrid": False, "zeroline": False, "constrain": "domain"}
    layout: dict[str, Any] = {
        "xaxis": figures.axis("right to left, mm", float(low[0]), float(high[0])) | plain,
        "yaxis": figures.axis(up_title, *ends) | plain | {"scaleanchor": "x"},
        "annotations": labels,
    }
    return figures.figure(f"segments-{view}", title, alt, data, layout) | {"table": _table(patient, taken, angle)}


def _table(patient: Patient, taken: set[str], angle: float | None) -> dict[str, Any]:
    """What the map says, segment by segment: its dots say nothing one by one."""
    body = anatomy.default()
    volumes_ml, held = resection.segment_volumes_ml(body), resection.segments_of(body, patient.known)
    head, rows = ["segment", "volume, mL", "lesions"], [[s, round(volumes_ml[s]), held.count(s)] for s in SEGMENTS]
    if angle is None:  # a plane of one's own goes through segments
        head, rows = [*head, "resection"], [[*row, "taken" if row[0] in taken else "left"] for row in rows]
    return {"head": head, "rows": rows}


def _seen_from(view: str) -> tuple[np.ndarray, np.ndarray]:
    """Of all points of the liver those nearest to the viewer, one a cell, and their segments."""
    (up, _), (depth, towards), _ = _VIEWS[view]
    points, names = resection.grid_points(anatomy.default())
    cells = np.round(points[:, [0, up]] / _CELL_MM).astype(int)
    order = np.lexsort((-towards * points[:, depth], cells[:, 1], cells[:, 0]))
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(cells[order], axis=0) != 0).any(axis=1)
    nearest = order[first]
    flat = points[nearest].copy()
    flat[:, [0, up]] = cells[nearest] * _CELL_MM
    return flat, names[nearest]
