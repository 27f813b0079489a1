"""Checks of the optional blocks of a lesson file: mimic, gallery, triage, misled."""

from __future__ import annotations

from liverlab.evidence import checks, yaml_lines
from liverlab.evidence.lesson_parts import (
    Known,
    check_case,
    check_changes,
    check_item,
    check_options,
    items_of,
    require_text,
)
from liverlab.evidence.problems import Report, did_you_mean


def check_mimic(raw: yaml_lines.Mapping, known: Known, report: Report) -> None:
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
        require_text(mimic, key, "mimic", report)
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
            check_case(case, mimic["cases"].line_of(number), f"mimic.cases[{number}]", known, report)
    if "options" in mimic:
        check_options(mimic, "mimic", report)


GALLERY_ITEM = (("id", "case", "history", "name", "feature", "best", "reveal"), ("changes", "note"))


def check_gallery(raw: yaml_lines.Mapping, known: Known, report: Report) -> None:
    gallery = raw.get("gallery")
    if gallery is None:
        return
    if not isinstance(gallery, yaml_lines.Mapping):
        report.add(raw.line_of("gallery"), "gallery", checks.show(gallery), "question, steps, names, features, items")
        return
    checks.keys(gallery, "gallery", ("question", "steps", "names", "features", "items"), ("note",), report)
    require_text(gallery, "question", "gallery", report)
    ids: dict[str, list[str]] = {}
    for block, words in (("steps", "label"), ("names", "text"), ("features", "text")):
        entries = items_of(gallery, block, report, "gallery")
        ids[block] = [str(entry.get("id")) for entry, _ in entries]
        for entry, path in entries:
            check_item(entry, path, ("id", words), ("note",), report)
    for item, path in items_of(gallery, "items", report, "gallery"):
        check_item(item, path, *GALLERY_ITEM, report)
        for key in ("history", "reveal"):
            require_text(item, key, path, report)
        check_case(item.get("case"), item.line_of("case"), f"{path}.case", known, report)
        check_changes(item, path, known, report)
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


TRIAGE_PATIENT = ("id", "label", "story", "urgency", "needs", "feedback")


def check_triage(raw: yaml_lines.Mapping, report: Report) -> None:
    triage = raw.get("triage")
    if triage is None:
        return
    if not isinstance(triage, yaml_lines.Mapping):
        report.add(raw.line_of("triage"), "triage", checks.show(triage), "question, urgencies, patients, first, reveal")
        return
    checks.keys(triage, "triage", ("question", "urgencies", "patients", "first", "reveal"), ("also_first",), report)
    for key in ("question", "reveal"):
        require_text(triage, key, "triage", report)
    urgencies = items_of(triage, "urgencies", report, "triage")
    patients = items_of(triage, "patients", report, "triage")
    for item, path in urgencies:
        check_item(item, path, ("id", "label"), (), report)
    known = [str(item.get("id")) for item, _ in urgencies]
    for item, path in patients:
        check_item(item, path, TRIAGE_PATIENT, (), report)
        for key in ("story", "needs"):
            require_text(item, key, path, report)
        if str(item.get("urgency")) not in known:
            wanted = did_you_mean(str(item.get("urgency")), known)
            report.add(item.line_of("urgency"), f"{path}.urgency", checks.show(item.get("urgency")), wanted)
    names = [str(item.get("id")) for item, _ in patients]
    also = triage.get("also_first", [])
    for key, listed in (("first", [triage.get("first")]), ("also_first", also if isinstance(also, list) else [also])):
        for one in listed:
            if key in triage and str(one) not in names:
                report.add(triage.line_of(key), f"triage.{key}", checks.show(one), did_you_mean(str(one), names))


def check_misled(raw: yaml_lines.Mapping, known: Known, report: Report) -> None:
    misled = raw.get("misled")
    if misled is None:
        return
    if not isinstance(misled, yaml_lines.Mapping):
        report.add(raw.line_of("misled"), "misled", checks.show(misled), "seems, truth, tells")
        return
    checks.keys(misled, "misled", ("seems", "truth", "tells"), ("case", "worst"), report)
    for key in ("seems", "truth", "tells"):
        require_text(misled, key, "misled", report)
    if "case" in misled:
        check_case(misled["case"], misled.line_of("case"), "misled.case", known, report)
    if "worst" in misled and not isinstance(misled["worst"], bool):
        report.add(misled.line_of("worst"), "misled.worst", checks.show(misled["worst"]), "true or false")


MOST_CONTROLS, MOST_VALUES = 2, 8  # beside the visit; every combination goes into the file


def check_handout(raw: yaml_lines.Mapping, known: Known, report: Report) -> None:
    """Presets, main controls and the values at which they stop, of which the handout holds every combination."""
    handout = raw.get("handout")
    if handout is None:
        return
    if not isinstance(handout, yaml_lines.Mapping) or not handout:
        report.add(raw.line_of("handout"), "handout", checks.show(handout), "presets or controls")
        return
    checks.keys(handout, "handout", (), ("presets", "controls"), report)
    if "presets" in handout:
        _handout_presets(handout, raw, report)
    if "controls" in handout:
        _handout_controls(handout, raw, known, report)


def _handout_presets(handout: yaml_lines.Mapping, raw: yaml_lines.Mapping, report: Report) -> None:
    chosen, line = handout["presets"], handout.line_of("presets")
    cases = {
        str(preset.get("id")): preset.get("case") for preset, _ in items_of(raw, "presets", Report(report.file, []))
    }
    if not isinstance(chosen, list) or len(chosen) < 2:
        report.add(line, "handout.presets", checks.show(chosen), "a list of two presets or more")
        return
    for number, id_ in enumerate(chosen):
        if str(id_) not in cases:
            report.add(
                chosen.line_of(number), f"handout.presets[{number}]", checks.show(id_), did_you_mean(str(id_), cases)
            )
    if raw.get("case") not in [cases.get(str(id_)) for id_ in chosen]:
        report.add(
            line, "handout.presets", checks.show(chosen), f"also the preset of {raw.get('case')}, the first case"
        )


def _handout_controls(handout: yaml_lines.Mapping, raw: yaml_lines.Mapping, known: Known, report: Report) -> None:
    chosen, line = handout["controls"], handout.line_of("controls")
    if not isinstance(chosen, yaml_lines.Mapping) or not 1 <= len(chosen) <= MOST_CONTROLS:
        report.add(line, "handout.controls", checks.show(chosen), f"one to {MOST_CONTROLS} main controls with values")
        return
    controls = raw.get("controls")
    main = controls.get("main") if isinstance(controls, yaml_lines.Mapping) else None
    offered = [str(key) for key in main if key != "visit"] if isinstance(main, list) else []
    for key, values in chosen.items():
        line, path = chosen.line_of(key), f"handout.controls.{key}"
        if str(key) not in offered:
            report.add(line, path, checks.show(key), did_you_mean(str(key), offered))
        elif not isinstance(values, list) or not 2 <= len(values) <= MOST_VALUES:
            report.add(line, path, checks.show(values), f"2 to {MOST_VALUES} values")
        elif key in known.parameters:
            parameter = known.parameters[key]
            for number, value in enumerate(values):
                here = values.line_of(number), f"{path}[{number}]"
                checks.number(value, *here, report, parameter.low, parameter.high, parameter.unit)
