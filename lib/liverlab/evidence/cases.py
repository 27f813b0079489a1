"""Cases: the virtual patients of casesdata/cases, one YAML file each."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Any, NamedTuple

from liverlab.evidence import checks, yaml_lines
from liverlab.evidence.problems import Report, did_you_mean
from liverlab.evidence.tables import Parameter, on_step

MOST_VISITS = 9
ROLES = ("target", "non_target", "occult", "new")
VASCULAR = ("hyper", "hypo")
CASE_KEYS = ("id", "title", "phenomenon", "basis", "patient", "summary", "source", "treatment", "visits_day")
CASE_OPTIONAL = ("founding", "look", "parameters", "lesions", "lesions_from", "lesion_changes", "published", "note")
CASE_OPTIONAL += ("injury",)
LESION_KEYS = ("id", "label", "segment", "centre_mm", "diameter_mm", "role", "vascular")
LESION_OPTIONAL = ("axes", "core_fraction", "response", "look", "pattern", "note")
SEGMENTS = ("I", "II", "III", "IV", "IVa", "IVb", "V", "VI", "VII", "VIII")


class LesionSpec(NamedTuple):
    """One lesion on day 0.

    `centre_mm` in the patient frame (x left, y posterior, z superior), `diameter_mm` of the sphere of equal volume,
    `axes` the three diameters relative to it (product 1), `core_fraction` diameter of a hypovascular core over that of
    the lesion, `vascular` supply of what is outside the core, `response` multiplier of the drug effect, `look` a row
    of the table of looks, `pattern` of its calcium.
    """

    id: str
    label: str
    segment: str
    centre_mm: tuple[float, float, float]
    diameter_mm: float
    role: str
    vascular: str
    axes: tuple[float, float, float] = (1.0, 1.0, 1.0)
    core_fraction: float = 0.0
    response: float = 1.0
    look: str = ""
    pattern: str = ""
    note: str = ""


class PublishedFact(NamedTuple):
    """Something published about the course, in our words, with its key in references.bib."""

    text: str
    source: str


class Case(NamedTuple):
    """A virtual patient: visits, lesions, and the parameters in which this patient differs from the defaults.

    `parameters` maps key -> value; `overrides` maps key -> Parameter with the basis, source and note of that value.
    `look`: a row of the table of looks that all lesions of this patient have, unless they say otherwise.
    `injury` names what imitates tumour in this liver (`disease.liver_injury.INJURIES`); empty where it is tumour.
    """

    id: str
    title: str
    phenomenon: str
    founding: str
    basis: str
    patient: str
    summary: str
    source: tuple[str, ...]
    treatment: str
    visits_day: tuple[float, ...]
    lesions: tuple[LesionSpec, ...]
    parameters: Mapping[str, float]
    overrides: Mapping[str, Parameter]
    published: tuple[PublishedFact, ...]
    note: str = ""
    look: str = ""
    injury: str = ""


Read = dict[str, tuple[yaml_lines.Mapping, Report]]  # file stem -> (content, report of that file)
Layouts = dict[str, list[yaml_lines.Mapping]]  # file stem -> lesions as written in that file


def build_cases(files: Read, parameters: Mapping[str, Parameter], known_sources: Collection[str]) -> dict[str, Case]:
    """Cases from the files read; problems go to each file's own report."""
    layouts = {stem: _raw_lesions(raw, report) for stem, (raw, report) in files.items()}
    result = {}
    for stem, (raw, report) in files.items():
        checks.keys(raw, "", CASE_KEYS, CASE_OPTIONAL, report)
        result[stem] = _case(raw, stem, layouts, parameters, known_sources, report)
    return result


