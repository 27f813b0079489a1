"""The files that a new case touches: its own, the data dictionary, the presets of a lesson. Text in, text out."""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Mapping
from typing import Any

# What another patient keeps of the case it starts from; what was published was published about that one.
KEPT = ("phenomenon", "look", "injury", "lesions_from", "lesion_changes", "parameters")
ASSUMED = "Set for this case; assumed."
ADDED = "Added with `start.py new-case`: "
NAME = re.compile(r"[a-z][a-z0-9_]*")


def refuse(id_: str, like: str, folder: pathlib.Path, ev: Any) -> None:
    """ValueError where the name cannot be used or there is no such case to start from."""
    from liverlab.evidence.problems import did_you_mean

    if not NAME.fullmatch(id_):
        raise ValueError(f"The name {id_!r} must be small letters, digits and _, a letter first.")
    if id_ in ev.cases or (folder / "cases" / f"{id_}.yaml").exists():
        raise ValueError(f"casesdata/cases/{id_}.yaml is there already: choose another name, or edit that file.")
    if like not in ev.cases:
        raise ValueError(f"There is no case {like!r} to start from; use {did_you_mean(like, ev.cases)}.")


def lesson_of(phenomenon: str, asked: str | None, ev: Any) -> str:
    """The lesson asked for, otherwise that of the phenomenon; empty where there is none."""
    if asked is None:
        return next((id_ for id_ in ev.lessons if id_.partition("_")[2] == phenomenon), "")
    if asked not in ev.lessons:
        raise ValueError(f"There is no lesson {asked!r}; there are {', '.join(ev.lessons)}.")
    return asked


def document(
    folder: pathlib.Path,
    id_: str,
    like: str,
    told: Mapping[str, str],
    visits_day: list[float],
    changes: Mapping[str, float],
    visit: float,
) -> dict[str, Any]:
    """Content of the new case file: that of `like` where nothing else is said, every new number `illustrative`.

    `visit` is the one at which `like` opens.
    """
    import yaml

    base = yaml.safe_load((folder / "cases" / f"{like}.yaml").read_text(encoding="utf-8"))
    made: dict[str, Any] = {"id": id_, "title": told["title"], "phenomenon": base["phenomenon"]}
    made |= {"basis": "illustrative", "source": base["source"]}
    made |= {key: told[key] for key in ("patient", "summary", "treatment")}
    made["visits_day"] = list(visits_day)
    made |= {key: base[key] for key in KEPT if key in base}
    if "lesions_from" not in base:
        # Lesions of its own are one layout, written once; an empty list says that the lesson places them.
        made |= {"lesions_from": like} if base["lesions"] else {"lesions": []}
    elif base.get("lesions"):
        made["lesions"] = base["lesions"]
    parameters = made.setdefault("parameters", {})
    # The visit at which the page opens has to be among those there are.
    changes = {"visit": min(visit, len(made["visits_day"]) - 1)} | changes
    for key, value in changes.items():
        if key == "visit" and value == visit:
            continue
        parameters[key] = {"value": value, "basis": "illustrative", "note": ASSUMED}
    if not parameters:
        del made["parameters"]
    return made


def as_yaml(content: Mapping[str, Any]) -> str:
    """Text of a case file, in the order of its keys."""
    import yaml

    class Writer(yaml.SafeDumper):
        """Writes a source that several parameters share each time: the files know no anchors."""

        def ignore_aliases(self, _: Any) -> bool:
            return True

    return yaml.dump(content, Dumper=Writer, sort_keys=False, allow_unicode=True, width=110)


def named_in(dictionary: str, id_: str) -> str:
    """The data dictionary with the new file named in its section of cases."""
    name = f"`cases/{id_}.yaml`"
    lines = dictionary.splitlines()
    for number, line in enumerate(lines):
        if line.startswith(ADDED):
            lines[number] = f"{line.removesuffix('.')}, {name}."
            break
    else:
        section = lines.index("## `cases/*.yaml`")
        table = lines.index("| key | meaning |", section)
        lines.insert(table - 1, f"{ADDED}{name}.")
    return "\n".join(lines) + "\n"


def with_preset(lesson: str, id_: str, label: str) -> str:
    """Text of a lesson file with one preset more, the last; all other lines stay as they are."""
    entry = [f"  - id: {id_}", f"    label: {json.dumps(label, ensure_ascii=False)}", f"    case: {id_}"]
    lines = lesson.splitlines()
    if "presets:" not in lines:
        return "\n".join([*lines, "", "presets:", *entry]) + "\n"
    start = lines.index("presets:") + 1
    end = next((n for n in range(start, len(lines)) if re.match(r"[^\s#-]", lines[n])), len(lines))
    while not lines[end - 1].strip():
        end -= 1
    return "\n".join([*lines[:end], *entry, *lines[end:]]) + "\n"
