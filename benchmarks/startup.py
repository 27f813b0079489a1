"""How long until something is on the screen: `python benchmarks/startup.py` prints, and writes results/startup.json.

Rows: the first picture in a fresh kernel (time, memory, and that nothing heavy was loaded), JupyterLab and Voila from
the start of the server to the first control (Voila also with a page that stands ready), and with `--fresh` also
start.py on a machine that has nothing yet (a copy of the project, a new environment, some 150 MB of download).
`--only kernel` and so on chooses.

The exit status is 1 if a bar is missed. The bars are for two cores with nothing else to do; the load is printed too.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from jupyter_client.manager import KernelManager

from liverlab.app import appmode, jupyterlab
from liverlab.app import server as ports

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results" / "startup.json"
LESSON = "02_pseudoprogression.ipynb"
SLIDER = ".liverlab .widget-slider .noUi-handle"
FRESH_KERNELS = 5
WARM_UP_S = 20.0
HEAVY = ("pandas", "scipy", "plotly")
BARS = {"first picture": 0.8, "memory": 130.0, "heavy": 0, "lab": 12.0, "app": 6.0, "warm": 2.5, "fresh": 90.0}
FIRST_PICTURE = """
import time
began, cpu = time.perf_counter(), time.process_time()
from liverlab.lessons import pseudoprogression
lesson = pseudoprogression.open_lesson()
lesson.start()
hook = lesson.hook()
took_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
import os, sys
print(took_s, cpu_s, os.getpid(), *[name for name in {heavy} if name in sys.modules])
"""


def fresh_kernel() -> tuple[float, float, float, list[str]]:
    """Of a new kernel: seconds to the first picture, CPU seconds of it, MB it then holds, heavy packages loaded."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(ROOT / "notebooks"), stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    said: list[str] = []
    try:
        client.wait_for_ready(timeout=60)
        reply = client.execute_interactive(
            FIRST_PICTURE.format(heavy=HEAVY),
            timeout=120,
            output_hook=lambda message: said.append(message["content"].get("text", "")),
        )
        if reply["content"]["status"] != "ok":
            sys.exit("The kernel answered: " + "\n".join(reply["content"]["traceback"]))
        took_s, cpu_s, pid, *heavy = "".join(said).split()
        return float(took_s), float(cpu_s), psutil.Process(int(pid)).memory_info().rss / 1e6, heavy
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@contextmanager
def server(command: list[str], env: dict[str, str], address: str) -> Iterator[float]:
    """Run a server until it answers at `address`; gives the moment it was started."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except urllib.error.HTTPError:
                break  # it asks for the token: it is there
            except OSError:
                if process.poll() is not None:
                    sys.exit(f"{command[2]} ended with exit code {process.returncode}.")
                time.sleep(0.05)
        yield began
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def tab() -> Iterator:
    """A page of a Chromium that is already running: a person's browser is."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not installed; --only kernel measures without it.")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser.new_page(viewport={"width": 1280, "height": 720})
        browser.close()


def lab(scratch: Path) -> float:
    """Seconds from starting JupyterLab to the first slider of the lesson, run at once."""
    port = ports.free_port(jupyterlab.FIRST_PORT)
    jupyterlab.write_server_settings(scratch / "config")
    env = dict(os.environ, JUPYTER_CONFIG_DIR=str(scratch / "config"), JUPYTER_TOKEN="bench")
    env.update(LIVERLAB_HOME=str(scratch / "home"), LIVERLAB_GATE="open")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.port={port}"]
    command += [f"--ServerApp.root_dir={ROOT}", "--LabApp.expose_app_in_browser=True"]
    here = f"http://127.0.0.1:{port}"
    with tab() as page, server(command, env, f"{here}/api") as began:
        page.goto(f"{here}/lab/workspaces/bench/tree/notebooks/{LESSON}?token=bench")
        page.wait_for_function(
            """() => { const w = window.jupyterapp?.shell.currentWidget;
              return w?.context?.isReady && w.sessionContext?.session?.kernel?.connectionStatus === 'connected'; }""",
            timeout=90_000,
        )
        page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        page.wait_for_selector(SLIDER, timeout=90_000)
        return time.perf_counter() - began


