"""Where casesdata and the cards lie: inside the installed package, or beside `lib/` in a clone."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def data_folder() -> Path:
    """The folder `casesdata`. A wheel carries it as `liverlab/_casesdata`.

    Raises FileNotFoundError where neither place has it.
    """
    return _either("_casesdata", "casesdata")


def cards_folder() -> Path:
    """The folder with the cards for a week later. A wheel carries it as `liverlab/_cards`.

    Raises FileNotFoundError where neither place has it.
    """
    return _either("_cards", "docs/teaching/cards")


def _either(inside: str, beside: str) -> Path:
    for folder in (PACKAGE / inside, PACKAGE.parents[1] / beside):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"No {beside} folder beside or inside {PACKAGE}; reinstall liverlab or fetch a full clone.")
