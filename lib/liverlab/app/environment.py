"""The environment start.py makes: .venv beside it, made once, checked quickly, repaired after an interruption.

An interrupted installation is noticed because .venv/liverlab.json is written *first* with the state "installing" and
*last* with "ready" and the hash of what was installed. Anything but "ready" is thrown away and made anew.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig
import time

from liverlab.app import pip_progress
from liverlab.app.problem import Problem, disk_full, from_os_error, read_only

_NEEDED_MB = 900  # measured: 560 MB with the test tools, plus what pip unpacks in passing
_LOCK_WAIT_S = 1800
_STATE_PART = "liverlab.part"


def ready(root: pathlib.Path, requirements: str) -> pathlib.Path:
    """The environment's Python, with everything in `requirements` installed; Problem if that cannot be."""
    venv = root / ".venv"
    if _is_ready(venv, root, requirements):
        return _python(venv)
    _require_whole_folder(root, requirements)
    _require_venv_module()
    with _only_one(root):
        # Another start.py may have done the work while this one waited.
        if not _is_ready(venv, root, requirements):
            try:
                _install(venv, root, requirements)
            except OSError as error:
                raise from_os_error(error, root) from error
    return _python(venv)


def _python(venv: pathlib.Path) -> pathlib.Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _digest(path: pathlib.Path) -> str:
    # Lines, not bytes: git may have changed the line ends on Windows.
    lines = path.read_text(encoding="utf-8").splitlines()
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _state(venv: pathlib.Path) -> dict:
    """What liverlab.json says; empty if start.py never was here."""
    try:
        state = json.loads((venv / "liverlab.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        state = None
    return state if isinstance(state, dict) and state else {"state": "damaged"}


def _write_state(venv: pathlib.Path, **state) -> None:
    part = venv / _STATE_PART
    part.write_text(json.dumps(state), encoding="utf-8")
    os.replace(part, venv / "liverlab.json")


def _is_ready(venv: pathlib.Path, root: pathlib.Path, requirements: str) -> bool:
    state = _state(venv)
    try:
        wanted = _digest(root / requirements)
    except OSError:
        return False
    return (
        state.get("state") == "ready"
        and state.get("installed", {}).get(requirements) == wanted
        and state.get("python") == list(sys.version_info[:2])
        # False also when the Python that .venv was made from has been removed.
        and _python(venv).exists()
        and _pth_file(venv).exists()
    )


def _require_whole_folder(root: pathlib.Path, requirements: str) -> None:
    if not (root / requirements).is_file():
        raise Problem(f"{root / requirements} is missing: download or clone the whole liverlab folder again.")


def _require_venv_module() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise _no_venv_module()


def _no_venv_module() -> Problem:
    version = "{}.{}".format(*sys.version_info)
    return Problem(
        f"This Python ({sys.executable}) has no venv module: on Debian or Ubuntu run "
        f"'sudo apt install python{version}-venv', elsewhere get Python from https://www.python.org/downloads/; "
        "then run start.py again."
    )


@contextlib.contextmanager
def _only_one(root: pathlib.Path):
    """Held by one start.py at a time; the system lets go of it when a process dies, so it cannot go stale."""
    try:
        handle = open(root / ".venv.lock", "a+b")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise from_os_error(error, root) from error
    with handle:
        waiting_since = time.monotonic()
        told = False
        while not _try_lock(handle):
            if not told:
                print("Another start.py is installing in this folder; waiting for it.")
                told = True
            if time.monotonic() - waiting_since > _LOCK_WAIT_S:
                raise Problem("Another start.py has been installing here for half an hour: stop it and try again.")
            time.sleep(0.5)
        yield


def _try_lock(handle) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        # Some network folders know no locks; two starts at once are rare enough to go on without.
        return True
    return True


def _install(venv: pathlib.Path, root: pathlib.Path, requirements: str) -> None:
    started = time.monotonic()
    state = _state(venv)
    same_python = state.get("python") == list(sys.version_info[:2]) and _python(venv).exists()
    if state.get("state") == "ready" and same_python:
        news = "has changed" if requirements in state.get("installed", {}) else "is not installed yet"
        print(f"What {requirements} lists {news}; bringing .venv up to date.")
    else:
        _make_venv(venv, root, state)
    _write_state(venv, state="installing", python=list(sys.version_info[:2]))
    print(f"Installing the packages listed in {requirements}:")
    try:
        pip_progress.install(_python(venv), root, requirements, log=venv / "liverlab-install.log")
    except Problem as problem:
        if problem.harmless and state.get("state") == "ready" and same_python:
            # No network for the test tools, say: what worked before goes on working.
            _write_state(venv, **state)
        raise
    _make_importable(venv, root)
    # The test list holds every pin of the other one (a test checks that), so it serves both.
    names = [requirements] if requirements == "requirements.txt" else ["requirements.txt", requirements]
    installed = {name: _digest(root / name) for name in names}
    _write_state(venv, state="ready", python=list(sys.version_info[:2]), installed=installed)
    print(f"Installed in {time.monotonic() - started:.0f} s.")


def _make_venv(venv: pathlib.Path, root: pathlib.Path, state: dict) -> None:
    if not state and venv.exists() and any(path.name != _STATE_PART for path in venv.iterdir()):
        raise Problem(f"{venv} was not made by start.py: rename or remove it and run start.py again.")
    if state:
        print(
            "The last installation was interrupted; making .venv anew."
            if state.get("state") != "ready"
            else "Python has changed since the last time; making .venv anew."
        )
        try:
            shutil.rmtree(venv)
        except OSError as error:
            raise read_only(root) from error
    else:
        print(f"First start: liverlab gets its own Python environment in {venv}. This takes a minute or two.")
    if shutil.disk_usage(root).free < _NEEDED_MB * 1e6:
        raise disk_full(root)
    venv.mkdir(exist_ok=True)
    _write_state(venv, state="installing", python=list(sys.version_info[:2]))
    print("Making .venv ...")
    made = subprocess.run(
        # The Python behind this one, in case this one belongs to the .venv that has just been thrown away.
        [getattr(sys, "_base_executable", sys.executable), "-m", "venv", str(venv)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=child_environment(),
        check=False,
    )
    if made.returncode != 0:
        if "ensurepip is not available" in made.stdout:
            raise _no_venv_module()
        raise pip_progress.explain(made.stdout, root) or Problem(
            f"This Python ({sys.executable}) could not make an environment: {_last_line(made.stdout)}."
        )


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "it said nothing"


def _pth_file(venv: pathlib.Path) -> pathlib.Path:
    packages = sysconfig.get_path("purelib", "venv", vars={"base": str(venv), "platbase": str(venv)})
    return pathlib.Path(packages) / "liverlab.pth"


def _make_importable(venv: pathlib.Path, root: pathlib.Path) -> None:
    """`import liverlab` finds lib/ through a relative path: pure ASCII, whatever the folder is called."""
    pth = _pth_file(venv)
    pth.write_text(os.path.relpath(root / "lib", pth.parent) + "\n", encoding="ascii")


def child_environment() -> dict[str, str]:
    """This process's environment variables for Pythons of .venv, less those that would lead them elsewhere."""
    env = dict(os.environ)
    for name in ("PYTHONHOME", "__PYVENV_LAUNCHER__", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV"):
        env.pop(name, None)
    env.update(PIP_USER="0", PYTHONUTF8="1", PYTHONIOENCODING="utf-8:replace")
    return env