def app(scratch: Path, warm: bool = False) -> tuple[float, float, float]:
    """Of app mode: seconds from starting the server, and from opening the lesson, to its first slider; MB of kernels.

    `warm` waits until a page of every lesson stands ready before it opens one.
    """
    port = ports.free_port(appmode.FIRST_PORT)
    appmode.write_app_settings(scratch / "prefix")
    env = dict(os.environ, JUPYTER_CONFIG_DIR=str(scratch / "config"))
    env.update(
        JUPYTER_PATH=str(scratch / "prefix/share/jupyter"), JUPYTER_CONFIG_PATH=str(scratch / "prefix/etc/jupyter")
    )
    env.update(LIVERLAB_HOME=str(scratch / "home"), LIVERLAB_GATE="open")
    command = [*appmode.voila_command(sys.executable, ROOT / "notebooks", port, warm=warm), "--no-browser"]
    here = f"http://127.0.0.1:{port}/"
    with tab() as page, server(command, env, here) as began:
        if warm:
            time.sleep(WARM_UP_S)
        opened = time.perf_counter()
        page.goto(f"{here}voila/render/{LESSON}", wait_until="commit", timeout=90_000)
        page.wait_for_selector(SLIDER, timeout=90_000)
        done = time.perf_counter()
        return done - began, done - opened, _kernels_mb()


def _kernels_mb() -> float:
    """MB of all kernels below this process."""
    held = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            if "ipykernel_launcher" in " ".join(process.cmdline()):
                held += process.memory_info().rss / 1e6
        except psutil.NoSuchProcess:
            continue
    return held


def fresh(scratch: Path) -> float:
    """Seconds start.py takes in a copy of the project that has no environment yet, until its page answers."""
    copy = scratch / "liverlab"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv*", "__pycache__", "results"))
    base = getattr(sys, "_base_executable", sys.executable)
    began = time.perf_counter()
    command = [base, "start.py", "--no-browser"]
    with subprocess.Popen(command, cwd=copy, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        for line in process.stdout:
            if "http://127.0.0.1" in line:
                break
        took = time.perf_counter() - began
        process.terminate()
        process.stdout.read()
    return took


def measure(rows: list[str]) -> list[dict]:
    """One row per measurement: what, value, unit, bar."""
    found = []

    def row(what: str, value: float, unit: str, bar: float | None) -> None:
        found.append({"what": what, "value": round(value, 3), "unit": unit, "bar": bar})

    if "kernel" in rows:
        kernels = [fresh_kernel() for _ in range(FRESH_KERNELS)]
        times, cpu, sizes, loaded = zip(*kernels, strict=True)
        row("import and first picture in a fresh kernel", statistics.median(times), "s", BARS["first picture"])
        row("CPU time of it", statistics.median(cpu), "s", None)
        row("memory of that kernel", statistics.median(sizes), "MB", BARS["memory"])
        row(f"of {', '.join(HEAVY)} loaded by then", len(set().union(*loaded)), "", BARS["heavy"])
    for name, call, what in (
        ("lab", lab, "JupyterLab: server start to first control"),
        ("fresh", fresh, "start.py on a fresh machine to a page"),
    ):
        if name in rows:
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
                row(what, call(Path(scratch)), "s", BARS[name])
    if "app" in rows:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
            from_start, from_opening, held = app(Path(scratch))
        row("Voila: server start to first control", from_start, "s", BARS["app"])
        row("Voila: opening a lesson to first control", from_opening, "s", BARS["app"])
        row("memory of its kernel", held, "MB", None)
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
            _, from_opening, held = app(Path(scratch), warm=True)
        row("... of a lesson that stands ready (--warm)", from_opening, "s", BARS["warm"])
        row("memory of all kernels that stand ready", held, "MB", None)
    return found


def missed(row: dict) -> bool:
    return row["bar"] is not None and row["value"] > row["bar"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fresh", action="store_true", help="also time start.py on a fresh copy (downloads)")
    parser.add_argument("--only", choices=("kernel", "lab", "app", "fresh"), action="append", help="only these rows")
    options = parser.parse_args()
    rows = measure(options.only or ["kernel", "lab", "app", *(["fresh"] if options.fresh else [])])
    print(f"{'what':46} {'value':>8} {'unit':4} {'bar':>6}")
    for one in rows:
        bar = "" if one["bar"] is None else f"{one['bar']:g}"
        print(f"{one['what']:46} {one['value']:8.2f} {one['unit']:4} {bar:>6}  {'MISSED' if missed(one) else ''}")
    load = psutil.getloadavg()
    print(f"load {load[0]:.1f} on {os.cpu_count()} cores")
    RESULTS.parent.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    RESULTS.write_text(json.dumps({"machine": machine, "load": load, "rows": rows}, indent=1) + "\n")
    return int(any(map(missed, rows)))


if __name__ == "__main__":
    sys.exit(main())
