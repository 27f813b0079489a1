"""Cards for a week later (docs/teaching/cards): Anki can read them, and every number says where it comes from."""

import csv
import re
from pathlib import Path

import pytest

from liverlab import evidence

FOLDER = Path(__file__).parents[2] / "docs" / "teaching" / "cards"
EV = evidence.load()
HEAD = ["#separator:Comma", "#html:false", "#columns:Front,Back,Tags", "#tags column:3"]
FILES = sorted(FOLDER.glob("*.csv"))
SOURCE = re.compile(r"\[([a-z0-9_, ]+)\]\.?$")
# Names that hold a figure and thresholds that say what they are of, not findings: nothing to cite.
NAMES = re.compile(r"RECIST 1\.1|\b130 HU\b|\b800 HU\b|\b120 kV\b|\bwidth 150\b|\b9 mm\b")


def cards(path):
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()[len(HEAD) :]))


def test_every_lesson_has_its_cards():
    assert [path.stem for path in FILES] == sorted(EV.lessons)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_anki_can_read_the_file_and_a_card_is_short(path):
    assert path.read_text(encoding="utf-8").splitlines()[: len(HEAD)] == HEAD
    rows = cards(path)
    assert len(rows) >= 8
    for front, back, tags in rows:
        assert 10 <= len(front) <= 160, front
        assert 5 <= len(back) <= 300, back
        assert tags == f"liverlab {path.stem}"
        assert "<" not in front + back
    assert len({front for front, _, _ in rows}) == len(rows)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_number_carries_its_source(path):
    for _, back, _ in cards(path):
        found = SOURCE.search(back)
        keys = [key.strip() for key in found.group(1).split(",")] if found else []
        assert set(keys) <= set(EV.reference_keys), back
        if re.search(r"\d", NAMES.sub("", SOURCE.sub("", back))):
            assert keys, back


def test_a_number_without_a_source_would_be_noticed():
    assert re.search(r"\d", NAMES.sub("", SOURCE.sub("", "RECIST 1.1 in 30 % of them.")))
    assert not re.search(r"\d", NAMES.sub("", SOURCE.sub("", "RECIST 1.1 is blind.")))
