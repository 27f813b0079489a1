"""Small pictures in a page: grey or colour arrays as PNG inside HTML, without any library for images."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from liverlab.ui.viewer.config import COLOURS


def grey(values: np.ndarray, window: Mapping[str, Any]) -> np.ndarray:
    """Values (H, W) as uint8 grey, for a window of a series: `window_hu` wide about `level_hu`."""
    low, width = window["level_hu"] - window["window_hu"] / 2, window["window_hu"]
    return (np.clip((values - low) / width, 0, 1) * 255).astype(np.uint8)


def coloured(levels: np.ndarray, colours: str | Sequence[Sequence[int]]) -> np.ndarray:
    """Grey levels (H, W) uint8 as (H, W, 3) uint8 in a colour table of the viewer or given stops."""
    stops = np.array(COLOURS[colours] if isinstance(colours, str) else colours, float)
    at = np.linspace(0, 255, len(stops))
    table = np.stack([np.interp(np.arange(256), at, stops[:, k]) for k in range(3)], axis=-1)
    return table.astype(np.uint8)[levels]


def png(picture: np.ndarray) -> bytes:
    """PNG of a uint8 picture: (H, W) grey or (H, W, 3) colour. ValueError for another."""
    picture = np.ascontiguousarray(picture)
    if picture.dtype != np.uint8 or picture.ndim not in (2, 3) or (picture.ndim == 3 and picture.shape[2] != 3):
        raise ValueError(f"picture is {picture.dtype} of shape {picture.shape}; it must be uint8 (H, W) or (H, W, 3).")
    height, width = picture.shape[:2]
    rows = np.zeros((height, 1 + picture[0].size), np.uint8)  # every row begins with its filter, 0
    rows[:, 1:] = picture.reshape(height, -1)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0 if picture.ndim == 2 else 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 6)) + chunk(b"IEND", b"")


def source(picture: np.ndarray) -> str:
    """The `src` of an `<img>` that holds the picture."""
    return "data:image/png;base64," + base64.b64encode(png(picture)).decode("ascii")
