"""Figures as plain plotly dictionaries, drawn in the browser from the picture's own message.

A figure is ``{"id", "title", "alt", "data", "layout"}``. The browser makes a table of its data when somebody asks; a
figure whose points say nothing one by one brings ``"table": {"head", "rows"}`` of its own. Nothing here computes
medicine: callers pass numbers, this module says how they look. Colours are Okabe and Ito's set, safe for the common
kinds of colour blindness, the pale ones darkened until they stand out from white paper (3:1); every line also has its
own dash or marker, so that colour never stands alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from liverlab.ui.describe import quantity

BLUE, VERMILION, GREEN, PURPLE, GREY, SKY, ORANGE = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#B5588C",
    "#767676",
    "#3A96CF",
    "#B87E00",
)
TINT = "29"  # alpha of a filled region, as the last digits of its colour: its border stays as strong as a line
Figure = dict[str, Any]
DOTTED = {"dash": "dot", "color": GREY, "width": 1}
# A legend above the plot, where no axis title can run into it.
LEGEND = {
    "showlegend": True,
    "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left", "font": {"size": 11}},
    "margin": {"l": 48, "r": 8, "t": 44, "b": 40},
}


def _numbers(values: Sequence[float], digits: int = 1) -> list[float]:
    """Round for the wire: a figure needs no more than a tenth."""
    return [round(float(v), digits) for v in values]


def axis(title: str, low: float, high: float, **more: Any) -> dict[str, Any]:
    """One axis with its title and range."""
    # Plotly's "standoff" and automargin keep titles from being cut when the container is narrow.
    return {"title": {"text": title, "standoff": 6}, "range": [low, high], "zeroline": True, "automargin": True} | more


def figure(id_: str, title: str, alt: str, data: list[dict], layout: dict) -> Figure:
    """Assemble one figure; ``alt`` is what a screen reader says instead of it."""
    base = {"margin": {"l": 44, "r": 8, "t": 6, "b": 34}, "showlegend": False, "font": {"size": 12}}
    return {"id": id_, "title": title, "alt": alt, "data": data, "layout": base | layout}


def line(x: Sequence[float], y: Sequence[float], name: str, colour: str, dash: str = "solid", **more: Any) -> dict:
    """A line trace; ``more`` goes to plotly as it is."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": _numbers(x),
        "y": _numbers(y),
        "name": name,
        "line": {"color": colour, "dash": dash, "width": 2},
    } | more


