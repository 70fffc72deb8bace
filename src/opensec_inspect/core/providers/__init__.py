"""Models that run without a key."""
