"""Fixtures of the browser tests: one Chromium and one JupyterLab for the whole run."""

import os

import pytest
from playwright.sync_api import sync_playwright

from . import lab

REASON = "Chromium is not installed, so the browser tests did not run."


@pytest.fixture(scope="session")
def browser():
    if lab.CHROMIUM is None:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(REASON)
        pytest.skip(REASON)
    with sync_playwright() as playwright:
        chromium = lab.launch_chromium(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    with lab.LabServer(folder, tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@pytest.fixture
def lab_page(browser, lab_server):
    """A page at 1280 x 720; the test fails if anything it did asked another machine or threw in the page."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    traffic = lab.Traffic(context)
    page = context.new_page()
    page.traffic = traffic
    yield page
    context.close()
    assert traffic.foreign() == []
    assert lab_server.foreign_connections() == []


@pytest.fixture
def blank_page(browser):
    """A page without JupyterLab; an uncaught error in it fails the test."""
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    traffic = lab.Traffic(context)
    page = context.new_page()
    yield page
    context.close()
    assert traffic.errors == []
    assert traffic.foreign() == []
