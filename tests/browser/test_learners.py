"""A class of three in app mode at once, without browsers: no error, and everybody's own answers come back."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_learners_at_once_get_pictures_without_errors_and_their_own_answers_back(tmp_path):
    found = tmp_path / "learners.json"
    command = [sys.executable, str(ROOT / "benchmarks" / "learners.py"), "--learners", "3", "--seconds", "4"]
    command += ["--within-s", "1", "--every-s", "1", "--no-browser", "--write", str(found)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    held = json.loads(found.read_text())
    assert held["problems"] == []
    rows = {row["what"]: row["value"] for row in held["rows"]}
    assert rows["moves"] >= 6
    assert rows["received per learner and second"] > 0.05, "pictures have come"
    # One prediction and the other questions of three learners; no two of them answered alike.
    assert rows["answers given and looked for again"] >= 6
    given = [tuple(answers) for answers in held["answers"]]
    assert len(set(given)) == len(given) == 3
    assert all("You predicted" in answers[0] for answers in given)
