"""PNG files: what another program reads is what was written."""

import io

import numpy as np
import pytest
from PIL import Image

from liverlab.imaging import png


@pytest.mark.parametrize("shape", [(7, 5), (1, 1), (64, 33, 3)])
def test_another_program_reads_the_same_picture(shape):
    picture = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    read = Image.open(io.BytesIO(png.encode(picture, "SIMULATED")))
    assert np.array_equal(np.asarray(read), picture)
    assert read.mode == ("L" if len(shape) == 2 else "RGB")
    assert read.text == {"Comment": "SIMULATED"}


def test_a_window_runs_from_black_to_white():
    grey = png.windowed([[-1024, 5, 80, 155, 3071]], 150, 80)
    assert grey.tolist() == [[0, 0, 128, 255, 255]]
    levels = png.windowed(np.arange(5, 156), 150, 80)
    assert (np.diff(levels.astype(int)) >= 0).all()


@pytest.mark.parametrize(
    ("hu", "window", "level", "words"),
    [
        ([[np.nan]], 150, 80, "hu holds"),
        ([[0]], 0, 80, "window_hu is 0"),
        ([[0]], -10, 80, "window_hu is -10"),
        ([[0]], 150, np.nan, "level_hu is nan"),
    ],
)
def test_bad_windows_are_refused(hu, window, level, words):
    with pytest.raises(ValueError, match=words):
        png.windowed(hu, window, level)


@pytest.mark.parametrize("picture", [np.zeros((3, 3)), np.zeros((0, 3), np.uint8), np.zeros((3, 3, 2), np.uint8)])
def test_pictures_that_are_none_are_refused(picture):
    with pytest.raises(ValueError, match="picture is"):
        png.encode(picture)
