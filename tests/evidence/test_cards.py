"""Cards for a week later (docs/teaching/cards): Anki can read them, and every number is the one of its source."""

import csv
import io
import re

import pytest

from liverlab import evidence
from liverlab.evidence import cards
from liverlab.imaging import calcium
from liverlab.lessons.calcified_metastasis.patient import RULE_KVP
from liverlab.reading import choi

EV = evidence.load()
FILES = cards.files()
SOURCE = re.compile(r" \[([a-z0-9_, ]+)\]\.?$")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
NAMES = re.compile(r"RECIST 1\.1|the 130 HU rule")  # names that hold a figure
INVENTED = {"one liver lesion of 9 mm"}  # patients of a front, made up


def published(series, value, **row):
    """(value, source) of the one row of casesdata/series/<series>.csv that has these cells."""
    (found,) = (one for one in EV.series(series) if all(one[key] == wanted for key, wanted in row.items()))
    return found[value], found["source"]


def finding(quantity, **row):
    return published("pseudocirrhosis", "value", quantity=quantity, **row)


def calcified(key):
    return published("calcification_frequency", "percent", key=key)


def detected(counted, modality):
    return published("detection", "sensitivity_pct", study="Tsili 2020", counted=counted, modality=modality)


def registry(quantity, cell="value"):
    return published("liver_failure_registry", cell, group="US registry", quantity=quantity)


# Words of a card with its numbers -> (value, source) of each of them, in their order.
FACTS = {
    "01_liver_metastases": {
        "Patients 96 against 87 %": [detected("patient", "PET/CT"), detected("patient", "CT")],
        "lesions 62 against 84 %": [detected("lesion", "PET/CT"), detected("lesion", "CT")],
        "Up to 15 mm": [published("small_lesions", "largest_mm", study="Jones 1992")],
        "51 % of the patients": [published("small_lesions", "benign_pct", study="Jones 1992", counted="patients")],
        "78 % of the lesions": [published("small_lesions", "benign_pct", study="Jang 2002", counted="lesions")],
        "20 % of a healthy liver": [published("remnant_limits", "limit_pct", liver="Healthy")],
        "30 % after much chemotherapy": [published("remnant_limits", "limit_pct", liver="After much chemotherapy")],
        "40 % with cirrhosis": [published("remnant_limits", "limit_pct", liver="Cirrhosis")],
        "biopsies colorectal leads (35 %)": [
            published("origins", "share_pct", counted="Biopsies, 2016", primary="Colorectum")
        ],
        "lung is just ahead (25 against 24 %)": [
            published("origins", "share_pct", counted="Registry, 2010 to 2016", primary=primary)
            for primary in ("Lung", "Colorectum")
        ],
    },
    "02_pseudoprogression": {
        "10 % less in size": [(choi.PR_SIZE_FALL_PCT, "choi2007")],
        "15 % less in attenuation": [(choi.PR_HU_FALL_PCT, "choi2007")],
    },
    "03_pseudocirrhosis": {
        "Ascites in 81 %": [finding("ascites", cohort="breast120")],
        "varices in 57 %": [finding("varices", cohort="breast120")],
        "of 120 women": [published("pseudocirrhosis", "patients", cohort="breast120", quantity="ascites")],
        "Median 7.9 months": [finding("median_survival", cohort="breast120")],
        "3.2 months in another": [finding("median_survival", cohort="breast44")],
    },
    "04_calcified_metastasis": {
        "at 120 kV": [published("calcium_rule", "value", quantity="tube_voltage_kv")],
        "10.5 %, 24 % and 28 %": [calcified("crc_xu"), calcified("crc_cetuximab"), calcified("crc_ottawa")],
        "Some 10 to 30 %": [(10, "xu2010"), (30, "easson1996")],  # the least and the most, to the next ten: see below
    },
    "05_sinusoidal_metastasis": {
        "about 3.6 against 0.5 in other failure": [
            published("liver_failure_registry", "value", quantity="ldh_over_alt", group=group)
            for group in ("Small cell failure", "Other failure")
        ],
        "89 % of 27": [registry("dead_3_weeks_pct"), registry("dead_3_weeks_pct", "patients")],
    },
}


