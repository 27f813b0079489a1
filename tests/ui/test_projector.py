"""Projector mode: what its style sheet promises, computed from the sheets themselves."""

import re

import pytest

from liverlab.lessons import four_ways, pseudoprogression, start_here, teacher
from liverlab.ui import figure_view, surface_view, theme
from liverlab.ui.browser import ProjectorSwitch
from liverlab.ui.viewer import assets

SHEETS = {name: theme.asset(f"{name}.css") for name in ("theme", "projector", "figure_view", "surface_view")}
SHEETS["viewer"] = assets.style()
# JupyterLab's own paper and raised surfaces.
PAPER = {
    "light": {"--lp-back": "#fff", "--lp-raised": "#eee"},
    "dark": {"--lp-back": "#212121", "--lp-raised": "#424242"},
}
OWN_GROUND = ("good", "bad", "same", "mark")


def colours(sheet, dark):
    """Variables of the light or dark block of a sheet that are plain colours."""
    blocks = re.findall(r"([^{}]*\.liverlab) \{([^{}]*)\}", sheet)
    found = {}
    for selector, body in blocks:
        if ("data-jp-theme-light" in selector) == dark:
            found |= dict(re.findall(r"(--[\w-]+): (#[0-9a-f]+);", body))
    return found


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * one for one in colour[1:])
    shares = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """WCAG 2.2, contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_controls_contrast_seven_to_one(scheme):
    dark = scheme == "dark"
    now = colours(SHEETS["theme"], False) | (colours(SHEETS["theme"], True) if dark else {}) | PAPER[scheme]
    mode = colours(SHEETS["projector"], dark)
    assert set(mode) == {f"--lp-{name}" for name in ("text", "line", "focus", "link", *OWN_GROUND)}
    now |= mode
    pairs = [("text", ground) for ground in ("back", "raised", "hover", *(f"{name}-back" for name in OWN_GROUND))]
    pairs += [(name, f"{name}-back") for name in OWN_GROUND]
    pairs += [(name, "back") for name in ("line", "focus", "link", "good", "bad", "mark")]
    poor = {pair: contrast(*(now[f"--lp-{name}"] for name in pair)) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in poor.items() if ratio < 7} == {}


def test_the_mode_raises_contrast_and_would_not_pass_without():
    usual = colours(SHEETS["theme"], False)
    assert contrast(usual["--lp-good"], usual["--lp-good-back"]) < 7
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777", "#fff") == pytest.approx(4.48, abs=0.01)  # a published example


def test_whatever_has_letters_grows():
    for name, sheet in SHEETS.items():
        assert re.findall(r"(?:font-size|line-height): ?\d+(?:\.\d+)?px", sheet) == [], name
        assert re.findall(r"font:[^;]*\d+px", sheet) == [], name


def test_the_style_comes_with_the_theme_and_leaves_paper_alone():
    assert SHEETS["projector"] in theme.Theme._css
    outside = re.sub(r"/\*.*?\*/", "", SHEETS["projector"], flags=re.S).strip()
    assert outside.startswith("@media screen {")
    paper = outside.split("@media print {")
    assert len(paper) == 2
    assert re.findall(r"[\w-]+: [^;]+;", paper[1]) == ["--lp-px: 1px;"]


def test_a_page_without_the_switch_keeps_its_size():
    for sheet in (SHEETS["theme"], SHEETS["viewer"]):
        assert ":root { --lp-px: calc(1px * var(--lp-scale, 1)); }" in sheet
    assert assets.style() in figure_view.FigureView._css
    assert assets.style() in surface_view.SurfaceView._css


def inside(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


@pytest.mark.parametrize(
    "cell",
    [
        lambda: pseudoprogression.open_lesson().start(),
        lambda: start_here.open_page().lessons(),
        lambda: four_ways.open_page().look(),
        lambda: teacher.open_page().codes(),
    ],
    ids=["lesson", "start_here", "four_ways", "teacher"],
)
def test_every_page_has_one_switch_that_tells_the_kernel_nothing(cell):
    switches = [one for one in inside(cell()) if isinstance(one, ProjectorSwitch)]
    assert len(switches) == 1
    assert not hasattr(switches[0], "value")
    assert "model" not in re.sub(r"//.*", "", switches[0]._esm)
