"""plotly.js for the page, taken from the installed plotly wheel without importing plotly (that would cost seconds)."""

import contextlib
import gzip
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def plotly_js_path() -> Path:
    """Where the plotly wheel keeps ``plotly.min.js``; FileNotFoundError in one sentence if it is not there."""
    spec = find_spec("plotly")
    if spec is not None:
        for folder in spec.submodule_search_locations or ():
            path = Path(folder) / "package_data" / "plotly.min.js"
            if path.is_file():
                return path
    raise FileNotFoundError("plotly.min.js was not found: install the plotly package (it carries the file).")


_lock = threading.Lock()


@cache
def _compressed() -> bytes:
    return gzip.compress(plotly_js_path().read_bytes(), compresslevel=3, mtime=0)


def plotly_js_gzip() -> bytes:
    """plotly.min.js as gzip bytes (about 1.6 MB), compressed once per kernel."""
    with _lock:
        return _compressed()


def prepare() -> None:
    """Start compressing in the background, so that the kernel is not held up when the page asks for the file."""
    threading.Thread(target=_prepare, name="liverlab-plotly-gzip", daemon=True).start()


def _prepare() -> None:
    with contextlib.suppress(OSError):  # the page's request raises it again, where it can be shown
        plotly_js_gzip()
