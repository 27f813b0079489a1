"""Lesson 03, pseudocirrhosis: scar, nodules and diffuse tumour make a treated liver look like cirrhosis, and fail."""

from liverlab.lessons.pseudocirrhosis.page import open_lesson, self_check
from liverlab.lessons.pseudocirrhosis.patient import simulate

__all__ = ["open_lesson", "self_check", "simulate"]
