"""Every vector holds, and the table in docs/models.md is the one the models give today."""

import importlib.util
from pathlib import Path

import pytest

from . import REFERENCE, all_vectors

ROOT = Path(__file__).parents[2]
EVERY = [vector for vectors in all_vectors().values() for vector in vectors]


@pytest.mark.parametrize("vector", EVERY, ids=lambda vector: vector.id)
def test_the_model_gives_the_published_number(vector):
    if vector.reference and not REFERENCE.is_dir():
        pytest.skip("the public reference data is not beside this project")
    answer = vector.got()
    assert vector.holds(answer), f"{vector.what}: {answer}, expected {vector.expected} within {vector.tolerance}"


def test_ids_are_unique():
    ids = [vector.id for vector in EVERY]
    assert sorted(set(ids)) == sorted(ids)


def test_a_vector_that_is_off_is_noticed():
    vector = EVERY[0]
    assert not vector.holds(vector.expected + 2 * vector.tolerance + 1e-6)


def test_the_page_shows_what_the_models_give_today():
    spec = importlib.util.spec_from_file_location("write_vectors", ROOT / "tools" / "write_vectors.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    page = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    assert tool.with_table(page, all_vectors()) == page, "run: python tools/write_vectors.py"
