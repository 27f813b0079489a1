"""Opening JupyterLab from .venv: for this machine only, with a token, without asking the network for news."""

import hashlib
import importlib.resources
import os
import pathlib
import secrets
import shutil

from liverlab.app import server
from liverlab.app.environment import child_environment

FIRST_NOTEBOOK = "notebooks/00_start_here.ipynb"
WORKSPACE = "liverlab"
FIRST_PORT = 8888


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

    def plan(port: int) -> server.Plan:
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
        return server.Plan(command, env, "/api", f"{page}?token={token}", "liverlab-jupyter.log", token)

    return server.run("JupyterLab", root, plan, port, FIRST_PORT)
