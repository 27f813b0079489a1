"""Lessons: the words of a notebook outside its Markdown. One YAML file each in casesdata/lessons; a shared glossary."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from liverlab.evidence import checks, yaml_lines
from liverlab.evidence.problems import Report, did_you_mean
from liverlab.evidence.tables import Parameter

GLOSSARY = "glossary"
KINDS = ("choice", "number", "simulator")
LESSON_KEYS = (
    "id",
    "title",
    "minutes",
    "goals",
    "idea",
    "case",
    "controls",
    "hook",
    "predict",
    "questions",
    "quiz",
    "takehome",
)
LESSON_OPTIONAL = (
    "sections",
    "presets",
    "tests",
    "decisions",
    "mimic",
    "report",
    "limits",
    "glossary",
    "note",
    "explain",
    "gallery",
)
ITEM_KEYS = {
    # block: (required, optional) keys of each entry of the list
    "presets": (("id", "label", "case"), ("changes", "note")),
    "questions": (("id", "text", "hint", "check", "solved"), ("note",)),
    "tests": (("id", "label"), ("note", "question", "text")),
    "decisions": (("id", "label", "feedback"), ("note",)),
}
OPTION_KEYS = (("id", "text", "feedback"), ("correct",))
QUIZ_KEYS = {
    "choice": (("id", "kind", "text", "options"), ("hint", "note")),
    "number": (
        ("id", "kind", "text", "answer", "tolerance", "feedback_right", "feedback_wrong"),
        ("unit", "hint", "note"),
    ),
    "simulator": (("id", "kind", "text", "check", "feedback_right", "feedback_wrong"), ("hint", "note")),
}
FREE_TEXTS = ("title", "idea", "report", "note")


class Known:
    """What a lesson may refer to."""

    def __init__(self, parameters: Mapping[str, Parameter], cases: Collection[str]):
        self.parameters = parameters
        self.cases = cases


def build_lesson(raw: yaml_lines.Mapping, stem: str, known: Known, report: Report) -> dict[str, Any]:
    """One lesson as plain dicts and lists; blocks that are not there come as empty ones."""
    checks.keys(raw, "", LESSON_KEYS, LESSON_OPTIONAL, report)
    lesson = {key: _plain(value, raw.line_of(key), key, report) for key, value in raw.items()}
    lesson_id = checks.identifier(raw.get("id"), raw.line_of("id"), "id", report)
    if lesson_id and lesson_id != stem:
        report.add(raw.line_of("id"), "id", lesson_id, f"{stem}, the name of the file")
    for key in FREE_TEXTS:
        if key in raw:
            checks.text(raw[key], raw.line_of(key), key, report)
    if "minutes" in raw:
        checks.number(raw["minutes"], raw.line_of("minutes"), "minutes", report, 1, 120)
    _texts(raw, "goals", report, exactly=3)
    _texts(raw, "takehome", report, exactly=3)
    _texts(raw, "limits", report)
    _texts(raw, "sections", report)
    _known_case(raw.get("case"), raw.line_of("case"), "case", known, report)
    _controls(raw, known, report)
    _hook(raw, report)
    _predict(raw, report)
    for block, (required, optional) in ITEM_KEYS.items():
        for item, path in _items(raw, block, report):
            _item(item, path, required, optional, report)
            if block == "presets":
                _known_case(item.get("case"), item.line_of("case"), f"{path}.case", known, report)
                _changes(item, path, known, report)
    _explain(raw, report)
    _quiz(raw, report)
    _mimic(raw, known, report)
    _gallery(raw, known, report)
    if "glossary" in raw:
        lesson["glossary"] = build_glossary(raw["glossary"], report, raw.line_of("glossary"), "glossary")
    return _with_blanks(lesson)


def build_glossary(raw: Any, report: Report, line: int = 1, path: str = "") -> dict[str, str]:
    """term -> explanation."""
    if not isinstance(raw, yaml_lines.Mapping):
        report.add(line, path, checks.show(raw), "a mapping of term: explanation")
        return {}
    for term in raw:
        checks.text(term, raw.line_of(term), checks.join(path, term), report, longest=40)
    return {
        term: checks.text(value, raw.line_of(term), checks.join(path, term), report, longest=400)
        for term, value in raw.items()
    }


def _with_blanks(lesson: dict[str, Any]) -> dict[str, Any]:
    blank = {"sections": [], "presets": [], "tests": [], "decisions": [], "limits": [], "mimic": {}, "gallery": {}}
    blank |= {"glossary": {}}
    presets = lesson.get("presets")
    for preset in presets if isinstance(presets, list) else []:
        if isinstance(preset, dict):
            preset.setdefault("changes", {})
    return {**blank, "report": "", "note": "", **lesson}


def _plain(value: Any, line: int, path: str, report: Report) -> Any:
    """Plain dicts, lists and single-spaced texts; markup is refused wherever it stands."""
    if isinstance(value, yaml_lines.Mapping):
        return {key: _plain(item, value.line_of(key), checks.join(path, key), report) for key, item in value.items()}
    if isinstance(value, yaml_lines.Sequence):
        return [_plain(item, value.line_of(n), f"{path}[{n}]", report) for n, item in enumerate(value)]
    if isinstance(value, str):
        if checks.MARKUP.search(value):
            report.add(line, path, f"markup or a hidden character in {checks.show(value)}", checks.NO_MARKUP)
        return checks.paragraphs(value)
    return value


def _require_text(table: yaml_lines.Mapping, key: str, path: str, report: Report) -> None:
    """A text must be there; markup in it is already reported by `_plain`."""
    if key in table and (not isinstance(table[key], str) or not table[key].strip()):
        report.add(table.line_of(key), checks.join(path, key), checks.show(table[key]), "a text")


def _texts(raw: yaml_lines.Mapping, block: str, report: Report, exactly: int | None = None, path: str = "") -> None:
    if block not in raw:
        return
    value, path = raw[block], checks.join(path, block)
    if not isinstance(value, list) or (exactly is not None and len(value) != exactly):
        wanted = f"a list of {exactly} texts" if exactly else "a list of texts"
        report.add(raw.line_of(block), path, checks.show(value), wanted)
        return
    for number, item in enumerate(value):
        if not isinstance(item, str) or not item.strip():
            report.add(value.line_of(number), f"{path}[{number}]", checks.show(item), "a text")


def _known_case(value: Any, line: int, path: str, known: Known, report: Report) -> None:
    if value is not None and known.cases and value not in tuple(known.cases):
        report.add(line, path, f"the case {checks.show(value)}", did_you_mean(str(value), known.cases))


def _known_parameter(value: Any, line: int, path: str, known: Known, report: Report) -> bool:
    if known.parameters and value not in tuple(known.parameters):
        report.add(line, path, f"the parameter {checks.show(value)}", did_you_mean(str(value), known.parameters))
        return False
    return bool(known.parameters)


def _controls(raw: yaml_lines.Mapping, known: Known, report: Report) -> None:
    controls = raw.get("controls")
    if controls is None:
        return
    if not isinstance(controls, yaml_lines.Mapping):
        report.add(raw.line_of("controls"), "controls", checks.show(controls), "main and more, lists of parameters")
        return
    checks.keys(controls, "controls", ("main",), ("more", "names"), report)
    _names(controls, known, report)
    first: dict[str, str] = {}
    for group in ("main", "more"):
        if group not in controls:
            continue
        listed = controls[group]
        if not isinstance(listed, list):
            report.add(controls.line_of(group), f"controls.{group}", checks.show(listed), "a list of parameters")
            continue
        for number, key in enumerate(listed):
            line, path = listed.line_of(number), f"controls.{group}[{number}]"
            _known_parameter(key, line, path, known, report)
            if str(key) in first:
                report.add(line, path, f"{key} again (first at {first[str(key)]})", "each control once")
            first[str(key)] = path


def _names(controls: yaml_lines.Mapping, known: Known, report: Report) -> None:
    """Words for the values of a control, one for each step of its slider."""
    names = controls.get("names", yaml_lines.Mapping())
    if not isinstance(names, yaml_lines.Mapping):
        report.add(controls.line_of("names"), "controls.names", checks.show(names), "lists of words by parameter")
        return
    for key in names:
        path = f"controls.names.{key}"
        if _known_parameter(key, names.line_of(key), path, known, report):
            p = known.parameters[key]
            _texts(names, key, report, exactly=round((p.high - p.low) / p.step) + 1, path="controls.names")


def _changes(item: yaml_lines.Mapping, path: str, known: Known, report: Report) -> None:
    changes = item.get("changes")
    if changes is None:
        return
    if not isinstance(changes, yaml_lines.Mapping):
        report.add(item.line_of("changes"), f"{path}.changes", checks.show(changes), "a mapping of parameter: value")
        return
    for key, value in changes.items():
        line, here = changes.line_of(key), f"{path}.changes.{key}"
        if _known_parameter(key, line, here, known, report):
            parameter = known.parameters[key]
            checks.number(value, line, here, report, parameter.low, parameter.high, parameter.unit)


def _hook(raw: yaml_lines.Mapping, report: Report) -> None:
    hook = raw.get("hook")
    if hook is None:
        return
    if not isinstance(hook, yaml_lines.Mapping):
        report.add(raw.line_of("hook"), "hook", checks.show(hook), "question, and a note")
        return
    checks.keys(hook, "hook", ("question",), ("note", "text", "left", "right", "answer"), report)
    for key in hook:
        _require_text(hook, key, "hook", report)


def _predict(raw: yaml_lines.Mapping, report: Report) -> None:
    predict = raw.get("predict")
    if predict is None:
        return
    if not isinstance(predict, yaml_lines.Mapping):
        report.add(raw.line_of("predict"), "predict", checks.show(predict), "question and options")
        return
    checks.keys(predict, "predict", ("question", "options"), ("note", "confidence"), report)
    _require_text(predict, "question", "predict", report)
    _options(predict, "predict", report)


def _options(table: yaml_lines.Mapping, path: str, report: Report, *, one_correct: bool = False) -> None:
    options = _items(table, "options", report, path)
    for option, here in options:
        _item(option, here, *OPTION_KEYS, report)
        if not isinstance(option.get("correct", False), bool):
            report.add(option.line_of("correct"), f"{here}.correct", checks.show(option["correct"]), "true or false")
    if "options" in table and len(options) < 2:
        report.add(table.line_of("options"), f"{path}.options", f"{len(options)} options", "at least two")
    right = sum(option.get("correct") is True for option, _ in options)
    if one_correct and right != 1:
        report.add(table.line_of("options"), f"{path}.options", f"{right} options with correct: true", "exactly one")


def _items(
    table: yaml_lines.Mapping, block: str, report: Report, path: str = ""
) -> list[tuple[yaml_lines.Mapping, str]]:
    """Entries of a list of mappings with unique ids, and the path of each."""
    listed = table.get(block)
    here = checks.join(path, block)
    if listed is None:
        return []
    if not isinstance(listed, list):
        report.add(table.line_of(block), here, checks.show(listed), "a list")
        return []
    result = []
    first: dict[str, int] = {}
    for number, item in enumerate(listed):
        line = listed.line_of(number)
        if not isinstance(item, yaml_lines.Mapping):
            report.add(line, f"{here}[{number}]", checks.show(item), "keys and values")
            continue
        if "id" in item:
            name = checks.identifier(item["id"], item.line_of("id"), f"{here}[{number}].id", report)
            if name in first:
                report.add(line, f"{here}[{number}].id", f"{name} again (first on line {first[name]})", "each id once")
            first.setdefault(name, line)
        result.append((item, f"{here}[{number}]"))
    return result


def _item(
    item: yaml_lines.Mapping, path: str, required: Collection[str], optional: Collection[str], report: Report
) -> None:
    checks.keys(item, path, required, optional, report)
    for key in ("text", "label", "hint", "solved", "feedback", "feedback_right", "feedback_wrong", "note", "question"):
        _require_text(item, key, path, report)
    if "check" in item:
        checks.identifier(item["check"], item.line_of("check"), f"{path}.check", report)


def _explain(raw: yaml_lines.Mapping, report: Report) -> None:
    panels = raw.get("explain")
    if panels is None:
        return
    if not isinstance(panels, yaml_lines.Mapping):
        report.add(raw.line_of("explain"), "explain", checks.show(panels), "a mapping of panels")
        return
    for name, panel in panels.items():
        path = f"explain.{name}"
        if not isinstance(panel, yaml_lines.Mapping):
            report.add(panels.line_of(name), path, checks.show(panel), "title and lines")
        elif checks.keys(panel, path, ("title", "lines"), ("note",), report):
            _require_text(panel, "title", path, report)
            _texts(panel, "lines", report, path=path)


def _quiz(raw: yaml_lines.Mapping, report: Report) -> None:
    for item, path in _items(raw, "quiz", report):
        kind = item.get("kind")
        if kind not in KINDS:
            report.add(item.line_of("kind"), f"{path}.kind", checks.show(kind), "one of " + ", ".join(KINDS))
            continue
        _item(item, path, *QUIZ_KEYS[kind], report)
        if kind == "choice":
            _options(item, path, report, one_correct=True)
        elif kind == "number":
            for key, low in (("answer", float("-inf")), ("tolerance", 0.0)):
                if key in item:
                    checks.number(item[key], item.line_of(key), f"{path}.{key}", report, low)


def _mimic(raw: yaml_lines.Mapping, known: Known, report: Report) -> None:
    mimic = raw.get("mimic")
    if mimic is None:
        return
    if not isinstance(mimic, yaml_lines.Mapping):
        report.add(raw.line_of("mimic"), "mimic", checks.show(mimic), "question, cases and labels")
        return
    checks.keys(
        mimic,
        "mimic",
        ("question", "cases", "labels"),
        ("reveal", "ask", "note", "visit", "options", "changes"),
        report,
    )
    for key in ("question", "reveal", "ask", "note"):
        _require_text(mimic, key, "mimic", report)
    for key in ("cases", "labels"):
        listed = mimic.get(key)
        if key in mimic and (not isinstance(listed, list) or len(listed) < 2):
            report.add(mimic.line_of(key), f"mimic.{key}", checks.show(listed), "a list of two or more")
    cases, labels = mimic.get("cases"), mimic.get("labels")
    if isinstance(cases, list) and isinstance(labels, list) and len(cases) != len(labels):
        found = f"{len(labels)} labels for {len(cases)} cases"
        report.add(mimic.line_of("labels"), "mimic.labels", found, "one label a case")
    if isinstance(mimic.get("cases"), list):
        for number, case in enumerate(mimic["cases"]):
            _known_case(case, mimic["cases"].line_of(number), f"mimic.cases[{number}]", known, report)
    if "options" in mimic:
        _options(mimic, "mimic", report)


GALLERY_ITEM = (("id", "case", "history", "name", "feature", "best", "reveal"), ("changes", "note"))


def _gallery(raw: yaml_lines.Mapping, known: Known, report: Report) -> None:
    gallery = raw.get("gallery")
    if gallery is None:
        return
    if not isinstance(gallery, yaml_lines.Mapping):
        report.add(raw.line_of("gallery"), "gallery", checks.show(gallery), "question, steps, names, features, items")
        return
    checks.keys(gallery, "gallery", ("question", "steps", "names", "features", "items"), ("note",), report)
    _require_text(gallery, "question", "gallery", report)
    ids: dict[str, list[str]] = {}
    for block, words in (("steps", "label"), ("names", "text"), ("features", "text")):
        entries = _items(gallery, block, report, "gallery")
        ids[block] = [str(entry.get("id")) for entry, _ in entries]
        for entry, path in entries:
            _item(entry, path, ("id", words), ("note",), report)
    for item, path in _items(gallery, "items", report, "gallery"):
        _item(item, path, *GALLERY_ITEM, report)
        for key in ("history", "reveal"):
            _require_text(item, key, path, report)
        _known_case(item.get("case"), item.line_of("case"), f"{path}.case", known, report)
        _changes(item, path, known, report)
        best = item.get("best")
        if "best" in item and (not isinstance(best, list) or not best):
            report.add(item.line_of("best"), f"{path}.best", checks.show(best), "a list of steps")
            best = []
        for key, block, named in (
            ("name", "names", [item.get("name")]),
            ("feature", "features", [item.get("feature")]),
            ("best", "steps", best or []),
        ):
            for one in named:
                if key in item and str(one) not in ids[block]:
                    report.add(item.line_of(key), f"{path}.{key}", checks.show(one), did_you_mean(str(one), ids[block]))
