"""start.py when all goes well: first start, second start, changed lists, other folders, other Pythons."""

import ast
import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
NO_TRACE = "Traceback"


def test_first_start_installs_and_opens_the_first_notebook(workshop):
    code, said = workshop.run("--no-browser")
    assert code == 0
    assert "First start" in said
    assert "fetched; unpacking 2 packages" in said
    assert re.search(r"http://127\.0\.0\.1:\d+/lab/\S*/tree/notebooks/00_start_here\.ipynb\?token=\w{48}\n", said)
    assert len(workshop.calls("pip")) == 1


def test_second_start_does_not_run_pip(workshop):
    workshop.run("--no-browser")
    code, said = workshop.run("--no-browser")
    assert code == 0
    assert len(workshop.calls("pip")) == 1
    assert "Installing" not in said


def test_a_changed_list_is_installed_into_the_same_environment(workshop):
    workshop.run("--no-browser")
    marker = workshop.folder / ".venv" / "still-the-same"
    marker.touch()
    with open(workshop.folder / "requirements.txt", "a", encoding="utf-8") as file:
        file.write("another==1\n")
    code, said = workshop.run("--no-browser")
    assert code == 0
    assert "has changed" in said
    assert marker.exists()
    assert len(workshop.calls("pip")) == 2
    workshop.run("--no-browser")
    assert len(workshop.calls("pip")) == 2


def test_other_line_ends_are_no_change(workshop):
    workshop.run("--no-browser")
    path = workshop.folder / "requirements.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    workshop.run("--no-browser")
    assert len(workshop.calls("pip")) == 1


def test_another_python_gets_a_new_environment(workshop):
    workshop.run("--no-browser")
    path = workshop.folder / ".venv" / "liverlab.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"python": [3, 10]}))
    code, said = workshop.run("--no-browser")
    assert code == 0
    assert "Python has changed" in said
    assert len(workshop.calls("pip")) == 2


@pytest.mark.parametrize("name", ["Leber und Milz", "Läber Übung", "肝转移"])
def test_folders_with_spaces_and_letters_of_all_languages(workshop_in, name):
    workshop = workshop_in(name)
    code, said = workshop.run("--no-browser")
    assert code == 0, said
    python = json.loads(workshop.calls("lab")[-1])["executable"]
    # Without the stand-ins' PYTHONPATH: what finds the package is the .pth file alone, from any folder.
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    where = subprocess.run(
        [python, "-X", "utf8", "-c", "import liverlab; print(liverlab.__file__)"],
        cwd=pathlib.Path(workshop.folder).parent,
        env=env,
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert pathlib.Path(where.strip()) == workshop.folder / "lib" / "liverlab" / "__init__.py"
    (pth,) = (workshop.folder / ".venv").rglob("liverlab.pth")
    assert pth.read_bytes().isascii()
    assert not pathlib.Path(pth.read_text().strip()).is_absolute()


def test_two_starts_at_once_install_once(workshop):
    with concurrent.futures.ThreadPoolExecutor() as both:
        runs = [both.submit(workshop.run, "--no-browser", STAND_IN_PIP_S="2") for _ in range(2)]
    assert [run.result()[0] for run in runs] == [0, 0]
    assert len(workshop.calls("pip")) == 1
    assert sum("waiting for it" in run.result()[1] for run in runs) == 1


def test_jupyter_gets_a_token_and_only_this_machine(workshop):
    workshop.run("--no-browser")
    call = json.loads(workshop.calls("lab")[0])
    config = json.loads(pathlib.Path(call["config"], "jupyter_server_config.json").read_text())
    assert len(call["token"]) == 48
    assert not any(call["token"] in argument for argument in call["arguments"])
    assert config["ServerApp"]["ip"] == "127.0.0.1"
    assert not config["ServerApp"]["allow_remote_access"]
    assert "token" not in json.dumps(config)
    assert config["LabApp"]["news_url"] is None
    assert config["LabApp"]["check_for_updates_class"] == "jupyterlab.NeverCheckForUpdate"
    assert config["LabApp"]["extension_manager"] == "readonly"
    assert "--no-browser" in call["arguments"]
    workshop.run("--no-browser")
    assert json.loads(workshop.calls("lab")[1])["token"] != call["token"]


def test_jupyter_finds_our_settings_in_its_environment(workshop):
    workshop.run("--no-browser")
    venv = workshop.folder / ".venv"
    overrides = json.loads((venv / "share/jupyter/lab/settings/overrides.json").read_text())
    assert overrides["@jupyterlab/apputils-extension:notification"] == {"checkForUpdates": False, "fetchNews": "false"}
    page = json.loads((venv / "etc/jupyter/labconfig/page_config.json").read_text())
    assert page["disabledExtensions"]["@jupyterlab/apputils-extension:announcements"] is True


def test_the_sidebar_is_closed_again_at_every_start(workshop):
    workshop.run("--no-browser")
    (workspace,) = (workshop.folder / ".venv/liverlab-jupyter/lab/workspaces").iterdir()
    workspace.write_text(workspace.read_text().replace("true", "false"))
    workshop.run("--no-browser")
    layout = json.loads(workspace.read_text())["data"]["layout-restorer:data"]
    assert layout["left"]["collapsed"] is True


def test_a_taken_port_is_passed_over(workshop):
    with socket.socket() as taken, contextlib.suppress(OSError):
        # Somebody else may hold 8888 on this machine already, which serves as well.
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name != "nt")
        taken.bind(("127.0.0.1", 8888))
        taken.listen()
        code, said = workshop.run("--no-browser")
        assert code == 0
        assert re.search(r"Port 8888 is taken \(another Jupyter\?\); using 8\d\d\d\.", said)


