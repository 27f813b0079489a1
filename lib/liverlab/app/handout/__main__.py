"""`start.py handout`: writes a file for each lesson. Runs in the environment that start.py has made."""

import argparse
import sys
from pathlib import Path

from liverlab.app.handout import MOST_SLICES

ROOT = Path(__file__).resolve().parents[4]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="start.py handout",
        description="Writes each lesson as one HTML file that opens on any device, without network and without a "
        "server: text, pictures, curves, a few sliders, prediction and quiz.",
    )
    parser.add_argument(
        "lessons", nargs="*", metavar="LESSON", help="such as 02 or 02_pseudoprogression (default: all)"
    )
    parser.add_argument(
        "--to", type=Path, default=Path("handout"), metavar="FOLDER", help="where to (default: handout)"
    )
    parser.add_argument(
        "--slices",
        type=int,
        metavar="N",
        help=f"slices of each picture; default: as many as fit into 8 MB, at most {MOST_SLICES}",
    )
    return parser


def main(arguments: list[str]) -> int:
    """Write what the arguments ask for; 0 if all is written, 1 with one sentence if not."""
    options = _parser().parse_args(arguments)
    notebooks = lessons()
    wanted = [path for path in notebooks if not options.lessons or _asked(path, options.lessons)]
    unknown = [name for name in options.lessons if not any(_asked(path, [name]) for path in notebooks)]
    if unknown:
        known = ", ".join(path.stem for path in notebooks)
        print(f"There is no lesson {unknown[0]!r}; there are {known}.", file=sys.stderr)
        return 1
    if options.slices is not None and not 1 <= options.slices <= MOST_SLICES:
        print(f"--slices is {options.slices}; it must be 1 to {MOST_SLICES}.", file=sys.stderr)
        return 1
    # Imported here: `--help` and a misspelt lesson answer at once.
    from liverlab.app.handout import page

    try:
        options.to.mkdir(parents=True, exist_ok=True)
        for notebook in wanted:
            print(f"{notebook.stem} ...", flush=True)
            path = options.to / f"{notebook.stem}.html"
            html = page.build(notebook, lambda text: print(f"  {text}", flush=True), options.slices or MOST_SLICES)
            path.write_text(html, encoding="utf-8")
            print(f"  {path}: {path.stat().st_size / 1e6:.1f} MB", flush=True)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The folder {options.to} cannot be written to: {error.strerror or error}.", file=sys.stderr)
        return 1
    print("Open a file with any browser, or send it on. Simulation for teaching, not for clinical use.")
    return 0


def lessons() -> list[Path]:
    """Notebooks of the lessons, in their order; 00 is the map to them."""
    return [path for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")) if path.stem[:2] != "00"]


def _asked(path: Path, names: list[str]) -> bool:
    return any(path.stem == name or path.stem.partition("_")[0] == name for name in names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
