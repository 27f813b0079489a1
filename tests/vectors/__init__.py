"""Published and computed numbers the models must give: one module a field, each with a list VECTORS.

`tests/vectors/test_vectors.py` checks every one; `python tools/write_vectors.py` writes them into docs/models.md.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"


@dataclass(frozen=True)
class Vector:
    """One number (or word) with where it stands, and the call that must give it.

    id: short name, unique, of the dossier where it has one ("T1a"); what: the question, with its inputs and unit;
    expected: the published or computed answer; source: who says so (author year, or "computed: how"); got: no
    arguments -> the model's answer; tolerance: largest accepted |got - expected|, in the unit of the answer (0: exact);
    reference: True if `got` reads the public data in ../shared/reference, which is not part of the project.
    """

    id: str
    what: str
    expected: float | str
    source: str
    got: Callable[[], float | str]
    tolerance: float = 0.0
    reference: bool = False

    def holds(self, answer: float | str) -> bool:
        """Whether an answer is the expected one, within the tolerance."""
        if isinstance(self.expected, str):
            return answer == self.expected
        return abs(answer - self.expected) <= self.tolerance + 1e-12


def all_vectors() -> dict[str, list[Vector]]:
    """Title of each field (first line of its module's docstring) -> its vectors, in the order of the file names."""
    found = {}
    for module in sorted(info.name for info in pkgutil.iter_modules([str(Path(__file__).parent)])):
        if not module.startswith(("test_", "_")):
            loaded = importlib.import_module(f"{__name__}.{module}")
            found[loaded.__doc__.splitlines()[0].rstrip(".")] = loaded.VECTORS
    return found
