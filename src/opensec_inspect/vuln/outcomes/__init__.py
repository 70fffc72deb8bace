"""Outcomes of an episode, each decided apart from the others. Pure, given the runs that judging took."""
