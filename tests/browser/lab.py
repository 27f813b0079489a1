"""A real JupyterLab on a temporary folder, and a page of it in Chromium that may talk to localhost only."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1", "[::1]"}


def write_notebook(path: Path, *cells: str) -> Path:
    """A notebook of code cells (a cell starting with ``md:`` is Markdown), un-run."""
    listed = []
    for number, source in enumerate(cells):
        markdown = source.startswith("md:")
        cell = {"id": f"cell{number}", "metadata": {}, "source": source.removeprefix("md:")}
        cell |= {"cell_type": "markdown"} if markdown else {"cell_type": "code", "outputs": [], "execution_count": None}
        listed.append(cell)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.write_text(
        json.dumps({"cells": listed, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})
    )
    return path


class LabServer:
    """JupyterLab in its own process with its own settings; a context manager. ``folder`` is what it serves."""

    def __init__(self, folder: Path, private: Path, environment: dict[str, str] | None = None):
        self.folder, self.private, self.token = Path(folder), Path(private), "liverlab-tests"
        self.environment = environment or {}
        self.python, self.options = sys.executable, ()
        self.process = None

    def __enter__(self):
        settings = self.private / "settings" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True, exist_ok=True)
        quiet = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
        (settings / "notification.jupyterlab-settings").write_text(json.dumps(quiet))
        environment = os.environ | {
            "JUPYTER_CONFIG_DIR": str(self.private / "config"),
            "JUPYTER_DATA_DIR": str(self.private / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.private / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(self.private / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(self.private / "workspaces"),
            "LIVERLAB_HOME": str(self.private / "answers"),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            **self.environment,
        }
        command = [
            *(self.python, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
            *("--port=0", f"--IdentityProvider.token={self.token}", "--LabApp.expose_app_in_browser=True"),
            *("--LabApp.extension_manager=readonly", f"--ServerApp.root_dir={self.folder}"),
            *self.options,
        ]
        self.log = (self.private / "server.log").open("w")
        self.process = subprocess.Popen(command, env=environment, stdout=self.log, stderr=subprocess.STDOUT)
        self.url = self._wait_for_url()
        return self

    def _wait_for_url(self, limit_s: float = 60.0) -> str:
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            for note in (self.private / "runtime").glob("jpserver-*.json"):
                try:
                    return json.loads(note.read_text())["url"]
                except (json.JSONDecodeError, KeyError):
                    pass  # half written: look again
            time.sleep(0.05)
        raise RuntimeError("JupyterLab did not start: " + (self.private / "server.log").read_text()[-2000:])

    def address(self, notebook: str) -> str:
        return f"{self.url}lab/tree/{notebook}?token={self.token}&reset"

    def foreign_connections(self) -> list[str]:
        """Remote addresses other than this machine that the server or one of its kernels is talking to."""
        server = psutil.Process(self.process.pid)
        found = []
        for process in [server, *server.children(recursive=True)]:
            try:
                connections = process.net_connections(kind="inet")
            except psutil.NoSuchProcess:
                continue  # a kernel that has ended in the meantime talks to nobody
            for connection in connections:
                if connection.raddr and not connection.raddr.ip.replace("::ffff:", "").startswith(("127.", "::1")):
                    found.append(f"{process.name()} -> {connection.raddr.ip}:{connection.raddr.port}")
        return found

    def __exit__(self, *_):
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
        self.log.close()


class Traffic:
    """Every request and socket of a browser context; ``foreign()`` lists those that left this machine."""

    def __init__(self, context):
        self.urls, self.errors = [], []
        context.on("request", lambda request: self.urls.append(request.url))
        context.on("page", lambda page: page.on("websocket", lambda socket: self.urls.append(socket.url)))
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def foreign(self) -> list[str]:
        return [url for url in self.urls if not _is_local(url)]


def _is_local(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob", "about") or parts.hostname in LOCAL_HOSTS


def launch_chromium(playwright):
    return playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)


def open_notebook(page, server: LabServer, notebook: str, run: bool = True):
    """Open a notebook and, unless told otherwise, run all of it; returns when the kernel has answered every cell."""
    page.goto(server.address(notebook))
    page.wait_for_function("() => window.jupyterapp && document.querySelector('.jp-Notebook .jp-Cell')", timeout=60_000)
    page.wait_for_function(
        """() => {
          const notebook = window.jupyterapp.shell.currentWidget;
          const kernel = notebook?.sessionContext?.session?.kernel;
          return notebook?.context?.isReady && kernel?.connectionStatus === 'connected';
        }""",
        timeout=60_000,
    )
    if run:
        run_all(page)


def run_all(page):
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")


def cell_errors(page) -> list[str]:
    """Text of every error output in the open notebook."""
    return page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.error']").all_inner_texts()


def set_theme(page, dark: bool):
    theme = "JupyterLab Dark" if dark else "JupyterLab Light"
    page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    page.wait_for_function(f"() => document.body.dataset.jpThemeName === '{theme}'")
