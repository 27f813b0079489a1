"""How large the handouts are and how soon they answer: `python benchmarks/handout.py`, also as results/handout.json.

Every handout is made as `start.py handout` makes it, then opened in Chromium from a folder, in a window of 360 x 740
with the processor slowed down four times, as a phone is slower than a desk (Chrome's own tools call that a mid-range
phone). The exit status is 1 if a bar is missed.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from liverlab.app.handout import __main__ as command
from liverlab.app.handout import page as handout

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from tests.browser import lab  # noqa: E402

RESULTS = Path(__file__).parent / "results" / "handout.json"
SLOWER, VISITS = 4, 5
BARS = {"size": 8.0, "picture": 1.0, "step": 100.0}
# What `performance.now()` says when the first scan is on the screen: counted from the beginning of the navigation.
PAINTED = """() => {
    const at = (entry) => (window.__painted = window.__painted ?? entry);
    document.addEventListener("liverlab-painted", () => at(performance.now()), { once: true });
}"""
STEPS = """async () => {
    const viewer = document.querySelector("[data-view=explore] .liverlab-viewer");
    const took = [];
    for (const control of document.querySelectorAll("input[data-control]")) {
        for (const value of [control.min, control.max, control.min]) {
            if (control.value === value) continue;
            const painted = new Promise((done) => viewer.addEventListener("liverlab-painted", done, { once: true }));
            const began = performance.now();
            control.value = value;
            control.dispatchEvent(new Event("input"));
            await painted;
            took.push(performance.now() - began);
            await new Promise((resolve) => setTimeout(resolve, 1500));
        }
    }
    return took;
}"""


def main() -> int:
    """Make, open and move every handout; 0 if all bars hold."""
    rows = []

    def row(what: str, value: float, unit: str, bar: float | None = None) -> None:
        missed = bar is not None and value > bar
        rows.append({"what": what, "value": round(value, 2), "unit": unit, "bar": bar})
        print(
            f"{what:58} {value:8.2f} {unit:3} {bar if bar is not None else '':>8}  {'MISSED' if missed else ''}",
            flush=True,
        )

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = lab.launch_chromium(playwright)
        for notebook in command.lessons():
            name, path = notebook.stem, Path(folder) / f"{notebook.stem}.html"
            began = time.perf_counter()
            path.write_text(handout.build(notebook), encoding="utf-8")
            row(f"{name}: made in", time.perf_counter() - began, "s")
            row(f"{name}: size", path.stat().st_size / 1e6, "MB", BARS["size"])
            row(f"{name}: slices", path.read_text(encoding="utf-8").count('id="lh-slice-'), "")
            opened, steps = [], []
            for visit in range(VISITS):
                page = chromium.new_page(viewport={"width": 360, "height": 740})
                page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
                page.add_init_script(f"({PAINTED})()")
                page.goto(path.as_uri())
                opened.append(page.wait_for_function("() => window.__painted").json_value() / 1000)
                if visit == 0:
                    page.locator("[data-skip]").click()
                    page.locator("[data-view=explore] [data-settled]").wait_for()
                    steps = page.evaluate(STEPS)
                page.close()
            row(f"{name}: first picture, slowed {SLOWER} times", statistics.median(opened), "s", BARS["picture"])
            row(f"{name}: slider to picture, slowed {SLOWER} times", statistics.median(steps), "ms", BARS["step"])
        chromium.close()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(
        json.dumps({"load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None, "rows": rows}, indent=1)
    )
    return int(any(one["bar"] is not None and one["value"] > one["bar"] for one in rows))


if __name__ == "__main__":
    sys.exit(main())
