"""What a page of app mode shows of a notebook, and what it knows of the lessons. Runs inside Voilà's server."""

import functools
import re

from nbconvert.preprocessors import Preprocessor
from voila.exporter import VoilaMarkdownRenderer

from liverlab import evidence
from liverlab.app.app_documents import with_page_links

HIDDEN_TAG = "self-check"
# What only makes sense before a notebook has run: how to run it, and the picture that stands in for its page.
_BEFORE_THE_RUN = re.compile(r"\*\*To start:\*\*|!\[[^\]]*\]\([^)]*\)\Z")


class LessonCells(Preprocessor):
    """Leaves out the self-check with its heading, and how to run the notebook: in app mode it has run.

    Links to documents lead to their pages.
    """

    enabled = True

    def preprocess(self, notebook, resources):
        kept = []
        for cell in notebook.cells:
            if HIDDEN_TAG in cell.metadata.get("tags", []):
                if kept and kept[-1].cell_type == "markdown":
                    kept.pop()
                continue
            if cell.cell_type == "markdown" and not kept:
                cell.source = without_start(cell.source)
            if cell.cell_type == "markdown":
                cell.source = with_page_links(cell.source, resources.get("base_url", "/"))
            kept.append(cell)
        notebook.cells = kept
        return notebook, resources


class Text(VoilaMarkdownRenderer):
    """Markdown whose pictures stay files of the server.

    Voilà 0.5.13 puts them into the page, and fails where the server reads its files asynchronously, as Jupyter does.
    """

    def image(self, text, url, title=None):
        return super(VoilaMarkdownRenderer, self).image(text, url, title)


def without_start(source: str) -> str:
    """The text of a notebook's first cell without picture and without how to start."""
    return "\n\n".join(part for part in source.split("\n\n") if not _BEFORE_THE_RUN.match(part.strip()))


@functools.cache
def _lessons() -> tuple[dict[str, str], ...]:
    return tuple(
        {"id": id_, "title": lesson["title"], "idea": lesson["idea"], "minutes": f"{lesson['minutes']:g}"}
        for id_, lesson in evidence.load().lessons.items()
    )


def add_lessons(page_config: dict, **_) -> dict:
    """Voilà's hook for every page: the lessons for the front page, and formulas from Voilà's own files."""
    # Without these two Voilà inside a Jupyter server fetches MathJax from another machine.
    page_config.update(liverlab=list(_lessons()), fullMathjaxUrl=None, mathjaxConfig=None)
    return page_config
