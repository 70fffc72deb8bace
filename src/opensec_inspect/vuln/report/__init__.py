"""Logs of the vulnerability family: read, summarised, and pairs of models compared."""
