"""The command line of start.py: what may be typed, and how it ends."""

import argparse
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable

from liverlab.app import appmode, checks, environment, jupyterlab, server
from liverlab.app.problem import Problem, from_os_error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="start.py",
        description="Installs liverlab in its own folder (.venv) and opens JupyterLab on the first notebook. "
        "The first time takes a minute or two and needs the network; afterwards it starts at once. "
        "'app' serves the lessons as pages without code instead; 'test' runs every test.",
        epilog="'start.py export --help' says how to write a virtual patient's study as DICOM or NIfTI files, "
        "'start.py handout --help' how to write the lessons as files for a phone without network, "
        "'start.py new-case --help' how to make a virtual patient of your own.",
    )
    parser.add_argument(
        "what", nargs="?", default="lab", metavar="app|test", help="what to do instead of opening JupyterLab"
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser, only print the address")
    parser.add_argument(
        "--port",
        type=int,
        metavar="N",
        help="the port to use (default: the first free one from 8888; with 'app' from 8866)",
    )
    app = parser.add_argument_group("with 'app'")
    app.add_argument(
        "--base-url", metavar="/PREFIX/", help="what all addresses begin with, behind a proxy (default: /)"
    )
    app.add_argument(
        "--free-after",
        type=int,
        metavar="S",
        help=f"seconds after which a page that has gone silent is given up (default: {appmode.FREE_AFTER_S})",
    )
    app.add_argument(
        "--warm",
        action="store_true",
        help="keep a page of every lesson ready: opens quicker, for about 120 MB of memory each",
    )
    return parser


def _check_app_options(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    given = {"--base-url": options.base_url, "--free-after": options.free_after, "--warm": options.warm or None}
    for name, value in given.items():
        if value is not None and options.what != "app":
            parser.error(f"{name} goes with 'app'")
    if options.free_after is not None and options.free_after < 1:
        parser.error(f"argument --free-after: {options.free_after} is not a number of seconds from 1")
    if options.base_url is not None and not appmode.is_prefix(options.base_url):
        parser.error(f"argument --base-url: '{options.base_url}' is not the path of an address, such as /liver/")


def _stop(number, frame):
    # A closed terminal or a polite kill ends like Ctrl-C: the server is stopped too.
    raise KeyboardInterrupt


def main(arguments: list[str], root: str | os.PathLike) -> int:
    """Run start.py's command line in the project folder `root`; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A path may hold letters the console cannot show: better a '?' than a traceback.
        stream.reconfigure(errors="replace", line_buffering=True)
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)
    root = pathlib.Path(root)
    if arguments[:1] == ["export"]:
        return _ended(lambda: _inside(_installed(root), "export", arguments[1:]), root)
    if arguments[:1] == ["handout"]:
        return _ended(lambda: _inside(_installed(root), "handout", arguments[1:]), root)
    if arguments[:1] == ["new-case"]:
        return _ended(lambda: _new_case(root, arguments[1:]), root)
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.port is not None and not 1 <= options.port <= 65535:
        parser.error(f"argument --port: {options.port} is not between 1 and 65535")
    if options.what not in ("lab", "app", "test"):
        parser.error(f"'{options.what}' is unknown: leave it out to open JupyterLab, or say 'app' or 'test'")
    _check_app_options(parser, options)
    return _ended(lambda: _run(root, options), root)


def _run(root: pathlib.Path, options: argparse.Namespace) -> int:
    if options.what == "test":
        python = environment.ready(root, "requirements-test.txt")
        return checks.run(root, python)
    if options.port is not None:
        server.require_free(options.port)
    python = _installed(root)
    if options.what == "app":
        return appmode.open_app(
            root,
            python,
            options.port,
            not options.no_browser,
            options.base_url or "/",
            options.free_after or appmode.FREE_AFTER_S,
            options.warm,
        )
    return jupyterlab.open_lab(root, python, port=options.port, browser=not options.no_browser)


def _installed(root: pathlib.Path) -> pathlib.Path:
    return environment.ready(root, "requirements.txt")


def _inside(python: pathlib.Path, module: str, arguments: list[str]) -> int:
    """Run a command that needs more than Python's own library in .venv."""
    command = [str(python), "-m", f"liverlab.app.{module}", *arguments]
    return subprocess.call(command, env=environment.child_environment())


def _new_case(root: pathlib.Path, arguments: list[str]) -> int:
    python = _installed(root)
    with tempfile.TemporaryDirectory(prefix="liverlab-") as private:
        told = pathlib.Path(private) / "open"
        code = _inside(python, "new_case", [*arguments, f"--tell={told}"])
        scenario = told.read_text(encoding="utf-8") if told.exists() else ""
    if code or not scenario:
        return code
    os.environ["LIVERLAB_SCENARIO"] = scenario
    notebook = f"notebooks/{scenario.partition('=')[0]}.ipynb"
    return jupyterlab.open_lab(root, python, browser="--no-browser" not in arguments, notebook=notebook)


def _ended(task: Callable[[], int], root: pathlib.Path) -> int:
    """The task's exit code, or a sentence for whoever sits at the keyboard."""
    try:
        return task()
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next start goes on from here.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read what this says has gone (start.py | head); there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    except OSError as error:
        print(f"\n{from_os_error(error, root)}", file=sys.stderr)
        return 1
