"""What the response criteria say of a liver full of tumour in which there is no lesion: nothing.

RECIST 1.1 measures lesions of at least 10 mm. Disease that cannot be measured may be recorded as non-target; it then
progresses only where it has become unequivocally worse (Eisenhauer 2009). Choi needs a lesion too.
"""

from __future__ import annotations

import numpy as np

from liverlab.reading import codes, recist

UNSEEN, NON_TARGET = "nobody names it", "recorded as non-target"


def verdicts(visit: int) -> list[dict[str, str]]:
    """Verdict rows at a visit (0 is the baseline) for a reader who sees no lesion, and for one who records diffuse
    disease as non-target: criterion, call, reason, reading. Raises ValueError for a visit below 0."""
    if visit < 0:
        raise ValueError(f"visit is {visit}; it must be at least 0.")
    recorded = recist.time_points(np.zeros(visit + 2), non_target="non-CR/non-PD").overall[-1]
    blind = (
        "no lesion of 10 mm, so there is nothing to follow. As non-target the disease stays where it is until the "
        "picture is unequivocally worse. Choi needs a lesion too."
    )
    return [
        {"criterion": "RECIST 1.1", "call": "NE", "reason": blind, "reading": UNSEEN},
        {"criterion": "RECIST 1.1", "call": codes.label(recorded), "reason": "", "reading": NON_TARGET},
    ]
