"""Where casesdata lies: inside the installed package, or beside `lib/` in a clone."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def data_folder() -> Path:
    """The folder `casesdata`. A wheel carries it as `liverlab/_casesdata`.

    Raises FileNotFoundError where neither place has it.
    """
    for folder in (PACKAGE / "_casesdata", PACKAGE.parents[1] / "casesdata"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        f"No casesdata folder beside or inside {PACKAGE}; reinstall liverlab or fetch a full clone."
    )
