"""Tests of the notebooks as files and as runs."""
