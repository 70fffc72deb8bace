"""The evidence database, and one open episode over it."""