def _case(
    raw: yaml_lines.Mapping,
    case_id: str,
    layouts: Layouts,
    parameters: Mapping[str, Parameter],
    known_sources: Collection[str],
    report: Report,
) -> Case:
    # A missing key is reported already; what is there is checked all the same.
    def text(key: str) -> str:
        return checks.text(raw[key], raw.line_of(key), key, report) if key in raw else ""

    def name(key: str) -> str:
        return checks.identifier(raw[key], raw.line_of(key), key, report) if key in raw else ""

    if name("id") not in ("", case_id):
        report.add(raw.line_of("id"), "id", raw["id"], f"{case_id}, the name of the file")
    basis, cited = "illustrative", ()
    if "basis" in raw and "source" in raw:
        lines = (raw.line_of("basis"), raw.line_of("source"))
        basis, cited = checks.basis_and_source(raw["basis"], raw["source"], lines, "", known_sources, report)
    visits = _visits(raw["visits_day"], raw.line_of("visits_day"), report) if "visits_day" in raw else ()
    overrides = _overrides(raw, parameters, known_sources, report)
    visit = overrides.get("visit", parameters.get("visit"))
    if visit is not None and visits and visit.value > len(visits) - 1:
        report.add(
            raw.line_of("visits_day"), "visits_day", f"{len(visits)} visits", f"visit {visit.value:g} among them"
        )
    return Case(
        id=case_id,
        title=text("title"),
        phenomenon=name("phenomenon"),
        founding=text("founding"),
        basis=basis,
        patient=text("patient"),
        summary=text("summary"),
        source=cited,
        treatment=text("treatment"),
        visits_day=visits,
        lesions=_lesions(raw, layouts[case_id], layouts, report),
        parameters=MappingProxyType({key: parameter.value for key, parameter in overrides.items()}),
        overrides=MappingProxyType(overrides),
        published=_published(raw, known_sources, report),
        note=text("note"),
        look=name("look"),
        injury=name("injury"),
    )


def _visits(value: Any, line: int, report: Report) -> tuple[float, ...]:
    if not isinstance(value, list) or len(value) < 2:
        report.add(line, "visits_day", checks.show(value), "a list of 2 to 9 days, the first 0")
        return ()
    days = tuple(
        checks.number(day, value.line_of(n), f"visits_day[{n}]", report, 0, 3650, "d") for n, day in enumerate(value)
    )
    if any(math.isnan(day) for day in days):
        return ()
    if len(days) > MOST_VISITS:
        report.add(line, "visits_day", f"{len(days)} visits", f"at most {MOST_VISITS}")
    if days[0] != 0:
        report.add(line, "visits_day", f"day {days[0]:g} first", "day 0, the baseline, first")
    if any(later <= earlier for earlier, later in pairwise(days)):
        report.add(line, "visits_day", checks.show(list(value)), "days in rising order, none twice")
    return days


def _overrides(
    raw: yaml_lines.Mapping, parameters: Mapping[str, Parameter], known_sources: Collection[str], report: Report
) -> dict[str, Parameter]:
    table = raw.get("parameters")
    if table is None:
        return {}
    if not isinstance(table, yaml_lines.Mapping):
        report.add(raw.line_of("parameters"), "parameters", checks.show(table), "a mapping of parameter keys")
        return {}
    result = {}
    for key, entry in table.items():
        line, path = table.line_of(key), f"parameters.{key}"
        parameter = parameters.get(key)
        if parameter is None:
            # Without a readable parameters.csv every key would be "unknown": that file's own problem says enough.
            if parameters:
                report.add(line, path, "an unknown parameter", did_you_mean(key, parameters))
        elif not isinstance(entry, yaml_lines.Mapping):
            report.add(line, path, checks.show(entry), "value, basis, and source or note below it")
        elif checks.keys(entry, path, ("value", "basis"), ("source", "note"), report):
            result[key] = _override(entry, path, parameter, known_sources, report)
    return result


