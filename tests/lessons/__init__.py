"""Tests of the lessons: the page as a learner meets it, without a browser."""
