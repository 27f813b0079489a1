"""How long a learner waits: key press to paint in real JupyterLab and Voilà: the lesson, a demo, two peers.

`python benchmarks/latency.py` prints a table and writes benchmarks/results/latency.json; the exit status is 1 if a bar
is missed. Times run from the key event's own time stamp to the task after the frame that shows the answer; medians of
40 presses. Needs Chromium and the test dependencies.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import lab  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

PRESSES = 40
RESULTS = Path(__file__).parent / "results" / "latency.json"
LESSON = ROOT / "notebooks" / "02_pseudoprogression.ipynb"
BARS_MS = {  # (median, p95) as in the design
    "lesson slider to picture": (35, 60),
    "lesson slider to everything settled": (75, None),
    "scroll": (16.7, None),
    "window": (16.7, None),
    "coronal scroll": (16.7, None),
    "visit cursor": (16.7, None),
    "Voilà: lesson slider to picture": (35, 60),
    "Voilà: lesson slider to everything settled": (60, None),
}
BAR_REST_BYTES = 2_000_000

DEMO = "from liverlab.ui.viewer.demo import demo_page\ndemo_page()"
PEERS = """
import struct, zlib
import ipywidgets, numpy as np
import plotly.graph_objects as go
from liverlab.ui.viewer import demo
held = {value: demo.disc_slice(256, 0.0, value) for value in range(40, 91)}

