"""Running a server of our own for somebody at this machine: a free port, a log, an address, a clean end."""

import contextlib
import dataclasses
import errno
import os
import pathlib
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from liverlab.app.problem import Problem

_PORTS_TRIED = 100
_START_WAIT_S = 90


@dataclasses.dataclass(frozen=True)
class Plan:
    """How to start one server on a port that is known: what `run` needs.

    `answers_at` is asked, with `token` if there is one, until the server is there; `page` is where its user goes;
    `log` names the file in .venv that takes all it says.
    """

    command: list[str]
    env: dict[str, str]
    answers_at: str
    page: str
    log: str
    token: str = ""


def require_free(port: int) -> None:
    """Problem if `port` of this machine is taken."""
    if not _is_free(port):
        raise Problem(f"Port {port} is taken by another program: leave out --port, or choose another number.")


def free_port(first: int) -> int:
    """The first free port from `first` on."""
    for port in range(first, first + _PORTS_TRIED):
        if _is_free(port):
            if port != first:
                print(f"Port {first} is taken (another Jupyter?); using {port}.")
            return port
    raise Problem(f"The ports {first} to {first + _PORTS_TRIED - 1} are all taken: name a free one with --port.")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            # As the server does: a port that a stopped server has just left counts as free. On Windows the option means
            # something else: it would call a taken port free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EADDRINUSE) or getattr(error, "winerror", None) in (10013, 10048):
                return False
            raise
    return True


class _PortLost(Problem):
    """Another program took the port between our look at it and the server's start."""


def run(name: str, root: pathlib.Path, plan: Callable[[int], Plan], port: int | None, first_port: int) -> int:
    """Run the server `name` in folder `root` until it is stopped; returns the exit code.

    `plan` makes the plan for a port: `port`, or the first free one from `first_port` on if it is None.
    """
    print(f"Starting {name} ...")
    for _ in range(5):
        chosen = free_port(first_port) if port is None else port
        try:
            return _serve(name, root, plan(chosen), chosen)
        except _PortLost:
            if port is not None:
                raise
    raise Problem(f"Other programs keep taking the ports {name} wants to use: name a free one with --port.")


def _serve(name: str, root: pathlib.Path, plan: Plan, port: int) -> int:
    log = root / ".venv" / plan.log
    here = f"http://127.0.0.1:{port}"
    with open(log, "wb") as written:
        server = subprocess.Popen(plan.command, env=plan.env, cwd=root, stdout=written, stderr=subprocess.STDOUT)
        try:
            _wait_until_it_answers(name, server, port, f"{here}{plan.answers_at}", plan.token, log)
            print(f"\nliverlab is open at\n\n    {here}{plan.page}\n")
            print("Leave this window open while you work; stop with Ctrl-C.")
            return server.wait()
        except KeyboardInterrupt:
            print(f"\nStopping {name} ...")
            _stop(server)
            print("Stopped.")
            return 0
        finally:
            _stop(server, patience_s=0.0)


def _wait_until_it_answers(
    name: str, server: subprocess.Popen, port: int, address: str, token: str, log: pathlib.Path
) -> None:
    request = urllib.request.Request(address, headers={"Authorization": f"token {token}"} if token else {})
    # No proxy: an HTTP_PROXY of the house would be asked for our own machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    give_up = time.monotonic() + _START_WAIT_S
    while time.monotonic() < give_up:
        if server.poll() is not None:
            if re.search(r"already in use", log.read_text(encoding="utf-8", errors="replace")):
                raise _PortLost(f"Port {port} is taken by another program: choose another number for --port.")
            raise Problem(f"{name} did not start ({_last_words(log)}): the whole story is in {log}.")
        with contextlib.suppress(OSError, urllib.error.URLError):
            opener.open(request, timeout=5).close()
            return
        time.sleep(0.1)
    raise Problem(f"{name} did not answer within {_START_WAIT_S} s: the whole story is in {log}.")


def _last_words(log: pathlib.Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1].rstrip(".")[-300:] if lines else "it said nothing"


def _stop(server: subprocess.Popen, patience_s: float = 1.0) -> None:
    """Let the server end by itself (Ctrl-C has reached it too), then ask it, then insist."""
    for ask, wait_s in ((None, patience_s), (server.terminate, 10.0), (server.kill, 5.0)):
        if server.poll() is not None:
            return
        if ask is not None:
            ask()
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            server.wait(wait_s)
