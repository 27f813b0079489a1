"""The learner's answers: kept per learner and lesson, exported, deleted, and shown again on the next visit."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from liverlab.ui import theme
from liverlab.ui.answer_store import AnswerStore, CannotKeepError, Entries, checked_learner, merged
from liverlab.ui.browser import DownloadButton, Learner

COLUMNS = ("lesson", "key", "answer", "confidence", "correct", "attempts", "time_utc")
BINDER_NOTICE = "This runs on Binder: your answers vanish when it stops. Export them before you leave."
MEMORY_NOTICE = "Your answers are kept only while this page runs. Export them before you leave."


class Answers:
    """Answers of the learner whose browser shows the page.

    Until a browser has said who is learning, and wherever nothing can be written, answers live in memory. On a
    JupyterHub the account says it, so that answers follow their learner from one computer to another.
    """

    def __init__(self, folder: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        self.store = AnswerStore(folder)
        account = os.environ.get("JUPYTERHUB_USER", "")
        self.browser = Learner(account=hashlib.sha256(account.encode()).hexdigest()[:16] if account else "")
        self.browser.observe(self._learner_known, "learner_id")
        self.problem = ""
        self._clock = clock
        self._learner = ""
        self._entries: Entries = {}
        self._unsaved: Entries = {}  # what could not be written; it goes with the next answer
        self._listeners: list[Callable[[], Any]] = []
        if account:
            self.browser.learner_id = self.browser.account

    @property
    def learner(self) -> str:
        """Id of the learner; empty until a browser has answered."""
        return self._learner

    @property
    def count(self) -> int:
        """How many answers this learner has given, in all lessons."""
        return sum(map(len, self._entries.values()))

    @property
    def notice(self) -> str:
        """What the learner must know about where the answers are; empty when they are safe."""
        notices = [self.problem] if self.problem else []
        if os.environ.get("BINDER_SERVICE_HOST"):
            notices.append(BINDER_NOTICE)
        elif self.problem:
            notices.append(MEMORY_NOTICE)
        if self.store.set_aside:
            notices.append(f"A damaged answers file was set aside as {self.store.set_aside}. Nothing was deleted.")
        return " ".join(notices)

    def record(self, lesson: str, key: str, **entry: Any) -> None:
        """Keep an answer; ``entry`` holds answer, confidence, correct, attempts as far as they apply."""
        stamped = {lesson: {key: entry | {"time": self._clock()}}}
        self._entries = merged(self._entries, stamped)
        if self._learner:
            self._keep(stamped)
        self._tell()

    def get(self, lesson: str, key: str) -> Mapping[str, Any] | None:
        """The newest answer of a key, or None."""
        return self._entries.get(lesson, {}).get(key)

    def of_lesson(self, lesson: str) -> Mapping[str, Mapping[str, Any]]:
        """Every answer of a lesson by key."""
        return dict(self._entries.get(lesson, {}))

    def subscribe(self, listener: Callable[[], Any]) -> None:
        """Call ``listener()`` whenever answers change: recorded, loaded, deleted, other learner."""
        self._listeners.append(listener)

    def csv(self) -> str:
        """All answers of the learner as CSV (comma, UTF-8 with mark, so that spreadsheets read it)."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for lesson, keys in sorted(self._entries.items()):
            for key, entry in sorted(keys.items()):
                when = datetime.fromtimestamp(entry["time"], UTC).isoformat(timespec="seconds")
                cells = (lesson, key, *(entry.get(name, "") for name in COLUMNS[2:-1]), when)
                writer.writerow([_cell(value) for value in cells])
        return "\ufeff" + text.getvalue()

    def new_learner(self) -> None:
        """Start afresh under a new id; the old answers stay on disk under the old one."""
        if not self._learner:
            self._entries = {}
        self.browser.learner_id = os.urandom(8).hex()

    def delete_mine(self) -> None:
        """Delete this learner's answers, on disk and here."""
        if self._learner:
            try:
                self.store.delete(self._learner)
            except CannotKeepError as error:
                self.problem = str(error)
        self._entries, self._unsaved = {}, {}
        self._tell()

    def _learner_known(self, change: Mapping[str, Any]) -> None:
        try:
            learner = checked_learner(change["new"])
        except ValueError as error:
            self.problem = f"Your browser sent an unusable id: {error}."
            self._tell()
            return
        # Answers given before the browser spoke belong to this learner; those of another learner do not.
        mine = {} if self._learner else self._entries
        self._learner, self._entries, self._unsaved, self.problem = learner, mine, {}, ""
        if mine:
            self._keep(mine)
        else:
            self._load()
        self._tell()

    def _load(self) -> None:
        try:
            self._entries = self.store.load(self._learner)
        except CannotKeepError as error:
            self.problem = str(error)

    def _keep(self, entries: Entries) -> None:
        self._unsaved = merged(self._unsaved, entries)
        try:
            # What is on disk now, not what we remember: another tab may have answered or deleted.
            self._entries = self.store.add(self._learner, self._unsaved)
            self._unsaved, self.problem = {}, ""
        except CannotKeepError as error:
            self.problem = str(error)

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()


def _cell(value: Any) -> Any:
    """A cell no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


class AnswersBar:
    """Notice, export, new learner, delete (asked twice)."""

    def __init__(self, answers: Answers, guard: Callable[..., Any] = lambda callback, *_: callback) -> None:
        self.answers = answers
        self.export_button = DownloadButton("Export my answers (CSV)", lambda: ("liverlab-answers.csv", answers.csv()))
        self.new_button = theme.button("New learner", "Start with no answers; the old ones are kept under the old id")
        self.delete_button = theme.button("Delete my answers", "Asks once more before it deletes")
        self.yes_button = theme.button("Yes, delete", "Delete all answers of this learner")
        self.no_button = theme.button("Keep them", "Delete nothing")
        self._text = theme.html("", "lp-message")
        self._sure = theme.box(self.yes_button, self.no_button, classes=("lp-tools",), row=True)
        self._asking = False
        self.new_button.on_click(guard(lambda _: answers.new_learner(), "start a new learner"))
        self.delete_button.on_click(guard(lambda _: self._ask(True), "ask"))
        self.no_button.on_click(guard(lambda _: self._ask(False), "keep your answers"))
        self.yes_button.on_click(guard(self._delete, "delete your answers"))
        buttons = theme.box(self.export_button, self.new_button, self.delete_button, classes=("lp-tools",), row=True)
        self.widget = theme.section(answers.browser, self._text, buttons, self._sure, classes=("lp-answers",))
        answers.subscribe(self.show)
        self.show()

    def show(self) -> None:
        """Bring notice, count and the second question up to date."""
        count = self.answers.count
        if self._asking:
            text = f"Delete {count} answer{'' if count == 1 else 's'} of this learner, in every lesson?"
        elif self.answers.notice:
            text = self.answers.notice
        else:
            text = f"{count} answer{'' if count == 1 else 's'} saved."
        role = "alert" if self._asking or self.answers.notice else "status"
        self._text.value = f'<p class="lp-note" role="{role}">{html.escape(text)}</p>'
        theme.show(self._sure, self._asking)

    def _ask(self, asking: bool) -> None:
        self._asking = asking
        self.show()

    def _delete(self, _: Any) -> None:
        self._asking = False
        self.answers.delete_mine()
