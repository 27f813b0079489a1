"""Is the hub of deploy/jupyterhub_config.py fit for a class? Two learners try, each in a browser of their own.

    python tools/try_hub.py http://127.0.0.1:8000 ann ben

with LIVERLAB_HUB_WORD set as for the hub, both names in its list, and no answers of theirs yet. Each opens a lesson as
a page and in JupyterLab, predicts something else than the other, has their server stopped, and comes back, at last with
a browser that has never been there. Prints how long each waited; fails if an answer is lost or another's, if one
reaches the server of the other, or if a page asks another machine. Needs Chromium and the test dependencies.
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from browser import lab
from playwright.sync_api import expect, sync_playwright

LESSON = "notebooks/02_pseudoprogression.ipynb"
WAIT_MS = 120_000
SAID = ".lp-predict [role=status]"


class Learner:
    """Somebody of the list with a new browser: logged in."""

    def __init__(self, browser, here: str, name: str) -> None:
        self.here, self.name, self.began = here, name, time.monotonic()
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        self.traffic, self.page = lab.Traffic(context), context.new_page()
        self.page.set_default_timeout(WAIT_MS)
        self.page.goto(f"{here}/hub/login")
        self.page.fill("#username_input", name)
        self.page.fill("#password_input", os.environ["LIVERLAB_HUB_WORD"])
        self.page.click("#login_submit")
        self.page.locator(".la-lessons").wait_for()
        self.tell("logged in, the list of lessons")

    def tell(self, what: str) -> None:
        print(f"{self.name}: {what} {time.monotonic() - self.began:.1f} s")
        self.began = time.monotonic()

    def open_page(self) -> None:
        self.began = time.monotonic()
        self.page.goto(f"{self.here}/user/{self.name}/voila/render/{LESSON}", wait_until="commit")
        self.page.locator(".liverlab-viewer[data-painted]").first.wait_for()
        self.tell("page, first picture")

    def open_lab(self) -> None:
        self.began = time.monotonic()
        # JupyterLab says "idle" before the notebook has a kernel; what is run then may run in part or not at all.
        with self.page.expect_websocket(lambda socket: "/channels" in socket.url):
            self.page.goto(f"{self.here}/user/{self.name}/lab/tree/{LESSON}")
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_text("Run All Cells", exact=True).first.click()
        self.page.locator(".liverlab-viewer[data-painted]").first.wait_for()
        self.tell("JupyterLab, first picture")

    def predict(self, choice: int, sure: str) -> str:
        self.page.locator(".lp-predict .widget-toggle-button").nth(choice).click()
        self.page.locator(".lp-predict").get_by_role("button", name=sure).click()
        expect(self.page.locator(SAID)).to_contain_text("You predicted")
        return self.page.locator(SAID).inner_text()

    def expect(self, said: str) -> None:
        expect(self.page.locator(SAID)).to_have_text(said, timeout=WAIT_MS)

    def restart(self) -> None:
        self.page.goto(f"{self.here}/hub/home")
        self.page.click("#stop")
        expect(self.page.locator("#start")).to_contain_text("Start", timeout=WAIT_MS)
        self.began = time.monotonic()
        self.page.click("#start")
        self.page.locator(".la-lessons").wait_for()
        self.tell("server started again, the list of lessons")


def main() -> None:
    here, *names = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = lab.launch_chromium(playwright)
        learners = [Learner(browser, here.rstrip("/"), name) for name in names]
        said = []
        for number, one in enumerate(learners):
            one.open_page()
            said.append(one.predict(number, ("Guessing", "Certain")[number % 2]))
        assert len(set(said)) == len(said)
        for one, words in zip(learners, said, strict=True):
            one.open_lab()
            one.expect(words)
            one.restart()
            one.open_page()
            one.expect(words)
            elsewhere = Learner(browser, one.here, one.name)
            elsewhere.open_page()
            elsewhere.expect(words)
            assert one.traffic.foreign() + elsewhere.traffic.foreign() == []
        reply = learners[0].page.request.get(f"{here}/user/{names[1]}/voila")
        assert reply.status == 403, f"{names[0]} reaches the server of {names[1]}: {reply.status}"
        browser.close()
    print(f"{len(learners)} learners got back their own answers: " + "; ".join(said))


if __name__ == "__main__":
    main()
