"""references.bib: a cheap look at which keys exist, and the full text of one reference where a page asks for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from liverlab.evidence.problems import Report, did_you_mean

# A line that opens an entry. Values of fields never start a line with '@' in our file (checked below).
ENTRY = re.compile(r"^\s*@(\w+)\s*\{\s*([^,\s}]*)\s*(,?)", re.MULTILINE)
KINDS = ("article", "book", "inbook", "incollection", "inproceedings", "misc", "phdthesis", "techreport")


class Reference(NamedTuple):
    """A source as shown to a learner. `doi` and `url` are '' where there is none; `note` says what is unverified."""

    key: str
    text: str
    doi: str
    url: str
    note: str = ""


def scan_keys(path: Path, report: Report) -> dict[str, int]:
    """Keys of references.bib with their lines, without parsing the entries (bibtexparser costs a tenth of a second)."""
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        report.add(0, "", f"no readable file ({type(error).__name__})", "a BibTeX file saved as UTF-8")
        return {}
    found: dict[str, int] = {}
    for match in ENTRY.finditer(content):
        kind, key, comma = match.groups()
        line = content.count("\n", 0, match.start(1)) + 1
        if kind.lower() not in KINDS:
            report.add(line, key, f"@{kind}", did_you_mean(kind.lower(), KINDS))
        elif not key or not comma:
            report.add(line, key, f"@{kind}{{{key}", "a key and a comma: @article{choi2007,")
        elif key in found:
            report.add(line, key, f"the key again (first on line {found[key]})", "each key once")
        else:
            found[key] = line
    if content.count("{") != content.count("}"):
        opened, closed = content.count("{"), content.count("}")
        report.add(0, "", f"{opened} opening and {closed} closing braces", "as many closing as opening braces")
    return found


def read_references(path: Path) -> dict[str, Reference]:
    """Every entry of references.bib as key -> Reference."""
    import bibtexparser  # not on the way to the first picture

    library = bibtexparser.parse_string(path.read_text(encoding="utf-8"))
    return {entry.key: _reference(entry) for entry in library.entries}


def _reference(entry) -> Reference:
    fields = {name.lower(): " ".join(field.value.split()) for name, field in entry.fields_dict.items()}

    def get(name: str) -> str:
        return fields.get(name, "").replace("{", "").replace("}", "")

    parts = [_authors(get("author")), get("title"), _place(get)]
    doi = get("doi")
    url = get("url") or (f"https://doi.org/{doi}" if doi else "")
    return Reference(entry.key, ". ".join(part.rstrip(".") for part in parts if part) + ".", doi, url, get("note"))


def _authors(field: str) -> str:
    """Up to three names, then `et al.`"""
    names = [name.strip() for name in field.split(" and ") if name.strip()]
    if len(names) > 3 or "others" in names:
        return f"{', '.join(name for name in names[:3] if name != 'others')} et al"
    return ", ".join(names)


def _place(get: Callable[[str], str]) -> str:
    """Journal year;volume:pages, or book, publisher, year, pages."""
    pages = get("pages").replace("--", "-")
    if get("journal"):
        issue = ":".join(part for part in (get("volume"), pages) if part)
        return ";".join(part for part in (f"{get('journal')} {get('year')}".strip(), issue) if part)
    book = f"In: {get('booktitle')}" if get("booktitle") else ""
    pages = f"p. {pages}" if pages else ""
    return ", ".join(part for part in (book, get("publisher"), get("howpublished"), get("year"), pages) if part)
