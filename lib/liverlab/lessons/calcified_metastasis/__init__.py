"""Lesson 04, calcified metastasis: bright is iodine or calcium, calcium is not death, and it fools what reads HU."""

from liverlab.lessons.calcified_metastasis.page import key_numbers, open_lesson, self_check
from liverlab.lessons.calcified_metastasis.patient import simulate

__all__ = ["key_numbers", "open_lesson", "self_check", "simulate"]
