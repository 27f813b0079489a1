"""Lessons: the words of a notebook outside its Markdown. One YAML file each in casesdata/lessons; a shared glossary."""

from __future__ import annotations

from typing import Any

from liverlab.evidence import checks, yaml_lines
from liverlab.evidence.lesson_blocks import check_gallery, check_handout, check_mimic, check_misled, check_triage
from liverlab.evidence.lesson_parts import (
    Known,
    check_case,
    check_changes,
    check_item,
    check_options,
    check_parameter,
    items_of,
    require_text,
)
from liverlab.evidence.problems import Report
from liverlab.evidence.tables import LONGEST_LABEL

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
    "triage",
    "misled",
    "handout",
)
ITEM_KEYS = {
    # block: (required, optional) keys of each entry of the list
    "presets": (("id", "label", "case"), ("changes", "note")),
    "questions": (("id", "text", "hint", "check", "solved"), ("note",)),
    "tests": (("id", "label"), ("note", "question", "text")),
    "decisions": (("id", "label", "feedback"), ("note",)),
}
QUIZ_KEYS = {
    "choice": (("id", "kind", "text", "options"), ("hint", "note")),
    "number": (
        ("id", "kind", "text", "answer", "tolerance", "feedback_right", "feedback_wrong"),
        ("unit", "hint", "note"),
    ),
    "simulator": (("id", "kind", "text", "check", "feedback_right", "feedback_wrong"), ("hint", "note")),
}
FREE_TEXTS = ("title", "idea", "report", "note")


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
    check_case(raw.get("case"), raw.line_of("case"), "case", known, report)
    _controls(raw, known, report)
    _hook(raw, report)
    _predict(raw, report)
    for block, (required, optional) in ITEM_KEYS.items():
        for item, path in items_of(raw, block, report):
            check_item(item, path, required, optional, report)
            if block == "presets":
                check_case(item.get("case"), item.line_of("case"), f"{path}.case", known, report)
                check_changes(item, path, known, report)
    _explain(raw, report)
    _quiz(raw, report)
    check_mimic(raw, known, report)
    check_gallery(raw, known, report)
    check_triage(raw, report)
    check_misled(raw, known, report)
    check_handout(raw, known, report)
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
    blank = {
        "sections": [],
        "presets": [],
        "tests": [],
        "decisions": [],
        "limits": [],
        "mimic": {},
        "gallery": {},
        "triage": {},
        "misled": {},
    }
    blank |= {"glossary": {}, "handout": {}}
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


def _controls(raw: yaml_lines.Mapping, known: Known, report: Report) -> None:
    controls = raw.get("controls")
    if controls is None:
        return
    if not isinstance(controls, yaml_lines.Mapping):
        report.add(raw.line_of("controls"), "controls", checks.show(controls), "main and more, lists of parameters")
        return
    checks.keys(controls, "controls", ("main",), ("more", "names", "labels"), report)
    _names(controls, known, report)
    _labels(controls, known, report)
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
            check_parameter(key, line, path, known, report)
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
        if check_parameter(key, names.line_of(key), path, known, report):
            p = known.parameters[key]
            _texts(names, key, report, exactly=round((p.high - p.low) / p.step) + 1, path="controls.names")


def _labels(controls: yaml_lines.Mapping, known: Known, report: Report) -> None:
    """What a lesson calls a parameter, where its own label says too little there."""
    labels = controls.get("labels", yaml_lines.Mapping())
    if not isinstance(labels, yaml_lines.Mapping):
        report.add(controls.line_of("labels"), "controls.labels", checks.show(labels), "a label by parameter")
        return
    for key, label in labels.items():
        line, path = labels.line_of(key), f"controls.labels.{key}"
        check_parameter(key, line, path, known, report)
        checks.text(label, line, path, report, longest=LONGEST_LABEL)


def _hook(raw: yaml_lines.Mapping, report: Report) -> None:
    hook = raw.get("hook")
    if hook is None:
        return
    if not isinstance(hook, yaml_lines.Mapping):
        report.add(raw.line_of("hook"), "hook", checks.show(hook), "question, and a note")
        return
    checks.keys(hook, "hook", ("question",), ("note", "text", "left", "right", "answer"), report)
    for key in hook:
        require_text(hook, key, "hook", report)


def _predict(raw: yaml_lines.Mapping, report: Report) -> None:
    predict = raw.get("predict")
    if predict is None:
        return
    if not isinstance(predict, yaml_lines.Mapping):
        report.add(raw.line_of("predict"), "predict", checks.show(predict), "question and options")
        return
    checks.keys(predict, "predict", ("question", "options"), ("note", "confidence"), report)
    require_text(predict, "question", "predict", report)
    check_options(predict, "predict", report)


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
            require_text(panel, "title", path, report)
            _texts(panel, "lines", report, path=path)


def _quiz(raw: yaml_lines.Mapping, report: Report) -> None:
    for item, path in items_of(raw, "quiz", report):
        kind = item.get("kind")
        if kind not in KINDS:
            report.add(item.line_of("kind"), f"{path}.kind", checks.show(kind), "one of " + ", ".join(KINDS))
            continue
        check_item(item, path, *QUIZ_KEYS[kind], report)
        if kind == "choice":
            check_options(item, path, report, one_correct=True)
        elif kind == "number":
            for key, low in (("answer", float("-inf")), ("tolerance", 0.0)):
                if key in item:
                    checks.number(item[key], item.line_of(key), f"{path}.{key}", report, low)