def png(hu):
    grey = np.clip((hu.astype(np.float32) + 15) * 1.7, 0, 255).astype(np.uint8)
    rows = np.hstack([np.zeros((256, 1), np.uint8), grey]).tobytes()
    chunk = lambda name, data: struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    head = struct.pack(">IIBBBBB", 256, 256, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")
    return b"\\x89PNG\\r\\n\\x1a\\n" + body

image = ipywidgets.Image(value=png(held[60]), width=378)
by_image = ipywidgets.IntSlider(value=60, min=40, max=90, description="image")
by_image.observe(lambda change: setattr(image, "value", png(held[change["new"]])), "value")
figure = go.FigureWidget(go.Heatmap(z=held[60], colorscale="gray", zmin=-15, zmax=135, showscale=False))
figure.update_layout(width=378, height=378)
by_figure = ipywidgets.IntSlider(value=60, min=40, max=90, description="figure")
by_figure.observe(lambda change: setattr(figure.data[0], "z", held[change["new"]]), "value")
box = ipywidgets.VBox([by_image, by_figure, image, figure])
box.add_class("peers")
box
"""

# Collects, per key press, when the things of interest happened.
WATCH = """() => {
  const empty = { key: 0, painted: null, settled: null, drawn: null, changed: null, image: null, plot: null };
  const log = window.bench = { ...empty };
  window.addEventListener('keydown', (event) => {
    Object.assign(log, empty);
    log.key = event.timeStamp;
  }, true);
  const note = (name) => () => { if (log[name] === null) log[name] = performance.now(); };
  for (const name of ['painted', 'settled', 'drawn']) document.addEventListener('liverlab-' + name, note(name), true);
  new MutationObserver((records) => {
    const words = (record) => {
      const at = record.target.nodeType === 1 ? record.target : record.target.parentElement;
      return at && at.closest('.liverlab') && !at.closest('.ll-pane, .ll-live, .ll-chip');
    };
    if (records.some(words)) log.changed = performance.now();
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
  const task = (name) => requestAnimationFrame(() => { const c = new MessageChannel();
    c.port1.onmessage = note(name); c.port2.postMessage(null); });
  document.addEventListener('load', (event) => { if (event.target.tagName === 'IMG') task('image'); }, true);
  for (const plot of document.querySelectorAll('.peers .js-plotly-plot')) {
    plot.on('plotly_afterplot', () => task('plot'));
  }
}"""


def quantiles(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "median_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 1),
        "presses": len(ordered),
    }


def press_all(page, keys, wanted: str, pause_ms: int = 20) -> dict[str, list[float]]:
    """Press each key, wait for ``wanted``, let the rest arrive; times since the key event by name."""
    times: dict[str, list[float]] = {}
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_function(f"() => window.bench.{wanted} !== null", timeout=15_000)
        page.wait_for_timeout(pause_ms)
        log = page.evaluate("() => window.bench")
        for name, at in log.items():
            if name != "key" and at is not None:
                times.setdefault(name, []).append(at - log["key"])
        settled = [log[name] for name in ("settled", "changed") if log[name] is not None]
        if settled:
            times.setdefault("everything", []).append(max(settled) - log["key"])
    return times


def there_and_back(up: str, down: str, run: int = 5) -> list[str]:
    """Forty presses that stay near where they began."""
    return [(up, down)[(i // run) % 2] for i in range(PRESSES)]


def slider(page, name: str | None = None):
    handles = page.locator(".liverlab .noUi-handle" if name is None else f".noUi-handle[aria-label^='{name}']")
    handle = handles.locator("visible=true").first
    handle.scroll_into_view_if_needed()
    handle.focus()
    return handle


def wait_idle(page, ms: int = 2500):
    page.wait_for_timeout(ms)


def measure_viewer(page, prefix: str, visit_name: str) -> dict[str, dict]:
    rows = {}
    slider(page)
    press_all(page, there_and_back("ArrowRight", "ArrowLeft")[:6], "settled")
    moved = press_all(page, there_and_back("ArrowRight", "ArrowLeft"), "settled")
    rows[f"{prefix}slider to picture"] = quantiles(moved["painted"])
    rows[f"{prefix}slider to everything settled"] = quantiles(moved["everything"])
    wait_idle(page)
    pane = page.locator(".ll-pane[data-pane=current]:visible").last
    pane.focus()
    wait_idle(page, 6000)  # neighbours arrive while somebody is about to scroll
    rows[f"{prefix}scroll"] = quantiles(
        press_all(page, there_and_back("ArrowUp", "ArrowDown", 2), "drawn", 40)["drawn"]
    )
    page.keyboard.press("w")
    rows[f"{prefix}window"] = quantiles(
        press_all(page, there_and_back("ArrowRight", "ArrowLeft"), "drawn", 40)["drawn"]
    )
    page.keyboard.press("s")
    wait_idle(page)
    rows[f"{prefix}key to a whole coronal volume of both panes"] = coronal(page)
    rows[f"{prefix}coronal scroll"] = quantiles(
        press_all(page, there_and_back("ArrowUp", "ArrowDown", 2), "drawn", 40)["drawn"]
    )
    for _ in range(2):
        page.keyboard.press("v")
    wait_idle(page)
    slider(page, visit_name)
    page.keyboard.press("Home")
    wait_idle(page, 3000)
    keys = there_and_back("ArrowRight", "ArrowLeft", 2)
    rows[f"{prefix}visit cursor"] = quantiles(press_all(page, keys, "drawn", 250)["drawn"])
    return rows


def coronal(page) -> dict[str, float]:
    """Time from the key to the last of the slices, asked for once: an explicit request, without a bar."""
    start = time.perf_counter()
    page.keyboard.press("v")
    page.wait_for_function(
        """() => [...document.querySelectorAll('.ll-pane[data-plane=coronal]')].some((pane) => pane.offsetParent
        && pane.hasAttribute('data-slice') && !pane.querySelector('.ll-burnt').textContent.includes('…')
        && pane.parentNode.querySelector('.ll-volume').hidden)""",
        timeout=60_000,
    )
    return quantiles([1000 * (time.perf_counter() - start)])


def rest_bytes(page, received: list[int]) -> int:
    """Bytes on the page's sockets from one slider step until nothing more comes."""
    slider(page)
    wait_idle(page, 4000)
    before = sum(received)
    page.keyboard.press("ArrowRight")
    wait_idle(page, 5000)
    return sum(received) - before


def open_page(context, server, notebook: str, received: list[int]):
    page = context.new_page()
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    lab.open_notebook(page, server, notebook)
    page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    return page


@contextmanager
def voila(notebook: Path, private: Path):
    """The notebook as an app on a free local port; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"LIVERLAB_GATE": "open", "LIVERLAB_HOME": str(private / "voila-answers")}
    environment |= {f"JUPYTER_{name}_DIR": str(private / f"voila-{name}") for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [sys.executable, "-m", "voila", notebook.name, "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    with (private / "voila.log").open("w") as log:
        process = subprocess.Popen(command, cwd=notebook.parent, env=environment, stdout=log, stderr=log)
        try:
            for _ in range(300):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait()


def measure_voila(browser, notebook: Path, private: Path) -> dict[str, dict]:
    with voila(notebook, private) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(address, timeout=60_000)
        page.wait_for_selector(".liverlab-viewer[data-settled]", timeout=90_000)
        wait_idle(page, 6000)
        page.evaluate(WATCH)
        slider(page)
        press_all(page, there_and_back("ArrowRight", "ArrowLeft")[:6], "settled")
        moved = press_all(page, there_and_back("ArrowRight", "ArrowLeft"), "settled")
        page.close()
    return {
        "Voilà: lesson slider to picture": quantiles(moved["painted"]),
        "Voilà: lesson slider to everything settled": quantiles(moved["everything"]),
    }


def measure() -> dict:
    with tempfile.TemporaryDirectory() as folder:
        notebooks, private = Path(folder, "notebooks"), Path(folder, "jupyter")
        notebooks.mkdir()
        private.mkdir()
        lab.write_notebook(notebooks / "demo.ipynb", DEMO)
        lab.write_notebook(notebooks / "peers.ipynb", PEERS)
        shutil.copy(LESSON, notebooks / "lesson.ipynb")
        environment = {"LIVERLAB_GATE": "open"}
        with lab.LabServer(notebooks, private, environment) as server, sync_playwright() as playwright:
            browser = lab.launch_chromium(playwright)
            context = browser.new_context(viewport={"width": 1280, "height": 720})
            rows, received = {}, []
            page = open_page(context, server, "lesson.ipynb", received)
            page.wait_for_selector(".liverlab-viewer[data-settled]", timeout=90_000)
            wait_idle(page, 6000)
            page.evaluate(WATCH)
            rows |= measure_viewer(page, "lesson ", "Visit")
            bytes_per_rest = rest_bytes(page, received)
            page.close()
            page = open_page(context, server, "demo.ipynb", [])
            page.wait_for_selector(".liverlab-viewer[data-settled]", timeout=60_000)
            wait_idle(page)
            page.evaluate(WATCH)
            rows |= measure_viewer(page, "demo ", "Visit")
            page.close()
            page = open_page(context, server, "peers.ipynb", [])
            page.wait_for_selector(".peers .js-plotly-plot .main-svg", timeout=60_000, state="attached")
            wait_idle(page)
            page.evaluate(WATCH)
            peers = (("peer: ipywidgets.Image PNG", "image"), ("peer: plotly FigureWidget heatmap", "plot"))
            for number, (name, event) in enumerate(peers):
                page.locator(".peers .noUi-handle").nth(number).focus()
                times = press_all(page, there_and_back("ArrowRight", "ArrowLeft"), event)
                rows[name] = quantiles(times[event])
            rows |= measure_voila(browser, notebooks / "lesson.ipynb", private)
            browser.close()
    return {"machine": platform.platform(), "rows": rows, "rest_bytes": bytes_per_rest}


def bar_of(name: str) -> tuple[float | None, float | None]:
    for key, bar in BARS_MS.items():
        if name == key or name == f"lesson {key}":
            return bar
    return None, None


def report(result: dict) -> bool:
    print(f"{'key press to paint':44} {'median':>8} {'p95':>8} {'bar':>8}")
    good = True
    for name, row in result["rows"].items():
        median_bar, p95_bar = bar_of(name)
        row["bar_median_ms"], row["bar_p95_ms"] = median_bar, p95_bar
        row["met"] = (median_bar is None or row["median_ms"] <= median_bar) and (
            p95_bar is None or row["p95_ms"] <= p95_bar
        )
        good = good and row["met"]
        bar = "" if median_bar is None else f"{median_bar:g}"
        print(f"{name:44} {row['median_ms']:8.1f} {row['p95_ms']:8.1f} {bar:>8} {'' if row['met'] else 'MISSED'}")
    met = result["rest_bytes"] <= BAR_REST_BYTES
    verdict = "" if met else "MISSED"
    print(f"bytes on the wire per slider rest: {result['rest_bytes']:,} (bar {BAR_REST_BYTES:,}) {verdict}")
    ours = result["rows"]["demo slider to picture"]["median_ms"]
    for name, row in result["rows"].items():
        if name.startswith("peer"):
            row["times_ours"] = round(row["median_ms"] / ours, 2)
            print(f"{name} takes {row['times_ours']:.1f} times as long as our two panes")
    return good and met


def main() -> int:
    result = measure()
    good = report(result)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
