"""Every kind of damage to casesdata is found, and the message says where, what was found and what was expected."""

# ruff: noqa: E501 (a table reads best with one row a line)
from __future__ import annotations

import re
from itertools import zip_longest
from pathlib import Path

import pytest

from liverlab import evidence
from liverlab.evidence import locate

GIST = "cases/gist_imatinib.yaml"
TABLE = "parameters.csv"
LESSON = "lessons/02_pseudoprogression.yaml"


def problems_of(folder: Path) -> tuple[evidence.Problem, ...]:
    with pytest.raises(evidence.EvidenceError) as caught:
        evidence.load(folder)
    assert caught.value.problems
    for problem in caught.value.problems:
        assert str(problem) in str(caught.value)
    return caught.value.problems


# file, text to replace, replacement, then what the problem must say: key, found, expected (patterns)
GALLERY = """gallery:
  question: "What is it?"
  steps: [{id: pet, label: "PET"}]
  names: [{id: cyst, text: "A cyst"}, {id: met, text: "A metastasis"}]
  features: [{id: rim, text: "A rim"}]
  items:
    - {id: one, case: gist_imatinib, history: "A man.", name: %s, feature: rim, best: [%s], reveal: "So."}
tests:
"""

TRIAGE = """triage:
  question: "Who first?"
  urgencies: [{id: now, label: "Now"}, {id: later, label: "Later"}]
  patients:
    - {id: one, label: "A", story: "Pain.", urgency: %s, needs: "Help.", feedback: "So."}
    - {id: two, label: "B", story: "None.", urgency: later, needs: "A talk.", feedback: "So."}
  first: %s
  reveal: "So."
tests:
"""

