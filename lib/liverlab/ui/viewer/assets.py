"""The viewer's JavaScript and style: split by concern on disk, joined into one module when asked for.

A widget's module is loaded from a blob URL, where relative imports cannot work; so the parts share one scope and
only the last one exports.
"""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
SCRIPT_PARTS = (
    *("dom", "icons", "colours", "window", "planes", "geometry", "reformat", "measure", "keys"),
    *("store", "pane", "content", "layer", "actions", "tools", "notes", "motion", "volume", "fullscreen", "export"),
    *("input", "toolbar", "help", "status", "slider_names", "tables", "figures", "sync", "view", "main"),
)


@cache
def script() -> str:
    """The whole viewer as one ES module; its default export is the widget, `pure` holds the functions for tests."""
    return "\n".join(part(name) for name in SCRIPT_PARTS)


@cache
def part(name: str) -> str:
    """One JavaScript part by name, for example ``slider_names``, so that another widget can carry it too."""
    return (FOLDER / "js" / f"{name}.js").read_text(encoding="utf-8")


@cache
def style() -> str:
    """The viewer's style sheet."""
    return (FOLDER / "style.css").read_text(encoding="utf-8")
