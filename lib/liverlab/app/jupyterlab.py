"""Opening JupyterLab from .venv: for this machine only, with a token, without asking the network for news."""

import contextlib
import errno
import hashlib
import importlib.resources
import os
import pathlib
import re
import secrets
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

from liverlab.app.environment import child_environment
from liverlab.app.problem import Problem

FIRST_NOTEBOOK = "notebooks/00_start_here.ipynb"
WORKSPACE = "liverlab"
_FIRST_PORT, _PORTS_TRIED = 8888, 100
_START_WAIT_S = 90


def require_free(port: int) -> None:
    """Problem if `port` of this machine is taken."""
    if not _is_free(port):
        raise Problem(f"Port {port} is taken by another program: leave out --port, or choose another number.")


def free_port() -> int:
    """The first free port from 8888 on."""
    for port in range(_FIRST_PORT, _FIRST_PORT + _PORTS_TRIED):
        if _is_free(port):
            if port != _FIRST_PORT:
                print(f"Port {_FIRST_PORT} is taken (another Jupyter?); using {port}.")
            return port
    raise Problem(
        f"The ports {_FIRST_PORT} to {_FIRST_PORT + _PORTS_TRIED - 1} are all taken: name a free one with --port."
    )


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            # As the server does: a port that a stopped server has just left counts as free. On Windows the option means
            # something else: it would call a taken port free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EADDRINUSE) or getattr(error, "winerror", None) in (10013, 10048):
                return False
            raise
    return True


def write_lab_settings(prefix: pathlib.Path) -> None:
    """Give the JupyterLab of the environment `prefix` liverlab's defaults: no news, no updates, nothing in the way."""
    _write("overrides.json", prefix / "share" / "jupyter" / "lab" / "settings" / "overrides.json")
    _write("page_config.json", prefix / "etc" / "jupyter" / "labconfig" / "page_config.json")


def write_server_settings(config: pathlib.Path) -> None:
    """Make `config` a Jupyter configuration folder for a server that only this machine can reach."""
    _write("jupyter_server_config.json", config / "jupyter_server_config.json")
    # Only a fresh copy at every start: the sidebar is closed again, whatever was open when the last session ended.
    shutil.rmtree(config / "lab" / "workspaces", ignore_errors=True)
    _write("workspace.json", config / "lab" / "workspaces" / _workspace_file(WORKSPACE))


def _write(name: str, place: pathlib.Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes((importlib.resources.files("liverlab.app") / "jupyter" / name).read_bytes())


def _workspace_file(name: str) -> str:
    """The file in which JupyterLab looks for the workspace `name`: it signs the name with a hash of itself."""
    return f"{name}-{hashlib.sha256(name.encode()).hexdigest()[:4]}.jupyterlab-workspace"


class _PortLost(Problem):
    """Another program took the port between our look at it and the server's start."""


def open_lab(
    root: pathlib.Path,
    python: pathlib.Path,
    port: int | None = None,
    browser: bool = True,
    notebook: str = FIRST_NOTEBOOK,
) -> int:
    """Run JupyterLab on `notebook` in folder `root` until it is stopped; returns the exit code."""
    # A configuration folder of our own: a password, an address or an extension somebody set for another Jupyter
    # does not reach this one, and ours does not reach theirs.
    config = root / ".venv" / "liverlab-jupyter"
    write_lab_settings(root / ".venv")
    write_server_settings(config)
    print("Starting JupyterLab ...")
    for _ in range(5):
        try:
            return _serve(root, python, config, free_port() if port is None else port, browser, notebook)
        except _PortLost:
            if port is not None:
                raise
    raise Problem("Other programs keep taking the ports JupyterLab wants to use: name a free one with --port.")


def _serve(
    root: pathlib.Path, python: pathlib.Path, config: pathlib.Path, port: int, browser: bool, notebook: str
) -> int:
    token = secrets.token_hex(24)
    page = f"/lab/workspaces/{WORKSPACE}/tree/{notebook}"
    # The token goes through the environment: other users of the machine can read a command line.
    env = child_environment()
    env.update(JUPYTER_CONFIG_DIR=str(config), JUPYTER_TOKEN=token, JUPYTER_PREFER_ENV_PATH="1")
    command = [str(python), "-m", "jupyterlab", "-y", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    command += [f"--ServerApp.root_dir={root}", f"--LabApp.default_url={page}"]
    command += [] if browser else ["--no-browser"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    log = root / ".venv" / "liverlab-jupyter.log"
    with open(log, "wb") as written:
        server = subprocess.Popen(command, env=env, cwd=root, stdout=written, stderr=subprocess.STDOUT)
        try:
            _wait_until_it_answers(server, port, token, log)
            print(f"\nliverlab is open at\n\n    http://127.0.0.1:{port}{page}?token={token}\n")
            print("Leave this window open while you work; stop with Ctrl-C.")
            return server.wait()
        except KeyboardInterrupt:
            print("\nStopping JupyterLab ...")
            _stop(server)
            print("Stopped.")
            return 0
        finally:
            _stop(server, patience_s=0.0)


def _wait_until_it_answers(server: subprocess.Popen, port: int, token: str, log: pathlib.Path) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api", headers={"Authorization": f"token {token}"})
    # No proxy: an HTTP_PROXY of the house would be asked for our own machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    give_up = time.monotonic() + _START_WAIT_S
    while time.monotonic() < give_up:
        if server.poll() is not None:
            if re.search(r"already in use", log.read_text(encoding="utf-8", errors="replace")):
                raise _PortLost(f"Port {port} is taken by another program: choose another number for --port.")
            raise Problem(f"JupyterLab did not start ({_last_words(log)}): the whole story is in {log}.")
        with contextlib.suppress(OSError, urllib.error.URLError):
            opener.open(request, timeout=5).close()
            return
        time.sleep(0.1)
    raise Problem(f"JupyterLab did not answer within {_START_WAIT_S} s: the whole story is in {log}.")


def _last_words(log: pathlib.Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1].rstrip(".")[-300:] if lines else "it said nothing"


def _stop(server: subprocess.Popen, patience_s: float = 1.0) -> None:
    """Let the server end by itself (Ctrl-C has reached it too), then ask it, then insist."""
    for ask, wait_s in ((None, patience_s), (server.terminate, 10.0), (server.kill, 5.0)):
        if server.poll() is not None:
            return
        if ask is not None:
            ask()
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            server.wait(wait_s)
