"""The notebooks as they are committed: thin, without results, listed, and honest about what they hold."""

import ast
import json
import re
from pathlib import Path

import pytest

from liverlab import evidence
from liverlab.lessons import start_here

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PAGES = {"00_start_here", "four_ways", "teacher"}  # notebooks that are no lesson
LESSONS = [path for path in NOTEBOOKS if path.stem not in PAGES]
CHECKED = "# NBVAL_CHECK_OUTPUT"
EV = evidence.load()
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def cells(path, kind):
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]


def source(cell):
    return "".join(cell["source"])


def tags(cell):
    return cell["metadata"].get("tags", [])


def test_there_is_a_start_page_and_a_notebook_for_every_lesson_file():
    assert NOTEBOOKS[0].stem == "00_start_here"
    assert {path.stem for path in NOTEBOOKS} >= PAGES
    assert {path.stem for path in LESSONS} == set(EV.lessons)


@each_notebook
def test_no_result_is_committed_but_that_of_the_self_check(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}, "widget state or editor settings"
    for cell in cells(path, "code"):
        if CHECKED not in source(cell):
            assert cell["execution_count"] is None, cell["id"]
            assert cell["outputs"] == [], cell["id"]
    assert path.stat().st_size < 40_000


@each_notebook
def test_a_cell_is_one_call_with_its_code_folded_away(path):
    for cell in cells(path, "code"):
        assert cell["metadata"]["jupyter"]["source_hidden"] is True, cell["id"]
        statements = ast.parse(source(cell)).body
        rest = [node for node in statements if not isinstance(node, ast.Import | ast.ImportFrom | ast.Assign)]
        assert [type(node) for node in rest] == [ast.Expr], f"{cell['id']} does more than one thing"
        assert isinstance(rest[0].value, ast.Call), cell["id"]
        assert not rest[0].value.args, f"{cell['id']}: what a teacher may change lives in casesdata"
        made = [node for node in statements if isinstance(node, ast.Assign)]
        assert len(made) <= 1, f"{cell['id']} makes more than the page"
        assert len(source(cell).splitlines()) <= 5


@each_notebook
def test_an_un_run_notebook_says_what_it_is_and_how_to_start(path):
    text = "\n".join(source(cell) for cell in cells(path, "markdown"))
    first = source(cells(path, "markdown")[0])
    assert first.startswith("# ")
    assert "not for clinical use" in first
    assert "Run All Cells" in first
    images = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text)
    assert images, "a picture that GitHub shows too"
    for words, address in images:
        assert len(words) > 20, f"{address} needs words for those who do not see it"
        assert "://" not in address
        picture = FOLDER / address
        assert picture.is_file(), f"{address} is missing"
        assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        assert picture.stat().st_size < 500_000


@each_notebook
def test_ids_are_words_and_no_link_leads_nowhere(path):
    ids = [cell["id"] for kind in ("markdown", "code") for cell in cells(path, kind)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z-]+", name) for name in ids)
    for cell in cells(path, "markdown"):
        for address in re.findall(r"(?<!!)\[[^\]]+\]\(([^)#]+)\)", source(cell)):
            assert "://" in address or (FOLDER / address).is_file(), address


@each_lesson
def test_the_sections_are_those_of_the_lesson_file_in_its_order(path):
    marked = [tag.removeprefix("section:") for cell in cells(path, "code") for tag in tags(cell) if ":" in tag]
    assert marked == list(EV.lessons[path.stem]["sections"])


@each_lesson
def test_a_lesson_page_names_title_goals_and_time(path):
    first, lesson = source(cells(path, "markdown")[0]), EV.lessons[path.stem]
    assert first.splitlines()[0] == f"# {lesson['title']}"
    assert f"About {lesson['minutes']:g} minutes" in first
    said = [re.sub(r"[*\W]+", " ", line).split() for line in re.findall(r"^\d\. (.+)$", first, re.M)]
    wanted = [re.sub(r"\W+", " ", goal).split() for goal in lesson["goals"]]
    assert [[word.lower() for word in line] for line in said] == [[word.lower() for word in line] for line in wanted]


@each_lesson
def test_the_one_checked_output_is_stored_hidden_and_plain(path):
    checked = [cell for cell in cells(path, "code") if CHECKED in source(cell)]
    assert len(checked) == 1
    assert cells(path, "code")[-1] is not None
    assert source(cells(path, "code")[-1]) == source(checked[0]), "the check comes last, after the page"
    assert checked[0]["metadata"]["jupyter"] == {"source_hidden": True, "outputs_hidden": True}
    (output,) = checked[0]["outputs"]
    assert (output["output_type"], output["name"]) == ("stream", "stdout")
    assert len("".join(output["text"]).splitlines()) >= 3
    # Whole numbers only (RECIST 1.1 is a name): platforms differ in the last digits of a float.
    assert not re.search(r"\d[.,]\d", "".join(output["text"]).replace("RECIST 1.1", "RECIST"))


def test_the_start_page_lists_every_lesson(tmp_path, monkeypatch):
    monkeypatch.setenv("LIVERLAB_HOME", str(tmp_path))
    table = start_here.open_page()._table()
    for path in LESSONS:
        assert f'href="{path.name}"' in table
        assert EV.lessons[path.stem]["minutes"] < 60
