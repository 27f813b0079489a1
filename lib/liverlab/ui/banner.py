"""The banner that says what failed and how to go on; a callback error never leaves a frozen page."""

from __future__ import annotations

from html import escape

from liverlab.ui import theme
from liverlab.ui.browser import CopyButton
from liverlab.ui.page import Page, PageError


class ErrorBanner:
    """Hidden until an error; gone after the next change that works."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._text = theme.html("")
        self.reset_button = theme.button(
            "Reset", "Back to how the page opened", page.run(lambda _: page.reset(), "reset")
        )
        self.undo_button = theme.button("Undo", "Take back the last step", page.run(lambda _: page.undo(), "undo"))
        self.copy_code = CopyButton(label="Copy scenario code")
        self.copy_details = CopyButton(label="Copy details")
        tools = (self.reset_button, self.undo_button, self.copy_code, self.copy_details)
        self.widget = theme.box(
            self._text, theme.box(*tools, classes=("lp-tools",), row=True), classes=("liverlab", "lp-banner")
        )
        page.on_error(self.show)
        self.show(page.errors[-1] if page.errors else None)

    def show(self, error: PageError | None) -> None:
        """Show an error, or hide the banner."""
        theme.show(self.widget, error is not None)
        if error is None:
            self._text.value = ""
            return
        self._text.value = (
            f'<div role="alert"><p><b>{escape(error.sentence)}</b></p>'
            "<p>Reset or Undo brings the page back. Your answers are kept.</p>"
            f'<p>Scenario code: <code class="lp-code">{escape(error.code)}</code></p></div>'
        )
        self.copy_code.text = error.code
        self.copy_details.text = f"{error.sentence}\nScenario code: {error.code}\n\n{error.details}"
        self.undo_button.disabled = not self.page.can_undo
