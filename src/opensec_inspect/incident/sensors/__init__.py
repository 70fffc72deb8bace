"""One pure renderer per source: facts in, rows out. Nothing else writes rows."""
