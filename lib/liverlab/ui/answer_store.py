"""Where answers lie on disk: one small JSON file per learner, merged by newest, never half written.

File: ``LIVERLAB_HOME/answers/<learner>.json``; the default home is ``~/.liverlab``.
Entry: lesson -> key -> {"answer", "confidence", "correct", "attempts", "time", ...}; ``time`` is seconds since 1970.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SCHEMA = 1
LEARNER_PATTERN = re.compile(r"[0-9a-f]{16}")
LOCK_WAIT_S = 1.0
LOCK_STALE_S = 5.0
Entries = dict[str, dict[str, dict[str, Any]]]


class CannotKeepError(OSError):
    """Answers cannot be written; the message is one sentence for the learner."""


def home() -> Path:
    """Folder of everything liverlab keeps for its user."""
    return Path(os.environ.get("LIVERLAB_HOME") or Path.home() / ".liverlab")


def checked_learner(learner: str) -> str:
    """The id itself if it is one a browser of ours makes (16 hexadecimal digits); it becomes a file name."""
    if not isinstance(learner, str) or not LEARNER_PATTERN.fullmatch(learner):
        raise ValueError(f"learner id {str(learner)[:40]!r} must be 16 hexadecimal digits")
    return learner


def merged(one: Mapping, other: Mapping) -> Entries:
    """Both sets of entries; where both answer the same key the newer stays (``other`` on a tie)."""
    result: Entries = {lesson: dict(keys) for lesson, keys in one.items()}
    for lesson, keys in other.items():
        held = result.setdefault(lesson, {})
        for key, entry in keys.items():
            if key not in held or entry["time"] >= held[key]["time"]:
                held[key] = entry
    return result


class AnswerStore:
    """Reads and writes the answers of one learner at a time."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (home() if folder is None else Path(folder)) / "answers"
        self.set_aside: Path | None = None  # where a file that could not be read was moved

    def path(self, learner: str) -> Path:
        """File of a learner."""
        return self.folder / f"{checked_learner(learner)}.json"

    def load(self, learner: str) -> Entries:
        """Answers on disk, empty where there are none; a damaged file is moved aside, not lost."""
        path = self.path(learner)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        except UnicodeDecodeError:
            return self._put_aside(path)
        except OSError as error:
            raise CannotKeepError(f"Your answers in {path} cannot be read ({error.strerror}).") from error
        try:
            return _entries(json.loads(text))
        except (ValueError, TypeError, KeyError, AttributeError):
            return self._put_aside(path)

    def add(self, learner: str, entries: Mapping) -> Entries:
        """Merge entries into the file and return what it then holds."""
        path = self.path(learner)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._locked(path):
                everything = merged(self.load(learner), entries)
                _write_atomically(path, json.dumps({"schema": SCHEMA, "learner": learner, "answers": everything}))
        except OSError as error:
            reason = error.strerror or str(error)
            raise CannotKeepError(f"Your answers cannot be saved in {self.folder} ({reason}).") from error
        return everything

    def delete(self, learner: str) -> None:
        """Remove a learner's file."""
        try:
            self.path(learner).unlink(missing_ok=True)
        except OSError as error:
            raise CannotKeepError(f"Your answers in {self.folder} cannot be deleted ({error.strerror}).") from error

    def _put_aside(self, path: Path) -> Entries:
        aside = path.with_suffix(f".damaged-{time.time_ns()}.json")
        with contextlib.suppress(OSError):
            path.replace(aside)
            self.set_aside = aside
        return {}

    @contextlib.contextmanager
    def _locked(self, path: Path) -> Iterator[None]:
        """Hold ``path.lock``; a lock of a kernel that died is taken over, and after a second we go on without."""
        lock, give_up, mine = path.with_suffix(".lock"), time.monotonic() + LOCK_WAIT_S, False
        while not mine and time.monotonic() < give_up:
            try:
                os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
                mine = True
            except FileExistsError:
                with contextlib.suppress(OSError):
                    if time.time() - lock.stat().st_mtime > LOCK_STALE_S:
                        lock.unlink()
                        continue
                time.sleep(0.01)
        try:
            yield
        finally:
            if mine:
                with contextlib.suppress(OSError):
                    lock.unlink()


def _entries(document: Any) -> Entries:
    """The entries of a file, refused as a whole if any is not what we write."""
    if document["schema"] != SCHEMA:
        raise ValueError(f"answers file has schema {document['schema']!r}, expected {SCHEMA}")
    answers = document["answers"]
    for keys in answers.values():
        for entry in keys.values():
            float(entry["time"])
    return answers


def _write_atomically(path: Path, text: str) -> None:
    """Write beside the file and move into place: whoever reads sees the old file or the new one, never half."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
