"""A small casesdata that a test may damage. It is apart from the real one, which teachers edit."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from liverlab import evidence

# Shared machines are slow at times: a slow example is not a wrong one. The same examples every time.
settings.register_profile("evidence", deadline=None, derandomize=True, database=None)
settings.load_profile("evidence")

SMALL = Path(__file__).parent / "small"


@pytest.fixture(scope="session")
def ev() -> evidence.Evidence:
    return evidence.load()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "casesdata"
    shutil.copytree(SMALL, folder)
    return folder


@pytest.fixture
def damage(copy: Path) -> Callable[[str, str, str], Path]:
    """Replaces the first occurrence of a text in a file of the copy; fails where the text is not there."""

    def change(file: str, old: str, new: str) -> Path:
        path = copy / file
        content = path.read_text(encoding="utf-8")
        assert old in content, f"{file} has no {old!r}: the test needs another place to damage"
        path.write_text(content.replace(old, new, 1), encoding="utf-8")
        return copy

    return change
