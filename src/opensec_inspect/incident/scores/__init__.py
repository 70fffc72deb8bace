"""Judgements over the new episode, pure: what was known, what was worth what, and how it was acted."""
