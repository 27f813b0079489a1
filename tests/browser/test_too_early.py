"""Run All before JupyterLab has a kernel for the notebook: it runs nothing, or a part. The page says what to do."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import lab

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
PAINTED = ".liverlab-viewer[data-painted]"
SLOW_KERNEL = """
const sent = window.fetch;
window.fetch = async (what, ...more) => {
  const starts = what.method === "POST" && what.url.includes("/api/sessions");
  if (starts) await new Promise((go) => setTimeout(go, 1000));
  return sent(what, ...more);
};
"""
# What is told to a kernel that goes is never answered.
RUN_NOT_WAITING = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }"
# A second has passed with the same kernel: run too early, JupyterLab may connect to one and change to another.
KERNEL_STAYS = """() => {
  const context = window.jupyterapp.shell.currentWidget.sessionContext;
  const kernel = context.session?.kernel;
  if (kernel?.id !== window.kernelSeen) Object.assign(window, { kernelSeen: kernel?.id, seenAt: performance.now() });
  return context.isReady && kernel?.status === "idle" && performance.now() - window.seenAt > 1000;
}"""


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_start_that_gets_no_further_says_what_to_do(lab_page, lab_server, motion):
    code = "from liverlab.ui import progress, theme\ntheme.section(progress.StartLine(['Drawing']).widget)"
    lab.write_notebook(lab_server.folder / "started.ipynb", code)
    lab_page.emulate_media(reduced_motion=motion)
    lab.open_notebook(lab_page, lab_server, "started.ipynb")
    expect(lab_page.locator(".lp-start p")).to_be_visible(timeout=30_000)
    advice = lab_page.locator(".lp-late")
    expect(advice).to_contain_text("Run All Cells once more")
    expect(advice).to_be_hidden()
    advice.evaluate("(line) => line.getAnimations().forEach((one) => one.finish())")
    expect(advice).to_be_visible()


def test_whoever_runs_it_before_the_kernel_is_there_has_the_page_when_they_run_it_again(lab_page, lab_server):
    shutil.copytree(NOTEBOOKS, lab_server.folder / "early", dirs_exist_ok=True)
    lab_page.add_init_script(SLOW_KERNEL)
    lab_page.goto(lab_server.address("early/02_pseudoprogression.ipynb"))
    lab_page.wait_for_function("() => window.jupyterapp?.commands.isEnabled('notebook:run-all-cells')")
    lab_page.wait_for_selector(".jp-Notebook .jp-Cell")
    lab_page.evaluate(RUN_NOT_WAITING)
    lab_page.wait_for_function(KERNEL_STAYS)
    assert lab_page.locator(PAINTED).count() == 0
    lab.run_all(lab_page)
    lab_page.locator(PAINTED).first.wait_for(timeout=60_000)
    expect(lab_page.locator(".lp-start")).to_be_hidden()
    assert lab.cell_errors(lab_page) == []
