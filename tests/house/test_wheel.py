"""The wheel: carries data and JavaScript, and draws a picture in a clean environment, far from the project's folder."""

import json
import os
import pathlib
import subprocess
import sys
import textwrap
import zipfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow

DRAW = """
    import json, pathlib
    import numpy as np
    import liverlab
    from liverlab import evidence
    from liverlab.lessons import pseudoprogression
    from liverlab.ui.viewer import Viewer, assets

    ev = evidence.load()
    seen = pseudoprogression.simulate(evidence.Scenario("gist_imatinib"), ev)
    picture = seen.scene(0).render(32, 256)
    print(json.dumps({
        "from": str(pathlib.Path(liverlab.__file__).parent),
        "shape": picture.shape,
        "air": int(picture[0, 0]),
        "middle_hu": float(np.median(picture[96:160, 64:128])),
        "visits": len(ev.cases["gist_imatinib"].visits_day),
        "script": len(assets.script()),
        "style": len(assets.style()),
        "widget": Viewer.__name__,
    }))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_carries_every_file_of_the_package_and_of_casesdata(wheel):
    carried = set(zipfile.ZipFile(wheel).namelist())
    # Walked, not asked of git: a folder downloaded as a ZIP file has no git.
    files = [path.relative_to(ROOT).as_posix() for top in ("lib", "casesdata") for path in (ROOT / top).rglob("*.*")]
    listed = [name for name in files if not name.endswith(".pyc") and "/." not in name]
    wanted = {name.replace("lib/", "", 1).replace("casesdata/", "liverlab/_casesdata/", 1) for name in listed}
    wanted |= {f"liverlab/_cards/{path.name}" for path in (ROOT / "docs" / "teaching" / "cards").glob("*.csv")}
    assert {name for name in wanted if name.endswith((".js", ".css", ".yaml", ".csv", ".bib"))}
    assert wanted <= carried
    assert not [name for name in carried if "__pycache__" in name or name.startswith(("tests/", "notebooks/"))]
    assert {name.rsplit("/", 1)[1] for name in carried if "/licenses/" in name} == {"LICENSE", "LICENSE-CC-BY-4.0"}


def test_the_wheel_draws_a_picture_in_a_clean_environment(wheel, tmp_path):
    uv = [sys.executable, "-m", "uv", "--quiet", "--no-config", "--no-python-downloads"]
    venv = tmp_path / "clean"
    subprocess.run([*uv, "venv", "--python", sys.executable, str(venv)], check=True)
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    lock = str(ROOT / "requirements.txt")
    subprocess.run([*uv, "pip", "install", "--python", str(python), "--constraint", lock, str(wheel)], check=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [str(python), "-I", "-W", "error", "-c", textwrap.dedent(DRAW)]
    done = subprocess.run(command, cwd=elsewhere, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert pathlib.Path(found["from"]).is_relative_to(venv)
    assert found["shape"] == [256, 256]
    assert found["air"] < -900
    assert 60 < found["middle_hu"] < 160  # liver in the portal phase
    assert found["visits"] >= 2
    assert found["script"] > 10_000
    assert found["style"] > 1_000
