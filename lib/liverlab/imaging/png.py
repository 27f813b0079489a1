"""A slice as a PNG picture, for handouts and tools; no library needed.

PNG: ISO/IEC 15948, https://www.w3.org/TR/png.
"""

import struct
import zlib

import numpy as np

from liverlab.disease.checks import number

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB = 0, 2


def windowed(hu, window_hu, level_hu):
    """Grey levels, uint8 of hu's shape, of HU under a window: black at level - window / 2, white at level + window / 2.

    Raises ValueError for HU that are not finite, a window that is not above 0 or a level that is not finite.
    """
    window_hu, level_hu = number("window_hu", window_hu, 0, above=True), number("level_hu", level_hu, -np.inf)
    hu = np.asarray(hu, np.float32)
    if not np.isfinite(hu).all():
        raise ValueError("hu holds a value that is not a number; it must be finite.")
    return np.rint(np.clip((hu - level_hu) / window_hu + 0.5, 0, 1) * 255).astype(np.uint8)


def encode(picture, text=""):
    """PNG file of a picture as bytes: uint8, (rows, columns) grey or (rows, columns, 3) red, green, blue.

    text : a comment kept in the file. Raises ValueError for another type or shape.
    """
    picture = np.asarray(picture)
    if picture.dtype != np.uint8 or picture.size == 0 or not (picture.ndim == 2 or picture.shape[2:] == (3,)):
        raise ValueError(
            f"picture is {picture.dtype} of shape {picture.shape}; it must be uint8 of shape (rows, columns) or "
            "(rows, columns, 3)."
        )
    rows, columns = picture.shape[:2]
    colour = _GREY if picture.ndim == 2 else _RGB
    lines = np.zeros((rows, 1 + picture[0].size), np.uint8)  # each line is led by its filter: 0, none
    lines[:, 1:] = picture.reshape(rows, -1)
    comment = _chunk(b"tEXt", b"Comment\0" + text.encode("latin-1", "replace")) if text else b""
    return (
        _SIGNATURE
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, colour, 0, 0, 0))
        + comment
        + _chunk(b"IDAT", zlib.compress(lines.tobytes(), 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
