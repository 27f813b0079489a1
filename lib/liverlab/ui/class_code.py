"""The class code of the answers given so far: short text that a learner may give to the teacher."""

from __future__ import annotations

from liverlab.evidence.class_code import encode
from liverlab.ui import theme
from liverlab.ui.browser import CopyText
from liverlab.ui.page import Page

WHAT_IT_HOLDS = "For your teacher: your answers to this lesson and how sure you were. No name, no words of yours."


class ClassCode:
    """A line with the code and a button that copies it; it follows the answers."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.copy = CopyText(label="Class code")
        self._note = theme.html(f'<p class="lp-note">{WHAT_IT_HOLDS}</p>')
        self.widget = theme.section(self.copy, self._note, classes=("lp-class-code",))
        page.answers.subscribe(self.show)
        self.show()

    def show(self) -> None:
        """Bring the code up to date; before the first answer there is none."""
        entries = self.page.answers.of_lesson(self.page.id)
        theme.show(self.widget, bool(entries))
        self.copy.text = encode(self.page.lesson, entries) if entries else ""
