"""`start.py app`: what may be typed, what Voilà is told, and what a page leaves out of its notebook."""

import json
import os
import pathlib
import re
import runpy
import signal
import socket

import nbformat
import pytest
from traitlets.config import Config

from liverlab import evidence
from liverlab.app import app_page, appmode

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def voila(workshop, *arguments):
    """What Voilà was called with, and what start.py said."""
    code, said = workshop.run("app", "--no-browser", *arguments)
    assert code == 0, said
    return json.loads(workshop.calls("voila")[-1]), said


def test_app_installs_what_users_have_and_says_its_address(workshop):
    call, said = voila(workshop)
    assert re.search(r"http://127\.0\.0\.1:\d+/\n", said)
    assert len(workshop.calls("pip")) == 1
    assert "--no-browser" in call["arguments"]
    assert "--Voila.ip=127.0.0.1" in call["arguments"]
    assert call["arguments"][-2] == str(workshop.folder / "notebooks")
    assert pathlib.Path(call["config"]).parent == workshop.folder / ".venv"


def test_requirements_for_users_hold_voila():
    assert re.search(r"^voila==", (ROOT / "requirements.txt").read_text(), re.M)


def test_prefix_time_and_warm_pages_reach_voila(workshop):
    call, said = voila(workshop, "--base-url", "liver/7", "--free-after", "20", "--warm")
    assert "--Voila.base_url=/liver/7/" in call["arguments"]
    assert "--MappingKernelManager.cull_idle_timeout=20" in call["arguments"]
    assert "--MappingKernelManager.cull_interval=20" in call["arguments"]
    assert "--preheat_kernel=True" in call["arguments"]
    assert re.search(r"http://127\.0\.0\.1:\d+/liver/7/\n", said)
    plain, _ = voila(workshop)
    assert "--preheat_kernel=True" not in plain["arguments"]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["app", "--base-url", "http://elsewhere/"], "--base-url"),
        (["app", "--base-url", "/a b/"], "--base-url"),
        (["app", "--base-url", "//elsewhere"], "--base-url"),
        (["app", "--free-after", "0"], "--free-after"),
        (["app", "--port", "0"], "--port"),
        (["--warm"], "goes with 'app'"),
        (["test", "--base-url", "/x/"], "goes with 'app'"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_installed(workshop, arguments, named):
    code, said = workshop.run(*arguments)
    assert code == 2
    assert named in said
    assert not (workshop.folder / ".venv").exists()


def test_a_taken_port_that_was_asked_for_is_told(workshop):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, said = workshop.run("app", "--port", str(taken.getsockname()[1]))
    assert code == 1
    assert "is taken by another program" in said
    assert "Traceback" not in said


def test_a_voila_that_does_not_start_is_told_in_a_sentence(workshop):
    code, said = workshop.run("app", "--no-browser", STAND_IN_LAB="break")
    assert code == 1
    assert "the lessons did not start" in said.lower()
    assert "something is missing" in said
    assert "Traceback" not in said


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_the_app_stops_with_start_py(workshop):
    with workshop.begin("app", "--no-browser") as process:
        for line in process.stdout:
            if "Leave this window open" in line:
                process.send_signal(signal.SIGTERM)
    assert process.returncode == 0
    with pytest.raises(ProcessLookupError):
        os.kill(json.loads(workshop.calls("voila")[0])["pid"], 0)


@pytest.fixture
def settings(tmp_path):
    """(what voila.py sets, the folder of our template) as they are written for Voilà."""
    stale = tmp_path / "share/jupyter/voila/templates/liverlab/of_an_older_version.html"
    stale.parent.mkdir(parents=True)
    stale.touch()
    others = tmp_path / "etc/jupyter/jupyter_server_config.json"
    others.parent.mkdir(parents=True)
    others.write_text('{"ServerApp": {"port": 1}}')
    appmode.write_app_settings(tmp_path)
    config = Config()
    runpy.run_path(str(tmp_path / "etc/jupyter/voila.py"), {"get_config": lambda: config})
    assert not stale.exists()
    return config, stale.parent


def test_voila_hides_code_frees_kernels_and_takes_our_template_only(settings):
    config, _ = settings
    page, kernels = config.VoilaConfiguration, config.MappingKernelManager
    assert page.template == "liverlab"
    assert page.allow_template_override == page.allow_theme_override == "NO"
    assert "strip_sources" not in page, "Voilà's default hides the code"
    assert not page.get("show_tracebacks")
    assert kernels.cull_idle_timeout == appmode.FREE_AFTER_S
    assert kernels.cull_interval == appmode.CHECK_EVERY_S
    assert kernels.cull_connected is False
    (cold,) = config.VoilaKernelManager.preheat_denylist
    assert [path.stem for path in NOTEBOOKS if re.match(cold, path.name)] == ["teacher"]


def test_a_jupyter_server_gets_the_same_settings_and_keeps_its_own(settings):
    config, template = settings
    inside = json.loads((template.parents[4] / "etc/jupyter/jupyter_server_config.json").read_text())
    assert inside["VoilaExporter"] == config.VoilaExporter
    assert inside["ServerApp"] == {"port": 1}


def test_our_pages_name_no_other_machine(settings):
    _, template = settings
    # Documents name their sources, for people to follow; a browser test watches that none is asked by itself.
    documents = template / "static" / "docs"
    files = [path for path in template.rglob("*") if path.is_file() and documents not in path.parents]
    assert len(files) >= 6
    for path in files:
        assert not re.search(r"https?://|cdn", path.read_text(encoding="utf-8"), re.I), path.name


def test_every_page_knows_the_lessons_and_no_foreign_formulas():
    given = {"fullMathjaxUrl": "https://elsewhere/mathjax.js", "mathjaxConfig": "x"}
    assert app_page.add_lessons(given, base_url="/", notebook_path="") is given
    assert [lesson["id"] for lesson in given["liverlab"]] == list(evidence.load().lessons)
    assert given["fullMathjaxUrl"] is given["mathjaxConfig"] is None


def test_a_picture_in_a_text_stays_a_file_and_keeps_its_words():
    class Files:
        def __getattr__(self, name):
            raise AssertionError("a server may answer with a promise: nothing is asked of it")

    text = app_page.Text(contents_manager=Files(), escape=False, attachments={}, anchor_link_text="")
    markup = text.image("A liver", "images/liver.png")
    assert 'src="images/liver.png"' in markup
    assert "A liver" in markup


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_page_leaves_out_how_to_run_it_and_its_self_check(path):
    notebook = nbformat.read(path, 4)
    whole = "\n".join(cell.source for cell in notebook.cells)
    shown, _ = app_page.LessonCells().preprocess(notebook, {})
    text = "\n".join(cell.source for cell in shown.cells)
    assert "Run All Cells" in whole
    for word in ("Run All Cells", "self_check", "Self-check", "Binder"):
        assert word not in shown.cells[0].source + shown.cells[-1].source
    assert "self_check()" not in text
    assert "not for clinical use" in shown.cells[0].source
    assert shown.cells[0].source.splitlines()[0] == whole.splitlines()[0]
    removed = 2 if "self_check()" in whole else 0
    assert len(nbformat.read(path, 4).cells) - len(shown.cells) == removed
