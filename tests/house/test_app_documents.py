"""Documents as pages of app mode: whatever a notebook or another document points to is there."""

import html
import json
import re
from pathlib import Path

import pytest

from liverlab.app import app_documents

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
BASE = "/user/ann/"


@pytest.fixture(scope="module")
def static(tmp_path_factory):
    folder = tmp_path_factory.mktemp("static")
    app_documents.write_documents(folder)
    return folder


def markdown_of(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def test_what_notebooks_point_to_outside_their_folder_is_a_page(static):
    linked = 0
    for notebook in NOTEBOOKS:
        for target in re.findall(r"\]\(([^)]*)\)", app_documents.with_page_links(markdown_of(notebook), BASE)):
            assert not target.startswith(".."), (notebook.name, target)
            if target.startswith(BASE):
                linked += 1
                page = target.removeprefix(f"{BASE}{app_documents.SERVED_AT}/").partition("#")[0]
                assert (static / "docs" / page).is_file(), (notebook.name, target)
    assert linked > 5


def test_pages_point_to_pages_and_pictures_that_are_there(static):
    pages = list((static / "docs").rglob("*.html"))
    assert len(pages) == len(app_documents.sources()) > 10
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert re.search(r"<title>[^<]{5,}</title>", text)
        body = text.partition("<main")[2]
        for target in re.findall(r'(?:href|src)="([^"]+)"', body):
            path, _, anchor = html.unescape(target).partition("#")
            if "://" in path:
                continue
            there = (page.parent / path).resolve() if path else page
            assert there.is_file(), (page.name, target)
            assert not anchor or f'id="{anchor}"' in there.read_text(encoding="utf-8"), (page.name, target)


def test_a_page_finds_its_style_and_the_list_of_lessons(static):
    for page, deep in (("models", 0), ("teaching/03_pseudocirrhosis", 1)):
        text = (static / "docs" / f"{page}.html").read_text(encoding="utf-8")
        assert f'href="{"../" * deep}../liverlab.css"' in text
        # static/docs -> static -> liverlab -> templates -> voila
        assert f'href="{"../" * (deep + 4)}tree"' in text
