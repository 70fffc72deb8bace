"""Rendered rows in their places: the evidence of every step, the database over it, one open episode."""
