"""Pure judgements of an episode."""
