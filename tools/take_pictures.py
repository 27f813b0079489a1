"""Take the pictures that README and notebooks show, from the real page. Run it after a page has changed its look.

    .venv/bin/python tools/take_pictures.py                  all lessons
    .venv/bin/python tools/take_pictures.py 02_pseudoprogression
    .venv/bin/python tools/take_pictures.py teacher

Needs the test environment (`python3 start.py test` makes it) and Chromium.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from tests.browser import lab  # noqa: E402  (the tests know how to start JupyterLab and Chromium)

from liverlab import evidence  # noqa: E402

IMAGES = ROOT / "notebooks" / "images"
README_SHOWS = "02_pseudoprogression"
TEACHER, FOUR_WAYS = "teacher", "four_ways"
WAIT_MS = 8000  # until curves and still pictures are drawn


def main(lessons: list[str]) -> None:
    """Photograph the two scans of each lesson's hook, the explore cell of the one that README shows, and a class."""
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as private,
        # A copy: JupyterLab saves what it has run.
        lab.LabServer(copy_of_notebooks(Path(private)), Path(private), {"LIVERLAB_GATE": "open"}) as server,
        sync_playwright() as playwright,
    ):
        browser = lab.launch_chromium(playwright)
        for lesson in lessons or [*sorted(evidence.load().lessons), FOUR_WAYS, TEACHER]:
            # Four panes of a narrower page: a picture in a notebook stays below 500 kB.
            page = browser.new_page(viewport={"width": 1040 if lesson == FOUR_WAYS else 1280, "height": 1100})
            lab.open_notebook(page, server, f"{lesson}.ipynb")
            page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
            if lesson == TEACHER:
                page.locator("button", has_text="Try it").first.click(timeout=60_000)
                page.locator(".lp-bar").first.wait_for(timeout=30_000)
                take(page, ".liverlab:has(> .lp-html .lp-bar)", f"{lesson}.png")
                continue
            page.wait_for_selector(".ll-stage canvas" if lesson == FOUR_WAYS else ".lp-lesson canvas", timeout=120_000)
            page.wait_for_timeout(WAIT_MS)
            take(page, ".ll-stage", f"{lesson}.png")
            if lesson == README_SHOWS:
                take(page, ".lp-lesson", "lesson_page.png")
            page.close()
        browser.close()


def copy_of_notebooks(private: Path) -> Path:
    """The notebooks in a folder of their own."""
    return Path(shutil.copytree(ROOT / "notebooks", private / "notebooks"))


def take(page, selector: str, name: str) -> None:
    """Photograph the first element that matches."""
    element = page.locator(selector).first
    element.evaluate("element => element.scrollIntoView({ block: 'start' })")
    page.wait_for_timeout(1500)
    element.screenshot(path=str(IMAGES / name))
    print(name, (IMAGES / name).stat().st_size // 1000, "kB")


if __name__ == "__main__":
    main(sys.argv[1:])
