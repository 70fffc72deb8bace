"""Metrics over records, and comparisons."""
