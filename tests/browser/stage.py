"""The viewer in a bare page, without JupyterLab: the real Python widget answers, messages travel through Playwright.

Fast enough for one page per test. What JupyterLab itself adds (comms, themes, shortcuts) is tested with ``lab.py``.
"""

import base64
import json
import time
from pathlib import Path

from liverlab.ui.viewer import Viewer, assets

ADDRESS = "http://localhost:9/stage"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Viewer on a stage</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{margin:8px;font-family:sans-serif} h1{font-size:14px} CSS</style></head>
<body data-jp-theme-light="true"><main><h1>Stage</h1><div id="host"></div></main></body></html>"""

MOUNT = Path(__file__).with_name("stage.js").read_text(encoding="utf-8")


class Stage:
    """A page with one viewer. ``viewer`` is the Python widget; ``move`` changes a control as a learner would."""

    def __init__(self, page, viewer: Viewer, controls=None, width=None):
        self.page, self.viewer, self.controls = page, viewer, controls or {}
        self._outbox, self._from_page = [], False
        self.errors, self.errors_expected = [], False  # a kernel logs what a callback raises and goes on
        viewer.send = self._send
        viewer.observe(self._trait_changed, ["measurement", "notes", "position", "truth", "_initial"])
        page.expose_function("kernel", self._answer)
        html = PAGE.replace("CSS", assets.style())
        page.route(ADDRESS, lambda route: route.fulfill(body=html, content_type="text/html"))
        self.open(width)

    def open(self, width=None):
        self._outbox.clear()
        self.page.goto(ADDRESS)
        if width:
            self.page.evaluate("(w) => document.getElementById('host').style.width = w + 'px'", width)
        ids = list(self.controls)
        visit = [name for name, control in self.controls.items() if control is self.viewer.visit_control]
        state = {
            "config": self.viewer.config,
            "position": self.viewer.position,
            "measurement": self.viewer.measurement,
            "notes": self.viewer.notes,
            "truth": self.viewer.truth,
            "_initial": {},
            "controls": [f"IPY_MODEL_{name}" for name in ids],
            "visit_control": f"IPY_MODEL_{visit[0]}" if visit else None,
            "control_values": {name: control.value for name, control in self.controls.items()},
        }
        self.page.evaluate(MOUNT.split("\n", 1)[1], {"script": assets.script(), "state": state})

    def _send(self, content, buffers=()):
        encoded = [base64.b64encode(bytes(buffer)).decode() for buffer in buffers or ()]
        self._outbox.append({"content": json.loads(json.dumps(content)), "buffers": encoded})

    def _trait_changed(self, change):
        if not self._from_page and change.name != "_initial":
            self._outbox.append({"state": {change.name: change.new}})

    def _answer(self, message):
        self._from_page = "changed" in message
        try:
            if "changed" in message:
                self.viewer.set_state(message["changed"])
            elif "control" in message:
                self.controls[message["control"]].value = message["value"]
            else:
                self.viewer._receive(self.viewer, message["content"], [])
        except Exception as error:
            if not self.errors_expected:
                raise
            self.errors.append(error)
        finally:
            self._from_page = False
        sent, self._outbox = self._outbox, []
        return sent

    def flush(self):
        """Deliver what Python has sent by itself."""
        sent, self._outbox = self._outbox, []
        self.page.evaluate("(messages) => window.stage.deliver(messages)", sent)

    def show(self, frame, pictures=()):
        self.viewer.show(frame, pictures)
        self.flush()
        self.painted(frame["version"])

    def painted(self, version):
        self.page.wait_for_selector(f".liverlab-viewer[data-painted='{version}']")

    def move(self, control, value):
        self.page.evaluate("([name, value]) => void window.stage.controls[name].move(value)", [control, value])

    def until(self, condition, limit_s=10.0):
        """Let the page run until the Python side says so; a test that waits for ever fails here."""
        end = time.monotonic() + limit_s
        while not condition():
            assert time.monotonic() < end, "the viewer never got there"
            self.page.wait_for_timeout(20)

    def sent(self, kind):
        return self.page.evaluate("(kind) => window.stage.sent.filter((m) => m.type === kind)", kind)

    def pane(self, name):
        return self.page.locator(f".ll-pane[data-pane={name}]")

    def pure(self, expression):
        return self.page.evaluate(f"() => {{ const p = window.pure; return {expression}; }}")