def points(x: Sequence[float], y: Sequence[float], name: str, colour: str, symbol: str, **more: Any) -> dict:
    """A marker trace; ``more`` goes to plotly as it is."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": _numbers(x),
        "y": _numbers(y),
        "name": name,
        "marker": {"color": colour, "symbol": symbol, "size": 8},
    } | more


def remark(text: str) -> dict[str, Any]:
    """Words in the middle of a plot that has nothing to draw."""
    return {
        "text": text,
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.5,
        "showarrow": False,
        "font": {"size": 12},
    }


def upright(x: float, look: dict[str, Any]) -> dict[str, Any]:
    """An upright line through the whole plot."""
    return {"type": "line", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": look}


def level(y: float, look: dict[str, Any]) -> dict[str, Any]:
    """A level line through the whole plot."""
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": look}


def _label(x: float, y: float, text: str, place: str = "middle center") -> tuple[float, float, str, str]:
    """A word in the plot: where it stands, what it says, on which side of the point."""
    return (x, y, text, place)


def words(labels: Sequence[tuple[float, float, str, str]]) -> dict:
    """All words of a plot as one trace: an annotation each would cost more than the curves themselves.

    They come in the page's ink: coloured letters are hard to read in one theme or the other.
    """
    x, y, text, place = (list(column) for column in zip(*labels, strict=True))
    return {"type": "scatter", "mode": "text", "name": "labels", "x": x, "y": y, "text": text, "textposition": place,
            "textfont": {"size": 11}, "hoverinfo": "skip", "cliponaxis": False, "showlegend": False}  # fmt: skip


def response_over_time(
    visits_d: Sequence[float],
    size_change_pct: Sequence[float],
    hu_change_pct: Sequence[float],
    visit: int,
    limits_pct: tuple[float, float],
    truth: tuple[Sequence[float], Sequence[float]] | None = None,
) -> Figure:
    """Measured change of size and attenuation at each visit, in per cent of baseline.

    ``truth`` is (days, living tumour in per cent of baseline minus 100) and is drawn only when the learner asks for it.
    ``limits_pct`` are the criterion's two limits for size (response, progression), drawn as dotted lines.
    """
    end = max(visits_d)
    data = [
        line(visits_d, size_change_pct, "size", BLUE, mode="lines+markers", marker={"symbol": "circle", "size": 7}),
        line(
            visits_d, hu_change_pct, "attenuation", VERMILION, "dash",
            mode="lines+markers", marker={"symbol": "diamond", "size": 7},
        ),
    ]  # fmt: skip
    ends = {"size": float(size_change_pct[-1]), "attenuation": float(hu_change_pct[-1])}
    upper = max(ends, key=ends.get)
    notes = [_label(end, y, name, "top left" if name == upper else "bottom left") for name, y in ends.items()]
    if truth is not None:
        days, living = truth
        data.append(line(days, living, "living tumour (truth)", GREEN, "dot"))
        notes.append(_label(end * 0.5, float(living[len(living) // 2]), "living tumour", "top center"))
    shapes = [level(y, DOTTED) for y in limits_pct]
    x = float(visits_d[visit])
    shapes.append(upright(x, {"color": GREY, "width": 1}))
    alt = (
        f"Change from baseline at day {x:.0f}: size {quantity(float(size_change_pct[visit]), '%', signed=True)}, "
        f"attenuation {quantity(float(hu_change_pct[visit]), '%', signed=True)}."
    )
    layout = {
        "xaxis": axis("day", -0.03 * end, 1.03 * end),
        "yaxis": axis("change, %", -100, 60),
        "shapes": shapes,
    }
    return figure("response", "What was measured", alt, [*data, words(notes)], layout)


def quadrant(
    size_change_pct: Sequence[float],
    hu_change_pct: Sequence[float],
    visit: int,
    regions: Sequence[dict[str, Any]],
    size_lines: Sequence[tuple[float, str]] = (),
) -> Figure:
    """Size against attenuation with the criteria's regions and the patient's path up to ``visit``.

    ``regions``: ``{"x": (low, high), "y": (low, high), "label", "colour"}`` in per cent;
    ``size_lines``: (size change in per cent, name) of limits that ask for size alone, drawn as dotted lines.
    """
    low, high = -60.0, 60.0
    shapes, notes = [], []
    for r in regions:
        (x0, x1), (y0, y1) = r["x"], r["y"]
        x0, x1, y0, y1 = max(x0, low), min(x1, high), max(y0, -100.0), min(y1, high)
        shapes.append(
            {"type": "rect", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "layer": "below",
             "fillcolor": r["colour"] + TINT, "line": {"width": 1, "color": r["colour"]}}
        )  # fmt: skip
        if r.get("label"):
            notes.append(_label(r.get("label_x", (x0 + x1) / 2), r.get("label_y", y1 - 8), r["label"]))
    for x, name in size_lines:
        shapes.append(upright(x, DOTTED))
        notes.append(_label(x + (1 if x > 0 else -1), -92, name, "middle right" if x > 0 else "middle left"))
    inside = [min(max(float(v), low), high) for v in size_change_pct[: visit + 1]]
    heights = [min(max(float(v), -100.0), high) for v in hu_change_pct[: visit + 1]]
    data = [
        line(inside, heights, "path", BLUE, mode="lines+markers", marker={"symbol": "circle", "size": 6}),
        points(
            inside[-1:],
            heights[-1:],
            "now",
            VERMILION,
            "star",
            marker={"color": VERMILION, "symbol": "star", "size": 14},
        ),
    ]
    # The words say what was measured, also where the point stands at the edge of the plot.
    alt = (
        f"Size against attenuation: now {quantity(float(size_change_pct[visit]), '%', signed=True)} in size and "
        f"{quantity(float(hu_change_pct[visit]), '%', signed=True)} in attenuation."
    )
    layout = {
        "xaxis": axis("size, %", low, high),
        "yaxis": axis("attenuation, %", -100, high),
        "shapes": shapes,
    }
    return figure("quadrant", "Size and attenuation", alt, [*data, words(notes)], layout)
