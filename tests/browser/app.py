"""App mode as `start.py app` serves it, or inside a Jupyter server as on Binder and hubs; counts its kernels."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from liverlab.app import appmode, server

from . import lab

ROOT = Path(__file__).parents[2]
# How many messages the page has sent to its kernel, and how many times the kernel was done with one.
TALK = """(() => {
    const talk = (window.liverlabTalk = { sent: 0, done: 0 });
    const done = /"execution_state": ?"idle"/;
    window.WebSocket = class extends WebSocket {
        constructor(...where) {
            super(...where);
            this.addEventListener("message", ({ data }) => {
                const size = data.length ?? data.byteLength ?? Infinity; // such a message is short; a picture is not
                if (size >= 5000) return;
                if (done.test(typeof data === "string" ? data : new TextDecoder().decode(data))) talk.done += 1;
            });
        }
        send(data) { talk.sent += 1; super.send(data); }
    }; })()"""
# No change of the page for a while.
STILL = """(ms) => new Promise((still) => {
    let waiting = setTimeout(end, ms);
    const watch = new MutationObserver(() => { clearTimeout(waiting); waiting = setTimeout(end, ms); });
    watch.observe(document.querySelector(".jupyter-widget-tab") ?? document.body, { childList: true, subtree: true });
    function end() { watch.disconnect(); still(); } })"""
SAID_TOO_LATE = "Cannot send"  # a page that is left may still have something to say to its kernel


@contextlib.contextmanager
def watched_page(browser):
    """A new page of 1280 x 720, its `traffic` watched: no other host, and no error, until it is closed."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    traffic, page = lab.Traffic(context), context.new_page()
    page.traffic = traffic
    page.add_init_script(TALK)
    yield page
    context.close()
    assert traffic.foreign() == []
    assert [error for error in traffic.errors if error != SAID_TOO_LATE] == []


def open_everything(page):
    """Every tab opened once, so that it is filled, then all of them one below the other; every fold open."""
    page.evaluate(STILL, 300)
    tabs = page.locator(".liverlab .lm-TabBar-tab:visible").all()
    behind = page.evaluate("() => liverlabTalk.sent - liverlabTalk.done")
    for tab in tabs[1:] + tabs[:1]:  # the first one is open
        sent = page.evaluate("() => liverlabTalk.sent")
        tab.click()
        page.wait_for_function(
            "([sent, behind]) => liverlabTalk.sent > sent && liverlabTalk.sent - liverlabTalk.done <= behind",
            arg=[sent, behind],
        )
    for fold in page.locator(".liverlab .jupyter-widget-Collapse-header:visible").all():
        fold.click()
    page.evaluate("() => document.querySelectorAll('.liverlab details').forEach((one) => { one.open = true; })")
    shown = ".widget-tab-contents > .lm-mod-hidden.lm-mod-hidden.lm-mod-hidden { display: block !important; }"
    page.add_style_tag(content=shown)
    page.evaluate(STILL, 300)


class AppServer:
    """Voilà in its own process, with settings of its own; a context manager.

    `inside` puts it into a Jupyter server on the whole repository, where Binder and JupyterHub have it.
    """

    def __init__(self, private: Path, inside: bool = False, **options):
        self.private, self.inside, self.options = Path(private), inside, options
        self.base_url = options.get("base_url", "/")

    def __enter__(self):
        settings = self.private / "prefix"
        appmode.write_app_settings(settings)
        self.port = server.free_port(8900)
        self.here = f"http://127.0.0.1:{self.port}"
        env = os.environ | {
            "JUPYTER_PATH": str(settings / "share" / "jupyter"),
            "JUPYTER_CONFIG_PATH": str(settings / "etc" / "jupyter"),
            "JUPYTER_CONFIG_DIR": str(self.private / "config"),
            "JUPYTER_RUNTIME_DIR": str(self.private / "runtime"),
            "LIVERLAB_HOME": str(self.private / "answers"),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        self.log = (self.private / "server.log").open("w")
        command = self._inside_jupyter() if self.inside else self._alone()
        self.process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=self.log, stderr=subprocess.STDOUT)
        self._wait(60.0)
        return self

    def _alone(self):
        command = appmode.voila_command(sys.executable, ROOT / "notebooks", self.port, **self.options)
        return [*command, "--no-browser"]

    def _inside_jupyter(self):
        return [
            *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", f"--ServerApp.port={self.port}"),
            *("--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=", f"--ServerApp.base_url={self.base_url}"),
            *(f"--ServerApp.root_dir={ROOT}", "--ServerApp.jpserver_extensions={'voila.server_extension': True}"),
        ]

    def _wait(self, limit_s):
        end = time.monotonic() + limit_s
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError, urllib.error.URLError):
                urllib.request.urlopen(self.front, timeout=10).close()
                return
            time.sleep(0.05)
        raise RuntimeError("The app did not start: " + (self.private / "server.log").read_text()[-2000:])

    @property
    def front(self) -> str:
        """The address of the front page: what a person opens, or `urlpath=voila` of Binder."""
        return f"{self.here}{self.base_url}{'voila' if self.inside else ''}"

    def lesson(self, name: str) -> str:
        return f"{self.here}{self.base_url}voila/render/{'notebooks/' if self.inside else ''}{name}.ipynb"

    def kernels(self) -> list[psutil.Process]:
        """The kernels that are running."""
        found = []
        for process in psutil.Process(self.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if "ipykernel_launcher" in " ".join(process.cmdline()):
                    found.append(process)
        return found

    def foreign_connections(self) -> list[str]:
        """Addresses of other machines that the server or a kernel is talking to."""
        found = []
        for process in [psutil.Process(self.process.pid), *self.kernels()]:
            with contextlib.suppress(psutil.NoSuchProcess):
                for one in process.net_connections(kind="inet"):
                    if one.raddr and not one.raddr.ip.replace("::ffff:", "").startswith(("127.", "::1")):
                        found.append(f"{process.name()} -> {one.raddr.ip}:{one.raddr.port}")
        return found

    def __exit__(self, *_):
        kernels = self.kernels()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for kernel in kernels:
            with contextlib.suppress(psutil.NoSuchProcess):
                kernel.kill()
        self.log.close()
