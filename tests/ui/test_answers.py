"""Answers: kept, merged, exported, deleted; nothing lost when the disk or the browser misbehaves."""

import csv
import io
import json
import os
import threading

import pytest

from liverlab.ui.answer_store import AnswerStore, CannotKeepError, home, merged
from liverlab.ui.answers import Answers, AnswersBar

ME, OTHER = "0123456789abcdef", "fedcba9876543210"


class Ticks:
    now = 1000.0

    def __call__(self):
        self.now += 1
        return self.now


@pytest.fixture
def answers(tmp_path):
    return Answers(tmp_path, clock=Ticks())


def known(answers, learner=ME):
    answers.browser.learner_id = learner
    return answers


def test_home_is_what_the_environment_says(tmp_path, monkeypatch):
    assert home() == tmp_path / "home"
    monkeypatch.delenv("LIVERLAB_HOME")
    monkeypatch.setattr("pathlib.Path.home", lambda: tmp_path)
    assert home() == tmp_path / ".liverlab"


def test_answers_come_back_for_the_same_learner_only(answers, tmp_path):
    known(answers).record("lesson", "predict", answer="less", confidence="certain", attempts=1)
    again = known(Answers(tmp_path))
    assert again.get("lesson", "predict")["answer"] == "less"
    assert again.get("lesson", "quiz:x") is None
    assert known(Answers(tmp_path), OTHER).count == 0


def test_on_a_hub_answers_follow_the_account_to_any_browser(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "ann@clinic")
    here = Answers(tmp_path)
    assert here.learner == here.browser.account != ""
    here.record("lesson", "predict", answer="less")
    assert Answers(tmp_path).get("lesson", "predict")["answer"] == "less", "no browser has spoken yet"
    # "New learner" holds in this browser, which says so when the page comes again.
    here.new_learner()
    assert known(Answers(tmp_path), here.learner).count == 0
    monkeypatch.setenv("JUPYTERHUB_USER", "ben@clinic")
    assert Answers(tmp_path).count == 0
    monkeypatch.delenv("JUPYTERHUB_USER")
    assert Answers(tmp_path).browser.account == Answers(tmp_path).learner == ""


def test_answers_given_before_the_browser_spoke_are_kept(answers, tmp_path):
    answers.record("lesson", "predict", answer="less")
    assert not (tmp_path / "answers").exists()
    known(answers)
    assert known(Answers(tmp_path)).get("lesson", "predict")["answer"] == "less"


def test_two_tabs_merge_by_newest(answers, tmp_path):
    clock = Ticks()
    one, two = known(Answers(tmp_path, clock)), known(Answers(tmp_path, clock))
    one.record("lesson", "a", answer="old")
    two.record("lesson", "b", answer="b")
    two.record("lesson", "a", answer="new")
    one.record("lesson", "c", answer="c")
    assert {key: entry["answer"] for key, entry in one.of_lesson("lesson").items()} == {"a": "new", "b": "b", "c": "c"}


def test_merging_keeps_the_newer_whatever_the_order():
    old, new = {"l": {"k": {"answer": 1, "time": 1}}}, {"l": {"k": {"answer": 2, "time": 2}}}
    assert merged(old, new) == merged(new, old) == new
    assert old["l"]["k"]["answer"] == 1, "merging changes neither"


def test_tabs_writing_at_the_same_time_lose_nothing(tmp_path):
    stores = [AnswerStore(tmp_path) for _ in range(4)]

    def write(number):
        for step in range(10):
            stores[number].add(ME, {"l": {f"{number}-{step}": {"answer": step, "time": step}}})

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(AnswerStore(tmp_path).load(ME)["l"]) == 40
    assert sorted(path.name for path in (tmp_path / "answers").iterdir()) == [f"{ME}.json"], "no temporary file is left"


def test_a_lock_of_a_dead_kernel_does_not_stop_us(tmp_path):
    store = AnswerStore(tmp_path)
    store.add(ME, {})
    lock = store.path(ME).with_suffix(".lock")
    lock.touch()
    os.utime(lock, (1, 1))
    store.add(ME, {"l": {"k": {"answer": 1, "time": 1}}})
    assert store.load(ME)["l"]["k"]["answer"] == 1
    assert not lock.exists()


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]", '{"schema": 99, "answers": {}}', '{"schema": 1, "answers": {"l": {"k": {}}}}', "\x00\xff"],
)
def test_a_damaged_file_is_set_aside_and_the_page_says_so(tmp_path, damage):
    path = AnswerStore(tmp_path).path(ME)
    path.parent.mkdir()
    path.write_bytes(damage.encode("latin-1"))
    answers = known(Answers(tmp_path))
    answers.record("lesson", "a", answer="x")
    assert answers.store.set_aside.read_bytes() == damage.encode("latin-1"), "nothing is lost"
    assert "set aside" in answers.notice
    assert known(Answers(tmp_path)).get("lesson", "a")["answer"] == "x"


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    store = AnswerStore(tmp_path)
    store.add(ME, {"l": {"k": {"answer": "old", "time": 1}}})

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("liverlab.ui.answer_store.os.fsync", full_disk)
    with pytest.raises(CannotKeepError, match=r"cannot be saved in .*No space left on device"):
        store.add(ME, {"l": {"k": {"answer": "new", "time": 2}}})
    monkeypatch.undo()
    assert store.load(ME)["l"]["k"]["answer"] == "old"
    assert [path.name for path in store.folder.iterdir()] == [f"{ME}.json"]


