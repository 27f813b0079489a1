"""What the checks of a lesson file share: what it may refer to, texts, lists of entries, options."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from liverlab.evidence import checks, yaml_lines
from liverlab.evidence.problems import Report, did_you_mean
from liverlab.evidence.tables import Parameter

OPTION_KEYS = (("id", "text", "feedback"), ("correct",))


class Known:
    """What a lesson may refer to."""

    def __init__(self, parameters: Mapping[str, Parameter], cases: Collection[str]):
        self.parameters = parameters
        self.cases = cases


def require_text(table: yaml_lines.Mapping, key: str, path: str, report: Report) -> None:
    """A text must be there; markup in it is already reported by `_plain`."""
    if key in table and (not isinstance(table[key], str) or not table[key].strip()):
        report.add(table.line_of(key), checks.join(path, key), checks.show(table[key]), "a text")


def check_case(value: Any, line: int, path: str, known: Known, report: Report) -> None:
    if value is not None and known.cases and value not in tuple(known.cases):
        report.add(line, path, f"the case {checks.show(value)}", did_you_mean(str(value), known.cases))


def check_parameter(value: Any, line: int, path: str, known: Known, report: Report) -> bool:
    if known.parameters and value not in tuple(known.parameters):
        report.add(line, path, f"the parameter {checks.show(value)}", did_you_mean(str(value), known.parameters))
        return False
    return bool(known.parameters)


def check_changes(item: yaml_lines.Mapping, path: str, known: Known, report: Report) -> None:
    changes = item.get("changes")
    if changes is None:
        return
    if not isinstance(changes, yaml_lines.Mapping):
        report.add(item.line_of("changes"), f"{path}.changes", checks.show(changes), "a mapping of parameter: value")
        return
    for key, value in changes.items():
        line, here = changes.line_of(key), f"{path}.changes.{key}"
        if check_parameter(key, line, here, known, report):
            parameter = known.parameters[key]
            checks.number(value, line, here, report, parameter.low, parameter.high, parameter.unit)


def check_options(table: yaml_lines.Mapping, path: str, report: Report, *, one_correct: bool = False) -> None:
    options = items_of(table, "options", report, path)
    for option, here in options:
        check_item(option, here, *OPTION_KEYS, report)
        if not isinstance(option.get("correct", False), bool):
            report.add(option.line_of("correct"), f"{here}.correct", checks.show(option["correct"]), "true or false")
    if "options" in table and len(options) < 2:
        report.add(table.line_of("options"), f"{path}.options", f"{len(options)} options", "at least two")
    right = sum(option.get("correct") is True for option, _ in options)
    if one_correct and right != 1:
        report.add(table.line_of("options"), f"{path}.options", f"{right} options with correct: true", "exactly one")


def items_of(
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


def check_item(
    item: yaml_lines.Mapping, path: str, required: Collection[str], optional: Collection[str], report: Report
) -> None:
    checks.keys(item, path, required, optional, report)
    for key in ("text", "label", "hint", "solved", "feedback", "feedback_right", "feedback_wrong", "note", "question"):
        require_text(item, key, path, report)
    if "check" in item:
        checks.identifier(item["check"], item.line_of("check"), f"{path}.check", report)
