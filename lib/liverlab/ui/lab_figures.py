"""Laboratory values over time in multiples of their upper limits, and how many patients are left: figures of a course.

As in `figures`, nothing here computes medicine: callers pass numbers, this module says how they look.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from liverlab.ui import figures
from liverlab.ui.figures import Figure

# Each analyte keeps its colour, dash and marker in every figure.
LOOKS = {
    "ldh_u_l": (figures.PURPLE, "longdashdot", "square"),
    "bilirubin_umol_l": (figures.ORANGE, "solid", "circle"),
    "alt_u_l": (figures.BLUE, "dash", "triangle-up"),
    "ast_u_l": (figures.SKY, "dot", "triangle-down"),
    "alp_u_l": (figures.GREEN, "dashdot", "diamond"),
    "inr": (figures.VERMILION, "longdash", "cross"),
}
LOWEST, HIGHEST = 0.15, 200.0


@dataclass(frozen=True)
class Event:
    """Something that happens on a day, written into the chart."""

    day: float
    words: str


@dataclass(frozen=True)
class Dot:
    """A published value: day, analyte, value in upper limits, and who it was."""

    day: float
    key: str
    times_upper: float
    who: str


def strip_chart(
    days: Sequence[float],
    curves: Mapping[str, tuple[str, Sequence[float]]],
    now_d: float,
    x_range: tuple[float, float],
    events: Sequence[Event] = (),
    dots: Sequence[Dot] = (),
    truth: Mapping[str, Sequence[float]] | None = None,
    alt: str = "",
) -> Figure:
    """Analytes in multiples of their upper limit on a log axis.

    curves: key of LOOKS -> (name, values on the days (T,)). now_d: the day of the visit. truth: name -> curve in
    multiples of whatever it is compared with, drawn only when the learner asks for it.
    """
    data = [
        figures.line(days, values, name, *LOOKS[key][:2]) | {"y": significant(values)}
        for key, (name, values) in curves.items()
    ]
    data += [
        figures.points(
            [dot.day for dot in mine],
            [dot.times_upper for dot in mine],
            f"{curves[key][0]}, published",
            *LOOKS[key][::2],
            text=[dot.who for dot in mine],
            hovertemplate="%{text}: %{y} x upper limit, day %{x}<extra></extra>",
            marker={"color": LOOKS[key][0], "symbol": LOOKS[key][2], "size": 7, "opacity": 0.75, "line": {"width": 1}},
            showlegend=False,
        )
        | {"y": significant([dot.times_upper for dot in mine])}
        for key in curves
        if (mine := [dot for dot in dots if dot.key == key])
    ]
    for (name, values), (colour, dash) in zip(
        (truth or {}).items(), ((figures.GREY, "solid"), (figures.GREY, "dot")), strict=False
    ):
        wide = {"color": colour, "dash": dash, "width": 4}
        data.append(figures.line(days, values, name, colour, dash, line=wide) | {"y": significant(values)})
    lines = [figures.upright(event.day, figures.DOTTED) for event in events]
    shapes = [figures.upright(now_d, {"color": figures.GREY, "width": 1}), *lines, figures.level(1.0, figures.DOTTED)]
    shown = [event for event in events if x_range[0] <= event.day <= x_range[1]]
    if shown:
        data.append(_written(shown, sum(x_range) / 2))
    layout = {
        "xaxis": figures.axis("day", *x_range),
        "yaxis": figures.axis(
            "× upper limit", math.log10(LOWEST), math.log10(HIGHEST), type="log",
            tickvals=[0.2, 0.5, 1, 2, 5, 10, 20, 50, 100], zeroline=False,
        ),
        "shapes": shapes,
        **figures.LEGEND,
    }  # fmt: skip
    return figures.figure("labs", "Laboratory, in multiples of the upper limit", alt, data, layout)


def _written(shown: Sequence[Event], middle: float) -> dict:
    """The words of the events, one below the other so that days close together can be read."""
    heights = [HIGHEST * 0.72 / 2.4**row for row in range(len(shown))]
    places = ["middle right" if event.day < middle else "middle left" for event in shown]
    return figures.words([(e.day, y, e.words, p) for e, y, p in zip(shown, heights, places, strict=True)])


def survival(
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    dots: Sequence[tuple[float, float, str, tuple[float, float] | None]],
    x_title: str,
    title: str,
    alt: str,
) -> Figure:
    """Share of patients alive (%) over days.

    curves: name -> (days, per cent). dots: published (day, per cent, name, range of days or None).
    """
    looks = ((figures.VERMILION, "solid"), (figures.BLUE, "dash"), (figures.GREEN, "dot"))
    data = [
        figures.line(days, share, name, colour, dash, line={"color": colour, "dash": dash, "shape": "hv", "width": 2})
        for (name, (days, share)), (colour, dash) in zip(curves.items(), looks, strict=False)
    ]
    for (day, share, name, span), symbol in zip(dots, ("star", "diamond", "square"), strict=False):
        error = {}
        if span is not None:
            error = {
                "error_x": {
                    "type": "data", "symmetric": False, "array": [span[1] - day], "arrayminus": [day - span[0]],
                    "color": figures.PURPLE, "width": 4,
                }
            }  # fmt: skip
        mark = {"color": figures.PURPLE, "symbol": symbol, "size": 11}
        data.append(figures.points([day], [share], name, figures.PURPLE, symbol, marker=mark, **error))
    end = max(float(days[-1]) for days, _ in curves.values())
    layout = {
        "xaxis": figures.axis(x_title, 0, end),
        "yaxis": figures.axis("alive, %", 0, 104),
        **figures.LEGEND,
    }
    return figures.figure(title.split(":")[0].lower().replace(" ", "-"), title, alt, data, layout)


def significant(values: Sequence[float]) -> list[float]:
    """Three digits each: a log axis shows the small ones as large as the others."""
    return [float(f"{float(value):.3g}") for value in values]