def test_a_port_lost_at_the_last_moment_is_passed_over(workshop):
    # The check says free, the bind says taken: what happens when two starts choose at the same moment.
    workshop.sabotage("""
        import sys
        if "jupyterlab" in " ".join(sys.orig_argv):
            import socketserver, pathlib
            real, marker = socketserver.TCPServer.server_bind, pathlib.Path(__file__).with_name("lost")
            def lose_once(self):
                if not marker.exists():
                    marker.touch()
                    raise OSError(98, "Address already in use")
                real(self)
            socketserver.TCPServer.server_bind = lose_once
    """)
    code, _ = workshop.run("--no-browser")
    assert code == 0
    assert len(workshop.calls("lab")) >= 2  # more if another test takes the next port


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_the_server_stops_with_start_py(workshop, name):
    with workshop.begin("--no-browser") as process:
        for line in process.stdout:
            if "Leave this window open" in line:
                process.send_signal(getattr(signal, name))
    assert process.returncode == 0
    with pytest.raises(ProcessLookupError):
        os.kill(json.loads(workshop.calls("lab")[0])["pid"], 0)


def test_export_is_handed_to_the_environments_python_with_its_options(workshop):
    code, said = workshop.run("export", "--help")
    assert code == 0, said
    assert "CASE_OR_CODE FOLDER" in said
    assert len(workshop.calls("pip")) == 1
    code, said = workshop.run("export", "only_a_case")
    assert code == 2
    assert "FOLDER" in said
    assert NO_TRACE not in said


@pytest.mark.parametrize("arguments", [["frobnicate"], ["--port", "99999"], ["--port", "eight"]])
def test_wrong_words_get_an_answer(workshop, arguments):
    code, said = workshop.run(*arguments)
    assert code == 2
    assert "error:" in said
    assert NO_TRACE not in said


def test_help_lists_what_works_and_no_more(workshop):
    code, said = workshop.run("--help")
    assert code == 0
    assert "--no-browser" in said
    assert "handout --help" in said
    assert "new-case --help" in said


def test_start_py_can_be_read_by_very_old_pythons():
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    assert source.isascii()
    tree = ast.parse(source, feature_version=(3, 4))
    newer = (
        ast.JoinedStr,
        ast.NamedExpr,
        ast.AnnAssign,
        ast.Nonlocal,
        ast.AsyncFunctionDef,
        ast.YieldFrom,
        ast.Starred,
    )
    assert not [node for node in ast.walk(tree) if isinstance(node, newer)]
    for node in ast.walk(tree):
        if isinstance(node, ast.arguments):
            assert not node.kwonlyargs
            assert not any(argument.annotation for argument in node.args)
        if isinstance(node, ast.Raise):
            assert node.cause is None


_PRETEND = (
    "import runpy, sys; sys.argv[1:] = []; sys.version_info = ({}, 0); runpy.run_path('start.py', run_name='__main__')"
)


@pytest.mark.parametrize("version", ["2, 7, 18", "3, 6, 15", "3, 10, 13", "3, 14, 0", "4, 0, 0"])
def test_a_python_too_old_or_too_new_gets_a_sentence(workshop, version):
    done = subprocess.run(
        [sys.executable, "-c", _PRETEND.format(version)],
        cwd=workshop.folder,
        env=dict(os.environ, PATH=""),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "liverlab needs Python 3.11 to 3.13, and this is Python " + ".".join(version.split(", ")[:2]) in done.stderr
    assert not (workshop.folder / ".venv").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows asks its launcher py for other Pythons")
def test_another_fitting_python_on_the_path_is_used(workshop, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3.13").write_text("#!/bin/sh\nexit 1\n")  # a name without a Python behind it
    (tmp_path / "bin" / "python3.12").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    for path in (tmp_path / "bin").iterdir():
        path.chmod(0o755)
    pretend = _PRETEND.format("3, 9, 2").replace("= []", "= ['frobnicate']")
    done = subprocess.run(
        [sys.executable, "-c", pretend],
        cwd=workshop.folder,
        env=dict(os.environ, PATH=str(tmp_path / "bin")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "This is Python 3.9; going on with" in done.stdout
    assert "python3.12" in done.stdout
    assert done.returncode == 2  # what the other one answers to 'frobnicate'


def test_the_version_window_is_the_package_s():
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    assert "OLDEST = (3, 11)" in source
    assert "NEWEST = (3, 13)" in source
    assert 'requires-python = ">=3.11,<3.14"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_what_start_py_imports_needs_no_installed_package():
    code = "import sys; sys.path.insert(0, 'lib'); import liverlab.app.command; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    foreign = {name.split(".")[0] for name in done} - set(sys.stdlib_module_names) - {"liverlab", "__main__"}
    assert not foreign
