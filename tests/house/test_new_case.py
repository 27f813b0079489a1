"""start.py new-case: a case that loads, is named, has its button, and nothing at all where something is wrong."""

import pathlib
import shutil
import sys

import pytest

from liverlab import evidence
from liverlab.app import case_files, command, jupyterlab, new_case
from liverlab.lessons import pseudoprogression

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Lesions of its own, of another case, with changes, placed by rule; a look; an injury; none at all.
KINDS = ("gist_imatinib", "chemo_liver", "swelling", "from_renal", "calcified_breast", "mimic_drug", "no_tumour")
FLAGS = ("late_bleeding", "--like", "swelling", "--title", 'Late: "bleeding"')


class Project:
    """A folder with casesdata of its own."""

    def __init__(self, folder: pathlib.Path):
        self.folder, self.casesdata = folder, folder / "casesdata"
        shutil.copytree(ROOT / "casesdata", self.casesdata)

    def make(self, *arguments, ask=None):
        return new_case.main(list(arguments), self.folder, ask or no_question)

    def files(self):
        return {path: path.read_bytes() for path in self.casesdata.rglob("*") if path.is_file()}

    def load(self):
        # A folder is read once per process; the same files under another name are another folder.
        again = self.folder / f"again{len(list(self.folder.iterdir()))}"
        return evidence.load(shutil.copytree(self.casesdata, again / "casesdata"))


def no_question(question):
    raise AssertionError(f"asked: {question}")


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    return Project(tmp_path)


def test_flags_alone_make_a_case_that_loads(project, capsys):
    before = project.files()
    assert project.make(*FLAGS, "--visits", "0,42,84", "--set", "swelling_pct=40", "--set", "delay_s=35") == 0
    case, like = project.load().cases["late_bleeding"], evidence.load().cases["swelling"]
    assert (case.title, case.visits_day, case.patient) == ('Late: "bleeding"', (0, 42, 84), like.patient)
    assert case.lesions == like.lesions
    assert case.parameters == {**like.parameters, "swelling_pct": 40, "delay_s": 35}
    assert case.overrides["swelling_pct"].basis == case.overrides["delay_s"].basis == "illustrative"
    assert case.published == (), "what was published was published about another course"
    changed = {path.name for path, content in project.files().items() if before.get(path) != content}
    assert changed == {"late_bleeding.yaml", "README.md"}
    said = capsys.readouterr().out
    assert evidence.Scenario("late_bleeding").code() in said
    assert "02_pseudoprogression" in said


@pytest.mark.parametrize("like", KINDS)
def test_every_kind_of_case_can_be_the_start_of_another(project, like):
    assert project.make("another_one", "--like", like, "--title", "Another", "--visits", "0,30") == 0
    made, base = project.load().cases["another_one"], evidence.load().cases[like]
    assert made.lesions == base.lesions
    assert (made.look, made.injury, made.phenomenon) == (base.look, base.injury, base.phenomenon)
    assert made.parameters.get("visit", 0) <= 1


def test_the_dictionary_names_every_new_file_in_one_line(project):
    for name in ("one", "two"):
        assert project.make(name, "--like", "swelling", "--title", name) == 0
    lines = (project.casesdata / "README.md").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith(case_files.ADDED)]
    assert line.endswith("`cases/one.yaml`, `cases/two.yaml`.")
    assert lines[lines.index(line) + 1] == "", "the table below stays a table"


def test_a_preset_is_added_and_nothing_else_in_the_lesson_changes(project):
    lesson = project.casesdata / "lessons" / "02_pseudoprogression.yaml"
    before = lesson.read_text(encoding="utf-8").splitlines()
    assert project.make(*FLAGS, "--preset") == 0
    after = lesson.read_text(encoding="utf-8").splitlines()
    new = [line for line in after if line not in before]
    assert len(after) == len(before) + 3
    assert len(new) == 3
    assert [line for line in after if line not in new] == before
    preset = project.load().lessons["02_pseudoprogression"]["presets"][-1]
    assert (preset["id"], preset["label"], preset["case"]) == ("late_bleeding", 'Late: "bleeding"', "late_bleeding")


