"""Evidence: casesdata, read once, checked as a whole, never half-loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from types import MappingProxyType
from typing import Any

from liverlab.evidence import lessons as lesson_files
from liverlab.evidence.cases import Case, build_cases
from liverlab.evidence.code_letters import name_tag
from liverlab.evidence.founding import Claim, build_claims
from liverlab.evidence.locate import data_folder
from liverlab.evidence.looks import Look, read_looks
from liverlab.evidence.problems import EvidenceError, Problem, Report, did_you_mean
from liverlab.evidence.references import Reference, read_references, scan_keys
from liverlab.evidence.scenario import Scenario
from liverlab.evidence.tables import Lab, Parameter, read_labs, read_parameters, read_series, read_tissues
from liverlab.evidence.yaml_lines import Mapping as YamlMapping
from liverlab.evidence.yaml_lines import read_yaml


@dataclass(frozen=True)
class Evidence:
    """Everything casesdata holds. Read-only; one per folder and process."""

    folder: Path
    parameters: Mapping[str, Parameter]
    tissues: Mapping[str, Mapping[str, Any]]
    labs: Mapping[str, Lab]
    looks: Mapping[str, Look]
    cases: Mapping[str, Case]
    lessons: Mapping[str, dict[str, Any]]
    glossary: Mapping[str, str]
    founding: tuple[Claim, ...]
    reference_keys: frozenset[str]
    _series: Mapping[str, tuple[dict[str, float | str], ...]]
    _references: dict[str, Reference] = field(default_factory=dict, compare=False, repr=False)

    __hash__ = object.__hash__

    def series(self, name: str) -> tuple[dict[str, float | str], ...]:
        """Rows of casesdata/series/<name>.csv, numbers as floats. KeyError names the series there are."""
        if name not in self._series:
            raise KeyError(f"there is no series {name!r}; expected {did_you_mean(name, self._series)}")
        return tuple(dict(row) for row in self._series[name])

    def reference(self, key: str) -> Reference:
        """The source with this key of references.bib, as text with doi and link."""
        if key not in self.reference_keys:
            raise KeyError(f"references.bib has no {key!r}; expected {did_you_mean(key, self.reference_keys)}")
        if not self._references:
            self._references.update(read_references(self.folder / "references.bib"))
        return self._references[key]

    def values(self, scenario: Scenario) -> dict[str, float]:
        """Every parameter of a scenario: defaults, then the case, then the changes. ValueError on an unknown case."""
        case = self._case(scenario.case)
        values = {key: parameter.value for key, parameter in self.parameters.items()}
        values.update(case.parameters)
        values.update(scenario.changes)
        return values

    def provenance(self, scenario: Scenario) -> tuple[Parameter, ...]:
        """Every parameter with the value in use and its origin; one the learner changed is `illustrative`."""
        case, changes = self._case(scenario.case), dict(scenario.changes)
        table = []
        for key, parameter in self.parameters.items():
            entry = case.overrides.get(key, parameter)
            if key in changes:
                entry = entry._replace(value=changes[key], basis="illustrative", source=(), note="Set on this page.")
            table.append(entry)
        return tuple(table)

    def changed(self, scenario: Scenario, changes: Mapping[str, float]) -> Scenario:
        """The scenario with these parameters set, snapped to their steps; what equals the case is dropped.

        Raises ValueError with one sentence for an unknown parameter or a value outside its range.
        """
        case = self._case(scenario.case)
        merged = dict(scenario.changes)
        for key, value in changes.items():
            problem = self._refuse_value(case, key, value)
            if problem:
                raise ValueError(problem)
            parameter, value = self.parameters[key], float(value)
            default = case.parameters.get(key, parameter.value)
            snapped = default if abs(value - default) < parameter.step / 2 else parameter.on_grid(value)
            if snapped == default:
                merged.pop(key, None)
            else:
                merged[key] = snapped
        return replace(scenario, changes=tuple(sorted(merged.items())))

    def refuse(self, scenario: Scenario) -> str:
        """Why a scenario does not fit this evidence, as one sentence; empty where it fits."""
        if scenario.case not in self.cases:
            return f"case is {scenario.case!r}; it must be {did_you_mean(scenario.case, self.cases)}."
        case = self.cases[scenario.case]
        return next(
            (problem for key, value in scenario.changes if (problem := self._refuse_value(case, key, value))), ""
        )

    def _refuse_value(self, case: Case, key: str, value: float) -> str:
        if key not in self.parameters:
            return f"There is no parameter {key!r}; use {did_you_mean(key, self.parameters)}."
        last = len(case.visits_day) - 1
        problem = self.parameters[key].refuse(value)
        if not problem and key == "visit" and value > last:
            problem = f"visit is {value:g}; it must be 0 to {last} for the case {case.id}."
        return problem

    def _case(self, case_id: str) -> Case:
        if case_id not in self.cases:
            raise ValueError(f"case is {case_id!r}; it must be {did_you_mean(case_id, self.cases)}.")
        return self.cases[case_id]


def load(path: str | Path | None = None) -> Evidence:
    """Evidence of the casesdata folder at `path` (default: the one that comes with liverlab), read once per process.

    Raises EvidenceError listing every problem of every file: file, line or key, what was found, what was expected.
    """
    return _load(Path(path).resolve() if path is not None else data_folder())


@lru_cache(maxsize=4)
def _load(folder: Path) -> Evidence:
    problems: list[Problem] = []

    def report(file: Path) -> Report:
        return Report(f"{folder.name}/{file.relative_to(folder).as_posix()}", problems)

    def files(pattern: str) -> list[Path]:
        return sorted(folder.glob(pattern))

    def yaml_files(pattern: str) -> dict[str, tuple[YamlMapping, Report]]:
        read = ((file, report(file)) for file in files(pattern))
        return {file.stem: (raw, to) for file, to in read if (raw := read_yaml(file, to)) is not None}

    bib = folder / "references.bib"
    sources = scan_keys(bib, report(bib))
    table = folder / "parameters.csv"
    parameters = read_parameters(table, sources, report(table))
    tissues = {file.stem: read_tissues(file, sources, report(file)) for file in files("tissues/*.csv")}
    labs_table = folder / "labs.csv"
    labs = read_labs(labs_table, sources, report(labs_table))
    looks = read_looks(folder / "lesions", sources, tissues.get("mri", {}), report)
    series = {file.stem: read_series(file, sources, report(file)) for file in files("series/*.csv")}
    cases = build_cases(yaml_files("cases/*.yaml"), parameters, sources)
    for case in cases.values():
        named = {"look": case.look} | {f"lesions.{lesion.id}.look": lesion.look for lesion in case.lesions}
        for place, look in named.items():
            if look and look not in looks:
                found = f"the look {look}", f"a key of lesions/looks.csv: {did_you_mean(look, looks)}"
                report(folder / "cases" / f"{case.id}.yaml").add(0, place, *found)
    if not files("cases/*.yaml"):
        Report(f"{folder.name}/cases", problems).add(0, "", "no case", "at least one YAML file")
    lesson_yaml = yaml_files("lessons/*.yaml")
    shared, shared_report = lesson_yaml.pop(lesson_files.GLOSSARY, (None, None))
    known = lesson_files.Known(parameters, cases)
    lessons = {stem: lesson_files.build_lesson(raw, stem, known, to) for stem, (raw, to) in lesson_yaml.items()}
    glossary = lesson_files.build_glossary(shared, shared_report) if shared is not None else {}
    claims_file = folder / "founding.yaml"
    claims: tuple[Claim, ...] = ()
    if (raw_claims := read_yaml(claims_file, report(claims_file))) is not None:
        claims = build_claims(raw_claims, lessons, sources, report(claims_file))
    for names, file in ((parameters, table), (cases, folder / "cases"), (lessons, folder / "lessons")):
        for one, other in combinations(sorted(names), 2):
            if name_tag(one) == name_tag(other):
                report(file).add(0, other, f"the same tag in codes as {one}", "another name")
    if problems:
        raise EvidenceError(problems)
    return Evidence(
        folder=folder,
        parameters=MappingProxyType(parameters),
        tissues=MappingProxyType({name: MappingProxyType(rows) for name, rows in tissues.items()}),
        labs=MappingProxyType(labs),
        looks=MappingProxyType(looks),
        cases=MappingProxyType(cases),
        lessons=MappingProxyType(lessons),
        glossary=MappingProxyType(glossary),
        founding=claims,
        reference_keys=frozenset(sources),
        _series=MappingProxyType(series),
    )