def rows(lesson):
    return list(csv.reader(FILES[lesson].read_text(encoding="utf-8").splitlines()[len(cards.HEAD) :]))


def keys_of(back):
    found = SOURCE.search(back)
    return {key.strip() for key in found[1].split(",")} if found else set()


def agrees(value, written):
    digits = len(written.partition(".")[2])
    return f"{float(value):.{digits}f}" == written


def unsupported(front, back, facts):
    """What a card says in numbers without a fact behind it, or against the fact, or without naming its source."""
    said, keys = f"{front} {SOURCE.sub('.', back)}", keys_of(back)
    wrong = []
    for words, values in facts.items():
        if words not in said:
            continue
        said = said.replace(words, "")
        for written, (value, source) in zip(NUMBER.findall(words), values, strict=True):
            if not agrees(value, written) or source not in keys:
                wrong.append((words, value, source))
    for words in INVENTED:
        said = said.replace(words, "")
    return wrong + NUMBER.findall(NAMES.sub("", said))


def test_every_lesson_has_its_cards():
    assert list(FILES) == sorted(EV.lessons) == list(FACTS)


@pytest.mark.parametrize("lesson", FILES)
def test_anki_can_read_the_file_and_a_card_is_short(lesson):
    assert FILES[lesson].read_text(encoding="utf-8").splitlines()[: len(cards.HEAD)] == list(cards.HEAD)
    assert len(rows(lesson)) >= 8
    for front, back, tags in rows(lesson):
        assert 10 <= len(front) <= 160, front
        assert 5 <= len(back) <= 300, back
        assert tags == f"liverlab {lesson}"
        assert "<" not in front + back
    assert len({front for front, _, _ in rows(lesson)}) == len(rows(lesson))


@pytest.mark.parametrize("lesson", FILES)
def test_every_number_is_that_of_the_source_it_names(lesson):
    text = "\n".join(" ".join(row) for row in rows(lesson))
    assert [words for words in FACTS[lesson] if words not in text] == [], "facts that no card tells"
    for front, back, _ in rows(lesson):
        assert keys_of(back) <= set(EV.reference_keys), back
        assert unsupported(front, back, FACTS[lesson]) == [], front


def test_what_cards_say_in_words_holds():
    shares = [calcified(key)[0] for key in ("crc_xu", "crc_cetuximab", "crc_ottawa")]
    assert [round(share, -1) for share in (min(shares), max(shares))] == [10, 30]
    assert 1 / 12 < 1 - registry("dead_3_weeks_pct")[0] / 100 < 1 / 8  # about one in ten lived
    assert calcified("breast")[0] == "", "no percentage was found"
    assert published("calcium_rule", "value", quantity="threshold_hu")[0] == calcium.CALCIUM_HU
    assert published("calcium_rule", "value", quantity="tube_voltage_kv")[0] == RULE_KVP


def test_a_number_without_a_source_or_against_it_would_be_noticed():
    facts = {"In 81 %": [(80.8, "he2025")]}
    assert unsupported("How often?", "In 81 % [he2025].", facts) == []
    assert unsupported("How often?", "In 81 % [choi2007].", facts) == [("In 81 %", 80.8, "he2025")]
    assert unsupported("How often?", "In 81 % [he2025].", {"In 81 %": [(82, "he2025")]}) != []
    assert unsupported("How often?", "RECIST 1.1 in 30 % of them.", facts) == ["30"]


def test_all_cards_are_one_deck_with_one_head():
    text = cards.deck()
    assert text.count(cards.HEAD[0]) == 1
    listed = list(csv.reader(io.StringIO(text)))[len(cards.HEAD) :]
    assert [row[0] for row in listed] == [row[0] for lesson in FILES for row in rows(lesson)]
    for lesson in FILES:
        assert cards.deck(lesson) == FILES[lesson].read_text(encoding="utf-8")
    with pytest.raises(KeyError, match="no cards of '09_other'"):
        cards.deck("09_other")
