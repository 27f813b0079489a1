"""Looks of lesions in casesdata: whole, of the vocabulary the picture knows, and damage is found."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from liverlab import evidence
from liverlab.evidence import looks as vocabulary
from liverlab.evidence.problems import EvidenceError
from liverlab.imaging import kinetics_tissue, lesions

EV = evidence.load()
HEAD = (
    "key,label,family,tissue,form,edge_mm,lobulation,pattern,deposit,deposit_hu,deposit_share_pct,basis,source,note\n"
)
CYST = "cyst,Simple cyst,benign,mass,ellipsoid,0,0.015,,,0,0,illustrative,,Water.\n"
PARTS = ",".join(vocabulary.PART_COLUMNS) + "\n"
RIM = "cyst,rim,1,0,6,0,none\n"


def test_the_vocabulary_is_that_of_the_picture() -> None:
    assert set(vocabulary.KINETICS) == {*kinetics_tissue.LESIONS, "liver", "none"}
    assert set(vocabulary.PATTERNS) == {"", *lesions.PATTERNS}


def test_every_primary_of_the_overview_and_every_mimic_has_a_look() -> None:
    primaries = (
        "colorectal breast lung_adeno small_cell pancreas stomach neuroendocrine renal melanoma ovarian gist thyroid"
    )
    mimics = (
        "cyst haemangioma fnh abscess focal_fat focal_sparing perfusion ablation granuloma hydatid fibrolamellar "
        "cholangiocarcinoma regenerative hcc confluent_fibrosis lipiodol surgical cyst_rim haemangioma_calcified"
    )
    for key in primaries.split():
        assert EV.looks[key].family == "metastasis"
    for key in mimics.split():
        assert EV.looks[key].family != "metastasis"
    assert {key for key, look in EV.looks.items() if look.family == "primary"} == {
        "hcc", "cholangiocarcinoma", "fibrolamellar",
    }  # fmt: skip


def test_a_look_with_a_source_says_more_than_one_without() -> None:
    for look in EV.looks.values():
        assert look.basis == "illustrative" or look.source
        assert "rim" in look.parts


def test_every_part_is_made_of_something_that_mri_and_pet_know() -> None:
    lines = (EV.folder / "lesions" / "matter.csv").read_text(encoding="utf-8").splitlines()
    rows = {(row["look"], row["part"]) for row in csv.DictReader(lines)}
    assert rows == {(key, part) for key, look in EV.looks.items() for part in look.parts}
    for look in EV.looks.values():
        for part in look.parts.values():
            assert part.tissue in EV.tissues["mri"]
            assert part.tissue in EV.tissues["pet"]
            assert look.family != "metastasis" or part.hepatocyte_pct == 0


@pytest.fixture
def written(copy: Path):
    """Writes the two tables into a small casesdata and returns the problems."""

    def problems(looks: str, parts: str) -> list[str]:
        (copy / "lesions").mkdir()
        (copy / "lesions" / "looks.csv").write_text(looks, encoding="utf-8")
        (copy / "lesions" / "parts.csv").write_text(parts, encoding="utf-8")
        try:
            assert evidence.load(copy).looks["cyst"].parts["rim"].unenhanced_hu == 6
        except EvidenceError as error:
            return [str(problem) for problem in error.problems]
        return []

    return problems


def test_sound_tables_are_read(written) -> None:
    assert written(HEAD + CYST, PARTS + RIM) == []


@pytest.mark.parametrize(
    ("looks", "parts", "words"),
    [
        (HEAD + CYST.replace("benign", "harmless"), PARTS + RIM, "cyst.family: found 'harmless', expected one of"),
        (HEAD + CYST.replace(",,,0,0,", ",stars,calcium,500,2,"), PARTS + RIM, "cyst.pattern: found 'stars'"),
        (HEAD + CYST.replace(",,,0,0,", ",rim,,0,0,"), PARTS + RIM, "half a deposit"),
        (HEAD + CYST.replace("0.015", "0.9"), PARTS + RIM, "cyst.lobulation: found 0.9, expected 0 to 0.15"),
        (HEAD + CYST.replace("illustrative,,", "published,,"), PARTS + RIM, "expected a key of references.bib"),
        (HEAD + CYST + CYST, PARTS + RIM, "the key again"),
        (HEAD + CYST, PARTS, "a header without rows"),
        (HEAD + CYST, PARTS + "cyst,inner,0.5,0,6,0,none\n", "no rim in parts.csv"),
        (HEAD + CYST, PARTS + RIM + RIM, "the part again"),
        (HEAD + CYST, PARTS + RIM.replace("rim,1", "rim,0.5"), "1 for the rim"),
        (HEAD + CYST, PARTS + RIM.replace("6", "nan"), "cyst.rim.unenhanced_hu: found 'nan', expected a finite number"),
        (HEAD + CYST, PARTS + RIM.replace("none", "later"), "cyst.rim.kinetics: found 'later'"),
        (HEAD + CYST, PARTS + RIM + "cist,rim,1,0,6,0,none\n", "did you mean cyst?"),
        (HEAD + CYST, PARTS + RIM + "cyst,inner,0.3,0,6,0,none\ncyst,centre,0.5,0,6,0,none\n", "a centre larger"),
        (HEAD.replace("note", "remark") + CYST, PARTS + RIM, "remark: found an unknown column"),
    ],
)
def test_damage_is_found(written, looks: str, parts: str, words: str) -> None:
    assert any(words in problem for problem in written(looks, parts))


def test_a_case_may_only_use_a_look_there_is(copy: Path) -> None:
    path = copy / "cases" / "gist_imatinib.yaml"
    content = path.read_text(encoding="utf-8")
    path.write_text(content.replace("    vascular: hyper", "    look: gits\n    vascular: hyper", 1), encoding="utf-8")
    with pytest.raises(EvidenceError, match="the look gits"):
        evidence.load(copy)
