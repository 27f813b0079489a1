"""Outlines and pictures of livers whose roughness is known; for tests."""

import numpy as np


def rough_arc(rms_mm, wave_mm, length_mm=120.0, step_mm=0.7, phase=0.3, semi_mm=(105.0, 75.0)):
    """x, y (mm) along the front of an ellipse with a sinusoid on it, and the mean distance of that sinusoid (mm)."""
    turn = np.linspace(np.pi, 2 * np.pi, 8001)
    x, y = semi_mm[0] * np.cos(turn), semi_mm[1] * np.sin(turn)
    way = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    at = way[-1] / 2 + np.arange(-length_mm / 2, length_mm / 2 + step_mm / 2, step_mm)
    height = rms_mm * np.sqrt(2) * np.sin(2 * np.pi * at / wave_mm + phase)
    x, y = np.interp(at, way, x), np.interp(at, way, y)
    along = np.stack([np.gradient(x), np.gradient(y)]) / np.hypot(np.gradient(x), np.gradient(y))
    return x + height * along[1], y - height * along[0], float(np.abs(height).mean())


def picture(rms_mm, wave_mm=14.0, noise_hu=0.0, seed=0, pixel_mm=0.7, size=512, blur_mm=0.65):
    """Liver of 105 HU in fat of -100 HU with a wavy edge, its mask, and the waves' mean height (mm)."""
    row, column = np.mgrid[:size, :size]
    x, y = (column - size / 2) * pixel_mm, (row - size / 2) * pixel_mm
    turn = np.arctan2(y, x)
    edge = 105.0 * 75.0 / np.hypot(75.0 * np.cos(turn), 105.0 * np.sin(turn))
    waves = round(2 * np.pi * 88.0 / wave_mm)
    height = rms_mm * np.sqrt(2) * np.sin(waves * turn + seed)
    away = np.hypot(x, y) - edge - height
    hu = -100.0 + 205.0 * (0.5 - 0.5 * np.tanh(away / (1.2 * blur_mm)))
    random = np.random.default_rng(seed)
    grain = random.standard_normal((size, size))
    # Neighbours share noise as on a scanner: a 3 x 3 mean, scaled back to the wanted SD.
    grain = sum(np.roll(grain, (i, j), (0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)) / 3
    return hu + noise_hu * grain, away < 0, float(np.abs(height).mean())
