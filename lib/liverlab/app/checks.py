"""`start.py test`: every test there is, told in one closing line."""

import collections
import os
import pathlib
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ElementTree

from liverlab.app.environment import child_environment

_COUNTED = ("passed", "failed", "errors", "skipped")


def run(root: pathlib.Path, python: pathlib.Path) -> int:
    """Run all tests of the folder `root` with the environment's `python`; returns 0 only if nothing failed."""
    started = time.monotonic()
    bin_folder = python.parent
    env = child_environment()
    env["PATH"] = str(bin_folder) + os.pathsep + env.get("PATH", "")
    counts = dict.fromkeys(_COUNTED, 0)
    reasons: collections.Counter[str] = collections.Counter()
    broken = []
    with tempfile.TemporaryDirectory(prefix="liverlab-tests-") as reports:
        for title, command, report in _steps(root, str(python), pathlib.Path(reports)):
            print(f"\n== {title}", flush=True)
            code = subprocess.call(command, cwd=root, env=env)
            if report is not None:
                found = _counts(report)
                reasons.update(_skip_reasons(report))
                for key in _COUNTED:
                    counts[key] += found[key]
                # 5: pytest found no tests, which a folder without browser tests may do. A report is there all the same.
                if code == 5 and not any(found.values()):
                    continue
            if code != 0:
                broken.append(title)
    if counts["passed"] == 0:
        broken.append("no test ran")
    print()
    if counts["skipped"]:
        for reason, number in reasons.most_common():
            print(f"{'1 test was' if number == 1 else f'{number} tests were'} skipped: {reason}")
    print("Not in order: " + "; ".join(broken) + "." if broken else "Everything is in order.")
    print(_closing_line(counts, time.monotonic() - started), flush=True)
    return 1 if broken else 0


def _steps(root: pathlib.Path, python: str, reports: pathlib.Path):
    """(title, command, where pytest writes its counts) of every step, quickest answers first."""

    def pytest(name: str, *arguments: str):
        report = reports / f"{name}.xml"
        # -rfE: skips are told once a reason at the end, not once a test.
        return [python, "-m", "pytest", "-q", "-rfE", f"--junitxml={report}", *arguments], report

    # The notebook plugin costs every process that loads it 2 s (it imports a JSON schema with a grammar for addresses).
    no_notebooks = ("-p", "no:nbval")

    yield "Style (ruff)", [python, "-m", "ruff", "check", "."], None
    yield "Formatting (ruff)", [python, "-m", "ruff", "format", "--check", "."], None
    # import-linter has no `python -m`; its script's first line may not survive a folder with spaces or umlauts.
    linter = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    yield "Rooms import downwards only (import-linter)", [python, "-c", linter], None
    yield "Models, pages and start.py", *pytest("unit", *no_notebooks, "-n", "2", "-m", "not browser", "tests")
    notebooks = sorted(str(path.relative_to(root)) for path in (root / "notebooks").glob("*.ipynb"))
    if notebooks:
        yield (
            "Notebooks, run from top to bottom",
            *pytest("notebooks", "--nbval-lax", "-n", "2", "--dist", "loadfile", *notebooks),
        )
    yield "In the browser", *pytest("browser", *no_notebooks, "-m", "browser", "tests")


def _counts(report: pathlib.Path) -> dict[str, int]:
    """What a pytest report of `--junitxml` counted."""
    counts = dict.fromkeys(_COUNTED, 0)
    if not report.exists():
        return counts
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        total, failed, errors, skipped = (int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped"))
        counts["failed"] += failed
        counts["errors"] += errors
        counts["skipped"] += skipped
        counts["passed"] += total - failed - errors - skipped
    return counts


def _skip_reasons(report: pathlib.Path) -> list[str]:
    """Why each skipped test of a report was skipped."""
    if not report.exists():
        return []
    return [skip.get("message", "no reason given") for skip in ElementTree.parse(report).getroot().iter("skipped")]


def _closing_line(counts: dict[str, int], seconds: float) -> str:
    """All steps together, worded as pytest words one."""
    order = ("failed", "passed", "skipped", "errors")
    words = [f"{counts[key]} {key}" for key in order if counts[key] or key == "passed"]
    minutes = f" ({seconds // 60:.0f}:{seconds % 60:02.0f} min)" if seconds >= 60 else ""
    return f"{', '.join(words)} in {seconds:.2f}s{minutes}"
