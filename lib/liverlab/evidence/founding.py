"""founding.yaml: every claim of the five founding texts, and the lesson section that covers it, or why none does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from liverlab.evidence import checks, yaml_lines
from liverlab.evidence.problems import Report, did_you_mean

LESSONS = (
    "01_liver_metastases",
    "02_pseudoprogression",
    "03_pseudocirrhosis",
    "04_calcified_metastasis",
    "05_sinusoidal_metastasis",
)
WAYS = ("sections", "planned", "not_covered")


class Claim(NamedTuple):
    """One statement of a founding text, in our words.

    Exactly one of `sections` (of `lesson`), `planned` (a later lesson) and `not_covered` (the reason) is filled.
    `correction` says what the lesson adds or contradicts, `source` with which evidence.
    """

    id: str
    founding: str
    text: str
    lesson: str
    sections: tuple[str, ...]
    planned: str
    not_covered: str
    correction: str = ""
    source: tuple[str, ...] = ()


def build_claims(
    raw: yaml_lines.Mapping, lessons: Mapping[str, dict[str, Any]], known_sources: Collection[str], report: Report
) -> tuple[Claim, ...]:
    """Claims of founding.yaml. Sections are checked against the `sections` of each lesson that is there."""
    claims: list[Claim] = []
    first: dict[str, int] = {}
    for founding, entry in raw.items():
        if not isinstance(entry, yaml_lines.Mapping):
            report.add(raw.line_of(founding), founding, checks.show(entry), "title, source and claims")
            continue
        checks.keys(entry, founding, ("title", "source", "claims"), ("note",), report)
        for key in ("title", "note"):
            if key in entry:
                checks.text(entry[key], entry.line_of(key), f"{founding}.{key}", report)
        if "source" in entry:
            line = entry.line_of("source")
            if not checks.sources(entry["source"], line, f"{founding}.source", known_sources, report):
                report.add(line, f"{founding}.source", "nothing", "a key of references.bib")
        listed = entry.get("claims")
        if not isinstance(listed, list) or not listed:
            report.add(entry.line_of("claims"), f"{founding}.claims", checks.show(listed), "a list of claims")
            continue
        for number, claim in enumerate(listed):
            path = f"{founding}.claims[{number}]"
            if not isinstance(claim, yaml_lines.Mapping):
                report.add(listed.line_of(number), path, checks.show(claim), "id, claim, and where it is covered")
                continue
            built = _claim(claim, path, founding, lessons, known_sources, report)
            if built.id in first:
                report.add(
                    claim.line, path, f"the id {built.id} again (first on line {first[built.id]})", "each id once"
                )
            first.setdefault(built.id, claim.line)
            claims.append(built)
    return tuple(claims)


def _claim(
    raw: yaml_lines.Mapping,
    path: str,
    founding: str,
    lessons: Mapping[str, dict[str, Any]],
    known_sources: Collection[str],
    report: Report,
) -> Claim:
    checks.keys(raw, path, ("id", "claim"), ("lesson", *WAYS, "correction", "source"), report)

    def text(key: str) -> str:
        return checks.text(raw[key], raw.line_of(key), f"{path}.{key}", report) if key in raw else ""

    ways = [way for way in WAYS if way in raw]
    if len(ways) != 1:
        found = " and ".join(ways) or "no word on where it is covered"
        report.add(raw.line, path, found, "one of " + ", ".join(WAYS))
    sections = raw.get("sections", [])
    if not isinstance(sections, list) or ("sections" in raw and not sections):
        report.add(raw.line_of("sections"), f"{path}.sections", checks.show(sections), "a list of section ids")
        sections = []
    lesson = str(raw.get("lesson", ""))
    if ("sections" in raw) != ("lesson" in raw):
        report.add(raw.line, path, "lesson or sections alone", "both, or neither")
    for key in ("lesson", "planned"):
        if key in raw and raw[key] not in LESSONS:
            report.add(raw.line_of(key), f"{path}.{key}", checks.show(raw[key]), did_you_mean(str(raw[key]), LESSONS))
    listed = lessons.get(lesson, {}).get("sections")
    known_sections = [item for item in listed if isinstance(item, str)] if isinstance(listed, list) else []
    for section in sections:
        if known_sections and section not in known_sections:
            line = raw.line_of("sections")
            report.add(line, f"{path}.sections", checks.show(section), did_you_mean(str(section), known_sections))
    return Claim(
        id=checks.text(raw.get("id"), raw.line_of("id"), f"{path}.id", report, longest=12),
        founding=founding,
        text=text("claim"),
        lesson=lesson,
        sections=tuple(str(section) for section in sections),
        planned=str(raw.get("planned", "")),
        not_covered=text("not_covered"),
        correction=text("correction"),
        source=checks.sources(raw.get("source"), raw.line_of("source"), f"{path}.source", known_sources, report),
    )
