"""Take the pictures that README and notebooks show, from the real page. Run it after the page has changed its look.

    .venv/bin/python tools/take_pictures.py

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

IMAGES = ROOT / "notebooks" / "images"
WAIT_MS = 8000  # until curves and still pictures are drawn


def main() -> None:
    """Photograph the two scans of the hook and the explore cell of the first lesson."""
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as private,
        # A copy: JupyterLab saves what it has run.
        lab.LabServer(copy_of_notebooks(Path(private)), Path(private), {"LIVERLAB_GATE": "open"}) as server,
        sync_playwright() as playwright,
    ):
        browser = lab.launch_chromium(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 1100})
        lab.open_notebook(page, server, "02_pseudoprogression.ipynb")
        page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
        page.wait_for_selector(".lp-lesson canvas", timeout=120_000)
        page.wait_for_timeout(WAIT_MS)
        take(page, ".ll-stage", "02_pseudoprogression.png")
        take(page, ".lp-lesson", "lesson_page.png")
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
    main()
