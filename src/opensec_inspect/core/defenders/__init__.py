"""Defenders for models that act in text."""
