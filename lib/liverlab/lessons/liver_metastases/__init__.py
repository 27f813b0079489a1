"""Lesson 01, the overview: what liver metastases are, how they show, and what that decides."""

from liverlab.lessons.liver_metastases.page import open_lesson
from liverlab.lessons.liver_metastases.patient import simulate
from liverlab.lessons.liver_metastases.summary import key_numbers, self_check

__all__ = ["key_numbers", "open_lesson", "self_check", "simulate"]
