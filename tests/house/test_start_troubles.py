"""start.py when something is wrong: one clear sentence, exit code 1, no traceback, and a next run that works."""

import json
import os
import signal
import socket
import subprocess
import sys

import psutil
import pytest

NETWORK = (
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(Failed to establish a new "
    "connection: [Errno -3] Temporary failure in name resolution)': /simple/anyio/\n"
    "ERROR: Could not find a version that satisfies the requirement anyio==4.16.0 (from versions: none)"
)
FULL = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"


def sentence(said: str) -> str:
    """The last thing said: what the person reads."""
    return [line for line in said.splitlines() if line.strip()][-1]


def check_trouble(code: int, said: str, *words: str) -> None:
    assert code == 1, said
    assert "Traceback" not in said
    for word in words:
        assert word in sentence(said)
    assert sentence(said).endswith(".")


def check_next_start_works(workshop) -> str:
    code, said = workshop.run("--no-browser")
    assert code == 0, said
    return said


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (f"say:{NETWORK}", ["could not be downloaded", "check the network"]),
        ("say:ReadTimeoutError: HTTPSConnectionPool: Read timed out.", ["could not be downloaded"]),
        ("say:ProxyError('Cannot connect to proxy.')", ["could not be downloaded", "proxy"]),
        (f"then say:{FULL}", ["is full", "free about 1 GB"]),
        ("say:ERROR: [Errno 30] Read-only file system: '/x/numpy'", ["cannot be written to", "copy it"]),
        (
            "say:ERROR: [WinError 5] Access is denied: 'C:\\x\\numpy.pyd'",
            ["cannot be written to", "close the programs"],
        ),
        ("say:ERROR: [WinError 206] The filename or extension is too long", ["too long", "C:\\liverlab"]),
        ("say:ERROR: something nobody has seen before", ["something nobody has seen before", "liverlab-install.log"]),
    ],
)
def test_what_pip_complains_about(workshop, order, words):
    check_trouble(*workshop.run("--no-browser", STAND_IN_PIP=order), *words)
    assert "installation was interrupted" in check_next_start_works(workshop)


def test_a_folder_of_wheels_stands_for_the_network(workshop_in):
    workshop = workshop_in("on a stick")
    wheels = workshop.folder / "wheels"
    wheels.mkdir()
    assert "packages come from the folder wheels" in check_next_start_works(workshop)
    (asked,) = workshop.calls("pip")
    assert f"--no-index --find-links={wheels}" in asked
    missing = "ERROR: No matching distribution found for voila==0.5.13"
    (workshop.folder / ".venv" / "liverlab.json").write_bytes(b"\x00")
    check_trouble(*workshop.run("--no-browser", STAND_IN_PIP=f"say:{missing}"), "holds no voila==0.5.13", str(wheels))
    wheels.rename(workshop.folder / "kept")
    check_next_start_works(workshop)
    assert "--no-index" not in workshop.calls("pip")[-1]


def test_no_network_for_the_test_tools_leaves_what_works_alone(workshop):
    workshop.run("--no-browser")
    check_trouble(*workshop.run("test", STAND_IN_PIP=f"say:{NETWORK}"), "could not be downloaded")
    assert len(workshop.calls("pip")) == 2
    check_next_start_works(workshop)
    assert len(workshop.calls("pip")) == 2


def test_ctrl_c_while_installing(workshop):
    with workshop.begin("--no-browser", STAND_IN_PIP="hang") as process:
        hangs = workshop.log.with_name(workshop.log.name + ".hangs")
        workshop.wait_for(hangs.exists)
        workshop.interrupt(process)
        said = process.stdout.read()
    assert process.returncode == 130
    assert "Traceback" not in said
    assert sentence(said) == "Stopped. The next start goes on from here."
    assert "installation was interrupted" in check_next_start_works(workshop)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_killed_while_installing(workshop):
    with workshop.begin("--no-browser", STAND_IN_PIP="hang") as process:
        hangs = workshop.log.with_name(workshop.log.name + ".hangs")
        workshop.wait_for(hangs.exists)
        os.killpg(process.pid, signal.SIGKILL)
    said = check_next_start_works(workshop)
    assert "installation was interrupted" in said
    assert "waiting for it" not in said
    check_next_start_works(workshop)
    assert len(workshop.calls("pip")) == 2


def test_a_damaged_note_counts_as_interrupted(workshop):
    workshop.run("--no-browser")
    (workshop.folder / ".venv" / "liverlab.json").write_bytes(b"\x00\x00")
    assert "installation was interrupted" in check_next_start_works(workshop)


def test_an_environment_whose_python_is_gone_is_made_anew(workshop):
    workshop.run("--no-browser")
    folder = workshop.folder / ".venv" / ("Scripts" if os.name == "nt" else "bin")
    for path in folder.glob("python*"):
        path.unlink()
    check_next_start_works(workshop)
    assert len(workshop.calls("pip")) == 2


