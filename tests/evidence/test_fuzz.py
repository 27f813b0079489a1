"""Whatever happens to a file of casesdata, it is read or refused: no other error ever reaches a user."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liverlab import evidence
from liverlab.evidence.store import _load

SMALL = Path(__file__).parent / "small"
FILES = sorted(path.relative_to(SMALL).as_posix() for path in SMALL.rglob("*") if path.is_file())
ODD_VALUES = [None, [], {}, 3, -1e400, float("nan"), "x", "", True, [[1]], {"a": 1}, ["a"], {"a": {"b": [1]}}]
FUZZ = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def places(value: object, path: tuple = ()) -> list[tuple]:
    """Paths of every node of a YAML document but its root."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [p for key, item in items for p in [(*path, key), *places(item, (*path, key))]]


def read_or_refuse(folder: Path) -> None:
    _load.cache_clear()
    problems = ()
    try:
        assert evidence.load(folder).parameters
    except evidence.EvidenceError as error:
        problems = error.problems or ("an error without a problem",)
    for problem in problems:
        assert problem.found
        assert problem.expected
        assert problem.line >= 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(SMALL, tmp_path_factory.mktemp("fuzz") / "casesdata")


@FUZZ
@given(st.data())
def test_any_value_anywhere(folder: Path, data: st.DataObject) -> None:
    file = data.draw(st.sampled_from([name for name in FILES if name.endswith(".yaml")]))
    document = yaml.safe_load((SMALL / file).read_text(encoding="utf-8"))
    *path, last = data.draw(st.sampled_from(places(document)))
    node = document
    for key in path:
        node = node[key]
    node[last] = data.draw(st.sampled_from(ODD_VALUES))
    (folder / file).write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")
    read_or_refuse(folder)
    shutil.copy(SMALL / file, folder / file)


@FUZZ
@given(st.data())
def test_any_line_lost_cut_or_doubled(folder: Path, data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(FILES))
    lines = (SMALL / file).read_text(encoding="utf-8").splitlines(keepends=True)
    place = data.draw(st.integers(0, len(lines) - 1))
    half = lines[place][: len(lines[place]) // 2] + "\n"
    lines[place : place + 1] = data.draw(st.sampled_from([[], [half], [lines[place]] * 2]))
    (folder / file).write_text("".join(lines), encoding="utf-8")
    read_or_refuse(folder)
    shutil.copy(SMALL / file, folder / file)


@FUZZ
@given(st.sampled_from(FILES), st.binary(max_size=200))
def test_any_bytes(folder: Path, file: str, content: bytes) -> None:
    (folder / file).write_bytes(content)
    read_or_refuse(folder)
    shutil.copy(SMALL / file, folder / file)
