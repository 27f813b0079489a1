"""`start.py new-case`: a new virtual patient made from one that is there. Runs in the environment start.py has made.

The new case is tried out in a copy of casesdata first: what does not load is told and nothing is written.
"""

from __future__ import annotations

import argparse
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Callable

from liverlab.app import case_files

ROOT = pathlib.Path(__file__).resolve().parents[3]
INTRODUCTION = "A new virtual patient. Enter keeps what stands in brackets. Write nothing that identifies a person."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="start.py new-case",
        description="Makes casesdata/cases/ID.yaml from a case that is there. Asks for what is not given; "
        "without a terminal it does not ask, and ID, --like and --title are needed.",
    )
    parser.add_argument("id", nargs="?", metavar="ID", help="name of the new case: small letters, digits, _")
    parser.add_argument("--like", metavar="CASE", help="the case to start from: its lesions, parameters and visits")
    parser.add_argument("--title", help="title of the case")
    parser.add_argument("--patient", help="who the patient is, one sentence")
    parser.add_argument("--summary", help="what the case shows")
    parser.add_argument("--treatment", help="what is given, and when")
    parser.add_argument("--visits", type=_days, metavar="D,D", help="days of the scans, the first 0: 0,28,56")
    parser.add_argument(
        "--set", type=_change, action="append", default=[], metavar="KEY=VALUE", help="a parameter that differs"
    )
    parser.add_argument("--preset", action="store_true", help="put a button for the case on its lesson's page")
    parser.add_argument("--lesson", metavar="LESSON", help="the lesson (default: that of the phenomenon)")
    parser.add_argument("--open", action="store_true", help="open the lesson with the new case")
    parser.add_argument("--no-browser", action="store_true", help="with --open: only print the address")
    # Where start.py wants to be told what to open: it keeps JupyterLab itself, so that Ctrl-C reaches one owner.
    parser.add_argument("--tell", help=argparse.SUPPRESS)
    return parser


def _number(text: str) -> float:
    value = float(text)
    return int(value) if value == int(value) else value


def _days(text: str) -> list[float]:
    try:
        return [_number(part) for part in text.split(",")]
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is no list of days such as 0,28,56") from None


def _change(text: str) -> tuple[str, float]:
    key, _, value = text.partition("=")
    try:
        return key.strip(), _number(value)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is no change such as swelling_pct=25") from None


def main(arguments: list[str], root: pathlib.Path = ROOT, ask: Callable[[str], str] | None = None) -> int:
    """Make the case that the arguments (and the answers of `ask`) say; 0 if it is there, 1 with the reason if not."""
    options = _parser().parse_args(arguments)
    if ask is None and sys.stdin is not None and sys.stdin.isatty():
        ask = input
    try:
        lesson, code = _make(options, root / "casesdata", ask)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if options.open and options.tell:
        pathlib.Path(options.tell).write_text(f"{lesson}={code}", encoding="utf-8")
    return 0


def _make(options: argparse.Namespace, folder: pathlib.Path, ask: Callable[[str], str] | None) -> tuple[str, str]:
    """Write the case; (lesson, scenario code) of it, the lesson empty where there is none yet."""
    from liverlab import evidence

    ev = evidence.load(folder)
    if ask is not None and None in (options.id, options.like, options.title):
        print(INTRODUCTION)
    id_ = _asked(options.id, "Name of the case (small letters, digits, _)", "ID", ask)
    like = _asked(options.like, f"Which case is nearest? {', '.join(ev.cases)}", "--like", ask)
    case_files.refuse(id_, like, folder, ev)
    known = ev.cases[like]
    # Whoever gave the title by flag does not want to be asked for the rest.
    also = ask if options.title is None else None
    told = {"title": _asked(options.title, "Title", "--title", ask)}
    for key in ("patient", "summary", "treatment"):
        told[key] = getattr(options, key) or _kept(key.capitalize(), getattr(known, key), also)
    visits = options.visits or _kept_days(known.visits_day, also)
    lesson = case_files.lesson_of(known.phenomenon, options.lesson, ev)
    if (options.preset or options.open) and not lesson:
        raise ValueError(
            f"There is no lesson of {known.phenomenon} yet: leave out --preset and --open, or say --lesson."
        )
    opens_at = ev.values(evidence.Scenario(like))["visit"]
    document = case_files.document(folder, id_, like, told, visits, dict(options.set), opens_at)
    changed = {folder / "cases" / f"{id_}.yaml": case_files.as_yaml(document)}
    dictionary = folder / "README.md"
    changed[dictionary] = case_files.named_in(dictionary.read_text(encoding="utf-8"), id_)
    if options.preset:
        page = folder / "lessons" / f"{lesson}.yaml"
        changed[page] = case_files.with_preset(page.read_text(encoding="utf-8"), id_, told["title"])
    _try_out(folder, changed)
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8")
    code = evidence.Scenario(id_).code()
    print("\n".join(_next_steps(id_, lesson, code, options)))
    return lesson, code


def _asked(given: str | None, question: str, flag: str, ask: Callable[[str], str] | None) -> str:
    if given is not None:
        return given
    if ask is None:
        raise ValueError(f"{flag} is missing: start.py new-case --help says what is needed.")
    return ask(f"{question}: ").strip()


def _kept(name: str, known: str, ask: Callable[[str], str] | None) -> str:
    return (ask is not None and ask(f"{name} [{known}]: ").strip()) or known


def _kept_days(known: tuple[float, ...], ask: Callable[[str], str] | None) -> list[float]:
    said = _kept("Days of the scans", ",".join(f"{day:g}" for day in known), ask)
    try:
        return _days(said)
    except argparse.ArgumentTypeError as error:
        raise ValueError(str(error)) from None


def _try_out(folder: pathlib.Path, changed: dict[pathlib.Path, str]) -> None:
    """EvidenceError (a ValueError that lists every problem) if casesdata would not load with these files."""
    from liverlab import evidence

    with tempfile.TemporaryDirectory() as private:
        copy = pathlib.Path(private) / folder.name
        shutil.copytree(folder, copy)
        for path, text in changed.items():
            (copy / path.relative_to(folder)).write_text(text, encoding="utf-8")
        evidence.load(copy)


def _next_steps(id_: str, lesson: str, code: str, options: argparse.Namespace) -> list[str]:
    steps = [f"casesdata/cases/{id_}.yaml is there, loads, and is named in casesdata/README.md. Next:"]
    steps.append("  1. Tell the patient in your own words, and give each number its source (docs/add-a-case.md).")
    steps.append("  2. Run the tests: python3 start.py test.")
    where = f"Lesson {lesson} shows it" if lesson else "It has no lesson yet; a page shows it"
    steps.append(f"  3. {where} with the scenario code {code}{', or by its button' if options.preset else ''}.")
    return steps


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
