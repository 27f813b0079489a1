"""Lesson 01, the overview: what liver metastases are, how they show, and what that decides."""

from liverlab.lessons.liver_metastases.page import open_lesson, self_check
from liverlab.lessons.liver_metastases.patient import simulate

__all__ = ["open_lesson", "self_check", "simulate"]