DAMAGES = {
    "broken YAML": (GIST, "visits_day: [0, 28", "visits_day: [0, 28]]", "", "broken YAML", "valid YAML"),
    "tab in YAML": (GIST, "title: Gastro", "\ttitle: Gastro", "", "broken YAML", "valid YAML"),
    "key twice": (GIST, "treatment: ", "title: again\ntreatment: ", "title", r"again \(first on line \d+\)", "once"),
    "unknown key": (GIST, "phenomenon:", "phenomenom:", "phenomenom", "unknown key", r"did you mean phenomenon\?"),
    "missing key": (GIST, "treatment: ", "note: ", "treatment", "nothing", "this key"),
    "object tag": (GIST, "basis: illustrative", "basis: !!python/name:os.system", "basis", "tag", "plain value"),
    "alias": (GIST, "lesions:\n", "note: &a [x]\npatient_note: *a\nlesions:\n", "patient_note", "anchor", "written out"),
    "merge key": (GIST, "parameters:\n", "parameters:\n  <<: {}\n", "parameters", "not a plain word", "key: value"),
    "not a mapping": (GIST, "parameters:\n", "parameters: 3\nold_parameters:\n", "parameters", "3", "a mapping"),
    "unknown parameter": (GIST, "  perfusion_loss_pct:", "  perfusion_los_pct:", "parameters.perfusion_los_pct",
                          "unknown parameter", r"did you mean perfusion_loss_pct\?"),
    "value out of range": (GIST, "value: 85", "value: 120", "perfusion_loss_pct.value", "120 %", "0 to 100 %"),
    "value off its step": (GIST, "value: 0.0018", "value: 0.0019", "growth_rate_per_week.value", "0.0019", "steps 0, 0.0002"),
    "value not finite": (GIST, "value: 85", "value: .nan", "perfusion_loss_pct.value", "nan", "a number from 0 to 100"),
    "value a text": (GIST, "value: 85", "value: high", "perfusion_loss_pct.value", "'high'", "a number from 0 to 100"),
    "value true": (GIST, "value: 85", "value: true", "perfusion_loss_pct.value", "True", "a number from 0 to 100"),
    "bad basis": (GIST, "    basis: derived", "    basis: guessed", "basis", "'guessed'", "published, derived, illustrative"),
    "no source": (GIST, "    basis: derived\n    source: [schindler2017]", "    basis: derived", "source", "nothing", "derived"),
    "unknown source": (GIST, "source: choi2007", "source: choi2008", "published", "choi2008", r"did you mean choi2007\?"),
    "no note": (GIST, "    note: Strong early", "    source: []\n    #", "note", "neither source nor note", "where the number"),
    "two sources": (GIST, "    source: choi2007", "    source: [choi2007, hong2006]", "published", "2 sources", "one"),
    "too many visits": (GIST, "28, 56, 84,", "1, 2, 3, 28, 56, 84,", "visits_day", "10 visits", "at most 9"),
    "unsorted visits": (GIST, "28, 56, 84", "56, 28, 84", "visits_day", "56, 28", "rising order"),
    "visit twice": (GIST, "28, 56, 84", "28, 28, 84", "visits_day", "28, 28", "rising order"),
    "no baseline": (GIST, "[0, 28", "[7, 28", "visits_day", "day 7", "day 0, the baseline"),
    "infinite visit": (GIST, "336]", ".inf]", r"visits_day\[6\]", "inf", "a number from 0 to 3650"),
    "too few visits": ("cases/swelling.yaml", "[0, 28, 56, 84, 168, 252, 336]", "[0]", "visits_day", r"\[0\]", "2 to 9"),
    "visit beyond the last": ("cases/swelling.yaml", "    value: 1\n", "    value: 8\n", "visits_day", "7 visits", "visit 8"),
    "id not the file": (GIST, "id: gist_imatinib", "id: gist", "id", "gist", "gist_imatinib, the name of the file"),
    "id with a space": (GIST, "id: gist_imatinib", "id: gist imatinib", "id", "'gist imatinib'", "small letters"),
    "duplicate lesion id": (GIST, "id: O2", "id: O1", r"lesions\[4\].id", "O1 twice", "once"),
    "unknown role": (GIST, "role: occult", "role: hidden", "role", "'hidden'", "target, non_target, occult, new"),
    "unknown supply": (GIST, "vascular: hypo", "vascular: hypa", "vascular", "'hypa'", "hyper, hypo"),
    "unknown segment": (GIST, "segment: VIII", "segment: IX", "segment", "'IX'", "VIII"),
    "two coordinates": (GIST, "[-100, -34, 3]", "[-100, -34]", "centre_mm", r"\[-100, -34\]", "three numbers"),
    "far coordinate": (GIST, "[-100, -34, 3]", "[-1000, -34, 3]", "centre_mm", "-1000 mm", "-250 to 250 mm"),
    "infinite diameter": (GIST, "diameter_mm: 40", "diameter_mm: .inf", "diameter_mm", "inf", "1 to 200 mm"),
    "core larger than the lesion": (GIST, "core_fraction: 0.75", "core_fraction: 1.2", "core_fraction", "1.2", "0 to 0.95"),
    "axes not of product one": (GIST, "[1.08, 0.96, 0.96451]", "[1.2, 1, 1]", "axes", "product of 1.2", "product is 1"),
    "long lesion id": (GIST, "id: T1", "id: target_1", "id", "'target_1'", "at most 6"),
    "unknown layout": ("cases/swelling.yaml", "lesions_from: gist_imatinib", "lesions_from: gist", "lesions_from", "'gist'",
                       r"did you mean gist_imatinib\?|one of"),
    "change of an unknown lesion": ("cases/swelling.yaml", "  T2: {", "  T9: {", "lesion_changes.T9", "unknown lesion id", "T1"),
    "change of an id": ("cases/swelling.yaml", "  T2: {", "  T2: {id: T1, ", "lesion_changes.T2", "id", "other than id"),
    "wrong change": ("cases/swelling.yaml", "T2: {vascular: hypo", "T2: {vascular: none", "lesion_changes.T2.vascular", "none", "hyper"),
    "changes without layout": ("cases/swelling.yaml", "lesions_from: gist_imatinib\n", "", "lesion_changes", "changes", "lesions_from"),
    "no lesions": ("cases/true_progression.yaml", "lesions_from: gist_imatinib\n", "", "lesions", "nothing", "lesions_from"),
    "markup in a case": (GIST, "summary: >-\n  Most", "summary: >-\n  <b>Most", "summary", "markup", "plain text"),
    "script in a lesson": (LESSON, 'idea: "', 'idea: "<script>', "idea", "markup", "plain text"),
    "text that turns around": (TABLE, "Reference adult;", "\u202eadult;", "weight_kg.note", "hidden character", "plain text"),
    "unclosed quote": (TABLE, '"Time from', '"Time" from', "", "broken CSV", "valid CSV"),
    "comma without quotes": (TABLE, "Reference adult; sets", "Reference adult, sets", "weight_kg", "12 cells", "11 cells"),
    "unknown column": (TABLE, "key,symbol,label", "key,symbol,lable", "lable", "unknown column", r"did you mean label\?"),
    "column twice": (TABLE, "key,symbol,label", "key,label,label", "", "column name twice", "once"),
    "parameter twice": (TABLE, "kvp,U,", "delay_s,U,", "delay_s", r"again \(first on line \d+\)", "once"),
    "default out of range": (TABLE, "delay_s,t,Scan delay,70", "delay_s,t,Scan delay,400", "delay_s.value", "400", "0 to 300"),
    "default off its step": (TABLE, "delay_s,t,Scan delay,70", "delay_s,t,Scan delay,72", "delay_s.value", "72", "steps 0, 5"),
    "low above high": (TABLE, "70,0,300,5,s", "70,400,300,5,s", "delay_s.low", "400 to 300", "low below high"),
    "step of zero": (TABLE, "70,0,300,5,s", "70,0,300,0,s", "delay_s.step", "0", "a step above 0"),
    "default not finite": (TABLE, "Scan delay,70", "Scan delay,nan", "delay_s.value", "'nan'", "a finite number"),
    "default a text": (TABLE, "Scan delay,70", "Scan delay,late", "delay_s.value", "'late'", "a finite number"),
    "unit of another world": (TABLE, "0,300,5,s,", "0,300,5,sec,", "delay_s.unit", "'sec'", "one of"),
    "unit against the name": (TABLE, "0,300,5,s,", "0,300,5,d,", "delay_s.unit", "the unit d", "s, as the name delay_s says"),
    "bad basis in the table": (TABLE, "5,s,illustrative,,", "5,s,measured,,", "delay_s.basis", "'measured'", "published, derived"),
    "published without source": (TABLE, "published,hansson2013", "published,", "growth_rate_per_week.source", "nothing", "published"),
    "unknown source in the table": (TABLE, "published,hansson2013", "published,hanson2013", "source", "hanson2013",
                                    r"did you mean hansson2013\?"),
    "long label": (TABLE, "Scan delay", "Delay between injection and scan", "delay_s.label", "32 characters", "at most 28"),
    "markup in a note": (TABLE, "Reference adult;", "<img src=x>;", "weight_kg.note", "markup", "plain text"),
    "laboratory value out of order": ("labs.csv", "U/L,24,0,40", "U/L,44,0,40", "alt_u_l.typical", "0, 44, 40", "rising order"),
    "laboratory value below zero": ("labs.csv", "U/L,24,0,40", "U/L,24,-1,40", "alt_u_l.typical", "-1, 24, 40", "rising"),
    "laboratory value a text": ("labs.csv", "U/L,24,0,40", "U/L,high,0,40", "alt_u_l.typical", "'high'", "a finite number"),
    "laboratory unit against the name": ("labs.csv", "ALT,U/L", "ALT,g/L", "alt_u_l.unit", "g/L", "U/L, as the name"),
    "laboratory column missing": ("labs.csv", "typical,low,high", "typical,low,top", "top", "unknown column", "high|typical"),
    "unknown source of a laboratory value": ("labs.csv", "published,choi2007", "published,choi2008", "source", "choi2008",
                                             r"did you mean choi2007\?"),
    "tissue twice": ("tissues/ct.csv", "spleen,Spleen", "liver,Spleen", "liver", "again", "once"),
    "tissue too dense": ("tissues/ct.csv", "Spleen,47", "Spleen,4700", "spleen.unenhanced_hu", "4700 HU", "-1024 to 3071"),
    "negative texture": ("tissues/ct.csv", "Spleen,47,2", "Spleen,47,-2", "spleen.sd_hu", "-2 HU", "0 to 500"),
    "series without source": ("series/dresden2011.csv", ",source,", ",origin,", "source", "nothing", "a column"),
    "series row without source": ("series/dresden2011.csv", "dresden2011,\n", ",\n", "source", "nothing", "a key"),
    "series not finite": ("series/dresden2011.csv", "56.3", "inf", "liver_hu", "inf", "finite"),
    "reference twice": ("references.bib", "@article{hong2006,", "@article{choi2007,", "choi2007", "again", "once"),
    "reference of no kind": ("references.bib", "@article{hong2006,", "@artcle{hong2006,", "hong2006", "@artcle",
                             r"did you mean article\?"),
    "reference without key": ("references.bib", "@article{hong2006,", "@article{", "", "@article", "a key and a comma"),
    "unclosed brace": ("references.bib", "year = {2007}", "year = {2007", "", "closing braces", "as many"),
    "lesson: unknown key": (LESSON, "takehome:", "take_home:", "take_home", "unknown key", r"did you mean takehome\?"),
    "lesson: goal missing": (LESSON, '  - "Name the tests', '#  - "Name the tests', "goals", "Explain", "3 texts"),
    "lesson: unknown case": (LESSON, "    case: swelling", "    case: swell", r"presets\[1\].case", "'swell'", r"mean swelling\?"),
    "lesson: case is a list": (LESSON, "    case: swelling", "    case: [swelling]", r"presets\[1\].case", "swelling", "one of|mean"),
    "lesson: unknown parameter": (LESSON, "main: [perfusion_loss_pct", "main: [perfusion_pct", r"controls.main\[0\]",
                                  "'perfusion_pct'", r"did you mean"),
    "lesson: handout without a choice": (LESSON, "\ntests:\n", "\nhandout: 3\ntests:\n", "handout", "3", "presets or controls"),
    "lesson: handout of an unknown preset": (LESSON, "\ntests:\n", "\nhandout: {presets: [gist, swollen]}\ntests:\n", r"handout.presets\[1\]", "swollen", "did you mean"),
    "lesson: handout without the first case": (LESSON, "\ntests:\n", "\nhandout: {presets: [swelling, swelling]}\ntests:\n", "handout.presets", "swelling", "preset of gist_imatinib"),
    "lesson: handout of one preset": (LESSON, "\ntests:\n", "\nhandout: {presets: [gist]}\ntests:\n", "handout.presets", "gist", "two presets"),
    "lesson: handout of a side control": (LESSON, "\ntests:\n", "\nhandout: {controls: {swelling_pct: [0, 20]}}\ntests:\n", "handout.controls.swelling_pct", "swelling_pct", "one of|did you mean"),
    "lesson: handout with no values": (LESSON, "\ntests:\n", "\nhandout: {controls: {delay_s: 70}}\ntests:\n", "handout.controls.delay_s", "70", "2 to 8 values"),
    "lesson: handout beyond the range": (LESSON, "\ntests:\n", "\nhandout: {controls: {delay_s: [35, 900]}}\ntests:\n", r"handout.controls.delay_s\[1\]", "900", "300"),
    "lesson: handout without controls": (LESSON, "\ntests:\n", "\nhandout: {controls: []}\ntests:\n", "handout.controls", r"\[\]", "main controls"),
    "lesson: control twice": (LESSON, "    - swelling_pct\n", "    - delay_s\n", r"controls.more\[0\]", "delay_s again", "once"),
    "lesson: names of no parameter": (LESSON, "controls:\n", "controls:\n  names: {delay: [early, late]}\n",
                                      "controls.names.delay", "'delay'", "did you mean"),
    "lesson: too few names": (LESSON, "controls:\n", "controls:\n  names: {visit: [early, late]}\n",
                              "controls.names.visit", "early", "9 texts"),
    "lesson: label too long": (LESSON, "controls:\n", f"controls:\n  labels: {{visit: {'x' * 40}}}\n",
                               "controls.labels.visit", "40 characters|x", "28"),
    "lesson: option without feedback": (LESSON, "      feedback: \"That is what", "      # \"That is what",
                                        r"predict.options\[0\].feedback", "nothing", "this key"),
    "lesson: option id twice": (LESSON, "    - id: same", "    - id: more", r"predict.options\[1\].id", "more again", "once"),
    "lesson: two right answers": (LESSON, "correct: false", "correct: true", r"quiz\[0\].options", "2 options", "exactly one"),
    "lesson: answer not a number": (LESSON, "answer: 4.8", "answer: five", r"quiz\[2\].answer", "'five'", "a number"),
    "lesson: no tolerance": (LESSON, "    tolerance: 0.1\n", "", r"quiz\[2\].tolerance", "nothing", "this key"),
    "lesson: unknown kind": (LESSON, "kind: simulator", "kind: essay", r"quiz\[3\].kind", "'essay'", "choice, number, simulator"),
    "lesson: checker name": (LESSON, "check: smallest_swelling_pd", "check: Smallest swelling", r"questions\[2\].check",
                             "Smallest swelling", "small letters"),
    "lesson: mimic of one": (LESSON, "cases: [gist_imatinib, true_progression]", "cases: [gist_imatinib]", "mimic.cases",
                             r"\['gist_imatinib'\]", "two"),
    "lesson: gallery with an unknown name": (LESSON, "tests:\n", GALLERY % ("cist", "pet"), r"gallery.items\[0\].name", "cist", "cyst"),
    "lesson: gallery with an unknown step": (LESSON, "tests:\n", GALLERY % ("cyst", "pett"), r"gallery.items\[0\].best", "pett", "pet"),
    "lesson: gallery without a step": (LESSON, "tests:\n", (GALLERY % ("cyst", "pet")).replace("[pet], r", "[], r"), r"gallery.items\[0\].best", r"\[\]", "a list of steps"),
    "lesson: triage with an unknown urgency": (LESSON, "tests:\n", TRIAGE % ("nwo", "one"), r"triage.patients\[0\].urgency", "nwo", "now"),
    "lesson: triage of nobody": (LESSON, "tests:\n", TRIAGE % ("now", "three"), "triage.first", "three", "one|two"),
    "lesson: triage without a need": (LESSON, "tests:\n", (TRIAGE % ("now", "one")).replace('"Help."', '""'), r"triage.patients\[0\].needs", "''", "a text"),
    "lesson: misled without the truth": (LESSON, "tests:\n", "misled: {seems: A, tells: C}\ntests:\n", "misled.truth", "nothing", "this key"),
    "lesson: misled of a word": (LESSON, "tests:\n", 'misled: {seems: A, truth: B, tells: ""}\ntests:\n', "misled.tells", "''", "a text"),
    "lesson: worst of a word": (LESSON, "tests:\n", "misled: {seems: A, truth: B, tells: C, worst: maybe}\ntests:\n", "misled.worst", "'maybe'", "true or false"),
    "lesson: empty text": (LESSON, 'hint: "Start at', 'hint: ""  # "Start at', r"questions\[0\].hint", "''", "a text"),
    "lesson: preset out of range": (LESSON, "    case: swelling\n", "    case: swelling\n    changes: {delay_s: 999}\n",
                                    r"presets\[1\].changes.delay_s", "999 s", "0 to 300 s"),
    "lesson: panel without lines": (LESSON, "tests:\n", "explain:\n  immune: {title: x}\n\ntests:\n", "explain.immune.lines", "nothing", "this key"),
    "lesson: panel of a number": (LESSON, "tests:\n", "explain:\n  immune: {title: x, lines: [3]}\ntests:\n", r"explain.immune.lines\[0\]", "3", "a text"),
    "glossary: not a text": ("lessons/glossary.yaml", 'noise: "', 'noise: 3 # "', "noise", "3", "a text"),
    "founding: unknown section": ("founding.yaml", "sections: [hook, explore, explain]", "sections: [hok]", "002.claims",
                                  "'hok'", r"did you mean hook\?"),
    "founding: unknown lesson": ("founding.yaml", "planned: 03_pseudocirrhosis", "planned: 03_cirrhosis", "planned",
                                 "'03_cirrhosis'", r"did you mean 03_pseudocirrhosis\?"),
    "founding: no way": ("founding.yaml", "      planned: 03_pseudocirrhosis\n", "", "000.claims", "no word", "planned"),
    "founding: two ways": ("founding.yaml", "      planned: 03", "      not_covered: x\n      planned: 03", "000.claims",
                           "planned and not_covered", "one of"),
    "founding: no section": ("founding.yaml", "sections: [hook, explore, explain]", "sections: {}", "002.claims", "{}", "a list"),
    "founding: no source": ("founding.yaml", "source: coakley2010", "source: []", "000.source", "nothing", "a key"),
    "lesson: sections of numbers": (LESSON, "sections: [hook, ", "sections: [3, ", r"sections\[0\]", "3", "a text"),
    "lesson: presets a number": (LESSON, "presets:\n", "presets: 3\nnote: x\nlimit:\n", "presets", "3", "a list"),
    "founding: id twice": ("founding.yaml", "id: 000-02", "id: 000-01", "000.claims", "000-01 again", "once"),
    "founding: lesson alone": ("founding.yaml", "      sections: [hook, explore, explain]\n", "", "002.claims", "alone|no word",
                               "both|one of"),
}  # fmt: skip


