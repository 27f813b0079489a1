"""Every claim of the founding texts is covered by a lesson that exists, promised to one, or refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from liverlab import evidence

EV = evidence.load()
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def test_five_texts() -> None:
    assert {claim.founding for claim in EV.founding} == {"000", "001", "002", "003", "004"}


@pytest.mark.parametrize("claim", EV.founding, ids=lambda claim: claim.id)
def test_claim_is_well_formed(claim: evidence.Claim) -> None:
    assert claim.id.startswith(claim.founding + "-")
    assert claim.text.endswith(".")
    assert sum(map(bool, (claim.sections, claim.planned, claim.not_covered))) == 1
    assert not claim.not_covered or claim.not_covered.endswith(".")
    assert set(claim.source) <= EV.reference_keys


@pytest.mark.parametrize("claim", [c for c in EV.founding if c.sections], ids=lambda claim: claim.id)
def test_covered_claim_points_to_a_section(claim: evidence.Claim) -> None:
    """The lesson exists, and each section is one of its own."""
    assert set(claim.sections) <= set(EV.lessons[claim.lesson]["sections"])


@pytest.mark.parametrize(
    ("text", "lesson", "least"), [("002", "02_pseudoprogression", 12), ("004", "01_liver_metastases", 17)]
)
def test_the_whole_of_a_text_is_covered_by_its_lesson(text: str, lesson: str, least: int) -> None:
    claims = [claim for claim in EV.founding if claim.founding == text]
    assert len(claims) >= least
    assert all(claim.lesson == lesson for claim in claims if not claim.not_covered)
    assert sum(bool(claim.sections) for claim in claims) >= 0.8 * len(claims)


@pytest.mark.parametrize("lesson", list(EV.lessons))
def test_sections_of_a_lesson_are_in_its_notebook(lesson: str) -> None:
    """Cells are tagged `section:<id>`; tabs share one cell."""
    notebook = json.loads((NOTEBOOKS / f"{lesson}.ipynb").read_text(encoding="utf-8"))
    tags = [tag for cell in notebook["cells"] for tag in cell["metadata"].get("tags", [])]
    tagged = {tag.removeprefix("section:") for tag in tags if tag.startswith("section:")}
    sections = set(EV.lessons[lesson]["sections"])
    assert tagged == sections


def test_the_whole_of_the_text_on_calcified_metastases_is_covered() -> None:
    claims = [claim for claim in EV.founding if claim.founding == "001"]
    assert {claim.lesson for claim in claims if claim.id != "001-13"} == {"04_calcified_metastasis"}


def test_planned_lessons_are_later_ones() -> None:
    planned = {claim.planned for claim in EV.founding if claim.planned}
    assert not planned & set(EV.lessons), "a lesson that exists covers its claims: name the sections"
