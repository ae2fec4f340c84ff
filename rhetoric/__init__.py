"""Measure how leaders talk at launch events: from recordings to evidence."""

__version__ = "0.1.0"