# A missing key is reported where its block starts, a whole-file fault where the reader noticed it.
NEARBY = {
    "missing key", "no source", "no note", "alias", "object tag", "merge key",
    "not a mapping", "visit beyond the last", "changes without layout", "no lesions", "markup in a case",
    "unclosed quote", "unclosed brace", "lesson: goal missing", "lesson: option without feedback", "lesson: option id twice",
    "lesson: two right answers", "lesson: no tolerance", "lesson: preset out of range", "founding: no way",
    "founding: two ways", "lesson: panel without lines", "lesson: panel of a number", "founding: id twice", "founding: lesson alone", "tab in YAML",
    "lesson: gallery with an unknown name", "lesson: gallery with an unknown step", "lesson: gallery without a step",
    "lesson: triage with an unknown urgency", "lesson: triage of nobody", "lesson: triage without a need",
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_named(name: str, damage, copy: Path) -> None:
    file, old, new, key, found, expected = DAMAGES[name]
    before = (copy / file).read_text(encoding="utf-8").splitlines()
    problems = problems_of(damage(file, old, new))
    after = (copy / file).read_text(encoding="utf-8").splitlines()
    damaged = next(n for n, (a, b) in enumerate(zip_longest(before, after), 1) if a != b)

    def fits(problem: evidence.Problem) -> bool:
        at_line = problem.line == damaged or (name in NEARBY and 0 <= problem.line <= len(after))
        return (
            problem.file == f"casesdata/{file}"
            and at_line
            and re.search(key, problem.key) is not None
            and re.search(found, problem.found) is not None
            and re.search(expected, problem.expected) is not None
        )

    assert any(map(fits, problems)), f"damaged line {damaged}\n" + "\n".join(map(str, problems))


def test_all_problems_at_once(damage, copy: Path) -> None:
    """One file with many faults, and two more files with one each: everything is in one message."""
    damage(GIST, "title: Gastro", "titel: Gastro")
    damage(GIST, "value: 85", "value: 185")
    damage(GIST, "role: occult", "role: hidden")
    damage(GIST, "diameter_mm: 40", "diameter_mm: -4")
    damage(GIST, "source: choi2007", "source: nobody1900")
    damage(GIST, "visits_day: [0, 28", "visits_day: [0, 280")
    damage(TABLE, "0,300,5,s,", "0,300,5,min,")
    damage(LESSON, "kind: simulator", "kind: essay")
    (copy / "tissues" / "ct.csv").write_text("key,label\nliver,Liver\n")
    problems = problems_of(copy)
    files = {problem.file for problem in problems}
    assert files == {f"casesdata/{name}" for name in (GIST, TABLE, LESSON, "tissues/ct.csv")}
    gist = "\n".join(str(problem) for problem in problems if problem.file.endswith(GIST))
    assert "titel: found an unknown key, expected a known name (did you mean title?)" in gist
    assert "title: found nothing, expected this key" in gist
    # The rest of a file with a missing key is checked all the same.
    for words in ("185 %", "'hidden'", "-4 mm", "nobody1900", "280"):
        assert words in gist


def test_missing_files(copy: Path) -> None:
    (copy / TABLE).unlink()
    (copy / "references.bib").unlink()
    (copy / "founding.yaml").unlink()
    files = {problem.file for problem in problems_of(copy)}
    assert files >= {"casesdata/parameters.csv", "casesdata/references.bib", "casesdata/founding.yaml"}


def test_no_cases(copy: Path) -> None:
    for file in (copy / "cases").iterdir():
        file.unlink()
    assert any(problem.file == "casesdata/cases" for problem in problems_of(copy))


def test_not_text(copy: Path) -> None:
    (copy / GIST).write_bytes(b"\xff\xfe\x00title: x")
    (copy / TABLE).write_bytes("key,symbol\nw\xe9".encode("latin-1"))
    problems = problems_of(copy)
    assert sum("not UTF-8" in problem.found for problem in problems) == 2


@pytest.mark.parametrize("content", ["", "\n\n", "key,symbol\n"])
def test_empty_table(copy: Path, content: str) -> None:
    (copy / TABLE).write_text(content, encoding="utf-8")
    assert any(problem.file.endswith(TABLE) and "at least one row" in problem.expected for problem in problems_of(copy))


def test_empty_yaml(copy: Path) -> None:
    (copy / GIST).write_text("# nothing here\n")
    assert any(problem.file.endswith(GIST) and "mapping" in problem.found for problem in problems_of(copy))


def test_two_cases_with_one_id(copy: Path) -> None:
    text = (copy / GIST).read_text(encoding="utf-8")
    (copy / "cases" / "twin.yaml").write_text(text)
    assert any(problem.file.endswith("twin.yaml") and problem.key == "id" for problem in problems_of(copy))


def test_aliases_cannot_explode(copy: Path) -> None:
    """Ten lines that would unfold to a billion entries are refused at once."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    (copy / GIST).write_text("\n".join(lines))
    assert any("anchor" in problem.found for problem in problems_of(copy))


def test_spreadsheet_habits_are_accepted(copy: Path) -> None:
    """A byte-order mark, Windows line ends and blank lines, as spreadsheets write them, are no damage."""
    text = (copy / TABLE).read_text(encoding="utf-8")
    (copy / TABLE).write_bytes(("\ufeff" + text.replace("\n", "\r\n") + "\r\n,,,,,,,,,,\r\n").encode())
    assert evidence.load(copy).parameters["delay_s"].value == 70


def test_yes_and_no_are_words(damage) -> None:
    """YAML 1.1 would turn `no` into false and 012 into ten; a teacher would not."""
    ev = evidence.load(damage(LESSON, 'idea: "A dark', 'note: no\nidea: "A dark'))
    assert ev.lessons["02_pseudoprogression"]["note"] == "no"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    files = {problem.file for problem in problems_of(tmp_path / "nowhere")}
    assert {
        "nowhere/parameters.csv",
        "nowhere/labs.csv",
        "nowhere/references.bib",
        "nowhere/founding.yaml",
        "nowhere/cases",
    } == files


def test_where_the_data_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a wheel inside the package, in a clone beside lib; a clone that was also built reads the package's own."""
    package = tmp_path / "lib" / "liverlab"
    package.mkdir(parents=True)
    monkeypatch.setattr(locate, "PACKAGE", package)
    with pytest.raises(FileNotFoundError, match="No casesdata folder"):
        evidence.data_folder()
    (tmp_path / "casesdata").mkdir()
    assert evidence.data_folder() == tmp_path / "casesdata"
    (package / "_casesdata").mkdir()
    assert evidence.data_folder() == package / "_casesdata"


def test_error_is_not_cached(damage, copy: Path) -> None:
    problems_of(damage(TABLE, "Scan delay,70", "Scan delay,700"))
    damage(TABLE, "Scan delay,700", "Scan delay,70")
    assert evidence.load(copy).parameters["delay_s"].value == 70
