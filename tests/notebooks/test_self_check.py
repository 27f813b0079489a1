"""The stored output holds the models: as they are it comes out again, and one broken constant is noticed."""

import os
import subprocess
import sys

import pytest

from .test_committed import FOLDER, LESSONS, cells

PSEUDOPROGRESSION = FOLDER / "02_pseudoprogression.ipynb"
# One constant of every room between body and verdict, as a statement that breaks it.
BROKEN = {
    "the drug's effect on size": "from liverlab.disease import tumour; tumour.saturation = lambda x: 0.5 + 0 * x",
    "HU per iodine": "from liverlab.imaging import hu; hu._IODINE = [[0.8 * hu for hu in row] for row in hu._IODINE]",
    "noise": "from liverlab.imaging import ct; ct.noise_sd_hu = lambda protocol: 60.0",
    "RECIST's 20 %": "from liverlab.reading import recist; object.__setattr__(recist.RULE, 'pd_rise_pct', 40)",
    "Choi's 15 %": "from liverlab.reading import choi; choi.PR_HU_FALL_PCT = 60",
}


def stored(path):
    return "".join(cells(path, "code")[-1]["outputs"][0]["text"])


def printed(path, broken=""):
    module = path.stem.split("_", 1)[1]
    code = f"{broken}\nfrom liverlab.lessons import {module}\n{module}.self_check()"
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, encoding="utf-8", timeout=60, check=True
    ).stdout


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_self_check_prints_what_is_stored(path):
    assert printed(path) == stored(path)


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_constant_changes_the_self_check(what):
    assert printed(PSEUDOPROGRESSION, BROKEN[what]) != stored(PSEUDOPROGRESSION)


def run_notebooks(environment, *paths):
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider", *map(str, paths)]
    return subprocess.run(
        command, cwd=FOLDER.parent, env=environment, capture_output=True, encoding="utf-8", timeout=300, check=False
    )


@pytest.mark.slow
def test_every_notebook_runs_with_every_gate_open(tmp_path):
    # With the gates as a learner meets them `start.py test` runs them all, and the next test most.
    environment = os.environ | {"LIVERLAB_HOME": str(tmp_path), "LIVERLAB_GATE": "open"}
    answer = run_notebooks(environment, FOLDER)
    assert answer.returncode == 0, answer.stdout[-3000:] + answer.stderr[-1000:]
    assert " passed" in answer.stdout
    assert "skipped" not in answer.stdout


@pytest.mark.slow
def test_a_notebook_with_a_broken_constant_fails_in_its_last_cell_only(tmp_path):
    # Every process that starts with this folder on its path, the notebook's kernel too, breaks the constant first.
    (tmp_path / "sitecustomize.py").write_text(BROKEN["RECIST's 20 %"], encoding="utf-8")
    search = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    environment = os.environ | {"LIVERLAB_HOME": str(tmp_path), "PYTHONPATH": search}
    environment.pop("LIVERLAB_GATE", None)
    answer = run_notebooks(environment, PSEUDOPROGRESSION)
    assert answer.returncode == 1, answer.stdout[-3000:]
    count = len(cells(PSEUDOPROGRESSION, "code"))
    assert f"1 failed, {count - 1} passed" in answer.stdout
    assert "Cell outputs differ" in answer.stdout
    assert "1.1 PD/SD" in answer.stdout
