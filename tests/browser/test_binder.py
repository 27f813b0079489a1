"""Binder: what repo2docker builds from this repository, and that the launch links of the README open a lesson.

repo2docker (2026.4.0) takes Python from runtime.txt, installs requirements.txt and the package, runs postBuild. Here
postBuild runs in an environment of its own that borrows the installed packages of this one; a Jupyter server starts in
it as Binder starts one: behind a prefix, with a token.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from liverlab import evidence

from . import lab

ROOT = Path(__file__).parents[2]
LESSONS = list(evidence.load().lessons)
PREFIX, TOKEN = "/user/liverlab-liverlab-x7k2/", "binder-tests"
CALLED = "#!/bin/sh\necho called pip $@\n"


def launch_links() -> list[str]:
    """What every mybinder.org link of the README asks its server for."""
    links = re.findall(r"https://mybinder\.org/v2/gh/liverlab/liverlab/HEAD\?[^)\s]+", (ROOT / "README.md").read_text())
    asked = []
    for link in links:
        (path,) = parse_qs(urlsplit(link).query, strict_parsing=True)["urlpath"]
        assert link.endswith(f"?urlpath={quote(path, safe='')}"), "mybinder.org takes the path encoded"
        asked.append(path)
    return asked


def test_every_lesson_can_be_launched_in_lab_and_as_a_page():
    asked = launch_links()
    for name in LESSONS:
        assert f"lab/tree/notebooks/{name}.ipynb" in asked
        assert f"voila/render/notebooks/{name}.ipynb" in asked
    assert "voila" in asked
    for path in asked:
        file = path.removeprefix("lab/tree/").removeprefix("voila/render/")
        assert path == "voila" or (ROOT / file).is_file(), path


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """The folder of an environment that postBuild has run in, and what it said."""
    folder = tmp_path_factory.mktemp("binder") / "env"
    venv.create(folder, symlinks=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    borrowed = [str(ROOT / "lib"), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    (site / "borrowed.pth").write_text("\n".join(dict.fromkeys(borrowed)))
    for name in ("share/jupyter", "etc/jupyter"):
        shutil.copytree(Path(sys.prefix, name), folder / name, symlinks=True)
    shutil.rmtree(folder / "share/jupyter/voila/templates/liverlab", ignore_errors=True)
    pip = folder / "bin" / "pip"
    pip.write_text(CALLED)
    pip.chmod(0o755)
    env = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "HOME": str(folder.parent)}
    done = subprocess.run([str(ROOT / "postBuild")], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


@pytest.mark.skipif(os.name == "nt", reason="Binder is Linux")
def test_post_build_installs_the_package_writes_our_settings_and_says_the_size(environment):
    folder, said = environment
    assert "called pip install --no-cache-dir --no-deps ." in said
    assert re.search(rf"environment {re.escape(str(folder))} takes \d+ MB", said)
    settings = json.loads((folder / "share/jupyter/lab/settings/overrides.json").read_text())
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    assert (folder / "share/jupyter/voila/templates/liverlab/index.html.j2").is_file()


class BinderServer(lab.LabServer):
    """The server of a Binder session; `address` takes what a launch link asks for."""

    def __init__(self, private: Path, prefix: Path):
        super().__init__(ROOT, private, {"BINDER_SERVICE_HOST": "10.0.0.1"})
        self.python, self.token = str(prefix / "bin" / "python"), TOKEN
        self.options = (f"--ServerApp.base_url={PREFIX}",)

    def address(self, asked: str) -> str:
        return f"{self.url}{asked}?token={self.token}"


@pytest.mark.skipif(os.name == "nt", reason="Binder is Linux")
def test_the_launch_links_open_a_lesson_in_lab_and_as_a_page(environment, browser, tmp_path):
    folder, _ = environment
    name = "02_pseudoprogression"
    with BinderServer(tmp_path, folder) as server:
        assert urlsplit(server.url).path == PREFIX
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        traffic, page = lab.Traffic(context), context.new_page()
        lab.open_notebook(page, server, f"lab/tree/notebooks/{name}.ipynb")
        page.locator(".liverlab-viewer[data-painted]").first.wait_for(timeout=60_000)
        page.get_by_text("your answers vanish when it stops").first.wait_for()
        page.goto(server.address(f"voila/render/notebooks/{name}.ipynb"), wait_until="commit")
        page.locator(".liverlab-viewer[data-painted]").first.wait_for(timeout=60_000)
        assert page.locator(".la-bar").count() == 1, "it is our page"
        page.goto(server.address("voila"))
        assert page.locator(".la-lessons a").count() == len(LESSONS)
        context.close()
        assert traffic.foreign() == []
        assert server.foreign_connections() == []
