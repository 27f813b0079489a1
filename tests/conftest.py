"""Rules for every test: with CI=true a skip that tests/allowed_skips.txt does not list is a failure."""

import fnmatch
import os
import pathlib

import pytest

HERE = pathlib.Path(__file__).parent


def allowed_skips(path: pathlib.Path = HERE / "allowed_skips.txt") -> list[str]:
    """The patterns of the list: each matches a test's id or the reason of its skip."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def is_allowed(test_id: str, reason: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(text, pattern) for pattern in patterns for text in (test_id, reason))


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() == "true"


def _forbid(report, reason: str) -> None:
    if _in_ci() and not is_allowed(report.nodeid, reason, allowed_skips()):
        report.outcome = "failed"
        report.longrepr = f"Skipped in CI, and tests/allowed_skips.txt does not list it: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    # An expected failure (xfail) is reported as a skip too; it is not one.
    if report.skipped and not hasattr(report, "wasxfail"):
        _forbid(report, report.longrepr[2].removeprefix("Skipped: "))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    # A whole module can skip itself (pytest.importorskip) before any of its tests exists.
    report = yield
    if report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _forbid(report, reason.removeprefix("Skipped: "))
    return report


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE / "browser" in item.path.parents:
            item.add_marker("browser")
