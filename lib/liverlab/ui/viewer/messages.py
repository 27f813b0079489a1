"""What travels between the viewer and the browser: checks, row cropping, arrays to raw buffers. No widgets here."""

import json
from collections.abc import Mapping, Sequence

import numpy as np

_DTYPES = {"float64": "f8", "float32": "f4", "int16": "i2", "int32": "i4", "uint8": "u1"}


def pack_pictures(pictures: Sequence[Mapping], versions: Mapping[str, object], crop: Sequence[float]):
    """Picture records and their raw buffers.

    Each picture is ``{"pane", "visit", "slice", "matrix", "hu"}`` with ``pane`` the name of its series and ``hu`` an
    int16 array (matrix, matrix): HU, or counts of the series' own unit.
    Only the rows inside ``crop`` (top and bottom as fractions of the rows) travel: no view ever shows the others.
    ``versions`` maps each series to the version its pictures belong to. Raises ValueError for a wrong pane or array.
    """
    records, buffers = [], []
    for picture in pictures:
        pane, matrix, hu = picture["pane"], int(picture["matrix"]), np.asarray(picture["hu"])
        if pane not in versions:
            raise ValueError(f"pane must be one of {sorted(versions)}, got {pane!r}.")
        if hu.dtype != np.int16 or hu.shape != (matrix, matrix):
            raise ValueError(
                f"hu of pane {pane!r} must be an int16 array of shape ({matrix}, {matrix}), "
                f"got {hu.dtype} of shape {hu.shape}."
            )
        first_row, end_row = int(np.floor(crop[0] * matrix)), int(np.ceil(crop[1] * matrix))
        rows = np.ascontiguousarray(hu[first_row:end_row])
        records.append(
            {
                "pane": pane,
                "visit": int(picture["visit"]),
                "slice": int(picture["slice"]),
                "matrix": matrix,
                "row0": first_row,
                "rows": rows.shape[0],
                "version": versions[pane],
                "buffer": len(buffers),
            }
        )
        buffers.append(memoryview(rows).cast("B"))
    return records, buffers


def pack_arrays(node, buffers: list):
    """A copy of a figure in which every numpy array is a reference into ``buffers`` (appended to in place)."""
    if node is None or type(node) in (str, int, float, bool):
        return node  # most of a figure; asked first, since what follows is slow to ask
    if isinstance(node, np.ndarray):
        if node.ndim != 1 or node.dtype.name not in _DTYPES:
            return node.tolist()
        buffers.append(memoryview(np.ascontiguousarray(node)).cast("B"))
        return {"$buffer": len(buffers) - 1, "dtype": _DTYPES[node.dtype.name]}
    if isinstance(node, np.generic):
        return node.item()
    if isinstance(node, Mapping):
        return {key: pack_arrays(value, buffers) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [pack_arrays(value, buffers) for value in node]
    return node


def size_bytes(content: Mapping, buffers: Sequence) -> int:
    """Bytes a message puts on the wire, but for the envelope Jupyter adds."""
    return len(json.dumps(content)) + sum(buffer.nbytes for buffer in buffers)


def checked_frame(frame: Mapping, panes: Sequence[str], slice_count: int) -> dict:
    """A copy of the frame with every pane's version filled in. ValueError says what is missing or out of range."""
    frame = dict(frame)
    for key in ("version", "slice", "visit", "panes"):
        if key not in frame:
            raise ValueError(f"frame must have the key {key!r}; it has {sorted(frame)}.")
    if sorted(frame["panes"]) != sorted(panes):
        raise ValueError(f"frame panes must be {sorted(panes)}, got {sorted(frame['panes'])}.")
    if not 0 <= frame["slice"] < slice_count:
        raise ValueError(f"frame slice must be 0 to {slice_count - 1}, got {frame['slice']}.")
    frame["panes"] = {name: {"version": frame["version"], **info} for name, info in frame["panes"].items()}
    for name, info in frame["panes"].items():
        if "visit" not in info:
            raise ValueError(f"frame pane {name!r} must have the key 'visit'; it has {sorted(info)}.")
    frame["visits"] = [{"label": visit} if isinstance(visit, str) else dict(visit) for visit in frame.get("visits", ())]
    return frame


PLANES = ("axial", "coronal", "sagittal")
NOTE_KEYS = ("id", "pane", "plane", "slice", "x_mm", "y_mm", "z_mm", "text_at", "text")


def checked_notes(notes: Sequence[Mapping], series: Sequence[str]) -> list[dict]:
    """Copies of the notes. ValueError says which key of which note is missing, or what it must be."""
    checked = []
    for note in notes:
        for key in NOTE_KEYS:
            if key not in note:
                raise ValueError(f"a note must have the key {key!r}; it has {sorted(note)}.")
        if note["pane"] not in series:
            raise ValueError(f"pane of note {note['id']!r} must be one of {', '.join(series)}, got {note['pane']!r}.")
        if note["plane"] not in PLANES:
            raise ValueError(f"plane of note {note['id']!r} must be one of {', '.join(PLANES)}, got {note['plane']!r}.")
        checked.append(dict(note))
    return checked
