"""Write the published numbers and what the models give into docs/models.md: `python tools/write_vectors.py`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "models.md"
BEGIN, END = "<!-- vectors: begin (python tools/write_vectors.py) -->", "<!-- vectors: end -->"


def _cell(value: float | str) -> str:
    # Four digits: enough to see a difference, few enough to be the same on every platform.
    return value if isinstance(value, str) else f"{value:.4g}"


def _table(page: str, fields: dict) -> str:
    old = dict(line.split("|", 2)[1:] for line in page.splitlines() if line.startswith("| ") and line.count("|") == 7)
    lines = []
    for title, vectors in fields.items():
        lines += [f"### {title}", "", "| | what | expected | source | got | tolerance |", "|---|---|---|---|---|---|"]
        for vector in vectors:
            if vector.reference and not (ROOT.parent / "shared" / "reference").is_dir():
                # Without the public data beside the project the row stays as it was last written.
                lines.append(f"|{f' {vector.id} '}|{old.get(f' {vector.id} ', '')}")
                continue
            cells = (vector.id, vector.what, _cell(vector.expected), vector.source, _cell(vector.got()),
                     _cell(vector.tolerance) if vector.tolerance else "exact")  # fmt: skip
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def with_table(page: str, fields: dict) -> str:
    """The page with its table made anew."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n\n{_table(page, fields)}\n{END}{rest.split(END)[1]}"


def main() -> None:
    sys.path.insert(0, str(ROOT / "tests"))
    from vectors import all_vectors

    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), all_vectors()), encoding="utf-8")


if __name__ == "__main__":
    main()