def test_where_nothing_can_be_written_answers_live_in_memory_with_a_notice(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    answers = known(Answers(blocked))
    answers.record("lesson", "a", answer="x")
    assert answers.get("lesson", "a")["answer"] == "x"
    assert "cannot be saved" in answers.notice
    assert "only while this page runs" in answers.notice


def test_binder_says_that_answers_vanish(answers, monkeypatch):
    assert known(answers).notice == ""
    monkeypatch.setenv("BINDER_SERVICE_HOST", "10.0.0.1")
    assert "vanish" in answers.notice


@pytest.mark.parametrize(
    "bad", ["../../etc/passwd", "0123", "0123456789ABCDEF", "0123456789abcde/", "x" * 16, "a" * 17]
)
def test_a_learner_id_that_is_not_ours_is_refused(answers, tmp_path, bad):
    answers.record("lesson", "a", answer="x")
    answers.browser.learner_id = bad
    assert answers.learner == ""
    assert "unusable id" in answers.notice
    assert not (tmp_path / "answers").exists()
    with pytest.raises(ValueError, match="16 hexadecimal"):
        answers.store.path(bad)


def test_csv_has_a_row_per_answer_and_no_formulas(answers):
    known(answers).record("lesson", "a", answer="=1+1", confidence="certain", correct=True, attempts=2)
    answers.record("lesson", "b", answer=-4.8, correct=False)
    rows = list(csv.DictReader(io.StringIO(answers.csv().removeprefix("\ufeff"))))
    assert [row["key"] for row in rows] == ["a", "b"]
    assert rows[0]["answer"] == "'=1+1"
    assert rows[1]["answer"] == "-4.8"
    assert rows[0]["time_utc"].startswith("1970-01-01T00:16:41")


def test_new_learner_starts_empty_and_the_old_answers_stay(answers, tmp_path):
    known(answers).record("lesson", "a", answer="x")
    answers.new_learner()
    assert answers.count == 0
    assert answers.learner != ME
    assert known(Answers(tmp_path)).count == 1


def test_new_learner_without_a_browser_does_not_inherit(answers):
    answers.record("lesson", "a", answer="x")
    answers.new_learner()
    assert answers.count == 0


def test_delete_asks_first(answers, tmp_path):
    bar = AnswersBar(known(answers))
    answers.record("lesson", "a", answer="x")
    bar.delete_button.click()
    assert "Delete 1 answer " in bar._text.value
    bar.no_button.click()
    assert answers.count == 1
    bar.delete_button.click()
    bar.yes_button.click()
    assert answers.count == 0
    assert not (tmp_path / "answers" / f"{ME}.json").exists()


def test_deleted_answers_do_not_come_back_from_another_tab(tmp_path):
    clock = Ticks()
    one, two = known(Answers(tmp_path, clock)), known(Answers(tmp_path, clock))
    one.record("lesson", "a", answer="x")
    two.delete_mine()
    one.record("lesson", "b", answer="y")
    assert list(one.of_lesson("lesson")) == ["b"]


def test_listeners_hear_of_every_change(answers):
    heard = []
    answers.subscribe(lambda: heard.append(answers.count))
    answers.record("lesson", "a", answer="x")
    known(answers)
    answers.delete_mine()
    assert heard == [1, 1, 0]


def test_export_travels_only_when_asked(answers, monkeypatch):
    bar = AnswersBar(known(answers))
    sent = []
    monkeypatch.setattr(bar.export_button, "send", sent.append)
    bar.export_button._answer(None, {"type": "other"}, [])
    assert sent == []
    bar.export_button._answer(None, {"type": "make"}, [])
    assert sent[0]["filename"].endswith(".csv")
    assert sent[0]["text"] == answers.csv()


def test_the_file_is_plain_json(answers, tmp_path):
    known(answers).record("lesson", "a", answer="x")
    document = json.loads((tmp_path / "answers" / f"{ME}.json").read_text())
    assert document["answers"]["lesson"]["a"]["answer"] == "x"


def test_an_answer_that_could_not_be_saved_goes_with_the_next(answers, tmp_path, monkeypatch):
    known(answers)

    def locked(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as broken:
        broken.setattr("liverlab.ui.answer_store.os.replace", locked)
        answers.record("lesson", "a", answer="x")
    assert "cannot be saved" in answers.notice
    answers.record("lesson", "b", answer="y")
    assert answers.notice == ""
    assert sorted(known(Answers(tmp_path)).of_lesson("lesson")) == ["a", "b"]
