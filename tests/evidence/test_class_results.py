"""A class from its codes: bad rows are told, good ones counted; shares are those a teacher would count by hand."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liverlab import evidence
from liverlab.evidence import class_results as results
from liverlab.evidence.class_code import encode

EV = evidence.load()
LESSON = EV.lessons["02_pseudoprogression"]
OTHER = {**LESSON, "id": "09_other"}
LESSONS = {LESSON["id"]: LESSON, OTHER["id"]: OTHER}


def learner(number, predicted="less", sure="certain", **quiz):
    """Entries of a learner; quiz: item -> (answer, confidence, first right, right in the end)."""
    entries = {"predict": {"answer": predicted, "confidence": sure, "time": float(number)}}
    for item, (answer, confidence, first, end) in quiz.items():
        entries[f"quiz:{item}"] = {
            "answer": answer,
            "confidence": confidence,
            "first_correct": first,
            "correct": end,
            "attempts": 1 if first == end else 2,
            "time": float(number),
        }
    return entries


CLASS = [
    learner(1, "less", "certain", new_spot=("equivocal", "certain", True, True), choi=("a", "guess", True, True)),
    learner(2, "more", "guess", new_spot=("pd", "certain", False, False), choi=("a", "fairly", False, True)),
    learner(3, "more", "certain", new_spot=("pd", "certain", False, False)),
]
CODES = [encode(LESSON, entries) for entries in CLASS]


@pytest.fixture
def collected():
    return results.collect("\n".join(CODES), LESSONS)


def test_bad_rows_are_told_by_their_number_and_the_others_used():
    foreign, damaged = encode(OTHER, CLASS[0]), CODES[1][:-1]
    text = "\n".join(["", f"  {CODES[0].lower()}  ", "   ", damaged, CODES[1], foreign, CODES[0], "Anna", CODES[2]])
    found = results.collect(text, LESSONS)
    assert found.lesson == LESSON["id"]
    assert list(found.answers) == [2, 5, 9]
    assert list(found.problems) == [4, 6, 7, 8]
    assert "damaged" in found.problems[4]
    assert "from lesson 09_other, not 02_pseudoprogression" in found.problems[6]
    assert "same as row 2: it counts once" in found.problems[7]
    assert "not a class code" in found.problems[8]


def test_nothing_to_read_is_no_error():
    assert results.collect(" \n\n", LESSONS) == results.Collected(None, {}, {})
    assert results.collect("x", LESSONS).lesson is None


@given(st.permutations(range(3)))
def test_the_order_of_the_codes_changes_nothing(order):
    one = results.collect("\n".join(CODES), LESSONS).answers.values()
    other = results.collect("\n".join(CODES[k] for k in order), LESSONS).answers.values()
    assert results.predictions(LESSON, one) == results.predictions(LESSON, other)
    assert results.calibration(one) == results.calibration(other)
    assert results.hardest(LESSON, one) == results.hardest(LESSON, other)


def test_predictions_and_the_quiz_afterwards(collected):
    rows = {row.option: row for row in results.predictions(LESSON, collected.answers.values())}
    assert list(rows) == [option["id"] for option in LESSON["predict"]["options"]]
    # Five quiz items: who predicted "more" had none right at first, and one of two times five in the end.
    assert rows["more"] == results.PredictionRow("more", 2, 1, 0.0, pytest.approx(0.1))
    assert rows["less"] == results.PredictionRow("less", 1, 1, pytest.approx(0.4), pytest.approx(0.4))
    assert rows["same"] == results.PredictionRow("same", 0, 0, None, None)


def test_who_did_not_predict_has_a_row_of_their_own():
    found = results.collect(encode(LESSON, {"quiz:choi": {"answer": "a", "correct": True, "time": 1.0}}), LESSONS)
    assert results.predictions(LESSON, found.answers.values())[-1].option is None


def test_calibration_counts_first_attempts_only(collected):
    rows = {row.confidence: (row.answers, row.right) for row in results.calibration(collected.answers.values())}
    assert rows == {"guess": (1, 1), "fairly": (0, 0), "certain": (3, 1)}


def test_the_hardest_comes_first_with_its_commonest_mistake(collected):
    rows = {row.key: row for row in results.hardest(LESSON, collected.answers.values())}
    assert list(rows)[:3] == ["question:threshold", "question:protocol", "question:swelling"], "nobody solved them"
    assert rows["quiz:new_spot"] == results.ItemRow("quiz:new_spot", 3, 1, 1, "pd", 2)
    assert rows["quiz:choi"] == results.ItemRow("quiz:choi", 2, 1, 2, None, 0)
    shares = [row.first / row.answered for row in rows.values() if row.answered]
    assert shares == sorted(shares)
    assert rows["mimic"].answered == 0
    assert list(rows)[-1] == "mimic" or rows[list(rows)[-1]].answered == 0


def test_the_table_has_every_answer_once(collected):
    rows = list(csv.DictReader(io.StringIO(results.table(collected).removeprefix("\ufeff"))))
    assert len(rows) == sum(len(entries) for entries in CLASS)
    assert {row["row"] for row in rows} == {"1", "2", "3"}
    (first,) = [row for row in rows if row["row"] == "2" and row["key"] == "quiz:new_spot"]
    assert (first["answer"], first["confidence"], first["correct"]) == ("pd", "certain", "False")


@pytest.mark.parametrize("id_", EV.lessons)
def test_an_invented_class_is_read_whole(id_):
    text = results.invented(EV.lessons[id_])
    found = results.collect(text, EV.lessons)
    assert (len(found.answers), found.problems, found.lesson) == (results.INVENTED_LEARNERS, {}, id_)
    assert text == results.invented(EV.lessons[id_])
    for row in results.hardest(EV.lessons[id_], found.answers.values()):
        assert row.first <= row.end <= row.answered
