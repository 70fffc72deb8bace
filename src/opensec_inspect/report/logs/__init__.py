"""Logs read as records."""
