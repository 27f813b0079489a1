"""App mode: every lesson as a page without code, served by Voilà from .venv for this machine.

No token is asked: a page of Voilà takes no code (its kernels accept messages of widgets only), and the server listens
on this machine alone. A server for others belongs behind a hub, which asks who somebody is.
"""

import importlib.resources
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from liverlab.app import server
from liverlab.app.environment import child_environment

TEMPLATE = "liverlab"
FIRST_PORT = 8866
FREE_AFTER_S = 300
CHECK_EVERY_S = 60


def write_app_settings(prefix: pathlib.Path, python: str | os.PathLike = sys.executable) -> None:
    """Give the Voilà of the environment `prefix` liverlab's pages, alone and in a Jupyter server (Binder, hubs).

    `python` is one in which liverlab and its requirements are installed.
    """
    ours = importlib.resources.files("liverlab.app") / "voila"
    place = prefix / "share" / "jupyter" / "voila" / "templates" / TEMPLATE
    shutil.rmtree(place, ignore_errors=True)
    with importlib.resources.as_file(ours / "template") as folder:
        shutil.copytree(folder, place)
    # In a process of its own: start.py runs in a Python that has none of the packages. Without them no document.
    maker = [str(python), "-m", "liverlab.app.app_documents", str(place / "static")]
    subprocess.run(maker, env=child_environment(), capture_output=True, check=False)
    config = prefix / "etc" / "jupyter"
    config.mkdir(parents=True, exist_ok=True)
    (config / "voila.py").write_bytes((ours / "voila.py").read_bytes())
    # Voilà in a Jupyter server takes these from the server's own settings, which others may have written to.
    place = config / "jupyter_server_config.json"
    held = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
    held["VoilaExporter"] = json.loads((ours / "exporter.json").read_text(encoding="utf-8"))
    place.write_text(json.dumps(held, indent=2), encoding="utf-8")


def is_prefix(text: str) -> bool:
    """Whether `text` can be what all addresses of a server begin with: a path such as /liver/."""
    return re.fullmatch(r"/?([\w.~-]+/)*[\w.~-]*", text) is not None


def voila_command(
    python: str | os.PathLike,
    notebooks: str | os.PathLike,
    port: int,
    base_url: str = "/",
    free_after_s: int = FREE_AFTER_S,
    warm: bool = False,
) -> list[str]:
    """The command that serves the folder `notebooks` to this machine; see `open_app` for the rest."""
    command = [
        str(python),
        "-m",
        "liverlab.app.voila_server",
        f"--port={port}",
        "--Voila.ip=127.0.0.1",
        "--Voila.port_retries=0",
    ]
    command += [f"--Voila.base_url={base_url}", f"--MappingKernelManager.cull_idle_timeout={free_after_s}"]
    command += [f"--MappingKernelManager.cull_interval={min(CHECK_EVERY_S, free_after_s)}"]
    command += ["--preheat_kernel=True"] if warm else []
    return [*command, str(notebooks)]


def open_app(
    root: pathlib.Path,
    python: pathlib.Path,
    port: int | None = None,
    browser: bool = True,
    base_url: str = "/",
    free_after_s: int = FREE_AFTER_S,
    warm: bool = False,
) -> int:
    """Serve the lessons of folder `root` until stopped; returns the exit code.

    A kernel whose page has gone without a word (a laptop that was shut) ends `free_after_s` seconds after its last
    sign of life; that is looked at every minute, or as often as that time asks for. `warm` keeps one page of every
    lesson ready: quicker, for the memory of one kernel per lesson.
    """
    base_url = f"/{base_url.strip('/')}/".replace("//", "/")
    write_app_settings(root / ".venv", python)
    config = root / ".venv" / "liverlab-voila"
    config.mkdir(exist_ok=True)

    def plan(port: int) -> server.Plan:
        env = child_environment()
        env.update(JUPYTER_CONFIG_DIR=str(config), JUPYTER_PREFER_ENV_PATH="1")
        command = voila_command(python, root / "notebooks", port, base_url, free_after_s, warm)
        command += [] if browser else ["--no-browser"]
        return server.Plan(command, env, base_url, base_url, "liverlab-voila.log")

    return server.run("the lessons", root, plan, port, FIRST_PORT)
