"""Class codes: what goes in comes out, damage is noticed, nothing personal is in them."""

import copy as copying
import inspect
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from liverlab import evidence
from liverlab.evidence import class_code
from liverlab.evidence.class_code import CONFIDENCE_IDS, TYPED, ClassCodeError, decode, encode, fields, rounded
from liverlab.evidence.code_letters import ALPHABET, name_tag

EV = evidence.load()
LESSON = EV.lessons["02_pseudoprogression"]
GALLERY = {
    "question": "What is it?",
    "steps": [{"id": "mri", "label": "MRI"}],
    "names": [{"id": "cyst", "text": "Cyst"}, {"id": "metastasis", "text": "Metastasis"}],
    "features": [{"id": "rim", "text": "Rim"}, {"id": "fluid", "text": "Fluid"}],
    "items": [{"id": id_, "history": "A man.", "name": "cyst", "best": ["mri"]} for id_ in ("one", "two")],
}
OTHER = {**LESSON, "id": "01_other", "gallery": GALLERY}
LESSONS = {LESSON["id"]: LESSON, OTHER["id"]: OTHER}

numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**12), 10**12)


@st.composite
def answers(draw, lesson=LESSON):
    """Entries as a page may hold them: some items answered, some parts missing."""
    entries = {}
    for field in fields(lesson):
        value = draw(numbers if TYPED in field.values else st.sampled_from(field.values))
        if value is not None and draw(st.booleans()):
            entries.setdefault(field.key, {"time": draw(st.floats(1e9, 2e9))})[field.part] = value
    return entries


def said(entries):
    """What a code has to give back of entries."""
    kept = {}
    for key, entry in entries.items():
        for part, value in entry.items():
            if part != "time":
                number = part == "answer" and isinstance(value, int | float)
                kept.setdefault(key, {})[part] = rounded(value) if number else value
    return kept


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
@given(data=st.data())
def test_what_goes_in_comes_out(lesson, data):
    entries = data.draw(answers(lesson))
    found = decode(encode(lesson, entries), LESSONS)
    assert found.lesson == lesson["id"]
    assert found.entries == said(entries)


@given(entries=answers())
def test_as_a_person_types_it(entries):
    code = encode(LESSON, entries)
    typed = f"  lc1{code[3:].lower().replace('-', '–').replace('1', 'l').replace('0', 'o')} "
    assert decode(typed, LESSONS) == decode(code, LESSONS)


@given(entries=answers(), data=st.data())
def test_one_wrong_missing_or_swapped_character_is_noticed(entries, data):
    code = encode(LESSON, entries)
    place = data.draw(st.integers(4, len(code) - 2))
    assume(code[place] != "-")
    letter = data.draw(st.sampled_from(ALPHABET))
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    damaged = data.draw(st.sampled_from([code[:place] + letter + code[place + 1 :], code[:place] + code[place + 1 :]]))
    for text in (damaged, swapped):
        if text.replace("-", "") != code.replace("-", ""):
            with pytest.raises(ClassCodeError, match="damaged"):
                decode(text, LESSONS)


@given(st.text(max_size=60) | st.text(alphabet=ALPHABET + "-", max_size=60).map("LC1-{}".format))
def test_any_text_is_a_code_or_one_sentence(text):
    with pytest.raises(ClassCodeError) as refused:
        decode(text, LESSONS)
    assert "class code" in str(refused.value)
    assert "\n" not in str(refused.value)


@given(entries=answers(), name=st.text(min_size=4, max_size=20))
def test_nothing_a_learner_wrote_and_no_id_is_in_it(entries, name):
    """Words, ids and whatever a page may add to an entry change nothing of the code."""
    told = copying.deepcopy(entries) | {"note": {"answer": name}, "explore": {"answer": name}}
    for entry in told.values():
        entry |= {"learner": name, "tests": name, "scenario": name}
    plain = {key: {**entry, "time": 0.0} for key, entry in entries.items()}
    same = {key: {**entry, "time": 0.0} for key, entry in told.items() if key in entries}
    assert encode(LESSON, plain) == encode(LESSON, same)
    assert decode(encode(LESSON, told), LESSONS).entries == said(entries)
    assert "learner" not in inspect.signature(encode).parameters