def test_an_environment_of_somebody_else_is_left_alone(workshop):
    (workshop.folder / ".venv").mkdir()
    (workshop.folder / ".venv" / "mine.txt").write_text("precious")
    check_trouble(*workshop.run("--no-browser"), "was not made by start.py")
    assert (workshop.folder / ".venv" / "mine.txt").read_text() == "precious"


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_no_venv_module(workshop, module):
    # As on Debian without python3-venv, where the folder of the module is not there.
    workshop.sabotage(f"""
        import importlib.machinery
        real = importlib.machinery.PathFinder.find_spec
        importlib.machinery.PathFinder.find_spec = staticmethod(
            lambda name, *rest: None if name == {module!r} else real(name, *rest)
        )
    """)
    check_trouble(*workshop.run("--no-browser"), "no venv module", "sudo apt install python3.")
    assert not (workshop.folder / ".venv").exists()


def test_venv_that_finds_out_late_that_ensurepip_is_missing(workshop):
    (workshop.stand_ins / "venv" / "__main__.py").write_text(
        "import sys; print('The virtual environment was not created because ensurepip is not available.'); sys.exit(1)"
    )
    check_trouble(*workshop.run("--no-browser"), "no venv module")


def test_venv_that_fails_for_a_reason_of_its_own(workshop):
    (workshop.stand_ins / "venv" / "__main__.py").write_text("import sys; print('Error: no way'); sys.exit(1)")
    check_trouble(*workshop.run("--no-browser"), "could not make an environment: Error: no way.")


# Every first write start.py makes, refused as a read-only or a full disk refuses it (root may write anywhere, so it is
# injected): the lock, the folder, the note, the .pth, the settings.
_WRITES = [
    ".venv.lock",
    ".venv",
    "liverlab.part",
    "liverlab-install.log",
    "liverlab.pth",
    "overrides.json",
    "workspaces",
]


@pytest.mark.parametrize("number", ["EROFS", "ENOSPC", "EACCES"])
@pytest.mark.parametrize("name", _WRITES)
def test_a_disk_that_is_read_only_or_full(workshop, number, name):
    workshop.sabotage(f"""
        import builtins, errno, io, os, pathlib, sys
        def refuse(real, is_write):
            def opened(path, *rest, **named):
                named_so = isinstance(path, (str, os.PathLike)) and pathlib.Path(path).name == {name!r}
                if named_so and is_write(*rest, **named):
                    raise OSError(errno.{number}, os.strerror(errno.{number}), str(path))
                return real(path, *rest, **named)
            return opened
        def writes(mode="r", *_, **__):
            return set("wax+") & set(mode)
        if "start.py" in sys.orig_argv:
            builtins.open = refuse(builtins.open, writes)
            io.open = refuse(io.open, writes)
            os.mkdir = refuse(os.mkdir, lambda *_, **__: True)
    """)
    words = ["is full"] if number == "ENOSPC" else ["cannot be written to", "copy it to a place of your own"]
    check_trouble(*workshop.run("--no-browser"), str(workshop.folder), *words)
    workshop.repair()
    check_next_start_works(workshop)


def test_a_disk_with_too_little_room_is_noticed_before_pip_fills_it(workshop):
    workshop.sabotage("""
        import collections, shutil
        shutil.disk_usage = lambda path: collections.namedtuple("Usage", "total used free")(10**9, 9 * 10**8, 10**8)
    """)
    check_trouble(*workshop.run("--no-browser"), "is full")
    assert workshop.calls("pip") == []


def test_a_taken_port_that_was_asked_for(workshop):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        check_trouble(*workshop.run("--no-browser", "--port", str(port)), f"Port {port} is taken")
    assert not (workshop.folder / ".venv").exists()  # said at once, not after the installation


def test_a_free_port_that_was_asked_for(workshop):
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    code, said = workshop.run("--no-browser", "--port", str(port))
    assert code == 0
    assert f"http://127.0.0.1:{port}/lab" in said


def test_a_reader_that_goes_away_takes_the_server_along(workshop):
    with workshop.begin("--no-browser") as process:
        next(line for line in process.stdout if "Leave this window open" in line)
        process.stdout.close()
        workshop.interrupt(process)
    assert process.returncode == 1
    server = json.loads(workshop.calls("lab")[0])["pid"]
    workshop.wait_for(lambda: not psutil.pid_exists(server))


def test_jupyterlab_that_does_not_start(workshop):
    check_trouble(
        *workshop.run("--no-browser", STAND_IN_LAB="break"), "JupyterLab did not start", "something is missing"
    )


@pytest.mark.parametrize("name", ["requirements.txt", "lib"])
def test_half_a_folder(workshop, name):
    path = workshop.folder / name
    path.rename(path.with_name("elsewhere"))
    check_trouble(*workshop.run("--no-browser"), "the whole", "again")
    assert not (workshop.folder / ".venv").exists()


def test_settings_that_lead_pip_and_python_astray_are_not_passed_on(workshop, tmp_path):
    code, said = workshop.run("--no-browser", PIP_TARGET=str(tmp_path), PIP_USER="1", PIP_PREFIX=str(tmp_path))
    assert code == 0, said
    code = (
        "import json, sys; sys.path.insert(0, 'lib'); from liverlab.app import environment; "
        "print(json.dumps(environment.child_environment()))"
    )
    env = dict(os.environ, PIP_TARGET="x", PIP_PREFIX="x", PIP_USER="1", PIP_REQUIRE_VIRTUALENV="1")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=workshop.folder, env=env, capture_output=True, text=True, check=True
    )
    passed_on = json.loads(done.stdout)
    assert passed_on["PIP_USER"] == "0"
    assert not {"PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME"} & set(passed_on)