def _override(
    entry: yaml_lines.Mapping, path: str, parameter: Parameter, known_sources: Collection[str], report: Report
) -> Parameter:
    line = entry.line_of("value")
    value = checks.number(entry["value"], line, f"{path}.value", report, parameter.low, parameter.high, parameter.unit)
    if math.isfinite(value) and parameter.step > 0 and not on_step(value, parameter.low, parameter.step):
        grid = f"{parameter.low:g}, {parameter.low + parameter.step:g}, ... {parameter.high:g}"
        report.add(line, f"{path}.value", f"{value:g}", f"a value on the steps {grid}")
    lines = (entry.line_of("basis"), entry.line_of("source"))
    basis, cited = checks.basis_and_source(entry["basis"], entry.get("source"), lines, path, known_sources, report)
    note = entry.get("note")
    if note is None:
        if not cited:
            report.add(
                entry.line, f"{path}.note", "neither source nor note", "a note that says where the number is from"
            )
        note = ""
    else:
        note = checks.text(note, entry.line_of("note"), f"{path}.note", report)
    return parameter._replace(value=value, basis=basis, source=cited, note=note)


def _published(raw: yaml_lines.Mapping, known_sources: Collection[str], report: Report) -> tuple[PublishedFact, ...]:
    facts = raw.get("published", [])
    if not isinstance(facts, list):
        report.add(raw.line_of("published"), "published", checks.show(facts), "a list of text and source")
        return ()
    result = []
    for number, fact in enumerate(facts):
        path = f"published[{number}]"
        if not isinstance(fact, yaml_lines.Mapping):
            report.add(facts.line_of(number), path, checks.show(fact), "text and source")
        elif checks.keys(fact, path, ("text", "source"), (), report):
            text = checks.text(fact["text"], fact.line_of("text"), f"{path}.text", report)
            line = fact.line_of("source")
            cited = checks.sources(fact["source"], line, f"{path}.source", known_sources, report)
            if len(cited) != 1:
                report.add(line, f"{path}.source", f"{len(cited)} sources", "exactly one")
            result.append(PublishedFact(text, cited[0] if cited else ""))
    return tuple(result)


def _raw_lesions(raw: yaml_lines.Mapping, report: Report) -> list[yaml_lines.Mapping]:
    listed = raw.get("lesions")
    if listed is None:
        return []
    if not isinstance(listed, list):
        report.add(raw.line_of("lesions"), "lesions", checks.show(listed), "a list of lesions")
        return []
    for number, lesion in enumerate(listed):
        if not isinstance(lesion, yaml_lines.Mapping):
            report.add(listed.line_of(number), f"lesions[{number}]", checks.show(lesion), "the keys of a lesion")
    return [lesion for lesion in listed if isinstance(lesion, yaml_lines.Mapping)]


def _lesions(
    raw: yaml_lines.Mapping, own: list[yaml_lines.Mapping], layouts: Layouts, report: Report
) -> tuple[LesionSpec, ...]:
    """The layout of another case (`lesions_from`) with `lesion_changes`, then the lesions of this file."""
    specs: list[LesionSpec | None] = []
    changes = raw.get("lesion_changes") or yaml_lines.Mapping()
    if "lesions_from" in raw:
        base = raw["lesions_from"]
        with_layout = [stem for stem, lesions in layouts.items() if lesions]
        if base not in with_layout:
            report.add(
                raw.line_of("lesions_from"), "lesions_from", checks.show(base), did_you_mean(str(base), with_layout)
            )
        else:
            specs += _changed(layouts[base], changes, raw.line_of("lesion_changes"), report)
    elif changes:
        report.add(raw.line_of("lesion_changes"), "lesion_changes", "changes", "lesions_from, the case they change")
    elif not own and "lesions" not in raw:
        # An empty list says it: this patient has no lesion that can be named, or the lesson places them by rule.
        report.add(raw.line, "lesions", "nothing", "lesions, or lesions_from with the id of a case that has them")
    seen = {spec.id for spec in specs if spec is not None}
    for number, lesion in enumerate(own):
        spec = _lesion(lesion, f"lesions[{number}]", report)
        if spec is not None and spec.id in seen:
            report.add(lesion.line_of("id"), f"lesions[{number}].id", f"the lesion id {spec.id} twice", "each id once")
        if spec is not None:
            seen.add(spec.id)
            specs.append(spec)
    return tuple(spec for spec in specs if spec is not None)


