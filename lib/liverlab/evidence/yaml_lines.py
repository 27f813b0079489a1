"""YAML read safely, with the line of every key. Only plain mappings, lists, texts, numbers, true/false and null."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from liverlab.evidence.problems import Report

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "map", "seq")}
DATE_TAG = "tag:yaml.org,2002:timestamp"
ODD_INT = re.compile(r"[-+]?(0[0-9xb_]|.*:)").match
MERGE_KEY = "tag:yaml.org,2002:merge"


class Mapping(dict):
    """A mapping of a YAML file: `line` of its start, `lines` of its keys."""

    line: int
    lines: dict[str, int]

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)


class Sequence(list):
    """A list of a YAML file: `line` of its start, `lines` of its items."""

    line: int
    lines: list[int]

    def line_of(self, index: int) -> int:
        return self.lines[index]


def read_yaml(path: Path, report: Report) -> Mapping | None:
    """Content of one YAML file, or None when it cannot be read at all (the report says why).

    Refused, with the line: broken syntax, a key written twice, a tag that would build an object, anchors and aliases.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        report.add(0, "", f"a byte that is not UTF-8 at position {error.start}", "a text file saved as UTF-8")
        return None
    except OSError as error:
        report.add(0, "", f"no readable file ({error.strerror})", "a YAML file")
        return None
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        report.add(mark.line + 1 if mark else 0, "", f"broken YAML ({error.problem or error.context})", "valid YAML")
        return None
    except yaml.YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        report.add(line, "", f"broken YAML ({getattr(error, 'reason', 'unreadable')})", "valid YAML")
        return None
    if not isinstance(node, yaml.MappingNode):
        report.add(1, "", "no mapping at the top", "key: value lines")
        return None
    return _Builder(report).build(node, "")


class _Builder:
    def __init__(self, report: Report):
        self.report = report
        self.seen: set[int] = set()
        self.scalar = yaml.constructor.SafeConstructor()

    def build(self, node: yaml.Node, path: str) -> Any:
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.ScalarNode):
            # The composer hands the same node out for every alias: refuse, or ten lines could unfold to gigabytes.
            if id(node) in self.seen:
                self.report.add(line, path, "an anchor used again (*name)", "the values written out")
                return None
            self.seen.add(id(node))
        if node.tag not in PLAIN_TAGS and node.tag != DATE_TAG:
            self.report.add(line, path, f"the tag {node.tag}", "a plain value without a tag")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, line)
        if isinstance(node, yaml.SequenceNode):
            items = Sequence(self.build(item, f"{path}[{number}]") for number, item in enumerate(node.value))
            items.line, items.lines = line, [item.start_mark.line + 1 for item in node.value]
            return items
        return self._scalar(node, path, line)

    def _mapping(self, node: yaml.MappingNode, path: str, line: int) -> Mapping:
        result = Mapping()
        result.line, result.lines = line, {}
        for key_node, value_node in node.value:
            key_line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag == MERGE_KEY:
                self.report.add(key_line, path, "a key that is not a plain word", "key: value")
                continue
            key = key_node.value
            here = f"{path}.{key}" if path else key
            if key in result.lines:
                self.report.add(key_line, here, f"the key again (first on line {result.lines[key]})", "each key once")
                continue
            result.lines[key] = key_line
            result[key] = self.build(value_node, here)
        return result

    def _scalar(self, node: yaml.ScalarNode, path: str, line: int) -> Any:
        kind = node.tag.rpartition(":")[2]
        # YAML 1.1 reads `no` as false, 012 as ten and 1:30 as ninety. Nobody who edits a lesson expects that.
        odd = (kind == "bool" and node.value.lower() not in ("true", "false")) or (
            kind == "int" and ODD_INT(node.value)
        )
        if kind in ("str", "timestamp") or odd:
            return node.value
        try:
            return self.scalar.construct_object(node)
        except (ValueError, KeyError, yaml.YAMLError):
            self.report.add(line, path, f"{node.value!r}", f"a valid {kind}")
            return None
