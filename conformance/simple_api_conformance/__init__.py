"""Checks a Python package index against the Simple API, from outside, by its URL."""

__version__ = "0.1.0"
