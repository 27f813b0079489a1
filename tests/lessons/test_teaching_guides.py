"""Teaching guides: the scenario code of every step shows the numbers that stand beside it.

A guide is docs/teaching/NN_name.md. Its steps are rows of a table `| step | code | must show |`; the last cell holds
pairs `key = value`, separated by commas. Keys are those of the lesson's `key_numbers(patient)`; a number is compared
to the digits that the guide writes.
"""

import re
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest

from liverlab import evidence
from liverlab.evidence import Scenario

FOLDER = Path(__file__).parents[2] / "docs" / "teaching"
GUIDES = sorted(FOLDER.glob("[0-9]*.md"))
EVERY_GUIDE = [FOLDER / "README.md", *GUIDES]
NAMED = re.compile(r"\b[Ss]teps? (\d+(?:(?:, | and |, then step | or )\d+)*)")
EV = evidence.load()
HEADINGS = (
    "Before class",
    "Codes and what they must show",
    "45 minutes",
    "15 minutes",
    "Core and optional",
    "Wrong answers",
    "Without a network",
    "Exit ticket",
    "A week later",
)
CORE_AT_MOST = 40  # of 45 minutes; the rest is for what a class makes of it


def steps(path):
    """(step, code, {key: value as written}) of every row with a scenario code."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and cells[1].startswith("LL"):
            pairs = (pair.split("=") for pair in cells[2].split(","))
            found.append((cells[0], cells[1], {key.strip(): value.strip() for key, value in pairs}))
    return found


def agrees(shown, written):
    """Whether a number (or a word) is what the guide writes, to its digits."""
    if isinstance(shown, str):
        return shown == written
    number = written.replace("−", "-")
    digits = len(number.partition(".")[2])
    return f"{float(shown):.{digits}f}" == f"{float(number):.{digits}f}"


def rows():
    return [
        pytest.param(path, code, pairs, id=f"{path.stem} {step}")
        for path in GUIDES
        for step, code, pairs in steps(path)
    ]


@pytest.mark.parametrize(("path", "code", "pairs"), rows())
def test_the_code_of_a_step_shows_its_numbers(path, code, pairs):
    lesson = import_module(f"liverlab.lessons.{path.stem.split('_', 1)[1]}")
    scenario = Scenario.from_code(code, EV)
    shown = lesson.key_numbers(lesson.simulate(scenario, EV))
    assert pairs
    for key, written in pairs.items():
        assert key in shown, f"{key} is not one of {', '.join(shown)}"
        assert agrees(shown[key], written), f"{key} = {written}, but the page shows {shown[key]}"


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.stem)
def test_a_guide_is_complete_and_belongs_to_a_lesson(path):
    text = path.read_text(encoding="utf-8")
    assert path.stem in EV.lessons
    assert text.startswith(f"# {EV.lessons[path.stem]['title']}")
    for heading in HEADINGS:
        assert re.search(rf"^## .*{heading}", text, re.M | re.I), heading
    assert len(steps(path)) >= 4
    assert len(re.findall(r"^- ", section(text, "Before class"), re.M)) >= 4
    assert len(re.findall(r"^\| \"", section(text, "Wrong answers"), re.M)) >= 8
    assert len(re.findall(r"^\d\. .*", section(text, "Exit ticket"), re.M)) == 3
    assert "handout" in section(text, "Without a network")
    assert f"cards/{path.stem}.csv" in section(text, "A week later")


def section(text, heading):
    """What stands below the heading that holds these words, up to the next one."""
    return re.search(rf"^## [^\n]*{heading}[^\n]*\n(.*?)(?=^## |\Z)", text, re.M | re.S | re.I)[1]


def plan(text, between):
    """[(first minute, last minute, further cells)] of every row of a plan; `between` stands between the two."""
    rows = re.findall(rf"^\| (\d+){between}(\d+) \| (.*) \|$", text, re.M)
    return [(int(first), int(last), cells.split(" | ")) for first, last, cells in rows]


@pytest.mark.parametrize("path", EVERY_GUIDE, ids=lambda path: path.stem)
@pytest.mark.parametrize(("between", "end"), [("–", 45), (" to ", 15)])
def test_a_plan_leaves_no_minute_out(path, between, end):
    rows = [row[:2] for row in plan(path.read_text(encoding="utf-8"), between)]
    assert rows[0][0] == 0
    assert rows[-1][1] == end
    for before, after in pairwise(rows):
        # The next minute, or an alternative for the same ones.
        assert after[0] == before[1] or after == before, (before, after)


@pytest.mark.parametrize("path", EVERY_GUIDE, ids=lambda path: path.stem)
def test_the_core_leaves_room_and_what_is_not_core_says_so(path):
    parts = {(first, last): cells[-1] for first, last, cells in plan(path.read_text(encoding="utf-8"), "–")}
    assert set(parts.values()) <= {"core", "choose one", "optional"}
    core = sum(last - first for (first, last), part in parts.items() if part == "core")
    assert 30 <= core <= CORE_AT_MOST


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.stem)
def test_cuts_save_what_they_promise(path):
    behind, short = re.search(
        r"^Behind time\? (.*) Only 30 minutes\? (.*)$", path.read_text(encoding="utf-8"), re.M
    ).groups()
    saved = [sum(int(minutes) for minutes in re.findall(r"\((\d+) minutes\)", text)) for text in (behind, short)]
    assert saved[0] >= 7
    assert saved[1] == 45 - 30
    assert "Do not drop the prediction" in behind


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.stem)
def test_plans_load_steps_that_exist_and_every_step_is_used(path):
    text = path.read_text(encoding="utf-8")
    there = {int(step.split()[0]) for step, _, _ in steps(path)}
    assert there == set(range(1, len(there) + 1))
    lesson, lecture = plan(text, "–"), plan(text, " to ")
    loaded = {step for row in lesson for step in numbers(row[2][1])} | {
        step for row in lecture for step in numbers(row[2][1])
    }
    assert lesson[0][2][1] == lecture[0][2][1] == "1"
    said = {step for listed in NAMED.findall(text) for step in numbers(listed)}
    assert loaded | said <= there
    assert there <= loaded | said, "a code nobody is told to load"


def test_the_course_names_steps_that_its_guides_have():
    course = (FOLDER / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"(0\d), (steps? [^:]*?) (?:of its guide|with)", course)
    assert len(named) >= 4
    for number, listed in named:
        (guide,) = (path for path in GUIDES if path.stem.startswith(number))
        assert numbers(listed) <= {int(step.split()[0]) for step, _, _ in steps(guide)}, (number, listed)


def numbers(text):
    return {int(number) for number in re.findall(r"\d+", text)}


def test_every_lesson_has_a_guide_and_the_course_names_it():
    course = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [path.stem for path in GUIDES] == sorted(EV.lessons)
    for path in GUIDES:
        assert f"({path.name})" in course


def test_a_wrong_number_would_be_noticed():
    assert agrees(122.6, "123")
    assert not agrees(122.4, "123")
    assert agrees(1.56, "1.6")
    assert agrees(-8.2, "−8")
    assert agrees("NE", "NE")
    assert not agrees("NE", "PD")
