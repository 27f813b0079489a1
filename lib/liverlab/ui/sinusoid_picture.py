"""The sinusoids at microscope scale, drawn from numbers: plates of hepatocytes, between them blood and tumour.

Every share is drawn as a count: of the hepatocytes shown, as many are dead, cut off or working as the state says, and
of the places in the sinusoids as many hold tumour. Where they lie is fixed, so that a slider adds and takes away cells
and moves none.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from liverlab.ui.describe import quantity

PLATES, CELLS = 6, 26  # rows of hepatocytes, cells in a row
CHANNELS, PLACES = 5, 52  # sinusoids between them, places for cells of blood or tumour in each
HEPATOCYTES, ROOM = PLATES * CELLS, CHANNELS * PLACES
_CELL_W, _PLATE_H, _CHANNEL_H = 24.0, 24.0, 18.0
_LEFT, _TOP = 8.0, 8.0
WIDTH = 2 * _LEFT + CELLS * _CELL_W
HEIGHT = 2 * _TOP + PLATES * _PLATE_H + CHANNELS * _CHANNEL_H
# As stained with haematoxylin and eosin, on white in both themes; each kind also has a shape of its own.
COLOURS = {
    "working": "#eaa3ab",
    "cut off": "#a99aa3",
    "dead": "#f4ece6",
    "tumour": "#3f2f86",
    "dead tumour": "#b9aedd",
    "blood": "#d9342b",
}
WORDS = {
    "working": "hepatocyte with blood",
    "cut off": "hepatocyte without blood",
    "dead": "dead hepatocyte",
    "tumour": "tumour cell",
    "dead tumour": "dead tumour",
    "blood": "red cell",
}
HEPATOCYTE_KINDS = ("working", "cut off", "dead")


def counts(
    living_tumour: float, occupancy: float, blocked: float, living_pct: float, working_pct: float
) -> dict[str, int]:
    """How many of each are drawn: hepatocytes working, cut off, dead; places with tumour, dead tumour, blood.

    living_tumour, occupancy, blocked are shares (0..1), living_pct and working_pct per cent of a normal liver.
    """
    alive = round(HEPATOCYTES * min(100.0, living_pct) / 100.0)
    working = min(alive, round(HEPATOCYTES * min(100.0, working_pct) / 100.0))
    tumour = round(ROOM * living_tumour)
    filled = max(tumour, round(ROOM * occupancy))
    return {
        "working": working,
        "cut off": alive - working,
        "dead": HEPATOCYTES - alive,
        "tumour": tumour,
        "dead tumour": filled - tumour,
        "blood": round((ROOM - filled) * (1.0 - blocked)),
    }


def picture(living_tumour: float, occupancy: float, blocked: float, living_pct: float, working_pct: float) -> str:
    """SVG of the sinusoids; arguments as `counts`."""
    count = counts(living_tumour, occupancy, blocked, living_pct, working_pct)
    cells, places = _order()
    kind = dict(zip(cells, _kinds(count, ("dead", "cut off", "working")), strict=True))
    # Blood is missing beside the tumour, not far from it.
    plugs = _kinds(count, ("tumour", "dead tumour"))
    held = dict(
        zip(places, plugs + [""] * (ROOM - len(plugs) - count["blood"]) + ["blood"] * count["blood"], strict=True)
    )
    drawn = [_hepatocyte(row, column, kind[row, column]) for row in range(PLATES) for column in range(CELLS)]
    drawn += [_place(row, column, held[row, column]) for row in range(CHANNELS) for column in range(PLACES)]
    said = (
        f"Microscope view: {quantity(100 * occupancy, '%')} of the sinusoids filled, {quantity(100 * blocked, '%')} of "
        f"the hepatocytes without blood, {quantity(living_pct, '%')} living, {quantity(working_pct, '%')} working."
    )
    return (
        f'<svg class="lp-sinusoids" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{said}" '
        'style="width:100%;max-width:calc(760 * var(--lp-px));background:#ffffff;border-radius:4px">'
        + "".join(drawn)
        + "</svg>"
    )


def legend() -> str:
    """What the colours mean, as HTML."""
    items = "".join(
        f'<span style="white-space:nowrap;margin-right:1em"><svg aria-hidden="true" width="22" height="22" '
        f'style="vertical-align:-6px;background:#ffffff" viewBox="0 0 {_CELL_W:g} {_PLATE_H:g}">{_sample(key)}</svg> '
        f"{text}</span>"
        for key, text in WORDS.items()
    )
    return f'<p class="lp-note">{items}</p>'


def table(living_tumour: float, occupancy: float, blocked: float, living_pct: float, working_pct: float) -> str:
    """What is drawn, as an HTML table in a fold; arguments as `counts`."""
    count = counts(living_tumour, occupancy, blocked, living_pct, working_pct)
    rows = "".join(
        f'<tr><th scope="row">{text}</th><td>{count[key]}</td>'
        f"<td>{quantity(100 * count[key] / (HEPATOCYTES if key in HEPATOCYTE_KINDS else ROOM), '%')}</td></tr>"
        for key, text in WORDS.items()
    )
    return (
        '<details class="lp-fold"><summary>Table of the microscope view</summary><table class="lp-table">'
        f"<caption>Drawn, of {HEPATOCYTES} hepatocytes and {ROOM} places in the sinusoids</caption><thead><tr>"
        '<th scope="col">cell</th><th scope="col">drawn</th><th scope="col">share, %</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></details>"
    )


def _kinds(count: dict[str, int], names: tuple[str, ...]) -> list[str]:
    return [name for name in names for _ in range(count[name])]


@cache
def _order() -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """In which order hepatocytes die and places fill: nests of tumour, and the cells beside them first."""
    rng = np.random.default_rng(5)
    nests = rng.uniform((0, 0), (CHANNELS, PLACES), (9, 2))

    def near(row: np.ndarray, column: np.ndarray) -> np.ndarray:
        apart = (6 * (row[:, None] - nests[:, 0])) ** 2 + (column[:, None] - nests[:, 1]) ** 2
        return np.sqrt(apart).min(axis=1)

    def ordered(rows: int, columns: int, scale: float, shift: float, spread: float) -> tuple[tuple[int, int], ...]:
        row, column = (axis.ravel() for axis in np.mgrid[:rows, :columns])
        rank = near(row + shift, scale * column) + spread * rng.random(row.size)
        return tuple((int(row[k]), int(column[k])) for k in np.argsort(rank, kind="stable"))

    return ordered(PLATES, CELLS, PLACES / CELLS, -0.5, 6.0), ordered(CHANNELS, PLACES, 1.0, 0.0, 3.0)


def _hepatocyte(row: int, column: int, kind: str) -> str:
    return _cell_at(_LEFT + column * _CELL_W, _TOP + row * (_PLATE_H + _CHANNEL_H), kind)


def _cell_at(x: float, y: float, kind: str) -> str:
    """A full nucleus with blood, a ring without, none in the dead, whose outline is broken."""
    dash = ' stroke-dasharray="2 2"' if kind == "dead" else ""
    cell = (
        f'<rect class="{_name(kind)}" x="{x + 0.8:g}" y="{y + 0.8:g}" width="{_CELL_W - 1.6:g}" '
        f'height="{_PLATE_H - 1.6:g}" rx="5" fill="{COLOURS[kind]}" stroke="#8a5a62" stroke-width=".6"{dash}/>'
    )
    if kind == "dead":
        return cell
    nucleus = 'fill="#6b4a7d"' if kind == "working" else 'fill="none" stroke="#4a2f5c" stroke-width="1.4"'
    return f'{cell}<circle cx="{x + _CELL_W / 2:g}" cy="{y + _PLATE_H / 2:g}" r="4" {nucleus}/>'


def _place(row: int, column: int, kind: str) -> str:
    if not kind:
        return ""
    step = CELLS * _CELL_W / PLACES
    y = _TOP + _PLATE_H + row * (_PLATE_H + _CHANNEL_H) + _CHANNEL_H / 2 + (2.2 if column % 2 else -2.2)
    return _drop_at(_LEFT + (column + 0.5) * step, y, kind)


def _drop_at(x: float, y: float, kind: str) -> str:
    """Red cells are small; living tumour is full and dark, dead tumour pale with a broken outline."""
    radius = 3.4 if kind == "blood" else 5.6
    outline = ' stroke="#5b4aa0" stroke-width="1" stroke-dasharray="2 1.5"' if kind == "dead tumour" else ""
    return f'<circle class="{_name(kind)}" cx="{x:g}" cy="{y:g}" r="{radius}" fill="{COLOURS[kind]}"{outline}/>'


def _sample(kind: str) -> str:
    return _cell_at(0, 0, kind) if kind in HEPATOCYTE_KINDS else _drop_at(_CELL_W / 2, _PLATE_H / 2, kind)


def _name(kind: str) -> str:
    return kind.replace(" ", "-")
