"""The lock files: complete, the same for both commands, in step with pyproject.toml, and installable everywhere."""

import pathlib
import re
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOCKS = ["requirements.txt", "requirements-test.txt"]
PLATFORMS = ["windows", "macos", "x86_64-apple-darwin", "linux", "aarch64-unknown-linux-gnu"]
VERSIONS = ["3.11", "3.12", "3.13"]
# Resolving for another Python needs no such Python; without the option uv would go and fetch one.
UV = [sys.executable, "-m", "uv", "--quiet", "--no-python-downloads"]


def lines(name: str) -> list[str]:
    return (ROOT / name).read_text(encoding="utf-8").splitlines()


def pins(name: str) -> dict[str, str]:
    """Package -> the rest of its line (version and condition)."""
    return {line.split("==")[0]: line.split("==")[1] for line in lines(name) if line and not line.startswith("#")}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_exact_versions_and_no_address(name):
    for line in lines(name):
        assert line.startswith("#") or re.fullmatch(r"[a-z0-9-]+==[0-9][^ ]*( ; .+)?", line), line
        assert "://" not in line
    assert lines(name)[1].startswith("# Write it anew with: uv pip compile --universal ")


def test_the_test_lock_holds_every_pin_of_the_other():
    test, users = pins("requirements-test.txt"), pins("requirements.txt")
    assert {name: test.get(name, "").split(" ")[0] for name in users} == {
        name: rest.split(" ")[0] for name, rest in users.items()
    }


def test_users_get_app_mode_and_the_notebook_check_but_no_test_tools():
    assert {"anywidget", "ipywidgets", "jupyterlab", "nbval", "numpy", "voila"} <= set(pins("requirements.txt"))
    assert not {"playwright", "hypothesis", "ruff", "uv", "scipy"} & set(pins("requirements.txt"))


def test_binder_uses_a_python_the_lock_is_for():
    assert (ROOT / "runtime.txt").read_text().strip().removeprefix("python-") in VERSIONS


@pytest.mark.slow
@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_in_step_with_pyproject(name, tmp_path):
    # Resolving again with the present pins preferred changes nothing, unless pyproject.toml asks for something else.
    shutil.copy(ROOT / name, tmp_path / name)
    command = lines(name)[1].removeprefix("# Write it anew with: uv ").replace(" --upgrade", "").split()
    command[command.index("-o") + 1] = str(tmp_path / name)
    # Not --no-config: [tool.uv] of pyproject.toml holds a constraint.
    subprocess.run([*UV, *command], cwd=ROOT, check=True)
    again = [line for line in (tmp_path / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert again == [line for line in lines(name) if not line.startswith("#")]


@pytest.mark.slow
@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("version", VERSIONS)
def test_every_pin_can_be_installed(platform, version, tmp_path):
    # Resolved for that system, not evaluated on this one; --only-binary: a wheel has to exist there.
    done = subprocess.run(
        [
            *(*UV, "--no-config", "pip", "compile", "requirements-test.txt", "--only-binary", ":all:", "--no-annotate"),
            *(
                "--python-platform",
                platform,
                "--python-version",
                version,
                "-o",
                str(tmp_path / "resolved.txt"),
                "--no-header",
            ),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    resolved = {line.split("==")[0] for line in (tmp_path / "resolved.txt").read_text().splitlines()}
    # Nothing beyond the list is needed there: it is complete for every system.
    assert resolved <= set(pins("requirements-test.txt"))
    assert {"numpy", "jupyterlab", "pyzmq"} <= resolved
    assert ("pywinpty" in resolved) == (platform == "windows")