def test_a_lesson_without_presets_gets_its_first():
    text = case_files.with_preset("id: x\ntitle: y\n", "mine", "Mine")
    assert text == 'id: x\ntitle: y\n\npresets:\n  - id: mine\n    label: "Mine"\n    case: mine\n'


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("swelling", "--like", "gist_imatinib", "--title", "x"), "is there already"),
        (("../escape", "--like", "swelling", "--title", "x"), "small letters, digits and _"),
        (("Big", "--like", "swelling", "--title", "x"), "small letters, digits and _"),
        (("mine", "--like", "swellin", "--title", "x"), "did you mean swelling?"),
        (("mine", "--like", "swelling"), "--title is missing"),
        (("mine", "--title", "x"), "--like is missing"),
        (("mine", "--like", "swelling", "--title", "<b>x</b>"), "markup"),
        (("mine", "--like", "swelling", "--title", "x", "--set", "swelling_pct=4000"), "expected 0 to 60 %"),
        (("mine", "--like", "swelling", "--title", "x", "--set", "speed=1"), "unknown parameter"),
        (("mine", "--like", "swelling", "--title", "x", "--visits", "7,14"), "the baseline, first"),
        (("mine", "--like", "swelling", "--title", "x", "--lesson", "99_x", "--preset"), "no lesson '99_x'"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(project, capsys, arguments, words):
    before = project.files()
    assert new_case.main(list(arguments), project.folder) == 1
    assert words in capsys.readouterr().err
    assert project.files() == before


def test_questions_fill_what_no_flag_says(project, capsys):
    answers = iter(["mine", "swelling", "My case", "", "It bleeds late.", "", "0, 50"])
    assert project.make(ask=lambda question: next(answers)) == 0
    assert next(answers, None) is None
    case, like = project.load().cases["mine"], evidence.load().cases["swelling"]
    assert (case.title, case.patient, case.summary) == ("My case", like.patient, "It bleeds late.")
    assert (case.treatment, case.visits_day) == (like.treatment, (0, 50))
    assert "identifies a person" in capsys.readouterr().out


def test_what_to_open_is_told_only_when_asked(project, tmp_path):
    told = tmp_path / "open"
    assert project.make("quiet", *FLAGS[1:], f"--tell={told}") == 0
    assert not told.exists()
    assert project.make(*FLAGS, "--open", f"--tell={told}") == 0
    lesson, _, code = told.read_text(encoding="utf-8").partition("=")
    assert lesson == "02_pseudoprogression"
    assert evidence.Scenario.from_code(code, project.load()).case == "late_bleeding"


def test_a_lesson_opens_with_the_scenario_asked_for_and_no_other_lesson_does(monkeypatch, tmp_path):
    monkeypatch.setenv("LIVERLAB_HOME", str(tmp_path))
    code = evidence.Scenario("swelling").with_changes(swelling_pct=40).code()
    monkeypatch.setenv("LIVERLAB_SCENARIO", f"02_pseudoprogression={code}")
    assert pseudoprogression.open_lesson().page.scenario.code() == code
    monkeypatch.setenv("LIVERLAB_SCENARIO", f"04_calcified_metastasis={code}")
    assert pseudoprogression.open_lesson().page.scenario.case == "gist_imatinib"


@pytest.fixture
def start(monkeypatch, tmp_path):
    """start.py's command line with stand-ins: .venv is there, its Python says what to open, JupyterLab only notes."""
    calls, opened = [], []

    def call(words, env):
        calls.append(words[:-1])
        if "--open" in words:
            pathlib.Path(words[-1].removeprefix("--tell=")).write_text("02_x=LL1-A", encoding="utf-8")
        return 7 if "bad" in words else 0

    monkeypatch.setattr(command.environment, "ready", lambda root, requirements: pathlib.Path("python"))
    monkeypatch.setattr(command.subprocess, "call", call)
    monkeypatch.setattr(command.signal, "signal", lambda *_: None)
    monkeypatch.setattr(jupyterlab, "open_lab", lambda root, python, **how: opened.append(how) or 0)
    monkeypatch.setenv("LIVERLAB_SCENARIO", "")
    with open(tmp_path / "said", "w", encoding="utf-8") as said:  # main() sets the streams up, pytest's cannot be
        monkeypatch.setattr(sys, "stdout", said)
        monkeypatch.setattr(sys, "stderr", said)
        yield lambda *words: (command.main(["new-case", *words], tmp_path), calls, opened)


def test_start_py_hands_over_and_opens_what_it_is_told(start):
    assert start("bad") == (7, [["python", "-m", "liverlab.app.new_case", "bad"]], [])
    assert start("mine")[0] == 0
    code, calls, opened = start("mine", "--open", "--no-browser")
    assert (code, len(calls)) == (0, 3)
    assert opened == [{"browser": False, "notebook": "notebooks/02_x.ipynb"}]
    assert command.os.environ["LIVERLAB_SCENARIO"] == "02_x=LL1-A"


def test_a_case_whose_phenomenon_has_no_lesson_yet_can_be_made_but_not_opened(project, capsys, monkeypatch):
    assert case_files.lesson_of("a_new_phenomenon", None, evidence.load()) == ""
    monkeypatch.setattr(case_files, "lesson_of", lambda *_: "")
    before = project.files()
    assert new_case.main([*FLAGS, "--open"], project.folder) == 1
    assert "no lesson of pseudoprogression yet" in capsys.readouterr().err
    assert project.files() == before
    assert project.make(*FLAGS) == 0
    assert "It has no lesson yet" in capsys.readouterr().out