@pytest.mark.parametrize("typed", [4915112345678.0, 1234567.0, 20241177.5])
def test_a_number_is_too_short_to_be_somebody(typed):
    entries = {"quiz:rose": {"answer": typed, "correct": False, "time": 1.0}}
    kept = decode(encode(LESSON, entries), LESSONS).entries["quiz:rose"]["answer"]
    assert len(f"{kept:.0f}".rstrip("0")) <= 4
    assert kept == pytest.approx(min(typed, 1e9), rel=1e-3)


def test_what_the_lesson_does_not_ask_any_longer_is_left_out():
    entries = {
        "predict": {"answer": "an old option", "confidence": "certain", "time": 1.0},
        "quiz:old": {"answer": "a", "time": 1.0},
        "quiz:rose": {"answer": float("nan"), "correct": "yes", "attempts": 7, "time": 1.0},
    }
    found = decode(encode(LESSON, entries), LESSONS).entries
    assert found == {"predict": {"confidence": "certain"}, "quiz:rose": {"attempts": 2}}


def test_a_foreign_code_says_why():
    code = encode(OTHER, {})
    with pytest.raises(ClassCodeError, match="a lesson that this liverlab does not have"):
        decode(code, EV.lessons)
    changed = copying.deepcopy(LESSON)
    changed["quiz"][0]["options"].pop()
    with pytest.raises(ClassCodeError, match="other questions of lesson 02_pseudoprogression"):
        decode(encode(LESSON, {}), {LESSON["id"]: changed})
    with pytest.raises(ClassCodeError, match="version 2, this liverlab reads version 1: update liverlab"):
        decode(encode(LESSON, {}).replace("LC1", "LC2"), LESSONS)
    with pytest.raises(ClassCodeError, match="not a class code"):
        decode(evidence.Scenario("gist_imatinib").code(), LESSONS)


def test_new_words_of_a_question_leave_old_codes_valid():
    changed = copying.deepcopy(LESSON)
    changed["quiz"][0]["text"] = "Asked in another way?"
    code = encode(LESSON, {"predict": {"answer": "less", "time": 1.0}})
    assert decode(code, {LESSON["id"]: changed}).entries == {"predict": {"answer": "less"}}


def test_learners_with_like_answers_have_codes_of_their_own_that_do_not_change():
    one, two = ({"predict": {"answer": "less", "confidence": "certain", "time": time}} for time in (1e9, 1e9 + 0.1))
    assert encode(LESSON, one) == encode(LESSON, one)
    assert encode(LESSON, one) != encode(LESSON, two)
    assert decode(encode(LESSON, one), LESSONS).entries == decode(encode(LESSON, two), LESSONS).entries


@pytest.mark.parametrize("id_", EV.lessons)
def test_a_code_can_be_typed_from_paper(id_):
    """A lesson of questions alone takes some 40 characters; a gallery adds two for every item."""
    lesson = EV.lessons[id_]
    items = len(lesson["gallery"].get("items", ()))
    full = {f.key: {"time": 1.0} for f in fields(lesson)}
    for field in fields(lesson):
        full[field.key][field.part] = 1234.0 if TYPED in field.values else field.values[-1]
    code = encode(lesson, full)
    assert len(code) <= 60 + 4 * items
    assert re.fullmatch(rf"LC1(-[{ALPHABET}]{{1,5}})+", code)


def test_no_two_lessons_share_a_tag():
    assert len({name_tag(id_) for id_ in EV.lessons}) == len(EV.lessons)
    assert class_code.PREFIX == "LC1"
    assert len(CONFIDENCE_IDS) == 3
