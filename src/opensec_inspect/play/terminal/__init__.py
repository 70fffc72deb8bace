"""A case at a terminal. Needs the extra `play`."""
