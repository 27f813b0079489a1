"""Lesson 05, sinusoidal metastasis: a liver that fails within days, and nothing to measure."""

from liverlab.lessons.sinusoidal_metastasis.page import open_lesson, self_check
from liverlab.lessons.sinusoidal_metastasis.patient import simulate

__all__ = ["open_lesson", "self_check", "simulate"]
