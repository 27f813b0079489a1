"""Lesson 03, pseudocirrhosis: scar, nodules and diffuse tumour make a treated liver look like cirrhosis, and fail."""

from liverlab.lessons.pseudocirrhosis.page import key_numbers, open_lesson, self_check
from liverlab.lessons.pseudocirrhosis.patient import simulate

__all__ = ["key_numbers", "open_lesson", "self_check", "simulate"]
