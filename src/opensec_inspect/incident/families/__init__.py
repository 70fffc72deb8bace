"""The alert families: one module each, from facts to truth."""
