"""Lesson 02, pseudoprogression: loss of enhancement makes a responding lesion look new, larger or darker."""

from liverlab.lessons.pseudoprogression.page import key_numbers, open_lesson, self_check
from liverlab.lessons.pseudoprogression.patient import simulate

__all__ = ["key_numbers", "open_lesson", "self_check", "simulate"]
