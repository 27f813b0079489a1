"""pip, with its hundreds of lines condensed to one counter, and its failures to one sentence."""

import collections
import os
import pathlib
import re
import subprocess
import sys
import threading
import time

from liverlab.app.problem import Problem, disk_full, path_too_long, read_only

_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|Failed to establish a new connection|Temporary failure in name resolution"
    r"|getaddrinfo failed|ConnectTimeout|ReadTimeout|Read timed out|ConnectionResetError|RemoteDisconnected|ProxyError"
    r"|Network is unreachable|Max retries exceeded|SSLError|IncompleteRead|Connection broken|Cannot connect to proxy"
)
_FULL = re.compile(r"Errno 28|No space left on device|WinError 112|Errno 122|Disk quota exceeded")
_READ_ONLY = re.compile(
    r"Errno 30|Read-only file system|Errno 13|Permission denied|WinError 5\b|Access is denied|WinError 32"
)
_NOT_THERE = re.compile(r"No matching distribution found for (\S+)")
_TOO_LONG = re.compile(r"WinError 206|Errno 36\b|File name too long|enable-long-paths|Long Path", re.IGNORECASE)


def explain(output: str, folder: os.PathLike | str) -> Problem | None:
    """The sentence for what `output` (of pip or venv) complains about, or None if it is none of the known troubles."""
    if _FULL.search(output):
        return disk_full(folder)
    if _TOO_LONG.search(output):
        return path_too_long(folder)
    if _NETWORK.search(output):
        return Problem(
            "The packages could not be downloaded: check the network (or the proxy) and run start.py again; "
            "what has arrived is kept."
        )
    if _READ_ONLY.search(output):
        return read_only(folder)
    return None


class _Counter:
    """One line that counts: rewritten in place on a terminal, a line now and then elsewhere."""

    def __init__(self, total: int):
        self.total, self.seen, self.live = total, set(), sys.stdout.isatty()
        self.printed = time.monotonic()
        self.done = threading.Event()

    def found(self, name: str) -> None:
        # A package may be met twice: as a line of the list and as something another one needs.
        self.seen.add(re.sub(r"[-_.]+", "-", name).lower())
        number = min(len(self.seen), self.total)
        if self.live:
            print(f"\r  fetching {number} of about {self.total}: {name[:40]:<40}", end="", flush=True)
        elif time.monotonic() - self.printed > 5:
            self.printed = time.monotonic()
            print(f"  fetching {number} of about {self.total}")

    def say(self, text: str) -> None:
        print(f"\r  {text:<76}" if self.live else f"  {text}")

    def say_for_long(self, text: str) -> None:
        """As `say`; on a terminal with the seconds counting until `stop`, for pip says nothing while it unpacks."""
        if self.live:
            threading.Thread(target=self._tick, args=(text, time.monotonic()), daemon=True).start()
        else:
            self.say(text)

    def _tick(self, text: str, since: float) -> None:
        while True:
            print(f"\r  {text} {time.monotonic() - since:.0f} s{'':<10}", end="", flush=True)
            if self.done.wait(1.0):
                print()
                return

    def stop(self) -> None:
        self.done.set()


def install(python: pathlib.Path, root: pathlib.Path, requirements: str, log: pathlib.Path) -> None:
    """Install the list `requirements` of folder `root`; Problem if that fails. All that pip says goes to `log`.

    A folder `wheels` in `root` stands for the network: packages come from it and from nowhere else.
    """
    from liverlab.app.environment import child_environment

    counter = _Counter(_listed(root / requirements))
    command = [str(python), "-m", "pip", "install", "-r", str(root / requirements)]
    # Compiling all files took a third of the time (59 s, now 36 s); Python compiles those few that are used by itself.
    command += ["--disable-pip-version-check", "--no-input", "--progress-bar=off", "--retries=3", "--no-compile"]
    wheels = root / "wheels"
    if wheels.is_dir():
        counter.say("packages come from the folder wheels, not from a network")
        command += ["--no-index", f"--find-links={wheels}"]
    tail: collections.deque[str] = collections.deque(maxlen=400)
    with open(log, "w", encoding="utf-8") as written:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=child_environment(),
            cwd=root,
        )
        retrying = unpacking = False
        try:
            for line in process.stdout:
                written.write(line)
                tail.append(line)
                words = line.split()
                if words[:1] == ["Collecting"] or words[:2] == ["Requirement", "already"]:
                    counter.found(re.split(r"[=<>!~;\[ ]", words[1] if words[0] == "Collecting" else words[3])[0])
                elif line.startswith("Installing collected packages"):
                    unpacking = True
                    counter.say_for_long(f"fetched; unpacking {line.count(',') + 1} packages, half a minute or so ...")
                elif "Retrying (" in line and not retrying:
                    retrying = True
                    counter.say("the network does not answer; trying again ...")
            code = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
        finally:
            counter.stop()
    if code != 0:
        output = "".join(tail)
        missing = _NOT_THERE.search(output) if wheels.is_dir() else None
        problem = _not_carried(missing[1], wheels) if missing else explain(output, root)
        problem = problem or Problem(
            f"pip could not install the packages ({_complaint(output)}): the whole story is in {log}."
        )
        problem.harmless = not unpacking  # pip fetches everything before it changes anything
        raise problem


def _not_carried(package: str, wheels: pathlib.Path) -> Problem:
    version = "{}.{}".format(*sys.version_info)
    return Problem(
        f"The folder {wheels} holds no {package} that fits this computer and Python {version}: fill it on a computer "
        "of the same kind with the same Python, or rename it and run start.py again with a network."
    )


def _listed(path: pathlib.Path) -> int:
    """How many packages the list names; a few of them are for other systems only."""
    return sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#"))


def _complaint(output: str) -> str:
    errors = [line for line in output.splitlines() if line.lower().lstrip().startswith("error")]
    lines = errors or [line for line in output.splitlines() if line.strip()] or ["it said nothing"]
    return lines[-1].strip().rstrip(".")
