"""Lesson 05, sinusoidal metastasis: a liver that fails within days, and nothing to measure."""

from liverlab.lessons.sinusoidal_metastasis.page import key_numbers, open_lesson, self_check
from liverlab.lessons.sinusoidal_metastasis.patient import simulate

__all__ = ["key_numbers", "open_lesson", "self_check", "simulate"]
