"""Tests of lesson 03."""