def _changed(base: list[yaml_lines.Mapping], changes: Any, line: int, report: Report) -> list[LesionSpec | None]:
    if not isinstance(changes, yaml_lines.Mapping):
        report.add(line, "lesion_changes", checks.show(changes), "a mapping of lesion ids")
        changes = yaml_lines.Mapping()
    specs = []
    known = [str(lesion.get("id")) for lesion in base]
    for lesion_id in changes:
        if lesion_id not in known:
            path = f"lesion_changes.{lesion_id}"
            report.add(changes.line_of(lesion_id), path, "an unknown lesion id", did_you_mean(lesion_id, known))
    for lesion in base:
        change = changes.get(str(lesion.get("id")))
        path = f"lesion_changes.{lesion.get('id')}"
        if change is None:
            specs.append(_lesion(lesion, "", Report("", [])))
        elif not isinstance(change, yaml_lines.Mapping) or "id" in change:
            report.add(changes.line_of(str(lesion["id"])), path, checks.show(change), "keys of a lesion other than id")
        else:
            merged = yaml_lines.Mapping({**lesion, **change})
            merged.line, merged.lines = change.line, dict(change.lines)
            found = Report(report.file, [])
            specs.append(_lesion(merged, path, found))
            # Faults of what was not changed are reported by the file of the base layout.
            touched = tuple(f"{path}.{key}" for key in change)
            report.problems.extend(problem for problem in found.problems if problem.key.startswith(touched))
    return specs


def _lesion(raw: yaml_lines.Mapping, path: str, report: Report) -> LesionSpec | None:
    if not checks.keys(raw, path, LESION_KEYS, LESION_OPTIONAL, report):
        return None

    def at(key: str) -> tuple[int, str, Report]:
        return raw.line_of(key), checks.join(path, key), report

    lesion_id = raw["id"]
    if not isinstance(lesion_id, str) or not lesion_id.isalnum() or len(lesion_id) > 6:
        report.add(*at("id")[:2], checks.show(lesion_id), "a name of at most 6 letters and digits")
    axes = _triple(raw.get("axes", [1, 1, 1]), *at("axes"), 0.3, 3.0)
    if not 0.99 <= math.prod(axes) <= 1.01:
        report.add(*at("axes")[:2], f"a product of {math.prod(axes):.3g}", "three ratios whose product is 1")
    return LesionSpec(
        id=str(lesion_id),
        label=checks.text(raw["label"], *at("label"), longest=20),
        segment=checks.choice(raw["segment"], SEGMENTS, *at("segment")),
        centre_mm=_triple(raw["centre_mm"], *at("centre_mm"), -250, 250, "mm"),
        diameter_mm=checks.number(raw["diameter_mm"], *at("diameter_mm"), 1, 200, "mm"),
        role=checks.choice(raw["role"], ROLES, *at("role")),
        vascular=checks.choice(raw["vascular"], VASCULAR, *at("vascular")),
        axes=axes,
        core_fraction=checks.number(raw.get("core_fraction", 0), *at("core_fraction"), 0, 0.95),
        response=checks.number(raw.get("response", 1), *at("response"), 0, 3),
        look=checks.identifier(raw["look"], *at("look")) if "look" in raw else "",
        pattern=checks.identifier(raw["pattern"], *at("pattern")) if "pattern" in raw else "",
        note=checks.text(raw["note"], *at("note")) if "note" in raw else "",
    )


def _triple(
    value: Any, line: int, path: str, report: Report, low: float, high: float, unit: str = ""
) -> tuple[float, float, float]:
    if not isinstance(value, list) or len(value) != 3:
        report.add(line, path, checks.show(value), "three numbers")
        return (1.0, 1.0, 1.0)
    return tuple(checks.number(item, line, f"{path}[{n}]", report, low, high, unit) for n, item in enumerate(value))
