"""Papers of the house: licences, citation, Binder, settings, and what no notebook may carry."""

import json
import os
import pathlib
import re
import stat
import tomllib

import pytest
import yaml

import liverlab

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_versions_and_licences_agree():
    citation = yaml.safe_load(text("CITATION.cff"))
    project = tomllib.loads(text("pyproject.toml"))["project"]
    assert str(citation["version"]) == liverlab.__version__
    assert project["license"] == " AND ".join(citation["license"])
    assert citation["authors"] == project["authors"] == [{"name": "The liverlab authors"}]
    assert "BSD 3-Clause License" in text("LICENSE")
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in text("LICENSE-CC-BY-4.0")


def test_the_package_asks_for_ranges_and_the_locks_pin():
    project = tomllib.loads(text("pyproject.toml"))["project"]
    assert all(">=" in wanted and "==" not in wanted for wanted in project["dependencies"])
    assert set(project["optional-dependencies"]) == {"app", "dicom", "scale"}
    assert not [wanted for wanted in project["dependencies"] if wanted.startswith("scipy")]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
@pytest.mark.parametrize("name", ["postBuild", ".ci/run"])
def test_scripts_can_be_run(name):
    assert (ROOT / name).stat().st_mode & stat.S_IXUSR


def test_ci_runs_the_test_command_of_the_readme():
    readme = text("README.md")
    for command in ("python3 start.py", "py start.py", "python3 start.py test", "py start.py test"):
        assert f"`{command}`" in readme
    assert text(".ci/run").rstrip().splitlines()[-1] == "python3 start.py test"


@pytest.mark.parametrize("name", ["overrides.json", "page_config.json", "jupyter_server_config.json", "workspace.json"])
def test_jupyter_settings_are_valid_json(name):
    assert json.loads(text(f"lib/liverlab/app/jupyter/{name}"))


def test_the_workspace_shows_the_first_notebook_with_both_sidebars_closed():
    workspace = json.loads(text("lib/liverlab/app/jupyter/workspace.json"))["data"]
    layout = workspace["layout-restorer:data"]
    assert layout["left"]["collapsed"]
    assert layout["right"]["collapsed"]
    assert workspace[layout["main"]["current"]]["data"]["path"] == "notebooks/00_start_here.ipynb"
    assert (ROOT / "notebooks" / "00_start_here.ipynb").exists()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_delivered_un_run_with_its_code_folded(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert "widgets" not in notebook["metadata"]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            # A cell whose output nbval compares has to look as if it had been run.
            assert (cell["execution_count"] is None) == ("NBVAL_CHECK_OUTPUT" not in "".join(cell["source"]))
            assert cell["metadata"]["jupyter"]["source_hidden"]
        assert "NBVAL_SKIP" not in "".join(cell["source"])
        assert "nbval-skip" not in cell["metadata"].get("tags", [])


def test_no_file_names_a_package_mirror():
    # A lock written on one machine must not send another to that machine's mirror.
    for name in ("requirements.txt", "requirements-test.txt", "pyproject.toml", "postBuild", ".ci/run"):
        assert not re.search(r"index-url|find-links|trusted-host", text(name))
