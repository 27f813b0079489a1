"""Rows of readings for the tests of the response criteria."""

import numpy as np


def rows_of(days=None, /, lesion="T1", **columns):
    """Rows of one lesion: each column is a list over visits (a day every 60 d) or one value for all of them."""
    visits = max((len(value) for value in columns.values() if isinstance(value, (list, tuple, np.ndarray))), default=1)
    days = [60 * k for k in range(visits)] if days is None else days
    each = {
        name: value if isinstance(value, (list, tuple, np.ndarray)) else [value] * visits
        for name, value in columns.items()
    }
    return [
        {"visit": k, "day": days[k], "lesion": lesion} | {name: value[k] for name, value in each.items()}
        for k in range(visits)
    ]


def is_one_sentence(refusal):
    """Whether the message of a raised ValueError is one sentence that names what is allowed."""
    text = str(refusal.value)
    return text.endswith(".") and "\n" not in text and ("allowed:" in text or "give at least" in text)
