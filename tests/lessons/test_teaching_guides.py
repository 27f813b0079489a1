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
)


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
    assert "Behind time?" in text
    assert len(steps(path)) >= 4
    # Every minute of the lesson is planned: the plan ends at 45.
    minutes = [int(end) for _, end in re.findall(r"^\| (\d+)[-–](\d+) \|", text, re.M)]
    assert minutes
    assert minutes == sorted(minutes)
    assert minutes[-1] == 45


def plan(text, between):
    """(first minute, last minute) of every row of a plan; `between` stands between the two."""
    return [(int(a), int(b)) for a, b in re.findall(rf"^\| (\d+){between}(\d+) \|", text, re.M)]


@pytest.mark.parametrize("path", [FOLDER / "README.md", *GUIDES], ids=lambda path: path.stem)
@pytest.mark.parametrize(("between", "end"), [("–", 45), (" to ", 15)])
def test_a_plan_leaves_no_minute_out(path, between, end):
    rows = plan(path.read_text(encoding="utf-8"), between)
    assert rows[0][0] == 0
    assert rows[-1][1] == end
    for before, after in pairwise(rows):
        # The next minute, or an alternative for the same ones.
        assert after[0] == before[1] or after == before, (before, after)


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
