"""One episode, told and drawn."""
