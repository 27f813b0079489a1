"""The documents that notebooks point to, as pages of app mode: made once, when its settings are written.

They lie among the static files of our templates, which Voilà serves alone and inside a Jupyter server, behind any
prefix. A link to a file that is no such page becomes plain text: it would lead nowhere.
"""

import posixpath
import re
import shutil
import sys
from html import escape
from pathlib import Path

import mistune

from liverlab.evidence.locate import PACKAGE, data_folder

SERVED_AT = "voila/templates/liverlab/static/docs"  # below the server's base_url
_LINK = re.compile(r"\]\(\.\./(?:docs/)?([\w./-]+)\.md(#[\w-]+)?\)")
_SHELL = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{up}../liverlab.css">
</head>
<body>
<header class="la-bar">
<a href="{up}../../../../tree">← All lessons</a>
<span>Simulation for teaching, not for clinical use</span>
</header>
<main class="la-page la-document">
{body}</main>
</body>
</html>
"""


def sources() -> dict[str, Path]:
    """Address below `SERVED_AT`, without ending -> Markdown file: docs/, and what casesdata says about itself."""
    found = {"casesdata/README": data_folder() / "README.md"}
    for root in (PACKAGE.parents[1], Path.cwd()):  # a clone, or an installed package beside the clone that is built
        if (root / "docs" / "models.md").is_file():
            docs = root / "docs"
            found |= {path.relative_to(docs).with_suffix("").as_posix(): path for path in docs.rglob("*.md")}
            break
    return found


def write_documents(static: Path) -> None:
    """Write every document as a page into the folder `static` of our templates, with the pictures it shows."""
    known = sources()
    for address, source in known.items():
        place = static / "docs" / f"{address}.html"
        place.parent.mkdir(parents=True, exist_ok=True)
        renderer = _Document(address, known)
        body = mistune.create_markdown(renderer=renderer, plugins=["table"])(source.read_text(encoding="utf-8"))
        up = "../" * address.count("/")
        place.write_text(_SHELL.format(title=escape(renderer.title or address), up=up, body=body), encoding="utf-8")
        for picture in renderer.pictures:
            copied = place.parent / picture
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source.parent / picture, copied)


def with_page_links(source: str, base_url: str) -> str:
    """Markdown of a notebook whose links to our documents (`../docs/models.md`) lead to their pages."""
    return _LINK.sub(lambda found: f"]({base_url}{SERVED_AT}/{found[1]}.html{found[2] or ''})", source)


def _slug(text: str) -> str:
    """The id that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", re.sub(r"<[^>]+>", "", text).lower()).strip().replace(" ", "-")


class _Document(mistune.HTMLRenderer):
    """HTML of one document; remembers its title and the pictures it needs."""

    def __init__(self, address: str, known: dict[str, Path]) -> None:
        super().__init__(escape=True)
        self._folder, self._known = posixpath.dirname(address), known
        self.title, self.pictures = "", []
        self._heading, self._tables = "", 0

    def heading(self, text: str, level: int, **_) -> str:
        self._heading = re.sub(r"<[^>]+>", "", text)
        self.title = self.title or self._heading
        return f'<h{level} id="{_slug(text)}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        path, mark, anchor = url.partition("#")
        if not path or "://" in path:
            return super().link(text, url, title)
        target = posixpath.normpath(posixpath.join("docs", self._folder, path)).removeprefix("docs/")
        target = target.removesuffix(".md")
        if not path.endswith(".md") or target not in self._known:
            return text
        return super().link(text, posixpath.relpath(f"{target}.html", self._folder or ".") + mark + anchor, title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if "://" not in url:
            self.pictures.append(url)
        return super().image(text, url, title)

    def table(self, text: str) -> str:
        self._tables += 1
        name = f"Table {self._tables}: {self._heading}"
        scrolls = f'class="la-scroll" tabindex="0" role="region" aria-label="{name}"'
        return f"<div {scrolls}>\n<table>\n{text}</table>\n</div>\n"

    def block_code(self, code: str, info: str | None = None) -> str:
        return f'<pre tabindex="0"><code>{escape(code)}</code></pre>\n'


def write_switch(static: Path) -> None:
    """Projector mode for pages that have no kernel, or none yet."""
    shutil.copyfile(PACKAGE / "ui" / "projector.js", static / "projector.js")


if __name__ == "__main__":
    write_switch(Path(sys.argv[1]))
    write_documents(Path(sys.argv[1]))
