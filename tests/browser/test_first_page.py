"""What a person sees after `python3 start.py`: the first notebook, all the width, no news, nothing but localhost."""

import pathlib
import re
import signal
import subprocess
import sys
import threading

import psutil
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        pathlib.Path(sys.prefix) != ROOT / ".venv", reason="start.py has not made .venv here: run python3 start.py test"
    ),
]


@pytest.fixture(scope="module")
def address():
    """The address start.py prints."""
    command = [sys.executable, "start.py", "--no-browser"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        watchdog = threading.Timer(300, process.kill)
        watchdog.start()
        found = next(filter(None, (re.search(r"http://127\.0\.0\.1:\d+/\S+", line) for line in process.stdout)), None)
        assert found, "start.py printed no address"
        yield found.group()
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        watchdog.cancel()
    assert process.returncode == 0


@pytest.fixture
def tab(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.asked = []
    context.on("request", lambda request: page.asked.append(request.url))
    page.on("websocket", lambda socket: page.asked.append(socket.url))
    yield page
    context.close()


def open_first_notebook(tab, address):
    tab.goto(address)
    tab.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell", timeout=60_000)
    # News and update notices come up to some seconds later, if they do.
    tab.wait_for_timeout(5_000)


def test_the_first_notebook_has_all_the_width_and_no_news(tab, address):
    open_first_notebook(tab, address)
    assert tab.locator(".lm-DockPanel-tabBar .lm-mod-current").inner_text().strip() == "00_start_here.ipynb"
    assert tab.locator(".jp-Notebook").first.bounding_box()["width"] > 1150
    assert not tab.locator("#jp-left-stack").is_visible()
    assert not tab.locator("#jp-right-stack").is_visible()
    assert not tab.locator("#jp-main-statusbar").is_visible()
    assert tab.locator(".Toastify__toast, .jp-Dialog").count() == 0
    assert tab.locator(".jp-CodeCell .jp-Editor:visible").count() == 0


def test_page_and_server_talk_to_this_machine_only(tab, address):
    open_first_notebook(tab, address)
    assert len(tab.asked) > 20
    assert [url for url in tab.asked if not re.match(r"(https?|ws)://127\.0\.0\.1:|data:|blob:", url)] == []
    assert [url for url in tab.asked if "/lab/api/news" in url or "/lab/api/update" in url] == []
    port = int(re.search(r":(\d+)/", address).group(1))
    listening = [c for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN and c.laddr.port == port]
    assert {c.laddr.ip for c in listening} == {"127.0.0.1"}


def test_without_the_token_there_is_only_a_login(tab, address):
    tab.goto(address.split("?")[0])
    assert "/login" in tab.url
    assert tab.request.get(address.split("/lab/")[0] + "/api/contents").status == 403
