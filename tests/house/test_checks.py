"""`start.py test`: what it runs, what it counts, how it ends. And the rule that CI tolerates no unlisted skip."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

from liverlab.app import checks

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASS, FAIL, SKIP = (
    "def test_a(): pass",
    "def test_b(): assert 0",
    "import pytest\ndef test_c(): pytest.skip('no scanner')",
)


@pytest.fixture
def steps(monkeypatch, tmp_path):
    """Replace the steps of `start.py test` by pytest runs of the files given."""

    def use(*sources: str, commands=()):
        (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n")
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # they take seconds to load, and none is needed

        def some(root, python, reports):
            for title, command in commands:
                yield title, command, None
            for number, source in enumerate(sources):
                (tmp_path / f"test_{number}.py").write_text(source)
                report = reports / f"{number}.xml"
                yield (
                    f"Step {number}",
                    [python, "-m", "pytest", "-q", f"--junitxml={report}", f"test_{number}.py"],
                    report,
                )

        monkeypatch.setattr(checks, "_steps", some)
        return tmp_path

    return use


def last_line(capfd) -> str:
    return capfd.readouterr().out.rstrip().splitlines()[-1]


def test_the_last_line_counts_all_steps_together(steps, capfd):
    root = steps(PASS, f"{PASS}\n{SKIP}", f"{SKIP}\n{SKIP.replace('test_c', 'test_d')}\n")
    assert checks.run(root, pathlib.Path(sys.executable)) == 0
    out = capfd.readouterr().out
    assert "3 tests were skipped: no scanner" in out
    assert "Everything is in order." in out
    assert re.fullmatch(r"2 passed, 3 skipped in \d+\.\d\ds( \(.+\))?", out.rstrip().splitlines()[-1])


def test_a_failure_anywhere_is_the_exit_code(steps, capfd):
    root = steps(FAIL, PASS)
    assert checks.run(root, pathlib.Path(sys.executable)) == 1
    assert re.fullmatch(r"1 failed, 1 passed in \d+\.\d\ds( \(.+\))?", last_line(capfd))


def test_a_file_that_cannot_be_imported_is_an_error(steps, capfd):
    root = steps("import nothing_of_this_name", PASS)
    assert checks.run(root, pathlib.Path(sys.executable)) == 1
    assert re.fullmatch(r"1 passed, 1 errors? in \d+\.\d\ds( \(.+\))?", last_line(capfd))


def test_a_linter_that_complains_is_a_failure_by_name(steps, capfd):
    root = steps(PASS, commands=[("Style", [sys.executable, "-c", "raise SystemExit(1)"])])
    assert checks.run(root, pathlib.Path(sys.executable)) == 1
    assert "Not in order: Style." in capfd.readouterr().out


def test_nothing_run_is_no_success(steps, capfd):
    root = steps("")
    assert checks.run(root, pathlib.Path(sys.executable)) == 1
    assert "no test ran" in capfd.readouterr().out


def test_a_step_that_dies_without_a_report_is_a_failure(steps, capfd):
    root = steps("import os; os._exit(3)", PASS)
    assert checks.run(root, pathlib.Path(sys.executable)) == 1
    assert "Not in order: Step 0." in capfd.readouterr().out


def test_minutes_are_told_as_minutes():
    counts = {"passed": 12, "failed": 0, "errors": 0, "skipped": 3}
    assert checks._closing_line(counts, 125.0) == "12 passed, 3 skipped in 125.00s (2:05 min)"


def test_every_kind_of_check_is_run(tmp_path):
    titles = [title for title, _, _ in checks._steps(ROOT, sys.executable, tmp_path)]
    assert titles == [
        "Style (ruff)",
        "Formatting (ruff)",
        "Rooms import downwards only (import-linter)",
        "Models, pages and start.py",
        "Notebooks, run from top to bottom",
        "In the browser",
    ]


def run_in_ci(folder: pathlib.Path, ci: str, test: str) -> subprocess.CompletedProcess:
    """A small project with our conftest.py and one test, run with CI set to `ci`."""
    shutil.copy(ROOT / "tests" / "conftest.py", folder)
    (folder / "allowed_skips.txt").write_text("# why\n*shared/reference*\n*::test_allowed_by_name\n")
    (folder / "test_it.py").write_text(test)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = browser\n")
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-rs",
            "-p",
            "no:cacheprovider",
            "--import-mode=importlib",
            "test_it.py",
        ],
        cwd=folder,
        env=dict(os.environ, CI=ci, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "skip",
    [
        SKIP,
        "import pytest\n@pytest.mark.skip(reason='no scanner')\ndef test_c(): pass",
        "import pytest\n@pytest.mark.skipif(True, reason='no scanner')\ndef test_c(): pass",
        "import pytest\n@pytest.fixture\ndef scanner(): pytest.skip('no scanner')\ndef test_c(scanner): pass",
    ],
)
def test_a_skip_fails_in_ci_and_only_there(tmp_path, skip):
    at_home = run_in_ci(tmp_path, "", skip)
    assert at_home.returncode == 0
    assert "1 skipped" in at_home.stdout
    in_ci = run_in_ci(tmp_path, "true", skip)
    assert in_ci.returncode == 1
    assert "does not list it: no scanner" in in_ci.stdout


def test_a_module_that_skips_itself_fails_in_ci(tmp_path):
    module = "import pytest\npytest.importorskip('nothing_of_this_name')\ndef test_c(): pass"
    assert run_in_ci(tmp_path, "", module).returncode in (0, 5)
    in_ci = run_in_ci(tmp_path, "true", module)
    assert in_ci.returncode not in (0, 5)
    assert "does not list it" in in_ci.stdout


@pytest.mark.parametrize(
    "skip",
    [
        "import pytest\ndef test_c(): pytest.skip('needs ../shared/reference/ct')",
        "import pytest\ndef test_allowed_by_name(): pytest.skip('why not')",
        "import pytest\n@pytest.mark.xfail\ndef test_c(): assert 0",
    ],
)
def test_listed_skips_and_expected_failures_pass_in_ci(tmp_path, skip):
    assert run_in_ci(tmp_path, "true", skip).returncode == 0
