"""A workshop for breaking start.py: a copy of the project with stand-ins for pip, venv and the servers, made to fail.

The stand-ins lie on PYTHONPATH, where every Python that start.py runs finds them before the real ones. start.py itself
is the real one, run as a person runs it, and knows nothing of all this.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

_WINDOWS = os.name == "nt"
ROOT = pathlib.Path(__file__).resolve().parents[2]

# Real environments, only without the three seconds that putting pip in takes.
_VENV = """
    import importlib.util, pathlib, sys, sysconfig
    folder = pathlib.Path(sysconfig.get_path("stdlib"), "venv")
    spec = importlib.util.spec_from_file_location(
        "venv", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    venv = sys.modules["venv"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(venv)
    venv.main(["--without-pip", *sys.argv[1:]])
"""

_PIP = """
    import os, pathlib, sys, time
    with open(os.environ["STAND_IN_LOG"], "a", encoding="utf-8") as log:
        print("pip", *sys.argv[1:], file=log)
    for name in ("numpy==2.0", "jupyterlab==4.0"):
        print("Collecting", name, flush=True)
    order = os.environ.get("STAND_IN_PIP", "work")
    if order == "hang":
        pathlib.Path(os.environ["STAND_IN_LOG"] + ".hangs").touch()
        time.sleep(60)
    if order.startswith("say:"):
        print(order[4:])
        sys.exit(1)
    print("Installing collected packages: numpy, jupyterlab", flush=True)
    if order.startswith("then say:"):
        print(order[9:])
        sys.exit(1)
    time.sleep(float(os.environ.get("STAND_IN_PIP_S", 0)))
"""

_JUPYTERLAB = """
    import http.server, json, os, sys
    if os.environ.get("STAND_IN_LAB") == "break":
        sys.exit("ImportError: something is missing")
    options = dict(word.lstrip("-").split("=", 1) for word in sys.argv[1:] if "=" in word)
    token = os.environ["JUPYTER_TOKEN"]
    with open(os.environ["STAND_IN_LOG"], "a", encoding="utf-8") as log:
        print("lab", json.dumps({"arguments": sys.argv[1:], "token": token, "config": os.environ["JUPYTER_CONFIG_DIR"],
                                 "pid": os.getpid(), "executable": sys.executable}), file=log)
    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.headers["Authorization"] == f"token {token}" else 403)
            self.end_headers()
        def log_message(self, *_):
            pass
    try:
        http.server.HTTPServer(("127.0.0.1", int(options["ServerApp.port"])), Server).serve_forever()
    except KeyboardInterrupt:
        pass
"""

_VOILA = """
    import http.server, json, os, sys
    if os.environ.get("STAND_IN_LAB") == "break":
        sys.exit("ImportError: something is missing")
    options = dict(word.lstrip("-").split("=", 1) for word in sys.argv[1:] if "=" in word)
    with open(os.environ["STAND_IN_LOG"], "a", encoding="utf-8") as log:
        print("voila", json.dumps({"arguments": sys.argv[1:], "config": os.environ["JUPYTER_CONFIG_DIR"],
                                   "pid": os.getpid()}), file=log)
    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == options["Voila.base_url"] else 404)
            self.end_headers()
        def log_message(self, *_):
            pass
    try:
        http.server.HTTPServer(("127.0.0.1", int(options["port"])), Server).serve_forever()
    except KeyboardInterrupt:
        pass
"""


# What app mode puts into a queue.
_RENDERER = """
    class NotebookRenderer:
        async def _jinja_cell_generator(self):
            yield ""
"""


class Workshop:
    """A copy of the project in `folder`, and the means to run its start.py with things going wrong."""

    def __init__(self, folder: pathlib.Path, stand_ins: pathlib.Path):
        self.folder, self.stand_ins = folder, stand_ins
        self.log = stand_ins / "log.txt"
        app = folder / "lib" / "liverlab" / "app"
        app.parent.mkdir(parents=True)
        shutil.copytree(ROOT / "lib" / "liverlab" / "app", app, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "lib" / "liverlab" / "__init__.py", app.parent)
        for name in ("start.py", "requirements.txt", "requirements-test.txt"):
            shutil.copy(ROOT / name, folder)
        for name, text in {"venv": _VENV, "pip": _PIP, "jupyterlab": _JUPYTERLAB, "voila": _VOILA}.items():
            (stand_ins / name).mkdir(parents=True)
            (stand_ins / name / "__init__.py").touch()
            (stand_ins / name / "__main__.py").write_text(textwrap.dedent(text), encoding="utf-8")
        (stand_ins / "voila" / "notebook_renderer.py").write_text(textwrap.dedent(_RENDERER), encoding="utf-8")

    def sabotage(self, code: str) -> None:
        """Run `code` at the start of every Python that start.py is or calls."""
        (self.stand_ins / "sitecustomize.py").write_text(textwrap.dedent(code), encoding="utf-8")

    def repair(self) -> None:
        (self.stand_ins / "sitecustomize.py").unlink()

    def begin(self, *arguments: str, **environment: str) -> subprocess.Popen:
        env = dict(os.environ, PYTHONPATH=str(self.stand_ins), STAND_IN_LOG=str(self.log), PYTHONUTF8="1")
        env.update(environment)
        return subprocess.Popen(
            [sys.executable, "start.py", *arguments],
            cwd=self.folder,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            # A terminal of its own, so to speak: Ctrl-C reaches start.py and what it has started, and not pytest.
            **({"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if _WINDOWS else {"start_new_session": True}),
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """(exit code, all that was printed); a server that opens is stopped with Ctrl-C."""
        said = []
        with self.begin(*arguments, **environment) as process:
            watchdog = threading.Timer(60, process.kill)
            watchdog.start()
            for line in process.stdout:
                said.append(line)
                if "Leave this window open" in line:
                    self.interrupt(process)
            watchdog.cancel()
        return process.returncode, "".join(said)

    @staticmethod
    def interrupt(process: subprocess.Popen) -> None:
        """Ctrl-C for `process` and what it has started."""
        if _WINDOWS:
            process.send_signal(signal.CTRL_BREAK_EVENT)
        else:
            os.killpg(process.pid, signal.SIGINT)

    @staticmethod
    def wait_for(condition, limit_s: float = 20.0) -> None:
        """Return as soon as `condition()` is true; fail after `limit_s` seconds."""
        end = time.monotonic() + limit_s
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.02)

    def calls(self, name: str) -> list[str]:
        """What the stand-in `name` was called with, one text per call."""
        if not self.log.exists():
            return []
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [line.removeprefix(f"{name} ") for line in lines if line.startswith(f"{name} ")]


@pytest.fixture
def workshop(tmp_path):
    folder = tmp_path / "liverlab"
    folder.mkdir()
    return Workshop(folder, tmp_path / "stand-ins")


@pytest.fixture
def workshop_in(tmp_path):
    """A workshop in a folder with the name asked for."""

    def make(name: str) -> Workshop:
        folder = tmp_path / name
        folder.mkdir()
        return Workshop(folder, tmp_path / "stand-ins")

    return make
