"""Words for numbers: the live text description says exactly what the state holds."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from liverlab.ui import theme

MINUS = "−"
UNITS = "%|mm|cm|mL|HU|d|s|kV|g/kg"
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def quantity(value: float, unit: str = "", digits: int = 0, signed: bool = False) -> str:
    """A number with its unit, real minus sign, no "−0"; ``signed`` writes a plus too (for changes).

    >>> quantity(-32.4, "%", signed=True)
    '−32 %'
    """
    if not math.isfinite(value):
        raise ValueError(f"value {value} must be a finite number")
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    elif signed and value > 0:
        text = f"+{text}"
    return f"{text.replace('-', MINUS)} {unit}".strip()


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """A count in words up to nine: "no lesions", "one lesion", "12 lesions"."""
    words = _SMALL[count] if 0 <= count < len(_SMALL) else str(count)
    return f"{words} {noun if count == 1 else plural or f'{noun}s'}"


def listing(items: Sequence[str], empty: str = "none") -> str:
    """Items with commas and "and"."""
    items = list(items)
    if len(items) < 2:
        return items[0] if items else empty
    return f"{', '.join(items[:-1])} and {items[-1]}"


def sentences(parts: Iterable[str]) -> str:
    """Parts as sentences: first letter large, one full stop each, empty ones left out."""
    made = []
    for part in parts:
        text = part.strip()
        if text:
            made.append(text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else "."))
    return " ".join(made)


def change(before: float, after: float, unit: str = "", digits: int = 0) -> str:
    """ "from 40 mm to 36 mm (−10 %)"; the per cent value is left out where nothing was there before."""
    text = f"from {quantity(before, unit, digits)} to {quantity(after, unit, digits)}"
    return text if before == 0 else f"{text} ({quantity(100 * (after - before) / abs(before), '%', 0, signed=True)})"


def typeset(text: str) -> str:
    """The same text with real minus signs, and units that stay on the line of their number."""
    minus = re.sub(r"(?<![\w.)-])-(?=\d)", MINUS, text)
    return re.sub(rf"(\d) ({UNITS})(?!\w)", "\\1\N{NO-BREAK SPACE}\\2", minus)


def numbers(text: str) -> list[float]:
    """Every number written in a text, as floats; tests compare them with the state."""
    return [float(found.replace(MINUS, "-")) for found in re.findall(rf"(?<![\w.])[{MINUS}+-]?\d+(?:\.\d+)?", text)]


class LiveText:
    """The description under the picture; a screen reader reads it after a change, and not at each step of a drag."""

    def __init__(self, text: str = "") -> None:
        self.shown = theme.html("", "lp-live")
        self.widget = theme.box(self.shown, classes=("liverlab",))
        self.text = text

    @property
    def text(self) -> str:
        """The plain text shown."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        self._text = text
        self.shown.value = f'<p class="lp-live-text" aria-live="polite">{theme.escape(text)}</p>'


def live_text(text: str = "") -> LiveText:
    """A live text description; set ``.text``."""
    return LiveText(text)
